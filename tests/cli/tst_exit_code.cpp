// SPDX-License-Identifier: MIT
#include "cli/exit_code.h"

#include <QtTest>

using namespace ingather;
using core::ErrorCode;

class TestExitCode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errorsEndAsTheContractSays_data();
    void errorsEndAsTheContractSays();
    void everyLedgerErrorIsOne();
};

void TestExitCode::errorsEndAsTheContractSays_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("a bad URL is wrong usage") << int(ErrorCode::InvalidUrl) << 2;
    QTest::newRow("a foreign scheme is wrong usage") << int(ErrorCode::UnsupportedScheme) << 2;
    QTest::newRow("an unknown job is wrong usage") << int(ErrorCode::UnknownJob) << 2;
    QTest::newRow("a missing folder is wrong usage") << int(ErrorCode::FolderMissing) << 2;
    QTest::newRow("a folder that can't be written to is wrong usage")
        << int(ErrorCode::FolderNotWritable) << 2;
    QTest::newRow("a file as folder is wrong usage") << int(ErrorCode::NotAFolder) << 2;
    QTest::newRow("an unmigrated ledger can't be used") << int(ErrorCode::LedgerUnmigrated) << 3;
    QTest::newRow("a folder as ledger can't be used") << int(ErrorCode::LedgerIsFolder) << 3;
    QTest::newRow("no database can't be used") << int(ErrorCode::LedgerNotADatabase) << 3;
    QTest::newRow("a newer ledger can't be used") << int(ErrorCode::LedgerNewer) << 3;
    QTest::newRow("a full disk is a failure") << int(ErrorCode::DiskFull) << 1;
    QTest::newRow("an unknown host is a failure") << int(ErrorCode::HostNotFound) << 1;
}

void TestExitCode::errorsEndAsTheContractSays()
{
    QFETCH(int, code);
    QTEST(int(cli::exitCodeFor(ErrorCode(code))), "exitCode");
}

void TestExitCode::everyLedgerErrorIsOne()
{
    int seen = 0;
    for (int i = 0; i <= int(ErrorCode::Internal); ++i) {
        const QString name = core::errorCodeName(ErrorCode(i));
        if (!name.startsWith(QLatin1StringView("ledger_")))
            continue;
        QVERIFY2(cli::exitCodeFor(ErrorCode(i)) == cli::LedgerUnusable, qPrintable(name));
        ++seen;
    }
    QVERIFY(seen > 10);
}

QTEST_GUILESS_MAIN(TestExitCode)
#include "tst_exit_code.moc"
