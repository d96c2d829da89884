// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <zlib.h>

namespace ingather::test
{

// zlib.h, deflateInit2: which frame stands around the deflated bytes.
inline constexpr int gzipFrame = MAX_WBITS + 16;
inline constexpr int zlibFrame = MAX_WBITS;
inline constexpr int noFrame = -MAX_WBITS;

/// `plain` in one piece of that coding.
inline QByteArray coded(QByteArray plain, int frame)
{
    z_stream z{};
    deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, frame, 8, Z_DEFAULT_STRATEGY);
    QByteArray out(static_cast<qsizetype>(deflateBound(&z, static_cast<uLong>(plain.size()))), '\0');
    z.next_in = reinterpret_cast<Bytef *>(plain.data());
    z.avail_in = static_cast<uInt>(plain.size());
    z.next_out = reinterpret_cast<Bytef *>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(static_cast<qsizetype>(z.total_out));
    deflateEnd(&z);
    return out;
}

} // namespace ingather::test
