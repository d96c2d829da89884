// SPDX-License-Identifier: MIT
#include "models/format.h"

#include <QJsonObject>
#include <QLocale>
#include <QTest>

#include <cmath>
#include <limits>

using namespace ingather;
using models::Format;

class TestFormat : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void bytes_data()
    {
        QTest::addColumn<qint64>("count");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing is shown as zero bytes") << qint64(0) << QStringLiteral("0 B");
        QTest::newRow("below a KiB bytes are whole") << qint64(1023) << QStringLiteral("1023 B");
        QTest::newRow("a KiB is 1024 bytes") << qint64(1024) << QStringLiteral("1.0 KiB");
        QTest::newRow("one and a half MiB") << qint64(1572864) << QStringLiteral("1.5 MiB");
        QTest::newRow("two GiB do not overflow") << (qint64(2) << 30) << QStringLiteral("2.0 GiB");
        QTest::newRow("eight EiB less a byte fit")
            << std::numeric_limits<qint64>::max() << QStringLiteral("8.0 EiB");
    }
    void bytes()
    {
        QFETCH(qint64, count);
        QTEST(Format::bytes(count), "text");
    }

    void speeds_data()
    {
        QTest::addColumn<double>("speed");
        QTest::addColumn<QString>("text");
        QTest::newRow("a speed is an amount a second") << 2097152.0 << QStringLiteral("2.0 MiB/s");
        QTest::newRow("a standstill is said") << 0.0 << QStringLiteral("0 B/s");
        QTest::newRow("no number is no text") << std::nan("") << QString();
        QTest::newRow("infinity is no text") << std::numeric_limits<double>::infinity() << QString();
        QTest::newRow("a negative speed is no text") << -1.0 << QString();
    }
    void speeds()
    {
        QFETCH(double, speed);
        QTEST(Format::speed(speed), "text");
    }

    void durations_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("less than a second is zero") << 0.9 << QStringLiteral("0 s");
        QTest::newRow("the past is zero") << -5.0 << QStringLiteral("0 s");
        QTest::newRow("seconds alone") << 59.9 << QStringLiteral("59 s");
        QTest::newRow("a minute shows its seconds") << 60.0 << QStringLiteral("1 min 0 s");
        QTest::newRow("an hour shows its minutes") << 7500.0 << QStringLiteral("2 h 5 min");
        QTest::newRow("a day shows its hours") << 273600.0 << QStringLiteral("3 d 4 h");
        QTest::newRow("for ever is no text") << std::numeric_limits<double>::infinity() << QString();
    }
    void durations()
    {
        QFETCH(double, seconds);
        QTEST(Format::duration(seconds), "text");
    }

    void fineDurations()
    {
        QCOMPARE(Format::fineDuration(0.0125), QStringLiteral("12 ms"));
        QCOMPARE(Format::fineDuration(3.49), QStringLiteral("3.4 s"));
        QCOMPARE(Format::fineDuration(61), QStringLiteral("1 min 1 s"));
        QCOMPARE(Format::fineDuration(-1), QString());
    }

    void percentIsRoundedDownSoThatHundredMeansAll()
    {
        QCOMPARE(Format::percent(0.9999), QStringLiteral("99 %"));
        QCOMPARE(Format::percent(1.0), QStringLiteral("100 %"));
        QCOMPARE(Format::percent(1.7), QStringLiteral("100 %"));
        QCOMPARE(Format::percent(-0.1), QStringLiteral("0 %"));
    }

    void owners_data()
    {
        QTest::addColumn<QString>("owner");
        QTest::addColumn<QString>("text");
        QTest::newRow("nobody is no text") << QString() << QString();
        QTest::newRow("this process is named so") << QStringLiteral("me") << QStringLiteral("this program");
        QTest::newRow("another worker is machine and process")
            << QStringLiteral("lab3/b-o-o-t/4026/812/77/abc") << QStringLiteral("lab3, process 812");
        QTest::newRow("an owner of another writer stays as it is")
            << QStringLiteral("host:1001") << QStringLiteral("host:1001");
    }
    void owners()
    {
        QFETCH(QString, owner);
        QTEST(Format::owner(owner, QStringLiteral("me")), "text");
    }

    void timesAreEmptyForZeroAndExactOtherwise()
    {
        QCOMPARE(Format::dateTime({0}), QString());
        QCOMPARE(Format::exactTime({0}), QString());
        QVERIFY(Format::exactTime({1760000000.25}).endsWith(QStringLiteral(".250")));
        QVERIFY(Format::exactTime({1760000000.25}).startsWith(QStringLiteral("2025-10-0")));
    }

    void jsonLineKeepsLargeNumbersWhole()
    {
        const QJsonObject object{{QStringLiteral("size"), qint64(10737418240)},
                                 {QStringLiteral("etag"), QStringLiteral("\"a\"")},
                                 {QStringLiteral("part"), QJsonObject{{QStringLiteral("n"), 1}}},
                                 {QStringLiteral("rate"), -1},
                                 {QStringLiteral("x"), QJsonValue::Null}};
        QCOMPARE(Format::jsonLine(object),
                 QStringLiteral("etag: \"a\", part: {\"n\":1}, rate: -1, size: 10737418240, x: –"));
        QCOMPARE(Format::jsonBlock({}), QString());
        QVERIFY(Format::jsonBlock(object).contains(u'\n'));
    }

    void fencesShowEpochAndCount()
    {
        QCOMPARE(Format::fence((qint64(3) << 32) + 17), QStringLiteral("3·17"));
    }

    void germanNumbersUseACommaAndTheLocale()
    {
        QLocale::setDefault(QLocale(QLocale::German));
        QCOMPARE(Format::bytes(1572864), QStringLiteral("1,5 MiB"));
        QLocale::setDefault(QLocale::c());
    }
};

QTEST_GUILESS_MAIN(TestFormat)
#include "tst_format.moc"
