// SPDX-License-Identifier: MIT
#include "platform/file_origin.h"

#include "platform/descriptor.h"
#include "platform/file_system.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace ingather;
using namespace ingather::platform;
using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::UnixTime;

namespace
{

/// Whether the test's own volume has such attributes, asked without the code under test.
bool hasAttributes(const QString &path)
{
    return ::setxattr(QFile::encodeName(path).constData(), "user.test", "1", 1, 0) == 0;
}

} // namespace

/// Where a file came from and when it was changed there, in the file system itself.
class TestFileOrigin final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theOriginIsRemembered_data();
    void theOriginIsRemembered();
    void aNewOriginReplacesTheOld();
    void aVolumeWithoutAttributesIsNoError();
    void aFullBlockOfAttributesIsNoError();
    void theTimeIsSet_data();
    void theTimeIsSet();
    void theTimeOfAccessStays();
    void timesThatNobodyMeansAreRefused_data();
    void timesThatNobodyMeansAreRefused();
    void realErrorsAreReported();
    void linksAreNotFollowed();

private:
    QString path() const { return m_folder->filePath(u"paper.pdf"_s); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestFileOrigin::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("content") == 7);
}

void TestFileOrigin::theOriginIsRemembered_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("origin");
    const QString plain = u"https://example.org/a/%C3%BC.pdf"_s;
    QTest::newRow("a plain address") << plain << plain;
    QTest::newRow("a secret in the query") << plain + u"?id=1&token=abc"_s << plain + u"?id=1&token=***"_s;
    QTest::newRow("userinfo") << u"https://me:pw@example.org/a"_s << u"https://example.org/a"_s;
    QTest::newRow("a very long query goes") << plain + u"?q="_s + QString(3000, u'x') << plain;
    QTest::newRow("a very long path") << u"https://example.org/"_s + QString(3000, u'x') << QString();
    QTest::newRow("no address of the web") << u"file:///etc/passwd"_s << QString();
}

void TestFileOrigin::theOriginIsRemembered()
{
    QFETCH(QString, url);
    QFETCH(QString, origin);
    if (!hasAttributes(path()))
        QSKIP("the temporary folder's volume has no attributes");
    core::Result<Descriptor> file = openFile(path(), O_RDWR, u"open"_s);
    QVERIFY(file.has_value());
    const core::Result<bool> remembered = setOrigin(file->number(), url);
    QVERIFY(remembered.has_value());
    QCOMPARE(*remembered, !origin.isEmpty());
    QCOMPARE(*originOf(path()), origin);
    const core::Result<bool> byPath = setOrigin(path(), url);
    QVERIFY(byPath.has_value());
    QCOMPARE(*byPath, !origin.isEmpty());
}

void TestFileOrigin::aNewOriginReplacesTheOld()
{
    if (!hasAttributes(path()))
        QSKIP("the temporary folder's volume has no attributes");
    QVERIFY(setOrigin(path(), u"https://example.org/a/longer/one"_s).has_value());
    QVERIFY(setOrigin(path(), u"https://example.org/b"_s).has_value());
    QCOMPARE(*originOf(path()), u"https://example.org/b"_s);
}

void TestFileOrigin::aVolumeWithoutAttributesIsNoError()
{
    // A pipe is a file of a kind that may not have attributes of users, on any volume.
    const QString pipe = m_folder->filePath(u"pipe"_s);
    QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    const core::Result<bool> remembered = setOrigin(pipe, u"https://example.org/a"_s);
    QVERIFY(remembered.has_value());
    QCOMPARE(*remembered, false);
    QCOMPARE(*originOf(pipe), QString());
}

void TestFileOrigin::aFullBlockOfAttributesIsNoError()
{
    if (!hasAttributes(path()))
        QSKIP("the temporary folder's volume has no attributes");
    const QByteArray name = QFile::encodeName(path());
    const QByteArray value(1000, 'x');
    bool isFull = false;
    for (int i = 0; i < 200 && !isFull; ++i)
        isFull = ::setxattr(name.constData(), ("user.fill" + QByteArray::number(i)).constData(),
                            value.constData(), size_t(value.size()), 0) != 0;
    if (!isFull)
        QSKIP("this volume has room for any number of attributes");
    const core::Result<bool> remembered = setOrigin(path(), u"https://example.org/"_s + QString(1500, u'y'));
    QVERIFY(remembered.has_value());
    QCOMPARE(*remembered, false);
}

void TestFileOrigin::theTimeIsSet_data()
{
    QTest::addColumn<double>("seconds");
    QTest::newRow("the beginning") << 0.0;
    QTest::newRow("before 2000") << 900'000'000.0;
    QTest::newRow("with a fraction") << 1'700'000'000.5;
    QTest::newRow("after 2038") << 3'000'000'000.0;
}

void TestFileOrigin::theTimeIsSet()
{
    QFETCH(double, seconds);
    core::Result<bool> set = setModificationTime(path(), UnixTime{seconds});
    QVERIFY(set.has_value() && *set);
    const auto facts = fileFacts(path());
    QVERIFY(facts && *facts);
    QCOMPARE((*facts)->modifiedAt, seconds);
    QCOMPARE((*facts)->size, 7);

    core::Result<Descriptor> file = openFile(path(), O_RDONLY, u"open"_s);
    QVERIFY(file.has_value());
    set = setModificationTime(file->number(), UnixTime{seconds + 1});
    QVERIFY(set.has_value() && *set);
    QCOMPARE((*fileFacts(path()))->modifiedAt, seconds + 1);
}

void TestFileOrigin::theTimeOfAccessStays()
{
    const QByteArray name = QFile::encodeName(path());
    const timespec times[2] = {{1'600'000'000, 0}, {1'600'000'001, 0}};
    QCOMPARE(::utimensat(AT_FDCWD, name.constData(), times, 0), 0);
    QVERIFY(setModificationTime(path(), UnixTime{1'500'000'000.0}).has_value());
    struct stat facts {
    };
    QCOMPARE(::stat(name.constData(), &facts), 0);
    QCOMPARE(qint64(facts.st_atim.tv_sec), qint64(1'600'000'000));
    QCOMPARE(qint64(facts.st_mtim.tv_sec), qint64(1'500'000'000));
}

void TestFileOrigin::timesThatNobodyMeansAreRefused_data()
{
    QTest::addColumn<double>("seconds");
    QTest::newRow("before 1970") << -1.0;
    QTest::newRow("after 2200") << 1e11;
    QTest::newRow("no number") << std::nan("");
    QTest::newRow("without end") << HUGE_VAL;
}

void TestFileOrigin::timesThatNobodyMeansAreRefused()
{
    QFETCH(double, seconds);
    const core::Result<bool> set = setModificationTime(path(), UnixTime{seconds});
    QVERIFY(!set);
    QCOMPARE(set.error().code, ErrorCode::InvalidArgument);
}

void TestFileOrigin::realErrorsAreReported()
{
    const QString missing = m_folder->filePath(u"missing"_s);
    QCOMPARE(setOrigin(missing, u"https://example.org/a"_s).error().code, ErrorCode::FileMissing);
    QCOMPARE(originOf(missing).error().code, ErrorCode::FileMissing);
    QCOMPARE(setModificationTime(missing, UnixTime{1.0}).error().code, ErrorCode::FileMissing);
    QVERIFY(!setOrigin(-1, u"https://example.org/a"_s));
    QVERIFY(!setModificationTime(-1, UnixTime{1.0}));
}

void TestFileOrigin::linksAreNotFollowed()
{
    const QString link = m_folder->filePath(u"link"_s);
    QVERIFY(QFile::link(path(), link));
    QVERIFY(!setOrigin(link, u"https://example.org/a"_s));
    QVERIFY(!setModificationTime(link, UnixTime{1.0}));
    QCOMPARE(*originOf(path()), QString());
}

QTEST_GUILESS_MAIN(TestFileOrigin)
#include "tst_file_origin.moc"
