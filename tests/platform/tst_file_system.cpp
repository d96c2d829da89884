// SPDX-License-Identifier: MIT
#include "platform/file_system.h"

#include "platform/descriptor.h"
#include "platform/rename_fallback.h"
#include "platform/volume.h"
#include "support/file_size_limit.h"

#include <QDir>
#include <QFile>
#include <QStorageInfo>
#include <QTemporaryDir>
#include <QtTest>

#include <cerrno>
#include <limits>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace ingather;
using namespace ingather::platform;
using core::ErrorCode;

Q_DECLARE_METATYPE(core::Result<> (*)(const QString &, const QString &))

/// The calls against a real file system.
class TestFileSystem final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void errnoBecomesAnErrorCode_data();
    void errnoBecomesAnErrorCode();
    void renameMovesAndNeverReplaces_data();
    void renameMovesAndNeverReplaces();
    void renameOfNothingIsAnError_data();
    void renameOfNothingIsAnError();
    void onlyMissingHardLinksCountAsRefused();
    void foldersAndVolumesAreSynced();
    void dataIsSyncedAndFailuresAreReported();
    void spaceIsReservedWithoutChangingTheLength();
    void spaceThatIsNotThereIsNotTaken();
    void filesAreReplacedAsAWhole();
    void aFailedReplacementLeavesTheOldFile();
    void factsTellWhatIsThere();
    void foldersAreChecked();
    void aFolderOfSomebodyElseIsNotWritable();
    void freeSpaceIsWhatTheVolumeSays();
    void networkFileSystemsAreKnownByType_data();
    void networkFileSystemsAreKnownByType();
    void shortWritesAreCompletedOrReported();

private:
    QString at(const char *name) const { return m_folder->filePath(QString::fromUtf8(name)); }
    void write(const char *name, const QByteArray &content) const
    {
        QFile file(at(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write a test file");
    }
    QByteArray content(const char *name) const
    {
        QFile file(at(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be read)");
    }
    QStringList everything() const
    {
        return QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace
{

qint64 bytesOnDisk(const QString &path)
{
    struct stat facts {
    };
    return stat(QFile::encodeName(path).constData(), &facts) == 0 ? facts.st_blocks * 512 : -1;
}

} // namespace

void TestFileSystem::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestFileSystem::errnoBecomesAnErrorCode_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("no space") << ENOSPC << ErrorCode::DiskFull;
    QTest::newRow("over quota") << EDQUOT << ErrorCode::DiskFull;
    QTest::newRow("input/output error") << EIO << ErrorCode::VolumeFailing;
    QTest::newRow("device gone") << ENODEV << ErrorCode::VolumeFailing;
    QTest::newRow("device address gone") << ENXIO << ErrorCode::VolumeFailing;
    QTest::newRow("server of a share restarted") << ESTALE << ErrorCode::VolumeFailing;
    QTest::newRow("FUSE daemon gone") << ENOTCONN << ErrorCode::VolumeFailing;
    QTest::newRow("access denied") << EACCES << ErrorCode::PermissionDenied;
    QTest::newRow("not permitted") << EPERM << ErrorCode::PermissionDenied;
    QTest::newRow("mounted read-only") << EROFS << ErrorCode::PermissionDenied;
    QTest::newRow("name taken") << EEXIST << ErrorCode::FileExists;
    QTest::newRow("nothing there") << ENOENT << ErrorCode::FileMissing;
    QTest::newRow("a file where a folder should be") << ENOTDIR << ErrorCode::NotAFolder;
    QTest::newRow("anything else") << ELOOP << ErrorCode::FileError;
}

void TestFileSystem::errnoBecomesAnErrorCode()
{
    QFETCH(int, number);
    QFETCH(ErrorCode, code);
    const core::Error error = errorFromErrno(number, QStringLiteral("try"), QStringLiteral("/a"));
    QCOMPARE(error.code, code);
    QCOMPARE(error.native, number);
    QCOMPARE(error.operation, QStringLiteral("try"));
    QVERIFY(error.detail.startsWith(QStringLiteral("/a: ")));
}

void TestFileSystem::renameMovesAndNeverReplaces_data()
{
    QTest::addColumn<core::Result<> (*)(const QString &, const QString &)>("rename");
    QTest::newRow("in one call") << &renameNoReplace;
    QTest::newRow("by link and unlink") << &renameByLink;
    QTest::newRow("over a placeholder") << &renameByPlaceholder;
}

void TestFileSystem::renameMovesAndNeverReplaces()
{
    using Rename = core::Result<> (*)(const QString &, const QString &);
    QFETCH(Rename, rename);
    write("from", "new");
    QVERIFY(rename(at("from"), at("to")).has_value());
    QCOMPARE(everything(), QStringList{QStringLiteral("to")});
    QCOMPARE(content("to"), QByteArray("new"));

    write("from", "second");
    const core::Result<> refused = rename(at("from"), at("to"));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::FileExists);
    QCOMPARE(content("from"), QByteArray("second"));
    QCOMPARE(content("to"), QByteArray("new"));

    // An empty file and a dangling link are names that are taken, too.
    write("empty", "");
    QCOMPARE(rename(at("from"), at("empty")).error().code, ErrorCode::FileExists);
    QVERIFY(QFile::link(at("nowhere"), at("dangling")));
    QCOMPARE(rename(at("from"), at("dangling")).error().code, ErrorCode::FileExists);
    QCOMPARE(content("from"), QByteArray("second"));
}

void TestFileSystem::renameOfNothingIsAnError_data()
{
    renameMovesAndNeverReplaces_data();
}

void TestFileSystem::renameOfNothingIsAnError()
{
    using Rename = core::Result<> (*)(const QString &, const QString &);
    QFETCH(Rename, rename);
    QCOMPARE(rename(at("from"), at("to")).error().code, ErrorCode::FileMissing);
    QVERIFY(everything().isEmpty());
    write("from", "x");
    QCOMPARE(rename(at("from"), at("no/to")).error().code, ErrorCode::FileMissing);
    QCOMPARE(content("from"), QByteArray("x"));
}

void TestFileSystem::onlyMissingHardLinksCountAsRefused()
{
    const auto refused = [](int number) { return isLinkRefused(errorFromErrno(number, {})); };
    QVERIFY(refused(EPERM)); // what FAT says
    QVERIFY(refused(EOPNOTSUPP));
    QVERIFY(!refused(EEXIST));
    QVERIFY(!refused(ENOENT));
    QVERIFY(!refused(ENOSPC));
    QVERIFY(!refused(EIO));
}

void TestFileSystem::foldersAndVolumesAreSynced()
{
    QVERIFY(syncDirectory(m_folder->path()).has_value());
    QCOMPARE(syncDirectory(at("missing")).error().code, ErrorCode::FileMissing);
    write("file", "x");
    QCOMPARE(syncDirectory(at("file")).error().code, ErrorCode::NotAFolder);
    QVERIFY(syncVolume(m_folder->path()).has_value());
    QCOMPARE(syncVolume(at("missing")).error().code, ErrorCode::FileMissing);
}

void TestFileSystem::dataIsSyncedAndFailuresAreReported()
{
    core::Result<Descriptor> file = openFile(at("file"), O_RDWR | O_CREAT, QStringLiteral("open"));
    QVERIFY(file.has_value());
    QVERIFY(writeAt(file->number(), "abc", 0, QStringLiteral("write")).has_value());
    startWriteBack(file->number(), 0, 3);
    QVERIFY(syncData(file->number()).has_value());
    QCOMPARE(syncData(-1).error().native, EBADF);
}

void TestFileSystem::spaceIsReservedWithoutChangingTheLength()
{
    core::Result<Descriptor> file = openFile(at("file"), O_RDWR | O_CREAT, QStringLiteral("open"));
    QVERIFY(file.has_value());
    QVERIFY(writeAt(file->number(), "abc", 0, QStringLiteral("write")).has_value());
    QVERIFY(reserveSpace(file->number(), 1 << 20).has_value());
    QCOMPARE(QFileInfo(at("file")).size(), qint64(3));
    QVERIFY(bytesOnDisk(at("file")) >= 1 << 20);
    QVERIFY(setLength(file->number(), 3, QStringLiteral("cut")).has_value());
    QVERIFY(bytesOnDisk(at("file")) < 1 << 20); // and given back
    QVERIFY(reserveSpace(file->number(), 0).has_value());
    QVERIFY(reserveSpace(file->number(), -1).has_value());
}

void TestFileSystem::spaceThatIsNotThereIsNotTaken()
{
    core::Result<Descriptor> file = openFile(at("file"), O_RDWR | O_CREAT, QStringLiteral("open"));
    QVERIFY(file.has_value());
    const qint64 before = *freeSpace(m_folder->path());
    const core::Result<> refused = reserveSpace(file->number(), std::numeric_limits<qint64>::max());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::DiskFull);
    QCOMPARE(bytesOnDisk(at("file")), qint64(0));
    QVERIFY(before > 0);
}

void TestFileSystem::filesAreReplacedAsAWhole()
{
    QVERIFY(replaceFileDurably(at("file"), "one").has_value());
    QCOMPARE(content("file"), QByteArray("one"));
    QVERIFY(QFile::setPermissions(at("file"), QFile::ReadOwner | QFile::WriteOwner));
    QVERIFY(replaceFileDurably(at("file"), QByteArray()).has_value());
    QCOMPARE(content("file"), QByteArray());
    QCOMPARE(QFile::permissions(at("file")) & (QFile::ReadOther | QFile::ReadGroup), QFile::Permissions());
    QCOMPARE(everything(), QStringList{QStringLiteral("file")});
    // Folder names are no format strings.
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("100%1 %2")));
    QVERIFY(replaceFileDurably(at("100%1 %2/file"), "x").has_value());
    QCOMPARE(content("100%1 %2/file"), QByteArray("x"));
}

void TestFileSystem::aFailedReplacementLeavesTheOldFile()
{
    QVERIFY(replaceFileDurably(at("file"), "old").has_value());
    {
        const support::FileSizeLimit limit(100'000);
        QVERIFY(!replaceFileDurably(at("file"), QByteArray(200'000, 'x')));
    }
    QCOMPARE(content("file"), QByteArray("old"));
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("folder")));
    QVERIFY(!replaceFileDurably(at("folder"), "x"));
    QCOMPARE(everything(), (QStringList{QStringLiteral("file"), QStringLiteral("folder")}));
    QCOMPARE(replaceFileDurably(at("missing/file"), "x").error().code, ErrorCode::FileMissing);
}

void TestFileSystem::factsTellWhatIsThere()
{
    QVERIFY(!fileFacts(at("file"))->has_value());
    write("file", "12345");
    const core::Result<std::optional<FileFacts>> file = fileFacts(at("file"));
    QCOMPARE((*file)->size, qint64(5));
    QVERIFY((*file)->isRegular);
    QVERIFY(!(*file)->isFolder);
    QVERIFY((*file)->inode != 0);
    QVERIFY(qAbs((*file)->modifiedAt - static_cast<double>(QDateTime::currentSecsSinceEpoch())) < 100);
    const core::Result<std::optional<FileFacts>> folder = fileFacts(m_folder->path());
    QVERIFY((*folder)->isFolder);
    QVERIFY(!(*folder)->isRegular);
    QCOMPARE((*folder)->device, (*file)->device);
    QCOMPARE(fileFacts(at("file/below")).error().code, ErrorCode::NotAFolder);
}

void TestFileSystem::foldersAreChecked()
{
    QVERIFY(checkWritableFolder(m_folder->path()).has_value());
    QCOMPARE(checkWritableFolder(at("missing")).error().code, ErrorCode::FolderMissing);
    QVERIFY(!QFile::exists(at("missing")));
    write("file", "x");
    QCOMPARE(checkWritableFolder(at("file")).error().code, ErrorCode::NotAFolder);
    QCOMPARE(checkWritableFolder(at("file/below")).error().code, ErrorCode::NotAFolder);
}

void TestFileSystem::aFolderOfSomebodyElseIsNotWritable()
{
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("theirs")));
    QCOMPARE(chmod(QFile::encodeName(at("theirs")).constData(), 0555), 0);
    QCOMPARE(chmod(QFile::encodeName(m_folder->path()).constData(), 0755), 0);
    const QString folder = at("theirs");
    const pid_t child = fork();
    if (child == 0) {
        // Permissions do not bind the superuser, so a test run as root asks as somebody else.
        if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0)
            _exit(100);
        const core::Result<> outcome = checkWritableFolder(folder);
        _exit(outcome ? 101 : static_cast<int>(outcome.error().code));
    }
    int status = 0;
    QCOMPARE(waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), static_cast<int>(ErrorCode::FolderNotWritable));
}

void TestFileSystem::freeSpaceIsWhatTheVolumeSays()
{
    const core::Result<qint64> space = freeSpace(m_folder->path());
    QVERIFY(space.has_value());
    const qint64 other = QStorageInfo(m_folder->path()).bytesAvailable();
    QVERIFY(qAbs(*space - other) < qint64(1) << 30); // others write meanwhile
    QCOMPARE(freeSpace(at("missing")).error().code, ErrorCode::FileMissing);
}

void TestFileSystem::networkFileSystemsAreKnownByType_data()
{
    QTest::addColumn<quint32>("magic");
    QTest::addColumn<bool>("isNetwork");
    QTest::newRow("NFS") << quint32(0x6969) << true;
    QTest::newRow("CIFS") << quint32(0xFF534D42) << true;
    QTest::newRow("SMB2") << quint32(0xFE534D42) << true;
    QTest::newRow("FUSE") << quint32(0x65735546) << true;
    QTest::newRow("9p") << quint32(0x01021997) << true;
    QTest::newRow("ext4") << quint32(0xEF53) << false;
    QTest::newRow("btrfs") << quint32(0x9123683E) << false;
    QTest::newRow("XFS") << quint32(0x58465342) << false;
    QTest::newRow("tmpfs") << quint32(0x01021994) << false;
}

void TestFileSystem::networkFileSystemsAreKnownByType()
{
    QFETCH(quint32, magic);
    QFETCH(bool, isNetwork);
    QCOMPARE(isNetworkFileSystemType(magic), isNetwork);
    // And the call that asks the system: procfs is local everywhere.
    const core::Result<bool> asked = isNetworkFileSystem(QStringLiteral("/proc"));
    QVERIFY(asked.has_value());
    QVERIFY(!*asked);
    QVERIFY(!isNetworkFileSystem(at("missing")));
}

void TestFileSystem::shortWritesAreCompletedOrReported()
{
    core::Result<Descriptor> file = openFile(at("file"), O_RDWR | O_CREAT, QStringLiteral("open"));
    QVERIFY(file.has_value());
    const QByteArray bytes(300'000, 'x');
    {
        const support::FileSizeLimit limit(100'000);
        const core::Result<> cut = writeAt(file->number(), bytes, 0, QStringLiteral("write"));
        QVERIFY(!cut);
        QCOMPARE(cut.error().native, EFBIG);
        QCOMPARE(QFileInfo(at("file")).size(), qint64(100'000)); // the first write was a short one
    }
    QVERIFY(writeAt(file->number(), bytes, 0, QStringLiteral("write")).has_value());
    QByteArray back(400'000, '-');
    const core::Result<qint64> count =
        readAt(file->number(), back.data(), back.size(), 0, QStringLiteral("read"));
    QCOMPARE(*count, bytes.size());
    QCOMPARE(back.left(bytes.size()), bytes);

    core::Result<Descriptor> full = openFile(QStringLiteral("/dev/full"), O_RDWR, QStringLiteral("open"));
    QVERIFY(full.has_value());
    const core::Result<> noSpace = writeAt(full->number(), bytes, 0, QStringLiteral("write"));
    QCOMPARE(noSpace.error().code, ErrorCode::DiskFull);
    QCOMPARE(noSpace.error().operation, QStringLiteral("write"));
}

QTEST_GUILESS_MAIN(TestFileSystem)
#include "tst_file_system.moc"
