// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.h"
#include "core/result.h"
#include "ledger/sqlite.h"

#include <QString>

#include <memory>
#include <optional>

namespace ingather::ledger
{

/// A ledger file opened by somebody who only looks, whatever state it is in. Nothing is written, and nothing
/// is made beside the file: a WAL ledger in use is read through its own -wal and -shm, one whose log lies
/// there without a -shm through an index in memory (which shuts others out meanwhile), and one at rest as an
/// immutable file. Everything is read in one transaction, so that rows fit their counts.
class LedgerLook final
{
public:
    /// Opens what can be opened; a file that is absent, empty, no database or not to be read is a finding.
    /// LedgerBusy.
    static core::Result<std::unique_ptr<LedgerLook>> open(const QString &path);
    ~LedgerLook();
    Q_DISABLE_COPY_MOVE(LedgerLook)

    /// What kept the file from being opened; empty if it is open.
    const std::optional<core::Finding> &obstacle() const { return m_obstacle; }
    bool isOpen() const { return !m_obstacle.has_value(); }
    /// Of an open look.
    sqlite3 *handle() const { return m_connection.handle(); }
    bool isWal() const { return m_isWal; }
    qint64 bytes() const { return m_bytes; }
    /// Somebody began to write while the file was read as an immutable one: what was seen counts for nothing.
    bool isDisturbed() const;

private:
    /// What changes when somebody writes.
    struct Stamp {
        qint64 size = 0;
        double modifiedAt = 0;
        qint64 walSize = -1; ///< -1: there is none

        friend bool operator==(const Stamp &, const Stamp &) = default;
    };

    explicit LedgerLook(const QString &path) : m_path(path) {}
    core::Result<> look();
    core::Result<> connect();
    Stamp stamp() const;

    QString m_path;
    std::optional<core::Finding> m_obstacle;
    SqliteConnection m_connection;
    bool m_isWal = false;
    bool m_isImmutable = false;
    qint64 m_bytes = 0;
    Stamp m_before;
};

/// What an error of a statement says about the file: PageDamaged, FileNotADatabase or FileUnreadable. nullopt
/// for errors that say nothing about it.
std::optional<core::Finding> findingOf(const core::Error &error);

} // namespace ingather::ledger
