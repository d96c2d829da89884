// SPDX-License-Identifier: MIT
#include "engine/job_run.h"

#include "core/digest_fields.h"
#include "engine/blocking.h"
#include "engine/op_content.h"
#include "platform/file_origin.h"
#include "storage/content_gate.h"
#include "storage/digest_verdict.h"
#include "storage/expected_content.h"
#include "storage/filing.h"
#include "transfer/http_date.h"

#include <QCoroFuture>
#include <QDir>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;

namespace
{

constexpr int statusOk = 200;

} // namespace

/// What the bytes of the whole file must hash to: what the user said, and what the server says of them.
void JobRun::learnDigests(const transfer::ResponseHead &head)
{
    m_expectedDigests = digestsWished();
    if (head.isDecoded || m_claimed.job.expectType == QLatin1StringView("any"))
        return; // the server speaks of the coded bytes; or the user keeps whatever comes
    m_expectedDigests += core::parseDigestDictionary(head.reprDigest);
    m_expectedDigests += core::parseLegacyDigest(head.digest);
    if (head.status != statusOk)
        return; // the others speak of this body alone
    m_expectedDigests += core::parseDigestDictionary(head.contentDigest);
    m_expectedDigests += core::parseContentMd5(head.contentMd5);
}

QList<core::Digest> JobRun::digestsWished() const
{
    const std::optional<core::Digest> wished = core::Digest::fromText(m_claimed.job.expectedDigest);
    return wished ? QList<core::Digest>{*wished} : QList<core::Digest>();
}

/// The last look before a file is filed. What is not the file that was asked for goes to quarantine, never to
/// its final place.
QCoro::Task<core::Result<JobRun::Verified>> JobRun::verify(QString path, QList<core::Digest> digests)
{
    if (Result<> ok = mayGoOn(); !ok)
        co_return ok.error();
    const storage::DigestVerdict verdict = storage::judgeDigests(m_expectedDigests, digests);
    if (verdict.kind == storage::DigestVerdict::Wrong) {
        const Error wrong{ErrorCode::DigestMismatch, QStringLiteral("verify"), 0,
                          QStringLiteral("expected %1, got %2")
                              .arg(verdict.expected->toText(), verdict.computed->toText())};
        Result<> refused = co_await refuse(wrong);
        co_return refused.error();
    }
    const storage::ExpectedContent expected = storage::expectedContent(contentRequest());
    auto look =
        runBlocking(m_services.blocking, [path, expected] { return storage::judgeFile(path, expected); });
    Result<storage::ContentReport> report = co_await look;
    if (!report)
        co_return report.error();
    if (const std::optional<Error> refusal = storage::refusalOf(*report)) {
        Result<> refused = co_await refuse(*refusal);
        co_return refused.error();
    }
    co_await describe(path);
    Verified verified;
    verified.isByDigest = verdict.kind == storage::DigestVerdict::Verified;
    verified.content = contentFound(*report);
    co_return verified;
}

/// Where the file is from, and of when, if the settings want it to say so itself. A courtesy: it fails
/// nothing.
QCoro::Task<void> JobRun::describe(QString path)
{
    const Settings &settings = m_services.settings;
    const QString origin = settings.remembersOrigin ? m_claimed.job.canonicalUrl : QString();
    std::optional<core::UnixTime> time;
    if (settings.keepsServerTime) {
        const std::optional<QDateTime> date =
            transfer::parseHttpDate(m_validators.lastModified.toLatin1(), QDateTime::currentDateTimeUtc());
        if (date)
            time = core::UnixTime{static_cast<double>(date->toSecsSinceEpoch())};
    }
    if (origin.isEmpty() && !time)
        co_return;
    auto describing = runBlocking(m_services.blocking, [path, origin, time]() -> core::Result<bool> {
        core::Result<bool> done = true;
        if (!origin.isEmpty())
            done = platform::setOrigin(path, origin);
        if (done && time)
            done = platform::setModificationTime(path, *time);
        return done;
    });
    Result<bool> described = co_await describing;
    if (!described)
        warn("describing the file:", described.error());
}

storage::ContentRequest JobRun::contentRequest() const
{
    const ledger::JobRecord &job = m_claimed.job;
    return {.expectType = job.expectType,
            .fileName = job.fileName,
            .url = job.canonicalUrl,
            .suggestedName = m_suggestedName,
            .contentType = m_contentType.toLatin1()};
}

/// Moves the part to quarantine, for the user to look at; a cut file that will be fetched again is not worth
/// keeping. Returns why, and where it lies.
QCoro::Task<core::Result<>> JobRun::refuse(Error why)
{
    if (why.code == ErrorCode::ContentTruncated && !isLastAttempt(false)) {
        Result<> removed = co_await discard(m_partName);
        co_return removed ? why : removed.error();
    }
    const QString folder = QDir(m_services.settings.quarantineFolder).filePath(m_claimed.job.id.value);
    auto keeping = runBlocking(m_services.blocking, [root = m_claimed.job.rootPath, name = m_partName, folder,
                                                     wanted = wantedName()] {
        return storage::quarantinePart(root, name, folder, wanted);
    });
    Result<QString> kept = co_await keeping;
    if (!kept)
        co_return kept.error();
    why.detail += QStringLiteral("; kept in quarantine: ") + *kept;
    co_return why;
}

} // namespace ingather::engine
