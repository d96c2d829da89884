// SPDX-License-Identifier: MIT
#include "core/byte_rate.h"

#include <QtTest>

using namespace ingather::core;

class TestByteRate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void understands_data();
    void understands();
    void refuses_data();
    void refuses();
};

void TestByteRate::understands_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("rate");
    QTest::newRow("no limit") << "0" << qint64(0);
    QTest::newRow("bytes") << "999" << qint64(999);
    QTest::newRow("kibibytes") << "800K" << qint64(800 * 1024);
    QTest::newRow("a small letter") << "800k" << qint64(800 * 1024);
    QTest::newRow("mebibytes") << "2M" << qint64(2 * 1024 * 1024);
    QTest::newRow("gibibytes") << "3G" << qint64(3) * 1024 * 1024 * 1024;
    QTest::newRow("spaces around it") << " 5K " << qint64(5 * 1024);
    QTest::newRow("the largest") << "9223372036854775807" << Q_INT64_C(9223372036854775807);
}

void TestByteRate::understands()
{
    QFETCH(QString, text);
    const Result<qint64> rate = byteRateFromText(text);
    QVERIFY(rate);
    QTEST(*rate, "rate");
}

void TestByteRate::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << "";
    QTest::newRow("a unit alone") << "K";
    QTest::newRow("negative") << "-1";
    QTest::newRow("a plus") << "+1";
    QTest::newRow("a fraction") << "1.5M";
    QTest::newRow("an unknown unit") << "5T";
    QTest::newRow("two units") << "5KB";
    QTest::newRow("too large") << "9223372036854775808";
    QTest::newRow("too large by its unit") << "9223372036854775807K";
    QTest::newRow("digits of another script") << QStringLiteral("\u0665K");
}

void TestByteRate::refuses()
{
    QFETCH(QString, text);
    const Result<qint64> rate = byteRateFromText(text);
    QVERIFY(!rate);
    QCOMPARE(rate.error().code, ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(TestByteRate)
#include "tst_byte_rate.moc"
