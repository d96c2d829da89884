// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "platform/file_lock.h"

#include <QString>

namespace ingather::ledger
{

/// A file that is being made, under a name of its own beside the one it is to get. Mode 0600. It is locked as
/// long as somebody works on it, so that what a killed process left is told from what is still being made.
/// The destructor removes it, unless it was published.
class UnfinishedFile final
{
public:
    UnfinishedFile() = default;
    UnfinishedFile(UnfinishedFile &&other) noexcept;
    UnfinishedFile &operator=(UnfinishedFile &&other) noexcept;
    ~UnfinishedFile();

    /// FolderMissing, NotAFolder, FolderNotWritable; DiskFull.
    static core::Result<UnfinishedFile> createIn(const QString &folder);
    /// Removes what processes that have ended left unfinished in `folder`. What can't be removed stays.
    static void removeAbandoned(const QString &folder);

    const QString &path() const { return m_path; }
    /// Open for reading and writing, for as long as the object lives.
    int descriptor() const { return m_lock.descriptor(); }

    /// Syncs the content, gives it its name and syncs the folder. FileExists if the name is taken. Whoever
    /// had the file open under its old name has closed it before.
    core::Result<> publishAs(const QString &path);

private:
    QString m_path;
    platform::FileLock m_lock;
};

} // namespace ingather::ledger
