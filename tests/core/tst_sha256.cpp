// SPDX-License-Identifier: MIT
#include "core/sha256.h"

#include <QTest>

using namespace ingather::core;
using namespace Qt::StringLiterals;

namespace
{

const QString ofAbc = u"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_s;

} // namespace

class TestSha256 final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsHexInEitherCase()
    {
        const std::optional<Sha256> lower = Sha256::fromHex(ofAbc);
        const std::optional<Sha256> upper = Sha256::fromHex(ofAbc.toUpper());
        QVERIFY(lower && upper);
        QCOMPARE(*lower, *upper);
        QCOMPARE(upper->toHex(), ofAbc);
        QCOMPARE(lower->bytes().size(), Sha256::byteCount);
        QCOMPARE(lower->bytes().front(), '\xBA');
    }

    void refusesOtherTexts_data()
    {
        QTest::addColumn<QString>("hex");
        QTest::newRow("nothing") << QString();
        QTest::newRow("a digit short") << ofAbc.chopped(1);
        QTest::newRow("a digit long") << ofAbc + u'0';
        QTest::newRow("a letter that is no digit") << ofAbc.chopped(1) + u'g';
        QTest::newRow("a blank around") << u' ' + ofAbc.chopped(1);
        QTest::newRow("digits of another script") << ofAbc.chopped(1) + QChar(0x0665);
        QTest::newRow("a prefix") << u"0x"_s + ofAbc.chopped(2);
    }

    void refusesOtherTexts()
    {
        QFETCH(QString, hex);
        QVERIFY(!Sha256::fromHex(hex));
    }

    void takesExactly32Bytes()
    {
        QVERIFY(!Sha256::fromBytes(QByteArray(31, 'x')));
        QVERIFY(!Sha256::fromBytes(QByteArray(33, 'x')));
        const std::optional<Sha256> value = Sha256::fromBytes(QByteArray(32, '\0'));
        QVERIFY(value);
        QCOMPARE(value->toHex(), QString(64, u'0'));
        QVERIFY(*value != *Sha256::fromHex(ofAbc));
    }
};

QTEST_APPLESS_MAIN(TestSha256)
#include "tst_sha256.moc"
