// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/work_control.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace ingather::ledger
{

/// Files in gzip format (RFC 1952), read and written in blocks.

/// Compresses all of `source` into `target`, two descriptors. `comment` (printable Latin-1) goes into the
/// header, where other programs pass over it. DiskFull, Cancelled.
core::Result<> compress(int source, int target, const QByteArray &comment, const core::WorkControl &control);

/// The comment of the header; nullopt if there is none or it is no gzip file.
core::Result<std::optional<QByteArray>> gzipComment(const QString &path);

/// Decompresses `path` into a descriptor, or nowhere (-1): then it is only read. Returns the number of bytes
/// that came out. BackupUnusable if it is cut short or its check sum does not fit; DiskFull, Cancelled.
core::Result<qint64> decompress(const QString &path, int target, const core::WorkControl &control);

} // namespace ingather::ledger
