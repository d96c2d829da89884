// SPDX-License-Identifier: MIT
#include "ledger/sqlite.h"

#include "core/error.h"

#include <QFileInfo>
#include <QUrl>

#include <sqlite3.h>

#include <memory>
#include <vector>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

// SQLite keeps statistics of its memory under a lock that each allocation takes; nobody reads them. Before
// main(), because it can't be set any more once the library is in use.
[[maybe_unused]] const int noMemoryStatistics = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

ErrorCode errorCodeOf(int code)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: // the locks of the log were not to be had in a hundred tries
        return ErrorCode::LedgerBusy;
    case SQLITE_FULL:
        return ErrorCode::LedgerFull;
    case SQLITE_IOERR:
        return ErrorCode::LedgerIoError;
    case SQLITE_CORRUPT:
        return ErrorCode::LedgerCorrupt;
    case SQLITE_NOTADB:
        return ErrorCode::LedgerNotADatabase;
    case SQLITE_READONLY:
        return ErrorCode::LedgerReadOnly;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return ErrorCode::LedgerCannotOpen;
    case SQLITE_CONSTRAINT:
        return ErrorCode::LedgerConstraint;
    default:
        return ErrorCode::LedgerError;
    }
}

// The bytes of a path as a file URI: SQLite reads '?', '#' and '%' in one, so they are escaped. It has to be
// absolute, else its first folder would be taken for a host.
QByteArray fileUri(const QString &path, const char *query)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    return QByteArrayLiteral("file://") + QUrl::toPercentEncoding(absolute, QByteArrayLiteral("/")) + query;
}

} // namespace

Error sqliteError(int code, const QString &operation, const QString &message)
{
    return {errorCodeOf(code), operation, code, message};
}

Error sqliteError(sqlite3 *connection, const QString &operation)
{
    return sqliteError(sqlite3_extended_errcode(connection), operation,
                       QString::fromUtf8(sqlite3_errmsg(connection)));
}

SqliteStatement::~SqliteStatement()
{
    finalize();
}

Result<> SqliteStatement::prepare(sqlite3 *connection, const char *sql)
{
    finalize();
    m_connection = connection;
    if (sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &m_statement, nullptr) !=
        SQLITE_OK)
        return sqliteError(connection, QStringLiteral("prepare statement"));
    return {};
}

void SqliteStatement::bind(int position, const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    sqlite3_bind_text64(m_statement, position, utf8.constData(), static_cast<sqlite3_uint64>(utf8.size()),
                        SQLITE_TRANSIENT, SQLITE_UTF8);
}

void SqliteStatement::bind(int position, qint64 value)
{
    sqlite3_bind_int64(m_statement, position, value);
}

void SqliteStatement::bind(int position, double value)
{
    sqlite3_bind_double(m_statement, position, value);
}

void SqliteStatement::bindNull(int position)
{
    sqlite3_bind_null(m_statement, position);
}

void SqliteStatement::bind(int position, const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::UnknownType:
        bindNull(position);
        return;
    case QMetaType::Int:
    case QMetaType::LongLong:
        bind(position, value.toLongLong());
        return;
    case QMetaType::Double:
        bind(position, value.toDouble());
        return;
    case QMetaType::QString:
        bind(position, *static_cast<const QString *>(value.constData()));
        return;
    case QMetaType::QByteArray: {
        const QByteArray bytes = value.toByteArray();
        sqlite3_bind_blob64(m_statement, position, bytes.constData(),
                            static_cast<sqlite3_uint64>(bytes.size()), SQLITE_TRANSIENT);
        return;
    }
    default:
        Q_ASSERT_X(false, "bind", value.typeName());
    }
}

void SqliteStatement::bind(int position, const SqlValue &value)
{
    bindValue(m_statement, position, value);
}

int SqliteStatement::parameterCount() const
{
    return sqlite3_bind_parameter_count(m_statement);
}

Result<bool> SqliteStatement::step(const char *operation)
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE) {
        sqlite3_reset(m_statement);
        return false;
    }
    const Error error = sqliteError(m_connection, QString::fromLatin1(operation));
    sqlite3_reset(m_statement);
    return error;
}

Result<> SqliteStatement::run(const char *operation)
{
    for (;;) {
        const Result<bool> row = step(operation);
        if (!row)
            return row.error();
        if (!*row)
            return {};
    }
}

void SqliteStatement::reset()
{
    sqlite3_reset(m_statement);
}

void SqliteStatement::finalize()
{
    sqlite3_finalize(m_statement);
    m_statement = nullptr;
}

qint64 SqliteStatement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

double SqliteStatement::real(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

bool SqliteStatement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

QString SqliteStatement::text(int column) const
{
    const unsigned char *bytes = sqlite3_column_text(m_statement, column);
    return QString::fromUtf8(reinterpret_cast<const char *>(bytes),
                             sqlite3_column_bytes(m_statement, column));
}

QVariant SqliteStatement::value(int column) const
{
    switch (sqlite3_column_type(m_statement, column)) {
    case SQLITE_INTEGER:
        return integer(column);
    case SQLITE_FLOAT:
        return real(column);
    case SQLITE_TEXT:
        return text(column);
    case SQLITE_BLOB:
        return QByteArray(static_cast<const char *>(sqlite3_column_blob(m_statement, column)),
                          sqlite3_column_bytes(m_statement, column));
    default:
        return {};
    }
}

SqlValue SqliteStatement::sqlValue(int column) const
{
    return valueAt(m_statement, column);
}

int SqliteStatement::changes() const
{
    return sqlite3_changes(m_connection);
}

SqliteConnection::~SqliteConnection()
{
    close();
}

Result<> SqliteConnection::open(const QString &path, Mode mode)
{
    close();
    int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const char *query = "";
    switch (mode) {
    case Mode::ReadOnly:
        flags |= SQLITE_OPEN_READONLY;
        break;
    case Mode::Immutable:
        flags |= SQLITE_OPEN_READONLY;
        query = "?immutable=1";
        break;
    case Mode::ReadWrite:
        flags |= SQLITE_OPEN_READWRITE;
        break;
    case Mode::Create:
        flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
        break;
    }
    const int code = sqlite3_open_v2(fileUri(path, query).constData(), &m_handle, flags, nullptr);
    if (code != SQLITE_OK) {
        const Error error = sqliteError(code, QStringLiteral("open ledger"),
                                        QString::fromUtf8(m_handle ? sqlite3_errmsg(m_handle) : ""));
        close();
        return error;
    }
    sqlite3_busy_timeout(m_handle, 5000);
    return {};
}

void SqliteConnection::close()
{
    sqlite3_close(m_handle);
    m_handle = nullptr;
}

bool SqliteConnection::isWritable() const
{
    return sqlite3_db_readonly(m_handle, "main") == 0;
}

Result<> runScript(sqlite3 *connection, const QByteArray &script, const QString &operation)
{
    const char *rest = script.constData();
    while (*rest != '\0') {
        sqlite3_stmt *statement = nullptr;
        const char *tail = nullptr;
        int code = sqlite3_prepare_v2(connection, rest, -1, &statement, &tail);
        if (code != SQLITE_OK)
            return sqliteError(connection, operation);
        rest = tail;
        if (statement == nullptr)
            continue; // blanks and comments
        do {
            code = sqlite3_step(statement);
        } while (code == SQLITE_ROW);
        if (code != SQLITE_DONE) {
            const Error error = sqliteError(connection, operation);
            sqlite3_finalize(statement);
            return error;
        }
        sqlite3_finalize(statement);
    }
    return {};
}

Result<> runStatement(sqlite3 *connection, const QByteArray &sql, const QString &operation)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql.constData());
    return prepared ? statement.run(operation.toUtf8().constData()) : prepared;
}

bool blamesStatement(const core::Error &error)
{
    return error.code == ErrorCode::LedgerError || error.code == ErrorCode::LedgerConstraint;
}

Result<QByteArray> readHeader(const QString &path, int bytes)
{
    const QString operation = QStringLiteral("read ledger header");
    sqlite3_vfs *vfs = sqlite3_vfs_find(nullptr);
    const auto release = [](const char *name) { sqlite3_free_filename(const_cast<char *>(name)); };
    const std::unique_ptr<const char, decltype(release)> name(
        sqlite3_create_filename(path.toUtf8().constData(), "", "", 0, nullptr), release);
    if (vfs == nullptr || !name)
        return sqliteError(SQLITE_NOMEM, operation);

    std::vector<std::max_align_t> storage(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) +
                                          1);
    auto *file = reinterpret_cast<sqlite3_file *>(storage.data());
    file->pMethods = nullptr;
    int code = vfs->xOpen(vfs, name.get(), file, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, nullptr);
    QByteArray header(bytes, '\0');
    if (code == SQLITE_OK) {
        code = file->pMethods->xRead(file, header.data(), bytes, 0);
        if (code == SQLITE_IOERR_SHORT_READ)
            code = SQLITE_OK; // the rest is zero
    }
    if (file->pMethods != nullptr)
        file->pMethods->xClose(file);
    if (code != SQLITE_OK)
        return sqliteError(code, operation);
    return header;
}

} // namespace ingather::ledger
