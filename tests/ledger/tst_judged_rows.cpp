// SPDX-License-Identifier: MIT
#include "ledger/repair/judged_row.h"
#include "ledger/worn_ledger.h"

#include <QTest>

#include <bit>

using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using namespace Qt::StringLiterals;

namespace
{

struct Read {
    TableShape shape;
    QList<SqlRow> rows;
};

Read readAll(const QString &path, const QString &table)
{
    SqliteConnection connection;
    Read read;
    if (!connection.open(path, SqliteConnection::Mode::ReadOnly))
        qFatal("cannot open");
    read.shape = *tableShape(connection.handle(), table);
    SqliteStatement select;
    const QByteArray sql = "SELECT * FROM " + quotedName(table) + " ORDER BY rowid";
    if (!select.prepare(connection.handle(), sql.constData()))
        qFatal("cannot read");
    while (*select.step("read")) {
        SqlRow row;
        for (int i = 0; i < read.shape.columns.size(); ++i)
            row.append(select.sqlValue(i));
        read.rows.append(row);
    }
    return read;
}

JobIdentity identityOf(const TableShape &shape, const SqlRow &row)
{
    return {shape.at(row, "job_id").bytes, shape.at(row, "work_id").bytes, shape.at(row, "artifact_id").bytes,
            shape.at(row, "canonical_url").bytes, shape.at(row, "idempotency_key").bytes};
}

} // namespace

class TestJudgedRows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        makeWornLedger(m_scratch, 5);
        m_jobs = readAll(m_scratch.path(), u"artifact_jobs"_s);
        m_ops = readAll(m_scratch.path(), u"artifact_ops"_s);
        QCOMPARE(m_jobs.rows.size(), 5);
    }

    void aRowThatIsRightStaysAsItIs()
    {
        for (const SqlRow &row : std::as_const(m_jobs.rows)) {
            const JudgedRow judged = judgeJob(m_jobs.shape, row, std::nullopt);
            QCOMPARE(judged.quality, RowQuality::SumRight);
            QVERIFY(!judged.isCorrected && !judged.isAltered && judged.refusal.isEmpty());
            for (const QString &column : std::as_const(m_jobs.shape.columns)) {
                if (column.startsWith(u"lease_"_s) || column == u"state"_s)
                    continue;
                const int at = m_jobs.shape.indexOf(column.toLatin1());
                QVERIFY2(judged.values.at(at) == row.at(at), qPrintable(column));
            }
            QVERIFY(m_jobs.shape.at(judged.values, "lease_owner").isNull());
            QVERIFY(m_jobs.shape.at(judged.values, "state").text() != u"LEASED"_s);
        }
    }

    void everyFlippedBitOfASignedValueIsTurnedBack()
    {
        const SqlRow row = m_jobs.rows.at(0);
        QCOMPARE(m_jobs.shape.at(row, "state").text(), u"INDEXED"_s);
        const QStringList columns = QStringLiteral(INGATHER_SIGNED_COLUMNS).remove(u' ').split(u',')
                                    << u"row_sum"_s;
        int flips = 0;
        for (const QString &column : columns) {
            const int at = m_jobs.shape.indexOf(column.toLatin1());
            const qsizetype bits = row.at(at).isText()     ? row.at(at).bytes.size() * 8
                                   : row.at(at).isNumber() ? 64
                                                           : 0;
            // The sum has 32 bits; more of them cannot be a sum that was hit.
            for (qsizetype bit = 0; bit < (column == u"row_sum"_s ? 32 : bits); ++bit) {
                SqlRow hit = row;
                SqlValue &value = hit[at];
                if (value.isText())
                    value.bytes[bit / 8] = static_cast<char>(value.bytes[bit / 8] ^ (1 << (bit % 8)));
                else if (value.type == SqlValue::Type::Integer)
                    value.integer ^= static_cast<qint64>(quint64{1} << bit);
                else
                    value.real =
                        std::bit_cast<double>(std::bit_cast<quint64>(value.real) ^ (quint64{1} << bit));
                const JudgedRow judged = judgeJob(m_jobs.shape, hit, std::nullopt);
                QVERIFY2(judged.isCorrected && !judged.isAltered, qPrintable(column));
                QCOMPARE(judged.quality, RowQuality::SumRight);
                QVERIFY2(judged.values.at(at) == row.at(at), qPrintable(column));
                ++flips;
            }
        }
        QVERIFY(flips > 2000);
    }

    void twoFlippedBitsAreNotTakenForOne()
    {
        SqlRow hit = m_jobs.rows.at(0);
        QByteArray &path = hit[m_jobs.shape.indexOf("final_path")].bytes;
        path[0] = static_cast<char>(path[0] ^ 1);
        path[1] = static_cast<char>(path[1] ^ 4);
        const JudgedRow judged = judgeJob(m_jobs.shape, hit, std::nullopt);
        QVERIFY(judged.isAltered);
        QCOMPARE(judged.quality, RowQuality::KeyRight);
        QVERIFY(m_jobs.shape.at(judged.values, "row_sum").isNull()); // nobody vouches for it any more
    }

    void anIdBesideTheRightOneIsPutRight()
    {
        SqlRow hit = m_jobs.rows.at(1);
        const QByteArray right = m_jobs.shape.at(hit, "job_id").bytes;
        QByteArray &id = hit[m_jobs.shape.indexOf("job_id")].bytes;
        for (const int at : {0, 5, 30})
            id[at] = static_cast<char>(id.at(at) ^ 0x24);
        const JudgedRow judged = judgeJob(m_jobs.shape, hit, std::nullopt);
        QCOMPARE(m_jobs.shape.at(judged.values, "job_id").bytes, right);
        QCOMPARE(judged.quality, RowQuality::SumRight);
        // One that was given, as in files of the reference, is kept.
        SqlRow given = m_jobs.rows.at(1);
        given[m_jobs.shape.indexOf("row_sum")] = {};
        given[m_jobs.shape.indexOf("job_id")] = SqlValue::ofText("128b2f33-0c5c-4fd0-a6a3-a4506513270e");
        const JudgedRow kept = judgeJob(m_jobs.shape, given, std::nullopt);
        QCOMPARE(m_jobs.shape.at(kept.values, "job_id").bytes,
                 QByteArray("128b2f33-0c5c-4fd0-a6a3-a4506513270e"));
        QVERIFY(!kept.isCorrected);
    }

    void whatTheIndexesTellPutsAnIdentityRight()
    {
        const JobIdentity identity = identityOf(m_jobs.shape, m_jobs.rows.at(0));
        SqlRow hit = m_jobs.rows.at(0);
        hit[m_jobs.shape.indexOf("canonical_url")].bytes = "https://example.org/other-and-longer.pdf";
        QCOMPARE(judgeJob(m_jobs.shape, hit, std::nullopt).refusal, u"key_unproven"_s);
        const JudgedRow judged = judgeJob(m_jobs.shape, hit, identity);
        QVERIFY(judged.isCorrected);
        QCOMPARE(judged.quality, RowQuality::SumRight);
        QCOMPARE(m_jobs.shape.at(judged.values, "canonical_url").bytes, identity.canonicalUrl);
    }

    void textsThatRanTogetherAreNoJobWhereTheIndexesKnowIt()
    {
        const JobIdentity identity = identityOf(m_jobs.shape, m_jobs.rows.at(0));
        SqlRow slid = m_jobs.rows.at(0);
        for (const char *column : {"work_id", "artifact_id", "canonical_url", "idempotency_key"})
            slid[m_jobs.shape.indexOf(column)].bytes.prepend("ab");
        slid[m_jobs.shape.indexOf("row_sum")] = {};
        QCOMPARE(judgeJob(m_jobs.shape, slid, identity).refusal, u"key_unproven"_s);
        QCOMPARE(judgeJob(m_jobs.shape, slid, std::nullopt).refusal, QString());
    }

    void aFlippedBitOfAnUnsignedIdentityIsTurnedBack_data()
    {
        QTest::addColumn<QByteArray>("column");
        for (const char *column : {"canonical_url", "work_id", "artifact_id", "idempotency_key"})
            QTest::newRow(column) << QByteArray(column);
    }
    void aFlippedBitOfAnUnsignedIdentityIsTurnedBack()
    {
        QFETCH(QByteArray, column);
        SqlRow row = m_jobs.rows.at(1);
        row[m_jobs.shape.indexOf("row_sum")] = {};
        SqlRow hit = row;
        const int at = m_jobs.shape.indexOf(column.constData());
        hit[at].bytes[2] = static_cast<char>(hit.at(at).bytes[2] ^ 2);
        const JudgedRow judged = judgeJob(m_jobs.shape, hit, std::nullopt);
        QVERIFY(judged.isCorrected);
        QCOMPARE(judged.quality, RowQuality::KeyRight);
        QVERIFY(judged.values.at(at) == row.at(at));
    }

    void columnsAreBroughtUnderTheRules_data()
    {
        QTest::addColumn<int>("job");
        QTest::addColumn<QByteArray>("column");
        QTest::addColumn<QByteArray>("text"); ///< empty: NULL
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("a state that is none, of a job that was done")
            << 0 << QByteArray("state") << QByteArray("INDEXEE") << QByteArray("INDEXED");
        QTest::newRow("a state that is none, of a job that had failed")
            << 1 << QByteArray("state") << QByteArray("FAILEE") << QByteArray("FAILED");
        QTest::newRow("a state that is none, of a job under way")
            << 2 << QByteArray("state") << QByteArray("ST") << QByteArray("PLANNED");
        QTest::newRow("a wish that can't be read")
            << 2 << QByteArray("hold") << QByteArray("PAUSEE") << QByteArray("PAUSED");
        QTest::newRow("a time that is a word")
            << 2 << QByteArray("next_attempt_at") << QByteArray("soon") << QByteArray("0");
        QTest::newRow("a counter that is a word")
            << 2 << QByteArray("attempts") << QByteArray("many") << QByteArray("0");
    }
    void columnsAreBroughtUnderTheRules()
    {
        QFETCH(int, job);
        QFETCH(QByteArray, column);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        SqlRow row = m_jobs.rows.at(job);
        row[m_jobs.shape.indexOf(column.constData())] = SqlValue::ofText(text);
        const JudgedRow judged = judgeJob(m_jobs.shape, row, std::nullopt);
        QVERIFY(judged.isCorrected);
        const SqlValue &value = m_jobs.shape.at(judged.values, column.constData());
        QCOMPARE(value.isNumber() ? QByteArray::number(value.number()) : value.bytes, expected);
    }

    void aDoneJobHasItsTimeAndItsEvidence()
    {
        SqlRow row = m_jobs.rows.at(0);
        row[m_jobs.shape.indexOf("done_at")] = {};
        const JudgedRow timed = judgeJob(m_jobs.shape, row, std::nullopt);
        QVERIFY(m_jobs.shape.at(timed.values, "done_at").isNumber());

        row = m_jobs.rows.at(0);
        row[m_jobs.shape.indexOf("row_sum")] = {};
        row[m_jobs.shape.indexOf("sha256")] = {};
        const JudgedRow legacy = judgeJob(m_jobs.shape, row, std::nullopt);
        QCOMPARE(m_jobs.shape.at(legacy.values, "verification").bytes, QByteArray("legacy"));

        row = m_jobs.rows.at(2);
        row[m_jobs.shape.indexOf("done_at")] = SqlValue::ofReal(7);
        const JudgedRow open = judgeJob(m_jobs.shape, row, std::nullopt);
        QVERIFY(m_jobs.shape.at(open.values, "done_at").isNull());
    }

    void aHashThatIsNoneIsNotKept()
    {
        SqlRow row = m_jobs.rows.at(0);
        row[m_jobs.shape.indexOf("sha256")] = SqlValue::ofText("not a hash");
        const JudgedRow judged = judgeJob(m_jobs.shape, row, std::nullopt);
        QVERIFY(m_jobs.shape.at(judged.values, "sha256").isNull());
        QCOMPARE(m_jobs.shape.at(judged.values, "verification").bytes, QByteArray("legacy"));
        QVERIFY(m_jobs.shape.at(judged.values, "row_sum").isNull());
    }

    void aBackoffOfManyYearsIsNone()
    {
        SqlRow row = m_jobs.rows.at(2);
        row[m_jobs.shape.indexOf("next_attempt_at")] = SqlValue::ofReal(1e18);
        const JudgedRow judged = judgeJob(m_jobs.shape, row, std::nullopt);
        QCOMPARE(m_jobs.shape.at(judged.values, "next_attempt_at").number(), 0.0);
    }

    void whatIsNoJobIsRefused()
    {
        SqlRow row = m_jobs.rows.at(0);
        row[m_jobs.shape.indexOf("canonical_url")] = SqlValue::ofInteger(3);
        QCOMPARE(judgeJob(m_jobs.shape, row, std::nullopt).refusal, u"not_a_job"_s);
    }

    void anOpsResultIsPutRightOrDisowned()
    {
        const SqlRow row = m_ops.rows.at(0);
        QCOMPARE(judgeOp(m_ops.shape, row).quality, RowQuality::SumRight);
        const int at = m_ops.shape.indexOf("result_json");
        SqlRow hit = row;
        hit[at].bytes[5] = static_cast<char>(hit.at(at).bytes[5] ^ 8);
        const JudgedRow corrected = judgeOp(m_ops.shape, hit);
        QVERIFY(corrected.isCorrected && corrected.values.at(at) == row.at(at));
        hit[at].bytes[9] = static_cast<char>(hit.at(at).bytes[9] ^ 3);
        const JudgedRow altered = judgeOp(m_ops.shape, hit);
        QVERIFY(altered.isAltered);
        QVERIFY(m_ops.shape.at(altered.values, "result_sum").isNull());
        hit[m_ops.shape.indexOf("op_type")] = SqlValue::ofText("STROLL");
        QCOMPARE(judgeOp(m_ops.shape, hit).refusal, u"not_an_op"_s);
    }

    void anOpTellsTheJobItBelongedTo()
    {
        const auto identity = identityFromOp(m_ops.shape, m_ops.rows.at(0));
        QVERIFY(identity.has_value());
        QCOMPARE(identity->jobId, m_ops.shape.at(m_ops.rows.at(0), "job_id").bytes);
        const JudgedRow job = judgeJob(m_jobs.shape, plannedJob(m_jobs.shape, *identity, 5), std::nullopt);
        QCOMPARE(job.quality, RowQuality::SumRight);
        QVERIFY(!job.isCorrected);
        SqlRow others = m_ops.rows.at(0);
        others[m_ops.shape.indexOf("job_id")] = SqlValue::ofText("128b2f33-0c5c-4fd0-a6a3-a4506513270e");
        QVERIFY(!identityFromOp(m_ops.shape, others).has_value());
    }

private:
    Scratch m_scratch;
    Read m_jobs;
    Read m_ops;
};

QTEST_GUILESS_MAIN(TestJudgedRows)
#include "tst_judged_rows.moc"
