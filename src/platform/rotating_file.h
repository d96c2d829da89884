// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "platform/descriptor.h"

#include <QByteArrayView>
#include <QString>

namespace ingather::platform
{

/// A file that is only appended to, and put aside when it has grown: name → name.1 → name.2 …, the oldest
/// deleted. Several processes may write to one: each append looks whether the name still means the file
/// that is open, and whoever puts it aside holds its lock. Not thread-safe in itself.
class RotatingFile final
{
public:
    struct Limits {
        qint64 size = 10LL * 1024 * 1024; ///< of one file; a longer line gets a file of its own
        int count = 5;                    ///< files at most, the current one included
    };

    /// Opens or creates the file (mode 0600) and its folder. Errors: errno mapped, see file_system.h.
    static core::Result<RotatingFile> open(const QString &path, Limits limits);

    /// Appends all of `bytes` or says why not.
    core::Result<> append(QByteArrayView bytes);

private:
    RotatingFile(const QString &path, Limits limits) : m_path(path), m_limits(limits) {}

    core::Result<> reopen();
    core::Result<bool> isStillOurs() const;
    core::Result<> putAside();
    QString aside(int n) const { return m_path + QLatin1Char('.') + QString::number(n); }

    QString m_path;
    Limits m_limits;
    Descriptor m_descriptor;
};

} // namespace ingather::platform
