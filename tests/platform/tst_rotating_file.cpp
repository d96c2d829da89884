// SPDX-License-Identifier: MIT
#include "platform/rotating_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

#include <sys/file.h>
#include <unistd.h>

using namespace ingather;
using namespace ingather::platform;
using namespace Qt::StringLiterals;

namespace
{

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// All that lies in the folder, from the oldest line to the newest.
QByteArrayList linesIn(const QTemporaryDir &folder)
{
    QByteArray all;
    for (int n = 99; n >= 1; --n)
        all += contentOf(folder.filePath(u"log.%1"_s.arg(n)));
    all += contentOf(folder.filePath(u"log"_s));
    QByteArrayList lines = all.split('\n');
    if (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

RotatingFile opened(const QTemporaryDir &folder, RotatingFile::Limits limits)
{
    core::Result<RotatingFile> file = RotatingFile::open(folder.filePath(u"log"_s), limits);
    if (!file)
        qFatal("%ls", qUtf16Printable(core::toLogText(file.error())));
    return std::move(*file);
}

} // namespace

class TestRotatingFile final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void appendsToWhatIsThere()
    {
        const QTemporaryDir folder;
        for (const char *line : {"one\n", "two\n"}) {
            RotatingFile file = opened(folder, {1000, 5});
            QVERIFY(file.append(line));
        }
        QCOMPARE(linesIn(folder), (QByteArrayList{"one", "two"}));
    }

    void isNobodyElsesToRead()
    {
        const QTemporaryDir folder;
        const RotatingFile file = opened(folder, {1000, 5});
        const QFile::Permissions others =
            QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        QCOMPARE(QFileInfo(folder.filePath(u"log"_s)).permissions() & others, QFile::Permissions());
    }

    void makesItsFolder()
    {
        const QTemporaryDir folder;
        core::Result<RotatingFile> file = RotatingFile::open(folder.filePath(u"a/b/log"_s), {1000, 5});
        QVERIFY(file);
        QVERIFY(file->append("x\n"));
        QCOMPARE(contentOf(folder.filePath(u"a/b/log"_s)), "x\n");
    }

    void saysWhyItCannotOpen_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("a folder of that name") << u"folder"_s;
        QTest::newRow("a file where the folder should be") << u"file/log"_s;
    }

    void saysWhyItCannotOpen()
    {
        QFETCH(QString, path);
        const QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkdir(u"folder"_s));
        QFile blocker(folder.filePath(u"file"_s));
        QVERIFY(blocker.open(QIODevice::WriteOnly));
        const core::Result<RotatingFile> file = RotatingFile::open(folder.filePath(path), {1000, 5});
        QVERIFY(!file);
        QVERIFY(file.error().native != 0);
    }

    void saysWhyItCannotWrite()
    {
        core::Result<RotatingFile> file = RotatingFile::open(u"/dev/full"_s, {1000, 5});
        QVERIFY(file);
        const core::Result<> appended = file->append("x\n");
        QVERIFY(!appended);
        QCOMPARE(appended.error().code, core::ErrorCode::DiskFull);
    }

    void keepsTheNewestFiles()
    {
        const QTemporaryDir folder;
        RotatingFile file = opened(folder, {100, 5});
        for (int i = 0; i < 1000; ++i)
            QVERIFY(file.append(QByteArray::number(i).rightJustified(9, '0') + '\n'));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files, QDir::Name),
                 (QStringList{u"log"_s, u"log.1"_s, u"log.2"_s, u"log.3"_s, u"log.4"_s}));
        for (const QFileInfo &info : QDir(folder.path()).entryInfoList(QDir::Files))
            QVERIFY2(info.size() <= 100, qPrintable(info.fileName()));
        const QByteArrayList lines = linesIn(folder);
        QCOMPARE(lines.size(), 50);
        for (int i = 0; i < lines.size(); ++i)
            QCOMPARE(lines[i].toInt(), 950 + i);
    }

    void aLongLineGetsAFileOfItsOwn()
    {
        const QTemporaryDir folder;
        RotatingFile file = opened(folder, {100, 5});
        const QByteArray longLine = QByteArray(1000, 'x') + '\n';
        QVERIFY(file.append("before\n"));
        QVERIFY(file.append(longLine));
        QVERIFY(file.append("after\n"));
        QCOMPARE(contentOf(folder.filePath(u"log.2"_s)), "before\n");
        QCOMPARE(contentOf(folder.filePath(u"log.1"_s)), longLine);
        QCOMPARE(contentOf(folder.filePath(u"log"_s)), "after\n");
    }

    void oneFileStartsAnew()
    {
        const QTemporaryDir folder;
        RotatingFile file = opened(folder, {10, 1});
        for (const char *line : {"12345678\n", "23456789\n"})
            QVERIFY(file.append(line));
        QCOMPARE(linesIn(folder), (QByteArrayList{"23456789"}));
    }

    void followsTheNameWhenSomebodyMovesTheFile()
    {
        const QTemporaryDir folder;
        RotatingFile file = opened(folder, {1000, 5});
        QVERIFY(file.append("one\n"));
        QVERIFY(QFile::rename(folder.filePath(u"log"_s), folder.filePath(u"elsewhere"_s)));
        QVERIFY(file.append("two\n"));
        QVERIFY(QFile::remove(folder.filePath(u"log"_s)));
        QVERIFY(file.append("three\n"));
        QCOMPARE(contentOf(folder.filePath(u"elsewhere"_s)), "one\n");
        QCOMPARE(contentOf(folder.filePath(u"log"_s)), "three\n");
    }

    void leavesTheFileAloneWhileAnotherPutsItAside()
    {
        const QTemporaryDir folder;
        RotatingFile file = opened(folder, {10, 5});
        QVERIFY(file.append("12345678\n"));
        QFile other(folder.filePath(u"log"_s));
        QVERIFY(other.open(QIODevice::ReadOnly));
        QCOMPARE(::flock(other.handle(), LOCK_EX), 0);
        QVERIFY(file.append("23456789\n"));
        QCOMPARE(linesIn(folder), (QByteArrayList{"12345678", "23456789"}));
        QVERIFY(!QFile::exists(folder.filePath(u"log.1"_s)));
        QCOMPARE(::flock(other.handle(), LOCK_UN), 0);
        QVERIFY(file.append("34567890\n"));
        QVERIFY(QFile::exists(folder.filePath(u"log.1"_s)));
    }

    /// As several processes do: each its own descriptor. No line is lost, doubled or torn.
    void severalWritersShareOne()
    {
        const QTemporaryDir folder;
        constexpr int writers = 4;
        constexpr int each = 500;
        std::atomic<int> failures = 0;
        std::vector<std::thread> threads;
        for (int w = 0; w < writers; ++w) {
            threads.emplace_back([&folder, &failures, w] {
                RotatingFile file = opened(folder, {2000, 90});
                for (int i = 0; i < each; ++i) {
                    const QByteArray line = QByteArray::number(w * each + i).rightJustified(40, '0') + '\n';
                    failures += file.append(line) ? 0 : 1;
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(failures.load(), 0);
        QSet<int> seen;
        const QByteArrayList lines = linesIn(folder);
        QCOMPARE(lines.size(), writers * each);
        for (const QByteArray &line : lines) {
            QCOMPARE(line.size(), 40);
            seen.insert(line.toInt());
        }
        QCOMPARE(seen.size(), writers * each);
        QVERIFY(QFile::exists(folder.filePath(u"log.1"_s))); // how often depends on who meets whom
    }
};

QTEST_GUILESS_MAIN(TestRotatingFile)
#include "tst_rotating_file.moc"
