// SPDX-License-Identifier: MIT
#include "models/job_text.h"

#include "models/error_text.h"
#include "models/format.h"

#include <QHash>

namespace ingather::models
{

using core::ErrorClass;
using core::Hold;
using core::JobState;
using engine::JobSnapshot;

namespace
{

bool isLeased(const JobSnapshot &job)
{
    return !job.leaseOwner.isEmpty();
}

bool waitsForVolumeOrNetwork(const JobSnapshot &job)
{
    const auto code = core::errorCodeFromName(job.errorCode);
    return code && core::errorClass(*code) == ErrorClass::Wait;
}

} // namespace

QString JobText::state(const JobSnapshot &job, core::UnixTime now)
{
    if (job.hasFileTrouble())
        return tr("Done, but: %1").arg(ErrorText::brief(*core::errorCodeFromName(job.errorCode)));
    switch (job.state) {
    case JobState::Indexed:
        return tr("Done");
    case JobState::Deduped:
        return tr("Done (copied)");
    case JobState::SkippedDuplicate:
        return tr("Was there already");
    default:
        break;
    }
    const auto code = core::errorCodeFromName(job.errorCode);
    if (job.isFailedForGood())
        return code ? tr("Failed: %1").arg(ErrorText::brief(*code)) : tr("Failed");
    if (job.hold == Hold::Paused)
        return isLeased(job) ? tr("Pausing…") : tr("Paused");
    if (job.hold == Hold::Cancelled)
        return isLeased(job) ? tr("Cancelling…") : tr("Cancelled");
    if (isLeased(job)) {
        if (job.leaseUntil && *job.leaseUntil < now)
            return tr("Worker gone");
        switch (job.state) {
        case JobState::ResumeOk:
            return tr("Resuming");
        case JobState::Streaming:
            return tr("Receiving");
        case JobState::Finalized:
            return tr("Registering");
        default:
            return tr("Connecting");
        }
    }
    if (job.nextAttemptAt > now) {
        if (waitsForVolumeOrNetwork(job))
            return tr("Waiting: %1").arg(ErrorText::brief(*code));
        return tr("Retry in %1").arg(Format::duration(job.nextAttemptAt.seconds - now.seconds));
    }
    switch (job.state) {
    case JobState::Failed:
        return tr("Queued to retry");
    case JobState::HeadDone:
    case JobState::ResumeOk:
    case JobState::Streaming:
    case JobState::Finalized:
        return tr("Queued to go on");
    default:
        return tr("Queued");
    }
}

QString JobText::whatNext(const JobSnapshot &job, core::UnixTime now)
{
    const auto code = core::errorCodeFromName(job.errorCode);
    if (job.isFailedForGood()) {
        const QString end = tr("It is not tried again by itself; choose Retry for another go.");
        return code ? ErrorText::advice(*code) + u' ' + end : end;
    }
    if (job.hold == Hold::Paused)
        return tr("It is paused; choose Resume to go on.");
    if (job.hold == Hold::Cancelled)
        return tr("It is cancelled; choose Retry to begin again.");
    if (job.nextAttemptAt > now) {
        const QString in = Format::duration(job.nextAttemptAt.seconds - now.seconds);
        if (waitsForVolumeOrNetwork(job))
            return ErrorText::advice(*code) + u' ' +
                   tr("Ingather looks again in %1; this counts as no attempt.").arg(in);
        if (job.maxAttempts)
            return tr("Next try in %1, after %2 of at most %3 attempts.")
                .arg(in)
                .arg(job.attempts)
                .arg(*job.maxAttempts);
        return tr("Next try in %1, after %n attempt(s).", nullptr, job.attempts).arg(in);
    }
    if (isLeased(job))
        return tr("It is being worked on.");
    return tr("It waits for its turn.");
}

QString JobText::explanation(const JobSnapshot &job, core::UnixTime now)
{
    if (job.hasFileTrouble())
        return ErrorText::whyForName(job.errorCode) + u' ' +
               ErrorText::advice(*core::errorCodeFromName(job.errorCode));
    switch (job.state) {
    case JobState::Indexed:
        return job.verification == QLatin1StringView("legacy")
                   ? tr("Done, as recorded by another program; Ingather has not checked the file.")
                   : tr("Done: the whole file was received, checked and filed.");
    case JobState::Deduped:
        return tr("Done: the same content was held already, so it was copied from there.");
    case JobState::SkippedDuplicate:
        return tr("Nothing to do: the file was there already.");
    default:
        break;
    }
    const QString next = whatNext(job, now);
    return job.errorCode.isEmpty() ? next : ErrorText::whyForName(job.errorCode) + u' ' + next;
}

QString JobText::group(JobGroup group)
{
    switch (group) {
    case JobGroup::Active:
        return tr("Active", "jobs being fetched");
    case JobGroup::Waiting:
        return tr("Waiting", "jobs not begun yet or to be tried again");
    case JobGroup::Done:
        return tr("Done", "jobs");
    case JobGroup::Failed:
        return tr("Failed", "jobs");
    case JobGroup::Held:
        return tr("Paused or cancelled", "jobs");
    }
    Q_UNREACHABLE();
}

QString JobText::name(const JobSnapshot &job)
{
    if (!job.finalPath.isEmpty())
        return job.finalPath.mid(job.finalPath.lastIndexOf(u'/') + 1);
    return job.fileName.isEmpty() ? job.url : job.fileName;
}

QString JobText::filePath(const JobSnapshot &job)
{
    if (!core::isTerminal(job.state) || job.finalPath.isEmpty() || job.folder.isEmpty())
        return {};
    return job.folder + (job.folder.endsWith(u'/') ? QString() : QStringLiteral("/")) + job.finalPath;
}

QString JobText::verification(const JobSnapshot &job)
{
    if (job.verification == QLatin1StringView("verified"))
        return tr("Has the digest that was expected");
    if (job.verification == QLatin1StringView("legacy"))
        return tr("Recorded by another program, not checked");
    if (core::isTerminal(job.state))
        return tr("Received whole; no expected SHA-256 was given");
    return job.expectedDigest.isEmpty() ? QString() : tr("Will be compared with the expected SHA-256");
}

QString JobText::wishOutcome(engine::Wish wish, const engine::WishAnswer &answer)
{
    const int n = static_cast<int>(answer.changed.size());
    if (n == 0)
        return tr("Nothing changed.");
    switch (wish) {
    case engine::Wish::Pause:
        return tr("%n job(s) paused.", nullptr, n);
    case engine::Wish::Resume:
        return tr("%n job(s) resumed.", nullptr, n);
    case engine::Wish::Cancel:
        return tr("%n job(s) cancelled.", nullptr, n);
    case engine::Wish::Retry:
        return tr("%n job(s) queued again.", nullptr, n);
    case engine::Wish::Remove:
        return tr("%n job(s) removed.", nullptr, n);
    case engine::Wish::Restore:
        return tr("%n job(s) shown again.", nullptr, n);
    }
    Q_UNREACHABLE();
}

QString JobText::addOutcome(const QList<engine::AddAnswer> &answers)
{
    using engine::AddOutcome;
    int added = 0;
    int again = 0;
    int known = 0;
    int done = 0;
    int ended = 0;
    int repeated = 0;
    int rejected = 0;
    for (const engine::AddAnswer &answer : answers) {
        if (answer.outcome == AddOutcome::Rejected)
            ++rejected;
        else if (answer.isRepeated)
            ++repeated;
        else if (answer.isNew())
            ++added;
        else if (answer.outcome == AddOutcome::Retried || answer.outcome == AddOutcome::AskedAgain)
            ++again;
        else if (answer.outcome == AddOutcome::AlreadyDone)
            ++done;
        else if (answer.outcome == AddOutcome::Known)
            ++known;
        else
            ++ended;
    }
    QStringList parts;
    const auto say = [&parts](int n, const QString &text) {
        if (n > 0)
            parts.append(text);
    };
    say(added, tr("%n added", "addresses", added));
    say(again, tr("%n queued again", "addresses", again));
    say(known, tr("%n known already", "addresses", known));
    say(done, tr("%n done already", "addresses", done));
    say(ended, tr("%n known and ended or held; choose Retry or Resume", "addresses", ended));
    say(repeated, tr("%n named twice", "addresses", repeated));
    say(rejected, tr("%n refused", "addresses", rejected));
    return parts.isEmpty() ? tr("Nothing added.") : parts.join(QStringLiteral(", ")) + u'.';
}

} // namespace ingather::models
