// SPDX-License-Identifier: MIT
#include "platform/file_users.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

using namespace ingather::platform;
using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 start = 0x40000000;
constexpr qint64 length = 512;

/// A process that holds a POSIX read lock on the range, or only the file; ends with its standard input.
class Other
{
public:
    explicit Other(const QString &path, bool locks)
    {
        m_process.start(QCoreApplication::applicationFilePath(),
                        {u"hold"_s, path, locks ? u"lock"_s : u"open"_s});
        m_process.waitForReadyRead();
    }
    ~Other()
    {
        m_process.closeWriteChannel();
        m_process.waitForFinished();
    }
    qint64 pid() const { return m_process.processId(); }

private:
    QProcess m_process;
};

bool contains(const QList<FileUser> &users, qint64 pid)
{
    return std::any_of(users.begin(), users.end(), [pid](const FileUser &user) { return user.pid == pid; });
}

int hold(const char *path, bool locks)
{
    const int file = ::open(path, O_RDWR | O_CLOEXEC);
    struct flock range {
    };
    range.l_type = F_RDLCK;
    range.l_start = start + 2;
    range.l_len = 510;
    if (file < 0 || (locks && ::fcntl(file, F_SETLK, &range) != 0))
        return 1;
    char byte = 'r';
    if (::write(STDOUT_FILENO, &byte, 1) != 1)
        return 1;
    while (::read(STDIN_FILENO, &byte, 1) > 0) {
    }
    return 0;
}

} // namespace

class TestFileUsers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_path = m_dir->filePath(u"file"_s);
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
    }

    void aLockOfAnotherProcessIsNamed()
    {
        QVERIFY(lockHolders(m_path).isEmpty());
        const Other other(m_path, true);
        QVERIFY(contains(lockHolders(m_path), other.pid()));
        QVERIFY(contains(openers(m_path), other.pid()));
        RangeLock lock;
        const auto acquired = lock.tryAcquire(m_path, start, length);
        QVERIFY(acquired.has_value());
        QVERIFY(!*acquired);
        QVERIFY(!lock.isHeld());
    }

    void whoOnlyHasItOpenIsNamedByItsNewNameToo()
    {
        const Other other(m_path, false);
        QVERIFY(lockHolders(m_path).isEmpty());
        QVERIFY(QFile::rename(m_path, m_path + u".aside"_s));
        QVERIFY(contains(openers(m_path + u".aside"_s), other.pid()));
    }

    void ourLockKeepsPosixLocksOutEvenOurOwn()
    {
        RangeLock lock;
        const auto acquired = lock.tryAcquire(m_path, start, length);
        QVERIFY(acquired.has_value() && *acquired);
        const int file = ::open(QFile::encodeName(m_path).constData(), O_RDWR | O_CLOEXEC);
        struct flock range {
        };
        range.l_type = F_RDLCK;
        range.l_start = start + 2;
        range.l_len = 510;
        QCOMPARE(::fcntl(file, F_SETLK, &range), -1);
        ::close(file); // would drop a POSIX lock of this process
        RangeLock second;
        const auto again = second.tryAcquire(m_path, start, length);
        QVERIFY(again.has_value() && !*again);
        lock.release();
        const auto free = second.tryAcquire(m_path, start, length);
        QVERIFY(free.has_value() && *free);
    }

    void aFileThatIsNotThereIsAnError()
    {
        RangeLock lock;
        QVERIFY(!lock.tryAcquire(m_dir->filePath(u"none"_s), start, length).has_value());
        QVERIFY(lockHolders(m_dir->filePath(u"none"_s)).isEmpty());
    }

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    QString m_path;
};

int main(int argc, char **argv)
{
    if (argc == 4 && qstrcmp(argv[1], "hold") == 0)
        return hold(argv[2], qstrcmp(argv[3], "lock") == 0);
    const QCoreApplication app(argc, argv);
    TestFileUsers test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_file_users.moc"
