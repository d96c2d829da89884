// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/bind.h"
#include "ledger/choice.h"

#include <QMap>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

JobRequest of(const QString &host, int number, int priority = 0)
{
    JobRequest job = request(number);
    job.canonicalUrl = u"https://%1/%2.pdf"_s.arg(host).arg(number);
    job.host = host;
    job.priority = priority;
    return job;
}

QList<JobRequest> many(const QString &host, int count, int from = 0)
{
    QList<JobRequest> list;
    for (int i = 0; i < count; ++i)
        list.append(of(host, from + i));
    return list;
}

ClaimRequest shared(int limit, int perHost)
{
    ClaimRequest wanted;
    wanted.limit = limit;
    wanted.perHost = perHost;
    return wanted;
}

QList<JobRequest> in(const QString &root, QList<JobRequest> list)
{
    for (JobRequest &job : list)
        job.rootPath = root;
    return list;
}

/// A claim that leaves the roots of these jobs alone.
ClaimRequest without(const QList<PlannedJob> &jobs, int limit, int perHost = 0)
{
    ClaimRequest wanted = shared(limit, perHost);
    for (const PlannedJob &job : jobs)
        wanted.leftOfRoot.insert(job.job.rootId.value(), 0);
    return wanted;
}

Result<ClaimAnswer> claimedSome(Session &session, const ClaimRequest &wanted)
{
    return transact(session, [&](Session &s) { return claimSome(s, wanted); });
}

/// "slow 4, other 2"
QString hostsOf(const Result<QList<ClaimedJob>> &claims)
{
    if (!claims)
        return QString::fromUtf8(why(claims));
    QMap<QString, int> counts;
    for (const ClaimedJob &claim : *claims)
        ++counts[claim.job.host];
    QStringList lines;
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        lines.append(it.key() + u' ' + QString::number(*it));
    return lines.join(u", "_s);
}

} // namespace

class TestChoice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutAShareTheOldestAreTaken();
    void noHostGetsMoreThanItsShare();
    void whatIsHeldCounts();
    void findsTheOthersBehindALongList_data();
    void findsTheOthersBehindALongList();
    void asksTheHostsByTheirIndex();
    void theHostsTakeTurns();
    void priorityComesBeforeFairness();
    void passesOverRootsInTrouble();
    void takesAProbeOfARoot();
    void walksPastALongListOfARoot_data();
    void walksPastALongListOfARoot();
    void goesOnWhereItStopped();
    void jumpsOverHostsThatGiveNothing();
    void walksByTheIndexOfHosts();
    void sharesAmongNamedJobs();
    void learnsTheHostOfAJobOfV1();
};

void TestChoice::withoutAShareTheOldestAreTaken()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, many(u"slow"_s, 10) + many(u"other"_s, 5));
    QCOMPARE(hostsOf(claimed(*session, shared(8, 0))), u"slow 8"_s);
}

void TestChoice::noHostGetsMoreThanItsShare()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, many(u"slow"_s, 10) + many(u"other"_s, 5));
    QCOMPARE(hostsOf(claimed(*session, shared(8, 4))), u"other 4, slow 4"_s);
}

void TestChoice::whatIsHeldCounts()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, many(u"slow"_s, 10) + many(u"other"_s, 5));
    ClaimRequest wanted = shared(8, 4);
    wanted.heldOfHost = {{u"slow"_s, 4}, {u"other"_s, 1}};
    QCOMPARE(hostsOf(claimed(*session, wanted)), u"other 3"_s);
}

void TestChoice::findsTheOthersBehindALongList_data()
{
    QTest::addColumn<QString>("afterHost");
    QTest::newRow("from the start") << QString();
    QTest::newRow("behind the slow one") << u"slow"_s;
    QTest::newRow("behind the last one") << u"zz"_s;
}

void TestChoice::findsTheOthersBehindALongList()
{
    QFETCH(QString, afterHost);
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, many(u"slow"_s, 1000) + many(u"before"_s, 3) + many(u"zz"_s, 3));
    ClaimRequest wanted = shared(16, 4);
    wanted.afterHost = afterHost;
    QCOMPARE(hostsOf(claimed(*session, wanted)), u"before 3, slow 4, zz 3"_s);
    // The rest of the slow one's is all that is left, and it has its share.
    wanted.heldOfHost = {{u"slow"_s, 4}};
    QCOMPARE(hostsOf(claimed(*session, wanted)), QString());
}

void TestChoice::asksTheHostsByTheirIndex()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, many(u"slow"_s, 200) + many(u"other"_s, 3));
    const StatementLog log(*session);
    QCOMPARE(hostsOf(claimed(*session, shared(8, 2))), u"other 2, slow 2"_s);
    const OtherProgram program(scratch.path());
    for (const QString &part : {u"host > "_s, u"host IS "_s}) {
        const QString plan = log.planOf(part, program);
        QVERIFY2(plan.contains(u"SEARCH artifact_jobs USING INDEX ingather_by_host"_s) &&
                     !plan.contains(u"TEMP B-TREE"_s),
                 qPrintable(plan));
    }
}

void TestChoice::theHostsTakeTurns()
{
    Scratch scratch;
    const auto session = scratch.open();
    QList<JobRequest> requests = many(u"a"_s, 200);
    for (const QString &host : {u"b"_s, u"c"_s, u"d"_s})
        requests += many(host, 200);
    planned(*session, requests);
    ClaimRequest wanted = shared(2, 4);
    wanted.heldOfHost = {{u"a"_s, 4}};
    QStringList turns;
    for (int i = 0; i < 3; ++i) {
        const auto claims = claimed(*session, wanted);
        VERIFY_OK(claims);
        QCOMPARE(claims->size(), 2);
        turns.append(hostsOf(claims));
        wanted.afterHost = claims->last().job.host;
    }
    QCOMPARE(turns, (QStringList{u"b 2"_s, u"c 2"_s, u"d 2"_s}));
}

void TestChoice::priorityComesBeforeFairness()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, many(u"a"_s, 1000) + many(u"b"_s, 100) + QList<JobRequest>{of(u"b"_s, 5000, 7)});
    const auto claims = claimed(*session, shared(3, 2));
    VERIFY_OK(claims);
    QCOMPARE(claims->first().job.priority, 7);
    QCOMPARE(hostsOf(claims), u"a 2, b 1"_s);
}

void TestChoice::passesOverRootsInTrouble()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto full = planned(*session, in(u"/full"_s, many(u"a"_s, 3)));
    const auto good = planned(*session, in(u"/good"_s, many(u"a"_s, 2, 100)));
    JobRequest rootless = of(u"b"_s, 200);
    rootless.rootPath.clear();
    planned(*session, {rootless});
    ClaimRequest wanted = without(full, 8);
    wanted.defaultRootId = full.first().job.rootId;
    QCOMPARE(hostsOf(claimed(*session, wanted)), u"a 2"_s);
    wanted.defaultRootId = good.first().job.rootId;
    QCOMPARE(hostsOf(claimed(*session, wanted)), u"b 1"_s);
    QCOMPARE(hostsOf(claimed(*session, shared(8, 0))), u"a 3"_s);
}

void TestChoice::takesAProbeOfARoot()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto full = planned(*session, in(u"/full"_s, many(u"a"_s, 3)));
    const auto other = planned(*session, in(u"/other"_s, many(u"b"_s, 3, 100)));
    ClaimRequest wanted = without(full + other, 8);
    wanted.leftOfRoot[*full.first().job.rootId] = 1;
    QCOMPARE(hostsOf(claimed(*session, wanted)), u"a 1"_s);
    // Of named jobs likewise.
    for (const PlannedJob &job : full + other)
        wanted.onlyThese.append(job.job.id);
    QCOMPARE(hostsOf(claimed(*session, wanted)), u"a 1"_s);
}

void TestChoice::walksPastALongListOfARoot_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::newRow("of the same host") << u"a"_s << u"a"_s;
    QTest::newRow("of a host before it") << u"b"_s << u"a"_s;
    QTest::newRow("of a host behind it") << u"a"_s << u"b"_s;
}

/// However long it is, each claim looks at a few hundred jobs, and they come to its end.
void TestChoice::walksPastALongListOfARoot()
{
    QFETCH(QString, first);
    QFETCH(QString, second);
    Scratch scratch;
    const auto session = scratch.open();
    const auto full = planned(*session, in(u"/full"_s, many(first, 2000)));
    planned(*session, in(u"/good"_s, many(second, 5, 5000)));
    ClaimRequest wanted = without(full, 8, 4);
    int found = 0;
    int claims = 0;
    for (bool isAtEnd = false; !isAtEnd && claims < 20; ++claims) {
        const auto answer = claimedSome(*session, wanted);
        VERIFY_OK(answer);
        found += static_cast<int>(answer->jobs.size());
        for (const ClaimedJob &job : answer->jobs)
            QCOMPARE(job.job.rootPath, u"/good"_s);
        isAtEnd = !answer->stoppedAt;
        wanted.from = answer->stoppedAt.value_or(ReadyPlace());
    }
    QVERIFY2(claims > 5 && claims < 20, QByteArray::number(claims));
    QVERIFY2(found == 4 || found == 5, QByteArray::number(found)); // the host's share of one claim, or of two
}

void TestChoice::goesOnWhereItStopped()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto full = planned(*session, in(u"/full"_s, many(u"a"_s, 400)));
    const auto first = claimedSome(*session, without(full, 8));
    VERIFY_OK(first);
    QVERIFY(first->jobs.isEmpty());
    QVERIFY(first->stoppedAt);
    QCOMPARE(first->stoppedAt->host, u"a"_s);
    ClaimRequest wanted = without(full, 8);
    wanted.from = *first->stoppedAt;
    const auto second = claimedSome(*session, wanted);
    VERIFY_OK(second);
    QVERIFY(!second->stoppedAt);
    // A short list is seen as a whole at once.
    const auto rest = claimedSome(*session, shared(360, 0));
    VERIFY_OK(rest);
    const auto last = claimedSome(*session, without(full, 8));
    VERIFY_OK(last);
    QVERIFY(!last->stoppedAt);
}

void TestChoice::jumpsOverHostsThatGiveNothing()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto full = planned(*session, in(u"/full"_s, many(u"a"_s, 100)));
    planned(*session, in(u"/good"_s, many(u"slow"_s, 1000, 1000) + many(u"zz"_s, 3, 3000)));
    ClaimRequest wanted = without(full, 8, 4);
    wanted.heldOfHost = {{u"slow"_s, 4}};
    const auto answer = claimedSome(*session, wanted);
    QCOMPARE(hostsOf(answer ? Result<QList<ClaimedJob>>(answer->jobs) : answer.error()), u"zz 3"_s);
}

void TestChoice::walksByTheIndexOfHosts()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto full = planned(*session, in(u"/full"_s, many(u"a"_s, 400)));
    ClaimRequest wanted = without(full, 8);
    const StatementLog log(*session);
    wanted.from = {u"a"_s, 300}; // the rest of its host, and the hosts behind it
    VERIFY_OK(claimedSome(*session, wanted));
    const OtherProgram program(scratch.path());
    for (const auto &[part, search] :
         {std::pair(u"rowid > "_s, u"(host=? AND rowid>?)"_s), std::pair(u"host > "_s, u"(host>?)"_s)}) {
        const QString plan = log.planOf(part, program);
        QVERIFY2(plan.contains(u"SEARCH artifact_jobs USING INDEX ingather_by_host "_s + search) &&
                     !plan.contains(u"TEMP B-TREE"_s),
                 qPrintable(plan));
    }
}

void TestChoice::sharesAmongNamedJobs()
{
    Scratch scratch;
    const auto session = scratch.open();
    ClaimRequest wanted = shared(8, 2);
    const QList<PlannedJob> jobs = planned(*session, many(u"slow"_s, 6) + many(u"other"_s, 6));
    for (const PlannedJob &job : jobs)
        wanted.onlyThese.append(job.job.id);
    QCOMPARE(hostsOf(claimed(*session, wanted)), u"other 2, slow 2"_s);
}

/// A program of v1 knows no hosts: its jobs are not held back for that, and get theirs with the claim.
void TestChoice::learnsTheHostOfAJobOfV1()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, many(u"slow"_s, 1000) + many(u"journal.example"_s, 3));
    VERIFY_OK(transact(*session, [](Session &s) {
        return execute(s, "UPDATE artifact_jobs SET host = NULL WHERE host <> 'slow'", "forget hosts", {});
    }));
    const auto claims = claimed(*session, shared(8, 4));
    QCOMPARE(hostsOf(claims), u"journal.example 3, slow 4"_s);
}

QTEST_GUILESS_MAIN(TestChoice)
#include "tst_choice.moc"
