// SPDX-License-Identifier: MIT
#include "transfer/body_decoder.h"

#include <QString>

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace ingather::transfer
{

using core::Error;
using core::ErrorCode;

namespace
{

// zlib.h, inflateInit2: the largest window, and which frame stands around the deflated bytes.
constexpr int gzipFrame = MAX_WBITS + 16;
constexpr int zlibFrame = MAX_WBITS;
constexpr int noFrame = -MAX_WBITS;
constexpr char gzipMagic = '\x1f';
constexpr qsizetype zlibHeaderSize = 2;
constexpr qint64 mostAtOnce = std::numeric_limits<uInt>::max();

/// RFC 1950 §2.2: method 8, window up to 32 KiB, and a check in the second byte. A bare deflate stream does
/// not begin like that: its first block would be a stored one with a bit set that encoders leave clear.
bool isZlibHeader(const QByteArray &bytes, qsizetype at)
{
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return (first & 0x0f) == Z_DEFLATED && (first >> 4) <= 7 && (first * 256 + second) % 31 == 0;
}

} // namespace

struct BodyDecoder::Stream {
    explicit Stream(int frame) { isReady = inflateInit2(&z, frame) == Z_OK; }
    ~Stream() { inflateEnd(&z); }
    Q_DISABLE_COPY_MOVE(Stream)

    z_stream z{};
    bool isReady = false;
};

BodyDecoder::BodyDecoder(ContentCoding coding) : m_coding(coding)
{
    Q_ASSERT(coding == ContentCoding::Gzip || coding == ContentCoding::Deflate);
}

BodyDecoder::~BodyDecoder() = default;

void BodyDecoder::feed(const QByteArray &coded)
{
    m_isUntouched = m_isUntouched && coded.isEmpty();
    m_input.remove(0, m_used);
    m_used = 0;
    m_input += coded;
}

void BodyDecoder::damage(const QString &why)
{
    m_damage = Error{ErrorCode::ContentUndecodable, QStringLiteral("decode body"), 0, why};
}

/// Begins the body or its next member. False if that takes more coded bytes, or there is damage.
bool BodyDecoder::enter()
{
    if (m_place == Place::Behind) {
        while (m_used < m_input.size() && m_input[m_used] == '\0')
            ++m_used;
        if (m_used == m_input.size())
            return false;
        if (m_coding != ContentCoding::Gzip || m_input[m_used] != gzipMagic) {
            damage(QStringLiteral("something else behind its end"));
            return false;
        }
    }
    int frame = gzipFrame;
    if (m_coding == ContentCoding::Deflate) {
        if (m_input.size() - m_used < zlibHeaderSize)
            return false;
        frame = isZlibHeader(m_input, m_used) ? zlibFrame : noFrame;
    }
    m_stream = std::make_unique<Stream>(frame);
    if (!m_stream->isReady) {
        damage(QStringLiteral("zlib has no memory"));
        return false;
    }
    m_place = Place::Inside;
    return true;
}

/// One step of zlib. False if it can't go on: it needs more coded bytes, or there is damage.
bool BodyDecoder::inflateInto(char *room, qint64 size, qint64 *made)
{
    z_stream &z = m_stream->z;
    const qsizetype left = std::min<qsizetype>(m_input.size() - m_used, mostAtOnce);
    z.next_in = reinterpret_cast<Bytef *>(m_input.data() + m_used);
    z.avail_in = static_cast<uInt>(left);
    z.next_out = reinterpret_cast<Bytef *>(room);
    z.avail_out = static_cast<uInt>(size);
    const int code = inflate(&z, Z_NO_FLUSH);
    m_used += left - z.avail_in;
    *made += size - z.avail_out;
    m_holdsOutput = code == Z_OK && z.avail_out == 0;
    if (code == Z_STREAM_END)
        m_place = Place::Behind;
    else if (code != Z_OK && code != Z_BUF_ERROR)
        damage(QString::fromLatin1(z.msg ? z.msg : "not in this coding"));
    return code == Z_OK || code == Z_STREAM_END;
}

core::Result<qint64> BodyDecoder::take(QByteArray *into, qint64 maxBytes)
{
    Q_ASSERT(into && maxBytes > 0);
    const qint64 wanted = std::min(maxBytes, mostAtOnce);
    into->resize(wanted);
    qint64 made = 0;
    while (!m_damage && made < wanted && (m_used < m_input.size() || m_holdsOutput)) {
        if (m_place != Place::Inside && !enter())
            break;
        if (!inflateInto(into->data() + made, wanted - made, &made))
            break;
    }
    into->resize(made);
    if (made == 0 && m_damage)
        return *m_damage;
    return made;
}

} // namespace ingather::transfer
