// SPDX-License-Identifier: MIT
#pragma once

#include "core/keys.h"
#include "ledger/ledger_fixture.h"
#include "ledger/life_step.h"
#include "support/leaf_rows.h"

namespace ingather::ledger::test
{

inline void emptyLog(Session &session)
{
    const int code = sqlite3_wal_checkpoint_v2(static_cast<sqlite3 *>(session.handle()), nullptr,
                                               SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK)
        qFatal("cannot empty the log");
}

/// A ledger of `jobs` planned jobs and nothing else. Closed, its log emptied into the file.
inline void planLedger(const Scratch &scratch, int jobs)
{
    const auto session = scratch.open();
    QList<JobRequest> wanted;
    for (int i = 0; i < jobs; ++i) {
        wanted.append(request(i));
        if (wanted.size() == 1000 || i + 1 == jobs)
            planned(*session, std::exchange(wanted, {}));
    }
    emptyLog(*session);
}

/// Fills a ledger with `jobs` jobs in every stage of life: two thirds done and filed, a tenth failed, some
/// under way, the rest planned; their ops and events with them. Closed, its log emptied into the file.
inline void fillLedger(const Scratch &scratch, int jobs)
{
    const auto session = scratch.open();
    constexpr int together = 500;
    for (int first = 0; first < jobs; first += together) {
        const int count = std::min(together, jobs - first);
        QList<JobRequest> wanted;
        for (int i = first; i < first + count; ++i) {
            JobRequest job = request(i);
            job.workId = QStringLiteral("work:%1").arg(i);
            wanted.append(job);
        }
        planned(*session, wanted);
        ClaimRequest some;
        some.limit = count * 4 / 5;
        const Result<QList<ClaimedJob>> running = claimed(*session, some);
        if (!running)
            qFatal("%s", why(running).constData());
        const Result<int> lived = transact(*session, [&](Session &s) -> Result<int> {
            int n = 0;
            for (const ClaimedJob &job : *running) {
                const QString id = job.job.id.value;
                const QString digits = QString(id).remove(u'-');
                const QString hash = digits + digits;
                const auto key = [&job](core::OpType type) { return core::opKey(type, job.job.id, {}); };
                LifeStep step;
                step.lease = job.lease;
                step.path = {JobState::HeadDone, JobState::Streaming};
                step.ops = {OpDone{core::OpType::Head,
                                   key(core::OpType::Head),
                                   {{QStringLiteral("status"), 200}, {QStringLiteral("etag"), hash}}},
                            OpIntent{core::OpType::Stream,
                                     key(core::OpType::Stream),
                                     {{QStringLiteral("size"), 65536 + n}}}};
                step.facts.bytesTotal = 65536 + n;
                step.facts.contentType = QStringLiteral("application/pdf");
                step.part = PartRecord{job.job.id, *job.job.rootId, id + QStringLiteral(".part"), {}, n};
                Result<StepOutcome> done = apply(s, step);
                if (!done)
                    return done.error();
                ++n;
                if (n % 16 == 1)
                    continue; // still streaming
                if (n % 8 == 2) {
                    Failure failure;
                    failure.lease = job.lease;
                    failure.error = {ErrorCode::HttpServerError, QStringLiteral("get"), 503,
                                     QStringLiteral("the server said no, number %1").arg(n)};
                    failure.nextAttemptIn = std::chrono::seconds(60);
                    const Result<> failed = recordFailure(s, failure);
                    if (!failed)
                        return failed.error();
                    continue;
                }
                LifeStep filing;
                filing.lease = job.lease;
                filing.path = {JobState::Finalized, JobState::Indexed};
                filing.ops = {OpDone{core::OpType::Stream,
                                     key(core::OpType::Stream),
                                     {{QStringLiteral("sha256"), hash}}},
                              OpDone{core::OpType::Finalize, key(core::OpType::Finalize), {}},
                              OpDone{core::OpType::Index, key(core::OpType::Index), {}}};
                filing.facts.sha256 = hash;
                filing.facts.bytesDone = 65536 + n;
                filing.facts.verification = QStringLiteral("verified");
                filing.name = NameAllocation{QStringLiteral("paper %1.pdf").arg(id), {}};
                filing.forgetPart = true;
                filing.index = true;
                done = apply(s, filing);
                if (!done)
                    return done.error();
            }
            return n;
        });
        if (!lived)
            qFatal("%s", why(lived).constData());
    }
    emptyLog(*session);
}

inline void writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %ls", qUtf16Printable(path));
}

} // namespace ingather::ledger::test
