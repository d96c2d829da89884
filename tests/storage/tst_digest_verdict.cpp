// SPDX-License-Identifier: MIT
#include "storage/digest_verdict.h"

#include "scratch_root.h"
#include "storage/part_file.h"

#include <QtTest>

using namespace ingather;
using namespace ingather::storage;
using namespace ingather::tests;
using namespace Qt::StringLiterals;
using core::Digest;
using core::DigestAlgorithm;

namespace
{

const QList<DigestAlgorithm> all{DigestAlgorithm::Md5, DigestAlgorithm::Sha256, DigestAlgorithm::Sha512};

/// By another implementation than the one under test.
Digest digestOf(const QByteArray &bytes, DigestAlgorithm algorithm)
{
    const auto method = algorithm == DigestAlgorithm::Md5      ? QCryptographicHash::Md5
                        : algorithm == DigestAlgorithm::Sha256 ? QCryptographicHash::Sha256
                                                               : QCryptographicHash::Sha512;
    return *Digest::fromBytes(algorithm, QCryptographicHash::hash(bytes, method));
}

QString textOf(const QList<Digest> &digests)
{
    QStringList texts;
    for (const Digest &digest : digests)
        texts.append(digest.toText());
    return texts.join(u' ');
}

} // namespace

/// Digests by several algorithms in one pass, and what they say together.
class TestDigestVerdict final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyWhatIsAskedForIsComputed_data();
    void onlyWhatIsAskedForIsComputed();
    void thePartComputesThemAsItIsWritten();
    void filesAreHashedInOnePass();
    void digestsAreJudgedTogether_data();
    void digestsAreJudgedTogether();
    void filesAreJudged();
};

void TestDigestVerdict::onlyWhatIsAskedForIsComputed_data()
{
    QTest::addColumn<QList<DigestAlgorithm>>("also");
    QTest::addColumn<QList<DigestAlgorithm>>("computed");
    using enum DigestAlgorithm;
    using Algorithms = QList<DigestAlgorithm>;
    QTest::newRow("nothing more") << Algorithms() << Algorithms{Sha256};
    QTest::newRow("MD5") << Algorithms{Md5} << Algorithms{Sha256, Md5};
    QTest::newRow("SHA-512 and MD5") << Algorithms{Sha512, Md5} << Algorithms{Sha256, Sha512, Md5};
    QTest::newRow("SHA-256 twice") << Algorithms{Sha256, Sha512, Sha512} << Algorithms{Sha256, Sha512};
}

void TestDigestVerdict::onlyWhatIsAskedForIsComputed()
{
    QFETCH(QList<DigestAlgorithm>, also);
    QFETCH(QList<DigestAlgorithm>, computed);
    const QByteArray bytes = testBytes(100'000);
    Hasher hasher(also);
    hasher.add("something else");
    hasher.reset();
    hasher.add(bytes.left(33'333));
    (void)hasher.digests(); // it goes on
    hasher.add(bytes.mid(33'333));
    QList<Digest> expected;
    for (const DigestAlgorithm algorithm : computed)
        expected.append(digestOf(bytes, algorithm));
    QCOMPARE(textOf(hasher.digests()), textOf(expected));
    QCOMPARE(hasher.digest(), sha256Of(bytes));
}

void TestDigestVerdict::thePartComputesThemAsItIsWritten()
{
    const ScratchRoot root;
    const QString name = u"job.1-1.part"_s;
    const QByteArray bytes = testBytes(50'000);
    {
        core::Result<PartFile> part =
            PartFile::create(root.path(), name, description(), {DigestAlgorithm::Sha512});
        QVERIFY(part && part->append(bytes.left(20'000)) && part->close());
        QCOMPARE(textOf(part->digests()), textOf({digestOf(bytes.left(20'000), DigestAlgorithm::Sha256),
                                                  digestOf(bytes.left(20'000), DigestAlgorithm::Sha512)}));
    }
    core::Result<PartFile> part = PartFile::resume(root.path(), name, 20'000, {}, {DigestAlgorithm::Md5});
    QVERIFY(part && part->append(bytes.mid(20'000)));
    QCOMPARE(textOf(part->digests()),
             textOf({digestOf(bytes, DigestAlgorithm::Sha256), digestOf(bytes, DigestAlgorithm::Md5)}));
}

void TestDigestVerdict::filesAreHashedInOnePass()
{
    const ScratchRoot root;
    const QByteArray bytes = testBytes(3'000'000);
    root.write(u"file"_s, bytes);
    int pieces = 0;
    const auto count = [&pieces] {
        ++pieces;
        return false;
    };
    const core::Result<QList<Digest>> digests = digestsOfFile(root.at(u"file"_s), all, -1, count);
    QVERIFY(digests.has_value());
    QCOMPARE(textOf(*digests),
             textOf({digestOf(bytes, DigestAlgorithm::Sha256), digestOf(bytes, DigestAlgorithm::Md5),
                     digestOf(bytes, DigestAlgorithm::Sha512)}));
    QCOMPARE(pieces, 3);
    QCOMPARE(digestsOfFile(root.at(u"file"_s), all, bytes.size() + 1).error().code,
             core::ErrorCode::PartDamaged);
}

void TestDigestVerdict::digestsAreJudgedTogether_data()
{
    QTest::addColumn<QString>("expected"); // algorithms; "!" behind one whose value is another
    QTest::addColumn<QString>("computed");
    QTest::addColumn<QString>("verdict"); // and by which
    const auto row = [](const char *what, const QString &expected, const QString &computed,
                        const QString &verdict) { QTest::newRow(what) << expected << computed << verdict; };
    row("nothing expected", {}, u"sha256"_s, u"unknown"_s);
    row("nothing computed", u"sha256"_s, {}, u"unknown"_s);
    row("no algorithm in common", u"md5"_s, u"sha256 sha512"_s, u"unknown"_s);
    row("right", u"sha256"_s, u"sha256"_s, u"verified sha256"_s);
    row("right by one of two", u"sha512 md5"_s, u"sha256 md5"_s, u"verified md5"_s);
    row("right by both: the stronger is told", u"md5 sha256"_s, u"md5 sha256"_s, u"verified sha256"_s);
    row("right by both, the other way round", u"sha256 md5"_s, u"md5 sha256"_s, u"verified sha256"_s);
    row("wrong", u"sha256!"_s, u"sha256"_s, u"wrong sha256"_s);
    row("wrong by the weaker", u"sha256 md5!"_s, u"sha256 md5"_s, u"wrong md5"_s);
    row("wrong by the weaker, which comes first", u"md5! sha256"_s, u"sha256 md5"_s, u"wrong md5"_s);
    row("wrong by the stronger", u"sha512! md5"_s, u"sha512 md5"_s, u"wrong sha512"_s);
    row("wrong by both", u"md5! sha512!"_s, u"md5 sha512"_s, u"wrong sha512"_s);
}

void TestDigestVerdict::digestsAreJudgedTogether()
{
    const auto read = [](const QString &names) {
        QList<Digest> digests;
        for (QString name : names.split(u' ', Qt::SkipEmptyParts)) {
            const QByteArray bytes = name.endsWith(u'!') ? "other" : "content";
            digests.append(digestOf(bytes, *core::digestAlgorithmFromName(name.remove(u'!'))));
        }
        return digests;
    };
    QFETCH(QString, expected);
    QFETCH(QString, computed);
    const DigestVerdict verdict = judgeDigests(read(expected), read(computed));
    QString text = verdict.kind == DigestVerdict::Verified ? u"verified"_s
                   : verdict.kind == DigestVerdict::Wrong  ? u"wrong"_s
                                                           : u"unknown"_s;
    if (verdict.expected)
        text += u' ' + core::digestAlgorithmName(verdict.expected->algorithm());
    QTEST(text, "verdict");
    QCOMPARE(verdict.computed.has_value(), verdict.expected.has_value());
    if (verdict.computed)
        QCOMPARE(*verdict.computed == *verdict.expected, verdict.kind == DigestVerdict::Verified);
}

void TestDigestVerdict::filesAreJudged()
{
    const ScratchRoot root;
    root.write(u"file"_s, "content");
    const QString path = root.at(u"file"_s);
    const QList<Digest> right{digestOf("content", DigestAlgorithm::Md5),
                              digestOf("content", DigestAlgorithm::Sha512)};
    QCOMPARE(algorithmsOf(right + right), (QList{DigestAlgorithm::Md5, DigestAlgorithm::Sha512}));
    QCOMPARE(judgeFileDigests(path, right)->kind, DigestVerdict::Verified);
    QCOMPARE(judgeFileDigests(path, {digestOf("other", DigestAlgorithm::Md5)})->kind, DigestVerdict::Wrong);
    QCOMPARE(judgeFileDigests(path, {})->kind, DigestVerdict::Unknown);
    QCOMPARE(judgeFileDigests(root.at(u"missing"_s), right).error().code, core::ErrorCode::FileMissing);
}

QTEST_GUILESS_MAIN(TestDigestVerdict)
#include "tst_digest_verdict.moc"
