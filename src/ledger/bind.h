// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "ledger/session.h"
#include "ledger/sqlite.h"

#include <QStringList>
#include <QVariant>

#include <initializer_list>
#include <optional>

namespace ingather::ledger
{

/// Values on their way into a statement. Nothing but qint64, int, double, QString and QByteArray may get
/// there; these functions are the only way.

/// Text, empty or not. SQLite's UTF-16 reader swallows the character after a lone surrogate, so each
/// one becomes U+FFFD first; NULs inside are kept.
QVariant text(const QString &value);
/// NULL for an empty text.
QVariant textOrNull(const QString &value);
QVariant integer(qint64 value);
QVariant real(double value);
QVariant time(core::UnixTime value);
QVariant timeOrNull(const std::optional<core::UnixTime> &value);
QVariant null();

template <typename Integer>
QVariant integerOrNull(const std::optional<Integer> &value)
{
    return value ? integer(static_cast<qint64>(*value)) : null();
}

/// A JSON array of texts, for `IN (SELECT value FROM json_each(?))`.
QVariant jsonList(const QStringList &values);
/// The same of numbers.
QVariant jsonList(const QList<qint64> &values);

/// The session's own statements go to SQLite directly: for each execution QtSql would ask for the name, table
/// and declared type of every column anew, which costs more than most of our statements themselves.

/// Prepares (or finds) the statement and binds the values. next() gets the rows; who does not read to the end
/// calls reset().
core::Result<SqliteStatement *> query(Session &session, const char *sql,
                                      std::initializer_list<QVariant> values);

/// The number in the first column of the first row; 0 if there is none.
core::Result<qint64> number(Session &session, const char *sql, std::initializer_list<QVariant> values);

/// The same for a statement without rows; executes it.
core::Result<> execute(Session &session, const char *sql, const char *operation,
                       std::initializer_list<QVariant> values);

/// The same; returns how many rows were changed.
core::Result<int> change(Session &session, const char *sql, const char *operation,
                         std::initializer_list<QVariant> values);

} // namespace ingather::ledger
