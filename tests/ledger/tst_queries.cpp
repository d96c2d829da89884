// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

QList<JobRequest> requests(int count)
{
    QList<JobRequest> list;
    for (int i = 0; i < count; ++i)
        list.append(request(i));
    return list;
}

QStringList urls(const QList<JobRecord> &records)
{
    QStringList list;
    for (const JobRecord &record : records)
        list.append(record.canonicalUrl);
    return list;
}

} // namespace

class TestQueries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pagesThroughAll_data();
    void pagesThroughAll();
    void filters();
    void listsByTheOrderOfItsIndex();
    void findsByPrefix_data();
    void findsByPrefix();
    void feedMissesNothing();
    void feedNeverSplitsATransaction();
    void feedCostsWhatHasChanged();
    void countsStates();
    void heldCopiesBestFirst();
    void dataVersionTellsOfOthers();
    void roundTrips_data();
    void roundTrips();
};

void TestQueries::pagesThroughAll_data()
{
    QTest::addColumn<bool>("newestFirst");
    QTest::addColumn<bool>("byIds");
    QTest::newRow("oldest first") << false << false;
    QTest::newRow("newest first") << true << false;
    QTest::newRow("oldest first, of a list") << false << true;
    QTest::newRow("newest first, of a list") << true << true;
}

void TestQueries::pagesThroughAll()
{
    QFETCH(bool, newestFirst);
    QFETCH(bool, byIds);
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, requests(25));
    // Twins in time, as other programs may leave them: the id decides then.
    QCOMPARE(
        OtherProgram(scratch.path()).run(u"UPDATE artifact_jobs SET created_at = 1 WHERE rowid % 3 = 0"_s),
        SQLITE_OK);
    const auto all = jobs(*session, {});
    VERIFY_OK(all);
    QCOMPARE(all->size(), 25);
    JobFilter filter;
    filter.limit = 4;
    filter.newestFirst = newestFirst;
    if (byIds) {
        for (const JobRecord &record : *all)
            filter.ids.append(record.id);
    }
    QStringList seen;
    for (;;) {
        const auto page = jobs(*session, filter);
        VERIFY_OK(page);
        QVERIFY(page->size() <= 4);
        if (page->isEmpty())
            break;
        seen += urls(*page);
        filter.after = page->last().id;
    }
    QStringList expected = urls(*all);
    if (newestFirst)
        std::reverse(expected.begin(), expected.end());
    QCOMPARE(seen, expected);
    filter.after = {u"nobody"_s};
    COMPARE_ERROR(jobs(*session, filter), ErrorCode::UnknownJob);
}

void TestQueries::filters()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto made = planned(*session, requests(6));
    const OtherProgram program(scratch.path());
    QCOMPARE(
        program.run(u"UPDATE artifact_jobs SET state = 'STREAMING' WHERE canonical_url LIKE '%/1.pdf'"_s),
        SQLITE_OK);
    QCOMPARE(program.run(u"UPDATE artifact_jobs SET state = 'INDEXED' WHERE canonical_url LIKE '%/2.pdf'"_s),
             SQLITE_OK);
    QCOMPARE(program.run(u"UPDATE artifact_jobs SET removed_at = 1 WHERE canonical_url LIKE '%/3.pdf'"_s),
             SQLITE_OK);
    JobFilter filter;
    QCOMPARE(jobs(*session, filter)->size(), 5);
    filter.withRemoved = true;
    QCOMPARE(jobs(*session, filter)->size(), 6);
    filter.states = {JobState::Streaming, JobState::Indexed};
    QCOMPARE(jobs(*session, filter)->size(), 2);
    filter.ids = {made.at(1).job.id, made.at(4).job.id, {u"nobody"_s}};
    QCOMPARE(urls(*jobs(*session, filter)), QStringList{request(1).canonicalUrl});
    filter.states = {};
    QCOMPARE(jobs(*session, filter)->size(), 2);
    QCOMPARE(job(*session, {u"nobody"_s})->has_value(), false);
}

void TestQueries::listsByTheOrderOfItsIndex()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1)});
    QStringList seen;
    sqlite3_trace_v2(
        static_cast<sqlite3 *>(session->handle()), SQLITE_TRACE_STMT,
        [](unsigned, void *list, void *statement, void *) {
            static_cast<QStringList *>(list)->append(
                QString::fromUtf8(sqlite3_sql(static_cast<sqlite3_stmt *>(statement))));
            return 0;
        },
        &seen);
    JobFilter filter;
    VERIFY_OK(jobs(*session, filter));
    filter.newestFirst = true;
    VERIFY_OK(jobs(*session, filter));
    VERIFY_OK(changedSince(*session, {}, 1)); // a full page: what changed with its last row comes with it
    VERIFY_OK(heldCopiesOfUrl(*session, u"x"_s));
    sqlite3_trace_v2(static_cast<sqlite3 *>(session->handle()), 0, nullptr, nullptr);
    QCOMPARE(seen.size(), 5);
    const OtherProgram program(scratch.path());
    const QStringList indexes{u"ingather_added"_s, u"ingather_added"_s, u"ingather_changed"_s,
                              u"ingather_changed"_s, u"ingather_held_urls"_s};
    for (int i = 0; i < indexes.size(); ++i) {
        static const QRegularExpression parameter(u"\\?[0-9]*"_s);
        const QString plan =
            program.rows(u"EXPLAIN QUERY PLAN "_s + seen[i].replace(parameter, u"1"_s)).join(u'\n');
        QVERIFY2(plan.contains(indexes.at(i)), qPrintable(plan));
    }
}

void TestQueries::findsByPrefix_data()
{
    QTest::addColumn<QString>("prefix");
    QTest::addColumn<QString>("id");
    QTest::newRow("a whole id") << u"abc1"_s << u"abc1"_s;
    QTest::newRow("a whole id that is another's prefix") << u"abc"_s << u"abc"_s;
    QTest::newRow("enough to tell it") << u"x"_s << u"x%_y"_s;
    QTest::newRow("not enough to tell") << u"ab"_s << QString();
    QTest::newRow("of nobody") << u"q"_s << QString();
    QTest::newRow("nothing") << QString() << QString();
    QTest::newRow("wildcards mean themselves") << u"%"_s << QString();
    QTest::newRow("wildcards mean themselves inside") << u"x%_"_s << u"x%_y"_s;
    QTest::newRow("beyond the BMP") << u"😀"_s << u"😀1"_s;
}

void TestQueries::findsByPrefix()
{
    QFETCH(QString, prefix);
    QFETCH(QString, id);
    Scratch scratch;
    const auto session = scratch.open();
    const OtherProgram program(scratch.path());
    for (const QString &known : {u"abc"_s, u"abc1"_s, u"abd"_s, u"x%_y"_s, u"😀1"_s})
        QCOMPARE(program.run(
                     u"INSERT INTO artifact_jobs(job_id, work_id, artifact_id, canonical_url, created_at, "
                     "updated_at, idempotency_key) VALUES ('%1', '%1', 'a', 'u', 1, 1, '%1')"_s.arg(known)),
                 SQLITE_OK);
    const auto found = jobByPrefix(*session, prefix);
    VERIFY_OK(found);
    QCOMPARE(found->has_value() ? (*found)->value : QString(), id);
}

void TestQueries::feedMissesNothing()
{
    Scratch scratch;
    const auto session = scratch.open();
    core::UnixTime cursor;
    const auto poll = [&] {
        const auto changes = changedSince(*session, cursor, 100);
        if (!changes)
            qFatal("%s", why(changes).constData());
        if (!changes->isEmpty())
            cursor = changes->last().updatedAt;
        return urls(*changes);
    };
    QCOMPARE(poll(), QStringList());
    planned(*session, requests(3));
    QCOMPARE(poll(),
             QStringList({request(0).canonicalUrl, request(1).canonicalUrl, request(2).canonicalUrl}));
    QCOMPARE(poll(), QStringList());
    const ClaimedJob job = claimOne(*session, 1);
    QCOMPARE(poll(), QStringList{request(1).canonicalUrl});
    scratch.clock.jump(-1000);
    VERIFY_OK(transact(*session, [&](Session &s) { return release(s, {job.lease, {}, {}, {}}); }));
    QCOMPARE(poll(), QStringList{request(1).canonicalUrl});
    VERIFY_OK(transact(*session, [&](Session &s) {
        return renew(s, u"owner-a"_s, {job.job.id}, std::chrono::seconds(30));
    }));
    QCOMPARE(poll(), QStringList());
}

void TestQueries::feedNeverSplitsATransaction()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, requests(2));
    planned(*session, {request(50)});
    QCOMPARE(OtherProgram(scratch.path()).run(u"UPDATE artifact_jobs SET updated_at = 5 WHERE rowid <= 2"_s),
             SQLITE_OK);
    const auto first = changedSince(*session, {}, 1);
    VERIFY_OK(first);
    QCOMPARE(first->size(), 2);
    const auto second = changedSince(*session, first->last().updatedAt, 1);
    VERIFY_OK(second);
    QCOMPARE(urls(*second), QStringList{request(50).canonicalUrl});
}

void TestQueries::feedCostsWhatHasChanged()
{
    // Steps of SQLite's machine for one look, with ten times the jobs: no clock is asked.
    Scratch scratch;
    const auto session = scratch.open();
    int made = 0;
    const auto planUpTo = [&](int count) {
        QList<JobRequest> list;
        for (; made < count; ++made)
            list.append(request(made));
        planned(*session, list);
    };
    const auto stepsOfALook = [&] {
        auto *connection = static_cast<sqlite3 *>(session->handle());
        const auto steps = [connection](bool isReset) {
            qint64 sum = 0;
            for (auto *at = sqlite3_next_stmt(connection, nullptr); at;
                 at = sqlite3_next_stmt(connection, at))
                sum += sqlite3_stmt_status(at, SQLITE_STMTSTATUS_VM_STEP, isReset ? 1 : 0);
            return sum;
        };
        JobFilter newest;
        newest.limit = 1;
        newest.newestFirst = true;
        const core::UnixTime last = jobs(*session, newest)->first().updatedAt;
        const auto change = transact(*session, [](Session &s) {
            return s.run("UPDATE artifact_jobs SET updated_at = updated_at + 1 WHERE rowid <= 3");
        });
        if (!change)
            qFatal("%s", why(change).constData());
        steps(true);
        const auto changes = changedSince(*session, last - 1e-5, 2);
        const auto version = dataVersion(*session);
        if (!changes || changes->size() < 2 || !version)
            qFatal("%s %s", why(changes).constData(), why(version).constData());
        return steps(false);
    };
    planUpTo(500);
    const qint64 few = stepsOfALook();
    planUpTo(5000);
    const qint64 many = stepsOfALook();
    QVERIFY2(few > 0 && many < 2 * few, qPrintable(u"%1, then %2 steps"_s.arg(few).arg(many)));
}

void TestQueries::countsStates()
{
    Scratch scratch;
    const auto session = scratch.open();
    QCOMPARE(status(*session)->unfinished, 0);
    planned(*session, requests(10));
    const OtherProgram program(scratch.path());
    for (const char *change :
         {"state = 'INDEXED' WHERE canonical_url LIKE '%/0.pdf'",
          "state = 'FAILED', done_at = 1 WHERE canonical_url LIKE '%/1.pdf'",
          "state = 'FAILED', next_attempt_at = 9e9 WHERE canonical_url LIKE '%/2.pdf'",
          "hold = 'PAUSED' WHERE canonical_url LIKE '%/3.pdf'",
          "removed_at = 1 WHERE canonical_url LIKE '%/4.pdf'",
          "state = 'LEASED', lease_owner = 'x', lease_until = 1 WHERE canonical_url LIKE '%/5.pdf'"})
        QCOMPARE(program.run(u"UPDATE artifact_jobs SET "_s + QLatin1StringView(change)), SQLITE_OK);
    claimOne(*session, 6); // frees the expired lease of 5
    QCOMPARE(
        program.run(
            u"UPDATE artifact_jobs SET lease_owner = 'x', lease_until = 1 WHERE canonical_url LIKE '%/7.pdf'"_s),
        SQLITE_OK);
    const auto now = status(*session);
    VERIFY_OK(now);
    QCOMPARE(now->states.value(JobState::Indexed), 1);
    QCOMPARE(now->states.value(JobState::Failed), 2);
    QCOMPARE(now->states.value(JobState::Leased), 1);
    QCOMPARE(now->states.value(JobState::Planned), 5);
    QCOMPARE(now->held, 1);
    QCOMPARE(now->failedForGood, 1);
    QCOMPARE(now->activeLeases, 1);
    QCOMPARE(now->expiredLeases, 1);
    QCOMPARE(now->unfinished, 6);
}

void TestQueries::heldCopiesBestFirst()
{
    Scratch scratch;
    const auto session = scratch.open();
    for (const QString &work : {u"w1"_s, u"w2"_s, u"w3"_s, u"w4"_s}) {
        JobRequest wanted = request(1, u"/"_s + work);
        wanted.workId = work;
        planned(*session, {wanted});
    }
    const OtherProgram program(scratch.path());
    for (const char *change :
         {"state = 'DEDUPED', final_path = 'a', verification = 'verified' WHERE work_id = 'w1'",
          "state = 'INDEXED', final_path = 'b', verification = 'unknown' WHERE work_id = 'w2'",
          "state = 'INDEXED', final_path = 'c', verification = 'verified' WHERE work_id = 'w3'",
          "state = 'INDEXED' WHERE work_id = 'w4'"})
        QCOMPARE(program.run(u"UPDATE artifact_jobs SET "_s + QLatin1StringView(change)), SQLITE_OK);
    const auto held = heldCopiesOfUrl(*session, request(1).canonicalUrl);
    VERIFY_OK(held);
    QStringList order;
    for (const JobRecord &record : *held)
        order.append(record.workId);
    QCOMPARE(order, QStringList({u"w3"_s, u"w2"_s, u"w1"_s}));
}

void TestQueries::dataVersionTellsOfOthers()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto reader = Session::open(scratch.readOptions());
    VERIFY_OK(reader);
    const auto before = dataVersion(**reader);
    VERIFY_OK(before);
    QCOMPARE(*dataVersion(**reader), *before);
    planned(*session, {request(1)});
    QVERIFY(*dataVersion(**reader) != *before);
}

void TestQueries::roundTrips_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("stored");
    const auto same = [](const char *name, const QString &text) { QTest::newRow(name) << text << text; };
    same("SQL in a value", u"'); DROP TABLE artifact_jobs; --"_s);
    same("a NUL inside", u"a\0b"_s);
    same("beyond the BMP", u"😀 and 𝔘"_s);
    same("precomposed letters stay so", u"\u00e9"_s);
    same("decomposed letters stay so", u"e\u0301"_s);
    same("bidi and controls", u"\u202e\u0001\n\t"_s);
    same("1 MiB", QString(1 << 20, u'\u4e2d'));
    same("placeholders", u"? :a @1 %1"_s);
    QTest::newRow("a lone high surrogate is replaced") << u"a"_s + QChar(0xd800) + u"b"_s << u"a\ufffdb"_s;
    QTest::newRow("a lone low surrogate is replaced") << u"a"_s + QChar(0xdc00) + u"b"_s << u"a\ufffdb"_s;
    QTest::newRow("a high surrogate at the end is replaced") << u"a"_s + QChar(0xd83d) << u"a\ufffd"_s;
}

void TestQueries::roundTrips()
{
    QFETCH(QString, text);
    QFETCH(QString, stored);
    Scratch scratch;
    const auto session = scratch.open();
    JobRequest wanted = request(1, u"/root"_s);
    wanted.sourceUrl = text;
    wanted.fileName = text;
    wanted.batchId = text;
    wanted.host = text;
    wanted.workId = u"w"_s + text;
    const core::JobId id = plannedId(*session, wanted);
    const JobRecord record = reread(*session, id);
    QVERIFY(record.sourceUrl == stored);
    QVERIFY(record.fileName == stored);
    QVERIFY(record.batchId == stored);
    QVERIFY(record.host == stored);
    QVERIFY(record.workId == u"w"_s + stored);
    QCOMPARE(planned(*session, {wanted}).first().outcome, PlanOutcome::Known);
    ClaimRequest this1;
    this1.onlyThese = {id};
    QCOMPARE(claimed(*session, this1)->size(), 1);
}

QTEST_GUILESS_MAIN(TestQueries)
#include "tst_queries.moc"
