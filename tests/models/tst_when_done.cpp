// SPDX-License-Identifier: MIT
#include "models/when_done.h"

#include "core/error.h"

#include <QPromise>
#include <QTest>

#include <memory>
#include <optional>
#include <thread>

using namespace ingather;
using Answer = core::Result<int>;

class TestWhenDone : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theAnswerArrivesOnTheThreadOfItsContext();
    void aContextThatGoesHearsNothing();
    void aDroppedPromiseIsAnAnswer();
};

void TestWhenDone::theAnswerArrivesOnTheThreadOfItsContext()
{
    QObject context;
    std::optional<int> got;
    QPromise<Answer> promise;
    promise.start();
    models::whenDone<int>(promise.future(), &context,
                          [&got](const Answer &answer) { got = answer.value_or(-1); });
    std::thread([&promise] {
        promise.addResult(Answer(7));
        promise.finish();
    }).join();
    QVERIFY(!got); // it waits in the queue of this thread
    QTRY_VERIFY(got);
    QCOMPARE(*got, 7);
}

void TestWhenDone::aContextThatGoesHearsNothing()
{
    auto context = std::make_unique<QObject>();
    bool isCalled = false;
    QPromise<Answer> promise;
    promise.start();
    models::whenDone<int>(promise.future(), context.get(), [&isCalled](const Answer &) { isCalled = true; });
    std::thread([&promise] {
        promise.addResult(Answer(7));
        promise.finish();
    }).join();
    context.reset(); // with the answer in its queue, as a window that is closed
    QCoreApplication::processEvents();
    QVERIFY(!isCalled);
}

void TestWhenDone::aDroppedPromiseIsAnAnswer()
{
    QObject context;
    std::optional<core::ErrorCode> code;
    {
        QPromise<Answer> promise;
        promise.start();
        models::whenDone<int>(promise.future(), &context, [&code](const Answer &answer) {
            code = answer ? core::ErrorCode::Internal : answer.error().code;
        });
    }
    QTRY_VERIFY(code);
    QCOMPARE(core::errorCodeName(*code), core::errorCodeName(core::ErrorCode::Stopped));
}

QTEST_GUILESS_MAIN(TestWhenDone)
#include "tst_when_done.moc"
