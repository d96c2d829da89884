// SPDX-License-Identifier: MIT
#include "engine/progress_board.h"
#include "support/manual_clock.h"

#include <QTest>

using namespace ingather;

class TstProgressBoard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void speedFollowsTheBytes()
    {
        support::ManualClock clock;
        engine::ProgressBoard board(clock);
        const core::JobId id{QStringLiteral("a")};
        board.begin(id, 1000, 100'000);
        clock.advance(1);
        board.advance(id, 11'000);
        const auto first = board.snapshot();
        QCOMPARE(first.size(), 1);
        QCOMPARE(first[0].bytesDone, 11'000);
        QCOMPARE(first[0].bytesTotal, std::optional<qint64>(100'000));
        QCOMPARE(first[0].bytesPerSecond, 10'000.0);
        // A stall brings the speed down towards zero, and never below.
        clock.advance(30);
        QVERIFY(board.snapshot()[0].bytesPerSecond < 10.0);
        QVERIFY(board.snapshot()[0].bytesPerSecond >= 0.0);
    }

    void looksInQuickSuccessionShareASample()
    {
        support::ManualClock clock;
        engine::ProgressBoard board(clock);
        const core::JobId id{QStringLiteral("a")};
        board.begin(id, 0, {});
        clock.advance(1);
        board.advance(id, 500);
        QCOMPARE(board.snapshot()[0].bytesPerSecond, 500.0);
        board.advance(id, 100'000);
        QCOMPARE(board.snapshot()[0].bytesPerSecond, 500.0);
    }

    void whatEndedIsGone()
    {
        support::ManualClock clock;
        engine::ProgressBoard board(clock);
        board.begin({QStringLiteral("a")}, 0, {});
        board.end({QStringLiteral("a")});
        board.advance({QStringLiteral("a")}, 5);
        QVERIFY(board.snapshot().isEmpty());
    }
};

QTEST_APPLESS_MAIN(TstProgressBoard)
#include "tst_progress_board.moc"
