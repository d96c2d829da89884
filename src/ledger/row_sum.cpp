// SPDX-License-Identifier: MIT
#include "ledger/row_sum.h"

#include "core/crc32c.h"
#include "ledger/bind.h"
#include "ledger/session.h"
#include "ledger/sqlite.h"

#include <QtEndian>

#include <sqlite3.h>

#include <bit>

namespace ingather::ledger
{

using core::Result;

void ValueSum::add(char tag, QByteArrayView bytes)
{
    m_sum = core::crc32c(QByteArrayView(&tag, 1), m_sum);
    m_sum = core::crc32c(bytes, m_sum);
}

void ValueSum::addNull()
{
    add('N', {});
}

void ValueSum::addInteger(qint64 value)
{
    const qint64 bytes = qToLittleEndian(value);
    add('I', QByteArrayView(reinterpret_cast<const char *>(&bytes), sizeof bytes));
}

void ValueSum::addReal(double value)
{
    const quint64 bytes = qToLittleEndian(std::bit_cast<quint64>(value));
    add('R', QByteArrayView(reinterpret_cast<const char *>(&bytes), sizeof bytes));
}

void ValueSum::addText(QByteArrayView utf8)
{
    addCounted('T', utf8);
}

void ValueSum::addBlob(QByteArrayView bytes)
{
    addCounted('B', bytes);
}

void ValueSum::add(const SqlValue &value)
{
    switch (value.type) {
    case SqlValue::Type::Null:
        addNull();
        return;
    case SqlValue::Type::Integer:
        addInteger(value.integer);
        return;
    case SqlValue::Type::Real:
        addReal(value.real);
        return;
    case SqlValue::Type::Text:
        addText(value.bytes);
        return;
    case SqlValue::Type::Blob:
        addBlob(value.bytes);
        return;
    }
}

void ValueSum::addCounted(char tag, QByteArrayView bytes)
{
    const qint64 length = qToLittleEndian(static_cast<qint64>(bytes.size()));
    add(tag, QByteArrayView(reinterpret_cast<const char *>(&length), sizeof length));
    m_sum = core::crc32c(bytes, m_sum);
}

namespace
{

void rowSum(sqlite3_context *context, int count, sqlite3_value **values)
{
    ValueSum sum;
    for (int i = 0; i < count; ++i) {
        sqlite3_value *value = values[i];
        switch (sqlite3_value_type(value)) {
        case SQLITE_INTEGER:
            sum.addInteger(sqlite3_value_int64(value));
            break;
        case SQLITE_FLOAT:
            sum.addReal(sqlite3_value_double(value));
            break;
        case SQLITE_TEXT: {
            const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(value));
            sum.addText(QByteArrayView(text, sqlite3_value_bytes(value)));
            break;
        }
        case SQLITE_BLOB: {
            const auto *blob = static_cast<const char *>(sqlite3_value_blob(value));
            sum.addBlob(QByteArrayView(blob, sqlite3_value_bytes(value)));
            break;
        }
        default:
            sum.addNull();
        }
    }
    sqlite3_result_int64(context, static_cast<qint64>(sum.value()));
}

} // namespace

Result<> addRowSumFunction(sqlite3 *connection)
{
    const int code = sqlite3_create_function_v2(connection, "ingather_row_sum", -1,
                                                SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
                                                nullptr, rowSum, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return sqliteError(code, QStringLiteral("add row sum function"));
    return {};
}

Result<> signRow(Session &session, const QString &jobId)
{
    static constexpr char sql[] =
        "UPDATE artifact_jobs SET row_sum = ingather_row_sum(" INGATHER_SIGNED_COLUMNS ") WHERE job_id = ?";
    return execute(session, sql, "sign job", {text(jobId)});
}

} // namespace ingather::ledger
