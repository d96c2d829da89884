// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/sha256.h"
#include "storage/hasher.h"

#include <QByteArrayView>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>

namespace ingather::storage
{

/// The writing half of a part: bytes go to an open descriptor, which somebody else owns, and into the
/// running hash, always both or neither.
///
/// One thread appends; another may sync meanwhile, and any may ask for the lengths.
///
/// After a failed sync it refuses everything with that same error. The kernel reports such a failure once
/// and then counts the lost pages as clean, so a second sync would succeed over bytes that never reached
/// the disk; only reading back from the last good checkpoint tells what is there.
class PartWriter final
{
public:
    /// `hasher` has seen the first `length` bytes, all of which are durable. Up to `extent` there may be
    /// more.
    PartWriter(int descriptor, Hasher hasher, qint64 length, qint64 extent = 0);

    core::Result<> append(QByteArrayView bytes);
    /// Writes where others may be writing, too, at other places; the hash does not know of it. Any thread.
    core::Result<> writeAt(QByteArrayView bytes, qint64 offset);
    /// Reads what writeAt() put between length() and `end`, and hashes it; afterwards length() is `end`. Of
    /// the appending thread. PartDamaged if the file is shorter.
    core::Result<> hashUpTo(qint64 end);
    /// fdatasync; afterwards durableLength() is what length() was when it began.
    core::Result<> sync();

    qint64 length() const { return m_length; }
    qint64 durableLength() const { return m_durableLength; }
    /// The end of the last byte that was written, with gaps before it or not.
    qint64 extent() const { return std::max<qint64>(m_extent, m_length); }
    /// On the appending thread, or when nobody appends.
    core::Sha256 digest() const { return m_hasher.digest(); }
    QList<core::Digest> digests() const { return m_hasher.digests(); }

private:
    std::optional<core::Error> syncFailure() const;

    int m_descriptor;
    Hasher m_hasher;
    std::atomic<qint64> m_length;
    std::atomic<qint64> m_durableLength;
    std::atomic<qint64> m_extent;
    qint64 m_writeBackFrom;
    mutable std::mutex m_mutex;
    std::optional<core::Error> m_syncFailure; ///< guarded by m_mutex
};

} // namespace ingather::storage
