// SPDX-License-Identifier: MIT
#include "check_fixture.h"

#include "ledger/validation/drift.h"
#include "ledger/validation/row_checks.h"

#include <QRandomGenerator>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using core::FindingId;
using core::Severity;

namespace
{

constexpr qint64 pageSize = 4096;

Result<QList<core::Finding>> pagesOf(const QString &path, const core::WorkControl &control = {})
{
    return lookedAt(path, [&](sqlite3 *connection) { return checkPages(connection, control); });
}

/// A ledger of some hundred jobs that lies in its main file alone.
void fillWell(const Scratch &scratch)
{
    {
        fill(scratch);
        const auto session = scratch.open();
        QList<JobRequest> requests;
        for (int i = 100; i < 600; ++i)
            requests.append(request(i));
        planned(*session, requests);
    }
    QCOMPARE(
        OtherProgram(scratch.path()).run(u"PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE"_s),
        SQLITE_OK);
}

void overwrite(const QString &path, qint64 offset, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(offset));
    QCOMPARE(file.write(bytes), bytes.size());
}

qint64 rootOf(const Scratch &scratch, const QString &object)
{
    return OtherProgram(scratch.path())
        .value(u"SELECT rootpage FROM sqlite_schema WHERE name = '%1'"_s.arg(object))
        .toLongLong();
}

void zeroPage(const Scratch &scratch, qint64 page)
{
    overwrite(scratch.path(), (page - 1) * pageSize, QByteArray(pageSize, '\0'));
}

/// Statements while the schema knows nothing of that index.
QString behindTheIndex(const QString &index, const QString &sql)
{
    return u"CREATE TEMP TABLE kept AS SELECT * FROM sqlite_schema WHERE name = '%1'; "
           "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = '%1'; "
           "PRAGMA writable_schema = RESET; %2; PRAGMA writable_schema = ON; "
           "INSERT INTO sqlite_schema SELECT * FROM kept; PRAGMA writable_schema = RESET"_s.arg(index, sql);
}

/// Statements while the schema says something else of one of its objects.
QString underAnotherText(const QString &object, const QString &text, const QString &other, const QString &sql)
{
    const auto replaced = [&](const QString &from, const QString &to) {
        return u"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '%1', '%2') "
               "WHERE name = '%3'; PRAGMA writable_schema = RESET; "_s.arg(from, to, object);
    };
    return replaced(text, other) + sql + u"; "_s + replaced(other, text);
}

bool has(const QList<core::Finding> &findings, FindingId id)
{
    return std::any_of(findings.begin(), findings.end(),
                       [id](const core::Finding &finding) { return finding.id == id; });
}

} // namespace

class TestPageChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsNothingInAWholeLedger();
    void tellsApart_data();
    void tellsApart();
    void findsEntriesOutOfOrder();
    void overlooksNothingThatSqliteFinds();
    void findsDamagedPages_data();
    void findsDamagedPages();
    void bearsAnyDamage_data();
    void bearsAnyDamage();
    void tellsHowFarItIs();
    void stopsWhenTold();
    void leavesTheConnectionAsItWas();
};

void TestPageChecks::findsNothingInAWholeLedger()
{
    Scratch scratch;
    fillWell(scratch);
    const auto pages = pagesOf(scratch.path());
    VERIFY_OK(pages);
    QVERIFY2(pages->isEmpty(), qPrintable(linesOf(*pages).join(u'\n')));
}

void TestPageChecks::tellsApart_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QStringList>("findings");
    QTest::newRow("an index lacks a row")
        << behindTheIndex(u"ingather_events_of_job"_s,
                          u"INSERT INTO ingather_events(at, job_id, event) VALUES "
                          "(1, 'x', 'e'), (1, 'y', 'e')"_s)
        << QStringList(u"index.damaged ingather_events_of_job error 3"_s);
    QTest::newRow("an index has an entry too many")
        << behindTheIndex(u"ingather_events_of_job"_s, u"DELETE FROM ingather_events WHERE seq = 1"_s)
        << QStringList(u"index.damaged ingather_events_of_job error 1"_s);
    QTest::newRow("an entry has another value than its row")
        << behindTheIndex(u"ingather_events_of_job"_s,
                          u"UPDATE ingather_events SET job_id = 'z' WHERE seq = 1"_s)
        << QStringList(u"index.damaged ingather_events_of_job error 1"_s);
    QTest::newRow("an entry has another number than its row")
        << behindTheIndex(u"ingather_added"_s,
                          u"UPDATE artifact_jobs SET created_at = created_at + 0.5 WHERE rowid = 1"_s)
        << QStringList(u"index.damaged ingather_added error 1"_s);
    QTest::newRow("an entry belongs to another row")
        << behindTheIndex(u"ingather_events_of_job"_s,
                          u"UPDATE ingather_events SET seq = seq + 1000 WHERE seq = 1"_s)
        << QStringList(u"index.damaged ingather_events_of_job error 1"_s);
    QTest::newRow("a partial index lacks a row that belongs into it")
        << behindTheIndex(u"ingather_ready"_s, u"UPDATE artifact_jobs SET priority = 7 WHERE rowid = 10"_s)
        << QStringList(u"index.damaged ingather_ready error 1"_s);
    QTest::newRow("a partial index has a row that does not belong into it")
        << behindTheIndex(u"ingather_names"_s,
                          u"UPDATE artifact_jobs SET final_path = NULL WHERE rowid = 2"_s)
        << QStringList(u"index.damaged ingather_names error 1"_s);
    QTest::newRow("a partial index has rows outside of the range that it is read by")
        << underAnotherText(u"ingather_backoff"_s, u"next_attempt_at > 0"_s, u"next_attempt_at >= 0"_s,
                            u"REINDEX ingather_backoff"_s)
        << QStringList(u"index.damaged ingather_backoff error 1"_s);
    QTest::newRow("a UNIQUE index holds a key twice")
        << underAnotherText(
               u"ingather_names"_s, u"CREATE UNIQUE INDEX"_s, u"CREATE INDEX"_s,
               u"UPDATE artifact_jobs SET root_id = 1, final_path = 'x' WHERE rowid IN (3, 10)"_s)
        << QStringList(u"index.damaged ingather_names error 1"_s);
    QTest::newRow("an index is sorted the other way")
        << underAnotherText(u"ingather_added"_s, u"(created_at)"_s, u"(created_at DESC)"_s,
                            u"REINDEX ingather_added"_s)
        << QStringList(u"index.damaged ingather_added error 100"_s);
    QTest::newRow("a row breaks a CHECK")
        << u"PRAGMA ignore_check_constraints = ON; UPDATE artifact_jobs SET crashes = -1 WHERE rowid = 1"_s
        << QStringList(u"rows.state artifact_jobs error 1"_s);
    QTest::newRow("a NULL where none should be")
        << u"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'priority INTEGER NOT "
           u"NULL', "
           "'priority INTEGER NULL') WHERE name = 'artifact_jobs'; PRAGMA writable_schema = RESET; "
           "UPDATE artifact_jobs SET priority = NULL WHERE rowid = 1; PRAGMA writable_schema = ON; "
           "UPDATE sqlite_schema SET sql = replace(sql, 'priority INTEGER NULL', 'priority INTEGER NOT "
           "NULL') "
           "WHERE name = 'artifact_jobs'; PRAGMA writable_schema = RESET"_s
        << QStringList(u"rows.state artifact_jobs.priority error 1"_s);
    QTest::newRow("rows of others are no business of ours")
        << u"CREATE TABLE m(a CHECK (a > 0)); PRAGMA ignore_check_constraints = ON; INSERT INTO m VALUES (-1)"_s
        << QStringList(u"rows.state m info 1"_s);
    QTest::newRow("an index by an expression") << u"CREATE TABLE m(a); CREATE INDEX i ON m(a || 'x');"_s +
                                                      behindTheIndex(u"i"_s, u"INSERT INTO m VALUES (1)"_s)
                                               << QStringList(u"index.damaged i error 2"_s);
    QTest::newRow("an index with a collation")
        << u"CREATE TABLE m(a COLLATE NOCASE); CREATE INDEX i ON m(a);"_s +
               behindTheIndex(u"i"_s, u"INSERT INTO m VALUES ('X')"_s)
        << QStringList(u"index.damaged i error 2"_s);
    QTest::newRow("an index of a table without rowids")
        << u"CREATE TABLE m(a PRIMARY KEY, b) WITHOUT ROWID; CREATE INDEX i ON m(b);"_s +
               behindTheIndex(u"i"_s, u"INSERT INTO m VALUES (1, 2)"_s)
        << QStringList(u"index.damaged i error 2"_s);
    QTest::newRow("an index of others is one") << u"CREATE TABLE m(a); CREATE INDEX i ON m(a);"_s +
                                                      behindTheIndex(u"i"_s, u"INSERT INTO m VALUES (1)"_s)
                                               << QStringList(u"index.damaged i error 2"_s);
}

void TestPageChecks::tellsApart()
{
    QFETCH(QString, sql);
    QFETCH(QStringList, findings);
    Scratch scratch;
    fillWell(scratch);
    QCOMPARE(OtherProgram(scratch.path()).run(sql), SQLITE_OK);
    // SQLite forgets the CHECKs of a file that it may not write: there it is checkRows() that sees them.
    const auto pages = lookedAt(
        scratch.path(), [](sqlite3 *connection) { return checkPages(connection, {}); },
        SqliteConnection::Mode::ReadWrite);
    VERIFY_OK(pages);
    QCOMPARE(linesOf(*pages, Severity::Info), findings);
    QVERIFY(!pages->first().examples.isEmpty());
    QVERIFY(!pages->first().detail.isEmpty());
}

void TestPageChecks::findsEntriesOutOfOrder()
{
    Scratch scratch;
    fillWell(scratch);
    // A leaf with two entries or more: their pointers change places, the entries stay.
    const QByteArray content = contentOf(scratch.path());
    const qint64 leaf = (rootOf(scratch, u"sqlite_autoindex_ingather_meta_1"_s) - 1) * pageSize;
    constexpr char leafOfIndex = 10; // SQLite, "Database File Format", 1.6
    constexpr qint64 pointers = 8;
    QCOMPARE(content.at(leaf), leafOfIndex);
    QVERIFY(content.at(leaf + 4) >= 2);
    const QByteArray first = content.mid(leaf + pointers, 2);
    overwrite(scratch.path(), leaf + pointers, content.mid(leaf + pointers + 2, 2) + first);
    const auto pages = pagesOf(scratch.path());
    VERIFY_OK(pages);
    QVERIFY2(linesOf(*pages).join(u'\n').contains(u"index.damaged sqlite_autoindex_ingather_meta_1 error"_s),
             qPrintable(linesOf(*pages).join(u'\n')));
}

void TestPageChecks::overlooksNothingThatSqliteFinds()
{
    Scratch whole;
    fillWell(whole);
    const QByteArray content = contentOf(whole.path());
    int found = 0;
    constexpr quint32 rounds = 150;
    for (quint32 seed = 0; seed < rounds; ++seed) {
        QRandomGenerator random(seed);
        QByteArray damaged = content;
        const qint64 bit =
            random.bounded(qint64{8} * pageSize, static_cast<qint64>(damaged.size()) * 8); // not the schema
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
        Scratch scratch;
        QFile file(scratch.path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(damaged), damaged.size());
        file.close();
        lookedAt(scratch.path(), [&](sqlite3 *connection) {
            const auto pages = checkPages(connection, {});
            VERIFY_OK(pages);
            SqliteStatement statement;
            VERIFY_OK(statement.prepare(connection, "PRAGMA integrity_check"));
            const auto row = statement.step("test");
            if (row && statement.text(0) == u"ok")
                return;
            ++found;
            QVERIFY2(core::worstOf(*pages) == Severity::Error,
                     qPrintable(u"bit %1: %2"_s.arg(bit).arg(row ? statement.text(0) : QString())));
        });
        if (QTest::currentTestFailed())
            return;
    }
    QVERIFY(found > 0);
}

void TestPageChecks::findsDamagedPages_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("the root of the jobs is zero") << u"artifact_jobs"_s;
    QTest::newRow("the root of an index is zero") << u"ingather_ready"_s;
    QTest::newRow("the last page is zero") << u"last"_s;
    QTest::newRow("the first page is zero") << u"first"_s;
    QTest::newRow("the file ends in the middle") << u"cut"_s;
    QTest::newRow("the file is no database") << u"text"_s;
}

void TestPageChecks::findsDamagedPages()
{
    QFETCH(QString, what);
    Scratch scratch;
    fillWell(scratch);
    const qint64 size = QFile(scratch.path()).size();
    if (what == u"first")
        zeroPage(scratch, 1);
    else if (what == u"last")
        zeroPage(scratch, size / pageSize);
    else if (what == u"cut")
        QVERIFY(QFile::resize(scratch.path(), size / 2));
    else if (what == u"text")
        overwrite(scratch.path(), 0, "this is not a database at all");
    else
        zeroPage(scratch, rootOf(scratch, what));
    const auto pages = pagesOf(scratch.path());
    VERIFY_OK(pages);
    QVERIFY(has(*pages, FindingId::PageDamaged));
    QCOMPARE(core::worstOf(*pages), Severity::Error);
}

void TestPageChecks::bearsAnyDamage_data()
{
    QTest::addColumn<int>("bits");
    QTest::addColumn<int>("zeroedPages");
    QTest::newRow("a bit") << 1 << 0;
    QTest::newRow("8 bits") << 8 << 0;
    QTest::newRow("64 bits") << 64 << 0;
    QTest::newRow("400 bits") << 400 << 0;
    QTest::newRow("a page") << 0 << 1;
    QTest::newRow("10 pages") << 0 << 10;
}

void TestPageChecks::bearsAnyDamage()
{
    QFETCH(int, bits);
    QFETCH(int, zeroedPages);
    Scratch whole;
    fillWell(whole);
    const QByteArray content = contentOf(whole.path());
    int seen = 0;
    constexpr int rounds = 25;
    for (quint32 seed = 0; seed < rounds; ++seed) {
        QRandomGenerator random(seed);
        QByteArray damaged = content;
        for (int i = 0; i < bits; ++i) {
            const qint64 bit = random.bounded(static_cast<quint64>(damaged.size()) * 8);
            damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
        }
        for (int i = 0; i < zeroedPages; ++i) {
            const qint64 page = random.bounded(static_cast<quint64>(damaged.size() / pageSize));
            damaged.replace(page * pageSize, pageSize, QByteArray(pageSize, '\0'));
        }
        Scratch scratch;
        QFile file(scratch.path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(damaged), damaged.size());
        file.close();
        lookedAt(scratch.path(), [&](sqlite3 *connection) {
            const auto pages = checkPages(connection, {});
            const auto rows = checkRows(connection, {});
            const auto stores = checkVersionStores(connection);
            const auto drift = compareSchema(connection);
            QVERIFY2(pages, why(pages).constData());
            QVERIFY2(rows, why(rows).constData());
            QVERIFY2(stores, why(stores).constData());
            const bool isSeen = core::worstOf(*pages) == Severity::Error ||
                                core::worstOf(*rows) == Severity::Error ||
                                core::worstOf(*stores) == Severity::Error || !drift || !drift->isClean();
            seen += isSeen ? 1 : 0;
        });
    }
    // One bit may lie where nothing is; more can't hide.
    QVERIFY2(bits == 1 ? seen > 0 : seen == rounds, qPrintable(QString::number(seen)));
}

void TestPageChecks::tellsHowFarItIs()
{
    Scratch scratch;
    fillWell(scratch);
    QList<core::WorkProgress> steps;
    core::WorkControl control;
    control.progress = [&](const core::WorkProgress &progress) { steps.append(progress); };
    VERIFY_OK(pagesOf(scratch.path(), control));
    QVERIFY(!steps.isEmpty());
    for (const core::WorkProgress &step : steps) {
        QCOMPARE(step.step, core::WorkStep::CheckingPages);
        QCOMPARE(step.total, QFile(scratch.path()).size() / pageSize);
        QVERIFY(step.done >= 0 && step.done <= step.total);
    }
}

void TestPageChecks::stopsWhenTold()
{
    Scratch scratch;
    fillWell(scratch);
    std::stop_source stop;
    core::WorkControl control;
    control.stop = stop.get_token();
    control.progress = [&](const core::WorkProgress &) { stop.request_stop(); };
    COMPARE_ERROR(pagesOf(scratch.path(), control), ErrorCode::Cancelled); // told on the way
    COMPARE_ERROR(pagesOf(scratch.path(), control), ErrorCode::Cancelled); // told before
}

void TestPageChecks::leavesTheConnectionAsItWas()
{
    Scratch scratch;
    fillWell(scratch);
    SqliteConnection connection;
    VERIFY_OK(connection.open(scratch.path(), SqliteConnection::Mode::ReadWrite));
    const auto cacheSize = [&] {
        SqliteStatement statement;
        return statement.prepare(connection.handle(), "PRAGMA cache_size") &&
                       statement.step("test").has_value()
                   ? statement.integer(0)
                   : 0;
    };
    const qint64 before = cacheSize();
    QVERIFY(before != 0);
    VERIFY_OK(checkPages(connection.handle(), {}));
    VERIFY_OK(checkRows(connection.handle(), {}));
    QCOMPARE(cacheSize(), before);
    QVERIFY(sqlite3_get_autocommit(connection.handle()) != 0);
    // Inside a transaction of the caller's they begin and end none.
    VERIFY_OK(runScript(connection.handle(), "BEGIN IMMEDIATE", u"test"_s));
    VERIFY_OK(checkPages(connection.handle(), {}));
    VERIFY_OK(checkRows(connection.handle(), {}));
    QVERIFY(sqlite3_get_autocommit(connection.handle()) == 0);
    VERIFY_OK(runScript(connection.handle(), "COMMIT", u"test"_s));
}

QTEST_GUILESS_MAIN(TestPageChecks)
#include "tst_page_checks.moc"
