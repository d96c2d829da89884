// SPDX-License-Identifier: MIT
#include "cli/progress_lines.h"
#include "cli/texts.h"

#include <QtTest>

using namespace ingather::cli;

namespace
{

ProgressRow row(const QString &name)
{
    return {name, 512 * 1024, 1024 * 1024, 256.0 * 1024, {}};
}

ProgressView view(int rows)
{
    ProgressView result;
    for (int i = 0; i < rows; ++i)
        result.rows.append(row(QStringLiteral("paper %1.pdf").arg(i)));
    result.jobs = rows + 3;
    result.done = 2;
    result.failed = 1;
    result.bytesDone = 3 * 1024 * 1024;
    result.bytesPerSecond = 1024.0 * 1024;
    result.secondsLeft = 75;
    return result;
}

} // namespace

class TestProgressLines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void aRowSaysHowFarAndHowFast();
    void anUnknownSizeHasNoPercentage();
    void aWaitingRowSaysWhy();
    void theTotalIsTheLastLine();
    void anythingFits_data();
    void anythingFits();
    void theHeightLimitsTheRows_data();
    void theHeightLimitsTheRows();
    void whatIsHiddenIsCounted();
    void anEmptyFileIsNoDivision();
};

void TestProgressLines::aRowSaysHowFarAndHowFast()
{
    const QString line = progressLines(view(1), 100, 24).constFirst();
    for (const char *part : {"paper 0.pdf", "50 %", "512.0 KiB of 1.0 MiB", "256.0 KiB/s", "2 s"})
        QVERIFY2(line.contains(QString::fromLatin1(part)), qPrintable(line));
}

void TestProgressLines::anUnknownSizeHasNoPercentage()
{
    ProgressView some = view(1);
    some.rows[0].bytesTotal.reset();
    const QString line = progressLines(some, 100, 24).constFirst();
    QVERIFY2(!line.contains(u'%'), qPrintable(line));
    QVERIFY(line.contains(QStringLiteral("512.0 KiB")));
}

void TestProgressLines::aWaitingRowSaysWhy()
{
    ProgressView some = view(1);
    some.rows[0].waitsFor = QStringLiteral("again in 4 s: host not found");
    const QString line = progressLines(some, 100, 24).constFirst();
    QVERIFY(line.contains(QStringLiteral("again in 4 s: host not found")));
    QVERIFY(!line.contains(u'%'));
}

void TestProgressLines::theTotalIsTheLastLine()
{
    const QString line = progressLines(view(2), 100, 24).constLast();
    QCOMPARE(line, QStringLiteral("3 of 5 ended | 1 not done | 3.0 MiB | 1.0 MiB/s | 1 min 15 s left"));
}

void TestProgressLines::anythingFits_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<QString>("name");
    for (const int width : {1, 2, 10, 20, 40, 80, 200}) {
        QTest::addRow("a long name in %d columns", width) << width << QString(300, u'n');
        QTest::addRow("a wide name in %d columns", width) << width << QString(300, QChar(0x8ad6));
        QTest::addRow("a short name in %d columns", width) << width << QStringLiteral("a");
        QTest::addRow("a hostile name in %d columns", width) << width << QStringLiteral("\x1b[2J\n\n\nx");
    }
}

void TestProgressLines::anythingFits()
{
    QFETCH(int, width);
    QFETCH(QString, name);
    ProgressView some = view(2);
    some.rows[0].name = name;
    some.rows[1].name = name;
    some.rows[1].waitsFor = QString(300, u'w');
    for (const QString &line : progressLines(some, width, 24)) {
        QVERIFY2(columns(line) <= qMax(1, width - 1), qPrintable(line));
        QVERIFY(!line.contains(u'\n'));
        QVERIFY(!line.contains(QChar(0x1b)));
    }
}

void TestProgressLines::theHeightLimitsTheRows_data()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("lines");
    QTest::newRow("few rows") << 3 << 24 << 4;
    QTest::newRow("many rows") << 30 << 24 << 9;
    QTest::newRow("a low terminal") << 30 << 5 << 4;
    QTest::newRow("a terminal of one line") << 30 << 1 << 1;
    QTest::newRow("nothing under way") << 0 << 24 << 1;
}

void TestProgressLines::theHeightLimitsTheRows()
{
    QFETCH(int, rows);
    QFETCH(int, height);
    QTEST(int(progressLines(view(rows), 100, height).size()), "lines");
}

void TestProgressLines::whatIsHiddenIsCounted()
{
    QVERIFY(progressLines(view(30), 100, 24).constLast().contains(QStringLiteral("22 more under way")));
}

void TestProgressLines::anEmptyFileIsNoDivision()
{
    ProgressView some = view(1);
    some.rows[0].bytesDone = 0;
    some.rows[0].bytesTotal = 0;
    QVERIFY(progressLines(some, 80, 24).constFirst().contains(QStringLiteral("0 B of 0 B")));
}

QTEST_GUILESS_MAIN(TestProgressLines)
#include "tst_progress_lines.moc"
