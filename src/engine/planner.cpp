// SPDX-License-Identifier: MIT
#include "engine/planner.h"

#include "core/canonical_url.h"
#include "core/file_name.h"
#include "core/redaction.h"
#include "core/sha256.h"
#include "engine/credentials.h"
#include "engine/held_file.h"
#include "engine/to_snapshot.h"
#include "ledger/ledger_thread.h"
#include "ledger/planning.h"
#include "ledger/queries.h"
#include "ledger/wishes.h"
#include "platform/file_system.h"

#include <QDir>
#include <QHash>
#include <QSet>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

struct Checked {
    ledger::JobRequest request;
    QString userInfo;
};

Result<Checked> checked(const AddRequest &asked, bool mayHaveUserInfo)
{
    Result<core::CanonicalUrl> url = core::canonicalUrl(asked.url);
    if (!url)
        return url.error();
    if (!url->userInfo.isEmpty() && !mayHaveUserInfo)
        return Error{ErrorCode::InvalidUrl, QStringLiteral("check URL"), 0,
                     QStringLiteral("a user name or password in a URL can't be kept for later")};
    const bool isNameWrong =
        !asked.fileName.isEmpty() && core::safeFileName(asked.fileName) != asked.fileName;
    if (isNameWrong)
        return Error{ErrorCode::InvalidArgument, QStringLiteral("check file name"), 0, asked.fileName};
    const std::optional<core::Sha256> digest = core::Sha256::fromHex(asked.sha256);
    if (!asked.sha256.isEmpty() && !digest)
        return Error{ErrorCode::InvalidArgument, QStringLiteral("check SHA-256"), 0,
                     QStringLiteral("a SHA-256 has 64 hexadecimal digits")};

    Checked result;
    result.userInfo = url->userInfo;
    result.request.canonicalUrl = url->url;
    result.request.sourceUrl = url->userInfo.isEmpty() ? asked.url.trimmed() : url->url;
    result.request.host = url->host;
    result.request.workId = asked.workId;
    result.request.artifactId = asked.artifactId;
    result.request.rootPath = asked.folder.isEmpty() ? QString() : QDir::cleanPath(asked.folder);
    result.request.fileName = asked.fileName;
    result.request.expectedDigest = digest ? QStringLiteral("sha256:") + digest->toHex() : QString();
    result.request.priority = asked.priority;
    result.request.maxAttempts = asked.maxAttempts;
    result.request.segments = asked.segments;
    result.request.rateLimit = asked.rateLimit;
    result.request.refresh = asked.refresh;
    return result;
}

AddOutcome outcomeOf(ledger::PlanOutcome planned)
{
    switch (planned) {
    case ledger::PlanOutcome::Added:
        return AddOutcome::Added;
    case ledger::PlanOutcome::AddedInFolder:
        return AddOutcome::AddedFromHeld;
    case ledger::PlanOutcome::Known:
        return AddOutcome::Known;
    case ledger::PlanOutcome::AlreadyDone:
        return AddOutcome::AlreadyDone;
    case ledger::PlanOutcome::FailedForGood:
        return AddOutcome::FailedForGood;
    case ledger::PlanOutcome::Held:
        return AddOutcome::Held;
    case ledger::PlanOutcome::AddedVersion:
        return AddOutcome::AddedVersion;
    case ledger::PlanOutcome::AskedAgain:
        return AddOutcome::AskedAgain;
    }
    Q_UNREACHABLE();
}

} // namespace

Result<QList<AddAnswer>> Planner::add(const QList<AddRequest> &requests, bool retryEnded)
{
    QList<AddAnswer> answers;
    QList<ledger::JobRequest> planned;
    QHash<QString, std::optional<Error>> folders;
    bool isRefused = false;
    answers.reserve(requests.size());
    for (const AddRequest &asked : requests) {
        AddAnswer answer;
        Result<Checked> right = checked(asked, retryEnded);
        if (right && !right->request.rootPath.isEmpty()) {
            const QString folder = right->request.rootPath;
            if (!folders.contains(folder)) {
                const Result<> usable = platform::checkWritableFolder(folder);
                folders.insert(folder, usable ? std::nullopt : std::optional(usable.error()));
            }
            if (const std::optional<Error> &error = folders[folder])
                right = *error;
        }
        if (!right) {
            answer.url = core::redacted(asked.url);
            answer.error = right.error();
            isRefused = true;
        } else {
            answer.url = right->request.sourceUrl;
            if (!right->userInfo.isEmpty())
                m_credentials.remember(right->request.host, right->userInfo);
            planned.append(right->request);
        }
        answers.append(std::move(answer));
    }
    if (isRefused)
        return answers;

    Result<QList<ledger::PlannedJob>> jobs =
        m_writer
            .post<QList<ledger::PlannedJob>>(
                [planned](ledger::Session &session) { return ledger::plan(session, planned); })
            .result();
    if (!jobs)
        return jobs.error();
    QSet<core::JobId> named;
    for (qsizetype i = 0; i < answers.size(); ++i) {
        AddAnswer &answer = answers[i];
        answer.outcome = outcomeOf((*jobs)[i].outcome);
        answer.job = toSnapshot((*jobs)[i].job);
        answer.isRepeated = named.contains(answer.job.id);
        named.insert(answer.job.id);
        if (answer.isRepeated)
            continue;
        if (Result<> settled = answerEnded(answer, retryEnded); !settled)
            return settled.error();
        const QString expected = planned[i].expectedDigest;
        const bool isOther = answer.outcome == AddOutcome::AlreadyDone && !expected.isEmpty() &&
                             expected != QStringLiteral("sha256:") + answer.job.sha256;
        if (isOther)
            answer.error = Error{ErrorCode::DigestMismatch, QStringLiteral("compare SHA-256"), 0,
                                 QStringLiteral("the held file has sha256:") + answer.job.sha256};
    }
    return answers;
}

Result<> Planner::answerEnded(AddAnswer &answer, bool retryEnded)
{
    if (answer.outcome == AddOutcome::AlreadyDone && !answer.job.finalPath.isEmpty()) {
        const Result<> intact = isHeldIntact(answer.job);
        if (intact)
            return {};
        answer.error = intact.error();
        // What could not be read is not known to be gone; nothing is given up for that.
        const ErrorCode code = intact.error().code;
        if (code != ErrorCode::FileMissing && code != ErrorCode::FileChanged)
            return {};
        answer.outcome = AddOutcome::FileGone;
    }
    const bool hasEnded =
        answer.outcome == AddOutcome::FileGone || answer.outcome == AddOutcome::FailedForGood;
    if (!hasEnded || !retryEnded)
        return {};
    const bool isGone = answer.outcome == AddOutcome::FileGone;
    Result<std::optional<ledger::JobRecord>> job =
        m_writer
            .post<std::optional<ledger::JobRecord>>(
                [id = answer.job.id,
                 isGone](ledger::Session &session) -> Result<std::optional<ledger::JobRecord>> {
                    if (isGone) {
                        Result<> again = ledger::refetch(session, id, QStringLiteral("file gone or changed"));
                        if (!again)
                            return again.error();
                    } else {
                        Result<ledger::WishReport> wished =
                            ledger::applyWish(session, ledger::Wish::Retry, {.ids = {id}});
                        if (!wished)
                            return wished.error();
                    }
                    return ledger::job(session, id);
                })
            .result();
    if (!job)
        return job.error();
    answer.outcome = AddOutcome::Retried;
    if (*job)
        answer.job = toSnapshot(**job);
    return {};
}

} // namespace ingather::engine
