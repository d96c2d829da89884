// SPDX-License-Identifier: MIT
#include "engine/worker.h"

#include "engine/lease_renewal.h"
#include "ledger/leases.h"
#include "ledger/ledger_thread.h"
#include "ledger/living_owners.h"
#include "ledger/queries.h"
#include "ledger/reconciliation.h"

#include <QCoroFuture>

// What a worker does while its lanes run: keep its leases, notice those of the dead, hear of wishes.

namespace ingather::engine
{

using core::ErrorCode;
using core::Result;

namespace
{

constexpr int watchesBetweenIdleClaims = 4; ///< a due backoff and a dead owner are seen within a second

} // namespace

/// Owners whose process is gone give their leases up at once instead of after their time.
QCoro::Task<void> Worker::lookForDeadOwners()
{
    auto query = m_shared.reader.post<QStringList>(
        [](ledger::Session &session) { return ledger::knownOwners(session); });
    Result<QStringList> owners = co_await query;
    if (!owners)
        co_return;
    ledger::ClaimRequest dead;
    dead.ttl = m_shared.settings.leaseTtl;
    dead.deadOwners = ledger::deadAmong(*owners);
    if (dead.deadOwners.isEmpty())
        co_return;
    auto freed = m_shared.writer.post<void>([dead](ledger::Session &session) -> Result<> {
        if (const auto leases = ledger::freeLostLeases(session, dead); !leases)
            return leases.error();
        return ledger::forgetOwners(session, dead.deadOwners);
    });
    if (Result<> outcome = co_await freed; !outcome)
        report(outcome.error());
    else
        Q_EMIT deadOwnersFound();
}

QCoro::Task<void> Worker::renewLeases()
{
    if (m_isStopping)
        co_return;
    const InFlight inFlight(*this);
    if (m_runs.isEmpty())
        co_return;
    LeaseRenewal renewal;
    for (auto it = m_runs.constBegin(); it != m_runs.constEnd(); ++it)
        renewal.ask(it.key(), it->fence);
    const core::BootTime grantedAt = m_shared.clock.sinceBoot();
    auto future = m_shared.writer.post<QList<ledger::Lease>>(
        [owner = m_owner, jobs = renewal.jobs(), ttl = m_shared.settings.leaseTtl](ledger::Session &session) {
            return ledger::renew(session, owner, jobs, ttl);
        });
    Result<QList<ledger::Lease>> renewed = co_await future;
    if (!renewed) {
        report(renewed.error());
        co_return;
    }
    m_reported.reset();
    renewal.answered(*renewed);
    for (auto it = m_runs.constBegin(); it != m_runs.constEnd(); ++it) {
        switch (renewal.verdict(it.key(), it->fence)) {
        case LeaseRenewal::Verdict::Renewed:
            it->control->extend(mayWriteUntil(grantedAt));
            break;
        case LeaseRenewal::Verdict::Lost:
            it->control->end(ErrorCode::LeaseLost);
            break;
        case LeaseRenewal::Verdict::NotAsked:
            break;
        }
    }
}

/// What other connections did since the last look: wishes for our jobs, and news for the faces.
QCoro::Task<void> Worker::watch()
{
    if (m_isWatching || m_isStopping)
        co_return;
    const InFlight inFlight(*this);
    m_isWatching = true;
    auto version =
        m_shared.reader.post<qint64>([](ledger::Session &session) { return ledger::dataVersion(session); });
    Result<qint64> seen = co_await version;
    const bool hasChanged = seen && *seen != m_dataVersion;
    if (hasChanged) {
        m_dataVersion = *seen;
        auto query = m_shared.reader.post<QHash<core::JobId, core::Hold>>(
            [owner = m_owner](ledger::Session &session) { return ledger::heldLeases(session, owner); });
        Result<QHash<core::JobId, core::Hold>> held = co_await query;
        for (auto it = m_runs.begin(); held && it != m_runs.end(); ++it) {
            const core::Hold hold = held->value(it.key(), core::Hold::None);
            if (hold != core::Hold::None)
                it->control->end(hold == core::Hold::Paused ? ErrorCode::Paused : ErrorCode::Cancelled);
        }
        // A held job that still waits for a lane gets one now: its run ends at once and settles it.
        for (qsizetype i = 0; i < m_waiting.size() && !m_isStopping;) {
            if (m_runs.value(m_waiting[i].job.id).control->reason())
                startRun(m_waiting.takeAt(i));
            else
                ++i;
        }
        Q_EMIT ledgerChanged();
    }
    m_isWatching = false;
    const bool isDue = ++m_watchesSinceClaim >= watchesBetweenIdleClaims;
    if (isDue) {
        m_watchesSinceClaim = 0;
        co_await lookForDeadOwners();
    }
    if (isDue || (hasChanged && m_runs.isEmpty()))
        co_await claimMore();
}

} // namespace ingather::engine
