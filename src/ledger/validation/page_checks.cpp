// SPDX-License-Identifier: MIT
#include "ledger/validation/row_checks.h"

#include "core/error.h"
#include "ledger/sql_value.h"
#include "ledger/sqlite.h"
#include "ledger/validation/index_comparison.h"
#include "ledger/validation/read_section.h"
#include "ledger/validation/schema_objects.h"
#include "ledger/validation/table_pass.h"

#include <QElapsedTimer>
#include <QHash>
#include <QMap>
#include <QRegularExpression>

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace ingather::ledger
{

using core::Error;
using core::Finding;
using core::FindingId;
using core::Result;

namespace
{

/// The lines that speak of something other than pages, as SQLite 3.40 writes them (pragma.c). Whatever is not
/// among them is taken for a damaged page: that is the careful reading.
struct LineForm {
    const char *pattern; ///< its first group is the place
    FindingId id;
    const char *detail;
};

constexpr std::array lineForms{
    LineForm{"^row -?\\d+ missing from index (.+)$", FindingId::IndexDamaged, "rows that it lacks"},
    LineForm{"^wrong # of entries in index (.+)$", FindingId::IndexDamaged, "another number of entries"},
    // Whether the rows are to blame, checkRows() knows; here it is the index that tells.
    LineForm{"^non-unique entry in index (.+)$", FindingId::IndexDamaged, "one key several times"},
    LineForm{"^NULL value in (.+)$", FindingId::StateRuleBroken, "NULL where NOT NULL is asked for"},
    LineForm{"^CHECK constraint failed in (.+)$", FindingId::StateRuleBroken, "a row that breaks a CHECK"},
    LineForm{"^(?:NUMERIC|TEXT|non-\\S+) value in (.+)$", FindingId::ValueMistyped,
             "a value of a type that the column does not hold"},
};

/// Gathers the lines by what they say and of what.
class Lines
{
public:
    explicit Lines(const QList<SchemaObject> &objects) : m_objects(objects) {}

    void add(const QString &line)
    {
        if (line.isEmpty() || line == QLatin1StringView("ok") ||
            line.startsWith(QLatin1StringView("*** in ")))
            return;
        for (const LineForm &form : lineForms) {
            const QRegularExpressionMatch match =
                QRegularExpression(QString::fromLatin1(form.pattern)).match(line);
            if (match.hasMatch()) {
                add(form.id, match.captured(1), QString::fromLatin1(form.detail), line);
                return;
            }
        }
        add(FindingId::PageDamaged, QStringLiteral("pages"), QStringLiteral("pages that are not in order"),
            line);
    }
    /// An index that is known to differ; said only if no line has told of it.
    void addDifference(const QString &index)
    {
        if (!m_entries.contains({FindingId::IndexDamaged, index}))
            add(FindingId::IndexDamaged, index, QStringLiteral("other entries than its table has rows"),
                index);
    }
    void addDamage(const Error &error)
    {
        add(FindingId::PageDamaged, QStringLiteral("pages"), QStringLiteral("pages that are not in order"),
            core::toLogText(error));
    }

    QList<Finding> findings() const
    {
        QList<Finding> list;
        for (auto entry = m_entries.begin(); entry != m_entries.end(); ++entry) {
            Finding finding = core::found(entry.key().first, entry.key().second, entry->detail,
                                          entry->tally.count, entry->tally.examples);
            // Rows of others that break the rules of others are not ours to judge.
            if (isOfRows(finding.id) && isOfOthers(finding.place))
                finding.severity = core::Severity::Info;
            list.append(finding);
        }
        return list;
    }

private:
    struct Entry {
        QString detail;
        Tally tally;
    };

    void add(FindingId id, const QString &place, const QString &detail, const QString &line)
    {
        Entry &entry = m_entries[{id, place}];
        entry.detail = detail;
        entry.tally.add([&line] { return line; });
    }

    static bool isOfRows(FindingId id)
    {
        return id == FindingId::StateRuleBroken || id == FindingId::ValueMistyped;
    }

    /// `place`: a table or one of its columns.
    bool isOfOthers(const QString &place) const
    {
        return std::any_of(m_objects.begin(), m_objects.end(), [&](const SchemaObject &object) {
            return (place == object.name || place.startsWith(object.name + u'.')) && !isOwnObject(object);
        });
    }

    QList<SchemaObject> m_objects;
    QMap<std::pair<FindingId, QString>, Entry> m_entries;
};

/// Tells how far the check has come, by the pages that were read: SQLite itself does not say. Each page is
/// read once for the trees and once for the comparison, those of the tables once more for NOT NULL and CHECK.
class PageProgress
{
public:
    PageProgress(sqlite3 *connection, const core::WorkControl &control)
        : m_connection(connection), m_control(control), m_pages(pageCount()), m_readBefore(pagesRead())
    {
        constexpr int instructions = 20'000;
        m_sinceReport.start();
        m_control.report(core::WorkStep::CheckingPages, 0, m_pages);
        sqlite3_progress_handler(connection, instructions, &PageProgress::look, this);
    }
    ~PageProgress() { sqlite3_progress_handler(m_connection, 0, nullptr, nullptr); }
    Q_DISABLE_COPY_MOVE(PageProgress)

private:
    static int look(void *self)
    {
        auto *progress = static_cast<PageProgress *>(self);
        if (progress->m_control.isStopped())
            return 1;
        constexpr qint64 reportEveryMs = 250;
        if (progress->m_sinceReport.elapsed() >= reportEveryMs) {
            const qint64 read = (progress->pagesRead() - progress->m_readBefore) * 2 / 5;
            progress->m_control.report(core::WorkStep::CheckingPages, std::min(read, progress->m_pages),
                                       progress->m_pages);
            progress->m_sinceReport.restart();
        }
        return 0;
    }

    qint64 pageCount() const
    {
        SqliteStatement statement;
        if (!statement.prepare(m_connection, "PRAGMA page_count"))
            return 0;
        const Result<bool> row = statement.step("count pages");
        return row && *row ? statement.integer(0) : 0;
    }

    qint64 pagesRead() const
    {
        int now = 0;
        int highest = 0;
        sqlite3_db_status(m_connection, SQLITE_DBSTATUS_CACHE_MISS, &now, &highest, 0);
        return now;
    }

    sqlite3 *m_connection;
    const core::WorkControl &m_control;
    qint64 m_pages = 0;
    qint64 m_readBefore = 0;
    QElapsedTimer m_sinceReport;
};

/// For the time of a search a cache into which the upper pages of large indexes go: each row is looked up in
/// each index, all over the file. Grows only with what is read.
class LargeCache
{
public:
    explicit LargeCache(sqlite3 *connection) : m_connection(connection)
    {
        SqliteStatement statement;
        if (!statement.prepare(connection, "PRAGMA cache_size"))
            return;
        const Result<bool> row = statement.step("enlarge cache");
        if (!row || !*row)
            return;
        m_before = "PRAGMA cache_size = " + QByteArray::number(statement.integer(0));
        statement.reset();
        sqlite3_exec(connection, "PRAGMA cache_size = -262144", nullptr, nullptr, nullptr); // 256 MiB
    }
    ~LargeCache()
    {
        if (!m_before.isEmpty())
            sqlite3_exec(m_connection, m_before.constData(), nullptr, nullptr, nullptr);
    }
    Q_DISABLE_COPY_MOVE(LargeCache)

private:
    sqlite3 *m_connection;
    QByteArray m_before;
};

/// Asks SQLite about one file, cheap things first.
class PageCheck
{
public:
    PageCheck(sqlite3 *connection, Lines &lines) : m_connection(connection), m_lines(lines) {}

    Result<> run()
    {
        // Trees, free pages, NOT NULL and CHECK; of the indexes only that they are trees.
        const Result<> quick = ask("PRAGMA quick_check(100)", [this](const QString &line) {
            ++m_told[line];
            m_lines.add(line);
        });
        if (!quick)
            return quick;
        const Result<QStringList> tables = tableNames();
        if (!tables)
            return tables.error();
        for (const QString &table : *tables) {
            const Result<> done = checkIndexes(table);
            if (!done)
                return done;
        }
        return {};
    }

private:
    /// Only where indexes and table differ, or can't be compared, SQLite has to look each row up.
    Result<> checkIndexes(const QString &table)
    {
        const Result<IndexComparison> comparison = compareIndexes(m_connection, table);
        if (comparison && comparison->isMade && comparison->differing.isEmpty())
            return {};
        if (!comparison && !isOfPages(comparison.error()) && !isOfSchema(comparison.error()))
            return comparison.error();
        const LargeCache cache(m_connection);
        const Result<> named =
            ask("PRAGMA main.integrity_check(" + quotedName(table) + ')', [this](const QString &line) {
                int &told = m_told[line];
                if (told > 0)
                    --told;
                else
                    m_lines.add(line);
            });
        if (named && comparison) {
            for (const QString &index : comparison->differing)
                m_lines.addDifference(index);
        }
        return named;
    }

    Result<> ask(const QByteArray &pragma, const std::function<void(const QString &)> &tell)
    {
        SqliteStatement statement;
        const Result<> prepared = statement.prepare(m_connection, pragma.constData());
        if (!prepared)
            return prepared;
        for (;;) {
            const Result<bool> row = statement.step("check pages");
            if (!row)
                return row.error();
            if (!*row)
                return {};
            for (const QString &line : statement.text(0).split(u'\n'))
                tell(line);
        }
    }

    /// Of the tables that have a b-tree.
    Result<QStringList> tableNames()
    {
        SqliteStatement statement;
        const Result<> prepared = statement.prepare(
            m_connection,
            "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY rowid");
        if (!prepared)
            return prepared.error();
        QStringList names;
        for (;;) {
            const Result<bool> row = statement.step("check pages");
            if (!row)
                return row.error();
            if (!*row)
                return names;
            names.append(statement.text(0));
        }
    }

    sqlite3 *m_connection;
    Lines &m_lines;
    QHash<QString, int> m_told; ///< by quick_check, which integrity_check tells once more
};

} // namespace

Result<QList<Finding>> checkPages(sqlite3 *connection, const core::WorkControl &control)
{
    if (control.isStopped())
        return cancelled();
    const ReadSection section(connection, control);
    const Result<QList<SchemaObject>> objects = schemaObjects(connection);
    Lines lines(objects.value_or(QList<SchemaObject>()));
    const PageProgress progress(connection, control);
    const Result<> checked = PageCheck(connection, lines).run();
    if (control.isStopped())
        return cancelled();
    if (!checked && !isOfPages(checked.error()))
        return checked.error();
    if (!checked)
        lines.addDamage(checked.error());
    return lines.findings();
}

} // namespace ingather::ledger
