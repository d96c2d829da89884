// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>
#include <QVariant>

#include <vector>

struct sqlite3;

namespace ingather::bench
{

/// The statements that a connection executed, with their values, to be played again through the C interface
/// alone: the peer that does the same work with nothing of ours around it.
class StatementTape
{
public:
    /// Records from now on what `connection` executes (not what its triggers do).
    void record(sqlite3 *connection);
    static void stop(sqlite3 *connection);

    /// Executes all of it on a connection of its own: prepared once, bound, stepped to the end. Ends the
    /// process if a statement fails. Seconds that it took, without the `prelude` that runs before.
    double play(const QString &ledger, const char *prelude = "") const;
    std::size_t size() const { return m_entries.size(); }

private:
    struct Entry {
        int statement = 0;
        std::vector<QVariant> values;
    };
    static int onStatement(unsigned kind, void *tape, void *statement, void *text);
    void add(const char *sql, const char *expanded);

    QHash<QByteArray, int> m_known;
    std::vector<QByteArray> m_statements;
    std::vector<Entry> m_entries;
};

} // namespace ingather::bench
