// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "storage/part_file.h"

#include <QByteArray>

#include <optional>

namespace ingather::storage
{

/// The sidecar's text: one JSON object.
QByteArray sidecarText(const PartDescription &description);

/// nullopt for anything that sidecarText() would not have written.
std::optional<PartDescription> parseSidecar(const QByteArray &text);

/// The raw text of a part's sidecar, at most 1 MiB of it. FileMissing, VolumeAbsent, PartDamaged.
core::Result<QByteArray> readSidecarText(const QString &root, const QString &name);

/// Writes a new sidecar, not synced. FileExists.
core::Result<> writeSidecarText(const QString &root, const QString &name, const QByteArray &text);

/// Syncs a sidecar that was written; none there is fine, the ledger has its facts too.
core::Result<> syncSidecar(const QString &root, const QString &name);

/// Best effort: an orphaned sidecar does no harm.
void removeSidecar(const QString &root, const QString &name);

} // namespace ingather::storage
