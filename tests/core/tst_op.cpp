// SPDX-License-Identifier: MIT
#include "core/op.h"

#include <QTest>

using namespace ingather::core;
using namespace Qt::StringLiterals;

class TestOp final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void typesHaveTheStoredNames()
    {
        QStringList names;
        for (const OpType type : allOpTypes) {
            names += opTypeName(type);
            QCOMPARE(opTypeFromName(names.last()), type);
        }
        QCOMPARE(names.join(u' '), u"HEAD RESUME STREAM FINALIZE INDEX DEDUPE REMOVE RECONCILE"_s);
        for (const QString &unknown : {u""_s, u"head"_s, u"JOB"_s, u"HEAD "_s})
            QVERIFY(!opTypeFromName(unknown));
    }

    void phasesHaveTheStoredNames()
    {
        QStringList names;
        for (const OpPhase phase : {OpPhase::Intent, OpPhase::Done, OpPhase::Failed, OpPhase::Abandoned}) {
            names += opPhaseName(phase);
            QCOMPARE(opPhaseFromName(names.last()), phase);
        }
        QCOMPARE(names.join(u' '), u"INTENT DONE FAILED ABANDONED"_s);
        for (const QString &unknown : {u""_s, u"OK"_s, u"done"_s})
            QVERIFY(!opPhaseFromName(unknown));
    }
};

QTEST_APPLESS_MAIN(TestOp)
#include "tst_op.moc"
