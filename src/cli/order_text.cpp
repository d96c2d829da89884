// SPDX-License-Identifier: MIT
#include "cli/order_text.h"

#include "cli/texts.h"
#include "core/canonical_url.h"
#include "core/redaction.h"

#include <QCoreApplication>

namespace ingather::cli
{

namespace
{

struct OrderText {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::OrderText)
};

/// More ids than this make a line that nobody wants to copy.
constexpr qsizetype mostIdsInALine = 4;

QString retriedText(const engine::AddAnswer &answer)
{
    const QString code = answer.error ? core::errorCodeName(answer.error->code) : answer.job.errorCode;
    if (code == core::errorCodeName(core::ErrorCode::FileMissing))
        return OrderText::tr("fetching again, because the file is gone: %1").arg(answer.url);
    if (code == core::errorCodeName(core::ErrorCode::FileChanged))
        return OrderText::tr("fetching again, because the file was changed: %1").arg(answer.url);
    if (code.isEmpty())
        return OrderText::tr("fetching again: %1").arg(answer.url);
    const QString why = answer.error ? reasonText(*answer.error) : reasonText(answer.job);
    return OrderText::tr("trying again: %1; it had failed: %2").arg(answer.url, why);
}

QString knownText(const engine::AddAnswer &answer)
{
    if (!answer.job.leaseOwner.isEmpty())
        return OrderText::tr("being fetched already: %1").arg(answer.url);
    return OrderText::tr("planned already: %1").arg(answer.url);
}

} // namespace

bool isAnotherFile(const engine::AddAnswer &answer)
{
    return answer.outcome == engine::AddOutcome::AlreadyDone && answer.error &&
           answer.error->code == core::ErrorCode::DigestMismatch;
}

QStringList urlFaults(const QStringList &urls)
{
    QStringList faults;
    for (const QString &url : urls) {
        const core::Result<core::CanonicalUrl> canonical = core::canonicalUrl(url);
        if (!canonical)
            faults.append(
                OrderText::tr("\"%1\": %2").arg(core::redacted(url), reasonText(canonical.error())));
    }
    return faults;
}

QList<engine::AddRequest> requestsOf(const Order &order)
{
    QList<engine::AddRequest> requests;
    requests.reserve(order.urls.size());
    for (const QString &url : order.urls) {
        engine::AddRequest request;
        request.url = url;
        request.folder = order.folder;
        request.fileName = order.fileName;
        request.workId = order.workId;
        request.artifactId = order.artifactId;
        request.sha256 = order.sha256;
        request.priority = order.priority;
        request.maxAttempts = order.maxAttempts;
        request.segments = order.segments;
        request.rateLimit = order.rateLimit;
        request.refresh = order.refresh;
        requests.append(request);
    }
    return requests;
}

QString answerText(const engine::AddAnswer &answer, bool isFetching)
{
    using engine::AddOutcome;
    if (answer.isRepeated && answer.outcome != AddOutcome::Rejected)
        return OrderText::tr("named twice, one job: %1").arg(answer.url);
    const QString id = answer.job.id.value;
    switch (answer.outcome) {
    case AddOutcome::Added:
        return OrderText::tr("added: %1").arg(answer.url);
    case AddOutcome::AddedFromHeld:
        return OrderText::tr("held already, will be filed from that copy: %1").arg(answer.url);
    case AddOutcome::AddedVersion:
    case AddOutcome::AskedAgain:
        return OrderText::tr("held already, asking whether it has changed: %1").arg(answer.url);
    case AddOutcome::Known:
        return knownText(answer);
    case AddOutcome::AlreadyDone:
        if (isAnotherFile(answer))
            return OrderText::tr("already here, but with another SHA-256 than the one given: %1")
                .arg(filedPath(answer.job));
        return OrderText::tr("already here: %1, nothing fetched").arg(filedPath(answer.job));
    case AddOutcome::FileGone:
        return OrderText::tr(
                   "fetched before, but the file is gone: %1; fetch it again with: ingather-cli retry %2")
            .arg(answer.url, id);
    case AddOutcome::FailedForGood:
    case AddOutcome::Held:
        return isFetching ? OrderText::tr("not fetched: %1").arg(answer.url) : endText(answer.job);
    case AddOutcome::Retried:
        return retriedText(answer);
    case AddOutcome::Rejected:
        break;
    }
    return OrderText::tr("\"%1\": %2").arg(answer.url, answer.error ? reasonText(*answer.error) : QString());
}

QString goOnText(const QList<core::JobId> &paused, const QString &call)
{
    QString jobs = QStringLiteral(" --all");
    if (paused.size() <= mostIdsInALine) {
        jobs.clear();
        for (const core::JobId &id : paused)
            jobs += u' ' + shellQuoted(id.value);
    }
    return call + QStringLiteral("resume") + jobs + QStringLiteral(" && ") + call +
           QStringLiteral("run --until-idle");
}

} // namespace ingather::cli
