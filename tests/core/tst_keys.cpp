// SPDX-License-Identifier: MIT
#include "core/keys.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <cmath>
#include <limits>

using namespace ingather::core;
using namespace Qt::StringLiterals;

namespace
{

/// JSON written with single quotes: moc 6.4 loses its way in raw strings.
QByteArray expected(const char *json)
{
    return QByteArray(json).replace('\'', '"');
}

} // namespace

class TestKeys final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matchesTheReference_data()
    {
        QTest::addColumn<QJsonObject>("vector");
        QFile file(QStringLiteral(INGATHER_TEST_DATA "/reference-v1-keys.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonArray vectors = QJsonDocument::fromJson(file.readAll()).array();
        QCOMPARE(vectors.size(), 80);
        for (qsizetype i = 0; i < vectors.size(); ++i) {
            const QJsonObject vector = vectors[i].toObject();
            QTest::addRow("vector %d, %s", int(i), qPrintable(vector[u"fn"_s].toString())) << vector;
        }
    }

    void matchesTheReference()
    {
        QFETCH(QJsonObject, vector);
        const QString key = vector[u"key"_s].toString();
        QCOMPARE(key.size(), 64);
        if (vector[u"fn"_s] == u"job_key"_s) {
            QCOMPARE(jobKey(vector[u"work_id"_s].toString(), vector[u"artifact_id"_s].toString(),
                            vector[u"canonical_url"_s].toString()),
                     key);
            return;
        }
        QCOMPARE(vector[u"fn"_s].toString(), u"op_key"_s);
        const std::optional<OpType> type = opTypeFromName(vector[u"kind"_s].toString());
        QVERIFY(type);
        QCOMPARE(opKey(*type, {vector[u"job_id"_s].toString()}, vector[u"context"_s].toObject()), key);
    }

    void writesCanonicalJson_data()
    {
        QTest::addColumn<QJsonObject>("object");
        QTest::addColumn<QByteArray>("json");
        const auto one = [](const QJsonValue &value) { return QJsonObject{{u"x"_s, value}}; };
        QTest::newRow("an empty object") << QJsonObject() << expected("{}");
        QTest::newRow("names are sorted")
            << QJsonObject{{u"b"_s, 1}, {u"a"_s, 2}, {u"B"_s, 3}} << expected("{'B':3,'a':2,'b':1}");
        QTest::newRow("names are sorted by code point, not by UTF-16 unit")
            << QJsonObject{{u"😀"_s, 1}, {u"\uFF5E"_s, 2}, {u"z"_s, 3}}
            << expected("{'z':3,'\\uff5e':2,'\\ud83d\\ude00':1}");
        QTest::newRow("a prefix comes first")
            << QJsonObject{{u"ab"_s, 1}, {u"a"_s, 2}} << expected("{'a':2,'ab':1}");
        QTest::newRow("true") << one(true) << expected("{'x':true}");
        QTest::newRow("false") << one(false) << expected("{'x':false}");
        QTest::newRow("null") << one(QJsonValue::Null) << expected("{'x':null}");
        QTest::newRow("an empty array") << one(QJsonArray()) << expected("{'x':[]}");
        QTest::newRow("arrays keep their order")
            << one(QJsonArray{2, 1, QJsonObject{{u"b"_s, 0}, {u"a"_s, QJsonArray{1}}}})
            << expected("{'x':[2,1,{'a':[1],'b':0}]}");
        QTest::newRow("quotes and backslashes") << one(u"a\"b\\c/d"_s) << expected("{'x':'a\\'b\\\\c/d'}");
        QTest::newRow("short escapes") << one(u"\b\f\n\r\t"_s) << expected("{'x':'\\b\\f\\n\\r\\t'}");
        QTest::newRow("other control characters")
            << one(u"\u0001\u001f\u007f"_s) << expected("{'x':'\\u0001\\u001f\\u007f'}");
        QTest::newRow("separators of lines and paragraphs")
            << one(u"\u2028\u2029"_s) << expected("{'x':'\\u2028\\u2029'}");
        QTest::newRow("non-ASCII in lower-case hex")
            << one(u"éÿ作"_s) << expected("{'x':'\\u00e9\\u00ff\\u4f5c'}");
        QTest::newRow("a surrogate pair above the BMP") << one(u"😀"_s) << expected("{'x':'\\ud83d\\ude00'}");
        QTest::newRow("zero") << one(0) << expected("{'x':0}");
        QTest::newRow("a negative integer") << one(-1) << expected("{'x':-1}");
        QTest::newRow("the largest integer")
            << one(std::numeric_limits<qint64>::max()) << expected("{'x':9223372036854775807}");
        QTest::newRow("the smallest integer")
            << one(std::numeric_limits<qint64>::min()) << expected("{'x':-9223372036854775808}");
        QTest::newRow("an integer beyond the exact doubles")
            << one(qint64(9007199254740993)) << expected("{'x':9007199254740993}");
        QTest::newRow("a fraction") << one(0.5) << expected("{'x':0.5}");
        QTest::newRow("a fraction without a short form")
            << one(0.1 + 0.2) << expected("{'x':0.30000000000000004}");
        QTest::newRow("a negative fraction") << one(-1234.5) << expected("{'x':-1234.5}");
        QTest::newRow("the last without an exponent") << one(0.0001) << expected("{'x':0.0001}");
        QTest::newRow("the first with a negative exponent") << one(0.00001234) << expected("{'x':1.234e-05}");
        QTest::newRow("a large number") << one(1e22) << expected("{'x':1e+22}");
        QTest::newRow("a very large number")
            << one(1.7976931348623157e308) << expected("{'x':1.7976931348623157e+308}");
        QTest::newRow("the smallest number") << one(5e-324) << expected("{'x':5e-324}");
        QTest::newRow("a time") << one(1760000000.123456) << expected("{'x':1760000000.123456}");
    }

    void writesCanonicalJson()
    {
        QFETCH(QJsonObject, object);
        QTEST(canonicalJson(object), "json");
    }

    /// Computed with Python's hashlib and json, away from this code.
    void computesOpKeysWithAGeneration()
    {
        QCOMPARE(opKey(OpType::Stream, {u"8f14e45f-ceea-5671-8a1e-0123456789ab"_s},
                       {{u"generation"_s, 2}, {u"etag"_s, u"\"é\""_s}, {u"size"_s, qint64(1) << 40}}),
                 u"e577bfdccfd521301f7d4817999bff0d35dc46c5cdcd02c0addaee29174009fb"_s);
    }

    /// Computed with Python's uuid.uuid5() and hashlib, away from this code.
    void derivesIds_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("workId");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("id");
        QTest::newRow("a plain URL") << u"https://example.org/a.pdf"_s
                                     << u"url:085f2010ce67f210d3c239a9669867c9"_s
                                     << u"f93988fe93da123fde4fbf222b9ad67a31b46fbda456ab032aac6741b12b51f2"_s
                                     << u"ecabf53d-39cb-5baf-a553-fb909ba87482"_s;
        QTest::newRow("a URL with a query")
            << u"https://example.org/a?x=1&y=2"_s << u"url:0e4f90eb6ba16656c492a0a1b17f31e6"_s
            << u"8e0e7f646206ff4da651dab8b09002baf1c33e32a781c1d09ac6dbe11614f789"_s
            << u"7ff6c428-e35f-51f8-b3ce-58b642ba45a7"_s;
        QTest::newRow("an international host")
            << u"https://xn--mnchen-3ya.example/%C3%A4"_s << u"url:3bcb1aab63f8d6af0b93c065bd962aeb"_s
            << u"7301ec3f619d06daa5f087798c6712eb30f4731498c8777bfdaec25f4d6a497c"_s
            << u"83fd595a-09dc-5565-9be8-d82167bd76ca"_s;
        QTest::newRow("an IPv6 host") << u"http://[::1]:8080/"_s << u"url:8022836441d5232f63a5f530900952e1"_s
                                      << u"d5c4b0b78be81d708a16f64ea7df91935e581d0c35c714ec94ac289df8da57c3"_s
                                      << u"9b71d7a8-48ce-527a-be06-4710dd43599d"_s;
    }

    void derivesIds()
    {
        QFETCH(QString, url);
        const QString workId = defaultWorkId(url);
        QTEST(workId, "workId");
        const QString key = jobKey(workId, defaultArtifactId(), url);
        QTEST(key, "key");
        QTEST(jobIdForKey(key).value, "id");
    }

    void namesTheVersionsOfAnArtifact()
    {
        QCOMPARE(artifactIdForVersion(defaultArtifactId(), 2), u"file@v2"_s);
        QVERIFY(isLaterVersion(u"file@v2"_s));
        QVERIFY(isLaterVersion(artifactIdForVersion(artifactIdForFolder(u"/a"_s), 13)));
        for (const QString &other : {u"file"_s, u"file@59757f6f"_s, u"file@v"_s, u"file@v1"_s, u"file@v02"_s,
                                     u"file@v2x"_s, u"file@v-2"_s, u"@v99999999999"_s})
            QVERIFY2(!isLaterVersion(other), qPrintable(other));
    }

    void namesTheArtifactOfAFolder()
    {
        QCOMPARE(defaultArtifactId(), u"file"_s);
        QCOMPARE(artifactIdForFolder(u"/home/user/Übungen"_s), u"file@59757f6f"_s);
        QVERIFY(artifactIdForFolder(u"/a"_s) != artifactIdForFolder(u"/b"_s));
    }
};

QTEST_APPLESS_MAIN(TestKeys)
#include "tst_keys.moc"
