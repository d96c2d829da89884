// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/life_step.h"
#include "ledger/network_failures.h"
#include "ledger/wishes.h"

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

constexpr std::chrono::seconds wait{15};

/// A job that failed once; for good, if it has no attempt left.
RecordedFailures failOnce(Session &session, int number, bool isFinal,
                          ErrorCode code = ErrorCode::ConnectionRefused)
{
    const ClaimedJob job = claimOne(session, number);
    Failure failure;
    failure.lease = job.lease;
    failure.error = {code, u"get"_s, 0, {}};
    failure.isFinal = isFinal;
    failure.nextAttemptIn = std::chrono::seconds(300);
    const Result<> written = transact(session, [&](Session &s) { return recordFailure(s, failure); });
    if (!written)
        qFatal("%s", why(written).constData());
    return {job.job.id, job.lease.fence};
}

Result<QList<core::JobId>> takeBack(Session &session, const QList<RecordedFailures> &failures)
{
    return transact(session, [&](Session &s) { return takeBackFailures(s, failures, wait); });
}

QStringList eventsOf(Session &session, const core::JobId &id)
{
    QStringList names;
    const Result<QList<EventRecord>> list = events(session, id);
    for (const EventRecord &event : list.value())
        names.append(event.event);
    return names;
}

} // namespace

class TestNetworkFailures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAttemptIsTakenBack_data();
    void anAttemptIsTakenBack();
    void aRunThatGoesOnIsNotDisturbed();
    void anotherEndStays();
    void severalOfOneJobAreTakenBackTogether();
    void onceIsEnough();
    void theWaitingAreWoken();
    void whoDeliveredLatelyIsFound();
    void theWaitingAreFoundByTheirIndex();
};

void TestNetworkFailures::anAttemptIsTakenBack_data()
{
    QTest::addColumn<bool>("isFinal");
    QTest::newRow("of a job that would try again") << false;
    QTest::newRow("of a job that had failed for good") << true;
}

void TestNetworkFailures::anAttemptIsTakenBack()
{
    QFETCH(bool, isFinal);
    Scratch scratch;
    const auto session = scratch.open();
    const RecordedFailures failure = failOnce(*session, 1, isFinal);
    QCOMPARE(status(*session)->failedForGood, isFinal ? 1 : 0);
    const auto changed = takeBack(*session, {failure});
    VERIFY_OK(changed);
    QCOMPARE(changed->size(), 1);
    const JobRecord record = reread(*session, failure.job);
    QCOMPARE(record.attempts, 0);
    QVERIFY(!record.doneAt);
    QCOMPARE(record.errorCode, u"network_unreachable"_s);
    QCOMPARE(record.nextAttemptAt.seconds, scratch.clock.now().seconds + 15);
    QCOMPARE(eventsOf(*session, failure.job).last(), u"EXCUSE"_s);
    QCOMPARE(status(*session)->failedForGood, 0);
    QCOMPARE(status(*session)->unfinished, 1);
    QCOMPARE(*waitingForNetwork(*session), 1);
    QCOMPARE(claimed(*session)->size(), 0);
    scratch.clock.advance(16);
    QCOMPARE(claimed(*session)->size(), 1);
}

void TestNetworkFailures::aRunThatGoesOnIsNotDisturbed()
{
    Scratch scratch;
    const auto session = scratch.open();
    const RecordedFailures failure = failOnce(*session, 1, false);
    scratch.clock.advance(400);
    const auto again = claimed(*session);
    QCOMPARE(again->size(), 1);
    VERIFY_OK(takeBack(*session, {failure}));
    const JobRecord record = reread(*session, failure.job);
    QCOMPARE(record.attempts, 0);
    QCOMPARE(record.state, JobState::Leased);
    QCOMPARE(record.leaseOwner, again->first().lease.owner);
    QCOMPARE(record.nextAttemptAt.seconds, 0.0);
}

void TestNetworkFailures::anotherEndStays()
{
    Scratch scratch;
    const auto session = scratch.open();
    RecordedFailures failure = failOnce(*session, 1, false);
    scratch.clock.advance(400);
    const RecordedFailures later = failOnce(*session, 1, true, ErrorCode::HttpNotFound);
    QCOMPARE(later.job, failure.job);
    VERIFY_OK(takeBack(*session, {failure}));
    const JobRecord record = reread(*session, failure.job);
    QCOMPARE(record.attempts, 1);
    QVERIFY(record.doneAt.has_value());
    QCOMPARE(record.errorCode, u"http_not_found"_s);
}

void TestNetworkFailures::severalOfOneJobAreTakenBackTogether()
{
    Scratch scratch;
    const auto session = scratch.open();
    failOnce(*session, 1, false);
    scratch.clock.advance(400);
    RecordedFailures failures = failOnce(*session, 1, false);
    failures.count = 2;
    QCOMPARE(reread(*session, failures.job).attempts, 2);
    VERIFY_OK(takeBack(*session, {failures}));
    QCOMPARE(reread(*session, failures.job).attempts, 0);
}

void TestNetworkFailures::onceIsEnough()
{
    Scratch scratch;
    const auto session = scratch.open();
    const RecordedFailures failure = failOnce(*session, 1, false);
    VERIFY_OK(takeBack(*session, {failure}));
    const auto again = takeBack(*session, {failure});
    VERIFY_OK(again);
    QCOMPARE(again->size(), 0);
    QCOMPARE(reread(*session, failure.job).attempts, 0);
}

void TestNetworkFailures::theWaitingAreWoken()
{
    Scratch scratch;
    const auto session = scratch.open();
    const RecordedFailures network = failOnce(*session, 1, false);
    VERIFY_OK(takeBack(*session, {network}));
    const RecordedFailures own = failOnce(*session, 2, false, ErrorCode::HttpServerError);
    const auto woken = transact(*session, [](Session &s) { return wakeWaitingForNetwork(s, wait); });
    VERIFY_OK(woken);
    QCOMPARE(*woken, 1);
    QCOMPARE(reread(*session, network.job).nextAttemptAt.seconds, 0.0);
    QVERIFY(reread(*session, own.job).nextAttemptAt.seconds > 0);
    QCOMPARE(*waitingForNetwork(*session), 0);
}

void TestNetworkFailures::whoDeliveredLatelyIsFound()
{
    Scratch scratch;
    const auto session = scratch.open();
    QCOMPARE(latestDeliveries(*session)->size(), 0);
    planned(*session, {request(1), request(2), request(3), request(4)});
    const OtherProgram program(scratch.path());
    QCOMPARE(program.run(
                 u"UPDATE artifact_jobs SET state = 'INDEXED', content_type = 'application/pdf', "
                 "host = 'a.example' WHERE canonical_url LIKE '%/1.pdf' OR canonical_url LIKE '%/2.pdf'"_s),
             SQLITE_OK);
    QCOMPARE(program.run(u"UPDATE artifact_jobs SET state = 'INDEXED', content_type = 'text/html' "
                         "WHERE canonical_url LIKE '%/3.pdf'"_s),
             SQLITE_OK);
    const auto witnesses = latestDeliveries(*session);
    VERIFY_OK(witnesses);
    QCOMPARE(witnesses->size(), 1);
    QCOMPARE(witnesses->first().host, u"a.example"_s);
    QCOMPARE(witnesses->first().canonicalUrl, u"https://example.org/2.pdf"_s);
}

void TestNetworkFailures::theWaitingAreFoundByTheirIndex()
{
    Scratch scratch;
    const auto session = scratch.open();
    const StatementLog log(*session);
    VERIFY_OK(transact(*session, [](Session &s) { return wakeWaitingForNetwork(s, wait); }));
    VERIFY_OK(waitingForNetwork(*session));
    const OtherProgram program(scratch.path());
    for (const QString &part :
         {u"SET next_attempt_at = 0, updated_at"_s, u"SELECT count(*) FROM artifact_jobs WHERE next"_s}) {
        const QString plan = log.planOf(part, program);
        QVERIFY2(plan.contains(u"ingather_backoff"_s), qPrintable(plan));
    }
}

QTEST_GUILESS_MAIN(TestNetworkFailures)
#include "tst_network_failures.moc"
