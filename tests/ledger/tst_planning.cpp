// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "core/keys.h"
#include "ledger/wishes.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

Q_DECLARE_METATYPE(PlanOutcome)

class TestPlanning : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesWhatWasAsked();
    void isIdempotent();
    void knowsTwinsWithinOneCall();
    void keepsTheOrderOfAList();
    void rulesOfAgain_data();
    void rulesOfAgain();
    void whatIsDoneIsAskedForAgain();
    void anotherFolderTwiceIsOneJob();
    void showsARemovedJobAgain();
    void givesAFolderToAJobWithout();
    void findsARowWhoseKeyIsOfAnotherMake();
    void signsItsRows();
    void writesAListBackInOneGo();
    void refusesAnEmptyUrl();
    void sharesRoots();
};

void TestPlanning::writesWhatWasAsked()
{
    Scratch scratch;
    const auto session = scratch.open();
    JobRequest wanted = request(1, u"/data/papers"_s);
    wanted.sourceUrl = u"HTTPS://Example.ORG/1.pdf#page=2"_s;
    wanted.fileName = u"one.pdf"_s;
    wanted.expectedDigest = u"sha256:00"_s;
    wanted.expectType = u"application/pdf"_s;
    wanted.priority = 7;
    wanted.maxAttempts = 3;
    wanted.segments = 4;
    wanted.batchId = u"batch"_s;
    const PlannedJob made = planned(*session, {wanted}).first();
    QCOMPARE(made.outcome, PlanOutcome::Added);
    const JobRecord record = reread(*session, made.job.id);
    QCOMPARE(record.canonicalUrl, wanted.canonicalUrl);
    QCOMPARE(record.sourceUrl, wanted.sourceUrl);
    QCOMPARE(record.host, wanted.host);
    QCOMPARE(record.workId, core::defaultWorkId(wanted.canonicalUrl));
    QCOMPARE(record.artifactId, u"file"_s);
    QCOMPARE(record.idempotencyKey, core::jobKey(record.workId, record.artifactId, record.canonicalUrl));
    QCOMPARE(record.id, core::jobIdForKey(record.idempotencyKey));
    QCOMPARE(record.state, JobState::Planned);
    QCOMPARE(record.rootPath, wanted.rootPath);
    QCOMPARE(record.fileName, wanted.fileName);
    QCOMPARE(record.expectedDigest, wanted.expectedDigest);
    QCOMPARE(record.expectType, wanted.expectType);
    QCOMPARE(record.priority, 7);
    QCOMPARE(record.maxAttempts, std::optional<int>(3));
    QCOMPARE(record.segments, 4);
    QCOMPARE(record.batchId, u"batch"_s);
    QCOMPARE(record.createdAt, scratch.clock.now());
    QCOMPARE(record.attempts, 0);
    QVERIFY(record.leaseOwner.isEmpty() && !record.leaseUntil && !record.doneAt && !record.bytesTotal);
    QVERIFY(made.job == record);
    const PlannedJob bare = planned(*session, {request(2, {})}).first();
    QVERIFY(bare.job == reread(*session, bare.job.id));
}

void TestPlanning::isIdempotent()
{
    Scratch scratch;
    const auto session = scratch.open();
    const PlannedJob first = planned(*session, {request(1)}).first();
    scratch.clock.advance(10);
    const PlannedJob second = planned(*session, {request(1)}).first();
    QCOMPARE(first.outcome, PlanOutcome::Added);
    QCOMPARE(second.outcome, PlanOutcome::Known);
    QCOMPARE(second.job.id, first.job.id);
    QCOMPARE(second.job.updatedAt, first.job.updatedAt);
    QCOMPARE(jobs(*session, {})->size(), 1);
}

void TestPlanning::knowsTwinsWithinOneCall()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto both = planned(*session, {request(1), request(1)});
    QCOMPARE(both.at(1).outcome, PlanOutcome::Known);
    QCOMPARE(both.at(0).job.id, both.at(1).job.id);
}

void TestPlanning::keepsTheOrderOfAList()
{
    Scratch scratch;
    const auto session = scratch.open();
    QList<JobRequest> list;
    for (int i = 0; i < 200; ++i)
        list.append(request(i));
    planned(*session, list);
    const auto all = jobs(*session, {});
    VERIFY_OK(all);
    for (int i = 0; i < 200; ++i)
        QCOMPARE(all->at(i).canonicalUrl, list.at(i).canonicalUrl);
    ClaimRequest some;
    some.limit = 50;
    const auto claims = claimed(*session, some);
    VERIFY_OK(claims);
    for (int i = 0; i < 50; ++i)
        QCOMPARE(claims->at(i).job.canonicalUrl, list.at(i).canonicalUrl);
}

void TestPlanning::rulesOfAgain_data()
{
    QTest::addColumn<QString>("change"); // what has become of the known job
    QTest::addColumn<QString>("folder"); // asked for now; planned into /root
    QTest::addColumn<PlanOutcome>("outcome");
    QTest::addColumn<bool>("isSameJob");
    const QString done = u"state = 'INDEXED', done_at = 5, final_path = '1.pdf'"_s;

    QTest::newRow("unfinished is the same job")
        << u"state = 'STREAMING'"_s << u"/root"_s << PlanOutcome::Known << true;
    QTest::newRow("unfinished is the same job in any folder")
        << u"state = 'STREAMING'"_s << u"/other"_s << PlanOutcome::Known << true;
    QTest::newRow("failed with tries left is the same job")
        << u"state = 'FAILED', next_attempt_at = 9e9"_s << u"/root"_s << PlanOutcome::Known << true;
    QTest::newRow("failed for good is told")
        << u"state = 'FAILED', done_at = 5"_s << u"/root"_s << PlanOutcome::FailedForGood << true;
    QTest::newRow("failed for good is told in any folder")
        << u"state = 'FAILED', done_at = 5"_s << u"/other"_s << PlanOutcome::FailedForGood << true;
    QTest::newRow("paused is told") << u"hold = 'PAUSED'"_s << u"/root"_s << PlanOutcome::Held << true;
    QTest::newRow("cancelled is told") << u"hold = 'CANCELLED'"_s << u"/root"_s << PlanOutcome::Held << true;
    QTest::newRow("done in the same folder says where")
        << done << u"/root"_s << PlanOutcome::AlreadyDone << true;
    QTest::newRow("done and no folder asked for says where")
        << done << QString() << PlanOutcome::AlreadyDone << true;
    QTest::newRow("done in another folder is a second artifact")
        << done << u"/other"_s << PlanOutcome::AddedInFolder << false;
    QTest::newRow("skipped as a duplicate counts as done")
        << u"state = 'SKIPPED_DUPLICATE', done_at = 5"_s << u"/root"_s << PlanOutcome::AlreadyDone << true;
    QTest::newRow("finished by v1 counts as done")
        << u"state = 'FINALIZED', done_at = 5, verification = 'legacy'"_s << u"/root"_s
        << PlanOutcome::AlreadyDone << true;
}

void TestPlanning::rulesOfAgain()
{
    QFETCH(QString, change);
    QFETCH(QString, folder);
    QFETCH(PlanOutcome, outcome);
    QFETCH(bool, isSameJob);
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId known = plannedId(*session, request(1));
    QCOMPARE(OtherProgram(scratch.path()).run(u"UPDATE artifact_jobs SET "_s + change), SQLITE_OK);
    const PlannedJob again = planned(*session, {request(1, folder)}).first();
    QCOMPARE(again.outcome, outcome);
    QCOMPARE(again.job.id == known, isSameJob);
    if (!isSameJob) {
        QCOMPARE(again.job.artifactId, core::artifactIdForFolder(folder));
        QCOMPARE(again.job.rootPath, folder);
        QCOMPARE(again.job.state, JobState::Planned);
    }
    QCOMPARE(jobs(*session, {})->size(), isSameJob ? 1 : 2);
}

void TestPlanning::whatIsDoneIsAskedForAgain()
{
    Scratch scratch;
    const auto session = scratch.open();
    const OtherProgram other(scratch.path());
    const auto refreshed = [&session](const QString &folder = u"/root"_s) {
        JobRequest asked = request(1, folder);
        asked.refresh = true;
        return planned(*session, {asked}).first();
    };
    const core::JobId first = refreshed().job.id; // nothing is done yet
    QCOMPARE(refreshed().outcome, PlanOutcome::Known);
    QCOMPARE(other.run(u"UPDATE artifact_jobs SET state = 'INDEXED', done_at = 5"_s), SQLITE_OK);

    const PlannedJob second = refreshed();
    QCOMPARE(second.outcome, PlanOutcome::AddedVersion);
    QCOMPARE(second.job.artifactId, u"file@v2"_s);
    QVERIFY(second.job.id != first);
    QCOMPARE(refreshed().outcome, PlanOutcome::Known);
    QCOMPARE(refreshed().job.id, second.job.id);
    // Found unchanged: the same job asks the next time.
    QCOMPARE(
        other.run(
            u"UPDATE artifact_jobs SET state = 'SKIPPED_DUPLICATE', done_at = 6 WHERE done_at IS NULL"_s),
        SQLITE_OK);
    const PlannedJob again = refreshed();
    QCOMPARE(again.outcome, PlanOutcome::AskedAgain);
    QCOMPARE(again.job.id, second.job.id);
    QCOMPARE(again.job.generation, 1);
    QCOMPARE(again.job.state, JobState::Planned);
    // It fetched something: the next version is another job.
    QCOMPARE(other.run(u"UPDATE artifact_jobs SET state = 'INDEXED', done_at = 7 WHERE done_at IS NULL"_s),
             SQLITE_OK);
    QCOMPARE(refreshed().job.artifactId, u"file@v3"_s);
    // In a folder where it is not yet, the server is asked before anything is copied.
    QCOMPARE(refreshed(u"/other"_s).job.artifactId, core::artifactIdForFolder(u"/other"_s) + u"@v2"_s);
    QCOMPARE(jobs(*session, {})->size(), 4);
}

void TestPlanning::anotherFolderTwiceIsOneJob()
{
    Scratch scratch;
    const auto session = scratch.open();
    plannedId(*session, request(1));
    const OtherProgram other(scratch.path());
    QCOMPARE(other.run(u"UPDATE artifact_jobs SET state = 'INDEXED', done_at = 5"_s), SQLITE_OK);
    const auto both = planned(*session, {request(1, u"/other"_s), request(1, u"/other"_s)});
    QCOMPARE(both.at(0).outcome, PlanOutcome::AddedInFolder);
    QCOMPARE(both.at(1).outcome, PlanOutcome::Known);
    QCOMPARE(both.at(1).job.id, both.at(0).job.id);
    QCOMPARE(other.run(u"UPDATE artifact_jobs SET state = 'DEDUPED', done_at = 6 WHERE done_at IS NULL"_s),
             SQLITE_OK);
    const PlannedJob third = planned(*session, {request(1, u"/other"_s)}).first();
    QCOMPARE(third.outcome, PlanOutcome::AlreadyDone);
    QCOMPARE(third.job.id, both.at(0).job.id);
}

void TestPlanning::showsARemovedJobAgain()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1));
    QCOMPARE(OtherProgram(scratch.path()).run(u"UPDATE artifact_jobs SET removed_at = 5"_s), SQLITE_OK);
    QCOMPARE(jobs(*session, {})->size(), 0);
    const PlannedJob again = planned(*session, {request(1)}).first();
    QCOMPARE(again.job.id, id);
    QVERIFY(!again.job.removedAt);
    QVERIFY(!reread(*session, id).removedAt);
    QCOMPARE(jobs(*session, {})->size(), 1);
}

void TestPlanning::givesAFolderToAJobWithout()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1, {}));
    QVERIFY(!reread(*session, id).rootId);
    QCOMPARE(planned(*session, {request(1, u"/root"_s)}).first().job.rootPath, u"/root"_s);
    QCOMPARE(reread(*session, id).rootPath, u"/root"_s);
}

void TestPlanning::findsARowWhoseKeyIsOfAnotherMake()
{
    Scratch scratch;
    const auto session = scratch.open();
    const core::JobId id = plannedId(*session, request(1));
    QCOMPARE(OtherProgram(scratch.path()).run(u"UPDATE artifact_jobs SET idempotency_key = 'other'"_s),
             SQLITE_OK);
    QCOMPARE(planned(*session, {request(1)}).first().job.id, id);
}

void TestPlanning::signsItsRows()
{
    Scratch scratch;
    const auto session = scratch.open();
    planned(*session, {request(1), request(2, {})});
    VERIFY_OK(session->begin());
    static constexpr char unsound[] =
        "SELECT count(*) FROM artifact_jobs WHERE row_sum IS NULL OR row_sum <> ingather_row_sum(job_id, "
        "work_id, "
        "artifact_id, canonical_url, idempotency_key, created_at, source_url, root_id, file_name, "
        "final_path, "
        "bytes_total, sha256, expected_digest, content_type, verification, generation)";
    const auto count = [&] {
        const auto rows = session->prepare(unsound);
        if (!rows || !session->exec(**rows, "count") || !(*rows)->next())
            return -1;
        const int n = (*rows)->value(0).toInt();
        (*rows)->finish();
        return n;
    };
    QCOMPARE(count(), 0);
    VERIFY_OK(session->run("UPDATE artifact_jobs SET source_url = 'x' || source_url WHERE root_id IS NULL"));
    QCOMPARE(count(), 1);
    session->rollback();
}

void TestPlanning::writesAListBackInOneGo()
{
    constexpr int page = 600;
    Scratch scratch;
    const auto session = scratch.open();
    const auto sizeOf = [&](const QString &suffix) { return QFileInfo(scratch.path() + suffix).size(); };
    const qint64 before = sizeOf({});
    QList<JobRequest> list;
    for (int i = 0; i < 6 * page; ++i)
        list.append(request(i));
    for (int first = 0; first < list.size(); first += page)
        planned(*session, list.mid(first, page));
    QVERIFY(sizeOf(u"-wal"_s) > qint64{1000} * 4096); // where it is written back else
    QCOMPARE(sizeOf({}), before);
    planned(*session, {request(6 * page)});
    QVERIFY(sizeOf({}) > before);
}

void TestPlanning::refusesAnEmptyUrl()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto outcome = transact(*session, [](Session &s) { return plan(s, {request(1), JobRequest()}); });
    COMPARE_ERROR(outcome, ErrorCode::InvalidArgument);
    QCOMPARE(jobs(*session, {})->size(), 0);
}

void TestPlanning::sharesRoots()
{
    Scratch scratch;
    const auto session = scratch.open();
    const auto two = planned(*session, {request(1), request(2)});
    QCOMPARE(two.at(0).job.rootId, two.at(1).job.rootId);
    QVERIFY(planned(*session, {request(3, u"/other"_s)}).first().job.rootId != two.at(0).job.rootId);
}

QTEST_GUILESS_MAIN(TestPlanning)
#include "tst_planning.moc"
