// SPDX-License-Identifier: MIT
#include "models/error_text.h"
#include "models/job_text.h"

#include <QLocale>
#include <QSet>
#include <QTest>

using namespace ingather;
using core::ErrorCode;
using core::Hold;
using core::JobState;
using models::ErrorText;
using models::JobText;

namespace
{

constexpr core::UnixTime now{1'000'000.0};

engine::JobSnapshot make(JobState state)
{
    engine::JobSnapshot job;
    job.id = core::JobId{QStringLiteral("j")};
    job.url = QStringLiteral("https://example.org/a.pdf");
    job.state = state;
    return job;
}

} // namespace

class TestTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void everyErrorCodeSaysWhyAndWhatToDo()
    {
        QSet<QString> whys;
        for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
            const auto code = static_cast<ErrorCode>(i);
            const QByteArray name = core::errorCodeName(code).toUtf8();
            QVERIFY2(ErrorText::why(code).endsWith(u'.'), name);
            QVERIFY2(ErrorText::advice(code).endsWith(u'.'), name);
            QVERIFY2(!ErrorText::brief(code).isEmpty() && !ErrorText::brief(code).endsWith(u'.'), name);
            QVERIFY2(!whys.contains(ErrorText::why(code)), name);
            whys.insert(ErrorText::why(code));
        }
    }

    void aCodeOfALaterVersionIsQuoted()
    {
        QVERIFY(ErrorText::whyForName(QStringLiteral("moon_in_the_way"))
                    .contains(QStringLiteral("moon_in_the_way")));
        QCOMPARE(ErrorText::whyForName(QStringLiteral("disk_full")), ErrorText::why(ErrorCode::DiskFull));
    }

    void aSentenceHoldsTheDetail()
    {
        core::Error error;
        error.code = ErrorCode::FolderMissing;
        error.detail = QStringLiteral("/srv/x");
        const QString text = ErrorText::sentence(error);
        QVERIFY(text.startsWith(ErrorText::why(ErrorCode::FolderMissing)));
        QVERIFY(text.contains(QStringLiteral("(/srv/x)")));
    }

    void states_data()
    {
        QTest::addColumn<engine::JobSnapshot>("job");
        QTest::addColumn<QString>("text");
        QTest::newRow("a new job is queued") << make(JobState::Planned) << QStringLiteral("Queued");
        QTest::newRow("a registered file is done") << make(JobState::Indexed) << QStringLiteral("Done");
        QTest::newRow("a copied file is done") << make(JobState::Deduped) << QStringLiteral("Done (copied)");
        auto job = make(JobState::SkippedDuplicate);
        job.hold = Hold::Paused;
        QTest::newRow("a wish does not hide that a job is done")
            << job << QStringLiteral("Was there already");

        job = make(JobState::Failed);
        job.doneAt = now;
        job.errorCode = QStringLiteral("http_not_found");
        QTest::newRow("failed for good says why") << job << QStringLiteral("Failed: not on the server");
        job.doneAt.reset();
        job.nextAttemptAt = now + 12.0;
        job.errorCode = QStringLiteral("connection_lost");
        QTest::newRow("a failure in backoff counts down") << job << QStringLiteral("Retry in 12 s");
        job.errorCode = QStringLiteral("disk_full");
        QTest::newRow("a full volume is waited for") << job << QStringLiteral("Waiting: volume full");
        job.nextAttemptAt = now - 1.0;
        QTest::newRow("a backoff that is over is queued") << job << QStringLiteral("Queued to retry");

        job = make(JobState::Streaming);
        QTest::newRow("a stream without a worker goes on later") << job << QStringLiteral("Queued to go on");
        job.leaseOwner = QStringLiteral("x");
        job.leaseUntil = now + 20.0;
        QTest::newRow("a stream with a worker is receiving") << job << QStringLiteral("Receiving");
        job.hold = Hold::Paused;
        QTest::newRow("a pause that the worker has not seen yet") << job << QStringLiteral("Pausing…");
        job.hold = Hold::Cancelled;
        job.leaseOwner.clear();
        QTest::newRow("a cancelled job") << job << QStringLiteral("Cancelled");
        job.hold = Hold::None;
        job.leaseOwner = QStringLiteral("x");
        job.leaseUntil = now - 1.0;
        QTest::newRow("an expired lease is told") << job << QStringLiteral("Worker gone");
    }
    void states()
    {
        QFETCH(engine::JobSnapshot, job);
        QTEST(JobText::state(job, now), "text");
    }

    void aFailureInBackoffSaysWhyAndWhenAndHowOften()
    {
        auto job = make(JobState::Failed);
        job.errorCode = QStringLiteral("connection_refused");
        job.nextAttemptAt = now + 30.0;
        job.attempts = 2;
        job.maxAttempts = 5;
        const QString text = JobText::explanation(job, now);
        QVERIFY(text.startsWith(ErrorText::why(ErrorCode::ConnectionRefused)));
        QVERIFY2(text.contains(QStringLiteral("30 s")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("2 of at most 5")), qPrintable(text));
    }

    void aFailureForGoodSaysThatItNeedsYou()
    {
        auto job = make(JobState::Failed);
        job.errorCode = QStringLiteral("http_forbidden");
        job.doneAt = now;
        const QString text = JobText::explanation(job, now);
        QVERIFY(text.contains(ErrorText::why(ErrorCode::HttpForbidden)));
        QVERIFY(text.contains(ErrorText::advice(ErrorCode::HttpForbidden)));
        QVERIFY(text.contains(QStringLiteral("Retry")));
    }

    void everyStateAndHoldHasItsGroupAndTexts()
    {
        for (const JobState state : core::allJobStates) {
            for (const Hold hold : {Hold::None, Hold::Paused, Hold::Cancelled}) {
                auto job = make(state);
                job.hold = hold;
                QVERIFY(!JobText::state(job, now).isEmpty());
                QVERIFY(JobText::explanation(job, now).endsWith(u'.'));
                if (core::isTerminal(state))
                    QCOMPARE(models::groupOf(job), models::JobGroup::Done);
                else if (hold != Hold::None)
                    QCOMPARE(models::groupOf(job), models::JobGroup::Held);
                else
                    QCOMPARE(models::groupOf(job), models::JobGroup::Waiting);
            }
        }
    }

    void onlyADoneJobHasAFile()
    {
        auto job = make(JobState::Streaming);
        job.folder = QStringLiteral("/srv/papers");
        job.finalPath = QStringLiteral("sub/a.pdf");
        QCOMPARE(JobText::filePath(job), QString());
        QCOMPARE(JobText::name(job), QStringLiteral("a.pdf"));
        job.state = JobState::Indexed;
        QCOMPARE(JobText::filePath(job), QStringLiteral("/srv/papers/sub/a.pdf"));
        job.folder = QStringLiteral("/");
        QCOMPARE(JobText::filePath(job), QStringLiteral("/sub/a.pdf"));
    }

    void addAnswersAreCountedByKind()
    {
        using engine::AddOutcome;
        QList<engine::AddAnswer> answers;
        for (const AddOutcome outcome :
             {AddOutcome::Added, AddOutcome::AddedFromHeld, AddOutcome::AddedVersion, AddOutcome::Known,
              AddOutcome::Held, AddOutcome::AlreadyDone, AddOutcome::Rejected, AddOutcome::Retried,
              AddOutcome::AskedAgain}) {
            engine::AddAnswer answer;
            answer.outcome = outcome;
            answers.append(answer);
        }
        answers.append(answers.first());
        answers.last().isRepeated = true;
        QCOMPARE(JobText::addOutcome(answers),
                 QStringLiteral(
                     "3 added, 2 queued again, 1 known already, 1 done already, 1 known and ended or held; "
                     "choose Retry or Resume, 1 named twice, 1 refused."));
        QCOMPARE(JobText::addOutcome({}), QStringLiteral("Nothing added."));
    }
};

QTEST_GUILESS_MAIN(TestTexts)
#include "tst_texts.moc"
