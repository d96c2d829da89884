// SPDX-License-Identifier: MIT
#include "core/finding.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace ingather::core;
using namespace Qt::StringLiterals;

class TestFinding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyIdHasANameOfItsOwn()
    {
        static const QRegularExpression form(u"\\A[a-z]+(\\.[a-z_]+)+\\z"_s);
        QSet<QString> names;
        for (const FindingId id : allFindingIds()) {
            const QString name = findingName(id);
            QVERIFY2(form.match(name).hasMatch(), qPrintable(name));
            QVERIFY2(!names.contains(name), qPrintable(name));
            names.insert(name);
        }
        QCOMPARE(names.size(), int(FindingId::ContentShared) + 1);
    }

    void whatIsFoundHasItsKindsSeverity()
    {
        const Finding finding = found(FindingId::IndexMissing, u"ingather_ready"_s);
        QCOMPARE(finding.severity, Severity::Error);
        QCOMPARE(cureOf(finding.id), Cure::Unasked);
        QCOMPARE(allWell(FindingId::IndexMissing).severity, Severity::Ok);
    }

    void theWorstCounts()
    {
        QCOMPARE(worstOf({}), Severity::Ok);
        QCOMPARE(worstOf({allWell(FindingId::PageDamaged)}), Severity::Ok);
        QCOMPARE(worstOf({found(FindingId::ObjectExtra, u"manifest"_s), allWell(FindingId::PageDamaged)}),
                 Severity::Info);
        QCOMPARE(worstOf({found(FindingId::BackupOld, {}), found(FindingId::RowSumWrong, {})}),
                 Severity::Error);
    }
};

QTEST_APPLESS_MAIN(TestFinding)
#include "tst_finding.moc"
