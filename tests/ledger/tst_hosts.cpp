// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/bind.h"
#include "ledger/hosts.h"
#include "ledger/life_step.h"

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

const QString busy = u"example.org"_s; // of request()

JobRequest elsewhere(int number, const QString &host = u"other.example"_s)
{
    JobRequest job = request(number);
    job.canonicalUrl = u"https://%1/%2.pdf"_s.arg(host).arg(number);
    job.host = host;
    return job;
}

core::Error tooMany(std::optional<std::chrono::seconds> retryAfter = {})
{
    return {ErrorCode::HttpTooManyRequests, u"get"_s, 429, u"HTTP status 429"_s, retryAfter};
}

Result<> setBack(Session &session, const core::Error &error, const QString &name = busy)
{
    return transact(session, [&](Session &s) { return noteSetback(s, name, error); });
}

Result<> deliver(Session &session, const QString &name = busy)
{
    return transact(session, [&](Session &s) { return noteDelivery(s, name); });
}

Result<> fail(Session &session, const Lease &lease, const core::Error &error)
{
    Failure failure;
    failure.lease = lease;
    failure.error = error;
    return transact(session, [&](Session &s) { return recordFailure(s, failure); });
}

/// The row; an empty one if there is none.
HostRecord memory(Session &session, const QString &name = busy)
{
    const auto record = host(session, name);
    if (!record)
        qFatal("%s", why(record).constData());
    return record->value_or(HostRecord());
}

QStringList hostsOf(const Result<QList<ClaimedJob>> &claims)
{
    QStringList names;
    for (const ClaimedJob &claim : claims.value())
        names.append(claim.job.host);
    return names;
}

} // namespace

class TestHosts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFailureNotesTheHostAtOnce_data();
    void aFailureNotesTheHostAtOnce();
    void aLostLeaseNotesNothing();
    void setbacksAddUp();
    void whatComesWhileItWaitsIsTheSameEvent();
    void retryAfterIsAMinimum();
    void deliveriesTakeBack();
    void noClaimBeforeTheTime();
    void namedJobsWaitToo();
    void anotherProcessWaitsToo();
    void othersAreFoundBehindAClosedHost();
    void theClaimTellsTheFailures();
    void manyHostsAreAskedByTheirKey();
    void rangesAreRemembered();
    void isForgottenAfterSevenDays();
    void canBeReset();
    void aClockThatGoesBackBringsTheTimeNearer();
};

void TestHosts::aFailureNotesTheHostAtOnce_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("failures");
    QTest::newRow("429") << int(ErrorCode::HttpTooManyRequests) << 1;
    QTest::newRow("503") << int(ErrorCode::HttpUnavailable) << 1;
    QTest::newRow("500 is the document's") << int(ErrorCode::HttpServerError) << 0;
    QTest::newRow("a broken connection is nobody's") << int(ErrorCode::ConnectionLost) << 0;
}

void TestHosts::aFailureNotesTheHostAtOnce()
{
    QFETCH(int, code);
    QFETCH(int, failures);
    Scratch scratch;
    const auto session = scratch.open();
    const ClaimedJob job = claimOne(*session);
    const core::Error error{static_cast<ErrorCode>(code), u"get"_s, 0, {}, std::chrono::seconds(90)};
    VERIFY_OK(fail(*session, job.lease, error));
    const HostRecord record = memory(*session);
    QCOMPARE(record.failures, failures);
    QCOMPARE(record.errorCode, failures > 0 ? core::errorCodeName(error.code) : QString());
    QCOMPARE(record.notBefore.seconds, failures > 0 ? scratch.clock.now().seconds + 90 : 0.0);
    QCOMPARE(reread(*session, job.job.id).attempts, 1);
}

/// One transaction: who has lost the job says nothing about its host either.
void TestHosts::aLostLeaseNotesNothing()
{
    Scratch scratch;
    const auto session = scratch.open();
    Lease lease = claimOne(*session).lease;
    lease.fence.value += 1;
    COMPARE_ERROR(fail(*session, lease, tooMany()), ErrorCode::LeaseLost);
    QCOMPARE(memory(*session), HostRecord());
}

void TestHosts::setbacksAddUp()
{
    Scratch scratch;
    const auto session = scratch.open();
    for (const double interval : {0.25, 0.5, 1.0, 2.0}) {
        VERIFY_OK(setBack(*session, tooMany()));
        QCOMPARE(memory(*session).notBefore.seconds, scratch.clock.now().seconds + interval);
        scratch.clock.advance(interval + 0.001);
    }
    QCOMPARE(memory(*session).failures, 4);
}

/// Four connections that are refused at once are one refusal.
void TestHosts::whatComesWhileItWaitsIsTheSameEvent()
{
    Scratch scratch;
    const auto session = scratch.open();
    VERIFY_OK(setBack(*session, tooMany(std::chrono::seconds(10))));
    VERIFY_OK(setBack(*session, tooMany(std::chrono::seconds(20))));
    VERIFY_OK(setBack(*session, tooMany()));
    QCOMPARE(memory(*session).failures, 1);
    QCOMPARE(memory(*session).notBefore.seconds, scratch.clock.now().seconds + 20); // the later one
}

void TestHosts::retryAfterIsAMinimum()
{
    Scratch scratch;
    const auto session = scratch.open();
    VERIFY_OK(setBack(*session, tooMany(std::chrono::seconds(0))));
    QCOMPARE(memory(*session).notBefore.seconds, scratch.clock.now().seconds + 0.25);
    scratch.clock.advance(1);
    VERIFY_OK(setBack(*session, tooMany(std::chrono::seconds(std::numeric_limits<qint64>::max()))));
    QCOMPARE(memory(*session).notBefore.seconds, scratch.clock.now().seconds + 7 * 86'400);
}

void TestHosts::deliveriesTakeBack()
{
    Scratch scratch;
    const auto session = scratch.open();
    VERIFY_OK(deliver(*session));
    VERIFY_OK(setBack(*session, tooMany()));
    scratch.clock.advance(1);
    VERIFY_OK(setBack(*session, tooMany(std::chrono::seconds(5))));
    QCOMPARE(memory(*session).failures, 2);
    VERIFY_OK(deliver(*session)); // it was under way when the host said so
    QCOMPARE(memory(*session).failures, 2);
    scratch.clock.advance(6);
    VERIFY_OK(deliver(*session));
    QCOMPARE(memory(*session).failures, 1);
    VERIFY_OK(deliver(*session));
    QCOMPARE(memory(*session), HostRecord());
    QCOMPARE(OtherProgram(scratch.path()).value(u"SELECT count(*) FROM ingather_hosts"_s), u"0"_s);
}

void TestHosts::noClaimBeforeTheTime()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1), request(2), elsewhere(3)});
    VERIFY_OK(setBack(*session, tooMany(std::chrono::seconds(60))));
    ClaimRequest wanted;
    wanted.limit = 8;
    wanted.ttl = std::chrono::hours(1);
    QCOMPARE(hostsOf(claimed(*session, wanted)), QStringList{u"other.example"_s});
    scratch.clock.advance(59.9);
    QCOMPARE(hostsOf(claimed(*session, wanted)), QStringList());
    scratch.clock.advance(0.2);
    QCOMPARE(hostsOf(claimed(*session, wanted)), (QStringList{busy, busy}));
}

void TestHosts::namedJobsWaitToo()
{
    Scratch scratch;
    const auto session = scratch.open();
    ClaimRequest wanted;
    wanted.limit = 8;
    wanted.onlyThese = {plannedId(*session, request(1)), plannedId(*session, elsewhere(2))};
    VERIFY_OK(setBack(*session, tooMany(std::chrono::seconds(60))));
    QCOMPARE(hostsOf(claimed(*session, wanted)), QStringList{u"other.example"_s});
}

void TestHosts::anotherProcessWaitsToo()
{
    Scratch scratch;
    const auto first = scratch.open(u"owner-a"_s);
    const ClaimedJob job = claimOne(*first);
    planned(*first, {request(2)});
    const auto second = scratch.open(u"owner-b"_s);
    VERIFY_OK(fail(*first, job.lease, tooMany(std::chrono::seconds(60))));
    QCOMPARE(hostsOf(claimed(*second)), QStringList());
    scratch.clock.advance(61);
    QCOMPARE(hostsOf(claimed(*second)).size(), 1);
}

void TestHosts::othersAreFoundBehindAClosedHost()
{
    Scratch scratch;
    const auto session = scratch.open();
    QList<JobRequest> requests;
    for (int i = 0; i < 500; ++i)
        requests.append(request(i));
    requests.append(elsewhere(1000));
    planned(*session, requests);
    VERIFY_OK(setBack(*session, tooMany(std::chrono::seconds(60))));
    ClaimRequest wanted;
    wanted.limit = 4;
    QCOMPARE(hostsOf(claimed(*session, wanted)), QStringList{u"other.example"_s});
}

void TestHosts::theClaimTellsTheFailures()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1), elsewhere(2)});
    VERIFY_OK(setBack(*session, tooMany()));
    scratch.clock.advance(1);
    ClaimRequest wanted;
    wanted.limit = 2;
    const auto claims = claimed(*session, wanted);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 2);
    for (const ClaimedJob &claim : *claims)
        QCOMPARE(claim.hostFailures, claim.job.host == busy ? 1 : 0);
}

void TestHosts::manyHostsAreAskedByTheirKey()
{
    Scratch scratch;
    const auto session = scratch.open();
    for (int i = 0; i < 100; ++i)
        VERIFY_OK(setBack(*session, tooMany(std::chrono::seconds(60)), u"host%1.example"_s.arg(i)));
    planned(*session, {elsewhere(1, u"host99.example"_s), elsewhere(2, u"free.example"_s)});
    const StatementLog log(*session);
    ClaimRequest wanted;
    wanted.limit = 4;
    QCOMPARE(hostsOf(claimed(*session, wanted)), QStringList{u"free.example"_s});
    const QString plan = log.planOf(u"FROM ingather_hosts WHERE host ="_s, OtherProgram(scratch.path()));
    QVERIFY2(plan.contains(u"SEARCH ingather_hosts USING INDEX"_s) && plan.contains(u"(host=?)"_s),
             qPrintable(plan));
}

void TestHosts::rangesAreRemembered()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto note = [&](bool accepts) {
        return transact(*session, [&](Session &s) { return noteRanges(s, busy, accepts); });
    };
    VERIFY_OK(note(true)); // what everybody is taken to do is not worth a row
    QCOMPARE(memory(*session), HostRecord());
    VERIFY_OK(note(false));
    QCOMPARE(memory(*session).acceptsRanges, std::optional(false));
    VERIFY_OK(setBack(*session, tooMany()));
    scratch.clock.advance(1);
    VERIFY_OK(deliver(*session));
    QCOMPARE(memory(*session).acceptsRanges, std::optional(false));
    VERIFY_OK(note(true));
    QCOMPARE(memory(*session).acceptsRanges, std::optional(true));
}

void TestHosts::isForgottenAfterSevenDays()
{
    Scratch scratch;
    const auto session = scratch.open();
    VERIFY_OK(setBack(*session, tooMany()));
    scratch.clock.advance(7 * 86'400 - 1.0);
    QCOMPARE(memory(*session).failures, 1);
    scratch.clock.advance(2);
    QCOMPARE(memory(*session), HostRecord());
    QCOMPARE(hosts(*session)->size(), 0);
    VERIFY_OK(setBack(*session, tooMany(), u"new.example"_s));
    VERIFY_OK(transact(*session, [](Session &s) { return forgetOldHosts(s); }));
    QCOMPARE(OtherProgram(scratch.path()).rows(u"SELECT host FROM ingather_hosts"_s),
             QStringList{u"new.example"_s});
    VERIFY_OK(setBack(*session, tooMany()));
    QCOMPARE(memory(*session).failures, 1);
}

void TestHosts::canBeReset()
{
    Scratch scratch;
    const auto session = scratch.open();
    for (const QString &name : {u"a"_s, u"b"_s, u"c"_s})
        VERIFY_OK(setBack(*session, tooMany(), name));
    const auto some = transact(*session, [](Session &s) { return resetHosts(s, {u"a"_s, u"unknown"_s}); });
    VERIFY_OK(some);
    QCOMPARE(*some, 1);
    QCOMPARE(hosts(*session)->size(), 2);
    const auto all = transact(*session, [](Session &s) { return resetAllHosts(s); });
    VERIFY_OK(all);
    QCOMPARE(*all, 2);
    QCOMPARE(hosts(*session)->size(), 0);
}

void TestHosts::aClockThatGoesBackBringsTheTimeNearer()
{
    Scratch scratch;
    const auto session = scratch.open();
    VERIFY_OK(setBack(*session, tooMany(std::chrono::seconds(60))));
    scratch.clock.jump(-3600);
    planned(*session, {request(1)});
    QCOMPARE(memory(*session).notBefore.seconds, scratch.clock.now().seconds + 60);
    scratch.clock.advance(61);
    QCOMPARE(hostsOf(claimed(*session)).size(), 1);
}

QTEST_GUILESS_MAIN(TestHosts)
#include "tst_hosts.moc"
