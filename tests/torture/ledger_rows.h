// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/ledger_fixture.h"

#include <QHash>
#include <QSet>
#include <QString>
#include <QStringList>

#include <array>

namespace ingather::ledger::test
{

/// A table of the ledger whose rows no repair may lose: what names a row, and what must stay as it is. Left
/// out is what a repair changes on purpose (leases, fences, times of the change).
struct CheckedTable {
    const char *name;
    const char *key;
    const char *content;
};
inline constexpr std::array checkedTables{
    CheckedTable{"artifact_jobs", "job_id",
                 "quote(work_id), quote(artifact_id), quote(canonical_url), quote(idempotency_key), "
                 "quote(created_at), quote(source_url), quote(root_id), quote(file_name), quote(final_path), "
                 "quote(bytes_total), quote(sha256), quote(expected_digest), quote(content_type), "
                 "quote(verification), quote(generation), "
                 "CASE state WHEN 'LEASED' THEN 'PLANNED' ELSE state END, quote(attempts), "
                 "quote(max_attempts), quote(done_at), quote(removed_at), quote(hold), quote(priority), "
                 "quote(host), quote(error_code), quote(error_detail), quote(bytes_done), quote(batch_id)"},
    CheckedTable{"artifact_ops", "op_key",
                 "quote(job_id), quote(op_type), quote(started_at), quote(finished_at), quote(result_code), "
                 "quote(result_json), quote(attempt), quote(phase), quote(intent_json), quote(result_sum)"},
    CheckedTable{"ingather_events", "seq",
                 "quote(at), quote(job_id), quote(op_key), quote(op_type), quote(attempt), quote(fence), "
                 "quote(owner), quote(event), quote(code), quote(detail)"},
    CheckedTable{"ingather_parts", "job_id",
                 "quote(root_id), quote(name), quote(etag), quote(last_modified), quote(size), "
                 "quote(durable_length)"},
    CheckedTable{"ingather_hashes", "sha256 || ' ' || root_id || ' ' || path",
                 "quote(size), quote(verified_at)"},
    CheckedTable{"ingather_roots", "root_id", "quote(path), quote(label)"},
};

/// Columns of a job that its row sum covers.
inline constexpr char signedContent[] =
    "quote(work_id), quote(artifact_id), quote(canonical_url), quote(idempotency_key), quote(created_at), "
    "quote(source_url), quote(root_id), quote(file_name), quote(final_path), quote(bytes_total), "
    "quote(sha256), quote(expected_digest), quote(content_type), quote(verification), quote(generation)";

/// Rows by "table key".
using RowsByKey = QHash<QString, QString>;

/// Reads as much as can be had by SQL of a file in whatever state it is: forwards until an error, backwards
/// until an error, then one rowid after the other.
class SqlReader
{
public:
    explicit SqlReader(const QString &path)
    {
        if (sqlite3_open(path.toUtf8().constData(), &m_connection) != SQLITE_OK) {
            sqlite3_close(m_connection);
            m_connection = nullptr;
        }
    }
    ~SqlReader() { sqlite3_close(m_connection); }
    Q_DISABLE_COPY_MOVE(SqlReader)

    RowsByKey rows(qint64 largestRowid = 0) const
    {
        RowsByKey found;
        for (const CheckedTable &table : checkedTables) {
            if (read(table, QStringLiteral(" ORDER BY rowid"), found))
                continue;
            read(table, QStringLiteral(" ORDER BY rowid DESC"), found);
            readOneByOne(table, largestRowid, found);
        }
        return found;
    }

    /// "table key" of each rowid of that table.
    QHash<qint64, QString> keys(const CheckedTable &table) const
    {
        QHash<qint64, QString> found;
        each(QStringLiteral("SELECT rowid, %1 FROM %2")
                 .arg(QLatin1StringView(table.key), QLatin1StringView(table.name)),
             [&](sqlite3_stmt *row) {
                 found.insert(sqlite3_column_int64(row, 0), named(table, text(row, 1)));
             });
        return found;
    }

    RowsByKey pairs(const QString &sql) const
    {
        RowsByKey found;
        each(sql, [&](sqlite3_stmt *row) { found.insert(text(row, 0), text(row, 1)); });
        return found;
    }

private:
    static QString named(const CheckedTable &table, const QString &key)
    {
        return QLatin1StringView(table.name) + u' ' + key;
    }
    static QString text(sqlite3_stmt *row, int column)
    {
        return QString::fromUtf8(reinterpret_cast<const char *>(sqlite3_column_text(row, column)),
                                 sqlite3_column_bytes(row, column));
    }
    sqlite3_stmt *prepared(const QString &sql) const
    {
        sqlite3_stmt *statement = nullptr;
        sqlite3_prepare_v2(m_connection, sql.toUtf8().constData(), -1, &statement, nullptr);
        return statement;
    }
    /// False after an error.
    template <typename Function>
    static bool each(sqlite3_stmt *statement, Function function)
    {
        int code = sqlite3_step(statement);
        for (; code == SQLITE_ROW; code = sqlite3_step(statement))
            function(statement);
        sqlite3_reset(statement);
        return code == SQLITE_DONE;
    }
    template <typename Function>
    bool each(const QString &sql, Function function) const
    {
        sqlite3_stmt *statement = prepared(sql);
        const bool isWhole = statement && each(statement, function);
        sqlite3_finalize(statement);
        return isWhole;
    }
    static QString query(const CheckedTable &table, const QString &which)
    {
        return QStringLiteral("SELECT %1, %2 FROM %3 NOT INDEXED%4")
            .arg(QLatin1StringView(table.key), QLatin1StringView(table.content),
                 QLatin1StringView(table.name), which);
    }
    static auto into(RowsByKey &found, const CheckedTable &table)
    {
        return [&](sqlite3_stmt *row) {
            QStringList values;
            for (int i = 1; i < sqlite3_column_count(row); ++i)
                values.append(text(row, i));
            found.insert(named(table, text(row, 0)), values.join(u'|'));
        };
    }
    bool read(const CheckedTable &table, const QString &which, RowsByKey &found) const
    {
        return m_connection == nullptr || each(query(table, which), into(found, table));
    }
    void readOneByOne(const CheckedTable &table, qint64 largestRowid, RowsByKey &found) const
    {
        sqlite3_stmt *statement = prepared(query(table, QStringLiteral(" WHERE rowid = ?")));
        for (qint64 rowid = 1; statement && rowid <= largestRowid; ++rowid) {
            sqlite3_bind_int64(statement, 1, rowid);
            each(statement, into(found, table));
        }
        sqlite3_finalize(statement);
    }

    sqlite3 *m_connection = nullptr;
};

} // namespace ingather::ledger::test
