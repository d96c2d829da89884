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

    void aRepairAccountsForEveryRow()
    {
        core::RepairReport report;
        report.kind = core::RepairKind::Salvage;
        report.findings = {core::found(FindingId::PageDamaged, {}, {}, 2)};
        report.steps = {u"salvage"_s};
        report.tables = {{u"artifact_jobs"_s, 10, 9, 1, 2, 3, 4},
                         {u"artifact_ops"_s, 5, 5, 0, 0, 0, 0},
                         {u"ingather_hosts"_s, 0, 0, 0, 0, 0, 0}};
        report.reasons = {u"artifact_ops: 3 without their job"_s};
        report.setAside = u"/l.repair/x"_s;
        report.stillOpenIn = {u"python3, process 7"_s};
        report.epoch = 3;
        report.elapsed = std::chrono::milliseconds(40);

        const QJsonObject json = repairJson(report);
        QCOMPARE(json.value(u"kind"_s).toString(), u"salvage"_s);
        QCOMPARE(json.value(u"tables"_s).toArray().at(0).toObject(),
                 (QJsonObject{{u"table"_s, u"artifact_jobs"_s},
                              {u"readable"_s, 10},
                              {u"kept"_s, 9},
                              {u"altered"_s, 1},
                              {u"rebuilt"_s, 2},
                              {u"rejected"_s, 3},
                              {u"lost"_s, 4}}));
        QCOMPARE(json.value(u"set_aside"_s).toString(), u"/l.repair/x"_s);
        QCOMPARE(json.value(u"still_open_in"_s).toArray().size(), 1);
        QCOMPARE(json.value(u"epoch"_s).toInt(), 3);
        QCOMPARE(json.value(u"findings"_s).toArray().size(), 1);

        const QString text = repairLines(report, u"/l"_s).join(u'\n');
        QVERIFY2(text.startsWith(u"repaired: /l (40 ms)"_s), qPrintable(text));
        for (const QString &part :
             {u"artifact_jobs: readable 10, kept 9, of those altered 1, made again 2, put aside 3, lost 4"_s,
              u"artifact_ops: readable 5, kept 5\n"_s, u"put aside: artifact_ops: 3 without their job"_s,
              u"lies in /l.repair/x"_s, u"end it: python3, process 7"_s})
            QVERIFY2(text.contains(part), qPrintable(part));
        QVERIFY(!text.contains(u"ingather_hosts"_s)); // nothing to tell
    }

    void aPlanSaysWhyAndWhatStandsInTheWay()
    {
        core::RepairPlan plan;
        plan.kind = core::RepairKind::Mend;
        plan.findings = {core::found(FindingId::IndexMissing, u"ingather_ready"_s)};
        plan.steps = {u"CREATE INDEX ingather_ready"_s};
        plan.obstacles = {u"host, process 12"_s};
        plan.bytesNeeded = 3 << 20;
        plan.bytesAvailable = 1 << 30;
        const QString text = planLines(plan, u"/l"_s).join(u'\n');
        for (const QString &part :
             {u"The index ingather_ready is missing."_s, u"would do: CREATE INDEX ingather_ready"_s,
              u"has to end first: host, process 12"_s, u"3.0 MiB"_s})
            QVERIFY2(text.contains(part), qPrintable(text));
        QCOMPARE(planJson(plan).value(u"bytes_needed"_s).toInt(), 3 << 20);
        QCOMPARE(planJson(plan).value(u"kind"_s).toString(), u"mend"_s);
    }

    void nothingToRepairIsOneLine()
    {
        QCOMPARE(repairLines({}, u"/l"_s), QStringList{u"/l: There is nothing to repair."_s});
    }

    void aRestoreSaysWhatTheBackupDoesNotHave()
    {
        core::RestoreReport report;
        report.jobsInBackup = 5;
        report.jobsBefore = 8;
        report.jobsOnlyBefore = 3;
        report.setAside = u"/l.repair/y"_s;
        const QStringList lines = restoreLines(report, u"/l"_s);
        QCOMPARE(lines, (QStringList{u"restored: /l (jobs: 5, before: 8)"_s,
                                     u"jobs that the backup does not have: 3"_s,
                                     u"the ledger as it was lies in /l.repair/y"_s}));
        QCOMPARE(restoreJson(report).value(u"jobs_only_before"_s).toInt(), 3);
    }

    void aMigrationSaysFromWhereToWhere()
    {
        QCOMPARE(migrationLines({2, 2, {}}, u"/l"_s), QStringList{u"/l has version 2 already"_s});
        const core::MigrationReport report{1, 2, u"/l.v1.backup"_s};
        QCOMPARE(migrationLines(report, u"/l"_s).size(), 2);
        QCOMPARE(migrationJson(report),
                 (QJsonObject{{u"from"_s, 1}, {u"to"_s, 2}, {u"backup"_s, u"/l.v1.backup"_s}}));
        QVERIFY(migrationJson({0, 2, {}}).value(u"backup"_s).isNull());
    }

    void aFewExamplesAreAllNamed()
    {
        const core::Finding finding = core::found(FindingId::FileMissing, {}, {}, 1, {u"/a/b.pdf"_s});
        QCOMPARE(findingLines(finding).at(1), u"    /a/b.pdf"_s);
    }
};

QTEST_GUILESS_MAIN(TestCareForms)
#include "tst_care_forms.moc"
