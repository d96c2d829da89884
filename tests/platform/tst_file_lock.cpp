// SPDX-License-Identifier: MIT
#include "platform/file_lock.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <memory>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace ingather;
using platform::FileLock;
using namespace std::chrono_literals;

/// Real locks on real files, between objects of one process and between processes.
class TestFileLock final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void opensOnlyWhatIsThereUnlessToldToCreate();
    void twoObjectsExcludeEachOther();
    void patienceRunsOut_data();
    void patienceRunsOut();
    void releaseWakesTheWaiter();
    void waitersGetTheLockOneAfterTheOther();
    void whoReleasesDoesNotOvertakeTheWaiter();
    void aThreadWithEverySignalBlockedStillLosesPatience();
    void otherThreadsAreNotInterrupted();
    void aForeignSignalDoesNotEndTheWait();
    void theLockGoesWithTheObject();
    void aBorrowedDescriptorStaysOpen();
    void movingCarriesTheLockAlong();
    void anErrorIsNotMistakenForPatience();

private:
    FileLock opened() const
    {
        core::Result<FileLock> lock = FileLock::open(m_path, true);
        if (!lock)
            qFatal("cannot open the lock file");
        return std::move(*lock);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

namespace
{

/// Whether the thread sleeps inside flock(2), as the kernel sees it. What the waiting tests wait for.
bool sleepsInFlock(pid_t thread)
{
    QFile file(QStringLiteral("/proc/self/task/%1/syscall").arg(thread));
    return file.open(QIODevice::ReadOnly) &&
           file.read(256).startsWith(QByteArray::number(static_cast<int>(SYS_flock)) + ' ');
}

} // namespace

void TestFileLock::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_path = m_folder->filePath(QStringLiteral("lock"));
}

void TestFileLock::opensOnlyWhatIsThereUnlessToldToCreate()
{
    const core::Result<FileLock> missing = FileLock::open(m_path, false);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, core::ErrorCode::FileMissing);
    QVERIFY(!QFile::exists(m_path));

    const core::Result<FileLock> created = FileLock::open(m_path, true);
    QVERIFY(created.has_value());
    QCOMPARE(QFile::permissions(m_path) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteOther),
             QFile::Permissions());
    QVERIFY(FileLock::open(m_path, false).has_value());
}

void TestFileLock::twoObjectsExcludeEachOther()
{
    FileLock one = opened();
    FileLock other = opened();
    QVERIFY(*one.tryAcquire());
    QVERIFY(one.isHeld());
    QVERIFY(*one.tryAcquire()); // what is held is had
    QVERIFY(*one.acquire(0ms));
    QVERIFY(!*other.tryAcquire());
    QVERIFY(!other.isHeld());
    one.release();
    QVERIFY(!one.isHeld());
    QVERIFY(*other.tryAcquire());
    QVERIFY(!*one.tryAcquire());
}

void TestFileLock::patienceRunsOut_data()
{
    QTest::addColumn<int>("milliseconds");
    QTest::newRow("no patience") << 0;
    QTest::newRow("negative patience") << -5;
    QTest::newRow("one millisecond") << 1;
    QTest::newRow("a tenth of a second") << 100;
}

void TestFileLock::patienceRunsOut()
{
    QFETCH(int, milliseconds);
    FileLock holder = opened();
    QVERIFY(*holder.tryAcquire());
    FileLock waiter = opened();
    QElapsedTimer timer;
    timer.start();
    const core::Result<bool> got = waiter.acquire(std::chrono::milliseconds(milliseconds));
    const qint64 waited = timer.nsecsElapsed();
    QVERIFY(got.has_value());
    QVERIFY(!*got);
    QVERIFY(!waiter.isHeld());
    QVERIFY2(waited >= qint64(milliseconds) * 1'000'000, qPrintable(QString::number(waited)));
    QVERIFY2(waited < (milliseconds + 2000) * qint64(1'000'000), qPrintable(QString::number(waited)));
    holder.release();
    QVERIFY(*waiter.acquire(std::chrono::milliseconds(milliseconds)));
}

void TestFileLock::releaseWakesTheWaiter()
{
    FileLock holder = opened();
    QVERIFY(*holder.tryAcquire());
    std::atomic<pid_t> waiter{0};
    std::atomic<bool> got{false};
    std::jthread thread([&] {
        FileLock lock = opened();
        waiter = gettid();
        got = *lock.acquire(60s);
    });
    QTRY_VERIFY(waiter != 0 && sleepsInFlock(waiter));
    QVERIFY(!got);
    QElapsedTimer timer;
    timer.start();
    holder.release();
    thread.join();
    QVERIFY(got);
    QVERIFY2(timer.elapsed() < 10'000, "the waiter slept on after the release");
}

void TestFileLock::waitersGetTheLockOneAfterTheOther()
{
    constexpr int threads = 4;
    constexpr int rounds = 200;
    int unguarded = 0; // only the lock keeps the threads from losing increments
    std::atomic<int> inside{0};
    std::atomic<int> failures{0};
    std::vector<std::jthread> all;
    for (int i = 0; i < threads; ++i) {
        all.emplace_back([&] {
            FileLock lock = opened();
            for (int round = 0; round < rounds; ++round) {
                const core::Result<bool> got = lock.acquire(30s);
                if (!got || !*got || ++inside != 1)
                    ++failures;
                const int seen = unguarded;
                std::this_thread::yield();
                unguarded = seen + 1;
                --inside;
                lock.release();
            }
        });
    }
    for (std::jthread &thread : all)
        thread.join();
    QCOMPARE(failures.load(), 0);
    QCOMPARE(unguarded, threads * rounds);
}

void TestFileLock::whoReleasesDoesNotOvertakeTheWaiter()
{
    FileLock greedy = opened();
    for (int round = 0; round < 50; ++round) {
        QVERIFY(*greedy.acquire(1s));
        std::atomic<pid_t> waiter{0};
        std::atomic<bool> hadIt{false};
        std::jthread thread([&] {
            FileLock lock = opened();
            waiter = gettid();
            hadIt = *lock.acquire(60s);
        });
        while (waiter == 0 || !sleepsInFlock(waiter))
            std::this_thread::yield();
        greedy.release();
        QVERIFY(*greedy.acquire(60s));
        QVERIFY(hadIt);
        greedy.release();
    }
}

void TestFileLock::aThreadWithEverySignalBlockedStillLosesPatience()
{
    FileLock holder = opened();
    QVERIFY(*holder.tryAcquire());
    std::atomic<bool> ranOut{false};
    std::atomic<bool> isMaskRestored{false};
    std::jthread thread([&] {
        sigset_t every;
        sigfillset(&every);
        pthread_sigmask(SIG_SETMASK, &every, nullptr);
        FileLock lock = opened();
        const core::Result<bool> got = lock.acquire(20ms);
        ranOut = got.has_value() && !*got;
        sigset_t mask;
        pthread_sigmask(SIG_SETMASK, nullptr, &mask);
        isMaskRestored = sigismember(&mask, SIGRTMIN + 7) == 1;
    });
    thread.join();
    QVERIFY(ranOut);
    QVERIFY(isMaskRestored);
}

void TestFileLock::otherThreadsAreNotInterrupted()
{
    // The bystander blocks in a read that reports every interruption.
    int ends[2];
    QCOMPARE(pipe2(ends, O_CLOEXEC), 0);
    std::atomic<int> outcome{-2};
    std::atomic<int> reason{0};
    std::jthread bystander([&] {
        char byte = 0;
        outcome = static_cast<int>(read(ends[0], &byte, 1));
        reason = errno;
    });
    FileLock holder = opened();
    QVERIFY(*holder.tryAcquire());
    FileLock waiter = opened();
    for (int i = 0; i < 10; ++i)
        QVERIFY(!*waiter.acquire(10ms));
    QCOMPARE(outcome.load(), -2); // still reading
    QCOMPARE(write(ends[1], "x", 1), ssize_t(1));
    bystander.join();
    QCOMPARE(outcome.load(), 1);
    close(ends[0]);
    close(ends[1]);
}

void TestFileLock::aForeignSignalDoesNotEndTheWait()
{
    struct sigaction action {
    };
    struct sigaction former {
    };
    static std::atomic<int> handled{0};
    handled = 0;
    action.sa_handler = [](int) { ++handled; };
    QCOMPARE(sigaction(SIGUSR1, &action, &former), 0);

    FileLock holder = opened();
    QVERIFY(*holder.tryAcquire());
    std::atomic<pid_t> waiter{0};
    std::atomic<pthread_t> handle{};
    std::atomic<bool> got{false};
    std::jthread thread([&] {
        FileLock lock = opened();
        handle = pthread_self();
        waiter = gettid();
        got = *lock.acquire(60s);
    });
    QTRY_VERIFY(waiter != 0 && sleepsInFlock(waiter));
    QCOMPARE(pthread_kill(handle, SIGUSR1), 0);
    QTRY_COMPARE(handled.load(), 1);
    QTRY_VERIFY(sleepsInFlock(waiter)); // back in the queue
    holder.release();
    thread.join();
    QVERIFY(got);
    sigaction(SIGUSR1, &former, nullptr);
}

void TestFileLock::theLockGoesWithTheObject()
{
    FileLock other = opened();
    {
        FileLock lock = opened();
        QVERIFY(*lock.tryAcquire());
        QVERIFY(!*other.tryAcquire());
    }
    QVERIFY(*other.tryAcquire());
}

void TestFileLock::aBorrowedDescriptorStaysOpen()
{
    const int descriptor = open(QFile::encodeName(m_path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    QVERIFY(descriptor >= 0);
    FileLock other = opened();
    {
        FileLock lock = FileLock::borrow(descriptor);
        QVERIFY(lock.isOpen());
        QVERIFY(*lock.tryAcquire());
        QVERIFY(!*other.tryAcquire());
    }
    QVERIFY(fcntl(descriptor, F_GETFD) >= 0);
    QVERIFY(*other.tryAcquire()); // but the lock is given back
    close(descriptor);
}

void TestFileLock::movingCarriesTheLockAlong()
{
    FileLock other = opened();
    FileLock source = opened();
    QVERIFY(*source.tryAcquire());
    FileLock target(std::move(source));
    QVERIFY(target.isHeld());
    QVERIFY(!*other.tryAcquire());
    FileLock third = opened();
    third = std::move(target);
    QVERIFY(third.isHeld());
    QVERIFY(!*other.tryAcquire());
    third = FileLock();
    QVERIFY(*other.tryAcquire());
}

void TestFileLock::anErrorIsNotMistakenForPatience()
{
    FileLock closed;
    QVERIFY(!closed.isOpen());
    const core::Result<bool> got = closed.acquire(10ms);
    QVERIFY(!got);
    QCOMPARE(got.error().native, EBADF);
}

QTEST_GUILESS_MAIN(TestFileLock)
#include "tst_file_lock.moc"
