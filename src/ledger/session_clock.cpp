// SPDX-License-Identifier: MIT
#include "core/error.h"
#include "ledger/bind.h"
#include "ledger/log.h"
#include "ledger/session_p.h"
#include "platform/process_identity.h"

#include <QDebug>
#include <QStringList>

#include <cmath>

// The ledger's times are wall-clock times, and somebody may set that clock. ingather_meta keeps how it stood
// to the boot clock when a write section last saw it move. The section that finds it standing elsewhere moves
// what the jump would make too long or too short, once for all processes: those that run and those to come.

namespace ingather::ledger
{

using core::BootTime;
using core::Result;

namespace
{

constexpr double clockJumpSeconds = 2;

double secondsOf(BootTime span)
{
    return std::chrono::duration<double>(span).count();
}

/// The value of ingather_meta's `clock`: "boot clock, wall minus boot, boot time of the last jump (0: none)".
struct ClockMark {
    QString bootClock;
    double wallMinusBoot = 0;
    std::optional<BootTime> jumpedAt;

    QString toString() const
    {
        return bootClock + u' ' + QString::number(wallMinusBoot, 'f', 6) + u' ' +
               QString::number(jumpedAt ? jumpedAt->count() : 0);
    }
    static std::optional<ClockMark> fromString(const QString &text)
    {
        const QStringList fields = text.split(u' ');
        if (fields.size() != 3)
            return std::nullopt;
        bool isOffset = false;
        bool isTime = false;
        ClockMark mark{fields[0], fields[1].toDouble(&isOffset), BootTime(fields[2].toLongLong(&isTime))};
        if (!isOffset || !isTime || !std::isfinite(mark.wallMinusBoot))
            return std::nullopt;
        if (mark.jumpedAt == BootTime::zero())
            mark.jumpedAt.reset();
        return mark;
    }
};

/// Leases of this boot's processes end as long after now as they would have. Those of other hosts have clocks
/// of their own.
Result<> moveLeases(Session &session, double jump)
{
    static constexpr char sql[] =
        "UPDATE artifact_jobs INDEXED BY ingather_lease SET lease_until = lease_until + ?1 "
        "WHERE lease_owner IS NOT NULL AND lease_until IS NOT NULL AND substr(lease_owner, 1, length(?2)) = "
        "?2";
    return execute(session, sql, "move leases",
                   {real(jump), text(platform::ProcessIdentity::textOfThisBoot())});
}

/// Only nearer: what the clock has run past is due, and a row from before the clock was wrong must not be put
/// off when it is put right.
Result<> bringBackoffsNearer(Session &session, double jump)
{
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET next_attempt_at = max(?1, next_attempt_at + ?2), updated_at = ?3 "
        "WHERE next_attempt_at > 0 AND next_attempt_at > ?1 AND done_at IS NULL";
    return execute(session, sql, "bring backoffs nearer",
                   {time(session.now()), real(jump), time(session.stamp())});
}

/// The same for hosts that asked for patience.
Result<> bringHostsNearer(Session &session, double jump)
{
    static constexpr char sql[] =
        "UPDATE ingather_hosts SET not_before = max(?1, not_before + ?2) WHERE not_before > ?1";
    return execute(session, sql, "bring hosts nearer", {time(session.now()), real(jump)});
}

Result<> keep(Session &session, const ClockMark &mark)
{
    static constexpr char sql[] = "INSERT INTO ingather_meta(key, value) VALUES ('clock', ?1) "
                                  "ON CONFLICT(key) DO UPDATE SET value = excluded.value";
    return execute(session, sql, "keep clock", {text(mark.toString())});
}

} // namespace

/// Reads both clocks at one moment, as far as that can be: who is stopped between two readings reads again.
/// Sets `now`; returns the boot clock.
BootTime Session::Private::readClocks()
{
    constexpr int mostReadings = 5;
    constexpr BootTime closeTogether = std::chrono::milliseconds(100);
    BootTime boot{};
    for (int reading = 0; reading < mostReadings; ++reading) {
        boot = options.clock->sinceBoot();
        now = options.clock->now();
        if (options.clock->sinceBoot() - boot < closeTogether)
            break;
    }
    return boot;
}

/// At the begin of a transaction: answers a jump of the wall clock since `keptMark` was written. A mark of
/// another boot (or of another host's clock) can't be compared; then only what this session sees itself
/// counts, and nothing is moved.
Result<> Session::followClock(BootTime boot, const QString &keptMark)
{
    const double offset = d->now.seconds - secondsOf(boot);
    const std::optional<ClockMark> mark = ClockMark::fromString(keptMark);
    const bool isComparable = mark && !d->bootClock.isEmpty() && mark->bootClock == d->bootClock;
    const std::optional<double> before = isComparable ? mark->wallMinusBoot : d->wallMinusBoot;
    if (isComparable)
        d->clockJumpedAt = mark->jumpedAt;
    d->wallMinusBoot = offset;

    const double jump = before ? offset - *before : 0;
    const bool hasJumped = std::abs(jump) > clockJumpSeconds;
    if (hasJumped) {
        d->clockJumpedAt = boot;
        qCWarning(logLedger, "the wall clock jumped by %.1f s", jump);
    }
    if (d->bootClock.isEmpty() || (isComparable && !hasJumped))
        return {};
    Result<> done;
    if (isComparable)
        done = moveLeases(*this, jump);
    if (done && isComparable && jump < 0)
        done = bringBackoffsNearer(*this, jump);
    if (done && isComparable && jump < 0)
        done = bringHostsNearer(*this, jump);
    if (done)
        done = keep(*this, {d->bootClock, offset, d->clockJumpedAt});
    return done;
}

bool Session::isClockSteady(std::chrono::seconds span) const
{
    return !d->clockJumpedAt || d->options.clock->sinceBoot() - *d->clockJumpedAt >= span;
}

} // namespace ingather::ledger
