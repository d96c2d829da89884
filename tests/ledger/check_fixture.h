// SPDX-License-Identifier: MIT
#pragma once

#include "ledger_fixture.h"

#include "core/finding.h"
#include "core/work_control.h"
#include "ledger/life_step.h"
#include "ledger/sqlite.h"

#include <QFile>

namespace ingather::ledger::test
{

/// A file of v1 as the reference wrote it.
inline void copyReference(const Scratch &scratch)
{
    QFile::copy(QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3"), scratch.path());
    QFile::setPermissions(scratch.path(), QFile::ReadOwner | QFile::WriteOwner);
}

/// One job from its plan to its end: /root/paper <number>.pdf.
inline core::JobId finishOne(Session &session, int number)
{
    const ClaimedJob job = claimOne(session, number);
    const QString id = job.lease.job.value;
    const QString hash = QString::number(number).rightJustified(64, u'a');
    LifeStep streaming;
    streaming.lease = job.lease;
    streaming.path = {JobState::HeadDone, JobState::Streaming};
    streaming.ops = {OpDone{core::OpType::Head, QStringLiteral("head-") + id, {}},
                     OpIntent{core::OpType::Stream, QStringLiteral("stream-") + id, {}}};
    LifeStep streamed;
    streamed.lease = job.lease;
    streamed.ops = {OpDone{core::OpType::Stream, QStringLiteral("stream-") + id, {}},
                    OpIntent{core::OpType::Finalize, QStringLiteral("finalize-") + id, {}}};
    streamed.facts.sha256 = hash;
    streamed.facts.bytesTotal = 10;
    streamed.facts.bytesDone = 10;
    streamed.name = NameAllocation{QStringLiteral("paper %1.pdf").arg(number), {}};
    LifeStep filed;
    filed.lease = job.lease;
    filed.path = {JobState::Finalized, JobState::Indexed};
    filed.ops = {OpDone{core::OpType::Finalize, QStringLiteral("finalize-") + id, {}},
                 OpDone{core::OpType::Index, QStringLiteral("index-") + id, {}}};
    filed.facts.verification = QStringLiteral("verified");
    filed.index = true;
    for (const LifeStep &step : {streaming, streamed, filed}) {
        const auto outcome = transact(session, [&](Session &s) { return apply(s, step); });
        if (!outcome)
            qFatal("%s", why(outcome).constData());
    }
    return job.lease.job;
}

/// Five jobs: 1 planned, 2 done, 3 failed for good, 4 streaming under a lease with a part, 5 failed and
/// waiting.
inline void fill(const Scratch &scratch)
{
    const auto session = scratch.open();
    planned(*session, {request(1)});
    finishOne(*session, 2);
    const auto fail = [&](int number, bool isFinal) {
        Failure failure;
        failure.lease = claimOne(*session, number).lease;
        failure.error = {ErrorCode::HttpGone, QStringLiteral("get"), 410, {}};
        failure.isFinal = isFinal;
        failure.nextAttemptIn = std::chrono::seconds(60);
        const auto done = transact(*session, [&](Session &s) { return recordFailure(s, failure); });
        if (!done)
            qFatal("%s", why(done).constData());
    };
    fail(3, true);
    const ClaimedJob running = claimOne(*session, 4);
    LifeStep step;
    step.lease = running.lease;
    step.path = {JobState::HeadDone, JobState::Streaming};
    step.ops = {OpIntent{core::OpType::Stream, QStringLiteral("stream-4"), {}}};
    step.part = PartRecord{running.lease.job, *running.job.rootId, QStringLiteral("x.part"), {}, 0};
    const auto outcome = transact(*session, [&](Session &s) { return apply(s, step); });
    if (!outcome)
        qFatal("%s", why(outcome).constData());
    fail(5, false);
}

/// "rows.state artifact_jobs.done_at error 1", for everything that is worse than information.
inline QStringList linesOf(const QList<core::Finding> &findings,
                           core::Severity least = core::Severity::Warning)
{
    QStringList lines;
    for (const core::Finding &finding : findings) {
        if (finding.severity >= least) {
            lines.append(
                QStringLiteral("%1 %2 %3 %4")
                    .arg(core::findingName(finding.id), finding.place, core::severityName(finding.severity))
                    .arg(finding.count));
        }
    }
    lines.sort();
    return lines;
}

/// What a check finds in a file, looked at through a connection that as a rule may only read.
template <typename Check>
auto lookedAt(const QString &path, Check check,
              SqliteConnection::Mode mode = SqliteConnection::Mode::ReadOnly)
{
    SqliteConnection connection;
    const Result<> opened = connection.open(path, mode);
    if (!opened)
        qFatal("%s", why(opened).constData());
    return check(connection.handle());
}

} // namespace ingather::ledger::test
