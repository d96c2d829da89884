// SPDX-License-Identifier: MIT
#include "engine/backup_keeper.h"

#include "engine_fixture.h"
#include "ledger/backups/rolling_backups.h"
#include "ledger/leases.h"
#include "ledger/session.h"
#include "platform/process_identity.h"
#include "platform/system_clock.h"
#include "support/manual_clock.h"

#include <QFileInfo>
#include <QProcess>

#include <atomic>

using namespace Qt::StringLiterals;
using namespace ingather;
using engine::BackupKeeper;

namespace
{

constexpr double hour = 3600;
constexpr std::chrono::milliseconds oftenEnough{1};

/// A keeper whose looks can be waited for. It looks all the time; only the clock of the test says how late it
/// is.
class WatchedKeeper
{
public:
    explicit WatchedKeeper(const QString &ledger, const core::Clock &clock)
        : keeper(ledger, clock, oftenEnough)
    {
        QObject::connect(
            &keeper, &BackupKeeper::looked, &keeper, [this] { ++m_looks; }, Qt::DirectConnection);
        QObject::connect(
            &keeper, &BackupKeeper::failed, &keeper, [this] { ++failures; }, Qt::DirectConnection);
    }
    /// What happened before the call has been looked at when it returns.
    bool hasLooked()
    {
        const int until = m_looks + 2;
        return QTest::qWaitFor([this, until] { return m_looks >= until; });
    }

private:
    std::atomic_int m_looks = 0;

public:
    std::atomic_int failures = 0;
    BackupKeeper keeper; // ends first
};

/// Of a process that is no more.
QString deadOwner()
{
    QProcess process;
    process.start(u"true"_s, QStringList());
    const qint64 pid = process.processId();
    process.waitForFinished();
    platform::ProcessIdentity identity = platform::ProcessIdentity::current();
    identity.pid = pid;
    identity.pidStart = 1;
    return identity.toString();
}

} // namespace

class TestBackupKeeper : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void makesOneADay();
    void makesOneSoonAfterAnUncleanEnd();
    void oneFromTheFutureCountsForNothing();
    void aFailureIsToldAndTriedAgain();
    void endsAtOnceAndLeavesNothingHalf();
    void aWorkerKeepsBackups_data();
    void aWorkerKeepsBackups();
    void aWorkerThatFindsADeadOneBacksUp();

private:
    QString ledger() const { return m_fixture->settings.ledgerPath; }
    QString backups() const { return ledger::backupFolder(ledger()); }
    void addJob();
    QList<qint64> jobsInBackups() const;

    std::unique_ptr<tests::EngineFixture> m_fixture;
    support::ManualClock m_clock;
    int m_number = 0;
};

void TestBackupKeeper::init()
{
    m_fixture = std::make_unique<tests::EngineFixture>();
    QVERIFY(m_fixture->open());
    addJob();
}

void TestBackupKeeper::cleanup()
{
    m_fixture.reset();
}

void TestBackupKeeper::addJob()
{
    QCOMPARE(m_fixture->add({m_fixture->request(u"/%1"_s.arg(++m_number))}, false).size(), 1);
}

/// Newest backup first.
QList<qint64> TestBackupKeeper::jobsInBackups() const
{
    QList<qint64> jobs;
    for (const ledger::BackupInfo &info : ledger::listBackups(ledger()))
        jobs.append(info.jobs.value_or(-1));
    return jobs;
}

void TestBackupKeeper::makesOneADay()
{
    WatchedKeeper watched(ledger(), m_clock);
    QVERIFY(watched.hasLooked());
    QCOMPARE(jobsInBackups(), QList<qint64>{1});
    addJob();
    m_clock.advance(23 * hour);
    QVERIFY(watched.hasLooked());
    QCOMPARE(jobsInBackups(), QList<qint64>{1});
    m_clock.advance(2 * hour);
    QVERIFY(watched.hasLooked());
    QCOMPARE(jobsInBackups(), QList<qint64>({2, 1}));
    m_clock.advance(72 * hour);
    QVERIFY(watched.hasLooked());
    QCOMPARE(jobsInBackups(), QList<qint64>({2, 1})); // nothing new in it
    addJob();
    QVERIFY(watched.hasLooked());
    QCOMPARE(jobsInBackups(), QList<qint64>({3, 2, 1}));
    QCOMPARE(watched.failures, 0);
}

void TestBackupKeeper::makesOneSoonAfterAnUncleanEnd()
{
    WatchedKeeper watched(ledger(), m_clock);
    QVERIFY(watched.hasLooked());
    addJob();
    m_clock.advance(1);
    QVERIFY(watched.hasLooked());
    QCOMPARE(jobsInBackups(), QList<qint64>{1});
    watched.keeper.backUpSoon();
    QVERIFY(watched.hasLooked());
    QCOMPARE(jobsInBackups(), QList<qint64>({2, 1}));
    watched.keeper.backUpSoon();
    QVERIFY(watched.hasLooked());
    QCOMPARE(jobsInBackups(), QList<qint64>({2, 1}));
}

void TestBackupKeeper::oneFromTheFutureCountsForNothing()
{
    m_clock.jump(1000 * hour);
    QVERIFY(ledger::backUpIfChanged(ledger(), m_clock.now(), {}));
    m_clock.jump(-1000 * hour);
    addJob();
    WatchedKeeper watched(ledger(), m_clock);
    QVERIFY(watched.hasLooked());
    QCOMPARE(jobsInBackups(), QList<qint64>({1, 2})); // by their names
}

void TestBackupKeeper::aFailureIsToldAndTriedAgain()
{
    QFile inTheWay(backups());
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    inTheWay.close();
    WatchedKeeper watched(ledger(), m_clock);
    QVERIFY(watched.hasLooked());
    QVERIFY(watched.failures >= 1);
    QVERIFY(inTheWay.remove());
    QVERIFY(watched.hasLooked());
    QCOMPARE(jobsInBackups(), QList<qint64>{1});
}

void TestBackupKeeper::endsAtOnceAndLeavesNothingHalf()
{
    for (int i = 0; i < 30; ++i) {
        BackupKeeper keeper(ledger(), m_clock); // would look again in an hour
        if (i % 3 == 1)
            keeper.backUpSoon();
        if (i % 3 == 2)
            keeper.stop();
        addJob();
    }
    const QStringList unfinished = QDir(backups()).entryList({u".ingather-*"_s}, QDir::Files | QDir::Hidden);
    QCOMPARE(unfinished, QStringList());
}

void TestBackupKeeper::aWorkerKeepsBackups_data()
{
    QTest::addColumn<bool>("isWanted");
    QTest::newRow("if the settings say so") << true;
    QTest::newRow("not if they say no") << false;
}

void TestBackupKeeper::aWorkerKeepsBackups()
{
    QFETCH(bool, isWanted);
    m_fixture->settings.backups = isWanted;
    QVERIFY(m_fixture->open());
    QVERIFY(m_fixture->startWorker({}));
    if (isWanted)
        QTRY_COMPARE(jobsInBackups(), QList<qint64>{1});
    QVERIFY(m_fixture->stopWorker());
    QCOMPARE(QFileInfo::exists(backups()), isWanted);
}

void TestBackupKeeper::aWorkerThatFindsADeadOneBacksUp()
{
    const platform::SystemClock clock;
    QVERIFY(ledger::backUpIfChanged(ledger(), clock.now(), {})); // young enough for a day
    addJob();
    ledger::OpenOptions options;
    options.path = ledger();
    options.clock = &clock;
    options.owner = u"test"_s;
    auto session = ledger::Session::open(options);
    QVERIFY(session);
    QVERIFY((*session)->begin());
    QVERIFY(ledger::registerOwner(**session, deadOwner(), u"worker"_s));
    QVERIFY((*session)->commit());
    QVERIFY(m_fixture->startWorker({}));
    QTRY_COMPARE(jobsInBackups(), QList<qint64>({2, 1}));
    QTRY_VERIFY(ledger::knownOwners(**session).value_or(QStringList{u"?"_s}) ==
                QStringList(m_fixture->engine->ownOwner())); // the dead one has been dealt with
    QVERIFY(m_fixture->stopWorker());
}

QTEST_GUILESS_MAIN(TestBackupKeeper)
#include "tst_backup_keeper.moc"
