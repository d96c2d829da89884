// SPDX-License-Identifier: MIT
#include "bench/bench_ledger.h"

#include "ledger/planning.h"
#include "ledger/schema.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <sqlite3.h>

namespace ingather::bench
{

namespace
{

/// A connection that gives up durability for speed: what it makes is made again if it fails.
class Builder
{
public:
    explicit Builder(const QString &path)
    {
        if (sqlite3_open(path.toUtf8().constData(), &m_connection) != SQLITE_OK)
            qFatal("cannot open %ls", qUtf16Printable(path));
        run("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA temp_store = MEMORY");
    }
    ~Builder() { sqlite3_close(m_connection); }
    Q_DISABLE_COPY_MOVE(Builder)

    void run(const QByteArray &sql) const
    {
        if (sqlite3_exec(m_connection, sql.constData(), nullptr, nullptr, nullptr) != SQLITE_OK)
            qFatal("%s: %s", sql.constData(), sqlite3_errmsg(m_connection));
    }

private:
    sqlite3 *m_connection = nullptr;
};

QByteArray upTo(qint64 count)
{
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
           QByteArray::number(count) + ") ";
}

} // namespace

void makeLedger(const QString &path, qint64 jobs, const core::Clock &clock)
{
    removeLedger(path);
    {
        const auto session = openLedger(path, clock);
        transact(*session, [](ledger::Session &s) { return ledger::rootIdFor(s, QStringLiteral("/bench")); });
    }
    const Builder builder(path);
    builder.run("BEGIN");
    builder.run(
        upTo(jobs) +
        "INSERT INTO artifact_jobs(job_id, work_id, artifact_id, canonical_url, idempotency_key, "
        "state, created_at, updated_at, source_url, host, root_id) SELECT lower(hex(randomblob(16))), "
        "'work:' || i, 'file', 'https://example.org/paper/' || i || '.pdf', "
        "lower(hex(randomblob(32))), 'PLANNED', 1.7e9 + i * 1e-3, 1.7e9 + i * 1e-3, "
        "'https://example.org/paper/' || i || '.pdf', 'example.org', 1 FROM n");
    builder.run("COMMIT");
    builder.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

void makeV1(const QString &path, qint64 jobs, int opsPerJob)
{
    removeLedger(path);
    const Builder builder(path);
    builder.run("PRAGMA journal_mode = OFF");
    builder.run("BEGIN");
    builder.run(ledger::migrations().constFirst().script);
    builder.run("INSERT INTO __schema_version__ VALUES (1, 1.7e9)");
    builder.run(upTo(jobs) +
                "INSERT INTO artifact_jobs(job_id, work_id, artifact_id, canonical_url, idempotency_key, "
                "state, created_at, updated_at) SELECT lower(hex(randomblob(16))), 'work:' || i, 'pdf', "
                "'https://example.org/paper/' || i || '.pdf', lower(hex(randomblob(32))), "
                "CASE i % 10 WHEN 0 THEN 'PLANNED' WHEN 1 THEN 'FAILED' WHEN 2 THEN 'STREAMING' "
                "ELSE 'FINALIZED' END, 1.7e9 + i * 1e-3, 1.7e9 + i * 1e-3 FROM n");
    builder.run("WITH RECURSIVE k(o) AS (SELECT 1 UNION ALL SELECT o + 1 FROM k WHERE o < " +
                QByteArray::number(opsPerJob) +
                ") INSERT INTO artifact_ops SELECT lower(hex(randomblob(32))), job_id, "
                "CASE o % 4 WHEN 0 THEN 'HEAD' WHEN 1 THEN 'STREAM' WHEN 2 THEN 'FINALIZE' ELSE 'INDEX' END, "
                "1.7e9, 1.7e9 + 1, 'OK', '{\"code\":\"OK\",\"bytes\":1234567}' FROM artifact_jobs, k WHERE " +
                QByteArray::number(opsPerJob) + " > 0");
    builder.run("COMMIT");
}

void addOps(const QString &path, int perJob)
{
    const Builder builder(path);
    builder.run("BEGIN");
    builder.run("WITH RECURSIVE k(o) AS (SELECT 1 UNION ALL SELECT o + 1 FROM k WHERE o < " +
                QByteArray::number(perJob) +
                ") INSERT INTO artifact_ops(op_key, job_id, op_type, started_at, finished_at, result_code, "
                "result_json, phase) SELECT lower(hex(randomblob(32))), job_id, 'STREAM', 1.7e9, 1.7e9 + 1, "
                "'OK', '{\"bytes\":1234567}', 'DONE' FROM artifact_jobs, k");
    builder.run("COMMIT");
    builder.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

void copyLedger(const QString &from, const QString &to)
{
    removeLedger(to);
    if (!QFile::copy(from, to))
        qFatal("cannot copy %ls", qUtf16Printable(from));
}

void removeLedger(const QString &path)
{
    const QFileInfo file(path);
    const QStringList beside =
        QDir(file.path()).entryList({file.fileName() + QStringLiteral("*")}, QDir::Files);
    for (const QString &name : beside)
        QFile::remove(file.path() + u'/' + name);
    QDir(path + QStringLiteral(".backups")).removeRecursively();
}

} // namespace ingather::bench
