// SPDX-License-Identifier: MIT
#include "storage/part_file.h"

#include "scratch_root.h"
#include "storage/leftovers.h"
#include "support/file_size_limit.h"

#include <QtTest>

#include <atomic>
#include <cerrno>
#include <functional>
#include <limits>
#include <thread>
#include <vector>

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace ingather;
using namespace ingather::storage;
using namespace ingather::tests;
using core::ErrorCode;

/// Parts from their first byte to close(), and what is left of them after a crash.
class TestPartFile final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAreUniqueAndSafe();
    void aPartIsCreatedWithItsSidecar();
    void nothingThatExistsIsOpened();
    void aSmallPartIsDescribedByItsFirstCheckpoint();
    void aMissingRootIsNeverMade();
    void namesThatLeaveTheFolderAreRefused_data();
    void namesThatLeaveTheFolderAreRefused();
    void aPartsFolderThatIsALinkIsRefused();
    void spaceIsReservedAndGivenBack();
    void aPartThatCannotFitIsNotCreated();
    void bytesAreHashedAsTheyArrive();
    void anEmptyDocumentIsAPart();
    void checkpointsMakeBytesDurable();
    void whatWasNotCheckpointedIsCutOff();
    void resumingGoesOnWithTheSameHash();
    void resumingNeverTrustsTheSize_data();
    void resumingNeverTrustsTheSize();
    void resumingReportsWhatIsMissing();
    void resumingCanBeStopped();
    void onlyOneHoldsAPart();
    void aPartWithASecondNameIsNotWrittenTo();
    void aClosedPartTellsSo();
    void anErrorLeavesThePartUsable();
    void aFullVolumeIsSurvived();
    void theFolderMayVanishBetweenParts();
    void everyThreadMayUseItsOwnParts();
};

namespace
{

const QString name = QStringLiteral("job.1-1.part");

/// Stops the test program on an error that the test is not about.
template <typename T>
T must(core::Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(core::toLogText(result.error())));
    return std::move(*result);
}

PartFile created(const ScratchRoot &root, std::optional<qint64> size = {})
{
    return must(PartFile::create(root.path(), name, description(size)));
}

qint64 bytesOnDisk(const QString &path)
{
    struct stat facts {
    };
    return stat(QFile::encodeName(path).constData(), &facts) == 0 ? facts.st_blocks * 512 : -1;
}

} // namespace

void TestPartFile::namesAreUniqueAndSafe()
{
    const core::Fence fence{(qint64(3) << 32) + 7};
    const QString ours = partName(description().job, fence, 2);
    QCOMPARE(ours, QStringLiteral("6f9619ff-8b86-5d01-b42d-00cf4fc964ff.12884901895-2.part"));
    QStringList names;
    for (const QString &id :
         {QStringLiteral("../../etc"), QStringLiteral("a/b"), QStringLiteral(""), QStringLiteral("ä"),
          QString(500, u'x'), QStringLiteral(".."), QString(QChar())}) {
        const QString foreign = partName(core::JobId{id}, fence, 1);
        QVERIFY2(!foreign.contains(u'/') && foreign.size() < 100 && foreign.startsWith(u"id-"),
                 qPrintable(foreign));
        names.append(foreign);
    }
    QCOMPARE(names.removeDuplicates(), 0);
    QVERIFY(partName(description().job, fence, 3) != ours);
    QVERIFY(partName(description().job, core::Fence{fence.value + 1}, 2) != ours);
}

void TestPartFile::aPartIsCreatedWithItsSidecar()
{
    const ScratchRoot root;
    const PartFile part = created(root, 3 << 20);
    QCOMPARE(part.name(), name);
    QCOMPARE(part.path(), root.part(name));
    QCOMPARE(part.length(), qint64(0));
    QCOMPARE(part.durableLength(), qint64(0));
    QCOMPARE(part.digest(), sha256Of(QByteArray()));
    QCOMPARE(root.entries(), QStringList{QStringLiteral(".ingather")});
    QCOMPARE(root.entries(QStringLiteral(".ingather")), (QStringList{name, name + QStringLiteral(".json")}));
    QVERIFY(must(readSidecar(root.path(), name)) == description(3 << 20));
    QCOMPARE(partsFolder(root.path()), root.at(QStringLiteral(".ingather")));
}

void TestPartFile::nothingThatExistsIsOpened()
{
    const ScratchRoot root;
    root.write(QStringLiteral(".ingather/") + name, "bytes of somebody");
    const core::Result<PartFile> refused = PartFile::create(root.path(), name, description());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::FileExists);
    QCOMPARE(root.entries(QStringLiteral(".ingather")), QStringList{name}); // no sidecar left behind
    QCOMPARE(root.read(QStringLiteral(".ingather/") + name), QByteArray("bytes of somebody"));

    const QString other = QStringLiteral("job.2-1.part");
    {
        const PartFile mine = must(PartFile::create(root.path(), other, description()));
    }
    QCOMPARE(PartFile::create(root.path(), other, description(3 << 20)).error().code, ErrorCode::FileExists);
    QCOMPARE(PartFile::create(root.path(), other, description(2)).error().code, ErrorCode::FileExists);
    QVERIFY(must(readSidecar(root.path(), other)) == description());
}

/// A file of a thousand that is there in a moment costs one name less.
void TestPartFile::aSmallPartIsDescribedByItsFirstCheckpoint()
{
    const ScratchRoot root;
    PartFile part = created(root, 1 << 20);
    QCOMPARE(root.entries(QStringLiteral(".ingather")), QStringList{name});
    QVERIFY(part.append("a slow server's first bytes").has_value());
    QVERIFY(part.checkpoint().has_value());
    QVERIFY(must(readSidecar(root.path(), name)) == description(1 << 20));
    QVERIFY(part.checkpoint().has_value());
    QVERIFY(part.close().has_value());
    QVERIFY(discardPart(root.path(), name).has_value());
    QVERIFY(root.entries().isEmpty());
}

void TestPartFile::aMissingRootIsNeverMade()
{
    const ScratchRoot root;
    const QString missing = root.at(QStringLiteral("mnt/usb"));
    QCOMPARE(PartFile::create(missing, name, description()).error().code, ErrorCode::VolumeAbsent);
    QCOMPARE(PartFile::resume(missing, name, 0).error().code, ErrorCode::VolumeAbsent);
    QCOMPARE(leftoversIn(missing).error().code, ErrorCode::VolumeAbsent);
    QVERIFY(root.entries().isEmpty());

    root.write(QStringLiteral("file"), "x");
    const QString file = root.at(QStringLiteral("file"));
    QCOMPARE(PartFile::create(file, name, description()).error().code, ErrorCode::NotAFolder);
    QCOMPARE(PartFile::resume(file, name, 0).error().code, ErrorCode::NotAFolder);
}

void TestPartFile::namesThatLeaveTheFolderAreRefused_data()
{
    QTest::addColumn<QString>("partName");
    QTest::newRow("no name") << QString();
    QTest::newRow("the folder") << QStringLiteral(".");
    QTest::newRow("the folder above") << QStringLiteral("..");
    QTest::newRow("a file above") << QStringLiteral("../x.part");
    QTest::newRow("a file below") << QStringLiteral("a/x.part");
    QTest::newRow("a name that ends early")
        << QString(QStringLiteral("x") + QChar() + QStringLiteral(".part"));
    QTest::newRow("a sidecar's name") << QStringLiteral("x.part.json");
}

void TestPartFile::namesThatLeaveTheFolderAreRefused()
{
    QFETCH(QString, partName);
    const ScratchRoot root;
    QCOMPARE(PartFile::create(root.path(), partName, description()).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(PartFile::resume(root.path(), partName, 0).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(discardPart(root.path(), partName).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(adoptPart(root.path(), partName, name, 0).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(adoptPart(root.path(), name, partName, 0).error().code, ErrorCode::InvalidArgument);
    QVERIFY(root.entries().isEmpty());
    // An empty root would be the root of the file system.
    QCOMPARE(PartFile::create(QString(), name, description()).error().code, ErrorCode::InvalidArgument);
}

void TestPartFile::aPartsFolderThatIsALinkIsRefused()
{
    const ScratchRoot root;
    const ScratchRoot elsewhere;
    QVERIFY(QFile::link(elsewhere.path(), root.at(QStringLiteral(".ingather"))));
    QCOMPARE(PartFile::create(root.path(), name, description()).error().code, ErrorCode::NotAFolder);
    elsewhere.write(name, "x");
    QCOMPARE(PartFile::resume(root.path(), name, 0).error().code, ErrorCode::NotAFolder);
    QCOMPARE(discardPart(root.path(), name).error().code, ErrorCode::NotAFolder);
    QCOMPARE(elsewhere.entries(), QStringList{name});

    // A part that is a link is not followed either.
    const ScratchRoot other;
    QVERIFY(QDir(other.path()).mkdir(QStringLiteral(".ingather")));
    QVERIFY(QFile::link(elsewhere.at(name), other.part(name)));
    QCOMPARE(PartFile::resume(other.path(), name, 0).error().code, ErrorCode::PartDamaged);
    QCOMPARE(elsewhere.read(name), QByteArray("x"));
}

void TestPartFile::spaceIsReservedAndGivenBack()
{
    const ScratchRoot root;
    constexpr qint64 size = 4 << 20;
    PartFile part = created(root, size);
    QCOMPARE(QFileInfo(part.path()).size(), qint64(0));
    QVERIFY(bytesOnDisk(part.path()) >= size);
    QVERIFY(part.append("only this").has_value());
    QVERIFY(part.close().has_value());
    QCOMPARE(QFileInfo(part.path()).size(), qint64(9));
    QVERIFY(bytesOnDisk(part.path()) < size);

    // The same after a crash: what was reserved means nothing and goes.
    const QString second = QStringLiteral("job.2-1.part");
    {
        const PartFile crashed = must(PartFile::create(root.path(), second, description(size)));
    }
    QVERIFY(bytesOnDisk(root.part(second)) >= size);
    const PartFile resumed = must(PartFile::resume(root.path(), second, 0));
    QVERIFY(bytesOnDisk(root.part(second)) < size);
}

void TestPartFile::aPartThatCannotFitIsNotCreated()
{
    const ScratchRoot root;
    const core::Result<PartFile> refused =
        PartFile::create(root.path(), name, description(std::numeric_limits<qint64>::max()));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::DiskFull);
    QVERIFY(root.entries().isEmpty());
}

void TestPartFile::bytesAreHashedAsTheyArrive()
{
    const ScratchRoot root;
    PartFile part = created(root);
    const QByteArray bytes = testBytes(3'000'000);
    qsizetype at = 0;
    for (const qsizetype piece : {1, 0, 262'144, 999'999, 1'737'856}) {
        QVERIFY(part.append(QByteArrayView(bytes).sliced(at, piece)).has_value());
        at += piece;
        QCOMPARE(part.length(), at);
        QCOMPARE(part.digest(), sha256Of(bytes.left(at)));
    }
    QCOMPARE(at, bytes.size());
    PartFile moved(std::move(part));
    QVERIFY(moved.close().has_value());
    QVERIFY(root.read(QStringLiteral(".ingather/") + name) == bytes);
}

void TestPartFile::anEmptyDocumentIsAPart()
{
    const ScratchRoot root;
    PartFile part = created(root, 0);
    QVERIFY(part.checkpoint().has_value());
    QVERIFY(part.close().has_value());
    QCOMPARE(part.length(), qint64(0));
    QCOMPARE(part.digest(), sha256Of(QByteArray()));
    PartFile again = must(PartFile::resume(root.path(), name, 0));
    QVERIFY(again.close().has_value());
    QCOMPARE(root.read(QStringLiteral(".ingather/") + name), QByteArray());
}

void TestPartFile::checkpointsMakeBytesDurable()
{
    const ScratchRoot root;
    PartFile part = created(root);
    QVERIFY(part.append("12345").has_value());
    QCOMPARE(part.durableLength(), qint64(0));
    QVERIFY(part.checkpoint().has_value());
    QCOMPARE(part.durableLength(), qint64(5));
    QVERIFY(part.append("678").has_value());
    QCOMPARE(part.durableLength(), qint64(5));
    QVERIFY(part.close().has_value());
    QCOMPARE(part.durableLength(), qint64(8));
}

void TestPartFile::whatWasNotCheckpointedIsCutOff()
{
    const ScratchRoot root;
    {
        PartFile part = created(root, 100'000);
        QVERIFY(part.append(testBytes(40'000)).has_value());
        QVERIFY(part.checkpoint().has_value());
        QVERIFY(part.append(QByteArray(20'000, 'x')).has_value());
    } // as a crash leaves it: neither checkpointed nor closed
    QCOMPARE(QFileInfo(root.part(name)).size(), qint64(60'000));
    const PartFile resumed = must(PartFile::resume(root.path(), name, 40'000));
    QCOMPARE(resumed.length(), qint64(40'000));
    QCOMPARE(resumed.durableLength(), qint64(40'000));
    QCOMPARE(resumed.digest(), sha256Of(testBytes(40'000)));
    QCOMPARE(QFileInfo(root.part(name)).size(), qint64(40'000));
}

void TestPartFile::resumingGoesOnWithTheSameHash()
{
    const ScratchRoot root;
    const QByteArray bytes = testBytes(5'000'000);
    qint64 durable = 0;
    {
        PartFile part = created(root, bytes.size());
        QVERIFY(part.append(QByteArrayView(bytes).first(2'222'222)).has_value());
        QVERIFY(part.checkpoint().has_value());
        durable = part.durableLength();
        QVERIFY(part.append(QByteArray(1000, '?')).has_value());
    }
    PartFile part = must(PartFile::resume(root.path(), name, durable));
    QVERIFY(part.append(QByteArrayView(bytes).sliced(durable)).has_value());
    QCOMPARE(part.digest(), sha256Of(bytes));
    QVERIFY(part.close().has_value());
    QVERIFY(root.read(QStringLiteral(".ingather/") + name) == bytes);
}

void TestPartFile::resumingNeverTrustsTheSize_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<qint64>("durableLength");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("longer than what is durable") << qint64(100) << qint64(60) << true;
    QTest::newRow("just what is durable") << qint64(60) << qint64(60) << true;
    QTest::newRow("one byte short") << qint64(59) << qint64(60) << false;
    QTest::newRow("emptied") << qint64(0) << qint64(60) << false;
    QTest::newRow("full, but nothing durable") << qint64(100) << qint64(0) << true;
    QTest::newRow("empty, nothing durable") << qint64(0) << qint64(0) << true;
}

void TestPartFile::resumingNeverTrustsTheSize()
{
    QFETCH(qint64, size);
    QFETCH(qint64, durableLength);
    QFETCH(bool, isGood);
    const ScratchRoot root;
    root.write(QStringLiteral(".ingather/") + name, testBytes(size));
    const core::Result<PartFile> part = PartFile::resume(root.path(), name, durableLength);
    QCOMPARE(part.has_value(), isGood);
    if (isGood) {
        QCOMPARE(part->length(), durableLength);
        QCOMPARE(part->digest(), sha256Of(testBytes(size).left(durableLength)));
        QCOMPARE(QFileInfo(root.part(name)).size(), durableLength);
    } else {
        QCOMPARE(part.error().code, ErrorCode::PartDamaged);
        QCOMPARE(QFileInfo(root.part(name)).size(), size); // left for a look
    }
}

void TestPartFile::resumingReportsWhatIsMissing()
{
    const ScratchRoot root;
    QCOMPARE(PartFile::resume(root.path(), name, 0).error().code, ErrorCode::PartMissing);
    root.write(QStringLiteral(".ingather/other"), "x");
    QCOMPARE(PartFile::resume(root.path(), name, 0).error().code, ErrorCode::PartMissing);
    QCOMPARE(PartFile::resume(root.path(), QStringLiteral("other"), -1).error().code,
             ErrorCode::InvalidArgument);
    QVERIFY(QDir(root.part(QString())).mkdir(name));
    QCOMPARE(PartFile::resume(root.path(), name, 0).error().code, ErrorCode::PartDamaged);
}

void TestPartFile::resumingCanBeStopped()
{
    const ScratchRoot root;
    root.write(QStringLiteral(".ingather/") + name, testBytes(3 << 20));
    const core::Result<PartFile> stopped = PartFile::resume(root.path(), name, 2 << 20, [] { return true; });
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Stopped);
    QCOMPARE(QFileInfo(root.part(name)).size(), qint64(3 << 20)); // nothing was cut off before it was checked
    QVERIFY(PartFile::resume(root.path(), name, 2 << 20, [] { return false; }).has_value());
}

void TestPartFile::onlyOneHoldsAPart()
{
    const ScratchRoot root;
    PartFile holder = created(root);
    QVERIFY(holder.append("12345").has_value());
    QCOMPARE(PartFile::resume(root.path(), name, 0).error().code, ErrorCode::PartLocked);
    QCOMPARE(discardPart(root.path(), name).error().code, ErrorCode::PartLocked);
    QVERIFY(holder.append("678").has_value());
    QVERIFY(holder.close().has_value());
    PartFile next = must(PartFile::resume(root.path(), name, 8));
    QCOMPARE(PartFile::resume(root.path(), name, 8).error().code, ErrorCode::PartLocked);
    QCOMPARE(next.digest(), sha256Of("12345678"));
}

void TestPartFile::aPartWithASecondNameIsNotWrittenTo()
{
    const ScratchRoot root;
    root.write(QStringLiteral(".ingather/") + name, "a filed document");
    QCOMPARE(link(QFile::encodeName(root.part(name)).constData(),
                  QFile::encodeName(root.at(QStringLiteral("paper.pdf"))).constData()),
             0);
    QCOMPARE(PartFile::resume(root.path(), name, 2).error().code, ErrorCode::PartDamaged);
    QCOMPARE(root.read(QStringLiteral("paper.pdf")), QByteArray("a filed document"));
    QVERIFY(discardPart(root.path(), name).has_value());
    QCOMPARE(root.read(QStringLiteral("paper.pdf")), QByteArray("a filed document"));
}

void TestPartFile::aClosedPartTellsSo()
{
    const ScratchRoot root;
    PartFile part = created(root);
    QVERIFY(part.append("abc").has_value());
    QVERIFY(part.close().has_value());
    QCOMPARE(part.append("d").error().code, ErrorCode::Internal);
    QCOMPARE(part.checkpoint().error().code, ErrorCode::Internal);
    QCOMPARE(part.close().error().code, ErrorCode::Internal);
    QCOMPARE(part.length(), qint64(3));
    QCOMPARE(part.digest(), sha256Of("abc"));
    QVERIFY(PartFile::resume(root.path(), name, 3).has_value());
}

void TestPartFile::anErrorLeavesThePartUsable()
{
    const ScratchRoot root;
    const QByteArray bytes = testBytes(500'000);
    {
        PartFile part = created(root);
        const support::FileSizeLimit limit(300'000);
        QVERIFY(part.append(QByteArrayView(bytes).first(200'000)).has_value());
        const core::Result<> refused = part.append(QByteArrayView(bytes).sliced(200'000));
        QVERIFY(!refused);
        QCOMPARE(refused.error().native, EFBIG);
        QCOMPARE(part.length(), qint64(200'000));
        QVERIFY(part.checkpoint().has_value());
        QCOMPARE(part.durableLength(), qint64(200'000));
        QVERIFY(part.close().has_value()); // cuts what the failed append left
    }
    QCOMPARE(QFileInfo(root.part(name)).size(), qint64(200'000));
    PartFile part = must(PartFile::resume(root.path(), name, 200'000));
    QVERIFY(part.append(QByteArrayView(bytes).sliced(200'000)).has_value());
    QCOMPARE(part.digest(), sha256Of(bytes));
}

namespace
{

bool writeLine(const char *path, const QByteArray &line)
{
    QFile file(QString::fromLatin1(path));
    return file.open(QIODevice::WriteOnly | QIODevice::Unbuffered) && file.write(line) == line.size();
}

/// Mounts a file system of `bytes` on `folder`, seen by this process only. Needs a kernel that lets us.
bool mountSmallVolume(const QString &folder, int bytes)
{
    const QByteArray user = QByteArray::number(geteuid());
    const QByteArray group = QByteArray::number(getegid());
    if (geteuid() != 0 &&
        (unshare(CLONE_NEWUSER) != 0 || !writeLine("/proc/self/uid_map", "0 " + user + " 1") ||
         !writeLine("/proc/self/setgroups", "deny") || !writeLine("/proc/self/gid_map", "0 " + group + " 1")))
        return false;
    const QByteArray options = "size=" + QByteArray::number(bytes);
    return unshare(CLONE_NEWNS) == 0 && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           mount("small", QFile::encodeName(folder).constData(), "tmpfs", 0, options.constData()) == 0;
}

/// Runs `work` in a forked child and returns its exit code.
int inChild(const std::function<int()> &work)
{
    const pid_t child = fork();
    if (child == 0)
        _exit(work());
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// 0, or the number of the step that went wrong.
int fillSmallVolume(const QString &root, const QByteArray &bytes)
{
    // With the size known, the part is refused before anything is taken.
    const core::Result<PartFile> refused = PartFile::create(root, name, description(bytes.size()));
    if (refused || refused.error().code != ErrorCode::DiskFull)
        return 1;
    if (QFile::exists(partsFolder(root)))
        return 2;
    // With the size not known, it ends in the middle, at a place that is kept.
    qint64 reached = 0;
    {
        core::Result<PartFile> part = PartFile::create(root, name, description());
        if (!part)
            return 3;
        core::Result<> outcome;
        while (outcome && part->length() + 100'000 <= bytes.size())
            outcome = part->append(QByteArrayView(bytes).sliced(part->length(), 100'000));
        if (outcome || outcome.error().code != ErrorCode::DiskFull)
            return 4;
        reached = part->length();
        if (reached < 1'000'000 || part->digest() != sha256Of(bytes.left(reached)))
            return 5;
        if (!part->close())
            return 6;
    }
    core::Result<PartFile> part = PartFile::resume(root, name, reached);
    if (!part || part->digest() != sha256Of(bytes.left(reached)))
        return 7;
    return 0;
}

} // namespace

void TestPartFile::aFullVolumeIsSurvived()
{
    const ScratchRoot root;
    const QByteArray bytes = testBytes(4 << 20);
    const QString where = root.path();
    constexpr int cannotMount = 99;
    const int step = inChild(
        [&] { return mountSmallVolume(where, 2 << 20) ? fillSmallVolume(where, bytes) : cannotMount; });
    if (step == cannotMount) {
        // No right to mount here: the file size limit cuts the part short at the same place.
        const support::FileSizeLimit limit(2 << 20);
        PartFile part = created(root);
        core::Result<> outcome;
        while (outcome && part.length() < bytes.size())
            outcome = part.append(QByteArrayView(bytes).sliced(part.length(), 1 << 16));
        QVERIFY(!outcome);
        QCOMPARE(part.length(), qint64(2 << 20));
        return;
    }
    QCOMPARE(step, 0);
}

void TestPartFile::theFolderMayVanishBetweenParts()
{
    // One thread's last part takes the folder along at the moment when the other makes its next one.
    const ScratchRoot root;
    constexpr int rounds = 300;
    std::atomic<int> failures{0};
    const auto work = [&](int thread) {
        for (int i = 0; i < rounds; ++i) {
            const QString own = QStringLiteral("%1.%2-1.part").arg(thread).arg(i);
            core::Result<PartFile> part = PartFile::create(root.path(), own, description());
            if (!part || !part->append("x")) {
                ++failures;
                continue;
            }
            *part =
                must(PartFile::create(root.path(), own + u'b', description())); // drops the first, unlocked
            if (!discardPart(root.path(), own))
                ++failures;
            *part = must(PartFile::create(root.path(), own + u'c', description()));
            if (!discardPart(root.path(), own + u'b'))
                ++failures;
            part = core::Error{};
            if (!discardPart(root.path(), own + u'c'))
                ++failures;
        }
    };
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back(work, i);
    }
    for (std::jthread &thread : threads)
        thread.join();
    QCOMPARE(failures.load(), 0);
    QVERIFY(root.entries().isEmpty());
}

void TestPartFile::everyThreadMayUseItsOwnParts()
{
    const ScratchRoot root;
    const QByteArray bytes = testBytes(1'000'000);
    std::atomic<int> right{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            PartFile part =
                must(PartFile::create(root.path(), QStringLiteral("%1.1-1.part").arg(i), description()));
            for (qsizetype at = 0; at < bytes.size(); at += 50'000) {
                if (!part.append(QByteArrayView(bytes).sliced(at, 50'000)))
                    return;
            }
            if (part.close() && part.digest() == sha256Of(bytes))
                ++right;
        });
    }
    for (std::jthread &thread : threads)
        thread.join();
    QCOMPARE(right.load(), 4);
    QCOMPARE(must(leftoversIn(root.path())).size(), 4);
}

QTEST_GUILESS_MAIN(TestPartFile)
#include "tst_part_file.moc"
