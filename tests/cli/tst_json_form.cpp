// SPDX-License-Identifier: MIT
#include "cli/json_form.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QtTest>

using namespace ingather;
using namespace ingather::cli;

namespace
{

QStringList sorted(QStringList list)
{
    list.sort();
    return list;
}

engine::JobSnapshot bareJob()
{
    engine::JobSnapshot job;
    job.id = {QStringLiteral("11111111-2222-5333-8444-555555555555")};
    job.workId = QStringLiteral("url:00");
    job.artifactId = QStringLiteral("file");
    job.url = QStringLiteral("http://a/b");
    return job;
}

engine::AddAnswer answer(engine::AddOutcome outcome)
{
    engine::AddAnswer result;
    result.url = QStringLiteral("http://A/b");
    result.outcome = outcome;
    result.job = bareJob();
    return result;
}

} // namespace

class TestJsonForm : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aJobHasTheColumnsOfTheLedger();
    void whatIsNotKnownIsNull();
    void largeNumbersStayExact();
    void anOperationCarriesItsJsonAsValues();
    void anEventHasItsColumns();
    void hostKeysAreTheColumns();
    void statusNamesEveryState();
    void answersHaveTheKeysOfTheContract();
    void onlyNewJobsAreNew_data();
    void onlyNewJobsAreNew();
    void aRejectedUrlHasNoJob();
    void importCountsAndSaysWhy();
    void wishesNameTheJobs();
};

void TestJsonForm::aJobHasTheColumnsOfTheLedger()
{
    const QStringList columns{
        QStringLiteral("job_id"),
        QStringLiteral("work_id"),
        QStringLiteral("artifact_id"),
        QStringLiteral("canonical_url"),
        QStringLiteral("source_url"),
        QStringLiteral("state"),
        QStringLiteral("hold"),
        QStringLiteral("lease_owner"),
        QStringLiteral("lease_until"),
        QStringLiteral("created_at"),
        QStringLiteral("updated_at"),
        QStringLiteral("done_at"),
        QStringLiteral("fence"),
        QStringLiteral("attempts"),
        QStringLiteral("max_attempts"),
        QStringLiteral("crashes"),
        QStringLiteral("next_attempt_at"),
        QStringLiteral("priority"),
        QStringLiteral("generation"),
        QStringLiteral("host"),
        QStringLiteral("error_code"),
        QStringLiteral("error_detail"),
        QStringLiteral("root"),
        QStringLiteral("file_name"),
        QStringLiteral("final_path"),
        QStringLiteral("expected_digest"),
        QStringLiteral("bytes_total"),
        QStringLiteral("bytes_done"),
        QStringLiteral("sha256"),
        QStringLiteral("content_type"),
        QStringLiteral("verification"),
    };
    QCOMPARE(sorted(jobJson(bareJob()).keys()), sorted(columns));

    engine::JobSnapshot job = bareJob();
    job.state = core::JobState::HeadDone;
    job.hold = core::Hold::Paused;
    job.folder = QStringLiteral("/d");
    job.finalPath = QStringLiteral("b.pdf");
    job.leaseUntil = core::UnixTime{1760000000.25};
    job.bytesTotal = 0;
    const QJsonObject json = jobJson(job);
    QCOMPARE(json.value(QStringLiteral("job_id")).toString(), job.id.value);
    QCOMPARE(json.value(QStringLiteral("state")).toString(), QStringLiteral("HEAD_DONE"));
    QCOMPARE(json.value(QStringLiteral("hold")).toString(), QStringLiteral("PAUSED"));
    QCOMPARE(json.value(QStringLiteral("root")).toString(), QStringLiteral("/d"));
    QCOMPARE(json.value(QStringLiteral("final_path")).toString(), QStringLiteral("b.pdf"));
    QCOMPARE(json.value(QStringLiteral("lease_until")).toDouble(), 1760000000.25);
    QVERIFY(json.value(QStringLiteral("bytes_total")).isDouble());
}

void TestJsonForm::whatIsNotKnownIsNull()
{
    const QJsonObject json = jobJson(bareJob());
    for (const char *key : {"hold", "lease_owner", "lease_until", "done_at", "max_attempts", "error_code",
                            "root", "final_path", "bytes_total", "sha256"})
        QVERIFY2(json.value(QLatin1StringView(key)).isNull(), key);
    QCOMPARE(json.value(QStringLiteral("next_attempt_at")).toDouble(-1), 0.0);
}

void TestJsonForm::largeNumbersStayExact()
{
    engine::JobSnapshot job = bareJob();
    job.fence = core::Fence{(qint64(3) << 32) + 7};
    job.bytesTotal = 9'007'199'254'740'993; // 2^53 + 1: no double holds it
    const QByteArray text = QJsonDocument(jobJson(job)).toJson(QJsonDocument::Compact);
    QVERIFY2(text.contains("\"fence\":12884901895"), text.constData());
    QVERIFY2(text.contains("\"bytes_total\":9007199254740993"), text.constData());
}

void TestJsonForm::anOperationCarriesItsJsonAsValues()
{
    engine::OpSnapshot op;
    op.opKey = QStringLiteral("ab");
    op.type = core::OpType::Stream;
    op.phase = core::OpPhase::Done;
    op.attempt = 2;
    op.intent = {{QStringLiteral("etag"), QStringLiteral("\"x\"")}};
    op.result = {{QStringLiteral("bytes"), 5}};
    const QJsonObject json = opJson(op);
    QCOMPARE(sorted(json.keys()),
             sorted({QStringLiteral("op_key"), QStringLiteral("job_id"), QStringLiteral("op_type"),
                     QStringLiteral("phase"), QStringLiteral("attempt"), QStringLiteral("fence"),
                     QStringLiteral("owner"), QStringLiteral("started_at"), QStringLiteral("finished_at"),
                     QStringLiteral("result_code"), QStringLiteral("intent_json"),
                     QStringLiteral("result_json")}));
    QCOMPARE(json.value(QStringLiteral("op_type")).toString(), QStringLiteral("STREAM"));
    QCOMPARE(json.value(QStringLiteral("phase")).toString(), QStringLiteral("DONE"));
    QCOMPARE(json.value(QStringLiteral("intent_json")).toObject(), op.intent);
    QCOMPARE(json.value(QStringLiteral("result_json")).toObject().value(QStringLiteral("bytes")).toInt(), 5);
    QVERIFY(json.value(QStringLiteral("finished_at")).isNull());
}

void TestJsonForm::anEventHasItsColumns()
{
    engine::EventSnapshot event;
    event.seq = 4;
    event.event = QStringLiteral("claim");
    QCOMPARE(sorted(eventJson(event).keys()),
             sorted({QStringLiteral("seq"), QStringLiteral("at"), QStringLiteral("job_id"),
                     QStringLiteral("op_key"), QStringLiteral("op_type"), QStringLiteral("attempt"),
                     QStringLiteral("fence"), QStringLiteral("owner"), QStringLiteral("event"),
                     QStringLiteral("code"), QStringLiteral("detail")}));
}

void TestJsonForm::hostKeysAreTheColumns()
{
    engine::HostSnapshot host;
    host.host = QStringLiteral("a.example");
    host.failures = 2;
    const QJsonObject json = hostJson(host);
    QCOMPARE(sorted(json.keys()), sorted({QStringLiteral("host"), QStringLiteral("failures"),
                                          QStringLiteral("not_before"), QStringLiteral("error_code"),
                                          QStringLiteral("accepts_ranges"), QStringLiteral("updated_at")}));
    QVERIFY(json.value(QStringLiteral("accepts_ranges")).isNull());
    QVERIFY(json.value(QStringLiteral("error_code")).isNull());
    host.acceptsRanges = false;
    QCOMPARE(hostJson(host).value(QStringLiteral("accepts_ranges")), QJsonValue(false));
}

void TestJsonForm::statusNamesEveryState()
{
    engine::StatusSnapshot status;
    status.states.insert(core::JobState::Indexed, 12);
    status.held = 3;
    status.activeLeases = 2;
    status.expiredLeases = 1;
    status.waitingForNetwork = 4;
    status.volumes = {{QStringLiteral("/mnt/papers"), {}, QStringLiteral("disk_full"), {1.5}, 7}};
    const QByteArray text = QJsonDocument(statusJson(status)).toJson(QJsonDocument::Compact);
    QCOMPARE(text,
             QByteArray(
                 "{\"held\":3,\"leases\":{\"active\":2,\"expired\":1},\"states\":{\"DEDUPED\":0,\"FAILED\":0,"
                 "\"FINALIZED\":0,\"HEAD_DONE\":0,\"INDEXED\":12,\"LEASED\":0,\"PLANNED\":0,"
                 "\"RESUME_OK\":0,\"SKIPPED_DUPLICATE\":0,\"STREAMING\":0},\"volumes\":[{\"code\":\"disk_"
                 "full\",\"jobs\":7,"
                 "\"root\":\"/mnt/papers\",\"until\":1.5}],\"waiting_for_network\":4}"));
}

void TestJsonForm::answersHaveTheKeysOfTheContract()
{
    const QJsonObject json =
        answersJson({answer(engine::AddOutcome::Added), answer(engine::AddOutcome::Known)});
    QCOMPARE(json.keys(), QStringList{QStringLiteral("jobs")});
    const QJsonArray jobs = json.value(QStringLiteral("jobs")).toArray();
    QCOMPARE(jobs.size(), 2);
    const QJsonObject first = jobs.at(0).toObject();
    QCOMPARE(sorted(first.keys()),
             sorted({QStringLiteral("job_id"), QStringLiteral("url"), QStringLiteral("new"),
                     QStringLiteral("state"), QStringLiteral("final_path"), QStringLiteral("error_code")}));
    QCOMPARE(first.value(QStringLiteral("job_id")).toString(), bareJob().id.value);
    QCOMPARE(first.value(QStringLiteral("state")).toString(), QStringLiteral("PLANNED"));
    QVERIFY(first.value(QStringLiteral("final_path")).isNull());
    QVERIFY(first.value(QStringLiteral("error_code")).isNull());
}

void TestJsonForm::onlyNewJobsAreNew_data()
{
    QTest::addColumn<int>("outcome");
    QTest::addColumn<bool>("repeated");
    QTest::addColumn<bool>("isNew");
    using engine::AddOutcome;
    QTest::newRow("added") << int(AddOutcome::Added) << false << true;
    QTest::newRow("filed from the held copy") << int(AddOutcome::AddedFromHeld) << false << true;
    QTest::newRow("a newer version") << int(AddOutcome::AddedVersion) << false << true;
    QTest::newRow("asked for a newer version again") << int(AddOutcome::AskedAgain) << false << false;
    QTest::newRow("named a second time") << int(AddOutcome::Added) << true << false;
    QTest::newRow("known") << int(AddOutcome::Known) << false << false;
    QTest::newRow("done already") << int(AddOutcome::AlreadyDone) << false << false;
    QTest::newRow("planned again") << int(AddOutcome::Retried) << false << false;
}

void TestJsonForm::onlyNewJobsAreNew()
{
    QFETCH(int, outcome);
    QFETCH(bool, repeated);
    engine::AddAnswer given = answer(engine::AddOutcome(outcome));
    given.isRepeated = repeated;
    const QJsonObject job = answersJson({given}).value(QStringLiteral("jobs")).toArray().at(0).toObject();
    QTEST(job.value(QStringLiteral("new")).toBool(), "isNew");
}

void TestJsonForm::aRejectedUrlHasNoJob()
{
    engine::AddAnswer given;
    given.url = QStringLiteral("http://a/b");
    given.error = core::Error{core::ErrorCode::FolderMissing, {}, 0, QStringLiteral("/nowhere")};
    const QJsonObject job = answersJson({given}).value(QStringLiteral("jobs")).toArray().at(0).toObject();
    QVERIFY(job.value(QStringLiteral("job_id")).isNull());
    QVERIFY(job.value(QStringLiteral("state")).isNull());
    QCOMPARE(job.value(QStringLiteral("error_code")).toString(), QStringLiteral("folder_missing"));
}

void TestJsonForm::importCountsAndSaysWhy()
{
    ImportCount count;
    count.added = 5;
    count.existing = 2;
    count.rejected.append(
        {7,
         QStringLiteral("ftp://a/b"),
         {core::ErrorCode::UnsupportedScheme, {}, 0, QStringLiteral("ftp is not fetched")}});
    const QByteArray text = QJsonDocument(importJson(count)).toJson(QJsonDocument::Compact);
    QCOMPARE(
        text,
        QByteArray(
            "{\"added\":5,\"existing\":2,\"rejected\":[{\"line\":7,\"reason\":\"Only http and https "
            "addresses can be fetched (unsupported_scheme: ftp is not fetched)\",\"text\":\"ftp://a/b\"}]}"));
}

void TestJsonForm::wishesNameTheJobs()
{
    engine::WishAnswer given;
    given.changed = {{QStringLiteral("a")}};
    given.unchanged = {{QStringLiteral("b")}, {QStringLiteral("c")}};
    QCOMPARE(QJsonDocument(wishJson(given)).toJson(QJsonDocument::Compact),
             QByteArray("{\"changed\":[\"a\"],\"unchanged\":[\"b\",\"c\"]}"));
}

QTEST_GUILESS_MAIN(TestJsonForm)
#include "tst_json_form.moc"
