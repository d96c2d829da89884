// SPDX-License-Identifier: MIT
#include "cli/flags.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace ingather;
using namespace ingather::cli;

class TestFlags : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void flagsWinOverSettings();
    void absentFlagsLeaveTheSettings();
    void getRetriesSooner();
    void aMissingCertificateIsRefused();
    void aCertificateThatIsThereIsTaken();
    void headersGoToTheHostsOfTheUrls();
    void badHeadersAreRefused_data();
    void badHeadersAreRefused();
};

void TestFlags::flagsWinOverSettings()
{
    RunCommand run;
    run.worker.threads = 2;
    run.worker.lanes = 5;
    run.worker.connectionsPerHost = 6;
    run.worker.maxAttempts = 7;
    run.worker.leaseTtl = 8;
    run.worker.limitRate = 9;
    Invocation invocation{{}, run};
    invocation.global.ledger = QStringLiteral("/flag.db");
    engine::Settings settings;
    settings.ledgerPath = QStringLiteral("/file.db");
    settings.limitTimetable = core::LimitTimetable{{{1, 0, 1440, 5}}};
    const auto flagged = withFlags(settings, invocation);
    QVERIFY(flagged);
    QCOMPARE(flagged->ledgerPath, QStringLiteral("/flag.db"));
    QCOMPARE(flagged->threads, 2);
    QCOMPARE(flagged->lanes, 5);
    QCOMPARE(flagged->connectionsPerHost, 6);
    QCOMPARE(flagged->maxAttempts, 7);
    QVERIFY(flagged->leaseTtl == std::chrono::seconds(8));
    QCOMPARE(flagged->limitRate, qint64(9));
    QVERIFY(flagged->limitTimetable.entries.isEmpty());
    QVERIFY(flagged->backoffCeiling == settings.backoffCeiling);
}

void TestFlags::absentFlagsLeaveTheSettings()
{
    engine::Settings settings;
    settings.ledgerPath = QStringLiteral("/file.db");
    settings.lanes = 99;
    settings.leaseTtl = std::chrono::seconds(77);
    const auto flagged = withFlags(settings, {{}, RunCommand{}});
    QVERIFY(flagged);
    QCOMPARE(flagged->ledgerPath, settings.ledgerPath);
    QCOMPARE(flagged->lanes, 99);
    QVERIFY(flagged->leaseTtl == settings.leaseTtl);
}

void TestFlags::getRetriesSooner()
{
    const auto flagged = withFlags({}, {{}, GetCommand{}});
    QVERIFY(flagged);
    QVERIFY(flagged->backoffCeiling == std::chrono::minutes(1));
}

void TestFlags::aMissingCertificateIsRefused()
{
    Invocation invocation{{}, StatusCommand{}};
    invocation.global.caCertificate = QStringLiteral("/nowhere/ca.pem");
    const auto flagged = withFlags({}, invocation);
    QVERIFY(!flagged);
    QCOMPARE(flagged.error().code, core::ErrorCode::InvalidArgument);
    QVERIFY(flagged.error().detail.contains(QStringLiteral("/nowhere/ca.pem")));
}

void TestFlags::aCertificateThatIsThereIsTaken()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("ca.pem")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    Invocation invocation{{}, StatusCommand{}};
    invocation.global.caCertificate = file.fileName();
    const auto flagged = withFlags({}, invocation);
    QVERIFY(flagged);
    QCOMPARE(flagged->caCertificateFile, file.fileName());
}

void TestFlags::headersGoToTheHostsOfTheUrls()
{
    GetCommand get;
    get.order.urls =
        QStringList{QStringLiteral("https://a.example/x"), QStringLiteral("http://B.example:8080/y"),
                    QStringLiteral("https://u:p@a.example:443/z"), QStringLiteral("ftp://c.example/")};
    get.headers = QStringList{QStringLiteral("X-Key:  a: b "), QStringLiteral("Accept: text/html; q=1, */*")};
    engine::Settings settings;
    settings.headers = {{QStringLiteral("a.example"), "X-Key", "file"}};
    const auto flagged = withFlags(settings, {{}, get});
    QVERIFY(flagged);
    const QString a = QStringLiteral("a.example:443");
    const QString b = QStringLiteral("b.example:8080");
    const QByteArray accept = "text/html; q=1, */*";
    const QList<engine::HostHeader> expected{{QStringLiteral("a.example"), "X-Key", "file"},
                                             {a, "X-Key", "a: b"},
                                             {a, "Accept", accept},
                                             {b, "X-Key", "a: b"},
                                             {b, "Accept", accept}};
    QVERIFY(flagged->headers == expected);
}

void TestFlags::badHeadersAreRefused_data()
{
    QTest::addColumn<QString>("header");
    QTest::addColumn<QString>("named");
    QTest::newRow("a field of ours") << QStringLiteral("Range: bytes=0-") << QStringLiteral("Range");
    QTest::newRow("a name with a blank") << QStringLiteral("X Key: secret") << QStringLiteral("X Key");
    QTest::newRow("a line break") << QStringLiteral("X-Key: secret\r\nX-Evil: 1") << QStringLiteral("X-Key");
}

void TestFlags::badHeadersAreRefused()
{
    QFETCH(QString, header);
    GetCommand get;
    get.order.urls = QStringList{QStringLiteral("https://a.example/x")};
    get.headers = QStringList{header};
    const auto flagged = withFlags({}, {{}, get});
    QVERIFY(!flagged);
    QCOMPARE(flagged.error().code, core::ErrorCode::InvalidArgument);
    QFETCH(QString, named);
    QVERIFY2(flagged.error().detail.contains(named), qPrintable(flagged.error().detail));
    QVERIFY2(!flagged.error().detail.contains(QStringLiteral("secret")), qPrintable(flagged.error().detail));
}

QTEST_GUILESS_MAIN(TestFlags)
#include "tst_flags.moc"
