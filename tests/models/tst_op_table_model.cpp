// SPDX-License-Identifier: MIT
#include "models/op_table_model.h"
#include "models/status_summary.h"

#include "models/fake_source.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace ingather;
using core::JobState;
using core::OpPhase;
using core::OpType;
using models::OpTableModel;
using tests::FakeSource;

namespace
{

engine::OpSnapshot makeOp(const QString &key, OpType type, OpPhase phase)
{
    engine::OpSnapshot op;
    op.opKey = key;
    op.type = type;
    op.phase = phase;
    op.startedAt = {1000.0};
    op.fence = core::Fence{(qint64(1) << 32) + 2};
    op.intent = {{QStringLiteral("size"), 10}};
    if (phase == OpPhase::Done) {
        op.finishedAt = core::UnixTime{1002.5};
        op.resultCode = QStringLiteral("OK");
        op.result = {{QStringLiteral("sha256"), QStringLiteral("abc")}};
    }
    return op;
}

} // namespace

class TestOpTableModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void showsTheOperationsOfItsJob()
    {
        FakeSource source;
        const core::JobId id = source.append(QStringLiteral("a")).id;
        source.operations[id] = {makeOp(QStringLiteral("k1"), OpType::Head, OpPhase::Done),
                                 makeOp(QStringLiteral("k2"), OpType::Stream, OpPhase::Intent)};
        OpTableModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setJob(id);
        QTRY_COMPARE(model.rowCount(), 2);
        const auto text = [&](int row, int column) { return model.index(row, column).data().toString(); };
        QCOMPARE(text(0, OpTableModel::TypeColumn), QStringLiteral("Ask the server"));
        QCOMPARE(text(0, OpTableModel::DurationColumn), QStringLiteral("2.5 s"));
        QCOMPARE(text(0, OpTableModel::FenceColumn), QStringLiteral("1·2"));
        QCOMPARE(text(0, OpTableModel::DetailColumn), QStringLiteral("sha256: abc"));
        QCOMPARE(text(1, OpTableModel::DetailColumn), QStringLiteral("size: 10"));
        QCOMPARE(text(1, OpTableModel::DurationColumn), QString());
        QCOMPARE(model.index(0, OpTableModel::DurationColumn).data(OpTableModel::SortRole), QVariant(2.5));
        const QString tip = model.index(0, OpTableModel::DetailColumn).data(Qt::ToolTipRole).toString();
        QVERIFY(tip.contains(QStringLiteral("\"size\": 10")) &&
                tip.contains(QStringLiteral("\"sha256\": \"abc\"")));

        model.setJob({});
        QCOMPARE(model.rowCount(), 0);
    }

    void growsAndUpdatesWithoutAReset()
    {
        FakeSource source;
        const core::JobId id = source.append(QStringLiteral("a")).id;
        source.operations[id] = {makeOp(QStringLiteral("k1"), OpType::Head, OpPhase::Done),
                                 makeOp(QStringLiteral("k2"), OpType::Stream, OpPhase::Intent)};
        OpTableModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setJob(id);
        QTRY_COMPARE(model.rowCount(), 2);
        QSignalSpy reset(&model, &OpTableModel::modelReset);
        QSignalSpy changed(&model, &OpTableModel::dataChanged);
        source.operations[id][1] = makeOp(QStringLiteral("k2"), OpType::Stream, OpPhase::Done);
        source.operations[id].append(makeOp(QStringLiteral("k3"), OpType::Finalize, OpPhase::Intent));
        Q_EMIT source.changed();
        QTRY_COMPARE(model.rowCount(), 3);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed.first().at(0).toModelIndex().row(), 1);
        QCOMPARE(reset.count(), 0);

        source.operations[id].removeFirst(); // another order than before
        Q_EMIT source.changed();
        QTRY_COMPARE(model.rowCount(), 2);
        QCOMPARE(reset.count(), 1);
    }

    void anAnswerForTheFormerJobIsDropped()
    {
        FakeSource source;
        const core::JobId a = source.append(QStringLiteral("a")).id;
        const core::JobId b = source.append(QStringLiteral("b")).id;
        source.operations[a] = {makeOp(QStringLiteral("k1"), OpType::Head, OpPhase::Done)};
        source.operations[b] = {makeOp(QStringLiteral("k2"), OpType::Index, OpPhase::Done),
                                makeOp(QStringLiteral("k3"), OpType::Dedupe, OpPhase::Done)};
        OpTableModel model(source);
        source.isHolding = true;
        model.setJob(a);
        model.setJob(b);
        source.release();
        QTRY_COMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("Register"));
    }

    void theSummaryCountsTheWholeLedger()
    {
        FakeSource source;
        source.append(QStringLiteral("a"), JobState::Indexed);
        source.append(QStringLiteral("b"), JobState::Deduped);
        source.append(QStringLiteral("c"));
        auto &active = source.append(QStringLiteral("d"), JobState::Streaming);
        active.leaseOwner = source.own;
        auto &failed = source.append(QStringLiteral("e"), JobState::Failed);
        failed.doneAt = failed.updatedAt;
        source.append(QStringLiteral("f")).hold = core::Hold::Paused;

        models::StatusSummary summary(source);
        QVERIFY(!summary.isKnown());
        QCOMPARE(summary.text(0), QString());
        summary.refresh();
        QTRY_VERIFY(summary.isKnown());
        using models::JobGroup;
        QCOMPARE(summary.total(), 6);
        QCOMPARE(summary.count(JobGroup::Done), 2);
        QCOMPARE(summary.count(JobGroup::Active), 1);
        QCOMPARE(summary.count(JobGroup::Waiting), 1);
        QCOMPARE(summary.count(JobGroup::Failed), 1);
        QCOMPARE(summary.count(JobGroup::Held), 1);
        QCOMPARE(summary.text(2048),
                 QStringLiteral(
                     "6 job(s): 1 active, 1 waiting, 2 done, 1 failed, 1 paused or cancelled · 2.0 KiB/s"));

        source.append(QStringLiteral("g"));
        Q_EMIT source.changed();
        QTRY_COMPARE(summary.total(), 7);
    }

    void theSummaryTellsWhatJobsWaitFor()
    {
        FakeSource source;
        models::StatusSummary summary(source);
        QCOMPARE(summary.hindrances(), QStringList());
        source.waitingForNetwork = 3;
        source.volumes = {{QStringLiteral("/srv/papers"), {}, QStringLiteral("disk_full"), {}, 12}};
        summary.refresh();
        QTRY_COMPARE(summary.hindrances(),
                     (QStringList{QStringLiteral("3 job(s) waiting for the network, no attempt is counted"),
                                  QStringLiteral("/srv/papers is full; jobs that wait for room: 12, no "
                                                 "attempt is counted")}));
        source.waitingForNetwork = 0;
        source.volumes.clear();
        Q_EMIT source.changed();
        QTRY_COMPARE(summary.hindrances(), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestOpTableModel)
#include "tst_op_table_model.moc"
