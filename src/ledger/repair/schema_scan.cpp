// SPDX-License-Identifier: MIT
#include "ledger/repair/page_scan.h"
#include "ledger/repair/page_scanner.h"
#include "ledger/repair/tree_walk.h"

#include <algorithm>
#include <limits>

namespace ingather::ledger
{

namespace
{

constexpr int schemaRoot = 1;

/// The five columns of sqlite_schema; nullopt for any other row.
std::optional<ScannedSchemaRow> schemaRowOf(const SqlRow &values)
{
    if (values.size() != 5 || !values[0].isText() || !values[1].isText() || !values[2].isText())
        return std::nullopt;
    const QString type = values[0].text();
    const bool hasRoot = type == QStringLiteral("table") || type == QStringLiteral("index");
    if (!hasRoot && type != QStringLiteral("view") && type != QStringLiteral("trigger"))
        return std::nullopt;
    const qint64 root = values[3].type == SqlValue::Type::Integer ? values[3].integer : 0;
    const bool isPossible = root >= 0 && root <= std::numeric_limits<int>::max();
    return ScannedSchemaRow{type, values[1].text(), values[2].text(), isPossible ? static_cast<int>(root) : 0,
                            values[4].bytes};
}

} // namespace

QList<ScannedSchemaRow> scanSchema(const PageImage &image)
{
    QList<std::pair<qint64, ScannedSchemaRow>> rows;
    ScanSink sink;
    sink.tableCell = [&rows](TableCell &&cell) {
        if (const std::optional<ScannedSchemaRow> row = schemaRowOf(cell.values))
            rows.append({cell.rowid, *row});
    };
    const std::vector<int> rootOf = rootsOfPages(image, {schemaRoot});
    PageScan scan(image, rootOf, sink);
    for (int page = 1; page <= image.pageCount(); ++page) {
        if (rootOf[static_cast<std::size_t>(page)] == schemaRoot)
            scan.readList(page);
    }
    for (const int page : scan.pagesInDoubt())
        scan.search(page);

    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto &a, const auto &b) { return a.first < b.first; });
    QList<ScannedSchemaRow> result;
    for (const auto &row : std::as_const(rows))
        result.append(row.second);
    return result;
}

} // namespace ingather::ledger
