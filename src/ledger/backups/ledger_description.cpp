// SPDX-License-Identifier: MIT
#include "ledger/backups/ledger_description.h"

#include "core/error.h"
#include "ledger/inspection.h"
#include "ledger/sql_value.h"
#include "ledger/sqlite.h"

#include <QCryptographicHash>
#include <QStringList>

#include <sqlite3.h>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

constexpr char describing[] = "describe ledger";
constexpr qsizetype fingerprintDigits = 32;

Result<QString> valueOf(sqlite3 *connection, const char *sql)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(connection, sql);
    if (!prepared)
        return prepared.error();
    const Result<bool> row = statement.step(describing);
    if (!row)
        return row.error();
    return *row ? statement.text(0) : QString();
}

/// Tables with a rowid, others' too. A worker's coming and going is no change that anybody would miss.
Result<QStringList> watchedTables(sqlite3 *connection)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(
        connection, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND wr = 0 "
                    "AND name NOT IN ('sqlite_schema', 'ingather_owners') ORDER BY name");
    if (!prepared)
        return prepared.error();
    QStringList names;
    for (;;) {
        const Result<bool> row = statement.step(describing);
        if (!row)
            return row.error();
        if (!*row)
            return names;
        names.append(statement.text(0));
    }
}

} // namespace

Result<LedgerDescription> describeLedger(sqlite3 *connection)
{
    const Result<SchemaFacts> facts = readSchemaFacts(connection);
    if (!facts)
        return facts.error();
    if (facts->version == 0)
        return Error{ErrorCode::LedgerUnmigrated, QString::fromLatin1(describing), 0,
                     QStringLiteral("there is no ledger in it")};
    const bool isV1 = facts->version == 1;

    LedgerDescription description;
    description.schemaVersion = facts->version;
    const Result<QString> jobs = valueOf(connection, isV1 ? "SELECT count(*) FROM artifact_jobs"
                                                          : "SELECT total(jobs) FROM ingather_counts");
    if (!jobs)
        return jobs.error();
    description.jobs = static_cast<qint64>(jobs->toDouble());

    const Result<QStringList> tables = watchedTables(connection);
    if (!tables)
        return tables.error();
    QStringList signs{*jobs};
    for (const char *sql :
         {"PRAGMA schema_version", "PRAGMA user_version", "PRAGMA page_count", "PRAGMA freelist_count",
          "SELECT printf('%!.17g', max(updated_at)) FROM artifact_jobs",
          isV1 ? "SELECT ''" : "SELECT printf('%!.17g', max(updated_at)) FROM ingather_parts"}) {
        const Result<QString> sign = valueOf(connection, sql);
        if (!sign)
            return sign.error();
        signs.append(*sign);
    }
    for (const QString &table : *tables) {
        // A name can't be bound.
        const Result<QString> last =
            valueOf(connection, ("SELECT max(rowid) FROM " + quotedName(table)).constData());
        if (!last)
            return last.error();
        signs.append(table + u'=' + *last);
    }
    const QByteArray text = signs.join(u'\n').toUtf8();
    description.fingerprint =
        QString::fromLatin1(QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex())
            .left(fingerprintDigits);
    return description;
}

} // namespace ingather::ledger
