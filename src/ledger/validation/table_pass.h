// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/work_control.h"
#include "ledger/validation/row_rules.h"
#include "ledger/validation/tally.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace ingather::ledger
{

/// The row that a pass stands on, its values where SQLite keeps them: valid until the next one.
class PassRow final
{
public:
    explicit PassRow(sqlite3_stmt *statement) : m_statement(statement) {}

    /// One of the bits of ValueKinds. Columns count from 0, as the pass was given them.
    unsigned kind(int column) const;
    bool isNull(int column) const { return kind(column) == HoldsNull; }
    bool isText(int column) const { return kind(column) == HoldsText; }
    qint64 integer(int column) const;
    double real(int column) const;
    /// Of a text or a blob; empty for everything else.
    QByteArrayView bytes(int column) const;
    /// The first column as text, or the rowid where it holds none.
    QString name() const;

private:
    sqlite3_stmt *m_statement = nullptr;
};

/// Goes once through a table, in the order of its own b-tree, without the help of any index, and counts the
/// rows that break each of the rules.
class TablePass final
{
public:
    struct Table {
        const char *name;
        std::span<const ColumnRule> columns;
        std::span<const RowRule> rules;
    };

    explicit TablePass(const Table &table) : m_table(table) {}

    enum class Outcome {
        Complete,
        NotThere, ///< no such table, or not with these columns: the schema's findings say so
        Damaged,  ///< pages could not be read; what came before them was visited
    };
    /// `version` of the schema says which columns and rules there are; `visit` gets each row. Cancelled, and
    /// errors that are not the table's (busy, no memory).
    core::Result<Outcome> run(sqlite3 *connection, int version, const core::WorkControl &control,
                              const std::function<void(const PassRow &)> &visit);

    /// What the rules and the types found, with PageDamaged where the pass was cut short.
    QList<core::Finding> findings() const;
    qint64 rows() const { return m_rows; }

private:
    QByteArray statement() const;
    void judge(const PassRow &row);

    Table m_table;
    std::vector<RowRule> m_rules;
    std::vector<ColumnRule> m_columns;
    std::vector<Tally> m_broken;   ///< by rule
    std::vector<Tally> m_mistyped; ///< by column
    qint64 m_rows = 0;
    core::Error m_damage = {};
    Outcome m_outcome = Outcome::Complete;
};

/// The place of a column in such a table. It has to be there.
int columnOf(std::span<const ColumnRule> columns, const char *name);

/// Why a check that was told to stop ended.
core::Error cancelled();
/// Whether the error speaks of the table itself: it is not there, or not in that form.
bool isOfSchema(const core::Error &error);
/// Whether it speaks of damaged pages.
bool isOfPages(const core::Error &error);

} // namespace ingather::ledger
