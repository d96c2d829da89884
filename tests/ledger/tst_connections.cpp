// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/connections.h"

#include <QDir>
#include <QSqlDatabase>
#include <QThread>

#include <latch>
#include <set>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

class TestConnections : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reusesAThreadsSession();
    void neverShares();
    void boundsThem();
    void closesAtTheEndOfAThread();
    void passesErrorsOn();
    void outlivedByAThread();
    void leavesNothingAfterAThousandCycles();
};

void TestConnections::reusesAThreadsSession()
{
    Scratch scratch;
    Connections connections(scratch.options(), 2);
    const auto first = connections.session();
    VERIFY_OK(first);
    QCOMPARE(*connections.session(), *first);
    QCOMPARE(connections.count(), 1);
    connections.close();
    QCOMPARE(connections.count(), 0);
    connections.close();
    QCOMPARE(QSqlDatabase::connectionNames(), QStringList());
}

void TestConnections::neverShares()
{
    Scratch scratch;
    Connections connections(scratch.options(), 8);
    constexpr int count = 8;
    std::latch all(count);
    std::vector<Session *> seen(count);
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) {
        threads.emplace_back([&, i] {
            const auto session = connections.session();
            seen[static_cast<std::size_t>(i)] = session ? *session : nullptr;
            all.arrive_and_wait();
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    const std::set<Session *> different(seen.begin(), seen.end());
    QCOMPARE(different.size(), std::size_t{count});
    QVERIFY(!different.contains(nullptr));
    QCOMPARE(connections.count(), 0);
}

void TestConnections::boundsThem()
{
    Scratch scratch;
    Connections connections(scratch.options(), 1);
    VERIFY_OK(connections.session());
    Result<Session *> other = nullptr;
    std::thread([&] { other = connections.session(); }).join();
    COMPARE_ERROR(other, ErrorCode::TooManyConnections);
    VERIFY_OK(connections.session());
    connections.close();
    Result<bool> now = false;
    std::thread([&] { now = connections.session().has_value(); }).join();
    QVERIFY(*now);
}

void TestConnections::closesAtTheEndOfAThread()
{
    Scratch scratch;
    Connections connections(scratch.options(), 3);
    for (int i = 0; i < 20; ++i)
        std::thread([&] { QVERIFY(connections.session().has_value()); }).join();
    const std::unique_ptr<QThread> thread(
        QThread::create([&] { QVERIFY(connections.session().has_value()); }));
    thread->start();
    thread->wait();
    QCOMPARE(connections.count(), 0);
    QCOMPARE(QSqlDatabase::connectionNames(), QStringList());
}

void TestConnections::passesErrorsOn()
{
    Scratch scratch;
    Connections connections(scratch.readOptions(), 1);
    COMPARE_ERROR(connections.session(), ErrorCode::LedgerUnmigrated);
    QCOMPARE(connections.count(), 0);
    scratch.open();
    VERIFY_OK(connections.session());
}

void TestConnections::outlivedByAThread()
{
    Scratch scratch;
    auto connections = std::make_unique<Connections>(scratch.options(), 2);
    std::latch opened(1);
    std::latch gone(1);
    std::thread thread([&] {
        QVERIFY(connections->session().has_value());
        opened.count_down();
        gone.wait();
    });
    opened.wait();
    connections.reset();
    gone.count_down();
    thread.join();
    QCOMPARE(QSqlDatabase::connectionNames(), QStringList());
}

void TestConnections::leavesNothingAfterAThousandCycles()
{
    Scratch scratch;
    scratch.open();
    const auto openFiles = [] {
        return QDir(u"/proc/self/fd"_s).entryList(QDir::Files | QDir::System).size();
    };
    const qsizetype before = openFiles();
    QVERIFY(before > 0);
    Connections connections(scratch.options(), 2);
    for (int i = 0; i < 1000; ++i) {
        const auto session = connections.session();
        VERIFY_OK(session);
        if (i % 100 == 0)
            VERIFY_OK((*session)->begin()); // closing it rolls back and frees the lock
        connections.close();
    }
    QCOMPARE(connections.count(), 0);
    QCOMPARE(QSqlDatabase::connectionNames(), QStringList());
    QCOMPARE(openFiles(), before);
    VERIFY_OK(scratch.open()->begin());
}

QTEST_GUILESS_MAIN(TestConnections)
#include "tst_connections.moc"
