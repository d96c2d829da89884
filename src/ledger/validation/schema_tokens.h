// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace ingather::ledger
{

/// One token of an SQL text, and where it stands there.
struct SchemaToken {
    QByteArray text; ///< as schemaTokens() writes it
    qsizetype begin = 0;
    qsizetype end = 0;

    friend bool operator==(const SchemaToken &, const SchemaToken &) = default;
};

/// All tokens of a text, IF NOT EXISTS and the last semicolon left out.
QList<SchemaToken> tokenList(QByteArrayView sql);

/// The tokens of a CREATE statement, separated by one blank: words that SQLite takes for the same in any case
/// are lower-cased, quotes around plain names fall away, comments and white space too. Literals stay as they
/// are. Two texts with the same tokens mean the same; the text is what shows a CHECK or a partial WHERE.
QByteArray schemaTokens(QByteArrayView sql);

/// A table's CREATE text, taken apart at its outermost commas.
struct TableText {
    QList<QByteArray> columns;     ///< tokens of each column's definition, name first
    QList<QByteArray> columnTexts; ///< the same definitions as they were written
    QList<QByteArray> constraints; ///< tokens of each table constraint
    QByteArray options;            ///< what follows the closing bracket: "without rowid", "strict"
};
TableText tableText(QByteArrayView sql);

/// One column's definition, taken apart further.
struct ColumnText {
    QByteArray name;
    QByteArray type;               ///< tokens; empty for none
    QList<QByteArray> constraints; ///< tokens of each, sorted: "not null", "default 0", "check ( … )"

    bool has(QByteArrayView firstWords) const;
    friend bool operator==(const ColumnText &, const ColumnText &) = default;
};
ColumnText columnText(QByteArrayView definition);

} // namespace ingather::ledger
