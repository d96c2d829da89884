// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/backups/backup_file.h"
#include "ledger/backups/online_backup.h"
#include "ledger/backups/unfinished_file.h"
#include "support/file_size_limit.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QProcess>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using core::WorkControl;
using core::WorkProgress;
using core::WorkStep;

namespace
{

/// So many pages that a copy takes several steps.
void makeLarge(const QString &ledger)
{
    const OtherProgram program(ledger);
    if (program.run(u"CREATE TABLE ballast(content BLOB)"_s) != SQLITE_OK ||
        program.run(u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
                    "INSERT INTO ballast SELECT randomblob(3500) FROM n"_s) != SQLITE_OK)
        qFatal("cannot enlarge the ledger");
}

QStringList entries(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                                  QDir::Name);
}

/// What a child process of this test does: backs up, and dies half way if it is told to.
int backUpAsChild(const QString &ledger, const QString &target, bool diesHalfWay)
{
    WorkControl control;
    control.progress = [diesHalfWay](const WorkProgress &progress) {
        if (diesHalfWay && progress.done < progress.total)
            ::raise(SIGKILL);
    };
    return backupToFile(ledger, target, control) ? 0 : 1;
}

} // namespace

class TestOnlineBackup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void copiesWhatTheConnectionSees();
    void takesCommitsThatAreInTheLogOnly();
    void aBusyWriterNeitherDelaysItNorGetsIn();
    void aStopLeavesNothing_data();
    void aStopLeavesNothing();
    void aDiskThatGivesOutLeavesNothing_data();
    void aDiskThatGivesOutLeavesNothing();
    void refusesWhatItCannotBackUp_data();
    void refusesWhatItCannotBackUp();
    void doesNotPassADamagedLedger();
    void killedItLeavesNoHalfBackup_data();
    void killedItLeavesNoHalfBackup();
    void removesOnlyWhatWasAbandoned();
};

void TestOnlineBackup::copiesWhatTheConnectionSees()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1), request(2)});
    QVERIFY(QDir(scratch.dir.path()).mkdir(u"copies"_s));
    const QString path = scratch.dir.filePath(u"copies/b ?#%.sqlite3"_s);
    VERIFY_OK(backupTo(static_cast<sqlite3 *>(session->handle()), path));
    QCOMPARE(entries(scratch.dir.filePath(u"copies"_s)), QStringList(u"b ?#%.sqlite3"_s));
    QVERIFY(!(QFileInfo(path).permissions() & (QFile::ReadGroup | QFile::ReadOther)));
    COMPARE_ERROR(backupTo(static_cast<sqlite3 *>(session->handle()), path), ErrorCode::FileExists);

    const OtherProgram ledger(scratch.path());
    const OtherProgram copy(path);
    QCOMPARE(copy.value(u"PRAGMA integrity_check"_s), u"ok"_s);
    QCOMPARE(copy.value(u"PRAGMA journal_mode"_s), u"delete"_s);
    for (const QString &table : ledger.rows(u"SELECT name FROM sqlite_schema WHERE type = 'table'"_s))
        QCOMPARE(copy.rows(u"SELECT * FROM "_s + table), ledger.rows(u"SELECT * FROM "_s + table));
    QVERIFY(!session->isInTransaction());
    planned(*session, {request(3)}); // the connection is as free as before
}

void TestOnlineBackup::takesCommitsThatAreInTheLogOnly()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1)});
    QVERIFY(QFileInfo(scratch.path() + u"-wal"_s).size() > 0);
    const QString path = scratch.dir.filePath(u"copy.sqlite3"_s);
    const auto report = backupToFile(scratch.path(), path, {});
    VERIFY_OK(report);
    QCOMPARE(report->path, path);
    QCOMPARE(report->jobs, 1);
    QCOMPARE(report->bytes, QFileInfo(path).size());
    QCOMPARE(OtherProgram(path).value(u"SELECT count(*) FROM artifact_jobs"_s), u"1"_s);
}

void TestOnlineBackup::aBusyWriterNeitherDelaysItNorGetsIn()
{
    Scratch scratch;
    scratch.open();
    makeLarge(scratch.path());

    std::mutex mutex;
    std::condition_variable committed;
    int commits = 0;
    std::atomic_bool isOver = false;
    std::thread writer([&] {
        const auto session = scratch.open();
        for (int n = 1; !isOver; n += 2) {
            planned(*session, {request(n), request(n + 1)}); // always two at a time
            const std::lock_guard guard(mutex);
            ++commits;
            committed.notify_all();
        }
    });
    const auto waitForCommits = [&](int more) {
        std::unique_lock guard(mutex);
        const int until = commits + more;
        committed.wait(guard, [&] { return commits >= until; });
    };
    waitForCommits(1);
    QList<qint64> steps;
    WorkControl control;
    control.progress = [&](const WorkProgress &progress) {
        if (progress.step != WorkStep::CopyingLedger)
            return;
        steps.append(progress.done);
        if (progress.done < progress.total)
            waitForCommits(5);
    };
    const QString path = scratch.dir.filePath(u"copy.sqlite3"_s);
    const auto report = backupToFile(scratch.path(), path, control);
    isOver = true;
    writer.join();
    VERIFY_OK(report);
    QVERIFY(steps.size() >= 2);                          // else nothing was committed in between
    QVERIFY(std::is_sorted(steps.begin(), steps.end())); // it never began anew
    const int copied = OtherProgram(path).value(u"SELECT count(*) FROM artifact_jobs"_s).toInt();
    QVERIFY(copied >= 2 && copied % 2 == 0);
    QCOMPARE(report->jobs, copied);
    QVERIFY(OtherProgram(scratch.path()).value(u"SELECT count(*) FROM artifact_jobs"_s).toInt() >=
            copied + 10);
}

void TestOnlineBackup::aStopLeavesNothing_data()
{
    QTest::addColumn<int>("step");
    QTest::addColumn<QString>("name");
    QTest::newRow("while it copies") << int(WorkStep::CopyingLedger) << u"b.sqlite3"_s;
    QTest::newRow("while it checks the copy") << int(WorkStep::VerifyingLedger) << u"b.sqlite3"_s;
    QTest::newRow("while it copies what will be packed") << int(WorkStep::CopyingLedger) << u"b.sqlite3.gz"_s;
    QTest::newRow("while it packs") << int(WorkStep::Compressing) << u"b.sqlite3.gz"_s;
}

void TestOnlineBackup::aStopLeavesNothing()
{
    QFETCH(int, step);
    QFETCH(QString, name);
    Scratch scratch;
    planned(*scratch.open(), {request(1)});
    makeLarge(scratch.path());
    QVERIFY(QDir(scratch.dir.path()).mkdir(u"copies"_s));
    std::stop_source stop;
    WorkControl control;
    control.stop = stop.get_token();
    control.progress = [&](const WorkProgress &progress) {
        if (int(progress.step) == step)
            stop.request_stop();
    };
    COMPARE_ERROR(backupToFile(scratch.path(), scratch.dir.filePath(u"copies/"_s + name), control),
                  ErrorCode::Cancelled);
    QCOMPARE(entries(scratch.dir.filePath(u"copies"_s)), QStringList());
}

void TestOnlineBackup::aDiskThatGivesOutLeavesNothing_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<qint64>("limit");
    QTest::newRow("in the first step of the copy") << u"b.sqlite3"_s << qint64{1'000'000};
    QTest::newRow("in a later step") << u"b.sqlite3"_s << qint64{10'000'000};
    QTest::newRow("in the copy that was to be packed") << u"b.sqlite3.gz"_s << qint64{10'000'000};
}

void TestOnlineBackup::aDiskThatGivesOutLeavesNothing()
{
    QFETCH(QString, name);
    QFETCH(qint64, limit);
    Scratch scratch;
    planned(*scratch.open(), {request(1)});
    makeLarge(scratch.path());
    QVERIFY(QDir(scratch.dir.path()).mkdir(u"copies"_s));
    const QByteArray before = contentOf(scratch.path());
    {
        const support::FileSizeLimit disk(limit);
        COMPARE_ERROR(backupToFile(scratch.path(), scratch.dir.filePath(u"copies/"_s + name), {}),
                      ErrorCode::LedgerIoError);
    }
    QCOMPARE(entries(scratch.dir.filePath(u"copies"_s)), QStringList());
    QVERIFY(contentOf(scratch.path()) == before);
}

void TestOnlineBackup::refusesWhatItCannotBackUp_data()
{
    QTest::addColumn<QString>("ledger");
    QTest::addColumn<QString>("target");
    QTest::addColumn<int>("code");
    QTest::newRow("a ledger that is not there")
        << u"absent.sqlite3"_s << u"b.sqlite3"_s << int(ErrorCode::LedgerUnmigrated);
    QTest::newRow("an empty file") << u"empty"_s << u"b.sqlite3"_s << int(ErrorCode::LedgerUnmigrated);
    QTest::newRow("a text") << u"text"_s << u"b.sqlite3"_s << int(ErrorCode::LedgerNotADatabase);
    QTest::newRow("a folder") << u"."_s << u"b.sqlite3"_s << int(ErrorCode::LedgerIsFolder);
    QTest::newRow("a database of others")
        << u"others"_s << u"b.sqlite3"_s << int(ErrorCode::LedgerUnmigrated);
    QTest::newRow("onto a file that is there")
        << u"ledger.sqlite3"_s << u"text"_s << int(ErrorCode::FileExists);
    QTest::newRow("packed onto a file that is there")
        << u"ledger.sqlite3"_s << u"text.gz"_s << int(ErrorCode::FileExists);
    QTest::newRow("onto itself") << u"ledger.sqlite3"_s << u"ledger.sqlite3"_s << int(ErrorCode::FileExists);
    QTest::newRow("into a folder that is not there")
        << u"ledger.sqlite3"_s << u"nowhere/b.sqlite3"_s << int(ErrorCode::FolderMissing);
    QTest::newRow("into a file") << u"ledger.sqlite3"_s << u"text/b.sqlite3.gz"_s
                                 << int(ErrorCode::NotAFolder);
}

void TestOnlineBackup::refusesWhatItCannotBackUp()
{
    QFETCH(QString, ledger);
    QFETCH(QString, target);
    QFETCH(int, code);
    Scratch scratch;
    planned(*scratch.open(), {request(1)});
    for (const auto &[name, content] :
         {std::pair{"empty", ""}, {"text", "once upon a time"}, {"text.gz", "there"}}) {
        QFile file(scratch.dir.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
    QCOMPARE(OtherProgram(scratch.dir.filePath(u"others"_s)).run(u"CREATE TABLE t(x)"_s), SQLITE_OK);
    const QStringList before = entries(scratch.dir.path());
    const auto made = backupToFile(scratch.dir.filePath(ledger), scratch.dir.filePath(target), {});
    COMPARE_ERROR(made, static_cast<ErrorCode>(code));
    QCOMPARE(entries(scratch.dir.path()), before);
    QCOMPARE(contentOf(scratch.dir.filePath(u"text"_s)), QByteArray("once upon a time"));
}

void TestOnlineBackup::doesNotPassADamagedLedger()
{
    Scratch scratch;
    {
        const auto session = scratch.open();
        QList<JobRequest> many;
        for (int n = 0; n < 500; ++n)
            many.append(request(n));
        planned(*session, many);
    }
    QCOMPARE(OtherProgram(scratch.path()).value(u"PRAGMA journal_mode = DELETE"_s), u"delete"_s);
    const int page = OtherProgram(scratch.path())
                         .value(u"SELECT rootpage FROM sqlite_schema WHERE name = 'artifact_jobs'"_s)
                         .toInt();
    QFile file(scratch.path());
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek((page - 1) * qint64{4096}));
    QCOMPARE(file.write(QByteArray(4096, '\x5a')), 4096);
    file.close();
    const auto made = backupToFile(scratch.path(), scratch.dir.filePath(u"b.sqlite3"_s), {});
    COMPARE_ERROR(made, ErrorCode::LedgerCorrupt);
    QVERIFY(!QFileInfo::exists(scratch.dir.filePath(u"b.sqlite3"_s)));
}

void TestOnlineBackup::killedItLeavesNoHalfBackup_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("crashAt");
    QTest::addColumn<bool>("isThere");
    for (const QString &name : {u"b.sqlite3"_s, u"b.sqlite3.gz"_s}) {
        QTest::addRow("half way to %ls", qUtf16Printable(name)) << name << QString() << false;
        QTest::addRow("before %ls gets its name", qUtf16Printable(name))
            << name << u"backup.before_rename"_s << false;
        QTest::addRow("after %ls got its name", qUtf16Printable(name))
            << name << u"backup.after_rename"_s << true;
    }
}

void TestOnlineBackup::killedItLeavesNoHalfBackup()
{
    QFETCH(QString, name);
    QFETCH(QString, crashAt);
    QFETCH(bool, isThere);
    Scratch scratch;
    planned(*scratch.open(), {request(1)});
    makeLarge(scratch.path());
    const QString folder = scratch.dir.filePath(u"copies"_s);
    QVERIFY(QDir().mkdir(folder));
    const QString target = folder + u'/' + name;

    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"INGATHER_CRASH_AT"_s, crashAt);
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(),
                {u"--back-up"_s, scratch.path(), target, crashAt.isEmpty() ? u"die"_s : u"live"_s});
    QVERIFY(child.waitForFinished());
    QCOMPARE(child.exitStatus(), QProcess::CrashExit);
    QCOMPARE(QFileInfo::exists(target), isThere);
    if (!isThere)
        QVERIFY(!entries(folder).isEmpty()); // what the next one has to clean up

    const QString next = folder + u"/next.sqlite3"_s;
    VERIFY_OK(backupToFile(scratch.path(), next, {}));
    QCOMPARE(entries(folder),
             isThere ? QStringList({name, u"next.sqlite3"_s}) : QStringList(u"next.sqlite3"_s));
    if (isThere) {
        const QString unpacked = scratch.dir.filePath(u"unpacked"_s);
        VERIFY_OK(unpackBackup(target, unpacked));
        QCOMPARE(OtherProgram(unpacked).value(u"SELECT count(*) FROM ballast"_s), u"3000"_s);
    }
}

void TestOnlineBackup::removesOnlyWhatWasAbandoned()
{
    QTemporaryDir dir;
    const QStringList foreign{u".ingather-unfinished-"_s, u".ingather-unfinished-0123456789abcdeX"_s,
                              u".ingather-unfinished-0123456789abcdef.txt"_s,
                              u"ingather-unfinished-0123456789abcdef"_s};
    const QStringList abandoned{u".ingather-unfinished-0123456789abcdef"_s,
                                u".ingather-unfinished-0123456789abcdef-wal"_s};
    for (const QString &name : foreign + abandoned) {
        QFile file(dir.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    QString path;
    {
        const auto inWork = UnfinishedFile::createIn(dir.path());
        VERIFY_OK(inWork);
        path = inWork->path();
        UnfinishedFile::removeAbandoned(dir.path());
        QVERIFY(QFileInfo::exists(path));
        for (const QString &name : foreign)
            QVERIFY2(QFileInfo::exists(dir.filePath(name)), qPrintable(name));
        for (const QString &name : abandoned)
            QVERIFY2(!QFileInfo::exists(dir.filePath(name)), qPrintable(name));
    }
    QVERIFY(!QFileInfo::exists(path));
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.value(1) == u"--back-up")
        return backUpAsChild(arguments.value(2), arguments.value(3), arguments.value(4) == u"die");
    TestOnlineBackup test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_online_backup.moc"
