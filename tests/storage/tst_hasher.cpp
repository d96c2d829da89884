// SPDX-License-Identifier: MIT
#include "storage/hasher.h"

#include "scratch_root.h"

#include <QtTest>

#include <sys/stat.h>

using namespace ingather;
using namespace ingather::storage;
using namespace ingather::tests;
using core::ErrorCode;

/// FIPS 180-4 vectors, and files against a second implementation.
class TestHasher final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knownVectors_data();
    void knownVectors();
    void theHasherGoesOnAfterADigest();
    void resetStartsAnew();
    void movingKeepsTheState();
    void filesAreHashedUpToALength_data();
    void filesAreHashedUpToALength();
    void shortFilesAreDamaged();
    void onlyRegularFilesAreHashed();
    void longWorkCanBeStopped();
};

void TestHasher::knownVectors_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("hex");
    QTest::newRow("nothing") << QByteArray()
                             << QStringLiteral(
                                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    QTest::newRow("one block") << QByteArray("abc")
                               << QStringLiteral(
                                      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QTest::newRow("two blocks") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                << QStringLiteral(
                                       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    QTest::newRow("a million letters")
        << QByteArray(1'000'000, 'a')
        << QStringLiteral("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

void TestHasher::knownVectors()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, hex);
    Hasher atOnce;
    atOnce.add(bytes);
    QCOMPARE(atOnce.digest().toHex(), hex);
    Hasher piecemeal;
    for (qsizetype at = 0; at < bytes.size(); at += 997)
        piecemeal.add(QByteArrayView(bytes).sliced(at, qMin<qsizetype>(997, bytes.size() - at)));
    QCOMPARE(piecemeal.digest().toHex(), hex);
}

void TestHasher::theHasherGoesOnAfterADigest()
{
    Hasher hasher;
    hasher.add("ab");
    QCOMPARE(hasher.digest(), sha256Of("ab"));
    QCOMPARE(hasher.digest(), sha256Of("ab"));
    hasher.add("c");
    QCOMPARE(hasher.digest(), sha256Of("abc"));
}

void TestHasher::resetStartsAnew()
{
    Hasher hasher;
    hasher.add("something");
    hasher.reset();
    hasher.add("abc");
    QCOMPARE(hasher.digest(), sha256Of("abc"));
}

void TestHasher::movingKeepsTheState()
{
    Hasher hasher;
    hasher.add("ab");
    Hasher moved(std::move(hasher));
    moved.add("c");
    QCOMPARE(moved.digest(), sha256Of("abc"));
    Hasher assigned;
    assigned = std::move(moved);
    QCOMPARE(assigned.digest(), sha256Of("abc"));
}

void TestHasher::filesAreHashedUpToALength_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<qint64>("length");
    QTest::newRow("an empty file") << qint64(0) << qint64(-1);
    QTest::newRow("nothing of an empty file") << qint64(0) << qint64(0);
    QTest::newRow("nothing of a file") << qint64(10) << qint64(0);
    QTest::newRow("a part of a file") << qint64(100'000) << qint64(77'777);
    QTest::newRow("all, said by its length") << qint64(100'000) << qint64(100'000);
    QTest::newRow("exactly one piece") << qint64(1 << 20) << qint64(-1);
    QTest::newRow("one byte more than a piece") << qint64((1 << 20) + 1) << qint64(-1);
    QTest::newRow("several pieces") << qint64(5'000'000) << qint64(-1);
    QTest::newRow("a part across pieces") << qint64(5'000'000) << qint64(3'000'001);
}

void TestHasher::filesAreHashedUpToALength()
{
    QFETCH(qint64, size);
    QFETCH(qint64, length);
    const ScratchRoot root;
    const QByteArray bytes = testBytes(size);
    root.write(QStringLiteral("file"), bytes);
    const core::Result<core::Sha256> hash = hashFile(root.at(QStringLiteral("file")), length);
    QVERIFY(hash.has_value());
    QCOMPARE(*hash, sha256Of(bytes.left(length < 0 ? size : length)));
}

void TestHasher::shortFilesAreDamaged()
{
    const ScratchRoot root;
    root.write(QStringLiteral("file"), "12345");
    QCOMPARE(hashFile(root.at(QStringLiteral("file")), 6).error().code, ErrorCode::PartDamaged);
    QCOMPARE(hashFile(root.at(QStringLiteral("missing"))).error().code, ErrorCode::FileMissing);
}

void TestHasher::onlyRegularFilesAreHashed()
{
    const ScratchRoot root;
    QCOMPARE(hashFile(root.path()).error().code, ErrorCode::FileError);
    // A pipe without a writer would hold a naive open() for ever.
    QCOMPARE(mkfifo(QFile::encodeName(root.at(QStringLiteral("pipe"))).constData(), 0600), 0);
    QCOMPARE(hashFile(root.at(QStringLiteral("pipe"))).error().code, ErrorCode::FileError);
}

void TestHasher::longWorkCanBeStopped()
{
    const ScratchRoot root;
    root.write(QStringLiteral("file"), QByteArray(5 << 20, 'x'));
    int asked = 0;
    const core::Result<core::Sha256> hash =
        hashFile(root.at(QStringLiteral("file")), -1, [&asked] { return ++asked == 3; });
    QVERIFY(!hash);
    QCOMPARE(hash.error().code, ErrorCode::Stopped);
    QCOMPARE(asked, 3);
}

QTEST_GUILESS_MAIN(TestHasher)
#include "tst_hasher.moc"
