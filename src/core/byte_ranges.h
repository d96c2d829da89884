// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace ingather::core
{

/// Bytes `first` up to, and without, `end`.
struct ByteSpan {
    qint64 first = 0;
    qint64 end = 0;

    qint64 size() const { return end - first; }
    friend bool operator==(const ByteSpan &, const ByteSpan &) = default;
};

/// Which bytes of a file are there: spans in order that neither overlap nor touch.
class ByteRanges
{
public:
    /// Nothing happens for an empty span.
    void add(const ByteSpan &span);

    const QList<ByteSpan> &spans() const { return m_spans; }
    /// How many bytes there are from the first one on, without a gap.
    qint64 prefix() const;
    qint64 total() const;
    /// The gaps in the first `size` bytes, in order.
    QList<ByteSpan> missing(qint64 size) const;

    /// "[[0,100],[200,300]]": `first` and `end` of each, as JSON.
    QString toText() const;
    /// nullopt for anything that toText() would not have written.
    static std::optional<ByteRanges> fromText(const QString &text);

    friend bool operator==(const ByteRanges &, const ByteRanges &) = default;

private:
    QList<ByteSpan> m_spans;
};

} // namespace ingather::core
