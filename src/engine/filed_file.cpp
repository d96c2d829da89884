// SPDX-License-Identifier: MIT
#include "engine/filed_file.h"

#include "platform/file_system.h"

#include <QDir>

namespace ingather::engine
{

FileLook lookAtFile(const ledger::FiledJob &job)
{
    const core::Result<std::optional<platform::FileFacts>> facts =
        platform::fileFacts(QDir(job.root).filePath(job.path));
    if (!facts)
        return {FileVerdict::Unreadable, false};
    if (!*facts || !(*facts)->isRegular)
        return {FileVerdict::Missing, false};
    const bool isNewer = (*facts)->modifiedAt > job.doneAt.seconds;
    if (!job.size || (*facts)->size == *job.size)
        return {FileVerdict::Fits, isNewer};
    return {isNewer ? FileVerdict::Changed : FileVerdict::Damaged, isNewer};
}

} // namespace ingather::engine
