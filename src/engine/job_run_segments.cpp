// SPDX-License-Identifier: MIT
#include "engine/job_run.h"

#include "engine/blocking.h"
#include "engine/limits/rate_limits.h"
#include "engine/progress_board.h"
#include "engine/segments/segmented_body.h"
#include "ledger/hosts.h"
#include "ledger/ledger_thread.h"

#include <QCoroFuture>

#include <algorithm>

namespace ingather::engine
{

namespace
{

/// Below this a second connection is not worth its request, unless the user asked for it.
constexpr qint64 largeRest = 64 * 1024 * 1024;

} // namespace

int JobRun::segmentsFor(const transfer::ResponseHead &head) const
{
    const int wished = m_claimed.job.segments;
    const int segments = wished > 0 ? wished : m_services.settings.segments;
    const bool isConditionSure = m_validators.hasStrongEtag() || m_isDateStrong;
    if (segments < 2 || !m_validators.size || head.isDecoded || !isConditionSure)
        return 1;
    // A range that was given says more than a server's word that it would.
    if (!head.acceptsRanges && !head.contentRange)
        return 1;
    const qint64 rest = *m_validators.size - std::max(m_part->length(), m_ranges.total());
    return rest > (wished > 0 ? 2 * SegmentPlan::smallestPiece : largeRest) ? segments : 1;
}

/// As the ledger remembers it, of this job or another, for some days.
QCoro::Task<core::Result<bool>> JobRun::hasHostRefusedRanges()
{
    auto query = m_services.reader.post<std::optional<ledger::HostRecord>>(
        [host = m_claimed.job.host](ledger::Session &session) { return ledger::host(session, host); });
    Result<std::optional<ledger::HostRecord>> known = co_await query;
    if (!known)
        co_return known.error();
    co_return *known && (*known)->acceptsRanges == false;
}

QCoro::Task<core::Result<>> JobRun::takeSegments(std::unique_ptr<transfer::Exchange> first, int segments)
{
    auto hiding = runBlocking(m_services.blocking, [root = m_claimed.job.rootPath, name = m_partName] {
        return storage::withdrawSidecar(root, name);
    });
    if (Result<> hidden = co_await hiding; !hidden)
        co_return hidden;
    core::ByteRanges done = m_ranges;
    done.add({0, m_part->length()});
    SegmentedBody::Order order;
    order.request = request();
    // Whether there is a newer version has been answered; pieces are asked for by If-Range.
    order.request.ifNoneMatch.clear();
    order.request.ifModifiedSince.clear();
    order.validators = m_validators;
    order.condition =
        (m_validators.hasStrongEtag() ? m_validators.etag : m_validators.lastModified).toLatin1();
    order.stop = m_control->token();
    order.lanes = segments;
    m_services.http.allowConnectionsPerHost(order.lanes);
    SegmentedBody body(segmentServices(), order, m_part, done);
    Result<> taken = co_await body.run(std::move(first));
    if (body.dislikesRanges()) {
        auto noted = m_services.writer.post<void>([host = m_claimed.job.host](ledger::Session &session) {
            return ledger::noteRanges(session, host, false);
        });
        if (Result<> outcome = co_await noted; !outcome)
            warn("noting that the host gives no ranges:", outcome.error());
    }
    co_return taken;
}

SegmentedBody::Services JobRun::segmentServices()
{
    return {.http = m_services.http,
            .blocking = m_services.blocking,
            .mayGoOn = [this] { return mayGoOn(); },
            .admit =
                [this](qint64 bytes) {
                    return m_services.limits.admit(m_claimed.job, bytes, m_control->token());
                },
            .advanced = [this](qint64 done) { m_services.progress.advance(m_claimed.job.id, done); },
            .save =
                [this](core::ByteRanges done) {
                    m_ranges = done;
                    return checkpoint(done);
                }};
}

} // namespace ingather::engine
