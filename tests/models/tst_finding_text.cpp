// SPDX-License-Identifier: MIT
#include "models/finding_text.h"

#include "models/languages.h"

#include <QLocale>
#include <QSet>
#include <QTest>

using namespace ingather;
using namespace Qt::StringLiterals;
using core::Finding;
using core::FindingId;
using models::FindingText;

class TestFindingText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void everyFindingIsASentenceOfItsOwn()
    {
        QSet<QString> summaries;
        for (const FindingId id : core::allFindingIds()) {
            const Finding finding = core::found(id, u"some_place"_s, {}, 4711);
            const QString summary = FindingText::summary(finding);
            const QByteArray name = core::findingName(id).toUtf8();
            QVERIFY2(summary.endsWith(u'.'), name);
            QVERIFY2(!summary.contains(u"%1"_s) && !summary.contains(u"%2"_s), name);
            QVERIFY2(!summaries.contains(summary), name);
            summaries.insert(summary);
        }
    }

    void whatNeedsSomebodySaysWhatToDo()
    {
        for (const FindingId id : core::allFindingIds()) {
            const QString remedy = FindingText::remedy(core::found(id, u"x"_s));
            const QByteArray name = core::findingName(id).toUtf8();
            if (core::severityOf(id) >= core::Severity::Warning)
                QVERIFY2(remedy.endsWith(u'.'), name);
            else
                QVERIFY2(remedy.isEmpty() || remedy.endsWith(u'.'), name);
        }
    }

    void placeAndCountAreTold()
    {
        QVERIFY(FindingText::summary(core::found(FindingId::IndexMissing, u"ingather_ready"_s))
                    .contains(u"ingather_ready"_s));
        const QString rows =
            FindingText::summary(core::found(FindingId::RowSumWrong, u"artifact_jobs"_s, {}, 12));
        QVERIFY(rows.contains(u"artifact_jobs"_s));
        QVERIFY(rows.contains(u"12"_s));
    }

    void aCheckThatFoundNothingNeedsNothing()
    {
        const Finding well = core::allWell(FindingId::PageDamaged);
        QVERIFY(!FindingText::summary(well).isEmpty());
        QCOMPARE(FindingText::remedy(well), QString());
    }

    void stepsAndKindsHaveNamesOfTheirOwn()
    {
        QSet<QString> names;
        constexpr int steps = static_cast<int>(core::WorkStep::Compressing) + 1;
        for (int i = 0; i < steps; ++i)
            names.insert(FindingText::step(static_cast<core::WorkStep>(i)));
        constexpr int kinds = static_cast<int>(core::RepairKind::Salvage) + 1;
        for (int i = 0; i < kinds; ++i)
            names.insert(FindingText::repairKind(static_cast<core::RepairKind>(i)));
        QCOMPARE(names.size(), steps + kinds);
    }

    void progressIsAShareWhereTheTotalIsKnown()
    {
        QCOMPARE(FindingText::progress({core::WorkStep::CheckingPages, 50, 200}), u"checking pages: 25 %"_s);
        QCOMPARE(FindingText::progress({core::WorkStep::CheckingRows, 50, 0}), u"checking rows: 50"_s);
        QCOMPARE(FindingText::progress({core::WorkStep::CheckingRows, 0, 0}), u"checking rows"_s);
        QCOMPARE(FindingText::progress({core::WorkStep::CheckingRows, 9, 3}), u"checking rows: 100 %"_s);
    }

    void itIsSaidInGerman()
    {
        QObject owner;
        QVERIFY(models::speak(u"de"_s, &owner));
        QCOMPARE(FindingText::summary(core::found(FindingId::IndexMissing, u"ingather_ready"_s)),
                 u"Der Index ingather_ready fehlt."_s);
        QCOMPARE(FindingText::status(core::HealthStatus::Broken), u"beschädigt"_s);
    }
};

QTEST_GUILESS_MAIN(TestFindingText)
#include "tst_finding_text.moc"
