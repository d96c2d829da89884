// SPDX-License-Identifier: MIT
#include "core/digest.h"
#include "core/digest_fields.h"

#include <QTest>

using namespace ingather::core;
using namespace Qt::StringLiterals;

namespace
{

// Of "abc": RFC 1321, FIPS 180-4.
const QString md5Hex = u"900150983cd24fb0d6963f7d28e17f72"_s;
const QString sha256Hex = u"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_s;
const QString sha512Hex = u"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                          "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"_s;
const QByteArray md5 = "kAFQmDzST7DWlj99KOF/cg==";
const QByteArray sha256 = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
const QByteArray sha512 =
    "3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==";

QString textOf(const QList<Digest> &digests)
{
    QStringList texts;
    for (const Digest &digest : digests) {
        const bool isOfAbc =
            digest.toHex() == md5Hex || digest.toHex() == sha256Hex || digest.toHex() == sha512Hex;
        texts.append(digestAlgorithmName(digest.algorithm()) + (isOfAbc ? QString() : u"!"_s));
    }
    return texts.join(u' ');
}

} // namespace

/// The forms in which people and servers give digests.
class TestDigest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTexts_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("stored"); // empty: refused
        const auto row = [](const char *what, const QString &text, const QString &stored) {
            QTest::newRow(what) << text << stored;
        };
        row("SHA-256", u"sha256:"_s + sha256Hex, u"sha256:"_s + sha256Hex);
        row("SHA-512", u"sha512:"_s + sha512Hex, u"sha512:"_s + sha512Hex);
        row("MD5", u"md5:"_s + md5Hex, u"md5:"_s + md5Hex);
        row("a name with a hyphen", u"sha-256:"_s + sha256Hex, u"sha256:"_s + sha256Hex);
        row("capitals", u"SHA-512:"_s + sha512Hex.toUpper(), u"sha512:"_s + sha512Hex);
        row("blanks", u" md5 : "_s + md5Hex + u'\n', u"md5:"_s + md5Hex);
        row("nothing", {}, {});
        row("only a name", u"sha256:"_s, {});
        row("no name", u':' + sha256Hex, {});
        row("only digits", sha256Hex, {});
        row("an unknown name", u"sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709"_s, {});
        row("a digit short", u"sha256:"_s + sha256Hex.chopped(1), {});
        row("a digit long", u"sha256:"_s + sha256Hex + u'0', {});
        row("the length of another algorithm", u"sha256:"_s + sha512Hex, {});
        row("a letter that is no digit", u"md5:"_s + md5Hex.chopped(1) + u'g', {});
        row("a blank within", u"md5:"_s + md5Hex.chopped(1) + u" 2"_s, {});
        row("digits of another script", u"md5:"_s + md5Hex.chopped(1) + QChar(0x0665), {});
        row("base64", u"md5:"_s + QString::fromLatin1(md5), {});
    }

    void readsTexts()
    {
        QFETCH(QString, text);
        const std::optional<Digest> digest = Digest::fromText(text);
        QTEST(digest ? digest->toText() : QString(), "stored");
        if (digest)
            QCOMPARE(Digest::fromText(digest->toText()), digest);
    }

    void takesBytesOfTheRightLength_data()
    {
        QTest::addColumn<DigestAlgorithm>("algorithm");
        QTest::addColumn<int>("size");
        QTest::newRow("MD5") << DigestAlgorithm::Md5 << 16;
        QTest::newRow("SHA-256") << DigestAlgorithm::Sha256 << 32;
        QTest::newRow("SHA-512") << DigestAlgorithm::Sha512 << 64;
    }

    void takesBytesOfTheRightLength()
    {
        QFETCH(DigestAlgorithm, algorithm);
        QFETCH(int, size);
        QVERIFY(!Digest::fromBytes(algorithm, QByteArray(size - 1, 'x')));
        QVERIFY(!Digest::fromBytes(algorithm, QByteArray(size + 1, 'x')));
        const std::optional<Digest> digest = Digest::fromBytes(algorithm, QByteArray(size, 'x'));
        QVERIFY(digest);
        QCOMPARE(digest->algorithm(), algorithm);
        QCOMPARE(digestSize(algorithm), size);
        QCOMPARE(digest->toHex(), u"78"_s.repeated(size));
    }

    void isMadeOfASha256()
    {
        const Digest digest = Digest::fromSha256(*Sha256::fromHex(sha256Hex));
        QCOMPARE(digest.toText(), u"sha256:"_s + sha256Hex);
    }

    void readsDictionaries_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("digests");
        const auto row = [](const char *what, const QByteArray &value, const QString &digests) {
            QTest::newRow(what) << value << digests;
        };
        const QByteArray s256 = "sha-256=:" + sha256 + ':';
        const QByteArray s512 = "sha-512=:" + sha512 + ':';
        row("one", s256, u"sha256"_s);
        row("two: the strongest first", s256 + ", " + s512, u"sha512 sha256"_s);
        row("two fields, joined without a blank", s256 + ',' + s512, u"sha512 sha256"_s);
        row("tabs and blanks", " \t" + s512 + "\t ,\t" + s256 + ' ', u"sha512 sha256"_s);
        row("a parameter", s256 + ";a=1;b=\"x, y\"", u"sha256"_s);
        row("capitals", "SHA-256=:" + sha256 + ':', u"sha256"_s);
        row("without padding", "sha-256=:" + sha256.chopped(1) + ':', u"sha256"_s);
        row("an old algorithm that we know", "md5=:" + md5 + ':', u"md5"_s);
        row("unknown algorithms", "unixsum=:AA==:, sha=:AA==:, " + s256 + ", id-sha-256=:AA==:", u"sha256"_s);
        row("the same twice", s256 + ", " + s256, u"sha256"_s);
        row("a contradiction", s256 + ", sha-256=:" + QByteArray(32, 'x').toBase64() + ':', {});
        row("a contradiction spares the others",
            s256 + ", sha-256=:" + QByteArray(32, 'x').toBase64() + ":, " + s512, u"sha512"_s);
        row("another digest", "sha-256=:" + QByteArray(32, 'x').toBase64() + ':', u"sha256!"_s);
        row("a wrong length", "sha-256=:" + md5 + ":, " + s512, u"sha512"_s);
        row("not in colons", "sha-256=" + sha256 + ", " + s512, u"sha512"_s);
        row("a string", "sha-256=\"" + sha256 + "\", " + s512, u"sha512"_s);
        row("a colon missing", "sha-256=:" + sha256 + ", " + s512, u"sha512"_s);
        row("something behind the colon", "sha-256=:" + sha256 + ":x, " + s512, u"sha512"_s);
        row("no base64", "sha-256=:" + sha256.chopped(2) + "!!:, " + s512, u"sha512"_s);
        row("hexadecimal digits", "sha-256=:" + sha256Hex.toLatin1() + ':', {});
        row("a key alone", "sha-256, " + s512, u"sha512"_s);
        row("an inner list", "sha-256=(:" + sha256 + ":), " + s512, u"sha512"_s);
        row("only commas", ",,, ,", {});
        row("nothing", "", {});
        row("a quote that is not closed", s256 + ", x=\"" + s512, u"sha256"_s);
        row("NUL and high bytes", QByteArray("\0\xFF=:\0:", 6) + ", " + s256, u"sha256"_s);
    }

    void readsDictionaries()
    {
        QFETCH(QByteArray, value);
        QTEST(textOf(parseDigestDictionary(value)), "digests");
    }

    void readsLegacyDigests_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("digests");
        const auto row = [](const char *what, const QByteArray &value, const QString &digests) {
            QTest::newRow(what) << value << digests;
        };
        row("one", "SHA-256=" + sha256, u"sha256"_s);
        row("several", "MD5=" + md5 + ",SHA-512=" + sha512 + ",SHA-256=" + sha256, u"sha512 sha256 md5"_s);
        row("blanks", "md5 = " + md5 + " , sha-256= " + sha256, u"sha256 md5"_s);
        row("unknown algorithms", "SHA=thvDyvhfIqlvFe+A9MYgxAfm1q5=,unixsum=30637,MD5=" + md5, u"md5"_s);
        row("of Google's store", "crc32c=AAAAAA==,md5=" + md5, u"md5"_s);
        row("hexadecimal digits", "SHA-256=" + sha256Hex.toLatin1(), u"sha256"_s);
        row("half the digits", "SHA-256=" + sha256Hex.left(44).toLatin1(), {});
        row("a wrong length", "SHA-256=" + md5 + ",MD5=" + md5, u"md5"_s);
        row("in colons, as a dictionary", "sha-256=:" + sha256 + ':', {});
        row("a contradiction", "MD5=" + md5 + ",MD5=" + QByteArray(16, 'x').toBase64(), {});
        row("nothing", "", {});
        row("only a value", md5, {});
    }

    void readsLegacyDigests()
    {
        QFETCH(QByteArray, value);
        QTEST(textOf(parseLegacyDigest(value)), "digests");
    }

    void readsContentMd5_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("digests");
        QTest::newRow("base64") << md5 << u"md5"_s;
        QTest::newRow("base64 with blanks") << " " + md5 + "\t" << u"md5"_s;
        QTest::newRow("hexadecimal digits") << md5Hex.toLatin1() << u"md5"_s;
        QTest::newRow("the same in two fields") << md5 + ", " + md5 << u"md5"_s;
        QTest::newRow("two different ones") << md5 + ", " + QByteArray(16, 'x').toBase64() << QString();
        QTest::newRow("a digest of another length") << sha256 << QString();
        QTest::newRow("nothing") << QByteArray() << QString();
    }

    void readsContentMd5()
    {
        QFETCH(QByteArray, value);
        QTEST(textOf(parseContentMd5(value)), "digests");
    }
};

QTEST_APPLESS_MAIN(TestDigest)
#include "tst_digest.moc"
