// SPDX-License-Identifier: MIT
#include "engine/resume_ladder.h"
#include "engine_fixture.h"
#include "storage/filing.h"
#include "storage/hasher.h"
#include "storage/part_file.h"
#include "storage/room.h"

#include <QCryptographicHash>
#include <QTest>

#include <atomic>
#include <limits>

using namespace ingather;
using namespace ingather::engine;
using namespace ingather::tests;
using namespace Qt::StringLiterals;
using core::ErrorCode;
using storage::PartFile;
using support::FakeHttpServer;
using support::RecordedRequest;
using support::Script;

namespace
{

const core::JobId someJob{u"6f9619ff-8b86-5d01-b42d-00cf4fc964ff"_s};
const QString partName = u"x.1-1.part"_s;

KnownPart part(const QString &etag, const QString &date = {}, bool isDateStrong = false)
{
    return {{etag, date, 1000}, isDateStrong, 600};
}

transfer::ResponseHead head(int status, const QString &etag = {}, const QString &date = {},
                            std::optional<qint64> size = 1000)
{
    transfer::ResponseHead head;
    head.status = status;
    head.validators = {etag, date, size};
    if (status == 206)
        head.contentRange = transfer::ContentRange{600, 999, size};
    return head;
}

core::Result<PartFile> newPart(const QTemporaryDir &root, std::optional<qint64> size = {})
{
    return PartFile::create(root.path(), partName,
                            {someJob, u"https://example.org/a"_s, {u"\"v\""_s, {}, size}});
}

core::Sha256 sha256(const QByteArray &bytes)
{
    return *core::Sha256::fromBytes(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256));
}

/// A part with those bytes, closed.
bool makePart(const QTemporaryDir &root, const QByteArray &bytes)
{
    auto part = newPart(root);
    return part && part->append(bytes) && part->close();
}

bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

} // namespace

/// The subjects of the reference's own tests of its streaming, one after the other: room, the decision about
/// a part, parts, hashes, filing, held copies, and the whole way.
class TestSeedStreaming final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // room
    void roomEnough() { QVERIFY(storage::isRoomFor(100, 1000, 500)); }
    void roomToTheLastByte() { QVERIFY(storage::isRoomFor(500, 1000, 500)); }
    void roomMissing() { QVERIFY(!storage::isRoomFor(501, 1000, 500)); }
    void roomOfUnknownSize() { QVERIFY(storage::isRoomFor({}, 500, 500)); }
    void roomBelowTheFloor() { QVERIFY(!storage::isRoomFor({}, 499, 500)); }
    void roomOfAVolume();
    // the decision about a part
    void decisionAsksByTag() { QCOMPARE(int(firstAsk(part(u"\"v\""_s))), int(Ask::IfTag)); }
    void decisionAsksByStrongDate() { QCOMPARE(int(firstAsk(part({}, u"d"_s, true))), int(Ask::IfDate)); }
    void decisionComparesWithoutValidator() { QCOMPARE(int(firstAsk(part({}))), int(Ask::Overlap)); }
    void decisionComparesBehindAWeakTag() { QCOMPARE(int(firstAsk(part(u"W/\"v\""_s))), int(Ask::Overlap)); }
    void decisionContinues();
    void decisionStartsAnewAfterAChange();
    void decisionProbesAfterA200();
    void decisionTakesTheWholeWhenNothingElseHelps();
    void decisionKnowsACompletePart();
    void decisionRefusesAnotherLength();
    // parts
    void partIsMadeWithItsSidecar();
    void partIsNeverOpenedTwice();
    void partIsBelievedUpToItsDurableLength();
    void partThatIsTooShortIsRefused();
    void partOfAnAbsentRootIsNotMade();
    void partThatIsReservedIsNotComplete();
    // hashes
    void hashOfNothing();
    void hashInPieces();
    void hashGoesOnAfterAResume();
    void hashOfAFile();
    // filing
    void filingMovesThePart();
    void filingNeverReplaces();
    void filingStaysInsideTheFolder();
    void filingIsVerified();
    // held copies
    void dedupeFilesACopy();
    void dedupeChecksTheCopy();
    void dedupeOfTheSameUrlFetchesNothing();
    // the whole way
    void wayFetchesFilesAndRegisters();
    void wayResumesAfterACut();
    void wayFailsForGoodWhenItIsGone();
    void wayTriesAgainAfterAServerError();
};

void TestSeedStreaming::roomOfAVolume()
{
    const QTemporaryDir root;
    QVERIFY(storage::checkRoom(root.path(), 1, 0));
    const core::Result<> full = storage::checkRoom(root.path(), 1, std::numeric_limits<qint64>::max());
    QVERIFY(!full);
    QCOMPARE(int(full.error().code), int(ErrorCode::DiskFull));
}

void TestSeedStreaming::decisionContinues()
{
    const Judgement judgement = judge(part(u"\"v\""_s), Ask::IfTag, head(206, u"\"v\""_s));
    QCOMPARE(int(judgement.next), int(Next::Continue));
}

void TestSeedStreaming::decisionStartsAnewAfterAChange()
{
    QCOMPARE(int(judge(part(u"\"v\""_s), Ask::IfTag, head(206, u"\"w\""_s)).next), int(Next::AskWhole));
    QCOMPARE(int(judge(part(u"\"v\""_s), Ask::IfTag, head(200, u"\"w\""_s)).next), int(Next::TakeWhole));
}

void TestSeedStreaming::decisionProbesAfterA200()
{
    QCOMPARE(int(judge(part(u"\"v\""_s), Ask::IfTag, head(200, u"\"v\""_s)).next), int(Next::AskPlainly));
}

void TestSeedStreaming::decisionTakesTheWholeWhenNothingElseHelps()
{
    QCOMPARE(int(judge(part(u"\"v\""_s), Ask::Plainly, head(200, u"\"v\""_s)).next), int(Next::TakeWhole));
    QCOMPARE(int(judge(part({}), Ask::Overlap, head(200)).next), int(Next::TakeWhole));
}

void TestSeedStreaming::decisionKnowsACompletePart()
{
    KnownPart whole = part(u"\"v\""_s);
    whole.length = 1000;
    QCOMPARE(int(judge(whole, Ask::IfTag, head(416)).next), int(Next::IsComplete));
    QCOMPARE(int(judge(whole, Ask::IfTag, head(416, {}, {}, 1001)).next), int(Next::AskWhole));
    QCOMPARE(int(judge(whole, Ask::IfTag, head(416, {}, {}, {})).next), int(Next::AskWhole));
}

void TestSeedStreaming::decisionRefusesAnotherLength()
{
    QCOMPARE(int(judge(part(u"\"v\""_s), Ask::IfTag, head(206, u"\"v\""_s, {}, 2000)).next),
             int(Next::AskWhole));
}

void TestSeedStreaming::partIsMadeWithItsSidecar()
{
    const QTemporaryDir root;
    QVERIFY(newPart(root));
    const auto description = storage::readSidecar(root.path(), partName);
    QVERIFY(description);
    QCOMPARE(description->job, someJob);
}

void TestSeedStreaming::partIsNeverOpenedTwice()
{
    const QTemporaryDir root;
    const auto first = newPart(root);
    QVERIFY(first);
    const auto second = PartFile::resume(root.path(), partName, 0);
    QVERIFY(!second);
    QCOMPARE(int(second.error().code), int(ErrorCode::PartLocked));
}

void TestSeedStreaming::partIsBelievedUpToItsDurableLength()
{
    const QTemporaryDir root;
    QVERIFY(makePart(root, "0123456789"));
    const auto resumed = PartFile::resume(root.path(), partName, 4);
    QVERIFY(resumed);
    QCOMPARE(resumed->length(), qint64(4));
    QCOMPARE(resumed->digest(), sha256("0123"));
}

void TestSeedStreaming::partThatIsTooShortIsRefused()
{
    const QTemporaryDir root;
    QVERIFY(makePart(root, "0123"));
    const auto resumed = PartFile::resume(root.path(), partName, 5);
    QVERIFY(!resumed);
    QCOMPARE(int(resumed.error().code), int(ErrorCode::PartDamaged));
}

void TestSeedStreaming::partOfAnAbsentRootIsNotMade()
{
    const auto part =
        PartFile::create(u"/nowhere/at/all"_s, partName, {someJob, u"https://example.org/a"_s, {}});
    QVERIFY(!part);
    QCOMPARE(int(part.error().code), int(ErrorCode::VolumeAbsent));
}

/// The reference took a file of the announced size for a finished one.
void TestSeedStreaming::partThatIsReservedIsNotComplete()
{
    const QTemporaryDir root;
    auto part = newPart(root, 100'000);
    QVERIFY(part && part->append(QByteArray("abc")));
    QCOMPARE(part->length(), qint64(3));
    QCOMPARE(QFileInfo(part->path()).size(), qint64(3));
}

void TestSeedStreaming::hashOfNothing()
{
    QCOMPARE(storage::Hasher().digest(), sha256({}));
}

void TestSeedStreaming::hashInPieces()
{
    storage::Hasher hasher;
    for (const char *piece : {"a", "", "bc", "def"})
        hasher.add(QByteArrayView(piece));
    QCOMPARE(hasher.digest(), sha256("abcdef"));
}

void TestSeedStreaming::hashGoesOnAfterAResume()
{
    const QTemporaryDir root;
    QVERIFY(makePart(root, "0123456789"));
    auto resumed = PartFile::resume(root.path(), partName, 5);
    QVERIFY(resumed && resumed->append(QByteArray("abc")));
    QCOMPARE(resumed->digest(), sha256("01234abc"));
}

void TestSeedStreaming::hashOfAFile()
{
    const QTemporaryDir root;
    const QByteArray bytes = FakeHttpServer::pattern(0, 3'000'000);
    QVERIFY(write(root.filePath(u"a"_s), bytes));
    QCOMPARE(storage::hashFile(root.filePath(u"a"_s)).value(), sha256(bytes));
    QCOMPARE(storage::hashFile(root.filePath(u"a"_s), 7).value(), sha256(bytes.first(7)));
}

void TestSeedStreaming::filingMovesThePart()
{
    const QTemporaryDir root;
    QVERIFY(makePart(root, "abc"));
    QVERIFY(storage::filePart(root.path(), partName, u"a.bin"_s));
    QVERIFY(QFile::exists(root.filePath(u"a.bin"_s)));
    QVERIFY(!QFile::exists(root.filePath(u".ingather"_s)));
}

void TestSeedStreaming::filingNeverReplaces()
{
    const QTemporaryDir root;
    QVERIFY(makePart(root, "abc"));
    QVERIFY(write(root.filePath(u"a.bin"_s), "mine"));
    const core::Result<> filed = storage::filePart(root.path(), partName, u"a.bin"_s);
    QVERIFY(!filed);
    QCOMPARE(int(filed.error().code), int(ErrorCode::FileExists));
    QCOMPARE(QFileInfo(root.filePath(u"a.bin"_s)).size(), qint64(4));
}

void TestSeedStreaming::filingStaysInsideTheFolder()
{
    const QTemporaryDir root;
    QVERIFY(makePart(root, "abc"));
    for (const QString &path : {u"../a.bin"_s, u"/tmp/a.bin"_s, u".ingather/a.bin"_s})
        QVERIFY(!storage::filePart(root.path(), partName, path));
}

void TestSeedStreaming::filingIsVerified()
{
    const QTemporaryDir root;
    QVERIFY(write(root.filePath(u"a"_s), "abc"));
    QVERIFY(storage::verifyFile(root.filePath(u"a"_s), 3, sha256("abc")));
    QVERIFY(!storage::verifyFile(root.filePath(u"a"_s), 3, sha256("abd")));
    QVERIFY(!storage::verifyFile(root.filePath(u"a"_s), 4, sha256("abc")));
}

void TestSeedStreaming::dedupeFilesACopy()
{
    const QTemporaryDir root;
    QVERIFY(write(root.filePath(u"held"_s), "abc"));
    const auto copied =
        storage::fileCopy(root.filePath(u"held"_s), root.path(), u"x.1-1.copy"_s, u"copy"_s, sha256("abc"));
    QVERIFY(copied);
    QVERIFY(storage::verifyFile(root.filePath(u"copy"_s), 3, sha256("abc")));
}

void TestSeedStreaming::dedupeChecksTheCopy()
{
    const QTemporaryDir root;
    QVERIFY(write(root.filePath(u"held"_s), "changed"));
    QVERIFY(
        !storage::fileCopy(root.filePath(u"held"_s), root.path(), u"x.1-1.copy"_s, u"copy"_s, sha256("abc")));
    QVERIFY(!QFile::exists(root.filePath(u"copy"_s)));
}

void TestSeedStreaming::dedupeOfTheSameUrlFetchesNothing()
{
    EngineFixture fixture;
    QVERIFY(QDir(fixture.dir.path()).mkdir(u"second"_s));
    QVERIFY(fixture.open());
    fixture.server.serve(u"/a.bin"_s, QByteArray("abc"));
    QVERIFY(fixture.work({fixture.add({fixture.request(u"/a.bin"_s)}).first().job.id}));
    fixture.server.clearRequests();
    const core::JobId second =
        fixture.add({fixture.request(u"/a.bin"_s, fixture.dir.filePath(u"second"_s))}).first().job.id;
    QVERIFY(fixture.work({second}));
    QCOMPARE(core::jobStateName(fixture.job(second).state), u"DEDUPED"_s);
    QCOMPARE(fixture.server.requests().size(), 0);
}

void TestSeedStreaming::wayFetchesFilesAndRegisters()
{
    EngineFixture fixture;
    QVERIFY(fixture.open());
    fixture.server.serve(u"/a.bin"_s, QByteArray("abc"));
    const core::JobId id = fixture.add({fixture.request(u"/a.bin"_s)}).first().job.id;
    QVERIFY(fixture.work({id}));
    QCOMPARE(fixture.history(id), u"HEAD DONE, STREAM DONE, FINALIZE DONE, INDEX DONE"_s);
    QCOMPARE(fixture.job(id).sha256, sha256("abc").toHex());
}

void TestSeedStreaming::wayResumesAfterACut()
{
    EngineFixture fixture;
    QVERIFY(fixture.open());
    auto count = std::make_shared<std::atomic<int>>(0);
    fixture.server.handle(u"/a.bin"_s, [count](const RecordedRequest &) {
        if ((*count)++ == 0)
            return Script().head(200, {{"Content-Length", "10"}, {"ETag", "\"v\""}}).send("01234").close();
        return Script()
            .head(206, {{"Content-Length", "5"}, {"ETag", "\"v\""}, {"Content-Range", "bytes 5-9/10"}})
            .send("56789");
    });
    const core::JobId id = fixture.add({fixture.request(u"/a.bin"_s)}).first().job.id;
    QVERIFY(fixture.work({id}));
    QCOMPARE(fixture.fileContent(u"a.bin"_s), QByteArray("0123456789"));
}

void TestSeedStreaming::wayFailsForGoodWhenItIsGone()
{
    EngineFixture fixture;
    QVERIFY(fixture.open());
    fixture.server.status(u"/a.bin"_s, 410);
    const core::JobId id = fixture.add({fixture.request(u"/a.bin"_s)}).first().job.id;
    QVERIFY(fixture.work({id}));
    QVERIFY(fixture.job(id).isFailedForGood());
    QCOMPARE(fixture.job(id).errorCode, u"http_gone"_s);
    QCOMPARE(fixture.server.requests().size(), 1);
}

void TestSeedStreaming::wayTriesAgainAfterAServerError()
{
    EngineFixture fixture;
    QVERIFY(fixture.open());
    auto count = std::make_shared<std::atomic<int>>(0);
    fixture.server.handle(u"/a.bin"_s, [count](const RecordedRequest &) {
        if ((*count)++ == 0)
            return Script().head(500, {{"Content-Length", "0"}});
        return Script().head(200, {{"Content-Length", "3"}}).send("abc");
    });
    const core::JobId id = fixture.add({fixture.request(u"/a.bin"_s)}).first().job.id;
    QVERIFY(fixture.work({id}));
    QCOMPARE(fixture.fileContent(u"a.bin"_s), QByteArray("abc"));
    QCOMPARE(fixture.job(id).attempts, 1);
}

QTEST_GUILESS_MAIN(TestSeedStreaming)
#include "tst_seed_streaming.moc"
