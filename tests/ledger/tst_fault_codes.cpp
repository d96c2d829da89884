// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/ledger_thread.h"
#include "support/faulty_vfs.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using support::FaultyVfs;
using support::FileCall;
using support::FileFault;

namespace
{

using Planned = QList<PlannedJob>;

Result<Planned> planned(LedgerThread &writer, int number)
{
    return writer.post<Planned>([number](Session &s) { return plan(s, {request(number)}); }).result();
}

Result<qsizetype> countJobs(LedgerThread &reader)
{
    return reader
        .post<qsizetype>([](Session &s) -> Result<qsizetype> {
            const Result<QList<JobRecord>> all = jobs(s, {});
            if (!all)
                return all.error();
            return all->size();
        })
        .result();
}

void overwrite(const QString &path, qint64 offset, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite) || !file.seek(offset) || file.write(bytes) != bytes.size())
        qFatal("cannot overwrite %ls", qUtf16Printable(path));
}

} // namespace

/// What SQLite and the disk say comes to the caller as the error of that kind, from wherever they say it.
class TestFaultCodes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void atOpening_data();
    void atOpening();
    void ofADamagedFile_data();
    void ofADamagedFile();
    void atWriting_data();
    void atWriting();
    void atReading_data();
    void atReading();

private:
    FaultyVfs m_vfs;
};

void TestFaultCodes::initTestCase()
{
    QLoggingCategory::setFilterRules(u"ingather.*=false"_s);
}

void TestFaultCodes::atOpening_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, FileCall call, int code, ErrorCode expected) {
        QTest::newRow(name) << static_cast<int>(call) << code << core::errorCodeName(expected);
    };
    row("a lock that is never free is busy", FileCall::Lock, SQLITE_BUSY, ErrorCode::LedgerBusy);
    row("a lock of the log that is never free is busy", FileCall::ShmLock, SQLITE_BUSY,
        ErrorCode::LedgerBusy);
    row("a disk that cannot read is an I/O error", FileCall::Read, SQLITE_IOERR_READ,
        ErrorCode::LedgerIoError);
    row("a file that does not open cannot be opened", FileCall::Open, SQLITE_CANTOPEN,
        ErrorCode::LedgerCannotOpen);
    row("no room for the shared memory is a full disk", FileCall::ShmMap, SQLITE_FULL, ErrorCode::LedgerFull);
    row("a file that may not be written is read-only", FileCall::Open, SQLITE_READONLY,
        ErrorCode::LedgerReadOnly);
    row("zeros for a header are no database", FileCall::Read, SQLITE_IOERR_SHORT_READ,
        ErrorCode::LedgerNotADatabase);
}

void TestFaultCodes::atOpening()
{
    QFETCH(int, call);
    QFETCH(int, code);
    QFETCH(QString, expected);
    Scratch scratch;
    scratch.open().reset();
    m_vfs.arm({.call = static_cast<FileCall>(call), .nth = 1, .isForEver = true, .code = code});
    const auto writer = LedgerThread::start(LedgerThread::Kind::Writer, scratch.options());
    m_vfs.disarm();
    QVERIFY(!writer.has_value());
    QCOMPARE(core::errorCodeName(writer.error().code), expected);
}

void TestFaultCodes::ofADamagedFile_data()
{
    QTest::addColumn<int>("offset");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    QTest::newRow("another header is no database")
        << 0 << QByteArray(100, 'x') << core::errorCodeName(ErrorCode::LedgerNotADatabase);
    QTest::newRow("an overwritten schema is corrupt")
        << 100 << QByteArray(3000, 'x') << core::errorCodeName(ErrorCode::LedgerCorrupt);
}

void TestFaultCodes::ofADamagedFile()
{
    QFETCH(int, offset);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    Scratch scratch;
    {
        const auto session = scratch.open();
        test::planned(*session, {request(1)});
    }
    QCOMPARE(OtherProgram(scratch.path()).value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s), u"0|0|0"_s);
    overwrite(scratch.path(), offset, bytes);
    const QByteArray before = contentOf(scratch.path());
    for (const LedgerThread::Kind kind : {LedgerThread::Kind::Writer, LedgerThread::Kind::Reader}) {
        const auto thread = LedgerThread::start(kind, scratch.options());
        QVERIFY(!thread.has_value());
        QCOMPARE(core::errorCodeName(thread.error().code), expected);
    }
    QCOMPARE(contentOf(scratch.path()), before);
}

void TestFaultCodes::atWriting_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, FileCall call, int code, ErrorCode expected) {
        QTest::newRow(name) << static_cast<int>(call) << code << core::errorCodeName(expected);
    };
    row("the lock of the writers of the log is busy", FileCall::ShmLock, SQLITE_BUSY, ErrorCode::LedgerBusy);
    row("the disk is full", FileCall::Write, SQLITE_FULL, ErrorCode::LedgerFull);
    row("the file may not be written", FileCall::Write, SQLITE_READONLY, ErrorCode::LedgerReadOnly);
    row("the disk does not write", FileCall::Write, SQLITE_IOERR_WRITE, ErrorCode::LedgerIoError);
    row("the disk does not sync", FileCall::Sync, SQLITE_IOERR_FSYNC, ErrorCode::LedgerIoError);
    row("the disk does not read", FileCall::Read, SQLITE_IOERR_READ, ErrorCode::LedgerIoError);
    row("what was read is damaged", FileCall::Read, SQLITE_CORRUPT, ErrorCode::LedgerCorrupt);
    row("what was read is no database", FileCall::Read, SQLITE_NOTADB, ErrorCode::LedgerNotADatabase);
}

void TestFaultCodes::atWriting()
{
    QFETCH(int, call);
    QFETCH(int, code);
    QFETCH(QString, expected);
    Scratch scratch;
    auto writer = LedgerThread::start(LedgerThread::Kind::Writer, scratch.options());
    VERIFY_OK(writer);
    VERIFY_OK(planned(**writer, 1));
    // A change of somebody else's, so that pages have to be read again.
    QCOMPARE(OtherProgram(scratch.path()).run(u"UPDATE artifact_jobs SET priority = 1"_s), SQLITE_OK);

    m_vfs.arm({.call = static_cast<FileCall>(call), .nth = 1, .isForEver = true, .code = code});
    const Result<Planned> failed = planned(**writer, 2);
    m_vfs.disarm();
    QVERIFY(m_vfs.hasStruck());
    QVERIFY(!failed.has_value());
    QCOMPARE(core::errorCodeName(failed.error().code), expected);

    // What failed has not happened; what follows does.
    VERIFY_OK(planned(**writer, 3));
    QCOMPARE(OtherProgram(scratch.path()).rows(u"SELECT source_url FROM artifact_jobs ORDER BY rowid"_s),
             QStringList({request(1).sourceUrl, request(3).sourceUrl}));
}

void TestFaultCodes::atReading_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, FileCall call, int code, ErrorCode expected) {
        QTest::newRow(name) << static_cast<int>(call) << code << core::errorCodeName(expected);
    };
    row("the lock of the readers of the log is busy", FileCall::ShmLock, SQLITE_BUSY, ErrorCode::LedgerBusy);
    row("the disk does not read", FileCall::Read, SQLITE_IOERR_READ, ErrorCode::LedgerIoError);
    row("what was read is damaged", FileCall::Read, SQLITE_CORRUPT, ErrorCode::LedgerCorrupt);
    row("what was read is no database", FileCall::Read, SQLITE_NOTADB, ErrorCode::LedgerNotADatabase);
}

void TestFaultCodes::atReading()
{
    QFETCH(int, call);
    QFETCH(int, code);
    QFETCH(QString, expected);
    Scratch scratch;
    const auto session = scratch.open();
    auto reader = LedgerThread::start(LedgerThread::Kind::Reader, scratch.options());
    VERIFY_OK(reader);
    test::planned(*session, {request(1)});

    m_vfs.arm({.call = static_cast<FileCall>(call), .nth = 1, .isForEver = true, .code = code});
    const Result<qsizetype> failed = countJobs(**reader);
    m_vfs.disarm();
    QVERIFY(m_vfs.hasStruck());
    QVERIFY(!failed.has_value());
    QCOMPARE(core::errorCodeName(failed.error().code), expected);
    QCOMPARE(countJobs(**reader).value_or(-1), 1);
}

QTEST_GUILESS_MAIN(TestFaultCodes)
#include "tst_fault_codes.moc"
