// SPDX-License-Identifier: MIT
#include "bench/statement_tape.h"

#include "ledger/row_sum.h"

#include <sqlite3.h>

#include <chrono>
#include <cstring>

namespace ingather::bench
{

namespace
{

/// The literal that sqlite3_expanded_sql() has put where a parameter stood; moves past it.
QVariant takeLiteral(const char *&at)
{
    const char *start = at;
    if (*at == '\'' || *at == 'x') {
        const bool isBlob = *at == 'x';
        if (isBlob)
            ++at;
        QByteArray bytes;
        for (++at; *at != '\0'; ++at) {
            if (*at == '\'') {
                if (at[1] != '\'')
                    break;
                ++at;
            }
            bytes.append(*at);
        }
        ++at;
        return isBlob ? QVariant(QByteArray::fromHex(bytes)) : QVariant(QString::fromUtf8(bytes));
    }
    while (*at != '\0' && std::strchr("+-.0123456789eENUL", *at) != nullptr)
        ++at;
    const QByteArray word(start, at - start);
    if (word == "NULL")
        return {};
    const bool isReal = word.contains('.') || word.contains('e');
    return isReal ? QVariant(word.toDouble()) : QVariant(word.toLongLong());
}

[[noreturn]] void fail(sqlite3 *connection, const QByteArray &sql)
{
    qFatal("%s: %s", sql.constData(), sqlite3_errmsg(connection));
}

void bind(sqlite3_stmt *statement, int position, const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::UnknownType:
        sqlite3_bind_null(statement, position);
        return;
    case QMetaType::LongLong:
        sqlite3_bind_int64(statement, position, value.toLongLong());
        return;
    case QMetaType::Double:
        sqlite3_bind_double(statement, position, value.toDouble());
        return;
    case QMetaType::QByteArray: {
        const QByteArray &bytes = *static_cast<const QByteArray *>(value.constData());
        sqlite3_bind_blob(statement, position, bytes.constData(), static_cast<int>(bytes.size()),
                          SQLITE_STATIC);
        return;
    }
    default:
        qFatal("a value of type %s", value.typeName());
    }
}

} // namespace

void StatementTape::record(sqlite3 *connection)
{
    sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, onStatement, this);
}

void StatementTape::stop(sqlite3 *connection)
{
    sqlite3_trace_v2(connection, 0, nullptr, nullptr);
}

int StatementTape::onStatement(unsigned, void *tape, void *statement, void *text)
{
    const auto *comment = static_cast<const char *>(text);
    if (comment != nullptr && comment[0] == '-' && comment[1] == '-')
        return 0; // a trigger's own statement
    auto *prepared = static_cast<sqlite3_stmt *>(statement);
    char *expanded = sqlite3_expanded_sql(prepared);
    static_cast<StatementTape *>(tape)->add(sqlite3_sql(prepared), expanded);
    sqlite3_free(expanded);
    return 0;
}

void StatementTape::add(const char *sql, const char *expanded)
{
    const QByteArray text(sql);
    if (m_entries.empty() && !text.startsWith("BEGIN"))
        return; // the end of a transaction that began before the recording
    auto known = m_known.find(text);
    if (known == m_known.end()) {
        known = m_known.insert(text, static_cast<int>(m_statements.size()));
        m_statements.push_back(text);
    }
    Entry entry;
    entry.statement = known.value();
    int next = 1;
    for (const char *from = sql, *to = expanded; *from != '\0';) {
        if (*from == '\'') { // a literal of the statement's own
            do {
                ++from;
                ++to;
            } while (*from != '\'' && *from != '\0');
        }
        if (*from != '?' && *from != '@') {
            ++from;
            ++to;
            continue;
        }
        int position = 0;
        for (++from; *from >= '0' && *from <= '9'; ++from)
            position = position * 10 + (*from - '0');
        if (position == 0)
            position = next;
        next = std::max(next, position + 1);
        if (entry.values.size() < static_cast<std::size_t>(position))
            entry.values.resize(static_cast<std::size_t>(position));
        const QVariant value = takeLiteral(to);
        // Texts are kept as the bytes that the C interface is given.
        entry.values[static_cast<std::size_t>(position) - 1] = value;
    }
    m_entries.push_back(std::move(entry));
}

double StatementTape::play(const QString &ledger, const char *prelude) const
{
    sqlite3 *connection = nullptr;
    if (sqlite3_open(ledger.toUtf8().constData(), &connection) != SQLITE_OK)
        fail(connection, "open");
    for (const char *setting :
         {"PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON", "PRAGMA temp_store = MEMORY",
          "PRAGMA cache_size = -8192", "PRAGMA journal_size_limit = 67108864", prelude}) {
        if (sqlite3_exec(connection, setting, nullptr, nullptr, nullptr) != SQLITE_OK)
            fail(connection, setting);
    }
    if (!ledger::addRowSumFunction(connection))
        fail(connection, "add row sum function");

    std::vector<sqlite3_stmt *> prepared;
    for (const QByteArray &sql : m_statements) {
        prepared.push_back(nullptr);
        if (sqlite3_prepare_v3(connection, sql.constData(), -1, SQLITE_PREPARE_PERSISTENT, &prepared.back(),
                               nullptr) != SQLITE_OK)
            fail(connection, sql);
    }
    // Texts in UTF-8 beforehand: turning them is no work of SQLite's.
    std::vector<std::vector<QVariant>> values;
    values.reserve(m_entries.size());
    for (const Entry &entry : m_entries)
        values.push_back(entry.values);
    std::vector<std::vector<QByteArray>> texts(m_entries.size());
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        for (const QVariant &value : values[i])
            texts[i].push_back(value.typeId() == QMetaType::QString ? value.toString().toUtf8()
                                                                    : QByteArray());
    }

    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        sqlite3_stmt *statement = prepared[static_cast<std::size_t>(m_entries[i].statement)];
        for (std::size_t v = 0; v < values[i].size(); ++v) {
            const int position = static_cast<int>(v) + 1;
            if (values[i][v].typeId() == QMetaType::QString) {
                sqlite3_bind_text(statement, position, texts[i][v].constData(),
                                  static_cast<int>(texts[i][v].size()), SQLITE_STATIC);
            } else {
                bind(statement, position, values[i][v]);
            }
        }
        int code = SQLITE_ROW;
        while (code == SQLITE_ROW) {
            code = sqlite3_step(statement);
            for (int column = 0; code == SQLITE_ROW && column < sqlite3_column_count(statement); ++column)
                sqlite3_column_text(statement, column);
        }
        if (code != SQLITE_DONE)
            fail(connection, m_statements[static_cast<std::size_t>(m_entries[i].statement)]);
        sqlite3_reset(statement);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    for (sqlite3_stmt *statement : prepared)
        sqlite3_finalize(statement);
    sqlite3_close(connection);
    return took.count();
}

} // namespace ingather::bench
