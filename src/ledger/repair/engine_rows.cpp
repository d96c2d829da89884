// SPDX-License-Identifier: MIT
#include "ledger/repair/engine_rows.h"

#include "core/error.h"
#include "ledger/sqlite.h"
#include "ledger/validation/column_names.h"

#include <limits>
#include <optional>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

/// The columns that source and shape have in common.
struct Selection {
    QStringList names;  ///< in the source
    QList<int> columns; ///< of the shape, in the same order

    QByteArray list() const
    {
        QByteArray list;
        for (const QString &name : names)
            list += (list.isEmpty() ? "" : ", ") + quotedName(name);
        return list;
    }
};

Selection selectionFor(const TableShape &source, const TableShape &shape)
{
    const QStringList settled = settledNames(source.columns, shape.columns);
    Selection selection;
    for (int i = 0; i < shape.columns.size(); ++i) {
        const qsizetype at = settled.indexOf(shape.columns.at(i));
        if (at < 0)
            continue;
        selection.names.append(source.columns.at(at));
        selection.columns.append(i);
    }
    return selection;
}

/// One statement over the table, from a rowid on.
class Pass
{
public:
    Pass(const TableShape &shape, const Selection &selection) : m_shape(shape), m_selection(selection) {}

    Result<> prepare(sqlite3 *source)
    {
        const QByteArray table = quotedName(m_shape.name);
        const QByteArray byRowid = "SELECT rowid, " + m_selection.list() + " FROM " + table +
                                   " NOT INDEXED WHERE rowid >= ? ORDER BY rowid";
        Result<> done = m_statement.prepare(source, byRowid.constData());
        m_hasRowid = done.has_value();
        if (m_hasRowid)
            return done;
        const QByteArray all = "SELECT 0, " + m_selection.list() + " FROM " + table;
        return m_statement.prepare(source, all.constData());
    }

    bool hasRowid() const { return m_hasRowid; }
    void startAt(qint64 rowid)
    {
        m_statement.reset();
        if (m_hasRowid)
            m_statement.bind(1, rowid);
    }
    Result<bool> step() { return m_statement.step("read table"); }
    qint64 rowid() const { return m_statement.integer(0); }
    SqlRow row() const
    {
        SqlRow row = m_shape.defaults;
        for (int i = 0; i < m_selection.columns.size(); ++i)
            row[m_selection.columns.at(i)] = m_statement.sqlValue(i + 1);
        return row;
    }

private:
    const TableShape &m_shape;
    const Selection &m_selection;
    SqliteStatement m_statement;
    bool m_hasRowid = false;
};

/// A row whose record is damaged somewhere: value by value. SQLite reads a record only as far as it has to,
/// so what stands before the damage is whole.
class RowByValues
{
public:
    RowByValues(sqlite3 *source, const TableShape &shape, const Selection &selection)
        : m_source(source), m_shape(shape), m_selection(selection)
    {
    }

    /// The next row behind `rowid`; nothing if not even its number can be read.
    std::optional<qint64> rowidBehind(qint64 rowid)
    {
        const QByteArray sql = "SELECT rowid FROM " + quotedName(m_shape.name) +
                               " NOT INDEXED WHERE rowid > ? ORDER BY rowid LIMIT 1";
        const SqlValue found = value(sql, rowid);
        // In a tree that runs in circles it may be one from before.
        const bool isBehind = found.type == SqlValue::Type::Integer && found.integer > rowid;
        return isBehind ? std::optional(found.integer) : std::nullopt;
    }
    SqlRow row(qint64 rowid)
    {
        SqlRow row = m_shape.defaults;
        for (int i = 0; i < m_selection.columns.size(); ++i)
            row[m_selection.columns.at(i)] =
                value("SELECT " + quotedName(m_selection.names.at(i)) + " FROM " + quotedName(m_shape.name) +
                          " NOT INDEXED WHERE rowid = ?",
                      rowid);
        return row;
    }

private:
    SqlValue value(const QByteArray &sql, qint64 rowid) const
    {
        SqliteStatement statement;
        if (!statement.prepare(m_source, sql.constData()))
            return {};
        statement.bind(1, rowid);
        const Result<bool> row = statement.step("read value");
        return row && *row ? statement.sqlValue(0) : SqlValue();
    }

    sqlite3 *const m_source;
    const TableShape &m_shape;
    const Selection &m_selection;
};

} // namespace

Result<EngineReading> readTable(sqlite3 *source, const TableShape &shape, const QSet<qint64> &skip,
                                const RowSink &sink, const core::WorkControl &control)
{
    constexpr qint64 largest = std::numeric_limits<qint64>::max();
    EngineReading reading;
    const Result<TableShape> there = tableShape(source, shape.name);
    if (!there || there->columns.isEmpty()) {
        reading.isComplete = there.has_value();
        return reading;
    }
    const Selection selection = selectionFor(*there, shape);
    Pass pass(shape, selection);
    if (!pass.prepare(source)) {
        reading.isComplete = false;
        return reading;
    }
    RowByValues values(source, shape, selection);
    std::optional<qint64> last;
    const auto take = [&](qint64 rowid, const auto &readRow) -> Result<> {
        last = rowid;
        if (control.isStopped())
            return Error{ErrorCode::Cancelled, QStringLiteral("read table"), 0, {}};
        if (pass.hasRowid() && skip.contains(rowid))
            return {};
        ++reading.rows;
        return sink(rowid, readRow());
    };
    qint64 start = std::numeric_limits<qint64>::min();
    qint64 jump = 1;
    for (;;) {
        pass.startAt(start);
        Result<bool> row = pass.step();
        // Rowids that do not grow come from a tree that runs in circles.
        while (row && *row && (!pass.hasRowid() || !last || pass.rowid() > *last)) {
            const Result<> taken = take(pass.rowid(), [&] { return pass.row(); });
            if (!taken)
                return taken.error();
            jump = 1;
            row = pass.step();
        }
        if (row && !*row)
            return reading;
        reading.isComplete = false;
        if (!pass.hasRowid())
            return reading;
        // Before any row was had there is no telling where the rowids begin; they do at 1.
        if (const std::optional<qint64> hit = values.rowidBehind(last.value_or(0))) {
            const Result<> taken = take(*hit, [&] { return values.row(*hit); });
            if (!taken)
                return taken.error();
            jump = 1;
        }
        const qint64 from = last.value_or(0);
        if (from > largest - jump || jump > (qint64{1} << 40))
            return reading;
        start = from + jump;
        jump *= 2;
    }
}

} // namespace ingather::ledger
