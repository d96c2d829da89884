// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QJsonValue>
#include <QList>
#include <QString>

struct sqlite3_stmt;

namespace ingather::ledger
{

class SqliteStatement;

/// A value as SQLite stores it, bit for bit: text stays the bytes that it is, valid UTF-8 or not, with or
/// without a NUL inside. For everything that moves rows without understanding them.
struct SqlValue {
    enum class Type { Null, Integer, Real, Text, Blob };

    Type type = Type::Null;
    qint64 integer = 0;
    double real = 0;
    QByteArray bytes; ///< of a Text (UTF-8) or a Blob

    static SqlValue ofInteger(qint64 value);
    static SqlValue ofReal(double value);
    static SqlValue ofText(const QByteArray &utf8);
    static SqlValue ofBlob(const QByteArray &bytes);

    bool isNull() const { return type == Type::Null; }
    bool isText() const { return type == Type::Text; }
    bool isNumber() const { return type == Type::Integer || type == Type::Real; }
    /// Of a number; 0 for everything else.
    double number() const { return type == Type::Integer ? static_cast<double>(integer) : real; }
    /// Of a Text; empty for everything else.
    QString text() const;

    /// Same type and same bits; NaN equals itself.
    friend bool operator==(const SqlValue &a, const SqlValue &b);
};

using SqlRow = QList<SqlValue>;

/// The column that the statement stands on.
SqlValue valueAt(sqlite3_stmt *statement, int column);
/// SQLite's result code.
int bindValue(sqlite3_stmt *statement, int position, const SqlValue &value);

/// For people and for ingather_salvage: a number as it is (integers past 2^53 and numbers that are not finite
/// as {"number": "…"}), text as text, bytes that are no UTF-8 as {"hex": "…"}, NULL as null.
QJsonValue toJson(const SqlValue &value);

/// Double-quoted for SQL, quotes inside doubled.
QByteArray quotedName(const QString &name);

} // namespace ingather::ledger
