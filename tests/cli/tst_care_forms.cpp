// SPDX-License-Identifier: MIT
#include "cli/care_json.h"
#include "cli/care_text.h"

#include <QJsonArray>
#include <QLocale>
#include <QTest>

using namespace ingather;
using namespace ingather::cli;
using namespace Qt::StringLiterals;
using core::FindingId;

namespace
{

core::HealthReport someReport()
{
    core::HealthReport report;
    report.status = core::HealthStatus::Broken;
    report.schemaVersion = 2;
    report.rowCounts = {{u"artifact_jobs"_s, 3}, {u"artifact_ops"_s, std::nullopt}};
    report.states.insert(core::JobState::Planned, 3);
    report.activeLeases = 1;
    report.expiredLeases = 2;
    report.openOps = 4;
    report.checks = {core::allWell(FindingId::PageDamaged),
                     core::found(FindingId::BackupMissing, u"/l.backups"_s),
                     core::found(FindingId::RowSumWrong, u"artifact_jobs"_s, u"sum differs"_s, 5,
                                 {u"j1"_s, u"j2"_s, u"j3"_s, u"j4"_s})};
    report.elapsed = std::chrono::milliseconds(12);
    return report;
}

} // namespace

class TestCareForms : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void healthHasTheKeysThatScriptsRestOn()
    {
        const QJsonObject json = healthJson(someReport());
        QCOMPARE(json.value(u"status"_s).toString(), u"broken"_s);
        QCOMPARE(json.value(u"schema_version"_s).toInt(), 2);
        const QJsonObject tables = json.value(u"tables"_s).toObject();
        QCOMPARE(tables.value(u"artifact_jobs"_s).toObject().value(u"row_count"_s).toInt(), 3);
        QVERIFY(tables.value(u"artifact_ops"_s).toObject().value(u"row_count"_s).isNull());
        const QJsonObject states = json.value(u"states"_s).toObject();
        QCOMPARE(states.size(), qsizetype(core::allJobStates.size()));
        QCOMPARE(states.value(u"PLANNED"_s).toInt(), 3);
        QCOMPARE(states.value(u"INDEXED"_s).toInt(-1), 0);
        QCOMPARE(json.value(u"leases"_s).toObject(), (QJsonObject{{u"active"_s, 1}, {u"expired"_s, 2}}));
        QCOMPARE(json.value(u"ops"_s).toObject(), (QJsonObject{{u"open"_s, 4}}));
        QCOMPARE(json.value(u"elapsed_ms"_s).toInt(), 12);

        const QJsonArray checks = json.value(u"checks"_s).toArray();
        QCOMPARE(checks.size(), 3);
        QCOMPARE(checks.at(0).toObject().value(u"severity"_s).toString(), u"ok"_s);
        QCOMPARE(checks.at(1).toObject().value(u"severity"_s).toString(), u"info"_s);
        const QJsonArray errors = json.value(u"errors"_s).toArray();
        QCOMPARE(errors.size(), 1);
        const QJsonObject error = errors.at(0).toObject();
        QCOMPARE(error.value(u"id"_s).toString(), u"rows.sum.wrong"_s);
        QCOMPARE(error.value(u"severity"_s).toString(), u"error"_s);
        QCOMPARE(error.value(u"detail"_s).toString(), u"sum differs"_s);
        QCOMPARE(error.value(u"count"_s).toInt(), 5);
        QCOMPARE(error.value(u"examples"_s).toArray().size(), 4);
        QVERIFY(!error.value(u"summary"_s).toString().isEmpty());
        QVERIFY(!error.value(u"remedy"_s).toString().isEmpty());
    }

    void peopleSeeTheWorstFirstAndNothingThatIsWell()
    {
        const QStringList lines = healthLines(someReport(), u"/l"_s, false);
        QCOMPARE(lines.at(0), u"broken: /l (version 2, jobs: 3, looked for 12 ms)"_s);
        QVERIFY2(lines.at(1).startsWith(u"error: "_s), qPrintable(lines.at(1)));
        QVERIFY2(lines.at(1).endsWith(u"(rows.sum.wrong: sum differs)"_s), qPrintable(lines.at(1)));
        QCOMPARE(lines.at(2), u"    such as j1, j2, j3"_s);
        QVERIFY(lines.at(3).startsWith(u"    "_s));
        QVERIFY(lines.at(4).startsWith(u"note: "_s));
        QCOMPARE(lines.filter(u"pages.damaged"_s).size(), 0);
    }

    void withVerboseEachCheckIsNamed()
    {
        QCOMPARE(healthLines(someReport(), u"/l"_s, true).filter(u"pages.damaged"_s),
                 QStringList{u"well: pages.damaged"_s});
    }

    void aFewExamplesAreAllNamed()
    {
        const core::Finding finding = core::found(FindingId::FileMissing, {}, {}, 1, {u"/a/b.pdf"_s});
        QCOMPARE(findingLines(finding).at(1), u"    /a/b.pdf"_s);
    }
};

QTEST_GUILESS_MAIN(TestCareForms)
#include "tst_care_forms.moc"
