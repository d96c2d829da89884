// SPDX-License-Identifier: MIT
#include "ledger/validation/row_checks.h"

#include "core/error.h"
#include "core/fence.h"
#include "ledger/sqlite.h"
#include "ledger/validation/job_pass.h"
#include "ledger/validation/op_pass.h"
#include "ledger/validation/read_section.h"

#include <QMap>
#include <QSet>

#include <algorithm>
#include <functional>
#include <optional>

namespace ingather::ledger
{

using core::Error;
using core::Finding;
using core::FindingId;
using core::found;
using core::Result;

namespace
{

/// All checks of rows, one after the other, in one read section.
class RowChecks
{
public:
    RowChecks(sqlite3 *connection, const core::WorkControl &control)
        : m_connection(connection), m_control(control)
    {
    }

    Result<QList<Finding>> run()
    {
        const Result<TablePass::Outcome> jobs = m_jobs.run(m_connection, m_control);
        if (!jobs)
            return jobs.error();
        m_findings += m_jobs.findings();
        m_hasAllJobs = *jobs == TablePass::Outcome::Complete;

        OpPass ops(m_jobs.version(), m_hasAllJobs ? &m_jobs.ids() : nullptr);
        const Result<TablePass::Outcome> opsOutcome = ops.run(m_connection, m_control);
        if (!opsOutcome)
            return opsOutcome.error();
        m_findings += ops.findings();
        m_highestFence = std::max(m_jobs.highestFence(), ops.highestFence());

        m_control.report(core::WorkStep::CheckingKeys, 0, 0);
        Result<> done = findDuplicates(ops.hasDuplicatedKeys());
        if (done && m_hasAllJobs)
            done = findOrphans();
        if (done && m_jobs.version() > 1)
            done = checkTablesOfVersionTwo();
        if (!done)
            return done.error();
        return m_findings;
    }

private:
    using Visit = std::function<void(const SqliteStatement &)>;

    /// False: not read to the end, because the table is not there, not in that form, or damaged (a finding).
    Result<bool> forEach(const char *table, const char *sql, const Visit &visit)
    {
        if (m_control.isStopped())
            return cancelled();
        SqliteStatement statement;
        const Result<> prepared = statement.prepare(m_connection, sql);
        if (!prepared)
            return notRead(table, prepared.error());
        for (;;) {
            const Result<bool> row = statement.step("check rows");
            if (!row)
                return notRead(table, row.error());
            if (!*row)
                return true;
            visit(statement);
        }
    }

    Result<bool> notRead(const char *table, const Error &error)
    {
        if (m_control.isStopped())
            return cancelled();
        if (isOfPages(error)) {
            m_findings.append(
                found(FindingId::PageDamaged, QString::fromLatin1(table), core::toLogText(error)));
            return false;
        }
        if (isOfSchema(error))
            return false;
        return error;
    }

    void append(FindingId id, const char *place, const QString &detail, const Tally &tally)
    {
        if (tally.count > 0)
            m_findings.append(found(id, QString::fromLatin1(place), detail, tally.count, tally.examples));
    }

    /// What the pass suspects is counted by SQL: only two equal hashes were seen.
    Result<> findDuplicates(bool hasDuplicatedOps)
    {
        struct Key {
            bool isSuspect;
            const char *table;
            const char *place;
            const char *sql; ///< how many there are of one key beyond the first, and an example
        };
        const Key keys[]{
            {m_jobs.hasDuplicatedIds(), "artifact_jobs", "artifact_jobs.job_id",
             "SELECT count(*) - 1, job_id FROM artifact_jobs NOT INDEXED WHERE job_id IS NOT NULL "
             "GROUP BY job_id HAVING count(*) > 1"},
            {m_jobs.hasDuplicatedKeys(), "artifact_jobs", "artifact_jobs.idempotency_key",
             "SELECT count(*) - 1, min(job_id) FROM artifact_jobs NOT INDEXED WHERE idempotency_key IS NOT "
             "NULL "
             "GROUP BY idempotency_key HAVING count(*) > 1"},
            {m_jobs.hasDuplicatedArtifacts(), "artifact_jobs",
             "artifact_jobs.work_id, artifact_id, canonical_url",
             "SELECT count(*) - 1, min(job_id) FROM artifact_jobs NOT INDEXED WHERE work_id IS NOT NULL "
             "AND artifact_id IS NOT NULL AND canonical_url IS NOT NULL "
             "GROUP BY work_id, artifact_id, canonical_url HAVING count(*) > 1"},
            {m_jobs.hasDuplicatedNames(), "artifact_jobs", "artifact_jobs.root_id, final_path",
             "SELECT count(*) - 1, min(job_id) FROM artifact_jobs NOT INDEXED WHERE root_id IS NOT NULL "
             "AND final_path IS NOT NULL GROUP BY root_id, final_path HAVING count(*) > 1"},
            {hasDuplicatedOps, "artifact_ops", "artifact_ops.op_key",
             "SELECT count(*) - 1, op_key FROM artifact_ops NOT INDEXED WHERE op_key IS NOT NULL "
             "GROUP BY op_key HAVING count(*) > 1"},
        };
        for (const Key &key : keys) {
            if (!key.isSuspect)
                continue;
            Tally tally;
            const Result<bool> read = forEach(key.table, key.sql, [&](const SqliteStatement &row) {
                tally.add([&row] { return row.text(1); });
                tally.count += row.integer(0) - 1;
            });
            if (!read)
                return read.error();
            append(FindingId::KeyDuplicated, key.place, QStringLiteral("rows beyond the first of their key"),
                   tally);
        }
        return {};
    }

    Result<> findOrphans()
    {
        struct Table {
            const char *name;
            const char *sql;
        };
        static constexpr Table tables[]{
            {"ingather_parts", "SELECT job_id FROM ingather_parts NOT INDEXED"},
            {"ingather_urls", "SELECT job_id FROM ingather_urls NOT INDEXED"},
        };
        for (const Table &table : tables) {
            Tally orphans;
            const Result<bool> read = forEach(table.name, table.sql, [&](const SqliteStatement &row) {
                const QString job = row.text(0);
                if (!m_jobs.ids().contains(KeySet::hashOf(job.toUtf8())))
                    orphans.add([&job] { return job; });
            });
            if (!read)
                return read.error();
            append(FindingId::ForeignKeyBroken, table.name, QStringLiteral("job_id is that of no job"),
                   orphans);
        }
        return {};
    }

    Result<> checkTablesOfVersionTwo()
    {
        Result<> done = checkParts();
        if (done)
            done = checkRoots();
        if (done && m_hasAllJobs)
            done = checkCounts();
        if (done)
            done = checkMeta();
        return done;
    }

    Result<> checkParts()
    {
        Tally tally;
        const Result<bool> read = forEach(
            "ingather_parts", "SELECT job_id FROM ingather_parts NOT INDEXED WHERE durable_length < 0",
            [&](const SqliteStatement &row) { tally.add([&row] { return row.text(0); }); });
        if (!read)
            return read.error();
        append(FindingId::StateRuleBroken, "ingather_parts.durable_length",
               QStringLiteral("a number below zero"), tally);
        return {};
    }

    Result<> checkRoots()
    {
        QSet<qint64> known;
        Result<bool> read = forEach("ingather_roots", "SELECT root_id FROM ingather_roots",
                                    [&](const SqliteStatement &row) { known.insert(row.integer(0)); });
        if (!read)
            return read.error();
        if (!*read)
            return {};
        Tally jobs;
        for (auto root = m_jobs.roots().begin(); root != m_jobs.roots().end(); ++root) {
            if (known.contains(root.key()))
                continue;
            jobs.count += root->count;
            jobs.examples += root->examples.first(
                std::min(root->examples.size(), Tally::mostExamples - jobs.examples.size()));
        }
        append(FindingId::ForeignKeyBroken, "ingather_roots",
               QStringLiteral("artifact_jobs.root_id is that of no root"), jobs);

        struct Table {
            const char *name;
            const char *sql;
        };
        static constexpr Table tables[]{
            {"ingather_parts", "SELECT root_id, job_id FROM ingather_parts NOT INDEXED"},
            {"ingather_hashes", "SELECT root_id, path FROM ingather_hashes NOT INDEXED"},
        };
        for (const Table &table : tables) {
            Tally rows;
            read = forEach(table.name, table.sql, [&](const SqliteStatement &row) {
                if (!known.contains(row.integer(0)))
                    rows.add([&row] { return row.text(1); });
            });
            if (!read)
                return read.error();
            append(FindingId::ForeignKeyBroken, "ingather_roots",
                   QString::fromLatin1(table.name) + QStringLiteral(".root_id is that of no root"), rows);
        }
        return {};
    }

    Result<> checkCounts()
    {
        QMap<QString, qint64> kept;
        const Result<bool> read = forEach("ingather_counts", "SELECT state, kind, jobs FROM ingather_counts",
                                          [&](const SqliteStatement &row) {
                                              kept.insert(row.text(0) + u' ' + row.text(1), row.integer(2));
                                          });
        if (!read)
            return read.error();
        if (!*read)
            return {};
        QMap<QString, qint64> counted;
        for (auto state = m_jobs.counts().begin(); state != m_jobs.counts().end(); ++state) {
            for (std::size_t kind = 0; kind < JobPass::kindNames.size(); ++kind) {
                counted.insert(QString::fromUtf8(state.key()) + u' ' +
                                   QLatin1StringView(JobPass::kindNames[kind]),
                               (*state)[kind]);
            }
        }
        Tally wrong;
        QMap<QString, qint64> both = kept;
        both.insert(counted);
        for (const QString &kind : both.keys()) {
            if (kept.value(kind) == counted.value(kind))
                continue;
            wrong.add([&] {
                return QStringLiteral("%1: %2 kept, %3 counted")
                    .arg(kind)
                    .arg(kept.value(kind))
                    .arg(counted.value(kind));
            });
        }
        append(FindingId::CountsWrong, "ingather_counts", QStringLiteral("kinds of jobs with another count"),
               wrong);
        return {};
    }

    Result<> checkMeta()
    {
        QMap<QString, QString> meta;
        const Result<bool> read =
            forEach("ingather_meta", "SELECT key, value FROM ingather_meta",
                    [&](const SqliteStatement &row) { meta.insert(row.text(0), row.text(1)); });
        if (!read)
            return read.error();
        if (!*read)
            return {};
        const auto broken = [this](const QString &place, const QString &detail) {
            m_findings.append(found(FindingId::MetaBroken, place, detail));
        };
        constexpr qint64 lastEpoch = (qint64{1} << 31) - 1;
        bool isNumber = false;
        const QString text = meta.value(QStringLiteral("epoch"));
        const qint64 epoch = text.toLongLong(&isNumber);
        if (!isNumber || epoch < 1 || epoch > lastEpoch) {
            broken(QStringLiteral("ingather_meta.epoch"),
                   text.isEmpty() ? QStringLiteral("missing") : QStringLiteral("found ") + text);
        } else if (core::Fence{m_highestFence}.epoch() > epoch) {
            broken(QStringLiteral("ingather_meta.epoch"), QStringLiteral("epoch %1, and a fence of epoch %2")
                                                              .arg(epoch)
                                                              .arg(core::Fence{m_highestFence}.epoch()));
        }
        if (meta.value(QStringLiteral("install_id")).isEmpty())
            broken(QStringLiteral("ingather_meta.install_id"), QStringLiteral("missing"));
        return {};
    }

    sqlite3 *m_connection;
    const core::WorkControl &m_control;
    JobPass m_jobs;
    bool m_hasAllJobs = false;
    qint64 m_highestFence = 0;
    QList<Finding> m_findings;
};

} // namespace

Result<QList<Finding>> checkRows(sqlite3 *connection, const core::WorkControl &control)
{
    if (control.isStopped())
        return cancelled();
    const ReadSection section(connection, control);
    return RowChecks(connection, control).run();
}

} // namespace ingather::ledger
