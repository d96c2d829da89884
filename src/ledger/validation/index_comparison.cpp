// SPDX-License-Identifier: MIT
#include "ledger/validation/index_comparison.h"

#include "ledger/sqlite.h"
#include "ledger/validation/key_set.h"
#include "ledger/validation/table_indexes.h"
#include "ledger/validation/table_pass.h"

#include <sqlite3.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <string>

namespace ingather::ledger
{

using core::Result;

namespace
{

/// One of the finalizers of SplitMix64: each bit of what goes in turns half of those that come out.
quint64 mixed(quint64 bits)
{
    bits = (bits ^ bits >> 30U) * 0xbf58476d1ce4e5b9U;
    bits = (bits ^ bits >> 27U) * 0x94d049bb133111ebU;
    return bits ^ bits >> 31U;
}

/// A whole number that a REAL holds is the same key as that INTEGER.
bool isWhole(double number)
{
    constexpr double limit = 9223372036854775808.0; // 2^63
    return number >= -limit && number < limit && std::floor(number) == number;
}

quint64 hashOf(const PassRow &row, int column)
{
    const unsigned kind = row.kind(column);
    switch (kind) {
    case HoldsInteger:
        return mixed(static_cast<quint64>(row.integer(column)) + HoldsInteger);
    case HoldsReal: {
        const double number = row.real(column);
        if (isWhole(number))
            return mixed(static_cast<quint64>(static_cast<qint64>(number)) + HoldsInteger);
        quint64 bits = 0;
        std::memcpy(&bits, &number, sizeof bits);
        return mixed(~bits);
    }
    case HoldsText:
    case HoldsBlob:
        return KeySet::hashOf(row.bytes(column), kind);
    default:
        return kind;
    }
}

/// Of all entries of an index, in whatever order they come.
struct EntrySum {
    qint64 count = 0;
    quint64 sum = 0;

    /// `key`: a chain of then(), from 0.
    void add(quint64 key, qint64 rowid)
    {
        ++count;
        sum += then(key, static_cast<quint64>(rowid));
    }
    static quint64 then(quint64 key, quint64 next) { return mixed(mixed(key) + next); }

    friend bool operator==(const EntrySum &, const EntrySum &) = default;
};

/// A value that outlives the row it came from.
class KeptValue
{
public:
    void keep(const PassRow &row, int column)
    {
        m_kind = row.kind(column);
        if (m_kind == HoldsInteger) {
            m_integer = row.integer(column);
        } else if (m_kind == HoldsReal) {
            m_real = row.real(column);
        } else if (m_kind != HoldsNull) {
            const QByteArrayView bytes = row.bytes(column);
            m_bytes.assign(bytes.data(), static_cast<std::size_t>(bytes.size()));
        }
    }
    bool isNull() const { return m_kind == HoldsNull; }

    /// As SQLite sorts (datatype3.html, 4.1): below zero if this one lies before the row's.
    int compare(const PassRow &row, int column) const
    {
        const unsigned kind = row.kind(column);
        const auto classOf = [](unsigned of) { return of == HoldsReal ? unsigned{HoldsInteger} : of; };
        if (classOf(m_kind) != classOf(kind))
            return m_kind < kind ? -1 : 1;
        if (kind == HoldsNull)
            return 0;
        if (kind == HoldsText || kind == HoldsBlob) {
            const QByteArrayView bytes = row.bytes(column);
            return m_bytes.compare(0, std::string::npos,
                                   std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size())));
        }
        if (m_kind == HoldsInteger && kind == HoldsInteger)
            return three(m_integer, row.integer(column));
        static_assert(std::numeric_limits<long double>::digits >= 64, "holds every integer of SQLite");
        const long double mine = m_kind == HoldsInteger ? static_cast<long double>(m_integer) : m_real;
        const long double other =
            kind == HoldsInteger ? static_cast<long double>(row.integer(column)) : row.real(column);
        return three(mine, other);
    }

private:
    template <typename T>
    static int three(T a, T b)
    {
        return a < b ? -1 : a > b ? 1 : 0;
    }

    unsigned m_kind = HoldsNull;
    qint64 m_integer = 0;
    double m_real = 0;
    std::string m_bytes;
};

/// Whether entries come in the order of their index, and its UNIQUE keys once.
class EntryOrder
{
public:
    explicit EntryOrder(const TableIndex &index) : m_index(index), m_last(index.key.size()) {}

    bool isRight() const { return m_isRight; }

    void look(const PassRow &row, qint64 rowid)
    {
        int order = m_isFirst ? -1 : 0;
        bool hasNull = false;
        for (std::size_t i = 0; i < m_last.size() && order == 0; ++i) {
            hasNull = hasNull || m_last[i].isNull();
            order = m_last[i].compare(row, static_cast<int>(i));
            if (m_index.key[i].isDescending)
                order = -order;
        }
        const bool isTwice = order == 0 && m_index.isUnique && !hasNull;
        if (order > 0 || isTwice || (order == 0 && m_lastRowid >= rowid))
            m_isRight = false;
        for (std::size_t i = 0; i < m_last.size(); ++i)
            m_last[i].keep(row, static_cast<int>(i));
        m_lastRowid = rowid;
        m_isFirst = false;
    }

private:
    const TableIndex &m_index;
    std::vector<KeptValue> m_last;
    qint64 m_lastRowid = 0;
    bool m_isFirst = true;
    bool m_isRight = true;
};

Result<> forEachRow(sqlite3 *connection, const QByteArray &sql,
                    const std::function<void(const PassRow &)> &visit)
{
    sqlite3_stmt *prepared = nullptr;
    int code = sqlite3_prepare_v2(connection, sql.constData(), -1, &prepared, nullptr);
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> owner(prepared, sqlite3_finalize);
    if (code == SQLITE_OK) {
        const PassRow row(prepared);
        while ((code = sqlite3_step(prepared)) == SQLITE_ROW)
            visit(row);
    }
    return code == SQLITE_DONE ? Result<>() : sqliteError(connection, QStringLiteral("compare indexes"));
}

Result<std::vector<EntrySum>> sumRows(sqlite3 *connection, const TableIndexes &table)
{
    std::vector<EntrySum> sums(table.indexes.size());
    std::vector<quint64> hashes(table.columns.size());
    const auto columns = static_cast<int>(table.columns.size());
    const auto rowid = columns + static_cast<int>(table.indexes.size()) + 1;
    const Result<> done = forEachRow(connection, table.selectRows(), [&](const PassRow &row) {
        for (int i = 0; i < columns; ++i)
            hashes[static_cast<std::size_t>(i)] = hashOf(row, i);
        for (std::size_t i = 0; i < sums.size(); ++i) {
            if (row.integer(columns + static_cast<int>(i)) == 0)
                continue;
            quint64 key = 0;
            for (const KeyColumn &part : table.indexes[i].key)
                key = EntrySum::then(key, hashes[static_cast<std::size_t>(part.column)]);
            sums[i].add(key, row.integer(rowid));
        }
    });
    if (!done)
        return done.error();
    return sums;
}

/// Whether the entries are those that make that sum, and in order.
Result<bool> isSum(sqlite3 *connection, const TableIndexes &table, const TableIndex &index,
                   const EntrySum &expected)
{
    EntrySum sum;
    EntryOrder order(index);
    const auto columns = static_cast<int>(index.key.size());
    const Result<> done = forEachRow(connection, table.selectEntries(index), [&](const PassRow &row) {
        quint64 key = 0;
        for (int i = 0; i < columns; ++i)
            key = EntrySum::then(key, hashOf(row, i));
        const qint64 rowid = row.integer(columns);
        sum.add(key, rowid);
        order.look(row, rowid);
    });
    if (!done)
        return done.error();
    return sum == expected && order.isRight();
}

} // namespace

Result<IndexComparison> compareIndexes(sqlite3 *connection, const QString &name)
{
    const Result<std::optional<TableIndexes>> table = readTableIndexes(connection, name);
    if (!table)
        return table.error();
    IndexComparison comparison;
    if (!*table)
        return comparison;
    std::vector<EntryScan> scans;
    for (const TableIndex &index : (*table)->indexes) {
        const Result<EntryScan> scan = scanOf(connection, (*table)->selectEntries(index), index.rootPage);
        if (!scan)
            return scan.error();
        if (*scan == EntryScan::Unknown)
            return comparison;
        scans.push_back(*scan);
    }
    const Result<std::vector<EntrySum>> sums = sumRows(connection, **table);
    if (!sums)
        return sums.error();
    for (std::size_t i = 0; i < scans.size(); ++i) {
        const TableIndex &index = (*table)->indexes[i];
        Result<bool> isEqual = isSum(connection, **table, index, (*sums)[i]);
        // What lies outside of a range was not seen.
        if (isEqual && *isEqual && scans[i] == EntryScan::Range) {
            const Result<qint64> count = entryCount(connection, index);
            if (!count)
                return count.error();
            isEqual = *count == (*sums)[i].count;
        }
        if (!isEqual)
            return isEqual.error();
        if (!*isEqual)
            comparison.differing.append(index.name);
    }
    comparison.isMade = true;
    return comparison;
}

} // namespace ingather::ledger
