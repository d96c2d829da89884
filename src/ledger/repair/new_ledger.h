// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/repair_report.h"
#include "core/result.h"
#include "ledger/repair/judged_row.h"
#include "ledger/repair/table_writer.h"
#include "ledger/sqlite.h"
#include "ledger/validation/schema_objects.h"

#include <QHash>
#include <QMap>

#include <memory>
#include <unordered_map>

namespace ingather::ledger
{

/// A ledger that is being written from the rows of another: the chain of migrations up to the version of the
/// old one, then rows in any order, each with its quality. Of several rows for one key the best stays. A row
/// that no table takes goes to ingather_salvage with its reason; none is dropped in silence. Keeps the
/// account.
class NewLedger final
{
public:
    /// Definitions of columns that others gave our tables, by table.
    using ExtraColumns = QHash<QString, QList<QByteArray>>;

    /// The file must not exist.
    static core::Result<std::unique_ptr<NewLedger>> create(const QString &path, int version,
                                                           const ExtraColumns &extra,
                                                           const core::Clock &clock);
    Q_DISABLE_COPY_MOVE(NewLedger)
    ~NewLedger();

    sqlite3 *handle() const { return m_connection.handle(); }
    int version() const { return m_version; }
    const TableShape &shape(const QString &table) const;
    bool hasTable(const QString &table) const { return m_tables.contains(table); }

    /// `isReadable`: found whole in the old file; false for rows that were made or come from a backup. False:
    /// it was refused, and lies in ingather_salvage; else it is there, or a better one is.
    core::Result<bool> add(const QString &table, const JudgedRow &row, bool isReadable);
    /// Into ingather_salvage. `source`: "artifact_jobs", "page 17".
    core::Result<> reject(const QString &source, const QByteArray &rowJson, const QString &reason);
    /// Rows that were there and of which nothing is left.
    void countLost(const QString &table, qint64 rows);

    core::Result<bool> hasJob(const QByteArray &jobId);
    core::Result<bool> hasJobWithKey(const QByteArray &idempotencyKey);

    /// Ops, parts, URLs without a job: deletes them from their table into ingather_salvage; places without a
    /// root get one that says that it was lost.
    core::Result<> settleReferences();
    /// Reads every row back and compares it; then indexes and triggers are made, the version becomes the
    /// current one, and all is committed. The account is complete then.
    core::Result<> finish();

    /// Rows rejected since; after finish() too.
    core::Result<> writeRejected();

    QList<core::TableAccount> accounts() const;
    QStringList reasons() const;

private:
    struct Kept {
        RowQuality quality = RowQuality::Uncertain;
        double updatedAt = 0;
        quint32 sum = 0; ///< over the row as it was handed over
        bool isReadable = false;
        bool isAltered = false;

        bool isBetterThan(const Kept &other) const
        {
            return quality > other.quality || (quality == other.quality && updatedAt > other.updatedAt);
        }
        /// Two rows of the file that say different things, and none is worth more.
        bool contradicts(const Kept &other) const
        {
            return isReadable && other.isReadable && quality == other.quality && sum != other.sum;
        }
    };
    struct Table {
        TableShape shape;
        core::TableAccount account;
        TableWriter writer;
        std::unordered_map<qint64, Kept> kept; ///< by rowid in the new file
    };

    NewLedger(const core::Clock &clock) : m_clock(clock) {}
    core::Result<> begin(const ExtraColumns &extra);
    core::Result<> addTable(const QString &name, const QList<QByteArray> &extra);
    core::Result<> migrateTo(int version);
    core::Result<> setIndexesAside();
    core::Result<bool> has(SqliteStatement &statement, const char *sql, const QByteArray &value);

    core::Result<bool> refuse(const QString &table, const QByteArray &json, const QString &reason);
    enum class Rivalry {
        Won,
        Lost,
        Undecided,   ///< it contradicts one whose key, a mere number, tells nothing of what it names
        WithoutRival ///< something else than a key refuses it
    };
    core::Result<Rivalry> settleRivalry(Table &table, const SqlRow &row, const Kept &candidate);
    core::Result<> readBack(Table &table);
    core::Result<> moveOrphans(const char *table, const char *condition, const char *reason);

    struct Rejected {
        QString source;
        QByteArray json;
        QString reason;
    };

    const core::Clock &m_clock;
    QString m_path;
    int m_version = 0;
    SqliteConnection m_connection;
    QHash<QString, std::shared_ptr<Table>> m_tables;
    QList<SchemaObject> m_setAside; ///< triggers and indexes that are made when all rows are there
    QList<Rejected> m_rejected;
    QMap<QString, qint64> m_reasons;
    SqliteStatement m_jobById;
    SqliteStatement m_jobByKey;
};

} // namespace ingather::ledger
