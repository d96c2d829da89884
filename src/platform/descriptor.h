// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QByteArrayView>
#include <QString>

#include <utility>

namespace ingather::platform
{

/// Owns one open file descriptor. Always close-on-exec, so that no child keeps a file (or its flock)
/// alive. close(2) errors are not looked at: data counts as written only after syncData().
class Descriptor final
{
public:
    Descriptor() = default;
    explicit Descriptor(int number) : m_number(number) {}
    Descriptor(Descriptor &&other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        std::swap(m_number, other.m_number);
        return *this;
    }
    ~Descriptor() { reset(); }

    bool isOpen() const { return m_number >= 0; }
    int number() const { return m_number; }
    void reset();
    /// Gives the number away; the caller closes it.
    int release() { return std::exchange(m_number, -1); }

private:
    int m_number = -1;
};

/// open(2) with O_CLOEXEC added. `operation` goes into the Error.
core::Result<Descriptor> openFile(const QString &path, int flags, const QString &operation,
                                  unsigned mode = 0666);

/// Writes all of `bytes` at `offset`, completing short writes. After an error an unknown number of them
/// has been written.
core::Result<> writeAt(int descriptor, QByteArrayView bytes, qint64 offset, const QString &operation);

/// Reads up to `size` bytes at `offset`; fewer only at the end of the file.
core::Result<qint64> readAt(int descriptor, char *buffer, qint64 size, qint64 offset,
                            const QString &operation);

/// Sets the file's length, freeing what was reserved beyond it.
core::Result<> setLength(int descriptor, qint64 length, const QString &operation);

} // namespace ingather::platform
