// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "ledger/sql_value.h"

#include <QList>
#include <QString>
#include <QStringList>

struct sqlite3;

namespace ingather::ledger
{

/// What has to be known of an ordinary table in order to move its rows about.
struct TableShape {
    QString name;
    QStringList columns;      ///< stored ones, in their order
    QList<SqlValue> defaults; ///< for a column that a row is too short for
    QList<bool> isReal;       ///< REAL affinity: SQLite stores 7.0 as the integer 7 and gives it back as 7.0
    QStringList types;        ///< as declared; empty: anything
    int rowidColumn = -1;     ///< the INTEGER PRIMARY KEY, which is stored as NULL in the record
    QList<int> key;           ///< columns of the primary key
    int extraColumns = 0;     ///< how many of the last ones are not ours, in a table of ours

    /// The column must be there.
    int indexOf(const char *column) const;
    bool has(const char *column) const;
    const SqlValue &at(const SqlRow &row, const char *column) const { return row.at(indexOf(column)); }
};

core::Result<TableShape> tableShape(sqlite3 *connection, const QString &table);

/// The first column whose value is none that a program of ours, or of v1, would have put there; -1 if all may
/// be. NULL may stand anywhere as far as this goes.
int mistypedColumn(const TableShape &shape, const SqlRow &row);

/// A record as the pages have it → a row of `shape`. `stored`: names of the columns in the order in which the
/// damaged file's table had them; empty: as in `shape`. Values without a column of that name are appended to
/// `leftOver`.
SqlRow toShape(const TableShape &shape, const QStringList &stored, const SqlRow &record, qint64 rowid,
               SqlRow *leftOver = nullptr);

/// Our tables whose rows are moved, in a ledger of that version. The counters are not among them: they are
/// counted anew.
QStringList ownTables(int version);

/// {"column": value, …} as one line of JSON, for ingather_salvage.
QByteArray rowJson(const QStringList &columns, const SqlRow &row);

} // namespace ingather::ledger
