// SPDX-License-Identifier: MIT
#include "ledger/repair/wal_frames.h"

#include "ledger/repair/page_geometry.h"

#include <QtEndian>

#include <limits>

namespace ingather::ledger
{

namespace
{

constexpr qsizetype logHeaderSize = 32;
constexpr qsizetype frameHeaderSize = 24;
constexpr quint32 magicLittleEndian = 0x377f0682; // the last bit tells how checksums read their words
constexpr quint32 formatVersion = 3007000;

quint32 wordAt(QByteArrayView bytes, qsizetype offset)
{
    return qFromBigEndian<quint32>(bytes.data() + offset);
}

/// Running checksum of the log, fileformat2.html 4.2.
struct Checksum {
    quint32 first = 0;
    quint32 second = 0;
    bool isBigEndian = false;

    /// The size is a multiple of 8.
    void add(QByteArrayView bytes)
    {
        for (qsizetype at = 0; at + 8 <= bytes.size(); at += 8) {
            first += word(bytes, at) + second;
            second += word(bytes, at + 4) + first;
        }
    }
    bool isAt(QByteArrayView bytes, qsizetype offset) const
    {
        return wordAt(bytes, offset) == first && wordAt(bytes, offset + 4) == second;
    }

private:
    quint32 word(QByteArrayView bytes, qsizetype offset) const
    {
        return isBigEndian ? wordAt(bytes, offset) : qFromLittleEndian<quint32>(bytes.data() + offset);
    }
};

bool hasSameSalts(QByteArrayView frame, QByteArrayView log)
{
    return frame.sliced(8, 8) == log.sliced(16, 8);
}

} // namespace

WalFrames readWal(QByteArrayView wal)
{
    WalFrames result;
    if (wal.size() < logHeaderSize)
        return result;
    const quint32 magic = wordAt(wal, 0);
    const quint32 pageSize = wordAt(wal, 8);
    if ((magic | 1U) != (magicLittleEndian | 1U) || wordAt(wal, 4) != formatVersion || !isPageSize(pageSize))
        return result;
    Checksum sum;
    sum.isBigEndian = (magic & 1U) != 0;
    sum.add(wal.first(24));
    if (!sum.isAt(wal, 24))
        return result;
    result.pageSize = static_cast<int>(pageSize);

    const qsizetype frameSize = frameHeaderSize + result.pageSize;
    QHash<int, qint64> uncommitted;
    int highest = 0;
    qsizetype committedEnd = logHeaderSize;
    for (qsizetype at = logHeaderSize; at + frameSize <= wal.size(); at += frameSize) {
        const QByteArrayView frame = wal.sliced(at, frameSize);
        const quint32 page = wordAt(frame, 0);
        if (page == 0 || page > quint32(std::numeric_limits<int>::max()) || !hasSameSalts(frame, wal))
            break;
        sum.add(frame.first(8));
        sum.add(frame.sliced(frameHeaderSize));
        if (!sum.isAt(frame, 16))
            break;
        uncommitted.insert(static_cast<int>(page), at + frameHeaderSize);
        highest = qMax(highest, static_cast<int>(page));
        const quint32 pagesAfterCommit = wordAt(frame, 4);
        if (pagesAfterCommit == 0)
            continue;
        result.pageOffsets.insert(uncommitted);
        uncommitted.clear();
        result.highestPage = highest;
        result.databasePages = pagesAfterCommit;
        ++result.commits;
        committedEnd = at + frameSize;
    }
    const QByteArrayView rest = wal.sliced(committedEnd);
    result.isCutShort = rest.size() >= frameHeaderSize && hasSameSalts(rest, wal);
    return result;
}

} // namespace ingather::ledger
