// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/sha256.h"
#include "storage/hasher.h"
#include "storage/part_file.h"

#include <QString>

namespace ingather::storage
{

/// Moves a complete, closed part to `<root>/<relativePath>` without ever replacing a file, syncs both
/// folders (unless the caller does, see Durability), removes the sidecar, and the parts folder if it is
/// empty. FileExists if the name is taken; PartLocked if somebody still writes to it. After an error of a
/// sync the file lies at its place already: ask verifyFile().
core::Result<> filePart(const QString &root, const QString &partName, const QString &relativePath,
                        Durability durability = Durability::OnReturn);

/// Whether a file is there with that size and hash. FileMissing, FileChanged (size or hash differ).
core::Result<> verifyFile(const QString &path, qint64 size, const core::Sha256 &sha256,
                          const StopAsked &stopAsked = {});

enum class CopyMethod { Reflink, Copy };

/// Files a copy of `source` at `<root>/<relativePath>`: reflink where the file system can, else a byte copy
/// that is hashed on the way; as `name` (see copyName) in the parts folder first, synced, then renamed
/// without replacing. FileChanged if the bytes are not `sha256`.
core::Result<CopyMethod> fileCopy(const QString &source, const QString &root, const QString &name,
                                  const QString &relativePath, const core::Sha256 &sha256,
                                  const StopAsked &stopAsked = {});

/// Deletes a filed document and syncs its folder. Nothing there is success; VolumeAbsent if the root is
/// missing. Whether it is the right one is the caller's to see to (verifyFile).
core::Result<> removeFiled(const QString &root, const QString &relativePath);

/// Makes a complete part `partName` of a copy of `source`, durable. Returns its length. FileExists if that
/// name is taken.
core::Result<qint64> copyToPart(const QString &source, const QString &root, const QString &partName,
                                const PartDescription &description);

/// Moves a part that must not be filed to `<quarantine>/<job>/<name>`, making the folders; a copy when
/// that is another file system. Returns the new path; an existing file there is never replaced: the name
/// gets ".2", ".3" … then.
core::Result<QString> quarantinePart(const QString &root, const QString &partName, const QString &folder,
                                     const QString &fileName);

} // namespace ingather::storage
