// SPDX-License-Identifier: MIT
#include "cli/job_board.h"

#include <QtTest>

using namespace ingather;
using namespace ingather::cli;

namespace
{

engine::JobSnapshot job(int n, core::JobState state = core::JobState::Planned)
{
    engine::JobSnapshot result;
    result.id = {QStringLiteral("job-%1").arg(n)};
    result.fileName = QStringLiteral("%1.pdf").arg(n);
    result.state = state;
    return result;
}

engine::JobSnapshot failedForGood(int n)
{
    engine::JobSnapshot result = job(n, core::JobState::Failed);
    result.doneAt = core::UnixTime{5};
    return result;
}

engine::JobSnapshot held(int n, core::Hold hold)
{
    engine::JobSnapshot result = job(n);
    result.hold = hold;
    return result;
}

constexpr core::UnixTime now{1000};

} // namespace

class TestJobBoard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void theExitCodeFollowsTheWorstEnd_data();
    void theExitCodeFollowsTheWorstEnd();
    void aJobEndsOnce();
    void aJobNamedTwiceIsExpectedOnce();
    void aFailureBeforeItsNextAttemptIsNoEnd();
    void aVanishedJobEndsBadly();
    void thousandsAreLookedAtInTurns();
    void theLastEndOfAJobCounts();
    void theViewCountsWhatEndedAndWhatRuns();
    void theViewTellsWhatIsWaitedFor();
    void timeLeftNeedsEverySize();
};

void TestJobBoard::theExitCodeFollowsTheWorstEnd_data()
{
    QTest::addColumn<engine::JobSnapshot>("end");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("filed and registered") << job(1, core::JobState::Indexed) << 0;
    QTest::newRow("filed from a copy") << job(1, core::JobState::Deduped) << 0;
    QTest::newRow("there already") << job(1, core::JobState::SkippedDuplicate) << 0;
    QTest::newRow("failed for good") << failedForGood(1) << 1;
    QTest::newRow("paused elsewhere") << held(1, core::Hold::Paused) << 1;
    QTest::newRow("cancelled elsewhere") << held(1, core::Hold::Cancelled) << 1;
}

void TestJobBoard::theExitCodeFollowsTheWorstEnd()
{
    QFETCH(engine::JobSnapshot, end);
    JobBoard board;
    board.expect(job(1));
    board.expect(job(2, core::JobState::Indexed));
    QVERIFY(!board.isAllEnded());
    QVERIFY(board.update(end));
    QVERIFY(board.isAllEnded());
    QTEST(int(board.exitCode()), "exitCode");

    JobBoard endedBefore;
    endedBefore.expect(end);
    QVERIFY(endedBefore.isAllEnded());
    QTEST(int(endedBefore.exitCode()), "exitCode");
}

void TestJobBoard::aJobEndsOnce()
{
    JobBoard board;
    board.expect(job(1));
    QVERIFY(!board.update(job(1, core::JobState::Streaming)));
    QVERIFY(board.update(job(1, core::JobState::Indexed)));
    QVERIFY(!board.update(job(1, core::JobState::Indexed)));
    QVERIFY(!board.update(job(7, core::JobState::Indexed)));
    QVERIFY(!board.isKnown(job(7).id));
}

void TestJobBoard::aJobNamedTwiceIsExpectedOnce()
{
    JobBoard board;
    board.expect(job(1));
    board.expect(job(1));
    QCOMPARE(board.open().size(), 1);
    QCOMPARE(board.view({}, now).jobs, std::optional<qint64>(1));
}

void TestJobBoard::aFailureBeforeItsNextAttemptIsNoEnd()
{
    JobBoard board;
    board.expect(job(1));
    QVERIFY(!board.update(job(1, core::JobState::Failed)));
    QVERIFY(!board.isAllEnded());
    QVERIFY(board.update(job(1, core::JobState::Indexed)));
    QCOMPARE(board.exitCode(), AllWell);
}

void TestJobBoard::aVanishedJobEndsBadly()
{
    JobBoard board;
    board.expect(job(1));
    QVERIFY(board.drop(job(1).id));
    QVERIFY(!board.drop(job(1).id));
    QVERIFY(board.isAllEnded());
    QCOMPARE(board.exitCode(), NotAllWell);
}

void TestJobBoard::thousandsAreLookedAtInTurns()
{
    JobBoard board;
    for (int i = 0; i < 10; ++i)
        board.expect(job(i));
    board.update(job(4, core::JobState::Indexed));
    QSet<core::JobId> seen;
    for (int turn = 0; turn < 3; ++turn) {
        const QList<core::JobId> some = board.nextOpen(3);
        QCOMPARE(some.size(), 3);
        seen.unite(QSet<core::JobId>(some.cbegin(), some.cend()));
    }
    QCOMPARE(seen.size(), 9);
    QVERIFY(!seen.contains(job(4).id));
    QCOMPARE(board.nextOpen(100).size(), 9);
    QVERIFY(JobBoard().nextOpen(5).isEmpty());
}

void TestJobBoard::theLastEndOfAJobCounts()
{
    JobBoard board;
    board.end(failedForGood(1));
    QCOMPARE(board.exitCode(), NotAllWell);
    board.end(job(1, core::JobState::Indexed));
    QCOMPARE(board.exitCode(), AllWell);
    QCOMPARE(board.view({}, now).done, 1);
    QCOMPARE(board.view({}, now).failed, 0);
}

void TestJobBoard::theViewCountsWhatEndedAndWhatRuns()
{
    JobBoard board;
    for (int i = 0; i < 4; ++i)
        board.expect(job(i));
    engine::JobSnapshot done = job(0, core::JobState::Indexed);
    done.bytesTotal = 100;
    board.update(done);
    board.update(failedForGood(1));
    const ProgressView view = board.view({{job(2).id, 40, 80, 10}, {job(9).id, 1, {}, 5}}, now);
    QCOMPARE(view.done, 1);
    QCOMPARE(view.failed, 1);
    QCOMPARE(view.jobs, std::optional<qint64>(4));
    QCOMPARE(view.bytesDone, 141);
    QCOMPARE(view.bytesPerSecond, 15.0);
    QCOMPARE(view.rows.size(), 2);
    QCOMPARE(view.rows[0].name, QStringLiteral("2.pdf"));
    QCOMPARE(view.rows[1].name, QStringLiteral("job-9"));
    board.introduce(job(9));
    QCOMPARE(board.view({{job(9).id, 1, {}, 5}}, now).rows[0].name, QStringLiteral("9.pdf"));
}

void TestJobBoard::theViewTellsWhatIsWaitedFor()
{
    JobBoard board;
    board.expect(job(1));
    engine::JobSnapshot waiting = job(1, core::JobState::Failed);
    waiting.errorCode = QStringLiteral("connection_refused");
    waiting.nextAttemptAt = now + 7;
    board.update(waiting);
    const ProgressView view = board.view({}, now);
    QCOMPARE(view.rows.size(), 1);
    QCOMPARE(view.rows[0].waitsFor, QStringLiteral("again in 7 s: connection refused"));
    QVERIFY(board.view({}, now + 8).rows.isEmpty());
}

void TestJobBoard::timeLeftNeedsEverySize()
{
    JobBoard board;
    board.expect(job(1));
    board.expect(job(2));
    const QList<engine::ProgressSnapshot> running{{job(1).id, 40, 80, 10}};
    QVERIFY(!board.view(running, now).secondsLeft);
    engine::JobSnapshot known = job(2);
    known.bytesTotal = 60;
    board.update(known);
    QCOMPARE(board.view(running, now).secondsLeft, std::optional(10.0));
}

QTEST_GUILESS_MAIN(TestJobBoard)
#include "tst_job_board.moc"
