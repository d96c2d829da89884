// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/repair/page_image.h"
#include "ledger/repair/page_scanner.h"
#include "ledger/sqlite.h"

#include <QFile>
#include <QMap>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

#include <memory>
#include <vector>

/// Database files made by SQLite, to be damaged by hand and read without it.
namespace page_fixture
{

using namespace ingather::ledger;
using Rows = QMap<qint64, SqlRow>;

inline QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline void writeBytes(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(bytes), bytes.size());
}

/// A database in a folder of its own, open until close().
class Database
{
public:
    Database()
    {
        if (!m_connection.open(path(), SqliteConnection::Mode::Create))
            qFatal("no database");
    }
    QString path() const { return m_folder.filePath(QStringLiteral("pages.sqlite3")); }
    QString walPath() const { return path() + QStringLiteral("-wal"); }
    sqlite3 *handle() const { return m_connection.handle(); }
    void close() { m_connection.close(); }

    void run(const QByteArray &script)
    {
        char *message = nullptr;
        if (sqlite3_exec(handle(), script.constData(), nullptr, nullptr, &message) != SQLITE_OK)
            qFatal("%s: %s", script.constData(), message);
    }
    /// The first column is the rowid and not among the values.
    Rows rows(const char *sql) const
    {
        Rows result;
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(handle(), sql, -1, &statement, nullptr) != SQLITE_OK)
            qFatal("%s", sqlite3_errmsg(handle()));
        while (sqlite3_step(statement) == SQLITE_ROW) {
            SqlRow values;
            for (int column = 1; column < sqlite3_column_count(statement); ++column)
                values.append(valueAt(statement, column));
            result.insert(sqlite3_column_int64(statement, 0), values);
        }
        sqlite3_finalize(statement);
        return result;
    }
    qint64 number(const char *sql) const
    {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(handle(), sql, -1, &statement, nullptr) != SQLITE_OK)
            qFatal("%s", sqlite3_errmsg(handle()));
        const qint64 result = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
        sqlite3_finalize(statement);
        return result;
    }
    int rootOf(const QByteArray &name) const
    {
        return static_cast<int>(
            number(("SELECT rootpage FROM sqlite_schema WHERE name = '" + name + "'").constData()));
    }
    /// Closes the database and gives the file as it then is.
    QByteArray takeFile()
    {
        close();
        return bytesOf(path());
    }

private:
    QTemporaryDir m_folder;
    SqliteConnection m_connection;
};

/// A file of given bytes, opened as an image. `file` stays in a folder of its own.
struct Image {
    QTemporaryDir folder;
    std::unique_ptr<PageImage> pages;

    explicit Image(const QByteArray &file, const QByteArray &wal = {})
    {
        const QString path = folder.filePath(QStringLiteral("damaged"));
        const QString walPath = path + QStringLiteral("-wal");
        writeBytes(path, file);
        if (!wal.isEmpty())
            writeBytes(walPath, wal);
        auto opened = PageImage::open(path, walPath);
        if (opened)
            pages = std::move(*opened);
    }
    const PageImage *operator->() const { return pages.get(); }
};

struct Scan {
    std::vector<TableCell> tableCells;
    std::vector<IndexCell> indexCells;
    ScanCounts counts;

    explicit Scan(const Image &image, const QList<int> &roots = {})
    {
        ScanSink sink;
        sink.tableCell = [this](TableCell &&cell) { tableCells.push_back(std::move(cell)); };
        sink.indexCell = [this](IndexCell &&cell) { indexCells.push_back(std::move(cell)); };
        const auto scanned = scanPages(*image.pages, roots, sink, {});
        if (scanned)
            counts = *scanned;
    }
    /// Rows with that many values that lie on no free page; of those with one rowid the first.
    Rows rowsOfWidth(qsizetype columns) const
    {
        Rows result;
        for (const TableCell &cell : tableCells) {
            if (cell.values.size() == columns && !cell.source.isOnFreePage && !result.contains(cell.rowid))
                result.insert(cell.rowid, cell.values);
        }
        return result;
    }
};

/// How many of `wanted` are in `found` with equal values.
inline qsizetype countEqual(const Rows &found, const Rows &wanted)
{
    qsizetype equal = 0;
    for (auto row = wanted.constBegin(); row != wanted.constEnd(); ++row)
        equal += found.contains(row.key()) && found.value(row.key()) == row.value() ? 1 : 0;
    return equal;
}

/// Six columns, of each type and of all lengths up to `longest`, with two indexes. No other table has six.
inline QByteArray sampleScript(int rows, int longest)
{
    return "CREATE TABLE sample(id TEXT PRIMARY KEY, number INTEGER, ratio, body TEXT, raw BLOB, step);"
           "CREATE INDEX sample_body ON sample(body, number);"
           "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
           QByteArray::number(rows) +
           ") INSERT INTO sample SELECT printf('sample-%08d', i), (i * 7919) << (i % 50), i / 8.0 + 0.25,"
           " CASE i % 9 WHEN 0 THEN NULL ELSE substr(replace(hex(zeroblob(i % " +
           QByteArray::number(longest) + ")), '00', printf('%d grün ', i)), 1, (i * 31) % " +
           QByteArray::number(longest) +
           ") END, CASE i % 7 WHEN 0 THEN NULL ELSE zeroblob(i % 40) END, i % 3 FROM n;";
}

inline constexpr int sampleWidth = 6;
inline constexpr const char *sampleRows = "SELECT rowid, id, number, ratio, body, raw, step FROM sample";

} // namespace page_fixture
