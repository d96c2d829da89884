// SPDX-License-Identifier: MIT
#include "engine/held_file.h"

#include "core/sha256.h"
#include "platform/file_system.h"
#include "storage/filing.h"

#include <QDir>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::Result;

Result<> isHeldIntact(const JobSnapshot &job)
{
    const QString path = QDir(job.folder).filePath(job.finalPath);
    Result<std::optional<platform::FileFacts>> root = platform::fileFacts(job.folder);
    if (!root)
        return root.error();
    if (!*root)
        return Error{ErrorCode::VolumeAbsent, QStringLiteral("look for the held file"), 0, job.folder};
    Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(path);
    if (!facts)
        return facts.error();
    const qint64 size = job.bytesTotal.value_or(-1);
    if (!*facts)
        return Error{ErrorCode::FileMissing, QStringLiteral("look for the held file"), 0, path};
    if ((*facts)->size != size)
        return Error{ErrorCode::FileChanged, QStringLiteral("look at the held file"), 0, path};
    if (job.doneAt && (*facts)->modifiedAt <= job.doneAt->seconds)
        return {};
    const std::optional<core::Sha256> sha256 = core::Sha256::fromHex(job.sha256);
    if (!sha256)
        return Error{ErrorCode::FileChanged, QStringLiteral("look at the held file"), 0, path};
    return storage::verifyFile(path, size, *sha256);
}

} // namespace ingather::engine
