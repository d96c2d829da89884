// SPDX-License-Identifier: MIT
#include "ledger/bind.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace ingather::ledger
{

using core::Result;

namespace
{

QString withoutLoneSurrogates(const QString &value)
{
    if (value.isValidUtf16())
        return value;
    QString clean = value;
    for (qsizetype i = 0; i < clean.size(); ++i) {
        if (!clean.at(i).isSurrogate())
            continue;
        if (clean.at(i).isHighSurrogate() && i + 1 < clean.size() && clean.at(i + 1).isLowSurrogate())
            ++i;
        else
            clean[i] = QChar(QChar::ReplacementCharacter);
    }
    return clean;
}

} // namespace

QVariant text(const QString &value)
{
    return value.isNull() ? QVariant(QStringLiteral("")) : QVariant(withoutLoneSurrogates(value));
}

QVariant textOrNull(const QString &value)
{
    return value.isEmpty() ? null() : text(value);
}

QVariant integer(qint64 value)
{
    return QVariant(value);
}

QVariant real(double value)
{
    return QVariant(value);
}

QVariant time(core::UnixTime value)
{
    return QVariant(value.seconds);
}

QVariant timeOrNull(const std::optional<core::UnixTime> &value)
{
    return value ? time(*value) : null();
}

QVariant null()
{
    return {};
}

QVariant jsonList(const QStringList &values)
{
    const QByteArray json = QJsonDocument(QJsonArray::fromStringList(values)).toJson(QJsonDocument::Compact);
    return text(QString::fromUtf8(json));
}

QVariant jsonList(const QList<qint64> &values)
{
    // Not by QJsonArray, which may take a large one for a floating-point number.
    QStringList numbers;
    numbers.reserve(values.size());
    for (const qint64 value : values)
        numbers.append(QString::number(value));
    return text(u'[' + numbers.join(u',') + u']');
}

Result<SqliteStatement *> query(Session &session, const char *sql, std::initializer_list<QVariant> values)
{
    const Result<SqliteStatement *> prepared = session.statement(sql);
    if (!prepared)
        return prepared.error();
    int position = 0;
    for (const QVariant &value : values)
        (*prepared)->bind(++position, value);
    return *prepared;
}

Result<qint64> number(Session &session, const char *sql, std::initializer_list<QVariant> values)
{
    const Result<SqliteStatement *> rows = query(session, sql, values);
    if (!rows)
        return rows.error();
    const Result<bool> row = (*rows)->step("read a number");
    if (!row)
        return row.error();
    const qint64 value = *row ? (*rows)->value(0).toLongLong() : 0;
    (*rows)->reset();
    return value;
}

Result<> execute(Session &session, const char *sql, const char *operation,
                 std::initializer_list<QVariant> values)
{
    const Result<SqliteStatement *> statement = query(session, sql, values);
    if (!statement)
        return statement.error();
    return (*statement)->run(operation);
}

Result<int> change(Session &session, const char *sql, const char *operation,
                   std::initializer_list<QVariant> values)
{
    const Result<SqliteStatement *> statement = query(session, sql, values);
    if (!statement)
        return statement.error();
    const Result<> done = (*statement)->run(operation);
    if (!done)
        return done.error();
    return (*statement)->changes();
}

} // namespace ingather::ledger
