// SPDX-License-Identifier: MIT
#include "bench/lanes.h"

#include "bench/bench_ledger.h"

namespace ingather::bench
{

using core::Result;
using ledger::ClaimedJob;
using ledger::Session;

namespace
{

QString hashOf(const QString &id)
{
    return (id + id).left(64).leftJustified(64, u'0');
}

QString key(QChar kind, const QString &id)
{
    return kind + id;
}

} // namespace

ledger::LifeStep announcement(const ClaimedJob &job)
{
    const QString id = job.job.id.value;
    ledger::LifeStep what;
    what.lease = job.lease;
    what.path = {core::JobState::HeadDone, core::JobState::Streaming};
    what.ops = {ledger::OpDone{core::OpType::Head,
                               key(u'h', id),
                               {{QStringLiteral("status"), 200}, {QStringLiteral("etag"), id}}},
                ledger::OpIntent{core::OpType::Stream,
                                 key(u's', id),
                                 {{QStringLiteral("size"), 65536}, {QStringLiteral("etag"), id}}}};
    what.facts.bytesTotal = 65536;
    what.facts.contentType = QStringLiteral("application/pdf");
    what.part =
        ledger::PartRecord{job.job.id, job.job.rootId.value_or(1), id + QStringLiteral(".part"), {}, 0};
    return what;
}

ledger::LifeStep filing(const ClaimedJob &job)
{
    const QString id = job.job.id.value;
    ledger::LifeStep what;
    what.lease = job.lease;
    what.ops = {ledger::OpDone{core::OpType::Stream, key(u's', id), {{QStringLiteral("sha256"), hashOf(id)}}},
                ledger::OpIntent{core::OpType::Finalize,
                                 key(u'f', id),
                                 {{QStringLiteral("name"), QString(QLatin1StringView(""))}}}};
    what.facts.sha256 = hashOf(id);
    what.facts.bytesDone = 65536;
    what.name = ledger::NameAllocation{id + QStringLiteral(".pdf"), {}};
    return what;
}

ledger::LifeStep ending(const ClaimedJob &job)
{
    const QString id = job.job.id.value;
    ledger::LifeStep what;
    what.lease = job.lease;
    what.path = {core::JobState::Finalized, core::JobState::Indexed};
    what.ops = {ledger::OpDone{core::OpType::Finalize, key(u'f', id), {}},
                ledger::OpDone{core::OpType::Index, key(u'i', id), {}}};
    what.facts.verification = QStringLiteral("verified");
    what.forgetPart = true;
    what.index = true;
    return what;
}

Lanes::Lanes(ledger::LedgerThread &writer, qint64 jobs, int lanes)
    : m_writer(writer), m_jobs(jobs), m_lanes(lanes), m_finished(lanes)
{
}

void Lanes::run()
{
    claimMore();
    for (int i = 0; i < m_lanes; ++i)
        next();
    m_finished.wait();
}

void Lanes::claimMore()
{
    ledger::ClaimRequest wanted;
    wanted.limit = 2 * m_lanes;
    const Result<QList<ClaimedJob>> claimed =
        m_writer.post<QList<ClaimedJob>>([wanted](Session &s) { return ledger::claim(s, wanted); }).result();
    const std::lock_guard guard(m_mutex);
    for (const ClaimedJob &job : expect(claimed, "claim"))
        m_waiting.push_back(job);
}

/// As a worker does, and without waiting: it may be the writer's own thread that asks.
void Lanes::claimAhead()
{
    if (m_isClaiming.exchange(true))
        return;
    ledger::ClaimRequest wanted;
    wanted.limit = m_lanes;
    m_writer.post<QList<ClaimedJob>>([wanted](Session &s) { return ledger::claim(s, wanted); })
        .then([this](const Result<QList<ClaimedJob>> &claimed) {
            {
                const std::lock_guard guard(m_mutex);
                for (const ClaimedJob &job : expect(claimed, "claim"))
                    m_waiting.push_back(job);
            }
            m_isClaiming = false;
            for (int idle = m_idle.exchange(0); idle > 0; --idle)
                next();
        });
}

void Lanes::next()
{
    std::optional<ClaimedJob> job;
    bool isLow = false;
    {
        const std::lock_guard guard(m_mutex);
        if (m_started == m_jobs) {
            m_finished.count_down();
            return;
        }
        if (!m_waiting.empty()) {
            job = m_waiting.front();
            m_waiting.pop_front();
            ++m_started;
        }
        isLow = m_waiting.size() < static_cast<std::size_t>(m_lanes);
    }
    if (!job)
        ++m_idle;
    if (isLow)
        claimAhead();
    if (job)
        live(*job);
}

void Lanes::step(const ledger::LifeStep &what, std::function<void()> then)
{
    m_writer.post<ledger::StepOutcome>([what](Session &s) { return ledger::apply(s, what); })
        .then([then = std::move(then)](const Result<ledger::StepOutcome> &outcome) {
            expect(outcome, "apply step");
            then();
        });
}

void Lanes::live(const ClaimedJob &job)
{
    step(announcement(job),
         [this, job] { step(filing(job), [this, job] { step(ending(job), [this] { next(); }); }); });
}

} // namespace ingather::bench
