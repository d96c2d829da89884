// SPDX-License-Identifier: MIT
#include "ledger/sql_value.h"

#include <QJsonObject>
#include <QStringDecoder>

#include <sqlite3.h>

#include <bit>
#include <cmath>

namespace ingather::ledger
{

SqlValue SqlValue::ofInteger(qint64 value)
{
    SqlValue result;
    result.type = Type::Integer;
    result.integer = value;
    return result;
}

SqlValue SqlValue::ofReal(double value)
{
    SqlValue result;
    result.type = Type::Real;
    result.real = value;
    return result;
}

SqlValue SqlValue::ofText(const QByteArray &utf8)
{
    SqlValue result;
    result.type = Type::Text;
    result.bytes = utf8;
    return result;
}

SqlValue SqlValue::ofBlob(const QByteArray &bytes)
{
    SqlValue result;
    result.type = Type::Blob;
    result.bytes = bytes;
    return result;
}

QString SqlValue::text() const
{
    return type == Type::Text ? QString::fromUtf8(bytes) : QString();
}

bool operator==(const SqlValue &a, const SqlValue &b)
{
    if (a.type != b.type)
        return false;
    switch (a.type) {
    case SqlValue::Type::Null:
        return true;
    case SqlValue::Type::Integer:
        return a.integer == b.integer;
    case SqlValue::Type::Real:
        return std::bit_cast<quint64>(a.real) == std::bit_cast<quint64>(b.real);
    case SqlValue::Type::Text:
    case SqlValue::Type::Blob:
        break;
    }
    return a.bytes == b.bytes;
}

SqlValue valueAt(sqlite3_stmt *statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return SqlValue::ofInteger(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
        return SqlValue::ofReal(sqlite3_column_double(statement, column));
    case SQLITE_TEXT: {
        const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(statement, column));
        return SqlValue::ofText(QByteArray(text, sqlite3_column_bytes(statement, column)));
    }
    case SQLITE_BLOB: {
        const auto *blob = static_cast<const char *>(sqlite3_column_blob(statement, column));
        return SqlValue::ofBlob(QByteArray(blob, sqlite3_column_bytes(statement, column)));
    }
    default:
        return {};
    }
}

int bindValue(sqlite3_stmt *statement, int position, const SqlValue &value)
{
    const auto size = static_cast<sqlite3_uint64>(value.bytes.size());
    switch (value.type) {
    case SqlValue::Type::Null:
        return sqlite3_bind_null(statement, position);
    case SqlValue::Type::Integer:
        return sqlite3_bind_int64(statement, position, value.integer);
    case SqlValue::Type::Real:
        return sqlite3_bind_double(statement, position, value.real);
    case SqlValue::Type::Text:
        return sqlite3_bind_text64(statement, position, value.bytes.constData(), size, SQLITE_TRANSIENT,
                                   SQLITE_UTF8);
    case SqlValue::Type::Blob:
        break;
    }
    return sqlite3_bind_blob64(statement, position, value.bytes.constData(), size, SQLITE_TRANSIENT);
}

QJsonValue toJson(const SqlValue &value)
{
    constexpr qint64 exact = qint64{1} << 53;
    switch (value.type) {
    case SqlValue::Type::Null:
        return QJsonValue::Null;
    case SqlValue::Type::Integer:
        if (value.integer >= -exact && value.integer <= exact)
            return value.integer;
        return QJsonObject{{QStringLiteral("number"), QString::number(value.integer)}};
    case SqlValue::Type::Real:
        if (std::isfinite(value.real))
            return value.real;
        return QJsonObject{{QStringLiteral("number"), QString::number(value.real)}};
    case SqlValue::Type::Text: {
        QStringDecoder utf8(QStringDecoder::Utf8, QStringConverter::Flag::Stateless);
        const QString text = utf8(value.bytes);
        if (!utf8.hasError())
            return text;
        break;
    }
    case SqlValue::Type::Blob:
        break;
    }
    return QJsonObject{{QStringLiteral("hex"), QString::fromLatin1(value.bytes.toHex())}};
}

QByteArray quotedName(const QString &name)
{
    QByteArray quoted = name.toUtf8();
    quoted.replace('"', "\"\"");
    return '"' + quoted + '"';
}

} // namespace ingather::ledger
