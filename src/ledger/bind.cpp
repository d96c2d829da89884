// SPDX-License-Identifier: MIT
#include "ledger/bind.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSqlError>

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

Result<QSqlQuery *> query(Session &session, const char *sql, const char *operation,
                          std::initializer_list<QVariant> values)
{
    const Result<QSqlQuery *> prepared = session.prepare(sql);
    if (!prepared)
        return prepared.error();
    QSqlQuery *statement = *prepared;
    int position = 0;
    for (const QVariant &value : values)
        statement->bindValue(position++, value);
    const Result<> done = session.exec(*statement, operation);
    if (!done)
        return done.error();
    return statement;
}

Result<> execute(Session &session, const char *sql, const char *operation,
                 std::initializer_list<QVariant> values)
{
    const Result<int> changed = change(session, sql, operation, values);
    if (!changed)
        return changed.error();
    return {};
}

Result<int> change(Session &session, const char *sql, const char *operation,
                   std::initializer_list<QVariant> values)
{
    const Result<QSqlQuery *> done = query(session, sql, operation, values);
    if (!done)
        return done.error();
    const int rows = (*done)->numRowsAffected();
    (*done)->finish();
    return rows;
}

Result<bool> next(QSqlQuery &query, const char *operation)
{
    if (query.next())
        return true;
    if (query.lastError().isValid()) {
        const core::Error error = errorFromQuery(query, QString::fromLatin1(operation));
        query.finish();
        return error;
    }
    query.finish();
    return false;
}

} // namespace ingather::ledger
