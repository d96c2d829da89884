// SPDX-License-Identifier: MIT
#include "check_fixture.h"

#include "ledger/validation/drift.h"
#include "ledger/validation/row_checks.h"

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

QString seconds(double time)
{
    return QString::number(time, 'f', 3);
}

/// A program of v1 as the reference is one: it knows the columns of v1 only, leaves foreign keys off, and
/// decides by nothing but state and lease.
class ReferenceWorker
{
public:
    explicit ReferenceWorker(const QString &path) : m_program(path) {}

    void add(const QString &jobId)
    {
        run(u"INSERT INTO artifact_jobs(job_id, work_id, artifact_id, canonical_url, state, created_at, "
            u"updated_at, "
            "idempotency_key) VALUES ('%1', 'work-%1', 'pdf', 'https://example.org/%1', 'PLANNED', 10, 10, "
            "'key-%1') ON CONFLICT(idempotency_key) DO NOTHING"_s.arg(jobId));
    }
    /// The oldest job in PLANNED or FAILED whose lease is free; empty if there is none.
    QString claim(double now)
    {
        const QString id =
            m_program.value(u"SELECT job_id FROM artifact_jobs WHERE state IN "
                            u"('PLANNED','FAILED') AND (lease_until IS NULL OR "
                            "lease_until < %1) ORDER BY created_at LIMIT 1"_s.arg(seconds(now)));
        if (!id.isEmpty())
            run(u"UPDATE artifact_jobs SET state = 'LEASED', lease_owner = 'host:1001', lease_until = %1, "
                "updated_at = %2 WHERE job_id = '%3' AND state IN ('PLANNED','FAILED')"_s
                    .arg(seconds(now + 120))
                    .arg(seconds(now))
                    .arg(id));
        return id;
    }
    void advance(const QString &jobId, const QString &from, const QString &to, double now)
    {
        run(u"UPDATE artifact_jobs SET state = '%1', updated_at = %2 WHERE job_id = '%3' AND state IN ('%4')"_s
                .arg(to, seconds(now), jobId, from));
    }
    void runOp(const QString &jobId, const QString &type, double now, bool isFinished = true)
    {
        run(u"INSERT INTO artifact_ops(op_key, job_id, op_type, started_at) VALUES ('%1-%2', '%2', '%1', %3) "
            "ON CONFLICT(op_key) DO NOTHING"_s.arg(type, jobId, seconds(now)));
        if (isFinished)
            run(u"UPDATE artifact_ops SET finished_at = %1, result_code = 'OK', result_json = "
                u"'{\"code\":\"OK\"}' "
                "WHERE op_key = '%2-%3'"_s.arg(seconds(now), type, jobId));
    }
    void release(const QString &jobId, double now)
    {
        run(u"UPDATE artifact_jobs SET lease_owner = NULL, lease_until = NULL, updated_at = %1 "
            "WHERE job_id = '%2' AND lease_owner = 'host:1001'"_s.arg(seconds(now), jobId));
    }

private:
    void run(const QString &sql) { QCOMPARE(m_program.run(sql), SQLITE_OK); }

    OtherProgram m_program;
};

struct Hop {
    const char *from;
    const char *to;
    const char *op; ///< run before it
};
constexpr Hop hops[]{
    {"LEASED", "HEAD_DONE", "HEAD"},      {"HEAD_DONE", "RESUME_OK", "RESUME"},
    {"RESUME_OK", "STREAMING", "STREAM"}, {"STREAMING", "FINALIZED", "FINALIZE"},
    {"FINALIZED", "INDEXED", "INDEX"},    {"INDEXED", "DEDUPED", "DEDUPE"},
};

QStringList errorsIn(Session &session)
{
    auto *connection = static_cast<sqlite3 *>(session.handle());
    QStringList errors;
    const auto add = [&errors](const QList<core::Finding> &findings) {
        for (const core::Finding &finding : findings) {
            if (finding.severity == core::Severity::Error)
                errors.append(core::findingName(finding.id) + u' ' + finding.place + u' ' + finding.detail);
        }
    };
    const auto pages = checkPages(connection, {});
    const auto rows = checkRows(connection, {});
    const auto drift = compareSchema(connection);
    const auto stores = checkVersionStores(connection);
    if (!pages || !rows || !drift || !stores)
        return {u"not checked"_s};
    add(*pages);
    add(*rows);
    add(drift->findings);
    add(*stores);
    return errors;
}

} // namespace

/// A program of v1 goes on working with its ledger after that became one of v2.
class TestV1Programs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLifeThatStopsAnywhere_data();
    void aLifeThatStopsAnywhere();
    void goesOnInAMigratedLedger();
    void worksBesideUs();
};

void TestV1Programs::aLifeThatStopsAnywhere_data()
{
    QTest::addColumn<int>("hopCount");
    QTest::addColumn<bool>("isReleased");
    QTest::addColumn<bool>("isDone");
    for (int count = 0; count <= static_cast<int>(std::size(hops)); ++count) {
        const char *state = count == 0 ? "LEASED" : hops[count - 1].to;
        const bool isDone = count >= 4; // FINALIZED, for a program that stops there
        QTest::addRow("to %s, and released", state) << count << true << isDone;
        QTest::addRow("to %s, and the lease kept", state) << count << false << isDone;
    }
}

void TestV1Programs::aLifeThatStopsAnywhere()
{
    QFETCH(int, hopCount);
    QFETCH(bool, isReleased);
    QFETCH(bool, isDone);
    Scratch scratch;
    const auto session = scratch.open();
    ReferenceWorker v1(scratch.path());
    const double now = scratch.clock.now().seconds;
    v1.add(u"theirs"_s);
    QCOMPARE(v1.claim(now), u"theirs"_s);
    for (int i = 0; i < hopCount; ++i) {
        v1.runOp(u"theirs"_s, QString::fromLatin1(hops[i].op), now + i);
        v1.advance(u"theirs"_s, QString::fromLatin1(hops[i].from), QString::fromLatin1(hops[i].to), now + i);
    }
    if (isReleased)
        v1.release(u"theirs"_s, now + 10);
    QCOMPARE(errorsIn(*session), QStringList());

    scratch.clock.advance(3600);
    ClaimRequest all;
    all.limit = 10;
    all.defaultRootId = *transact(*session, [](Session &s) { return rootIdFor(s, u"/root"_s); });
    // What it left in LEASED and gave back is of no state that it would claim again itself; we do.
    const auto claims = claimed(*session, all);
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), isDone ? 0 : 1);
    QCOMPARE(errorsIn(*session), QStringList());
    const auto counts = status(*session);
    VERIFY_OK(counts);
    QCOMPARE(counts->unfinished, isDone ? 0 : 1);
}

void TestV1Programs::goesOnInAMigratedLedger()
{
    Scratch scratch;
    copyReference(scratch);
    ReferenceWorker v1(scratch.path()); // it had the file open before
    const auto session = scratch.open();
    double now = scratch.clock.now().seconds;
    QSet<QString> finished;
    for (QString id = v1.claim(now); !id.isEmpty(); id = v1.claim(++now)) {
        QVERIFY2(!finished.contains(id), qPrintable(id));
        finished.insert(id);
        for (int i = 0; i < 5; ++i) {
            v1.runOp(id, QString::fromLatin1(hops[i].op), now);
            v1.advance(id, QString::fromLatin1(hops[i].from), QString::fromLatin1(hops[i].to), now);
        }
        v1.release(id, now);
    }
    QVERIFY(finished.size() > 10);
    QCOMPARE(errorsIn(*session), QStringList());
    scratch.clock.advance(86'400);
    ClaimRequest all;
    all.limit = 1000;
    all.defaultRootId = *transact(*session, [](Session &s) { return rootIdFor(s, u"/root"_s); });
    const auto claims = claimed(*session, all);
    VERIFY_OK(claims);
    for (const ClaimedJob &job : *claims)
        QVERIFY2(!finished.contains(job.lease.job.value), qPrintable(job.lease.job.value));
}

void TestV1Programs::worksBesideUs()
{
    Scratch scratch;
    const auto session = scratch.open();
    ReferenceWorker v1(scratch.path());
    const double now = scratch.clock.now().seconds;
    planned(*session, {request(1)});
    v1.add(u"theirs"_s);
    QCOMPARE(v1.claim(now), u"theirs"_s);  // the older one
    const auto claims = claimed(*session); // what it holds is not ours to take
    VERIFY_OK(claims);
    QCOMPARE(claims->size(), 1);
    QVERIFY(claims->first().lease.job.value != u"theirs"_s);
    QCOMPARE(v1.claim(now), QString()); // and ours is not free for it
    v1.runOp(u"theirs"_s, u"HEAD"_s, now, false);
    QCOMPARE(errorsIn(*session), QStringList());
}

QTEST_GUILESS_MAIN(TestV1Programs)
#include "tst_v1_programs.moc"
