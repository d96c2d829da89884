// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/backups/backup_file.h"
#include "ledger/backups/backup_note.h"
#include "ledger/backups/backup_retention.h"
#include "ledger/backups/restore_comparison.h"
#include "ledger/backups/rolling_backups.h"
#include "platform/file_lock.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QProcess>

#include <cmath>
#include <functional>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

const QString referencePath = QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3");
constexpr double day = 86'400;
constexpr qint64 mebibyte = 1 << 20;

QStringList namesIn(const QString &folder)
{
    return QDir(folder).entryList(QDir::Files | QDir::Hidden, QDir::Name);
}

/// The files of the backup folder, but its lock.
QStringList backupNames(const Scratch &scratch)
{
    QStringList names = namesIn(backupFolder(scratch.path()));
    names.removeAll(u".lock"_s);
    return names;
}

core::Result<std::optional<core::BackupReport>> backUp(const Scratch &scratch)
{
    return backUpIfChanged(scratch.path(), scratch.clock.now(), {});
}

/// True if a backup was made.
bool isBackedUp(const Scratch &scratch)
{
    const auto made = backUp(scratch);
    if (!made)
        qFatal("%s", why(made).constData());
    return made->has_value();
}

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %ls", qUtf16Printable(path));
}

using Change = std::function<void(const Scratch &, Session &)>;

void runAsOther(const Scratch &scratch, const char *sql)
{
    if (OtherProgram(scratch.path()).run(QString::fromLatin1(sql)) != SQLITE_OK)
        qFatal("not executed: %s", sql);
}

} // namespace

Q_DECLARE_METATYPE(Change)

class TestRollingBackups : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void surplusIsWhatTheRulesHaveNoPlaceFor_data();
    void surplusIsWhatTheRulesHaveNoPlaceFor();
    void limitsFollowTheFreeSpace_data();
    void limitsFollowTheFreeSpace();
    void stampsSurviveTheWayBack_data();
    void stampsSurviveTheWayBack();
    void aBackupSaysWhatItIs();
    void anUnchangedLedgerIsNotBackedUpAgain_data();
    void anUnchangedLedgerIsNotBackedUpAgain();
    void keepsThreeRecentAndSevenDaily();
    void touchesNothingOfOthers();
    void twoOfOneSecondKeepTheirNames();
    void whileAnotherProgramMakesOneItStandsBack();
    void aStopLeavesNothing_data();
    void aStopLeavesNothing();
    void anAbsentLedgerLeavesNothing();
    void aLedgerThatNeverHadAJobLeavesNothing();
    void listsNewestFirstWithThoseOfMigrations();
    void unpacksWhatItPacked();
    void unpacksACopyWithALogBesideIt();
    void takesPathsFromTheCurrentFolder();
    void refusesACopyWithHalfATransaction();
    void unpacksWhatGzipPacked();
    void refusesWhatIsNoBackup_data();
    void refusesWhatIsNoBackup();
};

void TestRollingBackups::surplusIsWhatTheRulesHaveNoPlaceFor_data()
{
    QTest::addColumn<QList<double>>("hoursAgo"); ///< newest first
    QTest::addColumn<qint64>("bytesEach");
    QTest::addColumn<qint64>("mostBytes");
    QTest::addColumn<QList<double>>("surplus");
    const qint64 small = mebibyte;
    const qint64 room = 2048 * mebibyte;
    QTest::newRow("none") << QList<double>{} << small << room << QList<double>{};
    QTest::newRow("three of one day are recent")
        << QList<double>{1, 2, 3} << small << room << QList<double>{};
    QTest::newRow("the fourth of a day has no place")
        << QList<double>{1, 2, 3, 4, 5} << small << room << QList<double>{4, 5};
    QTest::newRow("of the day before the newest stays")
        << QList<double>{1, 2, 3, 25, 26, 30} << small << room << QList<double>{26, 30};
    QTest::newRow("one a day for ten days, then no more")
        << QList<double>{1, 25, 49, 73, 97, 121, 145, 169, 193, 217, 241, 265} << small << room
        << QList<double>{241, 265};
    QTest::newRow("days without a backup do not count")
        << QList<double>{1, 2, 3, 25, 24 * 100, 24 * 200, 24 * 300, 24 * 400, 24 * 500, 24 * 600, 24 * 700}
        << small << room << QList<double>{24 * 700};
    QTest::newRow("a day whose last one is recent needs no other")
        << QList<double>{1, 2, 25, 26, 27, 49} << small << room << QList<double>{26, 27};
    QTest::newRow("too large together, the oldest go")
        << QList<double>{1, 25, 49, 73, 97} << 100 * mebibyte << 350 * mebibyte << QList<double>{73, 97};
    QTest::newRow("exactly the limit is allowed")
        << QList<double>{1, 25, 49, 73} << 100 * mebibyte << 300 * mebibyte << QList<double>{73};
    QTest::newRow("two stay, however large")
        << QList<double>{1, 25, 49} << 5000 * mebibyte << 300 * mebibyte << QList<double>{49};
    QTest::newRow("two stay without any room")
        << QList<double>{1, 2, 3} << small << qint64{0} << QList<double>{3};
    QTest::newRow("the only one stays without any room")
        << QList<double>{1} << small << qint64{0} << QList<double>{};
}

void TestRollingBackups::surplusIsWhatTheRulesHaveNoPlaceFor()
{
    QFETCH(QList<double>, hoursAgo);
    QFETCH(qint64, bytesEach);
    QFETCH(qint64, mostBytes);
    QFETCH(QList<double>, surplus);
    const double evening = 20'000 * day + 23 * 3600;
    QList<BackupInfo> all;
    for (const double hours : hoursAgo) {
        all.append({.path = QString::number(hours),
                    .madeAt = {evening - hours * 3600},
                    .bytes = bytesEach,
                    .isRolling = true});
        // One of a migration beside each: it is never counted and never surplus.
        all.append({.path = u"migration"_s, .madeAt = {evening - hours * 3600}, .bytes = bytesEach});
    }
    RetentionRules rules;
    rules.mostBytes = mostBytes;
    QList<double> found;
    for (const BackupInfo &info : surplusBackups(all, rules))
        found.append(info.path.toDouble());
    QCOMPARE(found, surplus);
}

void TestRollingBackups::limitsFollowTheFreeSpace_data()
{
    QTest::addColumn<qint64>("free");
    QTest::addColumn<qint64>("most");
    QTest::newRow("a full disk allows nothing") << qint64{0} << qint64{0};
    QTest::newRow("a tenth of a small disk") << 500 * mebibyte << 50 * mebibyte;
    QTest::newRow("two gibibytes of a large one") << qint64{1} * mebibyte * mebibyte << 2048 * mebibyte;
}

void TestRollingBackups::limitsFollowTheFreeSpace()
{
    QFETCH(qint64, free);
    const RetentionRules rules = retentionRulesFor(free);
    QTEST(rules.mostBytes, "most");
    QCOMPARE(rules.recent, 3);
    QCOMPARE(rules.daily, 7);
    QCOMPARE(rules.fewest, 2);
}

void TestRollingBackups::stampsSurviveTheWayBack_data()
{
    QTest::addColumn<QString>("stamp");
    QTest::addColumn<double>("seconds");
    QTest::newRow("the beginning of time") << u"19700101T000000Z"_s << 0.0;
    QTest::newRow("an ordinary second") << u"20261123T081500Z"_s << 1'795'421'700.0;
    QTest::newRow("an hour that daylight saving skips") << u"20260329T023000Z"_s << 1'774'751'400.0;
    QTest::newRow("no such day") << u"20260230T000000Z"_s << -1.0;
    QTest::newRow("no such hour") << u"20260201T250000Z"_s << -1.0;
    QTest::newRow("too short") << u"20260201T2300Z"_s << -1.0;
    QTest::newRow("empty") << QString() << -1.0;
}

void TestRollingBackups::stampsSurviveTheWayBack()
{
    QFETCH(QString, stamp);
    QFETCH(double, seconds);
    const std::optional<core::UnixTime> time = timeOfStamp(stamp);
    QCOMPARE(time ? time->seconds : -1.0, seconds);
    if (time)
        QCOMPARE(stampOf(*time), stamp);
}

void TestRollingBackups::aBackupSaysWhatItIs()
{
    Scratch scratch;
    planned(*scratch.open(), {request(1), request(2)});
    const auto made = backUp(scratch);
    VERIFY_OK(made);
    QVERIFY(made->has_value());
    QCOMPARE((*made)->jobs, 2);
    const QFileInfo file((*made)->path);
    QCOMPARE(file.absolutePath(), scratch.path() + u".backups"_s);
    QCOMPARE(file.fileName(), stampOf(scratch.clock.now()) + u".sqlite3.gz"_s);
    QCOMPARE(file.size(), (*made)->bytes);
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther |
                        QFile::WriteOther | QFile::ExeOther;
    QVERIFY(!(file.permissions() & others));
    QVERIFY(!(QFileInfo(file.absolutePath()).permissions() & others));
    QCOMPARE(backupNames(scratch), QStringList(file.fileName()));

    const QList<BackupInfo> listed = listBackups(scratch.path());
    QCOMPARE(listed.size(), 1);
    const BackupInfo &info = listed.first();
    QCOMPARE(info.path, file.absoluteFilePath());
    QVERIFY(info.isRolling);
    QCOMPARE(info.madeAt.seconds, std::floor(scratch.clock.now().seconds));
    QCOMPARE(info.bytes, file.size());
    QCOMPARE(info.jobs, std::optional<qint64>(2));
    QCOMPARE(info.schemaVersion, std::optional<int>(2));
    QCOMPARE(info.appVersion, u"1.2.3?"_s);
    QCOMPARE(info.fingerprint.size(), 32);
}

void TestRollingBackups::anUnchangedLedgerIsNotBackedUpAgain_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<bool>("again");
    QTest::newRow("nothing happened") << Change([](const Scratch &, Session &) {}) << false;
    QTest::newRow("a worker came and went") << Change([](const Scratch &, Session &session) {
        const auto came = transact(session, [](Session &s) { return registerOwner(s, u"w"_s, u"worker"_s); });
        const auto went = transact(session, [](Session &s) { return retireOwner(s, u"w"_s); });
        QVERIFY(came && went);
    }) << false;
    QTest::newRow("the log was written into the file") << Change([](const Scratch &scratch, Session &) {
        runAsOther(scratch, "PRAGMA wal_checkpoint(TRUNCATE)");
    }) << false;
    QTest::newRow("a job was planned")
        << Change([](const Scratch &, Session &session) { planned(session, {request(2)}); }) << true;
    QTest::newRow("a job was claimed") << Change([](const Scratch &, Session &session) {
        ClaimRequest one;
        one.ttl = std::chrono::seconds(30);
        const auto jobs = claimed(session, one);
        QVERIFY(jobs && jobs->size() == 1);
    }) << true;
    QTest::newRow("a job was forgotten")
        << Change([](const Scratch &scratch, Session &) { runAsOther(scratch, "DELETE FROM artifact_jobs"); })
        << true;
    QTest::newRow("a program of v1 wrote an operation") << Change([](const Scratch &scratch, Session &) {
        runAsOther(scratch, "INSERT INTO artifact_ops(op_key, job_id, op_type, started_at) "
                            "SELECT 'k', job_id, 'HEAD', 1 FROM artifact_jobs LIMIT 1");
    }) << true;
    QTest::newRow("others added a table")
        << Change([](const Scratch &scratch, Session &) { runAsOther(scratch, "CREATE TABLE more(x)"); })
        << true;
    QTest::newRow("others added a row to their table") << Change([](const Scratch &scratch, Session &) {
        runAsOther(scratch, "INSERT INTO \"it's \"\"others'\"\"\" VALUES (1)");
    }) << true;
}

void TestRollingBackups::anUnchangedLedgerIsNotBackedUpAgain()
{
    QFETCH(Change, change);
    QFETCH(bool, again);
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1)});
    runAsOther(scratch, "CREATE TABLE \"it's \"\"others'\"\"\"(x)");
    runAsOther(scratch, "CREATE TABLE without_rowid(x PRIMARY KEY) WITHOUT ROWID");
    QVERIFY(isBackedUp(scratch));
    scratch.clock.advance(day);
    change(scratch, *session);
    QCOMPARE(isBackedUp(scratch), again);
    QCOMPARE(backupNames(scratch).size(), again ? 2 : 1);
}

void TestRollingBackups::keepsThreeRecentAndSevenDaily()
{
    Scratch scratch;
    const auto session = scratch.open();
    int number = 0;
    for (int today = 0; today < 12; ++today) {
        for (int time = 0; time < 2; ++time) {
            planned(*session, {request(++number)});
            scratch.clock.advance(60);
            QVERIFY(isBackedUp(scratch));
        }
        scratch.clock.advance(day - 120);
    }
    const QList<BackupInfo> kept = listBackups(scratch.path());
    QList<qint64> jobs;
    for (const BackupInfo &info : kept)
        jobs.append(info.jobs.value_or(-1));
    // Two a day: three recent ones, then the last one of each of seven days.
    QCOMPARE(jobs, QList<qint64>({24, 23, 22, 20, 18, 16, 14, 12, 10, 8}));
}

void TestRollingBackups::touchesNothingOfOthers()
{
    Scratch scratch;
    const auto session = scratch.open();
    const QString folder = backupFolder(scratch.path());
    QVERIFY(QDir().mkdir(folder));
    const QStringList foreign{u"20200101T000000Z.sqlite3"_s, u"20200101T000000Z.sqlite3.gz.bak"_s,
                              u"20201399T000000Z.sqlite3.gz"_s, u"my 20200101T000000Z.sqlite3.gz"_s,
                              u"notes.txt"_s};
    for (const QString &name : foreign)
        write(QDir(folder).filePath(name), "mine");
    for (int n = 1; n <= 6; ++n) {
        planned(*session, {request(n)});
        QVERIFY(isBackedUp(scratch));
        scratch.clock.advance(60);
    }
    QCOMPARE(listBackups(scratch.path()).size(), 3);
    for (const QString &name : foreign)
        QCOMPARE(contentOf(QDir(folder).filePath(name)), QByteArray("mine"));
}

void TestRollingBackups::twoOfOneSecondKeepTheirNames()
{
    Scratch scratch;
    const auto session = scratch.open();
    for (int n = 1; n <= 3; ++n) {
        planned(*session, {request(n)});
        QVERIFY(isBackedUp(scratch));
    }
    QCOMPARE(backupNames(scratch).size(), 3);
    QVERIFY(!isBackedUp(scratch)); // the newest of them is known as such
    QCOMPARE(listBackups(scratch.path()).first().jobs, std::optional<qint64>(3));
}

void TestRollingBackups::whileAnotherProgramMakesOneItStandsBack()
{
    Scratch scratch;
    planned(*scratch.open(), {request(1)});
    QVERIFY(QDir().mkdir(backupFolder(scratch.path())));
    {
        auto other = platform::FileLock::open(backupFolder(scratch.path()) + u"/.lock"_s, true);
        VERIFY_OK(other);
        QVERIFY(*other->tryAcquire());
        QVERIFY(!isBackedUp(scratch));
    }
    QVERIFY(isBackedUp(scratch));
}

void TestRollingBackups::aStopLeavesNothing_data()
{
    QTest::addColumn<int>("step");
    QTest::newRow("while it copies") << int(core::WorkStep::CopyingLedger);
    QTest::newRow("while it checks the copy") << int(core::WorkStep::VerifyingLedger);
    QTest::newRow("while it packs") << int(core::WorkStep::Compressing);
}

void TestRollingBackups::aStopLeavesNothing()
{
    QFETCH(int, step);
    Scratch scratch;
    planned(*scratch.open(), {request(1)});
    std::stop_source stop;
    core::WorkControl control{.stop = stop.get_token()};
    control.progress = [&](const core::WorkProgress &progress) {
        if (int(progress.step) == step)
            stop.request_stop();
    };
    COMPARE_ERROR(backUpIfChanged(scratch.path(), scratch.clock.now(), control), ErrorCode::Cancelled);
    QCOMPARE(backupNames(scratch), QStringList());
    QVERIFY(isBackedUp(scratch));
}

void TestRollingBackups::anAbsentLedgerLeavesNothing()
{
    Scratch scratch;
    COMPARE_ERROR(backUp(scratch), ErrorCode::LedgerUnmigrated);
    QCOMPARE(QDir(scratch.dir.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList());
    QCOMPARE(listBackups(scratch.path()).size(), 0);
}

void TestRollingBackups::aLedgerThatNeverHadAJobLeavesNothing()
{
    Scratch scratch;
    const auto session = scratch.open();
    QVERIFY(!isBackedUp(scratch));
    QVERIFY(!QFileInfo::exists(backupFolder(scratch.path())));
    planned(*session, {request(1)});
    QVERIFY(isBackedUp(scratch));
    runAsOther(scratch, "DELETE FROM artifact_jobs");
    QVERIFY(isBackedUp(scratch));
}

void TestRollingBackups::listsNewestFirstWithThoseOfMigrations()
{
    Scratch scratch;
    QVERIFY(QFile::copy(referencePath, scratch.path()));
    QVERIFY(QFile::setPermissions(scratch.path(), QFile::ReadOwner | QFile::WriteOwner));
    VERIFY_OK(backUp(scratch)); // of a ledger of v1
    scratch.clock.advance(day);
    scratch.open(); // migrates
    scratch.clock.advance(day);
    VERIFY_OK(backUp(scratch));
    QStringList found;
    for (const BackupInfo &info : listBackups(scratch.path()))
        found.append(u"%1 v%2 %3"_s.arg(info.isRolling ? u"rolling"_s : u"migration"_s)
                         .arg(info.schemaVersion.value_or(0))
                         .arg(info.jobs.value_or(-1)));
    QCOMPARE(found, QStringList({u"rolling v2 300"_s, u"migration v1 -1"_s, u"rolling v1 300"_s}));
}

void TestRollingBackups::unpacksWhatItPacked()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1), request(2)});
    const auto made = backUp(scratch);
    VERIFY_OK(made);
    planned(*session, {request(3)});
    QVERIFY(QDir(scratch.dir.path()).mkdir(u"out"_s));
    const QString target = scratch.dir.filePath(u"out/unpacked.sqlite3"_s);
    const auto unpacked = unpackBackup((*made)->path, target);
    VERIFY_OK(unpacked);
    QCOMPARE(*unpacked, target);
    QCOMPARE(namesIn(scratch.dir.filePath(u"out"_s)), QStringList(u"unpacked.sqlite3"_s));
    QVERIFY(!(QFileInfo(target).permissions() & (QFile::ReadGroup | QFile::ReadOther)));
    const OtherProgram before(scratch.path());
    const OtherProgram after(target);
    const QString jobs =
        u"SELECT * FROM artifact_jobs WHERE canonical_url NOT LIKE '%/3.pdf' ORDER BY job_id"_s;
    QCOMPARE(after.rows(jobs).size(), 2);
    QCOMPARE(after.rows(jobs), before.rows(jobs));
    QCOMPARE(after.value(u"SELECT count(*) FROM artifact_jobs"_s), u"2"_s);
    COMPARE_ERROR(unpackBackup((*made)->path, target), ErrorCode::FileExists);
}

void TestRollingBackups::unpacksACopyWithALogBesideIt()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1)});
    // As somebody copies files by hand.
    QVERIFY(QDir(scratch.dir.path()).mkdir(u"by hand"_s));
    const QString copy = scratch.dir.filePath(u"by hand/l.sqlite3"_s);
    QVERIFY(QFile::copy(scratch.path(), copy));
    QVERIFY(QFile::copy(scratch.path() + u"-wal"_s, copy + u"-wal"_s));
    const QString target = scratch.dir.filePath(u"unpacked.sqlite3"_s);
    VERIFY_OK(unpackBackup(copy, target));
    QCOMPARE(OtherProgram(target).value(u"SELECT count(*) FROM artifact_jobs"_s), u"1"_s);

    QCOMPARE(namesIn(scratch.dir.filePath(u"by hand"_s)), QStringList({u"l.sqlite3"_s, u"l.sqlite3-wal"_s}));

    // And a file that asks for a log, without one: nothing is made beside it.
    runAsOther(scratch, "PRAGMA wal_checkpoint(TRUNCATE)");
    QVERIFY(QDir(scratch.dir.path()).mkdir(u"alone"_s));
    const QString alone = scratch.dir.filePath(u"alone/l.sqlite3"_s);
    QVERIFY(QFile::copy(scratch.path(), alone));
    VERIFY_OK(unpackBackup(alone, scratch.dir.filePath(u"second.sqlite3"_s)));
    QCOMPARE(namesIn(scratch.dir.filePath(u"alone"_s)), QStringList(u"l.sqlite3"_s));
}

void TestRollingBackups::takesPathsFromTheCurrentFolder()
{
    Scratch scratch;
    planned(*scratch.open(), {request(1)});
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(scratch.dir.path()));
    const auto plain = backupToFile(u"ledger.sqlite3"_s, u"b.sqlite3"_s, {});
    const auto packed = backupToFile(u"ledger.sqlite3"_s, u"b.gz"_s, {});
    const auto fromPlain = unpackBackup(u"b.sqlite3"_s, u"one"_s);
    const auto fromPacked = unpackBackup(u"b.gz"_s, u"two"_s);
    const auto compared = compareWithBackup(u"ledger.sqlite3"_s, u"two"_s, {});
    QVERIFY(QDir::setCurrent(before));
    VERIFY_OK(plain);
    VERIFY_OK(packed);
    VERIFY_OK(fromPlain);
    VERIFY_OK(fromPacked);
    VERIFY_OK(compared);
    QCOMPARE(compared->jobsInBackup, 1);
    for (const QString &name : {u"b.sqlite3"_s, u"b.gz"_s, u"one"_s, u"two"_s})
        QVERIFY2(QFileInfo::exists(scratch.dir.filePath(name)), qPrintable(name));
}

void TestRollingBackups::refusesACopyWithHalfATransaction()
{
    Scratch scratch;
    QList<JobRequest> many;
    for (int n = 1; n <= 2000; ++n)
        many.append(request(n));
    planned(*scratch.open(), many);
    QCOMPARE(OtherProgram(scratch.path()).value(u"PRAGMA journal_mode = DELETE"_s), u"delete"_s);
    const OtherProgram writer(scratch.path());
    QCOMPARE(writer.run(u"PRAGMA cache_size = 5; BEGIN; UPDATE artifact_jobs SET artifact_id = 'half'"_s),
             SQLITE_OK);
    const QString copy = scratch.dir.filePath(u"copy"_s);
    QVERIFY(QFile::copy(scratch.path(), copy));
    QVERIFY(QFile::copy(scratch.path() + u"-journal"_s, copy + u"-journal"_s));
    const QByteArray before = contentOf(copy);
    QVERIFY(before.contains("half")); // pages of the transaction have been written already
    const QString target = scratch.dir.filePath(u"unpacked.sqlite3"_s);
    COMPARE_ERROR(unpackBackup(copy, target), ErrorCode::BackupUnusable);
    QVERIFY(!QFileInfo::exists(target));
    QVERIFY(contentOf(copy) == before);
}

/// A member without a comment, and one more behind it, which RFC 1952 allows.
void TestRollingBackups::unpacksWhatGzipPacked()
{
    Scratch scratch;
    {
        const auto session = scratch.open();
        planned(*session, {request(1)});
        runAsOther(scratch, "PRAGMA wal_checkpoint(TRUNCATE)");
    }
    QTemporaryDir folder;
    const QByteArray all = contentOf(scratch.path());
    const QString packed = folder.filePath(u"two.gz"_s);
    const QString gzip = u"gzip -nc \"$1\" > \"$3\" && gzip -nc \"$2\" >> \"$3\""_s;
    write(folder.filePath(u"1"_s), all.left(5000));
    write(folder.filePath(u"2"_s), all.mid(5000));
    QCOMPARE(QProcess::execute(
                 u"sh"_s, {u"-c"_s, gzip, u"sh"_s, folder.filePath(u"1"_s), folder.filePath(u"2"_s), packed}),
             0);
    const QString target = scratch.dir.filePath(u"unpacked.sqlite3"_s);
    VERIFY_OK(unpackBackup(packed, target));
    QCOMPARE(OtherProgram(target).value(u"SELECT count(*) FROM artifact_jobs"_s), u"1"_s);
    QCOMPARE(OtherProgram(target).value(u"PRAGMA journal_mode"_s), u"delete"_s);

    // And the other way: what we packed, gzip finds right.
    const QString ours = folder.filePath(u"ours.gz"_s);
    VERIFY_OK(backupToFile(scratch.path(), ours, {}));
    QCOMPARE(QProcess::execute(u"gzip"_s, {u"-t"_s, ours}), 0);
}

void TestRollingBackups::refusesWhatIsNoBackup_data()
{
    QTest::addColumn<std::function<QByteArray(QByteArray)>>("damage");
    QTest::addColumn<bool>("isPlain");
    using Damage = std::function<QByteArray(QByteArray)>;
    QTest::newRow("cut short by a byte") << Damage([](QByteArray all) { return all.chopped(1); }) << false;
    QTest::newRow("cut in half") << Damage([](QByteArray all) { return all.left(all.size() / 2); }) << false;
    QTest::newRow("only its header") << Damage([](QByteArray all) { return all.left(10); }) << false;
    QTest::newRow("a byte is another one") << Damage([](QByteArray all) {
        all[all.size() / 2] = static_cast<char>(all[all.size() / 2] ^ 0x10);
        return all;
    }) << false;
    QTest::newRow("its check sum is another one") << Damage([](QByteArray all) {
        all[all.size() - 6] = static_cast<char>(all[all.size() - 6] ^ 1);
        return all;
    }) << false;
    QTest::newRow("followed by something")
        << Damage([](QByteArray all) { return all + "something"; }) << false;
    QTest::newRow("an empty file") << Damage([](const QByteArray &) { return QByteArray(); }) << false;
    QTest::newRow("a text") << Damage([](const QByteArray &) { return QByteArray("once upon a time"); })
                            << false;
    QTest::newRow("a plain one cut in half")
        << Damage([](QByteArray all) { return all.left(all.size() / 2); }) << true;
    QTest::newRow("a plain one with a page of noise")
        << Damage([](QByteArray all) { return all.replace(4096 * 3, 4096, QByteArray(4096, '\x5a')); })
        << true;
}

void TestRollingBackups::refusesWhatIsNoBackup()
{
    QFETCH(std::function<QByteArray(QByteArray)>, damage);
    QFETCH(bool, isPlain);
    Scratch scratch;
    planned(*scratch.open(), {request(1)});
    const QString good = scratch.dir.filePath(isPlain ? u"good.sqlite3"_s : u"good.gz"_s);
    VERIFY_OK(backupToFile(scratch.path(), good, {}));
    const QString bad = scratch.dir.filePath(u"bad"_s);
    write(bad, damage(contentOf(good)));
    QVERIFY(QDir(scratch.dir.path()).mkdir(u"out"_s));
    const auto unpacked = unpackBackup(bad, scratch.dir.filePath(u"out/l.sqlite3"_s));
    COMPARE_ERROR(unpacked, ErrorCode::BackupUnusable);
    QVERIFY(unpacked.error().detail.contains(bad));
    QCOMPARE(namesIn(scratch.dir.filePath(u"out"_s)), QStringList());
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationVersion(u"1.2.3é"_s);
    TestRollingBackups test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_rolling_backups.moc"
