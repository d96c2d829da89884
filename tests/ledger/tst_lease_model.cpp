// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "core/backoff.h"
#include "ledger/life_step.h"
#include "ledger/wishes.h"

#include <QLoggingCategory>
#include <QSet>

#include <array>
#include <random>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using core::Hold;
using core::OpPhase;
using core::OpType;

namespace
{

constexpr char seedVariable[] = "INGATHER_LEASE_SEED";
constexpr int interleavings = 2500;
constexpr int stepsOfOne = 24;
constexpr int jobsOfOne = 2;
constexpr std::chrono::seconds ttl{30};

/// A job as the model has it, and as the ledger does: what decides who may write, and what they may write.
struct Row {
    core::JobId id;
    JobState state = JobState::Planned;
    Hold hold = Hold::None;
    QString owner;
    double leaseUntil = 0;
    core::Fence fence;
    int attempts = 0;
    int crashes = 0;
    double nextAttemptAt = 0;
    qint64 generation = 0;
    bool isDone = false;
    qint64 bytesDone = 0;
    std::optional<OpPhase> stream; ///< of the one op that each job has here
    bool hasPart = false;
    bool isRemoved = false;

    friend bool operator==(const Row &, const Row &) = default;

    bool hasEnded() const { return core::isTerminal(state) || (isDone && state != JobState::Failed); }
    bool isReady() const
    {
        return owner.isEmpty() && nextAttemptAt == 0 && !isDone && hold == Hold::None && !isRemoved &&
               !core::isTerminal(state);
    }
    bool isUnder(const Lease &lease) const { return lease.fence == fence && lease.owner == owner; }
    void giveLeaseBack()
    {
        owner.clear();
        leaseUntil = 0;
        if (state == JobState::Leased)
            state = JobState::Planned;
    }
    QString text() const
    {
        return u"%1 hold=%2 owner=%3 until=%4 fence=%5 attempts=%6 crashes=%7 next=%8 generation=%9 "_s
                   .arg(core::jobStateName(state), core::holdName(hold), owner)
                   .arg(leaseUntil, 0, 'f', 0)
                   .arg(fence.value)
                   .arg(attempts)
                   .arg(crashes)
                   .arg(nextAttemptAt, 0, 'f', 0)
                   .arg(generation) +
               u"removed=%1 done=%2 bytes=%3 stream=%4 part=%5"_s.arg(isRemoved)
                   .arg(isDone)
                   .arg(bytesDone)
                   .arg(stream ? core::opPhaseName(*stream) : u"-"_s)
                   .arg(hasPart);
    }
};
using Rows = QList<Row>;

/// A connection to the ledger under a name of its own.
struct Actor {
    std::unique_ptr<Session> session;
    QString owner;
};

/// One ledger for all interleavings, for making one takes longer than an interleaving does. Two workers, and
/// a third who sweeps, wishes and fetches again.
class World
{
public:
    World()
    {
        for (Actor &actor : actors) {
            actor.owner = u"owner-%1"_s.arg(&actor - actors.data());
            actor.session = scratch.open(actor.owner);
            // Who sees what is asked here, not what a power cut leaves.
            if (const Result<> done = actor.session->run("PRAGMA synchronous = OFF"); !done)
                qFatal("%s", why(done).constData());
        }
    }

    double now() const { return scratch.clock.now().seconds; }
    Session &ledger() { return *actors.back().session; }

    /// No jobs, and nobody who still minds a jump of the clock.
    void clear()
    {
        scratch.clock.advance(1000);
        const Result<> done = transact(ledger(), [](Session &s) {
            const Result<> gone = s.run("DELETE FROM artifact_jobs");
            return gone ? s.run("DELETE FROM ingather_events") : gone;
        });
        if (!done)
            qFatal("%s", why(done).constData());
        jumpedAt.reset();
    }

    /// Somebody sets the wall clock, and the next write section of anybody answers it for all.
    void setClock(double jump)
    {
        scratch.clock.jump(jump);
        jumpedAt = scratch.clock.sinceBoot();
        if (const auto done = transact(ledger(), [](Session &) { return Result<>(); }); !done)
            qFatal("%s", why(done).constData());
    }

    Rows rows()
    {
        JobFilter all;
        all.withRemoved = true;
        const Result<QList<JobRecord>> records = jobs(ledger(), all);
        if (!records)
            qFatal("%s", why(records).constData());
        const QStringList parts = m_program.rows(u"SELECT job_id FROM ingather_parts"_s);
        Rows found;
        for (const JobRecord &record : *records) {
            const Result<QList<OpRecord>> list = ops(ledger(), record.id);
            if (!list || list->size() > 1)
                qFatal("one op at most: %s", why(list).constData());
            found.append({record.id, record.state, record.hold, record.leaseOwner,
                          record.leaseUntil.value_or(core::UnixTime{}).seconds, record.fence, record.attempts,
                          record.crashes, record.nextAttemptAt.seconds, record.generation,
                          record.doneAt.has_value(), record.bytesDone,
                          list->isEmpty() ? std::nullopt : std::optional(list->first().phase),
                          parts.contains(record.id.value), record.removedAt.has_value()});
        }
        return found;
    }
    /// All that is written by a step, word for word.
    QStringList digest() const
    {
        QStringList all;
        for (const QString &table : {u"artifact_jobs"_s, u"artifact_ops"_s, u"ingather_events"_s,
                                     u"ingather_parts"_s, u"ingather_hashes"_s, u"ingather_counts"_s})
            all += m_program.rows(u"SELECT * FROM "_s + table);
        return all;
    }

    Scratch scratch;
    std::optional<core::BootTime> jumpedAt; ///< of the clock, when the wall clock was set last
    std::array<Actor, 3> actors;

private:
    OtherProgram m_program{(scratch.open(), scratch.path())};
};

/// One random history. The model says first what will come of each step; then the ledger does it.
class Interleaving
{
public:
    Interleaving(World &world, quint32 seed) : m_world(world), m_random(seed) {}

    /// Empty, or what went wrong and all that led there.
    QString run()
    {
        m_world.clear();
        const auto jobs = planned(m_world.ledger(), {request(1), request(2)});
        m_rootId = *jobs.first().job.rootId;
        m_model = m_world.rows();
        for (int step = 0; step < stepsOfOne; ++step) {
            const Rows before = m_model;
            m_said.clear();
            m_path.clear();
            m_trouble.clear();
            act();
            m_told.append(m_said);
            const Rows after = m_world.rows();
            compare(after);
            checkRules(before, after);
            if (!m_trouble.isEmpty())
                return m_told.join(u'\n') + u"\n=> "_s + m_trouble;
        }
        return {};
    }

private:
    enum class Kind { Other, Failure, Step };

    int below(int end) { return static_cast<int>(m_random() % static_cast<quint32>(end)); }
    bool isOneIn(int many) { return below(many) == 0; }
    Actor &keeper() { return m_world.actors.back(); }
    Actor &actorOf(const QString &owner)
    {
        for (Actor &actor : m_world.actors) {
            if (actor.owner == owner)
                return actor;
        }
        qFatal("nobody is called %ls", qUtf16Printable(owner));
    }
    void mind(const QString &trouble)
    {
        if (m_trouble.isEmpty())
            m_trouble = trouble;
    }

    void act()
    {
        m_kind = Kind::Other;
        switch (below(20)) {
        case 0:
        case 1:
        case 2:
        case 3:
            return claimSome(m_world.actors.at(static_cast<std::size_t>(below(2))), 1 + below(jobsOfOne));
        case 4:
            return claimSome(keeper(), 0); // sweeps, and takes nothing
        case 5:
            return renewSome(m_world.actors.at(static_cast<std::size_t>(below(2))));
        case 6:
        case 7:
        case 8:
        case 9:
        case 10:
            return step();
        case 11:
            return checkpoint();
        case 12:
            return fail();
        case 13:
            return giveBack();
        case 14:
            return retire(m_world.actors.at(static_cast<std::size_t>(below(2))));
        case 15:
        case 16:
            return wish();
        case 17:
            return fetchAgain();
        default:
            return letTimePass();
        }
    }

    /// Carries it out in one transaction, which is committed even if it was refused: a refusal has to write
    /// nothing, not to be undone.
    template <typename Function>
    auto written(Actor &actor, std::optional<ErrorCode> expected, Function function)
        -> decltype(function(*actor.session))
    {
        const QStringList before = expected ? m_world.digest() : QStringList();
        Session &session = *actor.session;
        if (const Result<> begun = session.begin(); !begun)
            qFatal("%s", why(begun).constData());
        const qint64 changes = session.changes();
        auto outcome = function(session);
        if (!outcome && session.changes() != changes)
            mind(u"a refused write has written"_s);
        if (const Result<> committed = session.commit(); !committed)
            qFatal("%s", why(committed).constData());
        const QString got = outcome ? u"done"_s : core::errorCodeName(outcome.error().code);
        m_said += u" -> "_s + got;
        if (got != (expected ? core::errorCodeName(*expected) : u"done"_s))
            mind(u"expected "_s + (expected ? core::errorCodeName(*expected) : u"done"_s));
        else if (expected && m_world.digest() != before)
            mind(u"a refused write has changed a row"_s);
        return outcome;
    }

    /// No lease is ended by time for a while after the clock was set.
    bool isClockSteady() const
    {
        return !m_world.jumpedAt || m_world.scratch.clock.sinceBoot() - *m_world.jumpedAt >= ttl;
    }

    /// Mostly the newest lease of a job; else an old one, as a zombie has it, or one that nobody was given.
    std::optional<Lease> someLease()
    {
        const Row &row = m_model.at(below(jobsOfOne));
        const QList<Lease> given = m_given.value(row.id);
        if (given.isEmpty())
            return std::nullopt;
        if (!isOneIn(3))
            return given.last();
        Lease lease = given.at(below(static_cast<int>(given.size())));
        if (isOneIn(4))
            lease.owner = m_world.actors.at(static_cast<std::size_t>(below(2))).owner;
        return lease;
    }
    Row &rowOf(const core::JobId &id)
    {
        for (Row &row : m_model) {
            if (row.id == id)
                return row;
        }
        qFatal("no such job");
    }
    static QString named(const Lease &lease)
    {
        return u" job=%1 fence=…%2 by %3"_s.arg(lease.job.value.left(4))
            .arg(lease.fence.value & 0xffffffff)
            .arg(lease.owner);
    }

    void claimSome(Actor &actor, int limit)
    {
        ClaimRequest wanted;
        wanted.limit = limit;
        wanted.ttl = ttl;
        if (isOneIn(3))
            wanted.deadOwners = {m_world.actors.at(static_cast<std::size_t>(below(2))).owner};
        if (isOneIn(4))
            wanted.onlyThese = {m_model.at(below(jobsOfOne)).id};
        m_said = u"%1 claims %2, dead: %3, these: %4"_s.arg(actor.owner)
                     .arg(limit)
                     .arg(wanted.deadOwners.join(u' '))
                     .arg(wanted.onlyThese.size());

        const double now = m_world.now();
        const bool isSteady = isClockSteady();
        for (Row &row : m_model) {
            if (row.nextAttemptAt > 0 && row.nextAttemptAt <= now && !row.isDone)
                row.nextAttemptAt = 0;
            const bool isExpired = isSteady && row.leaseUntil <= now;
            if (row.owner.isEmpty() || !(isExpired || wanted.deadOwners.contains(row.owner)))
                continue;
            const auto delay = core::crashDelay(++row.crashes).count();
            if (delay > 0)
                row.nextAttemptAt = std::max(row.nextAttemptAt, now + static_cast<double>(delay));
            row.giveLeaseBack();
        }
        QList<core::JobId> expected;
        const qint64 firstFence = core::Fence::firstOfEpoch(m_world.ledger().epoch()).value;
        for (Row &row : m_model) { // oldest first, as they were planned
            const bool isWanted = wanted.onlyThese.isEmpty() || wanted.onlyThese.contains(row.id);
            if (!row.isReady() || !isWanted || expected.size() == limit)
                continue;
            expected.append(row.id);
            row.owner = actor.owner;
            row.leaseUntil = now + static_cast<double>(ttl.count());
            row.fence.value = std::max(row.fence.value + 1, firstFence);
            if (row.state == JobState::Planned || row.state == JobState::Failed)
                row.state = JobState::Leased;
        }

        const auto claims = written(actor, std::nullopt, [&](Session &s) { return claim(s, wanted); });
        if (!claims)
            return;
        QList<core::JobId> taken;
        for (const ClaimedJob &job : *claims) {
            taken.append(job.job.id);
            QList<Lease> &given = m_given[job.job.id];
            if (!given.isEmpty() && job.lease.fence <= given.last().fence)
                mind(u"the fence has not grown"_s);
            if (m_ended.contains({job.job.id, job.job.generation}))
                mind(u"a done job was claimed"_s);
            given.append(job.lease);
            const Row &row = rowOf(job.job.id);
            if (job.ops.size() != (row.stream ? 1 : 0) || job.part.has_value() != row.hasPart)
                mind(u"the claim does not bring what earlier runs left"_s);
        }
        if (taken != expected)
            mind(u"claimed %1 jobs, expected %2, or others"_s.arg(taken.size()).arg(expected.size()));
    }

    void renewSome(Actor &actor)
    {
        m_said = actor.owner + u" renews"_s;
        QList<core::JobId> asked;
        QSet<qint64> expected;
        for (Row &row : m_model) {
            if (isOneIn(4))
                continue;
            asked.append(row.id);
            if (row.owner != actor.owner)
                continue;
            row.leaseUntil = m_world.now() + static_cast<double>(ttl.count());
            expected.insert(row.fence.value);
        }
        const auto renewed =
            written(actor, std::nullopt, [&](Session &s) { return renew(s, actor.owner, asked, ttl); });
        if (!renewed)
            return;
        QSet<qint64> fences;
        for (const Lease &lease : *renewed)
            fences.insert(lease.fence.value);
        if (fences != expected)
            mind(u"other leases were renewed than are held"_s);
    }

    static bool isAllowed(JobState from, const QList<JobState> &path)
    {
        for (const JobState to : path) {
            if (!core::isTransitionAllowed(from, to))
                return false;
            from = to;
        }
        return true;
    }

    QList<JobState> somePath(JobState from)
    {
        using enum JobState;
        static const QList<QList<JobState>> paths{{},
                                                  {HeadDone},
                                                  {Streaming},
                                                  {HeadDone, Streaming},
                                                  {Deduped},
                                                  {HeadDone, ResumeOk},
                                                  {Finalized},
                                                  {ResumeOk, Streaming},
                                                  {Indexed},
                                                  {Finalized, Indexed},
                                                  {ResumeOk},
                                                  {HeadDone, Streaming, Finalized, Indexed},
                                                  {SkippedDuplicate}};
        for (int tries = 0; tries < 20; ++tries) {
            const QList<JobState> &path = paths.at(below(static_cast<int>(paths.size())));
            if (isAllowed(from, path) || (tries == 0 && isOneIn(4)))
                return path;
        }
        return {};
    }

    void step()
    {
        const std::optional<Lease> lease = someLease();
        if (!lease)
            return;
        m_kind = Kind::Step;
        Row &row = rowOf(lease->job);
        LifeStep step;
        step.lease = *lease;
        step.path = somePath(row.state);
        m_path = step.path;
        if (step.path.contains(JobState::Finalized)) {
            step.facts.sha256 = QString(64, u'a');
            step.name = NameAllocation{u"paper.pdf"_s, {}};
        }
        const QString key = u"stream-"_s + row.id.value;
        const int op = below(4);
        if (op == 1)
            step.ops = {OpIntent{OpType::Stream, key, {{u"size"_s, 10}}}};
        else if (op == 2)
            step.ops = {OpDone{OpType::Stream, key, {{u"size"_s, 10}}}};
        else if (op == 3 && isOneIn(3))
            step.ops = {OpAbandoned{key}};
        if (isOneIn(3))
            step.part = PartRecord{row.id, m_rootId, u"x.part"_s, {}, 0};
        else
            step.forgetPart = isOneIn(4);
        QStringList names;
        for (const JobState state : step.path)
            names.append(core::jobStateName(state));
        m_said = u"step to [%1] with op %2"_s.arg(names.join(u' ')).arg(op) + named(*lease);

        std::optional<ErrorCode> expected;
        const bool isDoneAlready = row.stream == OpPhase::Done;
        if (!row.isUnder(*lease))
            expected = ErrorCode::LeaseLost;
        else if (!isAllowed(row.state, step.path))
            expected = ErrorCode::TransitionRefused;
        else
            follow(row, step);
        const auto outcome =
            written(actorOf(lease->owner), expected, [&](Session &s) { return apply(s, step); });
        if (outcome && op == 1 && outcome->replayed.value(0).has_value() != isDoneAlready)
            mind(isDoneAlready ? u"an effect would happen twice"_s : u"a result came from nowhere"_s);
    }

    static void follow(Row &row, const LifeStep &step)
    {
        const bool ends = !step.path.isEmpty() && core::isTerminal(step.path.last());
        bool isProgress = ends;
        for (const OpWrite &write : step.ops) {
            if (std::holds_alternative<OpDone>(write)) {
                row.stream = OpPhase::Done;
                isProgress = true;
            } else if (std::holds_alternative<OpAbandoned>(write)) {
                if (row.stream)
                    row.stream = OpPhase::Abandoned;
            } else if (row.stream != OpPhase::Done) {
                row.stream = OpPhase::Intent;
            }
        }
        row.hasPart = step.part || (row.hasPart && !step.forgetPart);
        if (!step.path.isEmpty())
            row.state = step.path.last();
        if (isProgress)
            row.crashes = 0;
        if (!ends)
            return;
        row.giveLeaseBack();
        row.isDone = true;
        row.hold = Hold::None;
        row.nextAttemptAt = 0;
        if (row.stream == OpPhase::Intent)
            row.stream = OpPhase::Abandoned;
    }

    void checkpoint()
    {
        const std::optional<Lease> lease = someLease();
        if (!lease)
            return;
        Row &row = rowOf(lease->job);
        const qint64 length = below(100);
        m_said = u"checkpoint at %1"_s.arg(length) + named(*lease);
        std::optional<ErrorCode> expected;
        if (!row.isUnder(*lease)) {
            expected = ErrorCode::LeaseLost;
        } else if (!row.hasPart) {
            expected = ErrorCode::PartMissing;
        } else {
            if (length > row.bytesDone)
                row.crashes = 0;
            row.bytesDone = length;
        }
        (void)written(actorOf(lease->owner), expected,
                      [&](Session &s) { return recordCheckpoint(s, *lease, length); });
    }

    void fail()
    {
        const std::optional<Lease> lease = someLease();
        if (!lease)
            return;
        m_kind = Kind::Failure;
        Row &row = rowOf(lease->job);
        Failure failure;
        failure.lease = *lease;
        failure.error = {ErrorCode::ConnectionLost, u"read body"_s, 0, {}};
        failure.isFinal = isOneIn(3);
        failure.hadProgress = isOneIn(4);
        failure.nextAttemptIn = std::chrono::seconds(below(3) * 10);
        m_said =
            u"failure, final %1, progress %2"_s.arg(failure.isFinal).arg(failure.hadProgress) + named(*lease);
        std::optional<ErrorCode> expected;
        if (!row.isUnder(*lease)) {
            expected = ErrorCode::LeaseLost;
        } else {
            row.giveLeaseBack();
            row.state = JobState::Failed;
            row.attempts = failure.hadProgress ? 1 : row.attempts + 1;
            row.crashes = 0;
            row.isDone = failure.isFinal;
            row.nextAttemptAt =
                failure.isFinal
                    ? 0
                    : m_world.now() + std::chrono::duration<double>(failure.nextAttemptIn).count();
            if (row.stream == OpPhase::Intent)
                row.stream = OpPhase::Failed;
        }
        (void)written(actorOf(lease->owner), expected, [&](Session &s) { return recordFailure(s, failure); });
    }

    void giveBack()
    {
        const std::optional<Lease> lease = someLease();
        if (!lease)
            return;
        Row &row = rowOf(lease->job);
        const Release back{*lease, std::chrono::seconds(15 * below(2)), {}, {}};
        m_said = u"release, next in %1 s"_s.arg(back.nextAttemptIn.count()) + named(*lease);
        std::optional<ErrorCode> expected;
        if (!row.isUnder(*lease)) {
            expected = ErrorCode::LeaseLost;
        } else {
            row.giveLeaseBack();
            const auto wait = static_cast<double>(back.nextAttemptIn.count());
            row.nextAttemptAt = wait > 0 ? m_world.now() + wait : 0;
        }
        (void)written(actorOf(lease->owner), expected, [&](Session &s) { return release(s, back); });
    }

    void retire(Actor &actor)
    {
        m_said = actor.owner + u" retires"_s;
        for (Row &row : m_model) {
            if (row.owner == actor.owner)
                row.giveLeaseBack();
        }
        (void)written(actor, std::nullopt, [&](Session &s) { return retireOwner(s, actor.owner); });
    }

    void wish()
    {
        const Wish wish =
            std::array{Wish::Pause, Wish::Resume, Wish::Cancel, Wish::Retry, Wish::Remove, Wish::Restore}.at(
                static_cast<std::size_t>(below(6)));
        Row &row = m_model[below(jobsOfOne)];
        m_said = u"wish %1 for job=%2"_s.arg(static_cast<int>(wish)).arg(row.id.value.left(4));
        bool hasMeaning = false;
        const bool isHeard = !row.isRemoved || wish == Wish::Restore;
        switch (isHeard ? wish : Wish::Restore) {
        case Wish::Remove:
            hasMeaning = true;
            row.isRemoved = true;
            break;
        case Wish::Restore:
            hasMeaning = isHeard && row.isRemoved;
            row.isRemoved = row.isRemoved && !isHeard;
            break;
        case Wish::Pause:
            hasMeaning = row.hold == Hold::None && !row.isDone;
            if (hasMeaning)
                row.hold = Hold::Paused;
            break;
        case Wish::Resume:
            hasMeaning = row.hold == Hold::Paused;
            if (hasMeaning)
                row.hold = Hold::None;
            break;
        case Wish::Cancel:
            hasMeaning = row.hold != Hold::Cancelled && !row.hasEnded();
            if (hasMeaning)
                row.hold = Hold::Cancelled;
            break;
        case Wish::Retry:
            hasMeaning = row.hold != Hold::None || row.state == JobState::Failed ||
                         (row.nextAttemptAt > 0 && !row.isDone);
            if (!hasMeaning)
                break;
            row.hold = Hold::None;
            row.nextAttemptAt = 0;
            if (row.state == JobState::Failed) {
                row.state = JobState::Planned;
                row.isDone = false;
                row.attempts = 0;
            }
            break;
        }
        const auto report = written(keeper(), std::nullopt,
                                    [&](Session &s) { return applyWish(s, wish, {.ids = {row.id}}); });
        if (report && report->changed.contains(row.id) != hasMeaning)
            mind(u"the wish was reported wrongly"_s);
    }

    void fetchAgain()
    {
        Row &row = m_model[below(jobsOfOne)];
        m_said = u"refetch of job="_s + row.id.value.left(4);
        std::optional<ErrorCode> expected;
        if (!row.isDone) {
            expected = ErrorCode::TransitionRefused;
        } else {
            Row anew;
            anew.id = row.id;
            anew.fence = row.fence;
            anew.generation = row.generation + 1;
            anew.hasPart = row.hasPart;
            anew.isRemoved = row.isRemoved;
            if (row.stream)
                anew.stream = OpPhase::Abandoned;
            row = anew;
        }
        (void)written(keeper(), expected, [&](Session &s) { return refetch(s, row.id, u"test"_s); });
    }

    void letTimePass()
    {
        const double seconds = std::array{1, 11, 31, 70}.at(static_cast<std::size_t>(below(4)));
        if (isOneIn(5)) {
            const double jump = isOneIn(2) ? 1000 : -1000;
            m_said = u"the clock is set by %1 s"_s.arg(jump);
            m_world.setClock(jump);
            // Set back, it brings backoffs nearer; set ahead, it makes them due by itself.
            for (Row &row : m_model) {
                if (jump < 0 && row.nextAttemptAt > m_world.now() && !row.isDone)
                    row.nextAttemptAt = std::max(m_world.now(), row.nextAttemptAt + jump);
            }
        } else {
            m_said = u"%1 s pass"_s.arg(seconds);
            m_world.scratch.clock.advance(seconds);
        }
    }

    void compare(const Rows &after)
    {
        for (int i = 0; i < jobsOfOne; ++i) {
            if (after.at(i) != m_model.at(i))
                mind(u"job %1 differs\nmodel:  %2\nledger: %3"_s.arg(i + 1).arg(m_model.at(i).text(),
                                                                                after.at(i).text()));
        }
    }

    /// What has to hold whatever the model says.
    void checkRules(const Rows &before, const Rows &after)
    {
        for (int i = 0; i < jobsOfOne; ++i) {
            const Row &from = before.at(i);
            const Row &to = after.at(i);
            const bool isAnew = to.generation > from.generation;
            const auto holds = [&to](const Lease &lease) { return to.isUnder(lease); };
            const QList<Lease> given = m_given.value(to.id);
            const auto valid = std::count_if(given.begin(), given.end(), holds);
            if (valid != (to.owner.isEmpty() ? 0 : 1))
                mind(u"%1 valid leases"_s.arg(valid));
            if (to.fence < from.fence)
                mind(u"the fence went back"_s);
            if (to.attempts > from.attempts && m_kind != Kind::Failure)
                mind(u"attempts grew without a failure"_s);
            if (to.state != from.state) {
                const QList<JobState> path = m_kind == Kind::Step ? m_path : QList{to.state};
                const bool isRight = isAnew ? to.state == JobState::Planned : isAllowed(from.state, path);
                if (!isRight || path.last() != to.state)
                    mind(u"a transition outside the table"_s);
            }
            if (core::isTerminal(from.state) && to.state != from.state && !isAnew)
                mind(u"a way out of a terminal state"_s);
            if (core::isTerminal(to.state) && !core::isTerminal(from.state)) {
                if (m_ended.contains({to.id, to.generation}))
                    mind(u"ended twice"_s);
                m_ended.insert({to.id, to.generation});
            }
        }
    }

    World &m_world;
    std::mt19937 m_random;
    Rows m_model;
    qint64 m_rootId = 0;
    QHash<core::JobId, QList<Lease>> m_given; ///< every lease that there ever was, oldest first
    QSet<std::pair<core::JobId, qint64>> m_ended;
    Kind m_kind = Kind::Other;
    QList<JobState> m_path;
    QString m_said;
    QStringList m_told;
    QString m_trouble;
};

} // namespace

/// Leases and fences against a small model of them: two workers and a keeper take turns at random, late
/// writes of old leases, expiry, deaths, wishes and jumps of the clock among them.
class TestLeaseModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(u"ingather.*=false"_s); }

    void theLedgerFollowsTheModel()
    {
        bool isGiven = false;
        const quint32 given = qEnvironmentVariable(seedVariable).toUInt(&isGiven);
        const quint32 first = isGiven ? given : std::random_device()();
        qInfo("seeds %u to %u", first, isGiven ? first : first + interleavings - 1);
        World world;
        for (quint32 i = 0; i < (isGiven ? 1 : interleavings); ++i) {
            const QString trouble = Interleaving(world, first + i).run();
            QVERIFY2(trouble.isEmpty(),
                     qPrintable(u"repeat with %1=%2\n"_s.arg(QLatin1StringView(seedVariable)).arg(first + i) +
                                trouble));
        }
    }
};

QTEST_GUILESS_MAIN(TestLeaseModel)
#include "tst_lease_model.moc"
