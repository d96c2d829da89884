// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>
#include <QString>

#include <memory>

namespace ingather::support
{

/// What SQLite asks of the file layer below it, as far as it can fail here.
enum class FileCall { Open, Access, Delete, Read, Write, Truncate, Sync, Size, Lock, ShmMap, ShmLock };

/// The n-th call of a kind fails, once or from then on. Calls of all files count together.
struct FileFault {
    FileCall call = FileCall::Write;
    int nth = 1; ///< counted from FaultyVfs::arm()
    bool isForEver = false;
    /// SQLite's (extended) result code. A Write that fails has written its first half; a Read that fails with
    /// SQLITE_IOERR_SHORT_READ gives zeros.
    int code = 0;
};

/// Hears what happened to the files, after it has happened (before it for synced()).
class FileObserver
{
public:
    FileObserver() = default;
    virtual ~FileObserver() = default;
    Q_DISABLE_COPY_MOVE(FileObserver)

    /// `wasCreated`: the file was not there before, and its entry in the folder is not durable yet.
    virtual void opened(const QString &path, bool wasCreated) = 0;
    virtual void written(const QString &path, qint64 offset, QByteArrayView bytes) = 0;
    virtual void truncated(const QString &path, qint64 size) = 0;
    /// `withFolder`: SQLite's file layer syncs the folder too, after the first sync of a journal it made.
    virtual void synced(const QString &path, bool withFolder) = 0;
    virtual void removed(const QString &path, bool withFolder) = 0;
};

/// The file layer of SQLite's library, with faults. While one lives it is the default of the process, so
/// QSQLITE's connections and those of the C interface both go through it; it must outlive them. Syncs are
/// counted but not passed on: no power fails during a test, and the disk is slow. After a fault has struck
/// nobody sleeps, so a lock that stays busy costs no time. Thread-safe.
class FaultyVfs final
{
public:
    explicit FaultyVfs(FileObserver *observer = nullptr);
    ~FaultyVfs();
    Q_DISABLE_COPY_MOVE(FaultyVfs)

    /// Starts to count anew.
    void arm(const FileFault &fault);
    /// No faults any more; the counts stay.
    void disarm();
    bool hasStruck() const;
    /// Calls since arm(), or since the beginning.
    int count(FileCall call) const;
    /// Null: nobody.
    void setObserver(FileObserver *observer);

    class Private;

private:
    std::unique_ptr<Private> d;
};

} // namespace ingather::support
