// SPDX-License-Identifier: MIT
#pragma once

#include "core/crc32c.h"
#include "core/keys.h"
#include "ledger/ledger_fixture.h"
#include "ledger/row_sum.h"
#include "ledger/sqlite.h"

namespace ingather::ledger::test
{

/// Executes statements on the session's own connection, inside its transaction.
inline void runInside(Session &session, const QByteArray &script)
{
    const Result<> done =
        runScript(static_cast<sqlite3 *>(session.handle()), script, QStringLiteral("prepare a test ledger"));
    if (!done)
        qFatal("%s", why(done).constData());
}

/// A ledger with years behind it: `jobs` jobs, of each five one planned, one done and filed, one failed for
/// good, one streaming with a part and an open op, one leased by somebody who is gone; all signed; two ops a
/// job that began; tables, an index, a view and a trigger of others, and numbers of theirs in the header.
inline void makeWornLedger(const Scratch &scratch, int jobs)
{
    const auto session = scratch.open();
    QList<JobRequest> requests;
    for (int i = 0; i < jobs; ++i)
        requests.append(request(i, QStringLiteral("/root")));
    planned(*session, requests);
    const Result<int> done = transact(*session, [](Session &s) -> Result<int> {
        runInside(s, R"(
            CREATE TEMP TABLE n AS SELECT job_id, rowid AS r, rowid % 5 AS k FROM artifact_jobs;
            UPDATE artifact_jobs SET state = 'INDEXED', final_path = rowid || '.pdf', done_at = created_at + 9,
                sha256 = lower(hex(zeroblob(28))) || printf('%08x', rowid), bytes_total = 1000 + rowid,
                bytes_done = 1000 + rowid, content_type = 'application/pdf', verification = 'verified'
                WHERE rowid % 5 = 1;
            UPDATE artifact_jobs SET state = 'FAILED', error_code = 'http_not_found', done_at = created_at + 5,
                attempts = 5 WHERE rowid % 5 = 2;
            UPDATE artifact_jobs SET state = 'STREAMING', bytes_total = 5000, fence = (1 << 32) + 1
                WHERE rowid % 5 = 3;
            UPDATE artifact_jobs SET state = 'LEASED', lease_owner = 'host9:77', lease_until = 5,
                fence = (1 << 32) + 1 WHERE rowid % 5 = 4;
            UPDATE artifact_jobs SET row_sum = ingather_row_sum()" INGATHER_SIGNED_COLUMNS R"();
            INSERT INTO ingather_parts(job_id, root_id, name, size, durable_length, updated_at)
                SELECT job_id, 1, job_id || '.part', 5000, 100, 1 FROM n WHERE k = 3;
            INSERT INTO ingather_hashes(sha256, root_id, path, size, verified_at)
                SELECT sha256, root_id, final_path, bytes_total, done_at FROM artifact_jobs WHERE state = 'INDEXED';
            CREATE TABLE manifest(id INTEGER PRIMARY KEY AUTOINCREMENT, work_id TEXT, note TEXT);
            CREATE TABLE tags(word TEXT PRIMARY KEY, weight REAL) WITHOUT ROWID;
            CREATE INDEX manifest_by_work ON manifest(work_id);
            CREATE VIEW finished AS SELECT job_id FROM artifact_jobs WHERE state = 'INDEXED';
            CREATE TRIGGER note_manifest AFTER DELETE ON manifest BEGIN SELECT 1; END;
            INSERT INTO manifest(work_id, note) SELECT job_id, 'note ' || r FROM n;
            INSERT INTO tags SELECT 'word' || r, r / 2.0 FROM n;
            PRAGMA user_version = 4711;
            PRAGMA application_id = 815;
            DROP TABLE n;)");
        // Ops, with their sums.
        SqliteStatement select;
        SqliteStatement insert;
        auto *connection = static_cast<sqlite3 *>(s.handle());
        Result<> ready = select.prepare(connection, "SELECT job_id, rowid, canonical_url FROM artifact_jobs");
        if (ready)
            ready = insert.prepare(
                connection,
                "INSERT INTO artifact_ops(op_key, job_id, op_type, started_at, finished_at, "
                "result_code, result_json, attempt, fence, owner, phase, intent_json, result_sum) "
                "VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, 1, 1, 'host9:77', ?7, '{}', ?8)");
        if (!ready)
            return ready.error();
        for (;;) {
            const Result<bool> row = select.step("read jobs");
            if (!row)
                return row.error();
            if (!*row)
                return 0;
            const core::JobId job{select.text(0)};
            for (const bool isOpen : {false, true}) {
                if (isOpen && select.integer(1) % 5 != 3)
                    continue;
                const core::OpType type = isOpen ? core::OpType::Stream : core::OpType::Head;
                const QByteArray result =
                    QStringLiteral("{\"status\":200,\"url\":\"%1\"}").arg(select.text(2)).toUtf8();
                insert.bind(1, core::opKey(type, job, {}));
                insert.bind(2, job.value);
                insert.bind(3, core::opTypeName(type));
                for (const int column : {4, 5, 6, 8})
                    insert.bindNull(column);
                if (!isOpen) {
                    insert.bind(4, 2.5);
                    insert.bind(5, QStringLiteral("OK"));
                    insert.bind(6, QString::fromUtf8(result));
                    insert.bind(8, static_cast<qint64>(core::crc32c(result)));
                }
                insert.bind(7, isOpen ? QStringLiteral("INTENT") : QStringLiteral("DONE"));
                const Result<> written = insert.run("write op");
                if (!written)
                    return written.error();
            }
        }
    });
    if (!done)
        qFatal("%s", why(done).constData());
}

/// Everything in it, a text a row, but for what a repair changes by right: leases, fences, owners, events,
/// counters, the epoch.
inline QStringList rowsOf(const QString &path)
{
    const OtherProgram program(path);
    QStringList rows;
    for (const char *query :
         {"SELECT 'job', job_id, work_id, artifact_id, canonical_url, idempotency_key, "
          "replace(state, 'LEASED', 'PLANNED'), created_at, updated_at, attempts, hold, done_at, error_code, "
          "source_url, root_id, final_path, bytes_total, bytes_done, sha256, verification, row_sum FROM "
          "artifact_jobs "
          "ORDER BY job_id",
          "SELECT 'op', op_key, job_id, op_type, started_at, finished_at, result_code, result_json, attempt, "
          "owner, "
          "phase, intent_json, result_sum FROM artifact_ops ORDER BY op_key",
          "SELECT 'part', job_id, root_id, name, size, durable_length FROM ingather_parts ORDER BY job_id",
          "SELECT 'hash', sha256, root_id, path, size FROM ingather_hashes ORDER BY sha256",
          "SELECT 'root', root_id, path FROM ingather_roots ORDER BY root_id",
          "SELECT 'version', schema_version FROM __schema_version__ ORDER BY 2",
          "SELECT 'migration', version, checksum FROM ingather_migrations ORDER BY version",
          "SELECT 'meta', value FROM ingather_meta WHERE key = 'install_id'",
          "SELECT 'manifest', id, work_id, note FROM manifest ORDER BY id",
          "SELECT 'tag', word, weight FROM tags ORDER BY word",
          "SELECT 'object', type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'artifact%' AND "
          "name NOT LIKE 'ingather%' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'idx%' ORDER BY name",
          "PRAGMA user_version", "PRAGMA application_id"})
        rows += program.rows(QString::fromLatin1(query));
    return rows;
}

} // namespace ingather::ledger::test
