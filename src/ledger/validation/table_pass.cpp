// SPDX-License-Identifier: MIT
#include "ledger/validation/table_pass.h"

#include "core/error.h"
#include "ledger/sqlite.h"

#include <QElapsedTimer>

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Finding;
using core::FindingId;
using core::Result;

namespace
{

constexpr qint64 rowsBetweenLooks = 4096;
constexpr qint64 reportEveryMs = 250;

/// About how many rows there are; 0: not known. For progress only.
qint64 estimate(sqlite3 *connection, const char *table)
{
    SqliteStatement statement;
    const QByteArray sql = QByteArrayLiteral("SELECT max(rowid) FROM ") + table;
    if (!statement.prepare(connection, sql.constData()))
        return 0;
    const Result<bool> row = statement.step("estimate rows");
    return row && *row ? statement.integer(0) : 0;
}

} // namespace

unsigned PassRow::kind(int column) const
{
    switch (sqlite3_column_type(m_statement, column)) {
    case SQLITE_INTEGER:
        return HoldsInteger;
    case SQLITE_FLOAT:
        return HoldsReal;
    case SQLITE_TEXT:
        return HoldsText;
    case SQLITE_BLOB:
        return HoldsBlob;
    default:
        return HoldsNull;
    }
}

qint64 PassRow::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

double PassRow::real(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

QByteArrayView PassRow::bytes(int column) const
{
    switch (sqlite3_column_type(m_statement, column)) {
    case SQLITE_TEXT: {
        const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
        return {text, text == nullptr ? 0 : sqlite3_column_bytes(m_statement, column)};
    }
    case SQLITE_BLOB: {
        const auto *blob = static_cast<const char *>(sqlite3_column_blob(m_statement, column));
        return {blob, blob == nullptr ? 0 : sqlite3_column_bytes(m_statement, column)};
    }
    default:
        return {};
    }
}

QString PassRow::name() const
{
    if (isText(0))
        return QString::fromUtf8(bytes(0));
    const int rowid = sqlite3_column_count(m_statement) - 1;
    return QStringLiteral("rowid %1").arg(sqlite3_column_int64(m_statement, rowid));
}

/// Columns, then the broken rules as bits of one number, then the rowid. Made of the literals of the tables
/// in row_rules.cpp and nothing else.
QByteArray TablePass::statement() const
{
    QByteArray sql = QByteArrayLiteral("SELECT ");
    for (const ColumnRule &column : m_columns)
        sql += QByteArray(column.name) + ", ";
    sql += '0';
    for (std::size_t i = 0; i < m_rules.size(); ++i)
        sql += " | (((" + QByteArray(m_rules[i].where) + ") IS TRUE) << " +
               QByteArray::number(qulonglong{i}) + ')';
    sql += QByteArrayLiteral(", rowid FROM ") + m_table.name + " NOT INDEXED";
    return sql;
}

void TablePass::judge(const PassRow &row)
{
    ++m_rows;
    const auto name = [&row] { return row.name(); };
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if ((row.kind(static_cast<int>(i)) & m_columns[i].kinds) == 0)
            m_mistyped[i].add(name);
    }
    const auto broken = static_cast<quint64>(row.integer(static_cast<int>(m_columns.size())));
    if (broken == 0)
        return;
    for (std::size_t i = 0; i < m_rules.size(); ++i) {
        if ((broken >> i & 1U) != 0)
            m_broken[i].add(name);
    }
}

Result<TablePass::Outcome> TablePass::run(sqlite3 *connection, int version, const core::WorkControl &control,
                                          const std::function<void(const PassRow &)> &visit)
{
    const auto isOfVersion = [version](const auto &rule) { return rule.sinceVersion <= version; };
    std::copy_if(m_table.columns.begin(), m_table.columns.end(), std::back_inserter(m_columns), isOfVersion);
    std::copy_if(m_table.rules.begin(), m_table.rules.end(), std::back_inserter(m_rules), isOfVersion);
    Q_ASSERT(m_rules.size() < 63);
    m_broken.resize(m_rules.size());
    m_mistyped.resize(m_columns.size());

    sqlite3_stmt *prepared = nullptr;
    int code = sqlite3_prepare_v2(connection, statement().constData(), -1, &prepared, nullptr);
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> owner(prepared, sqlite3_finalize);
    const auto fail = [&]() -> Result<Outcome> {
        Error error = sqliteError(connection, QStringLiteral("check rows"));
        if (control.isStopped())
            return cancelled();
        if (isOfSchema(error)) {
            m_outcome = Outcome::NotThere;
        } else if (isOfPages(error)) {
            m_outcome = Outcome::Damaged;
            m_damage = std::move(error);
        } else {
            return error;
        }
        return m_outcome;
    };
    if (code != SQLITE_OK)
        return fail();

    const qint64 total = estimate(connection, m_table.name);
    control.report(core::WorkStep::CheckingRows, 0, total);
    const PassRow row(prepared);
    QElapsedTimer sinceReport;
    sinceReport.start();
    while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
        judge(row);
        visit(row);
        if (m_rows % rowsBetweenLooks != 0)
            continue;
        if (control.isStopped())
            return cancelled();
        if (sinceReport.elapsed() >= reportEveryMs) {
            control.report(core::WorkStep::CheckingRows, m_rows, std::max(total, m_rows));
            sinceReport.restart();
        }
    }
    return code == SQLITE_DONE ? Result<Outcome>(Outcome::Complete) : fail();
}

QList<Finding> TablePass::findings() const
{
    QList<Finding> findings;
    const QString table = QString::fromLatin1(m_table.name);
    if (m_outcome == Outcome::Damaged) {
        findings.append(
            core::found(FindingId::PageDamaged, table,
                        QStringLiteral("after %1 rows: %2").arg(m_rows).arg(core::toLogText(m_damage))));
    }
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (m_mistyped[i].count == 0)
            continue;
        findings.append(core::found(FindingId::ValueMistyped,
                                    table + u'.' + QString::fromLatin1(m_columns[i].name),
                                    QStringLiteral("a value of a type that the column should not hold"),
                                    m_mistyped[i].count, m_mistyped[i].examples));
    }
    for (std::size_t i = 0; i < m_rules.size(); ++i) {
        if (m_broken[i].count == 0)
            continue;
        Finding finding =
            core::found(m_rules[i].id, QString::fromLatin1(m_rules[i].place),
                        QString::fromLatin1(m_rules[i].description), m_broken[i].count, m_broken[i].examples);
        finding.severity = m_rules[i].severity;
        findings.append(finding);
    }
    return findings;
}

int columnOf(std::span<const ColumnRule> columns, const char *name)
{
    const auto at = std::find_if(columns.begin(), columns.end(), [name](const ColumnRule &column) {
        return std::strcmp(column.name, name) == 0;
    });
    Q_ASSERT_X(at != columns.end(), "columnOf", name);
    return static_cast<int>(at - columns.begin());
}

Error cancelled()
{
    return {ErrorCode::Cancelled, QStringLiteral("check ledger"), 0, {}};
}

bool isOfSchema(const Error &error)
{
    return error.code == ErrorCode::LedgerError && (error.native & 0xff) == SQLITE_ERROR;
}

bool isOfPages(const Error &error)
{
    return error.code == ErrorCode::LedgerCorrupt || error.code == ErrorCode::LedgerNotADatabase;
}

} // namespace ingather::ledger
