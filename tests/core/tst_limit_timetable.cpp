// SPDX-License-Identifier: MIT
#include "core/limit_timetable.h"

#include <QtTest>

using namespace ingather::core;

namespace
{

constexpr int monday = 1;
constexpr int friday = 5;
constexpr int saturday = 6;
constexpr int sunday = 7;
constexpr qint64 none = -1;

constexpr int at(int hour, int minute = 0)
{
    return hour * 60 + minute;
}

} // namespace

class TestLimitTimetable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsTheLimit_data();
    void tellsTheLimit();
    void anEmptyTextIsAnEmptyTable();
    void refuses_data();
    void refuses();
};

void TestLimitTimetable::tellsTheLimit_data()
{
    QTest::addColumn<QString>("table");
    QTest::addColumn<int>("weekday");
    QTest::addColumn<int>("minute");
    QTest::addColumn<qint64>("limit");
    const auto row = [](const char *name, const QString &table, int weekday, int minute, qint64 limit) {
        QTest::newRow(name) << table << weekday << minute << limit;
    };
    const QString office = QStringLiteral("Mon-Fri 09:00-18:00 1M; Sat,Sun 500K; * 0");
    row("in office hours", office, monday, at(9), 1 << 20);
    row("until their last minute", office, friday, at(17, 59), 1 << 20);
    row("not before them", office, monday, at(8, 59), 0);
    row("not after them", office, friday, at(18), 0);
    row("on a Saturday", office, saturday, at(12), 500 * 1024);
    row("on a Sunday at its end", office, sunday, at(23, 59), 500 * 1024);
    const QString night = QStringLiteral("fri 22:00-06:00 2K");
    row("over midnight, before it", night, friday, at(22), 2048);
    row("over midnight, after it", night, saturday, at(5, 59), 2048);
    row("over midnight, at its end", night, saturday, at(6), none);
    row("not on the morning of that day", night, friday, at(5), none);
    row("a week goes round", QStringLiteral("Sun 22:00-06:00 1"), monday, at(1), 1);
    row("a range goes round", QStringLiteral("Sat-Mon 1"), monday, at(1), 1);
    row("a range that goes round leaves the rest", QStringLiteral("Sat-Mon 1"), friday, at(1), none);
    row("until midnight", QStringLiteral("* 18:00-24:00 7"), monday, at(23, 59), 7);
    row("the first that fits", QStringLiteral("* 1; * 2"), monday, 0, 1);
    row("no entry at all", QString(), monday, 0, none);
}

void TestLimitTimetable::tellsTheLimit()
{
    QFETCH(QString, table);
    QFETCH(int, weekday);
    QFETCH(int, minute);
    const Result<LimitTimetable> timetable = limitTimetableFromText(table);
    QVERIFY2(timetable, timetable ? "" : qPrintable(timetable.error().detail));
    QTEST(limitAt(*timetable, {weekday, minute}).value_or(none), "limit");
}

void TestLimitTimetable::anEmptyTextIsAnEmptyTable()
{
    const Result<LimitTimetable> timetable = limitTimetableFromText(u" ; ; ");
    QVERIFY(timetable);
    QCOMPARE(timetable->entries.size(), 0);
}

void TestLimitTimetable::refuses_data()
{
    QTest::addColumn<QString>("table");
    QTest::newRow("no rate") << "Mon-Fri";
    QTest::newRow("no days") << "09:00-18:00 1M";
    QTest::newRow("an unknown day") << "Mo-Fr 1M";
    QTest::newRow("half a range") << "Mon- 1M";
    QTest::newRow("a range of three") << "Mon-Tue-Wed 1M";
    QTest::newRow("an hour that is none") << "* 25:00-26:00 1M";
    QTest::newRow("a minute that is none") << "* 10:60-11:00 1M";
    QTest::newRow("beyond midnight") << "* 10:00-24:01 1M";
    QTest::newRow("from the end of the day") << "* 24:00-06:00 1M";
    QTest::newRow("hours without end") << "* 10:00- 1M";
    QTest::newRow("hours of no length") << "* 10:00-10:00 1M";
    QTest::newRow("a rate that is none") << "* 1X";
    QTest::newRow("too many words") << "* 10:00-11:00 1M please";
    QTest::newRow("the second entry") << "* 1M; nonsense";
}

void TestLimitTimetable::refuses()
{
    QFETCH(QString, table);
    const Result<LimitTimetable> timetable = limitTimetableFromText(table);
    QVERIFY(!timetable);
    QCOMPARE(timetable.error().code, ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(TestLimitTimetable)
#include "tst_limit_timetable.moc"
