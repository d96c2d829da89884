// SPDX-License-Identifier: MIT
#include "engine/history.h"
#include "engine/op_content.h"

#include <QTest>

using namespace ingather;
using core::JobState;
using core::OpPhase;
using core::OpType;
using engine::History;
using engine::Move;

namespace
{

const core::Sha256 someHash = *core::Sha256::fromHex(QString(64, u'5'));

ledger::OpRecord op(OpType type, OpPhase phase, const QJsonObject &intent = {},
                    const QJsonObject &result = {})
{
    ledger::OpRecord record;
    record.opKey = core::opTypeName(type);
    record.type = type;
    record.phase = phase;
    record.intent = intent;
    record.result = result;
    return record;
}

QJsonObject withTarget(QJsonObject intent)
{
    intent.insert(QStringLiteral("target"), QStringLiteral("paper.pdf"));
    return intent;
}

engine::FilingPlan somePlan(const QString &source)
{
    return {.opKey = QStringLiteral("k"),
            .source = source,
            .copy = QStringLiteral("j.1-1.copy"),
            .target = {},
            .sha256 = someHash,
            .size = 20};
}

ledger::PartRecord part(qint64 durable, std::optional<qint64> size)
{
    ledger::PartRecord record;
    record.name = QStringLiteral("p.part");
    record.durableLength = durable;
    record.validators.size = size;
    return record;
}

} // namespace

/// What a claim makes of what earlier runs left.
class TstHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNewJobIsFetched() { QCOMPARE(engine::readHistory({}).move, Move::Fetch); }

    void aDurablePrefixIsResumed()
    {
        ledger::ClaimedJob claimed;
        claimed.part = part(10, 20);
        QCOMPARE(engine::readHistory(claimed).move, Move::ResumePart);
    }

    void aPartWithNothingDurableIsNot()
    {
        ledger::ClaimedJob claimed;
        claimed.part = part(0, 20);
        QCOMPARE(engine::readHistory(claimed).move, Move::Fetch);
        QCOMPARE(engine::readHistory(claimed).obsoleteParts, QStringList{QStringLiteral("p.part")});
    }

    void aCompletePartIsFiledWithoutARequest()
    {
        ledger::ClaimedJob claimed;
        claimed.part = part(20, 20);
        claimed.ops = {op(OpType::Stream, OpPhase::Done, {},
                          engine::streamResult(QStringLiteral("p.part"), 20, someHash, 20))};
        const History history = engine::readHistory(claimed);
        QCOMPARE(history.move, Move::FilePart);
        QVERIFY(history.streamed == someHash);
    }

    void anAnnouncedFilingIsSettledFirst()
    {
        ledger::ClaimedJob claimed;
        claimed.part = part(20, 20);
        const engine::FilingPlan plan = somePlan(QStringLiteral("p.part"));
        claimed.ops = {op(OpType::Finalize, OpPhase::Intent, withTarget(engine::filingIntent(plan)))};
        const History history = engine::readHistory(claimed);
        QCOMPARE(history.move, Move::SettleFiling);
        QCOMPARE(history.filing->target, QStringLiteral("paper.pdf"));
        QCOMPARE(history.filing->source, QStringLiteral("p.part"));
        QCOMPARE(history.filing->size, 20);
    }

    void anAnnouncedCopyIsSettledFirst()
    {
        ledger::ClaimedJob claimed;
        const engine::FilingPlan plan = somePlan(QStringLiteral("/held/a.pdf"));
        claimed.ops = {op(OpType::Dedupe, OpPhase::Intent, withTarget(engine::copyIntent(plan)))};
        const History history = engine::readHistory(claimed);
        QCOMPARE(history.move, Move::SettleCopy);
        QCOMPARE(history.filing->source, QStringLiteral("/held/a.pdf"));
        QCOMPARE(history.obsoleteParts, QStringList{QStringLiteral("j.1-1.copy")});
    }

    void aFilingThatFailedUnderOurNameIsLookedAt()
    {
        ledger::ClaimedJob claimed;
        const engine::FilingPlan plan = somePlan(QStringLiteral("p.part"));
        claimed.ops = {op(OpType::Finalize, OpPhase::Failed, withTarget(engine::filingIntent(plan)))};
        QCOMPARE(engine::readHistory(claimed).move, Move::Fetch);
        claimed.job.finalPath = QStringLiteral("paper.pdf");
        QCOMPARE(engine::readHistory(claimed).move, Move::SettleFiling);
    }

    void anIntentWithoutItsFieldsCountsAsAbsent_data()
    {
        QTest::addColumn<QString>("missing");
        QTest::newRow("no target") << QStringLiteral("target");
        QTest::newRow("no hash") << QStringLiteral("sha256");
        QTest::newRow("no size") << QStringLiteral("size");
        QTest::newRow("no part") << QStringLiteral("part");
    }

    void anIntentWithoutItsFieldsCountsAsAbsent()
    {
        QFETCH(QString, missing);
        const engine::FilingPlan plan = somePlan(QStringLiteral("p.part"));
        QJsonObject intent = withTarget(engine::filingIntent(plan));
        intent.remove(missing);
        ledger::ClaimedJob claimed;
        claimed.ops = {op(OpType::Finalize, OpPhase::Intent, intent)};
        QCOMPARE(engine::readHistory(claimed).move, Move::Fetch);
    }

    void aFinalizedFileIsOnlyRegistered()
    {
        ledger::ClaimedJob claimed;
        claimed.job.state = JobState::Finalized;
        claimed.job.finalPath = QStringLiteral("paper.pdf");
        claimed.job.sha256 = someHash.toHex();
        QCOMPARE(engine::readHistory(claimed).move, Move::RegisterFiled);
        claimed.job.sha256.clear();
        QCOMPARE(engine::readHistory(claimed).move, Move::Fetch);
    }

    void partsGivenUpEarlierAreNamed()
    {
        engine::StreamPlan plan;
        plan.part = QStringLiteral("new.part");
        plan.olderParts = QStringList{QStringLiteral("oldest.part"), QStringLiteral("old.part")};
        plan.suggestedName = QStringLiteral("report.pdf");
        ledger::ClaimedJob claimed;
        claimed.part = part(5, 10);
        claimed.ops = {op(OpType::Stream, OpPhase::Intent, engine::streamIntent(plan))};
        const History history = engine::readHistory(claimed);
        // Kept until the new one is complete.
        QCOMPARE(history.olderParts, plan.olderParts);
        QVERIFY(history.obsoleteParts.isEmpty());
        QCOMPARE(history.suggestedName, QStringLiteral("report.pdf"));
        // Care gave up the new one, because it was gone.
        claimed.ops = {op(OpType::Stream, OpPhase::Abandoned, engine::streamIntent(plan))};
        QCOMPARE(engine::readHistory(claimed).olderParts, plan.olderParts);
        claimed.ops = {op(OpType::Stream, OpPhase::Done, engine::streamIntent(plan))};
        QCOMPARE(engine::readHistory(claimed).obsoleteParts, plan.olderParts);
        // As versions before wrote it.
        claimed.ops = {op(OpType::Stream, OpPhase::Intent,
                          {{QStringLiteral("obsolete_part"), QStringLiteral("old.part")}})};
        QCOMPARE(engine::readHistory(claimed).olderParts, QStringList{QStringLiteral("old.part")});
    }
};

QTEST_APPLESS_MAIN(TstHistory)
#include "tst_history.moc"
