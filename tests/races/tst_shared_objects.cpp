// SPDX-License-Identifier: MIT
#include "engine/limits/rate_limits.h"
#include "engine/periodic_thread.h"
#include "engine/run_control.h"
#include "ledger/ledger_thread.h"
#include "ledger/records.h"
#include "storage/group_sync.h"
#include "storage/part_feed.h"
#include "storage/part_file.h"
#include "support/manual_clock.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

using namespace ingather;
using namespace Qt::StringLiterals;

namespace
{

constexpr int threadCount = 4;

/// Runs `work(0)` … `work(threadCount - 1)` at the same time, each on a thread of its own, to their ends.
void onAllThreads(const std::function<void(int)> &work)
{
    std::latch together(threadCount);
    std::vector<std::jthread> threads;
    for (int i = 0; i < threadCount; ++i) {
        threads.emplace_back([&, i] {
            together.arrive_and_wait();
            work(i);
        });
    }
}

/// So late at each look that whatever was booked is paid for.
class HurryingClock final : public core::Clock
{
public:
    core::UnixTime now() const override { return {1e9 + double(++m_looks)}; }
    core::BootTime sinceBoot() const override { return std::chrono::seconds(++m_looks); }

private:
    mutable std::atomic<qint64> m_looks{0};
};

} // namespace

/// What several threads share and needs no event loop, used by all of them at once. In any build it checks
/// the outcome; built with ThreadSanitizer (tests/races/run.sh) it finds accesses that nothing puts in order.
class TestSharedObjects final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theQueueOfTheLedger();
    void syncsInGroups();
    void blocksOnTheirWayToTheDisk();
    void rateLimits();
    void theEndOfARun();
    void aThreadThatIsWokenAndStopped();
};

/// Commands from everywhere while somebody stops it: each is executed or refused, none is lost.
void TestSharedObjects::theQueueOfTheLedger()
{
    const QTemporaryDir folder;
    const support::ManualClock clock;
    ledger::OpenOptions options;
    options.path = folder.filePath(u"ledger.sqlite3"_s);
    options.clock = &clock;
    options.owner = u"owner"_s;
    auto writer = ledger::LedgerThread::start(ledger::LedgerThread::Kind::Writer, options);
    QVERIFY(writer.has_value());
    constexpr int commands = 50;
    int executed = 0; // of the ledger's thread, until it is joined
    std::atomic<int> refused{0};
    onAllThreads([&](int thread) {
        QList<QFuture<core::Result<int>>> answers;
        for (int i = 0; i < commands; ++i) {
            answers.append((*writer)->post<int>(
                [&executed](ledger::Session &) -> core::Result<int> { return ++executed; }));
        }
        if (thread == 0)
            (*writer)->stop();
        for (QFuture<core::Result<int>> &answer : answers) {
            answer.waitForFinished();
            refused += !answer.result();
        }
    });
    (*writer)->stop();
    QCOMPARE(executed + refused, threadCount * commands);
    QVERIFY(executed >= commands); // those of whoever stopped it were there before
}

void TestSharedObjects::syncsInGroups()
{
    int synced = 0; // of the syncing thread, until it is joined
    constexpr int asked = 200;
    std::atomic<int> answered{0};
    {
        const auto note = [&synced](const QString &) {
            ++synced;
            return core::Result<>();
        };
        storage::GroupSync sync({note, note, note});
        onAllThreads([&](int thread) {
            for (int i = 0; i < asked; ++i) {
                sync.sync(u"/volume%1"_s.arg(i % 2), {u"/file%1"_s.arg(thread)}, {u"/folder"_s},
                          [&answered](const core::Result<> &result) { answered += result.has_value(); });
            }
        });
    }
    QCOMPARE(answered, threadCount * asked);
    QVERIFY(synced > 0);
}

/// Each thread feeds a part of its own, whose blocks are written by a thread that comes and goes.
void TestSharedObjects::blocksOnTheirWayToTheDisk()
{
    const QTemporaryDir folder;
    std::atomic<int> wrong{0};
    onAllThreads([&](int thread) {
        const storage::PartDescription description{{u"job%1"_s.arg(thread)}, u"http://a/b"_s, {}};
        auto made = storage::PartFile::create(folder.path(), u"job%1.1-1.part"_s.arg(thread), description);
        if (!made) {
            ++wrong;
            return;
        }
        const auto part = std::make_shared<storage::PartFile>(std::move(*made));
        constexpr int blocks = 100;
        constexpr qsizetype blockSize = 4096;
        std::vector<std::jthread> writers;
        const auto feed = storage::PartFeed::make(
            part, [&writers](std::function<void()> work) { writers.emplace_back(std::move(work)); });
        for (int i = 0; i < blocks; ++i) {
            QByteArray block = feed->buffer();
            block.fill(char('a' + i % 26), blockSize);
            feed->give(std::move(block), blockSize);
            if (feed->waiting() > 8 * blockSize) {
                std::latch room(1);
                feed->whenAtMost(2 * blockSize, [&room] { room.count_down(); });
                room.wait();
            }
        }
        std::latch written(1);
        feed->whenAtMost(0, [&written] { written.count_down(); });
        written.wait();
        wrong += feed->failure().has_value() || part->length() != blocks * blockSize;
        writers.clear(); // joins them
    });
    QCOMPARE(wrong, 0);
}

void TestSharedObjects::rateLimits()
{
    const HurryingClock clock;
    engine::RateLimits limits(clock, 1'000'000, {});
    constexpr int rounds = 500;
    std::atomic<int> admitted{0};
    onAllThreads([&](int thread) {
        ledger::JobRecord job;
        job.id = {u"job%1"_s.arg(thread)};
        job.rateLimit = 1000;
        for (int i = 0; i < rounds; ++i) {
            const qint64 size = limits.blockSize(job, 100'000);
            // With this clock nobody waits, so the coroutine is over when it returns.
            const QCoro::Task<void> admission = limits.admit(job, size / 1000, {});
            admitted += admission.isReady();
            if (i % 50 == 0)
                limits.end(job.id);
        }
    });
    QCOMPARE(admitted, threadCount * rounds);
    QCOMPARE(limits.currentRate(), 1'000'000);
}

/// The first of several reasons stands, and whoever sees the stop sees it.
void TestSharedObjects::theEndOfARun()
{
    for (int round = 0; round < 200; ++round) {
        engine::RunControl control(std::chrono::seconds(1));
        const std::stop_token token = control.token();
        std::atomic<int> sawNoReason{0};
        onAllThreads([&](int thread) {
            if (thread == 0) {
                control.extend(std::chrono::seconds(2));
                control.end(core::ErrorCode::Paused);
            } else if (thread == 1) {
                control.noteFailure(core::ErrorCode::Stopped);
                control.end(core::ErrorCode::LeaseLost);
            } else {
                while (!token.stop_requested())
                    std::this_thread::yield();
                sawNoReason += !control.reason().has_value();
            }
        });
        QCOMPARE(sawNoReason, 0);
        const auto reason = control.reason();
        QVERIFY(reason == core::ErrorCode::Paused || reason == core::ErrorCode::LeaseLost);
        QVERIFY(control.mayWrite(std::chrono::milliseconds(1500)));
    }
}

void TestSharedObjects::aThreadThatIsWokenAndStopped()
{
    int worked = 0; // of its thread, until it is joined
    std::latch begun(1);
    {
        engine::PeriodicThread periodic(std::chrono::hours(1), [&](const std::stop_token &, bool) {
            if (worked++ == 0)
                begun.count_down();
        });
        begun.wait();
        onAllThreads([&](int thread) {
            for (int i = 0; i < 100; ++i)
                periodic.wake();
            if (thread == 0)
                periodic.stop();
        });
    }
    QVERIFY(worked >= 1);
}

QTEST_GUILESS_MAIN(TestSharedObjects)
#include "tst_shared_objects.moc"
