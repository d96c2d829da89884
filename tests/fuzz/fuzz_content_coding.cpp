// SPDX-License-Identifier: MIT
#include "transfer/body_decoder.h"

#include "fuzzing.h"

using namespace ingather::transfer;
using ingather::tests::require;

namespace
{

/// The decoded bytes, and how they ended.
struct Decoded {
    QByteArray bytes;
    bool isComplete = false;
    bool isDamaged = false;
};

Decoded decode(ContentCoding coding, const QByteArray &coded, qsizetype step, qint64 room)
{
    constexpr qsizetype most = 1024 * 1024; // a bomb would only take time here
    BodyDecoder decoder(coding);
    Decoded decoded;
    QByteArray piece;
    for (qsizetype at = 0; at < coded.size(); at += step) {
        decoder.feed(coded.mid(at, step));
        for (;;) {
            const auto made = decoder.take(&piece, room);
            decoded.isDamaged = !made.has_value();
            if (!made || decoded.bytes.size() > most)
                return decoded;
            require(*made <= room && piece.size() == *made, "no more than asked for");
            if (*made == 0)
                break;
            decoded.bytes += piece;
        }
    }
    decoded.isComplete = decoder.isComplete();
    return decoded;
}

} // namespace

// The first byte chooses coding and pieces; how the bytes are cut must make no difference.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = ingather::tests::toBytes(data, size);
    if (bytes.size() < 2)
        return 0;
    const auto choice = static_cast<unsigned char>(bytes.front());
    const auto coding = choice & 1 ? ContentCoding::Gzip : ContentCoding::Deflate;
    const QByteArray coded = bytes.mid(1);
    const Decoded whole = decode(coding, coded, coded.size(), 64 * 1024);
    const Decoded cut = decode(coding, coded, 1 + choice / 16, 1000);
    if (whole.bytes.size() > 1024 * 1024)
        return 0;
    require(whole.bytes == cut.bytes, "pieces make no difference to the bytes");
    require(whole.isDamaged == cut.isDamaged, "pieces make no difference to damage");
    require(whole.isComplete == cut.isComplete, "pieces make no difference to the end");
    return 0;
}
