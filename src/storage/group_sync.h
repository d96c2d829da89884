// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>
#include <QStringList>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ingather::storage
{

/// Makes small files durable for many lanes at once: whoever asks while a sync is under way is answered by
/// the next one, so that a group of any size costs one syncfs(2). One who asks alone gets its own files
/// synced and nothing else, and so does everybody for a while after a syncfs that took long: on a volume
/// that others fill it waits for their bytes, too.
///
/// Needs no event loop; thread-safe. Destroying it answers what was asked before.
class GroupSync final
{
public:
    /// Called once, on the syncing thread; it may ask again.
    using Answer = std::function<void(const core::Result<> &)>;

    /// What syncs; tests put in their own.
    struct Disk {
        std::function<core::Result<>(const QString &root)> syncVolume;
        std::function<core::Result<>(const QString &file)> syncFile;
        std::function<core::Result<>(const QString &folder)> syncFolder;
    };
    static Disk realDisk();

    explicit GroupSync(Disk disk = realDisk());
    ~GroupSync();
    GroupSync(const GroupSync &) = delete;
    GroupSync &operator=(const GroupSync &) = delete;

    /// Everything written to `files` and every name changed in `folders` before this call is durable when
    /// `answer` comes, unless it is an error. All of them lie on the volume of `root`. A folder that is gone
    /// needs no sync; a file that is gone is FileMissing.
    void sync(const QString &root, QStringList files, QStringList folders, Answer answer);

private:
    struct Request {
        QString root;
        QStringList files;
        QStringList folders;
        Answer answer;
    };
    using Group = std::vector<Request>;

    void run();
    /// The requests of one root; none when it is to end and nothing waits.
    Group nextGroup();
    void serve(const Group &group);
    core::Result<> syncAlone(const Request &request) const;

    const Disk m_disk;
    std::mutex m_mutex;
    std::condition_variable m_asked;
    Group m_waiting;                                         ///< guarded by m_mutex
    bool m_isEnding = false;                                 ///< guarded by m_mutex
    std::chrono::steady_clock::time_point m_oneByOneUntil{}; ///< of the syncing thread
    std::thread m_thread;
};

} // namespace ingather::storage
