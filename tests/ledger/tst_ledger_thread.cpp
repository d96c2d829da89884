// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/ledger_thread.h"
#include "support/faulty_vfs.h"

#include <QDir>
#include <QSqlDatabase>

#include <atomic>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

using Planned = QList<PlannedJob>;

QFuture<Result<Planned>> postPlan(LedgerThread &writer, int number)
{
    return writer.post<Planned>([number](Session &s) { return plan(s, {request(number)}); });
}

std::unique_ptr<LedgerThread> started(LedgerThread::Kind kind, const Scratch &scratch)
{
    auto thread = LedgerThread::start(kind, scratch.options());
    if (!thread)
        qFatal("%s", why(thread).constData());
    return std::move(*thread);
}

/// Keeps the writer busy until told, so that what is posted meanwhile waits together.
class Gate
{
public:
    explicit Gate(LedgerThread &writer)
        : m_passed(writer.post<int>([this](Session &) -> Result<int> {
              m_entered.count_down();
              m_open.wait();
              return 0;
          }))
    {
        m_entered.wait();
    }
    void open() { m_open.count_down(); }
    QFuture<Result<int>> passed() const { return m_passed; }

private:
    std::latch m_entered{1};
    std::latch m_open{1};
    QFuture<Result<int>> m_passed;
};

} // namespace

class TestLedgerThread : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers();
    void tellsWhyItCannotStart();
    void takesWhatWaitsIntoOneTransaction();
    void aFailingNeighbourIsSpared();
    void onlyAnUndoneWriteMakesTheBatchRunAgain();
    void finishesAfterTheCommit();
    void fullFailsTheBatchAndItGoesOn();
    void fullPausesUntilThereIsRoom();
    void aStopEndsThePause();
    void whoWaitsNoMoreFails();
    void aCommandThatFindsNoRoomIsKeptToo();
    void busyFailsTheBatch();
    void stopDrains();
    void refusesAfterStop();
    void manyProducersLoseNothing();
    void readerSeesCommitsAndCannotWrite();
    void closesItsSession();
};

void TestLedgerThread::answers()
{
    Scratch scratch;
    const auto writer = started(LedgerThread::Kind::Writer, scratch);
    const auto result = postPlan(*writer, 1).result();
    VERIFY_OK(result);
    QCOMPARE(result->first().outcome, PlanOutcome::Added);
}

void TestLedgerThread::tellsWhyItCannotStart()
{
    Scratch scratch;
    QVERIFY(QDir().mkdir(scratch.path()));
    COMPARE_ERROR(LedgerThread::start(LedgerThread::Kind::Writer, scratch.options()),
                  ErrorCode::LedgerIsFolder);
    Scratch absent;
    COMPARE_ERROR(LedgerThread::start(LedgerThread::Kind::Reader, absent.options()),
                  ErrorCode::LedgerUnmigrated);
}

void TestLedgerThread::takesWhatWaitsIntoOneTransaction()
{
    Scratch scratch;
    const auto writer = started(LedgerThread::Kind::Writer, scratch);
    std::atomic<int> commits{0};
    Gate gate(*writer);
    writer->post<int>([&commits](Session &s) -> Result<int> {
        sqlite3_commit_hook(
            static_cast<sqlite3 *>(s.handle()),
            [](void *counter) {
                ++*static_cast<std::atomic<int> *>(counter);
                return 0;
            },
            &commits);
        return 0;
    });
    QList<QFuture<Result<Planned>>> futures;
    for (int i = 0; i < 200; ++i)
        futures.append(postPlan(*writer, i));
    gate.open();
    for (auto &future : futures)
        VERIFY_OK(future.result());
    QVERIFY2(commits <= 5, qPrintable(QString::number(commits))); // 201 commands, 64 to a batch
    QVERIFY(commits >= 3);
}

void TestLedgerThread::aFailingNeighbourIsSpared()
{
    Scratch scratch;
    const auto writer = started(LedgerThread::Kind::Writer, scratch);
    Gate gate(*writer);
    auto before = postPlan(*writer, 1);
    auto failing = writer->post<Planned>([](Session &s) -> Result<Planned> {
        const auto made = plan(s, {request(2)});
        if (!made)
            return made.error();
        return core::Error{ErrorCode::InvalidArgument, u"test"_s, 0, {}};
    });
    auto constraint = writer->post<int>([](Session &s) -> Result<int> {
        const Result<> done = s.run("INSERT INTO artifact_jobs(job_id) VALUES ('x')");
        if (!done)
            return done.error();
        return 0;
    });
    auto after = postPlan(*writer, 3);
    gate.open();
    VERIFY_OK(before.result());
    COMPARE_ERROR(failing.result(), ErrorCode::InvalidArgument);
    COMPARE_ERROR(constraint.result(), ErrorCode::LedgerConstraint);
    VERIFY_OK(after.result());
    const auto session = scratch.open();
    QCOMPARE(jobs(*session, {})->size(), 2);
}

void TestLedgerThread::onlyAnUndoneWriteMakesTheBatchRunAgain()
{
    Scratch scratch;
    const auto writer = started(LedgerThread::Kind::Writer, scratch);
    const core::Error refused{ErrorCode::InvalidArgument, u"test"_s, 0, {}};
    for (const bool writesFirst : {false, true}) {
        std::atomic<int> runs{0};
        Gate gate(*writer);
        auto neighbour = writer->post<Planned>([&runs, writesFirst](Session &s) {
            ++runs;
            return plan(s, {request(writesFirst ? 1 : 0)});
        });
        auto failing = writer->post<int>([&](Session &s) -> Result<int> {
            if (writesFirst) {
                const auto made = plan(s, {request(2)});
                if (!made)
                    return made.error();
            }
            return refused;
        });
        gate.open();
        VERIFY_OK(neighbour.result());
        COMPARE_ERROR(failing.result(), ErrorCode::InvalidArgument);
        QCOMPARE(runs, writesFirst ? 2 : 1);
    }
    // Alone in its batch.
    auto alone = writer->post<int>([&](Session &s) -> Result<int> {
        const auto made = plan(s, {request(3)});
        if (!made)
            return made.error();
        return refused;
    });
    COMPARE_ERROR(alone.result(), ErrorCode::InvalidArgument);
    const auto session = scratch.open();
    QCOMPARE(jobs(*session, {})->size(), 2);
}

void TestLedgerThread::finishesAfterTheCommit()
{
    Scratch scratch;
    const auto writer = started(LedgerThread::Kind::Writer, scratch);
    const OtherProgram reader(scratch.path());
    for (int i = 0; i < 20; ++i) {
        auto future = postPlan(*writer, i);
        VERIFY_OK(future.result());
        QCOMPARE(reader.value(u"SELECT count(*) FROM artifact_jobs"_s).toInt(), i + 1);
    }
}

void TestLedgerThread::fullFailsTheBatchAndItGoesOn()
{
    Scratch scratch;
    const auto writer = started(LedgerThread::Kind::Writer, scratch);
    VERIFY_OK(postPlan(*writer, 0).result());
    const auto limit = [&](const char *sql) {
        // Outside any transaction of ours, as PRAGMA max_page_count wants it: the connection's own, for good.
        return writer->post<int>([sql](Session &s) -> Result<int> {
            return sqlite3_exec(static_cast<sqlite3 *>(s.handle()), sql, nullptr, nullptr, nullptr);
        });
    };
    QCOMPARE(limit("PRAGMA max_page_count = 1").result().value_or(-1),
             SQLITE_OK); // never below what there is
    {
        // A statement with a journal of its own (here: for its triggers) is undone alone.
        Gate gate(*writer);
        auto many = writer->post<Planned>([](Session &s) {
            QList<JobRequest> list;
            for (int i = 100; i < 3000; ++i)
                list.append(request(i));
            return plan(s, list);
        });
        auto nothing = writer->post<int>([](Session &) -> Result<int> { return 0; });
        gate.open();
        COMPARE_ERROR(many.result(), ErrorCode::LedgerFull);
        VERIFY_OK(nothing.result());
    }
    {
        // After any other, SQLite ends the transaction, and with it all that was in it.
        Gate gate(*writer);
        auto small = writer->post<int>([](Session &s) -> Result<int> {
            const Result<> done = s.run("UPDATE artifact_jobs SET priority = 9");
            return done ? Result<int>(0) : Result<int>(done.error());
        });
        auto large = writer->post<int>([](Session &s) -> Result<int> {
            const Result<> done = s.run("INSERT INTO ingather_events(at, event, detail) "
                                        "VALUES (1, 'TEST', hex(zeroblob(1000000)))");
            return done ? Result<int>(0) : Result<int>(done.error());
        });
        bool wasExecuted = false;
        auto behind = writer->post<int>([&wasExecuted](Session &) -> Result<int> {
            wasExecuted = true;
            return 0;
        });
        gate.open();
        COMPARE_ERROR(small.result(), ErrorCode::LedgerFull);
        COMPARE_ERROR(large.result(), ErrorCode::LedgerFull);
        COMPARE_ERROR(behind.result(), ErrorCode::LedgerFull);
        QVERIFY(!wasExecuted);
    }
    QCOMPARE(limit("PRAGMA max_page_count = 1000000").result().value_or(-1), SQLITE_OK);
    VERIFY_OK(postPlan(*writer, 3).result());
    const auto session = scratch.open();
    const auto left = jobs(*session, {});
    VERIFY_OK(left);
    QCOMPARE(left->size(), 2);
    QCOMPARE(left->first().priority, 0);
}

namespace
{

/// What the observer of a writer was told.
class Pauses
{
public:
    LedgerThread::PauseObserver observer()
    {
        return [this](const std::optional<core::Error> &why) {
            const std::lock_guard guard(m_mutex);
            m_told.append(why ? core::errorCodeName(why->code) : u"over"_s);
        };
    }
    QStringList told() const
    {
        const std::lock_guard guard(m_mutex);
        return m_told;
    }

private:
    mutable std::mutex m_mutex;
    QStringList m_told;
};

} // namespace

void TestLedgerThread::fullPausesUntilThereIsRoom()
{
    support::FaultyVfs disk;
    Scratch scratch;
    const auto writer = started(LedgerThread::Kind::Writer, scratch);
    VERIFY_OK(postPlan(*writer, 0).result());
    Pauses pauses;
    writer->pauseWhenFull(pauses.observer());
    disk.arm({.call = support::FileCall::Write, .nth = 1, .isForEver = true, .code = SQLITE_FULL});
    QList<QFuture<Result<Planned>>> kept;
    for (int i = 1; i <= 100; ++i) // more than one batch: some wait in the queue
        kept.append(postPlan(*writer, i));
    QTRY_COMPARE(pauses.told(), QStringList{u"ledger_full"_s});
    {
        const OtherProgram reader(scratch.path());
        QCOMPARE(reader.value(u"SELECT count(*) FROM artifact_jobs"_s), u"1"_s);
    }
    for (const auto &future : kept)
        QVERIFY(!future.isFinished()); // nothing is acknowledged that is not committed
    disk.disarm();
    for (auto &future : kept)
        VERIFY_OK(future.result());
    QCOMPARE(pauses.told(), QStringList({u"ledger_full"_s, u"over"_s}));
    writer->stop();
    const auto session = scratch.open();
    QCOMPARE(jobs(*session, {})->size(), 101);
}

void TestLedgerThread::aStopEndsThePause()
{
    support::FaultyVfs disk;
    Scratch scratch;
    const auto writer = started(LedgerThread::Kind::Writer, scratch);
    Pauses pauses;
    writer->pauseWhenFull(pauses.observer());
    disk.arm({.call = support::FileCall::Write, .nth = 1, .isForEver = true, .code = SQLITE_FULL});
    auto kept = postPlan(*writer, 1);
    QTRY_COMPARE(pauses.told().size(), 1);
    auto queued = postPlan(*writer, 2);
    writer->stop();
    COMPARE_ERROR(kept.result(), ErrorCode::LedgerFull);
    COMPARE_ERROR(queued.result(), ErrorCode::LedgerFull);
    QCOMPARE(pauses.told(), QStringList({u"ledger_full"_s, u"over"_s}));
    disk.disarm();
    const auto session = scratch.open();
    QCOMPARE(jobs(*session, {})->size(), 0);
}

void TestLedgerThread::whoWaitsNoMoreFails()
{
    support::FaultyVfs disk;
    Scratch scratch;
    const auto writer = started(LedgerThread::Kind::Writer, scratch);
    Pauses pauses;
    writer->pauseWhenFull(pauses.observer());
    disk.arm({.call = support::FileCall::Write, .nth = 1, .isForEver = true, .code = SQLITE_FULL});
    auto kept = postPlan(*writer, 1);
    QTRY_COMPARE(pauses.told().size(), 1);
    writer->failWhenFull();
    COMPARE_ERROR(kept.result(), ErrorCode::LedgerFull);
    COMPARE_ERROR(postPlan(*writer, 2).result(), ErrorCode::LedgerFull);
    disk.disarm();
    VERIFY_OK(postPlan(*writer, 3).result());
}

void TestLedgerThread::aCommandThatFindsNoRoomIsKeptToo()
{
    // A true FULL of SQLite's own, by which a statement with a journal of its own leaves the transaction
    // alive.
    Scratch scratch;
    const auto writer = started(LedgerThread::Kind::Writer, scratch);
    std::atomic<int> pagesAllowed{1};
    const auto allow = [&pagesAllowed](Session &s) {
        const QByteArray sql = "PRAGMA max_page_count = " + QByteArray::number(pagesAllowed.load());
        return sqlite3_exec(static_cast<sqlite3 *>(s.handle()), sql.constData(), nullptr, nullptr, nullptr);
    };
    Pauses pauses;
    writer->pauseWhenFull(pauses.observer());
    std::atomic<int> runs{0};
    Gate gate(*writer);
    auto neighbour = postPlan(*writer, 1);
    auto many = writer->post<Planned>([&](Session &s) -> Result<Planned> {
        ++runs;
        if (allow(s) != SQLITE_OK)
            return core::Error{ErrorCode::Internal, u"test"_s, 0, {}};
        QList<JobRequest> list;
        for (int i = 100; i < 3000; ++i)
            list.append(request(i));
        return plan(s, list);
    });
    gate.open();
    QTRY_COMPARE(pauses.told().size(), 1);
    QVERIFY(!neighbour.isFinished());
    pagesAllowed = 1'000'000;
    VERIFY_OK(many.result());
    VERIFY_OK(neighbour.result());
    QVERIFY(runs >= 2);
    writer->stop();
    const auto session = scratch.open();
    QCOMPARE(jobs(*session, {})->size(), 2901);
}

void TestLedgerThread::busyFailsTheBatch()
{
    Scratch scratch;
    OpenOptions options = scratch.options(u"impatient"_s);
    options.lockPatience = std::chrono::milliseconds(20);
    auto writer = LedgerThread::start(LedgerThread::Kind::Writer, options);
    VERIFY_OK(writer);
    const auto holder = scratch.open(u"holder"_s);
    VERIFY_OK(holder->begin());
    COMPARE_ERROR(postPlan(**writer, 1).result(), ErrorCode::LedgerBusy);
    holder->rollback();
    VERIFY_OK(postPlan(**writer, 1).result());
}

void TestLedgerThread::stopDrains()
{
    Scratch scratch;
    QList<QFuture<Result<Planned>>> futures;
    {
        const auto writer = started(LedgerThread::Kind::Writer, scratch);
        for (int i = 0; i < 300; ++i)
            futures.append(postPlan(*writer, i));
        writer->stop();
        writer->stop();
    }
    for (auto &future : futures) {
        QVERIFY(future.isFinished());
        VERIFY_OK(future.result());
    }
    const auto session = scratch.open();
    QCOMPARE(jobs(*session, {})->size(), 300);
}

void TestLedgerThread::refusesAfterStop()
{
    Scratch scratch;
    const auto writer = started(LedgerThread::Kind::Writer, scratch);
    writer->stop();
    auto late = postPlan(*writer, 1);
    QVERIFY(late.isFinished());
    COMPARE_ERROR(late.result(), ErrorCode::LedgerClosed);
}

void TestLedgerThread::manyProducersLoseNothing()
{
    // However the stop falls among the producers: each future is answered, and each success is in the ledger.
    for (int round = 0; round < 10; ++round) {
        Scratch scratch;
        const auto writer = started(LedgerThread::Kind::Writer, scratch);
        constexpr int producers = 4;
        constexpr int each = 100;
        std::latch start(producers + 1);
        std::atomic<int> kept{0};
        std::atomic<int> closed{0};
        std::atomic<int> other{0};
        std::vector<std::thread> threads;
        for (int p = 0; p < producers; ++p) {
            threads.emplace_back([&, p] {
                start.arrive_and_wait();
                QList<QFuture<Result<Planned>>> futures;
                for (int i = 0; i < each; ++i)
                    futures.append(postPlan(*writer, p * each + i));
                for (auto &future : futures) {
                    const Result<Planned> result = future.result();
                    if (result)
                        ++kept;
                    else if (result.error().code == ErrorCode::LedgerClosed)
                        ++closed;
                    else
                        ++other;
                }
            });
        }
        start.arrive_and_wait();
        postPlan(*writer, 100'000 + round).waitForFinished();
        writer->stop();
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(other.load(), 0);
        QCOMPARE(kept + closed, producers * each);
        const auto session = scratch.open();
        QCOMPARE(jobs(*session, {})->size(), kept + 1);
    }
}

void TestLedgerThread::readerSeesCommitsAndCannotWrite()
{
    Scratch scratch;
    const auto writer = started(LedgerThread::Kind::Writer, scratch);
    const auto reader = started(LedgerThread::Kind::Reader, scratch);
    for (int i = 1; i <= 5; ++i) {
        VERIFY_OK(postPlan(*writer, i).result());
        const auto all = reader->post<QList<JobRecord>>([](Session &s) { return jobs(s, {}); }).result();
        VERIFY_OK(all);
        QCOMPARE(all->size(), i);
    }
    const auto write =
        reader->post<Planned>([](Session &s) { return transact(s, [](Session &t) { return plan(t, {}); }); });
    COMPARE_ERROR(write.result(), ErrorCode::LedgerReadOnly);
}

void TestLedgerThread::closesItsSession()
{
    Scratch scratch;
    {
        const auto writer = started(LedgerThread::Kind::Writer, scratch);
        const auto reader = started(LedgerThread::Kind::Reader, scratch);
        QCOMPARE(QSqlDatabase::connectionNames().size(), 2);
    }
    QCOMPARE(QSqlDatabase::connectionNames(), QStringList());
}

QTEST_GUILESS_MAIN(TestLedgerThread)
#include "tst_ledger_thread.moc"
