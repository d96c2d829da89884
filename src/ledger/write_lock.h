// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "platform/file_lock.h"

#include <QString>

#include <chrono>

namespace ingather::ledger
{

/// The lock of all write sections of all processes: a blocking flock on `<ledger>.wlock`. It keeps
/// SQLite 3.7.0–3.51.2 away from its WAL-reset bug (a commit that resets the WAL during another
/// connection's checkpoint) and writers from starving each other. The file says in plain text who
/// holds it, and carries the generation number of the ledger file, which rises when a repair or a
/// restore puts another file in its place.
class WriteLock final
{
public:
    static QString pathFor(const QString &ledgerPath);

    /// Opens the lock file and remembers its generation. LedgerReadOnly if it can't be made.
    core::Result<> open(const QString &ledgerPath, bool create);
    /// LedgerBusy after `patience`, with the holder in `detail`; LedgerSwapped (the lock is free again
    /// then) when the generation has risen since open().
    core::Result<> acquire(std::chrono::milliseconds patience, const QString &owner, qint64 epoch);
    void release();

    bool isOpen() const { return m_lock.isOpen(); }
    bool isHeld() const { return m_lock.isHeld(); }
    qint64 generation() const { return m_generation; }

    /// The generation has risen since open(): another file has the ledger's name now. One small read, no
    /// lock; false where there is no lock file.
    bool hasRisen() const;

    /// Under the lock: the ledger file was replaced. Everybody who opened it before has to open it again.
    core::Result<> raiseGeneration(const QString &owner, qint64 epoch);

    struct Content {
        qint64 generation = 0;
        qint64 epoch = 0;
        QString owner;
    };
    Content read() const;

private:
    core::Result<> write(const Content &content) const;

    platform::FileLock m_lock;
    qint64 m_generation = 0;
};

} // namespace ingather::ledger
