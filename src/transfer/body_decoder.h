// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "transfer/content_coding.h"

#include <QByteArray>

#include <memory>
#include <optional>

namespace ingather::transfer
{

/// Takes a content coding off a body, piece by piece. Memory stays at the window of the coding, the piece
/// that was handed in and the piece asked for, however much the coded bytes blow up.
class BodyDecoder final
{
public:
    /// Gzip or Deflate.
    explicit BodyDecoder(ContentCoding coding);
    ~BodyDecoder();
    Q_DISABLE_COPY_MOVE(BodyDecoder)

    /// More coded bytes, behind those that are not used up.
    void feed(const QByteArray &coded);

    /// Fills `into` with at most `maxBytes` decoded bytes in place of what it held, and returns how many; 0
    /// when all coded bytes are used up. Members of gzip that follow one another are one body (RFC 1952
    /// §2.2), zero bytes behind the end are padding. ContentUndecodable for everything else that is not the
    /// coding, a wrong check sum included, once all that could be made of what came before is given out; then
    /// at each call.
    core::Result<qint64> take(QByteArray *into, qint64 maxBytes);

    /// Nothing was fed.
    bool isUntouched() const { return m_isUntouched; }
    /// The coded bytes may end here.
    bool isComplete() const { return m_place == Place::Behind; }

private:
    enum class Place { Before, Inside, Behind };
    struct Stream;

    bool enter();
    bool inflateInto(char *room, qint64 size, qint64 *made);
    void damage(const QString &why);

    ContentCoding m_coding;
    Place m_place = Place::Before;
    std::unique_ptr<Stream> m_stream;
    std::optional<core::Error> m_damage;
    QByteArray m_input;
    qsizetype m_used = 0;
    bool m_holdsOutput = false; ///< zlib took the last coded byte and had no room for all it makes
    bool m_isUntouched = true;
};

} // namespace ingather::transfer
