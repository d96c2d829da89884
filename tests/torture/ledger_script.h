// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/ledger_fixture.h"
#include "ledger/life_step.h"
#include "ledger/sqlite.h"
#include "ledger/wishes.h"

#include <QCryptographicHash>
#include <QMap>

#include <array>

namespace ingather::ledger::test
{

/// What a ledger lives through: made or migrated, then a bit of everything that writes. Each step is one
/// write section (the first may be several), acknowledged when it returns without an error, and can be tried
/// again if it did not. The clock stands still, so two runs of the script leave the same rows.
class LedgerScript
{
public:
    explicit LedgerScript(const OpenOptions &options) : m_options(options) {}

    struct Step {
        const char *name;
        Result<> (LedgerScript::*run)();
    };
    static const std::array<Step, 17> steps;

    /// Opens the ledger first if it was closed.
    Result<> run(std::size_t step)
    {
        const Result<> ready = m_session || step == 0 ? Result<>() : open();
        return ready ? (this->*steps[step].run)() : ready;
    }
    void close() { m_session.reset(); }

private:
    Result<> open()
    {
        m_session.reset();
        Result<std::unique_ptr<Session>> opened = Session::open(m_options);
        if (!opened)
            return opened.error();
        m_session = std::move(*opened);
        // Small, so that there are many checkpoints. It is a setting of the connection and writes nothing.
        sqlite3_wal_autocheckpoint(handle(), 12);
        return {};
    }
    Result<> planThree() { return planFrom(1, 3); }
    Result<> planMany() { return planFrom(100, 40); }
    Result<> claimFirst() { return claimInto(m_first, 0); }
    Result<> claimSecond() { return claimInto(m_second, 1); }

    Result<> announceStream()
    {
        LifeStep step;
        step.lease = m_first.lease;
        step.path = {JobState::HeadDone, JobState::Streaming};
        step.ops = {OpDone{core::OpType::Head, QStringLiteral("head"), {{QStringLiteral("status"), 200}}},
                    OpIntent{core::OpType::Stream, QStringLiteral("stream"), {{QStringLiteral("size"), 9}}}};
        step.facts.bytesTotal = 9;
        step.part = PartRecord{m_first.job.id, *m_first.job.rootId, QStringLiteral("x.part"), {}, 0};
        return apply(step);
    }
    Result<> checkpointPart()
    {
        return committed<void>([this](Session &s) { return recordCheckpoint(s, m_first.lease, 4); });
    }
    Result<> announceFiling()
    {
        LifeStep step;
        step.lease = m_first.lease;
        step.ops = {
            OpDone{core::OpType::Stream, QStringLiteral("stream"), {{QStringLiteral("sha256"), hash()}}},
            OpIntent{core::OpType::Finalize,
                     QStringLiteral("finalize"),
                     {{QStringLiteral("name"), QString(QStringLiteral(""))}}}};
        step.facts.sha256 = hash();
        step.facts.bytesDone = 9;
        step.name = NameAllocation{QStringLiteral("paper.pdf"), {}};
        return apply(step);
    }
    Result<> end()
    {
        LifeStep step;
        step.lease = m_first.lease;
        step.path = {JobState::Finalized, JobState::Indexed};
        step.ops = {OpDone{core::OpType::Finalize, QStringLiteral("finalize"), {}},
                    OpDone{core::OpType::Index, QStringLiteral("index"), {}}};
        step.facts.verification = QStringLiteral("verified");
        step.forgetPart = true;
        step.index = true;
        return apply(step);
    }
    Result<> failSecond()
    {
        Failure failure;
        failure.lease = m_second.lease;
        failure.error = {ErrorCode::HttpServerError, QStringLiteral("get"), 503, QStringLiteral("503")};
        failure.nextAttemptIn = std::chrono::seconds(60);
        return committed<void>([&](Session &s) { return recordFailure(s, failure); });
    }
    Result<> pauseAll() { return wish(Wish::Pause); }
    Result<> retryAll() { return wish(Wish::Retry); }
    Result<> refetchFirst()
    {
        return committed<void>(
            [this](Session &s) { return refetch(s, m_first.job.id, QStringLiteral("test")); });
    }
    Result<> claimMany()
    {
        ClaimRequest wanted;
        wanted.limit = 20;
        const Result<QList<ClaimedJob>> jobs =
            committed<QList<ClaimedJob>>([&](Session &s) { return claim(s, wanted); });
        if (!jobs)
            return jobs.error();
        return {};
    }
    Result<> retire()
    {
        return committed<void>([this](Session &s) { return retireOwner(s, m_options.owner); });
    }
    /// No step of a ledger's rows; only where they lie changes.
    Result<> emptyLog()
    {
        const Result<> begun = m_session->begin(); // the write lock is taken for checkpoints too
        if (!begun)
            return begun;
        m_session->rollback();
        const int code =
            sqlite3_wal_checkpoint_v2(handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
        if (code != SQLITE_OK)
            return sqliteError(handle(), QStringLiteral("checkpoint"));
        return {};
    }

    Result<> planFrom(int first, int count)
    {
        QList<JobRequest> wanted;
        for (int i = first; i < first + count; ++i)
            wanted.append(request(i));
        const Result<QList<PlannedJob>> made =
            committed<QList<PlannedJob>>([&](Session &s) { return plan(s, wanted); });
        if (!made)
            return made.error();
        m_planned = *made;
        return {};
    }
    Result<> claimInto(ClaimedJob &place, int planned)
    {
        ClaimRequest wanted;
        wanted.onlyThese = {m_planned.at(planned).job.id};
        const Result<QList<ClaimedJob>> jobs =
            committed<QList<ClaimedJob>>([&](Session &s) { return claim(s, wanted); });
        if (!jobs)
            return jobs.error();
        if (jobs->size() != 1)
            return core::Error{ErrorCode::Internal, QStringLiteral("claim"), 0, QStringLiteral("not ready")};
        place = jobs->first();
        return {};
    }
    Result<> apply(const LifeStep &step)
    {
        const Result<StepOutcome> done =
            committed<StepOutcome>([&](Session &s) { return ledger::apply(s, step); });
        if (!done)
            return done.error();
        return {};
    }
    Result<> wish(Wish what)
    {
        JobSelection all;
        all.all = true;
        const Result<WishReport> done =
            committed<WishReport>([&](Session &s) { return applyWish(s, what, all); });
        if (!done)
            return done.error();
        return {};
    }
    template <typename T, typename Function>
    Result<T> committed(Function function)
    {
        const Result<> begun = m_session->begin();
        if (!begun)
            return begun.error();
        Result<T> outcome = function(*m_session);
        if (!outcome) {
            m_session->rollback();
            return outcome;
        }
        const Result<> done = m_session->commit();
        if (!done)
            return done.error();
        return outcome;
    }
    sqlite3 *handle() const { return static_cast<sqlite3 *>(m_session->handle()); }
    static QString hash() { return QString(64, u'a'); }

    OpenOptions m_options;
    std::unique_ptr<Session> m_session;
    QList<PlannedJob> m_planned;
    ClaimedJob m_first;
    ClaimedJob m_second;
};

inline constexpr std::array<LedgerScript::Step, 17> LedgerScript::steps{{
    {"open", &LedgerScript::open},
    {"plan three jobs", &LedgerScript::planThree},
    {"claim the first", &LedgerScript::claimFirst},
    {"HEAD done, STREAM intended", &LedgerScript::announceStream},
    {"checkpoint of the part", &LedgerScript::checkpointPart},
    {"STREAM done, FINALIZE intended", &LedgerScript::announceFiling},
    {"FINALIZE done, indexed", &LedgerScript::end},
    {"claim the second", &LedgerScript::claimSecond},
    {"the second fails", &LedgerScript::failSecond},
    {"pause all", &LedgerScript::pauseAll},
    {"empty the log", &LedgerScript::emptyLog},
    {"retry all", &LedgerScript::retryAll},
    {"fetch the first again", &LedgerScript::refetchFirst},
    {"open again", &LedgerScript::open},
    {"plan many jobs", &LedgerScript::planMany},
    {"claim many", &LedgerScript::claimMany},
    {"retire the owner", &LedgerScript::retire},
}};

/// Everything that the rows and the schema say, a digest for each table. Left out is what chance or the
/// place of the files decides.
struct LedgerContent {
    QMap<QString, QByteArray> tables;
    QStringList damage; ///< of integrity_check and foreign_key_check

    friend bool operator==(const LedgerContent &, const LedgerContent &) = default;
    /// Names of the tables that differ.
    QStringList differences(const LedgerContent &other) const
    {
        QStringList names = damage + other.damage;
        for (const QString &name : (tables.keys() + other.tables.keys())) {
            if (tables.value(name) != other.tables.value(name) && !names.contains(name))
                names.append(name);
        }
        return names;
    }
};

inline LedgerContent contentOfLedger(const QString &path)
{
    const OtherProgram program(path);
    LedgerContent content;
    const QStringList names =
        program.rows(QStringLiteral("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"));
    const auto digest = [&](const QString &sql) {
        QCryptographicHash hash(QCryptographicHash::Sha1);
        for (const QString &row : program.rows(sql))
            hash.addData(row.toUtf8() + '\n');
        return hash.result();
    };
    for (const QString &name : names) {
        QString sql = QStringLiteral("SELECT * FROM \"%1\"").arg(name);
        if (name == QStringLiteral("ingather_meta"))
            sql = QStringLiteral("SELECT value FROM ingather_meta WHERE key = 'epoch'");
        else if (name == QStringLiteral("ingather_migrations"))
            sql = QStringLiteral("SELECT version, name, checksum, breaking FROM ingather_migrations");
        content.tables.insert(name, digest(sql));
    }
    content.tables.insert(
        QStringLiteral("sqlite_schema"),
        digest(QStringLiteral("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name")));
    content.damage = program.rows(QStringLiteral("PRAGMA integrity_check"));
    content.damage.removeAll(QStringLiteral("ok"));
    content.damage += program.rows(QStringLiteral("PRAGMA foreign_key_check"));
    return content;
}

/// A ledger in a folder of its own, as the script finds it.
enum class Beginning { Nothing, ReferenceV1 };

inline void prepare(const Scratch &scratch, Beginning beginning)
{
    const QString source = QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3");
    if (beginning == Beginning::ReferenceV1 && !QFile::copy(source, scratch.path()))
        qFatal("cannot copy %ls", qUtf16Printable(source));
    if (beginning == Beginning::ReferenceV1)
        QFile::setPermissions(scratch.path(), QFile::ReadOwner | QFile::WriteOwner);
}

inline bool isLongForm()
{
    return qEnvironmentVariable("INGATHER_TORTURE") == QStringLiteral("long");
}

} // namespace ingather::ledger::test
