// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/write_lock.h"

#include <QDir>
#include <QFileInfo>

#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

using Prepare = std::function<void(const QString &path)>;
Q_DECLARE_METATYPE(Prepare)

namespace
{

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write");
}

Prepare statements(const QStringList &list)
{
    return [list](const QString &path) {
        const OtherProgram program(path);
        for (const QString &sql : list) {
            if (program.run(sql) != SQLITE_OK)
                qFatal("%ls", qUtf16Printable(sql));
        }
    };
}

Prepare ourLedgerAnd(const QStringList &list, bool isInWal)
{
    return [list, isInWal](const QString &path) {
        {
            support::ManualClock clock;
            OpenOptions options;
            options.path = path;
            options.clock = &clock;
            options.owner = u"owner"_s;
            if (!Session::open(options))
                qFatal("cannot make a ledger");
        }
        QFile::remove(path + u".wlock"_s);
        statements(list + QStringList{isInWal ? u"PRAGMA journal_mode = WAL"_s
                                              : u"PRAGMA journal_mode = DELETE"_s})(path);
    };
}

const QString jobsTable =
    u"CREATE TABLE artifact_jobs(job_id TEXT PRIMARY KEY, work_id TEXT, artifact_id TEXT, canonical_url "
    u"TEXT, state "
    "TEXT, lease_owner TEXT, lease_until REAL, created_at REAL, updated_at REAL, idempotency_key TEXT)"_s;
const QString opsTable =
    u"CREATE TABLE artifact_ops(op_key TEXT PRIMARY KEY, job_id TEXT, op_type TEXT, started_at REAL, "
    "finished_at REAL, result_code TEXT, result_json TEXT)"_s;
const QString versionTable =
    u"CREATE TABLE __schema_version__(schema_version INTEGER PRIMARY KEY, updated_at REAL)"_s;
const QString version3 = u"INSERT INTO __schema_version__ VALUES (3, 1)"_s;
const QString step3 = u"INSERT INTO ingather_migrations VALUES (3, '003', 'x', %1, '', 1, NULL)"_s;

QString insertVersion(int version)
{
    return u"INSERT INTO __schema_version__ VALUES (%1, 1)"_s.arg(version);
}

} // namespace

class TestRefusals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesAndTouchesNothing_data();
    void refusesAndTouchesNothing();
    void refusesAFolder();
    void refusesWhatItMayNotWrite_data();
    void refusesWhatItMayNotWrite();
    void opensANewerLedgerThatIsCompatible();
    void readsANewerLedgerThatIsNot();
    void readersCreateNothing_data();
    void readersCreateNothing();
};

void TestRefusals::refusesAndTouchesNothing_data()
{
    QTest::addColumn<Prepare>("prepare");
    QTest::addColumn<ErrorCode>("code");
    const auto file = [](const QByteArray &content) {
        return Prepare([=](const QString &path) { write(path, content); });
    };

    QTest::newRow("a text file is no database") << file("Dear diary,\n") << ErrorCode::LedgerNotADatabase;
    QTest::newRow("one byte is no database") << file("S") << ErrorCode::LedgerNotADatabase;
    QTest::newRow("64 KiB of zeros are no database")
        << file(QByteArray(65536, '\0')) << ErrorCode::LedgerNotADatabase;
    QTest::newRow("a header and nothing sensible after it")
        << file(QByteArray("SQLite format 3\0", 16) + QByteArray(4080, 'x')) << ErrorCode::LedgerNotADatabase;
    QTest::newRow("a schema that can't be read") << Prepare([](const QString &path) {
        statements({jobsTable, opsTable})(path);
        QByteArray content = contentOf(path);
        content.replace(u"CREATE TABLE artifact_jobs"_s.toLatin1(),
                        u"CREATE TUBLE artifact_jobs"_s.toLatin1());
        write(path, content);
    }) << ErrorCode::LedgerCorrupt;
    QTest::newRow("a dialect of v1 later than the one we know")
        << statements({jobsTable, opsTable, u"CREATE TABLE _meta(key TEXT, value TEXT)"_s,
                       u"INSERT INTO _meta VALUES ('schema_version', '4')"_s})
        << ErrorCode::LedgerSchema;
    QTest::newRow("tables of v1 with other constraints, without a version")
        << statements({jobsTable, opsTable}) << ErrorCode::LedgerNeedsRepair;
    QTest::newRow("tables of v1 with other constraints")
        << statements({versionTable, insertVersion(1), jobsTable, opsTable}) << ErrorCode::LedgerNeedsRepair;
    QTest::newRow("ops without jobs") << statements({opsTable}) << ErrorCode::LedgerNeedsRepair;
    QTest::newRow("version 1 without its tables")
        << statements({versionTable, insertVersion(1)}) << ErrorCode::LedgerNeedsRepair;
    QTest::newRow("version 1 with a column missing")
        << statements(
               {versionTable, insertVersion(1), opsTable, u"CREATE TABLE artifact_jobs(job_id TEXT)"_s})
        << ErrorCode::LedgerNeedsRepair;
    QTest::newRow("tables of version 2 without a version")
        << ourLedgerAnd({u"DELETE FROM __schema_version__"_s}, false) << ErrorCode::LedgerNeedsRepair;
    QTest::newRow("a version table of another make")
        << statements({u"CREATE TABLE __schema_version__(v TEXT)"_s, jobsTable, opsTable})
        << ErrorCode::LedgerSchema;
    QTest::newRow("version 2 without its own tables")
        << statements({versionTable, insertVersion(2), jobsTable, opsTable}) << ErrorCode::LedgerNeedsRepair;
    QTest::newRow("a ledger that the reference has repaired")
        << ourLedgerAnd({u"DELETE FROM __schema_version__ WHERE schema_version = 2"_s}, false)
        << ErrorCode::LedgerNeedsRepair;
    QTest::newRow("a step that was carried out with another script")
        << ourLedgerAnd({u"UPDATE ingather_migrations SET checksum = 'other' WHERE version = 2"_s}, false)
        << ErrorCode::LedgerSchema;
    QTest::newRow("a step that is not recorded")
        << ourLedgerAnd({u"DELETE FROM ingather_migrations WHERE version = 1"_s}, false)
        << ErrorCode::LedgerNeedsRepair;
    QTest::newRow("version 99, of nobody knows whom")
        << statements({versionTable, insertVersion(99), jobsTable, opsTable}) << ErrorCode::LedgerSchema;
    QTest::newRow("a newer version whose step breaks us")
        << ourLedgerAnd({version3, step3.arg(1)}, false) << ErrorCode::LedgerNewer;
    QTest::newRow("the same in write-ahead mode")
        << ourLedgerAnd({version3, step3.arg(1)}, true) << ErrorCode::LedgerNewer;
    QTest::newRow("a newer version without a word about its steps")
        << ourLedgerAnd({version3}, false) << ErrorCode::LedgerNewer;
}

void TestRefusals::refusesAndTouchesNothing()
{
    QFETCH(Prepare, prepare);
    QFETCH(ErrorCode, code);
    Scratch scratch;
    prepare(scratch.path());
    const QByteArray before = contentOf(scratch.path());
    const QStringList entries = QDir(scratch.dir.path()).entryList(QDir::Files);
    COMPARE_ERROR(Session::open(scratch.options()), code);
    // What only a look under the lock can tell leaves the lock file behind, and nothing else.
    const QString lockFile = WriteLock::pathFor(scratch.path());
    if (!entries.contains(QFileInfo(lockFile).fileName()))
        QFile::remove(lockFile);
    QCOMPARE(contentOf(scratch.path()), before);
    QCOMPARE(QDir(scratch.dir.path()).entryList(QDir::Files), entries);
}

void TestRefusals::refusesAFolder()
{
    Scratch scratch;
    QVERIFY(QDir().mkdir(scratch.path()));
    COMPARE_ERROR(Session::open(scratch.options()), ErrorCode::LedgerIsFolder);
    COMPARE_ERROR(Session::open(scratch.readOptions()), ErrorCode::LedgerIsFolder);
    QCOMPARE(QDir(scratch.dir.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot).size(), 1);
    QVERIFY(QDir(scratch.path()).isEmpty());

    OpenOptions below = scratch.options();
    write(scratch.dir.filePath(u"file"_s), "x");
    below.path = scratch.dir.filePath(u"file/ledger.sqlite3"_s);
    COMPARE_ERROR(Session::open(below), ErrorCode::LedgerCannotOpen);
}

void TestRefusals::refusesWhatItMayNotWrite_data()
{
    QTest::addColumn<bool>("isFolderReadOnly");
    QTest::newRow("the file is read-only") << false;
    QTest::newRow("the folder is read-only") << true;
}

void TestRefusals::refusesWhatItMayNotWrite()
{
    QFETCH(bool, isFolderReadOnly);
    Scratch scratch;
    planned(*scratch.open(), {request(1)});
    QFile::remove(scratch.path() + u".wlock"_s);
    {
        const OtherProgram program(scratch.path());
        QCOMPARE(program.value(u"PRAGMA journal_mode = DELETE"_s), u"delete"_s);
    }
    const auto all = QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther;
    const auto folder = all | QFile::ExeOwner | QFile::ExeGroup | QFile::ExeOther;
    const auto writable = QFile::WriteOwner | QFile::WriteGroup | QFile::WriteOther;
    QVERIFY(QFile::setPermissions(scratch.path(), isFolderReadOnly ? all | writable : all));
    QVERIFY(QFile::setPermissions(scratch.dir.path(), isFolderReadOnly ? folder : folder | writable));
    const QByteArray before = contentOf(scratch.path());

    // Root may write everywhere: be nobody for a moment.
    constexpr uid_t nobody = 65534;
    const uid_t self = geteuid();
    if (self == 0)
        QCOMPARE(seteuid(nobody), 0);
    const auto refused = Session::open(scratch.options());
    const auto read = Session::open(scratch.readOptions());
    if (self == 0)
        QCOMPARE(seteuid(self), 0);
    QVERIFY(QFile::setPermissions(scratch.dir.path(), folder | writable));

    COMPARE_ERROR(refused, ErrorCode::LedgerReadOnly);
    VERIFY_OK(read);
    QCOMPARE(jobs(**read, {})->size(), 1);
    QCOMPARE(contentOf(scratch.path()), before);
    QVERIFY(!QFile::exists(scratch.path() + u".wlock"_s));
}

void TestRefusals::opensANewerLedgerThatIsCompatible()
{
    Scratch scratch;
    ourLedgerAnd({version3, step3.arg(0)}, true)(scratch.path());
    const auto session = Session::open(scratch.options());
    VERIFY_OK(session);
    QCOMPARE(planned(**session, {request(1)}).size(), 1);
}

void TestRefusals::readsANewerLedgerThatIsNot()
{
    Scratch scratch;
    ourLedgerAnd({version3, step3.arg(1)}, false)(scratch.path());
    const auto reader = Session::open(scratch.readOptions());
    VERIFY_OK(reader);
    VERIFY_OK(jobs(**reader, {}));
}

void TestRefusals::readersCreateNothing_data()
{
    QTest::addColumn<Prepare>("prepare");
    QTest::newRow("an absent file") << Prepare([](const QString &) {});
    QTest::newRow("an empty file") << Prepare([](const QString &path) { write(path, {}); });
    QTest::newRow("a file of others") << statements({u"CREATE TABLE t(a)"_s});
    QTest::newRow("a ledger of v1") << Prepare([](const QString &path) {
        write(path, contentOf(QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3")));
    });
}

void TestRefusals::readersCreateNothing()
{
    QFETCH(Prepare, prepare);
    Scratch scratch;
    prepare(scratch.path());
    const QStringList entries = QDir(scratch.dir.path()).entryList(QDir::Files);
    const QByteArray before = entries.isEmpty() ? QByteArray() : contentOf(scratch.path());
    COMPARE_ERROR(Session::open(scratch.readOptions()), ErrorCode::LedgerUnmigrated);
    QCOMPARE(QDir(scratch.dir.path()).entryList(QDir::Files), entries);
    if (!entries.isEmpty())
        QCOMPARE(contentOf(scratch.path()), before);
}

QTEST_GUILESS_MAIN(TestRefusals)
#include "tst_refusals.moc"
