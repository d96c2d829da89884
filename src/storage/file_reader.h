// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "platform/descriptor.h"
#include "storage/hasher.h"

#include <QByteArrayView>
#include <QString>

#include <functional>

namespace ingather::storage
{

struct OpenedFile {
    platform::Descriptor descriptor;
    qint64 size = 0;
    quint64 device = 0;
    quint64 inode = 0;
    quint64 links = 0;
};

/// Opens a regular file; FileError for anything else that has the name (a pipe would block, a folder
/// cannot be read). FileMissing if there is nothing.
core::Result<OpenedFile> openForReading(const QString &path, const QString &operation);

/// Hands the first `length` bytes (-1: all) to `take`, piece by piece, and returns how many there were:
/// fewer than `length` if the file is shorter. Stops with the error that `take` returns, or with Stopped.
core::Result<qint64> readThrough(int descriptor, qint64 length, const StopAsked &stopAsked,
                                 const std::function<core::Result<>(QByteArrayView)> &take);

} // namespace ingather::storage
