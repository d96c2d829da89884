// SPDX-License-Identifier: MIT
#include "storage/filing.h"

#include "platform/file_system.h"
#include "scratch_root.h"
#include "storage/part_file.h"
#include "support/file_size_limit.h"

#include <QtTest>

#include <atomic>
#include <thread>
#include <vector>

#include <sys/stat.h>

using namespace ingather;
using namespace ingather::storage;
using namespace ingather::tests;
using core::ErrorCode;

/// From a complete part to a document at its place, without ever replacing one.
class TestFiling final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPartBecomesADocument_data();
    void aPartBecomesADocument();
    void aGroupIsSyncedAtOnce();
    void nothingIsReplaced_data();
    void nothingIsReplaced();
    void pathsStayInsideTheRoot_data();
    void pathsStayInsideTheRoot();
    void foldersOfTheTargetMustBeReal();
    void aMissingPartOrVolumeIsReported();
    void aPartThatIsStillHeldIsNotFiled();
    void otherPartsSurviveTheFiling();
    void filingAndCreatingAtOnce();
    void verifyingSaysWhatIsWrong_data();
    void verifyingSaysWhatIsWrong();
    void copiesAreFiled_data();
    void copiesAreFiled();
    void aCopyThatIsNotTheContentIsRefused();
    void copiesReplaceNothing();
    void aFailedOrStoppedCopyLeavesNothing();
    void quarantineTakesThePart();
    void quarantineReplacesNothing();
    void quarantineOnAnotherVolumeIsACopy();
    void quarantineReportsErrors();
};

namespace
{

const QString name = QStringLiteral("job.1-1.part");
const QString folder = QStringLiteral(".ingather");
const QString paper = QStringLiteral("paper.pdf");

void makePart(const ScratchRoot &root, const QByteArray &content, const QString &partName = name)
{
    core::Result<PartFile> part = PartFile::create(root.path(), partName, description());
    if (!part || !part->append(content) || !part->close())
        qFatal("cannot make the part");
}

/// A folder on a file system other than that of the temporary folder; every Linux has this one.
QString otherVolume()
{
    return QStringLiteral("/dev/shm");
}

quint64 deviceOf(const QString &path)
{
    struct stat facts {
    };
    return stat(QFile::encodeName(path).constData(), &facts) == 0 ? facts.st_dev : 0;
}

} // namespace

void TestFiling::aPartBecomesADocument_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("target");
    QTest::newRow("a document") << testBytes(100'000) << paper;
    QTest::newRow("an empty document") << QByteArray() << paper;
    QTest::newRow("a name of the world") << QByteArray("x") << QStringLiteral("Übung – 论文 (2).pdf");
    QTest::newRow("a name with dots") << QByteArray("x") << QStringLiteral("..a..b..");
    QTest::newRow("a folder below") << QByteArray("x") << QStringLiteral("2025/paper.pdf");
}

void TestFiling::aPartBecomesADocument()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, target);
    const ScratchRoot root;
    QVERIFY(QDir(root.path()).mkdir(QStringLiteral("2025")));
    makePart(root, content);
    QVERIFY(filePart(root.path(), name, target).has_value());
    QVERIFY(root.read(target) == content);
    QVERIFY(!QFile::exists(root.at(folder)));
    QVERIFY(verifyFile(root.at(target), content.size(), sha256Of(content)).has_value());
}

void TestFiling::aGroupIsSyncedAtOnce()
{
    const ScratchRoot root;
    const QStringList names{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")};
    for (const QString &own : names) {
        core::Result<PartFile> part =
            PartFile::create(root.path(), own + QStringLiteral(".part"), description(9));
        QVERIFY(part.has_value());
        QVERIFY(part->append(own.toUtf8()).has_value());
        QVERIFY(part->close(Durability::BySyncVolume).has_value());
        QCOMPARE(part->durableLength(), qint64(0)); // it claims nothing that it has not seen done
        QCOMPARE(QFileInfo(part->path()).size(), qint64(1));
    }
    QVERIFY(platform::syncVolume(root.path()).has_value());
    for (const QString &own : names)
        QVERIFY(
            filePart(root.path(), own + QStringLiteral(".part"), own, Durability::BySyncVolume).has_value());
    QVERIFY(platform::syncVolume(root.path()).has_value());
    QCOMPARE(root.entries(), names);
    for (const QString &own : names)
        QCOMPARE(root.read(own), own.toUtf8());
}

void TestFiling::nothingIsReplaced_data()
{
    QTest::addColumn<bool>("isEmpty");
    QTest::newRow("a document") << false;
    QTest::newRow("an empty file") << true;
}

void TestFiling::nothingIsReplaced()
{
    QFETCH(bool, isEmpty);
    const ScratchRoot root;
    const QByteArray theirs = isEmpty ? QByteArray() : QByteArray("annotated by hand");
    root.write(paper, theirs);
    makePart(root, "new");
    QCOMPARE(filePart(root.path(), name, paper).error().code, ErrorCode::FileExists);
    QCOMPARE(root.read(paper), theirs);
    QCOMPARE(root.read(folder + u'/' + name), QByteArray("new"));
    QVERIFY(readSidecar(root.path(), name).has_value());
    QVERIFY(filePart(root.path(), name, QStringLiteral("paper (2).pdf")).has_value());
}

void TestFiling::pathsStayInsideTheRoot_data()
{
    QTest::addColumn<QString>("target");
    QTest::newRow("nothing") << QString();
    QTest::newRow("an absolute path") << QStringLiteral("/tmp/paper.pdf");
    QTest::newRow("above") << QStringLiteral("../paper.pdf");
    QTest::newRow("above by a detour") << QStringLiteral("a/../../paper.pdf");
    QTest::newRow("the folder above") << QStringLiteral("..");
    QTest::newRow("the root itself") << QStringLiteral(".");
    QTest::newRow("a folder's form") << QStringLiteral("paper/");
    QTest::newRow("an empty component") << QStringLiteral("a//paper.pdf");
    QTest::newRow("a name that ends early")
        << QString(QStringLiteral("a") + QChar() + QStringLiteral(".pdf"));
    QTest::newRow("the parts folder") << QStringLiteral(".ingather/paper.pdf");
}

void TestFiling::pathsStayInsideTheRoot()
{
    QFETCH(QString, target);
    const ScratchRoot root;
    makePart(root, "new");
    root.write(QStringLiteral("held"), "held");
    QVERIFY(QDir(root.path()).mkdir(QStringLiteral("a")));
    QCOMPARE(filePart(root.path(), name, target).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(fileCopy(root.at(QStringLiteral("held")), root.path(), QStringLiteral("j.1-1.copy"), target,
                      sha256Of("held"))
                 .error()
                 .code,
             ErrorCode::InvalidArgument);
    QCOMPARE(root.read(folder + u'/' + name), QByteArray("new"));
}

void TestFiling::foldersOfTheTargetMustBeReal()
{
    const ScratchRoot root;
    const ScratchRoot elsewhere;
    makePart(root, "new");
    QVERIFY(QFile::link(elsewhere.path(), root.at(QStringLiteral("out"))));
    QCOMPARE(filePart(root.path(), name, QStringLiteral("out/paper.pdf")).error().code,
             ErrorCode::NotAFolder);
    QCOMPARE(filePart(root.path(), name, QStringLiteral("none/paper.pdf")).error().code,
             ErrorCode::FolderMissing);
    QVERIFY(elsewhere.entries().isEmpty());
    // A root that is a link itself is the user's own choice.
    QVERIFY(QFile::link(root.path(), elsewhere.at(QStringLiteral("root"))));
    QVERIFY(filePart(elsewhere.at(QStringLiteral("root")), name, paper).has_value());
    QCOMPARE(root.read(paper), QByteArray("new"));
}

void TestFiling::aMissingPartOrVolumeIsReported()
{
    const ScratchRoot root;
    QCOMPARE(filePart(root.path(), name, paper).error().code, ErrorCode::PartMissing);
    QCOMPARE(filePart(root.at(QStringLiteral("gone")), name, paper).error().code, ErrorCode::VolumeAbsent);
    QCOMPARE(filePart(root.path(), QStringLiteral("../x"), paper).error().code, ErrorCode::InvalidArgument);
    makePart(root, "new");
    QVERIFY(filePart(root.path(), name, paper).has_value());
    QCOMPARE(filePart(root.path(), name, paper).error().code, ErrorCode::PartMissing); // again: it is done
    QCOMPARE(root.entries(), QStringList{paper});
}

void TestFiling::aPartThatIsStillHeldIsNotFiled()
{
    const ScratchRoot root;
    core::Result<PartFile> zombie = PartFile::create(root.path(), name, description());
    QVERIFY(zombie.has_value());
    QCOMPARE(filePart(root.path(), name, paper).error().code, ErrorCode::PartLocked);
    QVERIFY(zombie->close().has_value());
    QVERIFY(filePart(root.path(), name, paper).has_value());
}

void TestFiling::otherPartsSurviveTheFiling()
{
    const ScratchRoot root;
    const QString other = QStringLiteral("other.1-1.part");
    makePart(root, "one");
    core::Result<PartFile> open = PartFile::create(root.path(), other, description());
    QVERIFY(open.has_value());
    QVERIFY(filePart(root.path(), name, paper).has_value());
    QCOMPARE(root.entries(folder), (QStringList{other, other + QStringLiteral(".json")}));
    QVERIFY(open->append("two").has_value());
    QVERIFY(open->close().has_value());
    QVERIFY(filePart(root.path(), other, QStringLiteral("other.pdf")).has_value());
    QCOMPARE(root.entries(), (QStringList{QStringLiteral("other.pdf"), paper}));
}

void TestFiling::filingAndCreatingAtOnce()
{
    const ScratchRoot root;
    constexpr int files = 60;
    std::atomic<int> filed{0};
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 3; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < files; ++i) {
                const QString own = QStringLiteral("%1-%2").arg(thread).arg(i);
                core::Result<PartFile> part =
                    PartFile::create(root.path(), own + QStringLiteral(".part"), description());
                if (!part || !part->append(own.toUtf8()) || !part->close())
                    return;
                if (filePart(root.path(), own + QStringLiteral(".part"), own))
                    ++filed;
            }
        });
    }
    for (std::jthread &thread : threads)
        thread.join();
    QCOMPARE(filed.load(), 3 * files);
    const QStringList entries = root.entries();
    QCOMPARE(entries.size(), 3 * files); // and no parts folder
    for (const QString &entry : entries)
        QCOMPARE(root.read(entry), entry.toUtf8());
}

void TestFiling::verifyingSaysWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("onDisk");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("right") << QByteArray("12345") << ErrorCode::Internal;
    QTest::newRow("a byte changed") << QByteArray("12346") << ErrorCode::FileChanged;
    QTest::newRow("shorter") << QByteArray("1234") << ErrorCode::FileChanged;
    QTest::newRow("longer") << QByteArray("123456") << ErrorCode::FileChanged;
    QTest::newRow("emptied") << QByteArray() << ErrorCode::FileChanged;
}

void TestFiling::verifyingSaysWhatIsWrong()
{
    QFETCH(QByteArray, onDisk);
    QFETCH(ErrorCode, code);
    const ScratchRoot root;
    QCOMPARE(verifyFile(root.at(paper), 5, sha256Of("12345")).error().code, ErrorCode::FileMissing);
    QCOMPARE(verifyFile(root.path(), 5, sha256Of("12345")).error().code, ErrorCode::FileChanged);
    root.write(paper, onDisk);
    const core::Result<> verified = verifyFile(root.at(paper), 5, sha256Of("12345"));
    QCOMPARE(verified.has_value(), onDisk == "12345");
    if (!verified)
        QCOMPARE(verified.error().code, code);
    const core::Result<> stopped =
        verifyFile(root.at(paper), onDisk.size(), sha256Of(onDisk), [] { return true; });
    QCOMPARE(stopped.error().code, ErrorCode::Stopped);
}

void TestFiling::copiesAreFiled_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("a document") << testBytes(3'000'000);
    QTest::newRow("a small one") << QByteArray("12345");
    QTest::newRow("an empty one") << QByteArray();
}

void TestFiling::copiesAreFiled()
{
    QFETCH(QByteArray, content);
    const ScratchRoot held;
    const ScratchRoot root;
    held.write(paper, content);
    const core::Result<CopyMethod> copied =
        fileCopy(held.at(paper), root.path(), QStringLiteral("j.1-1.copy"), QStringLiteral("copy.pdf"),
                 sha256Of(content));
    QVERIFY(copied.has_value());
    QVERIFY(root.read(QStringLiteral("copy.pdf")) == content);
    QCOMPARE(root.entries(), QStringList{QStringLiteral("copy.pdf")});
    // A file of its own: people annotate.
    root.write(QStringLiteral("copy.pdf"), "changed");
    QVERIFY(held.read(paper) == content);
}

void TestFiling::aCopyThatIsNotTheContentIsRefused()
{
    const ScratchRoot root;
    root.write(QStringLiteral("held"), "12346");
    const QString held = root.at(QStringLiteral("held"));
    QCOMPARE(fileCopy(held, root.path(), QStringLiteral("j.1-1.copy"), paper, sha256Of("12345")).error().code,
             ErrorCode::FileChanged);
    QCOMPARE(fileCopy(root.at(QStringLiteral("none")), root.path(), QStringLiteral("j.1-1.copy"), paper,
                      sha256Of("1"))
                 .error()
                 .code,
             ErrorCode::FileMissing);
    QCOMPARE(fileCopy(held, root.at(QStringLiteral("gone")), QStringLiteral("j.1-1.copy"), paper,
                      sha256Of("12346"))
                 .error()
                 .code,
             ErrorCode::VolumeAbsent);
    QCOMPARE(
        fileCopy(root.path(), root.path(), QStringLiteral("j.1-1.copy"), paper, sha256Of("1")).error().code,
        ErrorCode::FileError);
    QCOMPARE(root.entries(), QStringList{QStringLiteral("held")});
}

void TestFiling::copiesReplaceNothing()
{
    const ScratchRoot root;
    root.write(QStringLiteral("held"), "held");
    root.write(paper, "theirs");
    QCOMPARE(fileCopy(root.at(QStringLiteral("held")), root.path(), QStringLiteral("j.1-1.copy"), paper,
                      sha256Of("held"))
                 .error()
                 .code,
             ErrorCode::FileExists);
    QCOMPARE(root.read(paper), QByteArray("theirs"));
    QVERIFY(!QFile::exists(root.at(folder)));
}

void TestFiling::aFailedOrStoppedCopyLeavesNothing()
{
    const ScratchRoot root;
    const QByteArray content = testBytes(3'000'000);
    root.write(QStringLiteral("held"), content);
    const QString held = root.at(QStringLiteral("held"));
    int asked = 0;
    const core::Result<CopyMethod> stopped = fileCopy(held, root.path(), QStringLiteral("j.1-1.copy"), paper,
                                                      sha256Of(content), [&asked] { return ++asked == 2; });
    QCOMPARE(stopped.error().code, ErrorCode::Stopped);
    QCOMPARE(root.entries(), QStringList{QStringLiteral("held")});
    if (deviceOf(otherVolume()) != deviceOf(root.path())) {
        // No reflink from another volume, so the copy really writes, and really fails.
        QTemporaryDir other(otherVolume() + QStringLiteral("/ingather-XXXXXX"));
        const support::FileSizeLimit limit(2'000'000);
        QVERIFY(!fileCopy(held, other.path(), QStringLiteral("j.1-1.copy"), paper, sha256Of(content)));
        QVERIFY(QDir(other.path()).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    }
}

void TestFiling::quarantineTakesThePart()
{
    const ScratchRoot root;
    const ScratchRoot data;
    makePart(root, "<html>log in</html>");
    const QString where = data.at(QStringLiteral("quarantine/job"));
    const core::Result<QString> path = quarantinePart(root.path(), name, where, paper);
    QVERIFY(path.has_value());
    QCOMPARE(*path, where + u'/' + paper);
    QCOMPARE(data.read(QStringLiteral("quarantine/job/") + paper), QByteArray("<html>log in</html>"));
    QVERIFY(root.entries().isEmpty());
}

void TestFiling::quarantineReplacesNothing()
{
    const ScratchRoot root;
    const QString where = root.at(QStringLiteral("q"));
    const QStringList expected{paper, paper + QStringLiteral(".2"), paper + QStringLiteral(".3")};
    for (int i = 0; i < expected.size(); ++i) {
        makePart(root, QByteArray::number(i));
        const core::Result<QString> path = quarantinePart(root.path(), name, where, paper);
        QVERIFY(path.has_value());
        QCOMPARE(*path, where + u'/' + expected.at(i));
    }
    for (int i = 0; i < expected.size(); ++i)
        QCOMPARE(root.read(QStringLiteral("q/") + expected.at(i)), QByteArray::number(i));
}

void TestFiling::quarantineOnAnotherVolumeIsACopy()
{
    const ScratchRoot root;
    QTemporaryDir other(otherVolume() + QStringLiteral("/ingather-XXXXXX"));
    QVERIFY(other.isValid());
    const QByteArray content = testBytes(2'500'000);
    makePart(root, content);
    const core::Result<QString> path = quarantinePart(root.path(), name, other.path(), paper);
    QVERIFY(path.has_value());
    QFile file(*path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll() == content);
    QCOMPARE(QDir(other.path()).entryList(QDir::Files | QDir::Hidden), QStringList{paper});
    QVERIFY(root.entries().isEmpty());

    makePart(root, content);
    {
        const support::FileSizeLimit limit(1'000'000);
        const core::Result<QString> failed = quarantinePart(root.path(), name, other.path(), paper);
        // Where the temporary folder is on that volume, it is a rename and cannot fail.
        QCOMPARE(failed.has_value(), deviceOf(other.path()) == deviceOf(root.path()));
        if (!failed) {
            QVERIFY(root.read(folder + u'/' + name) == content);
            QCOMPARE(QDir(other.path()).entryList(QDir::Files | QDir::Hidden), QStringList{paper});
        }
    }
}

void TestFiling::quarantineReportsErrors()
{
    const ScratchRoot root;
    const QString where = root.at(QStringLiteral("q"));
    QCOMPARE(quarantinePart(root.path(), name, where, paper).error().code, ErrorCode::PartMissing);
    makePart(root, "x");
    for (const QString &bad :
         {QString(), QStringLiteral(".."), QStringLiteral("../x"), QStringLiteral("a/b")})
        QCOMPARE(quarantinePart(root.path(), name, where, bad).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(quarantinePart(root.path(), name, QStringLiteral("q"), paper).error().code,
             ErrorCode::InvalidArgument);
    root.write(QStringLiteral("file"), "x");
    QVERIFY(!quarantinePart(root.path(), name, root.at(QStringLiteral("file/q")), paper));
    QCOMPARE(root.read(folder + u'/' + name), QByteArray("x"));
}

QTEST_GUILESS_MAIN(TestFiling)
#include "tst_filing.moc"
