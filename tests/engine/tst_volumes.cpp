// SPDX-License-Identifier: MIT
#include "engine/engine_fixture.h"
#include "engine/volumes/mounted_roots.h"
#include "engine/volumes/room_board.h"
#include "platform/file_system.h"
#include "support/manual_clock.h"

#include <fcntl.h>
#include <unistd.h>

using namespace ingather;
using namespace ingather::tests;
using namespace Qt::StringLiterals;
using core::ErrorCode;

namespace
{

constexpr qint64 mebibyte = 1024 * 1024;
constexpr qint64 tooMuch = qint64(1) << 60;
const core::JobId first{u"first"_s};
const core::JobId second{u"second"_s};

/// An answer that promises so many bytes, and gives one.
void serveHuge(support::FakeHttpServer &server, const QString &path)
{
    server.handle(path, [](const support::RecordedRequest &) {
        support::Script script;
        return script.head(200, {{"Content-Length", QByteArray::number(tooMuch)}}).send("x").stall();
    });
}

constexpr qint64 half = 2'000'000;

/// The first answer stops at half for ever; one to a range gives the rest.
void serveInTwoHalves(support::FakeHttpServer &server, const QString &path)
{
    server.handle(path, [](const support::RecordedRequest &request) {
        support::Script script;
        if (!request.hasHeader("Range")) {
            script.head(200, {{"Content-Length", QByteArray::number(2 * half)}, {"ETag", "\"v1\""}});
            return script.sendPattern(0, half).stall();
        }
        script.head(206, {{"Content-Length", QByteArray::number(half)},
                          {"Content-Range", "bytes " + QByteArray::number(half) + '-' +
                                                QByteArray::number(2 * half - 1) + '/' +
                                                QByteArray::number(2 * half)},
                          {"ETag", "\"v1\""}});
        return script.sendPattern(half, half);
    });
}

engine::StatusSnapshot statusOf(EngineFixture &fixture)
{
    auto status = fixture.engine->status();
    status.waitForFinished();
    return status.result().value_or(engine::StatusSnapshot());
}

QList<engine::AddRequest> requestsInto(EngineFixture &fixture, const QString &folder, int count)
{
    QList<engine::AddRequest> requests;
    for (int i = 0; i < count; ++i) {
        const QString path = u"/%1.txt"_s.arg(i);
        fixture.server.serve(path, QByteArray::number(i));
        requests.append(fixture.request(path, folder));
    }
    return requests;
}

} // namespace

/// Room for what is to come, and folders that are away, with one engine.
class TestVolumes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasTakenIsCounted();
    void reservedBlocksAreNotCountedTwice();
    void whatCannotBeToldIsLetThrough();
    void anEmptyMountPointIsNoRoot();
    void oneFileThatIsTooLargeHoldsNobodyUp();
    void anAbsentRootIsLeftAloneUntilItIsBack();
    void whatIsBeingFetchedGivesItsLeaseBack();
};

void TestVolumes::whatWasTakenIsCounted()
{
    const QTemporaryDir folder;
    engine::RoomBoard board(0);
    const qint64 most = board.look(folder.path()).left / 3 * 2;
    QVERIFY(board.take(first, folder.path(), u"a.part"_s, most));
    const auto refused = board.take(second, folder.path(), u"b.part"_s, most);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::DiskFull);
    QVERIFY(!board.look(folder.path()).isEnough); // for the one that was refused
    QVERIFY(board.take(second, folder.path(), u"b.part"_s, std::nullopt));
    board.end(first);
    QVERIFY(board.look(folder.path()).isEnough);
    QVERIFY(board.take(second, folder.path(), u"b.part"_s, most));
}

void TestVolumes::reservedBlocksAreNotCountedTwice()
{
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(u".ingather"_s));
    engine::RoomBoard board(0);
    QVERIFY(board.take(first, folder.path(), u"a.part"_s, 64 * mebibyte));
    const qint64 before = board.look(folder.path()).left;
    const QByteArray name = QFile::encodeName(folder.path() + u"/.ingather/a.part"_s);
    const int part = ::open(name.constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    QVERIFY(platform::reserveSpace(part, 64 * mebibyte));
    platform::FileFacts facts = **platform::fileFacts(QFile::decodeName(name));
    ::close(part);
    if (facts.allocated < 64 * mebibyte)
        QSKIP("This file system reserves nothing.");
    // Others write to this disk, too.
    const qint64 change = qAbs(board.look(folder.path()).left - before);
    QVERIFY2(change < 32 * mebibyte, QByteArray::number(change));
}

void TestVolumes::whatCannotBeToldIsLetThrough()
{
    engine::RoomBoard board(tooMuch);
    QVERIFY(board.take(first, u"/no/such/folder"_s, u"a.part"_s, 1));
    QVERIFY(!board.look(u"/no/such/folder"_s).isThere);
}

/// What is mounted for real is in the torture tests.
void TestVolumes::anEmptyMountPointIsNoRoot()
{
    using Seen = engine::MountedRoots::Seen;
    const support::ManualClock clock;
    const QTemporaryDir dir;
    const QString folder = dir.filePath(u"disk"_s);
    engine::MountedRoots roots(clock);
    const auto looked = [&](const QString &path) { return roots.look(path); };
    QCOMPARE(looked(folder).error().code, ErrorCode::VolumeAbsent);
    QVERIFY(QDir().mkdir(folder));
    QCOMPARE(*looked(folder), Seen::AsBefore); // an empty folder, as many are
    QCOMPARE(*looked(u"/proc"_s), Seen::NewMount);
    QCOMPARE(*looked(u"/proc"_s), Seen::AsBefore);
    QVERIFY(roots.isKnownToBeThere(folder));
    roots.remember({folder});
    QCOMPARE(looked(folder).error().code, ErrorCode::VolumeAbsent);
    // Somebody has moved here.
    QVERIFY(QDir(folder).mkdir(u"papers"_s));
    QCOMPARE(*looked(folder), Seen::AsBefore);
}

void TestVolumes::oneFileThatIsTooLargeHoldsNobodyUp()
{
    EngineFixture fixture;
    serveHuge(fixture.server, u"/huge"_s);
    QVERIFY(fixture.open());
    QSignalSpy told(fixture.engine.get(), &engine::Facade::volumeChanged);
    const core::JobId huge = fixture.add({fixture.request(u"/huge"_s)}).first().job.id;
    QVERIFY(fixture.startWorker({}));
    QTRY_COMPARE_WITH_TIMEOUT(fixture.job(huge).errorCode, u"disk_full"_s, 20'000);
    const QList<engine::AddAnswer> small = fixture.add(requestsInto(fixture, fixture.folder(), 3));
    for (const engine::AddAnswer &answer : small)
        QTRY_COMPARE_WITH_TIMEOUT(fixture.job(answer.job.id).state, core::JobState::Indexed, 20'000);
    QVERIFY(fixture.stopWorker());
    QCOMPARE(fixture.job(huge).attempts, 0);
    QVERIFY(!fixture.job(huge).doneAt);
    QVERIFY(fixture.job(huge).nextAttemptAt > fixture.engine->now());
    QCOMPARE(fixture.folderEntries(), (QStringList{u"0.txt"_s, u"1.txt"_s, u"2.txt"_s})); // no part was begun
    QCOMPARE(told.size(), 0);
}

void TestVolumes::anAbsentRootIsLeftAloneUntilItIsBack()
{
    constexpr int jobs = 60;
    EngineFixture fixture;
    const QString absent = fixture.dir.filePath(u"absent"_s);
    QVERIFY(QDir().mkdir(absent));
    const QList<engine::AddRequest> requests = requestsInto(fixture, absent, jobs);
    fixture.server.serve(u"/other.txt"_s, "text");
    QVERIFY(fixture.open());
    const QList<engine::AddAnswer> answers = fixture.add(requests);
    QVERIFY(QDir().rmdir(absent));
    QSignalSpy told(fixture.engine.get(), &engine::Facade::volumeChanged);
    const core::JobId other = fixture.add({fixture.request(u"/other.txt"_s)}).first().job.id;
    QVERIFY(fixture.startWorker({}));
    QTRY_COMPARE_WITH_TIMEOUT(fixture.job(other).state, core::JobState::Indexed, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(told.size(), 1, 20'000);
    const auto trouble = told.first().first().value<engine::VolumeSnapshot>();
    QCOMPARE(trouble.root, absent);
    QCOMPARE(trouble.errorCode, u"volume_absent"_s);
    // Those that are just finding out, too, wait in a moment.
    QVERIFY2(trouble.jobs <= jobs && trouble.jobs >= jobs - fixture.settings.connectionsPerHost,
             QByteArray::number(trouble.jobs));
    QVERIFY(trouble.until > fixture.engine->now());
    QTRY_COMPARE_WITH_TIMEOUT(statusOf(fixture).activeLeases, 0, 20'000);
    int met = 0;
    for (const engine::AddAnswer &answer : answers) {
        const engine::JobSnapshot job = fixture.job(answer.job.id);
        QCOMPARE(job.attempts, 0);
        QCOMPARE(job.state, core::JobState::Planned);
        met += job.errorCode == u"volume_absent"_s ? 1 : 0;
    }
    // Those that had begun found out; the others were spared it, and nobody was asked for anything.
    QVERIFY2(met >= 1 && met <= 2 * fixture.settings.connectionsPerHost, QByteArray::number(met));
    QCOMPARE(fixture.server.requests().size(), 1);
    QVERIFY(!QFile::exists(absent));
    const QList<engine::VolumeSnapshot> volumes = statusOf(fixture).volumes;
    QCOMPARE(volumes.size(), 1);
    QCOMPARE(volumes.first().root, absent);
    QCOMPARE(volumes.first().errorCode, u"volume_absent"_s);
    QCOMPARE(volumes.first().jobs, jobs);

    QVERIFY(QDir().mkdir(absent));
    for (const engine::AddAnswer &answer : answers)
        QTRY_COMPARE_WITH_TIMEOUT(fixture.job(answer.job.id).state, core::JobState::Indexed, 30'000);
    QVERIFY(fixture.stopWorker());
    QCOMPARE(told.size(), 2);
    const auto over = told.last().first().value<engine::VolumeSnapshot>();
    QCOMPARE(over.root, absent);
    QVERIFY(over.errorCode.isEmpty());
    for (const engine::AddAnswer &answer : answers)
        QCOMPARE(fixture.job(answer.job.id).attempts, 0);
}

/// The folder goes while one of its files is half there: the next job finds out, and both wait.
void TestVolumes::whatIsBeingFetchedGivesItsLeaseBack()
{
    EngineFixture fixture;
    const QString root = fixture.dir.filePath(u"disk"_s);
    const QString away = fixture.dir.filePath(u"away"_s);
    QVERIFY(QDir().mkdir(root));
    serveInTwoHalves(fixture.server, u"/big.bin"_s);
    QVERIFY(fixture.open());
    const core::JobId big = fixture.add({fixture.request(u"/big.bin"_s, root)}).first().job.id;
    const core::JobId next = fixture.add(requestsInto(fixture, root, 1)).first().job.id;
    engine::JobSelection selection;
    selection.ids = {next};
    fixture.engine->wish(engine::Wish::Pause, selection).waitForFinished();
    QVERIFY(fixture.startWorker({}));
    // A checkpoint or two later.
    QTRY_COMPARE_WITH_TIMEOUT(fixture.job(big).bytesDone, half, 20'000);
    QVERIFY(QDir().rename(root, away));
    fixture.engine->wish(engine::Wish::Resume, selection).waitForFinished();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.job(big).errorCode, u"volume_absent"_s, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.job(big).leaseOwner.isEmpty(), 20'000);
    QCOMPARE(fixture.job(big).state, core::JobState::Streaming);
    QCOMPARE(fixture.job(big).attempts, 0);
    QCOMPARE(fixture.job(big).bytesDone, half);

    QVERIFY(QDir().rename(away, root));
    for (const core::JobId &id : {big, next})
        QTRY_COMPARE_WITH_TIMEOUT(fixture.job(id).state, core::JobState::Indexed, 30'000);
    QVERIFY(fixture.stopWorker());
    QCOMPARE(fixture.job(big).attempts, 0);
    const auto requests = fixture.server.requests(u"/big.bin"_s);
    QCOMPARE(requests.size(), 2);
    QCOMPARE(requests[1].header("Range"), "bytes=" + QByteArray::number(half) + '-');
    QFile file(root + u"/big.bin"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll() == support::FakeHttpServer::pattern(0, 2 * half));
}

QTEST_GUILESS_MAIN(TestVolumes)
#include "tst_volumes.moc"
