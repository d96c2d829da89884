// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <cstdint>

namespace ingather::e2e
{

/// Writes `size` pseudo-random bytes that only depend on `seed`; false if the file cannot be written.
[[nodiscard]] bool writeContent(const QString &path, qint64 size, std::uint64_t seed);

/// SHA-256 in lower-case hex; empty if the file cannot be read.
QString sha256Of(const QString &path);

/// The same for many files on all cores, in the order given.
QStringList sha256OfAll(const QStringList &paths);

/// Everything in a folder, hidden entries too, sorted by name.
QStringList entriesOf(const QString &folder);

/// Bytes of a file; empty if it cannot be read.
QByteArray bytesOf(const QString &path);

} // namespace ingather::e2e
