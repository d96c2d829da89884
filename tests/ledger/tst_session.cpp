// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/write_lock.h"

#include <QFileInfo>
#include <QSqlDatabase>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

class TestSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void opensAbsentLedger();
    void createsParentFolders();
    void opensStrangePaths_data();
    void opensStrangePaths();
    void grantsItsPragmas();
    void keepsACommit();
    void rollsBackInDestructor();
    void leavesNoConnection();
    void keepsStatements();
    void preparesAgainAfterAForeignChange();
    void savepointSparesItsNeighbours();
    void stampsGrowStrictly();
    void noticesAClockJump();
    void busyNamesTheHolder();
    void busyBySqlitesOwnLock();
    void swappedAfterTheGenerationRose();
    void eightOpenAtOnce();
    void readerCannotBegin();
};

void TestSession::opensAbsentLedger()
{
    Scratch scratch;
    const auto session = scratch.open();
    QCOMPARE(session->epoch(), 1);
    QCOMPARE(session->path(), scratch.path());
    const auto rights = QFileInfo(scratch.path()).permissions();
    QVERIFY(!(rights & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther)));
}

void TestSession::createsParentFolders()
{
    Scratch scratch;
    OpenOptions options = scratch.options();
    options.path = scratch.dir.filePath(u"a/b/ledger.sqlite3"_s);
    const auto session = Session::open(options);
    VERIFY_OK(session);
    const auto rights = QFileInfo(scratch.dir.filePath(u"a/b"_s)).permissions();
    QVERIFY(!(rights & (QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther)));
}

void TestSession::opensStrangePaths_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("a question mark is no query") << u"what?mode=memory"_s;
    QTest::newRow("a number sign is no fragment") << u"a#b"_s;
    QTest::newRow("an escape is not decoded") << u"a%20b%00"_s;
    QTest::newRow("blanks and quotes are kept") << u"it's \"mine\" ;"_s;
    QTest::newRow("letters beyond ASCII are kept") << u"論文 übersicht 😀"_s;
    QTest::newRow("the word file: is no scheme") << u"file:x"_s;
}

void TestSession::opensStrangePaths()
{
    QFETCH(QString, name);
    Scratch scratch;
    OpenOptions options = scratch.options();
    options.path = scratch.dir.filePath(name);
    {
        const auto session = Session::open(options);
        VERIFY_OK(session);
        planned(**session, {request(1)});
    }
    QVERIFY(QFileInfo::exists(options.path));
    options.access = OpenOptions::Access::ReadOnly;
    const auto reader = Session::open(options);
    VERIFY_OK(reader);
    QCOMPARE(jobs(**reader, {})->size(), 1);
}

void TestSession::grantsItsPragmas()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto pragma = [&](const char *sql) -> QString {
        const Result<QSqlQuery *> rows = session->prepare(sql);
        if (!rows || !session->exec(**rows, sql) || !(*rows)->next())
            return {};
        const QString text = (*rows)->value(0).toString();
        (*rows)->finish();
        return text;
    };
    QCOMPARE(pragma("PRAGMA journal_mode"), u"wal"_s);
    QCOMPARE(pragma("PRAGMA synchronous"), u"2"_s);
    QCOMPARE(pragma("PRAGMA foreign_keys"), u"1"_s);
    QCOMPARE(pragma("PRAGMA trusted_schema"), u"0"_s);
    QCOMPARE(pragma("PRAGMA cell_size_check"), u"1"_s);
    QCOMPARE(pragma("PRAGMA user_version"), u"0"_s); // belongs to others
    int isOn = 0;
    auto *connection = static_cast<sqlite3 *>(session->handle());
    sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, -1, &isOn);
    QCOMPARE(isOn, 1);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, -1, &isOn);
    QCOMPARE(isOn, 1);
}

void TestSession::keepsACommit()
{
    Scratch scratch;
    {
        const auto session = scratch.open();
        planned(*session, {request(1), request(2)});
    }
    const auto again = scratch.open();
    QCOMPARE(jobs(*again, {})->size(), 2);
}

void TestSession::rollsBackInDestructor()
{
    Scratch scratch;
    {
        const auto session = scratch.open();
        VERIFY_OK(session->begin());
        VERIFY_OK(plan(*session, {request(1)}));
    }
    const auto again = scratch.open();
    QCOMPARE(jobs(*again, {})->size(), 0);
    VERIFY_OK(again->begin()); // the lock is free again
}

void TestSession::leavesNoConnection()
{
    Scratch scratch;
    scratch.open();
    for (int i = 0; i < 1000; ++i) {
        const auto session = Session::open(i % 2 == 0 ? scratch.options() : scratch.readOptions());
        VERIFY_OK(session);
        if (i % 10 == 0)
            VERIFY_OK(jobs(**session, {}));
        if (i % 100 == 0)
            VERIFY_OK((*session)->begin());
    }
    QCOMPARE(QSqlDatabase::connectionNames(), QStringList());
}

void TestSession::keepsStatements()
{
    Scratch scratch;
    const auto session = scratch.open();
    static constexpr char sql[] = "SELECT 1";
    const auto first = session->prepare(sql);
    VERIFY_OK(first);
    const auto second = session->prepare(sql);
    VERIFY_OK(second);
    QCOMPARE(*first, *second);
}

void TestSession::preparesAgainAfterAForeignChange()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1)});
    static constexpr char sql[] = "SELECT * FROM ingather_roots"; // the shape that crashes QtSql
    const auto run = [&](Session &s) -> Result<int> {
        const Result<QSqlQuery *> rows = s.prepare(sql);
        if (!rows)
            return rows.error();
        const Result<> done = s.exec(**rows, "read roots");
        if (!done)
            return done.error();
        const bool isThere = (*rows)->next() && (*rows)->value(1).toString() == u"/root"_s;
        (*rows)->finish();
        return isThere ? 1 : 0;
    };
    QCOMPARE(transact(*session, run).value_or(-1), 1);
    const OtherProgram other(scratch.path());
    QCOMPARE(other.run(u"ALTER TABLE ingather_roots ADD COLUMN more TEXT"_s), SQLITE_OK);
    QCOMPARE(transact(*session, run).value_or(-1), 1);
    QCOMPARE(other.run(u"ALTER TABLE ingather_roots ADD COLUMN evenMore TEXT"_s), SQLITE_OK);
    VERIFY_OK(session->refreshStatements());
    QCOMPARE(run(*session).value_or(-1), 1);
}

void TestSession::savepointSparesItsNeighbours()
{
    Scratch scratch;
    const auto session = scratch.open();
    VERIFY_OK(session->begin());
    VERIFY_OK(session->savepoint());
    VERIFY_OK(plan(*session, {request(1)}));
    VERIFY_OK(session->releaseSavepoint());
    VERIFY_OK(session->savepoint());
    VERIFY_OK(plan(*session, {request(2)}));
    session->rollbackToSavepoint();
    VERIFY_OK(session->commit());
    const auto all = jobs(*session, {});
    VERIFY_OK(all);
    QCOMPARE(all->size(), 1);
    QCOMPARE(all->first().canonicalUrl, request(1).canonicalUrl);
}

void TestSession::stampsGrowStrictly()
{
    Scratch scratch;
    const auto session = scratch.open();
    double last = 0;
    for (int i = 0; i < 20; ++i) {
        if (i == 10)
            scratch.clock.jump(-3600); // the wall clock is set back: the feed's cursor must not be
        const JobRecord record = planned(*session, {request(i)}).first().job;
        QVERIFY2(record.updatedAt.seconds > last, qPrintable(QString::number(i)));
        last = record.updatedAt.seconds;
    }
    scratch.clock.jump(7200);
    VERIFY_OK(session->begin());
    QCOMPARE(session->stamp(), scratch.clock.now());
}

void TestSession::noticesAClockJump()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto look = [&] {
        const Result<> begun = session->begin();
        session->rollback();
        return begun && session->isClockSteady(std::chrono::seconds(30));
    };
    QVERIFY(look());
    scratch.clock.advance(3600);
    QVERIFY(look());
    scratch.clock.jump(3600);
    QVERIFY(!look());
    scratch.clock.advance(29);
    QVERIFY(!look());
    scratch.clock.advance(2);
    QVERIFY(look());
}

void TestSession::busyNamesTheHolder()
{
    Scratch scratch;
    const auto holder = scratch.open(u"desk/boot/1/2/3/nonce"_s);
    OpenOptions options = scratch.options(u"waiter"_s);
    options.lockPatience = std::chrono::milliseconds(30);
    const auto waiter = Session::open(options);
    VERIFY_OK(waiter);
    VERIFY_OK(holder->begin());
    const Result<> begun = (*waiter)->begin();
    COMPARE_ERROR(begun, ErrorCode::LedgerBusy);
    QVERIFY2(begun.error().detail.contains(u"desk/boot/1/2/3/nonce"_s), qPrintable(begun.error().detail));
    QVERIFY(!(*waiter)->isInTransaction());
    holder->rollback();
    VERIFY_OK((*waiter)->begin());
}

void TestSession::busyBySqlitesOwnLock()
{
    Scratch scratch;
    const auto session = scratch.open();
    sqlite3_busy_timeout(static_cast<sqlite3 *>(session->handle()), 20);
    const OtherProgram other(scratch.path());
    QCOMPARE(other.run(u"BEGIN IMMEDIATE"_s), SQLITE_OK);
    COMPARE_ERROR(session->begin(), ErrorCode::LedgerBusy);
    QCOMPARE(other.run(u"COMMIT"_s), SQLITE_OK);
    VERIFY_OK(session->begin());
}

void TestSession::swappedAfterTheGenerationRose()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1)});
    WriteLock repair;
    VERIFY_OK(repair.open(scratch.path(), false));
    VERIFY_OK(repair.acquire(std::chrono::seconds(1), u"repair"_s, 1));
    VERIFY_OK(repair.raiseGeneration(u"repair"_s, 2));
    repair.release();
    COMPARE_ERROR(session->begin(), ErrorCode::LedgerSwapped);
    COMPARE_ERROR(session->begin(), ErrorCode::LedgerSwapped);
    const auto again = scratch.open();
    VERIFY_OK(again->begin());
}

void TestSession::eightOpenAtOnce()
{
    for (int round = 0; round < 5; ++round) {
        Scratch scratch;
        constexpr int count = 8;
        std::latch start(count);
        std::vector<QByteArray> errors(count);
        std::vector<std::thread> threads;
        for (int i = 0; i < count; ++i) {
            threads.emplace_back([&, i] {
                start.arrive_and_wait();
                const auto session = Session::open(scratch.options(QString::number(i)));
                errors[static_cast<std::size_t>(i)] = why(session);
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        for (const QByteArray &error : errors)
            QCOMPARE(error, QByteArray());
        const OtherProgram other(scratch.path());
        QCOMPARE(other.rows(u"SELECT version FROM ingather_migrations ORDER BY version"_s),
                 QStringList({u"1"_s, u"2"_s}));
        QCOMPARE(other.value(u"SELECT count(*) FROM __schema_version__"_s), u"2"_s);
    }
}

void TestSession::readerCannotBegin()
{
    Scratch scratch;
    scratch.open();
    const auto reader = Session::open(scratch.readOptions());
    VERIFY_OK(reader);
    COMPARE_ERROR((*reader)->begin(), ErrorCode::LedgerReadOnly);
    COMPARE_ERROR((*reader)->run("DELETE FROM artifact_jobs"), ErrorCode::LedgerReadOnly);
}

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
