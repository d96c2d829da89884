// SPDX-License-Identifier: MIT
#include "core/byte_ranges.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace ingather::core
{

void ByteRanges::add(const ByteSpan &span)
{
    if (span.end <= span.first)
        return;
    // Everything that the new span overlaps or touches becomes one with it.
    const auto from = std::find_if(m_spans.begin(), m_spans.end(),
                                   [&span](const ByteSpan &old) { return old.end >= span.first; });
    const auto to =
        std::find_if(from, m_spans.end(), [&span](const ByteSpan &old) { return old.first > span.end; });
    ByteSpan merged = span;
    if (from != to) {
        merged.first = std::min(merged.first, from->first);
        merged.end = std::max(merged.end, (to - 1)->end);
    }
    const qsizetype at = from - m_spans.begin();
    m_spans.erase(from, to);
    m_spans.insert(at, merged);
}

qint64 ByteRanges::prefix() const
{
    return m_spans.isEmpty() || m_spans.first().first > 0 ? 0 : m_spans.first().end;
}

qint64 ByteRanges::total() const
{
    qint64 total = 0;
    for (const ByteSpan &span : m_spans)
        total += span.size();
    return total;
}

QList<ByteSpan> ByteRanges::missing(qint64 size) const
{
    QList<ByteSpan> gaps;
    qint64 at = 0;
    for (const ByteSpan &span : m_spans) {
        if (span.first >= size)
            break;
        if (span.first > at)
            gaps.append({at, span.first});
        at = span.end;
    }
    if (at < size)
        gaps.append({at, size});
    return gaps;
}

QString ByteRanges::toText() const
{
    QJsonArray spans;
    for (const ByteSpan &span : m_spans)
        spans.append(QJsonArray{span.first, span.end});
    return QString::fromLatin1(QJsonDocument(spans).toJson(QJsonDocument::Compact));
}

std::optional<ByteRanges> ByteRanges::fromText(const QString &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
    if (!document.isArray())
        return std::nullopt;
    ByteRanges ranges;
    qint64 lastEnd = -1;
    for (const QJsonValue &value : document.array()) {
        const QJsonArray pair = value.toArray();
        const qint64 first = pair.size() == 2 ? pair[0].toInteger(-1) : -1;
        const qint64 end = pair.size() == 2 ? pair[1].toInteger(-1) : -1;
        if (first < 0 || end <= first || first <= lastEnd)
            return std::nullopt;
        ranges.m_spans.append({first, end});
        lastEnd = end;
    }
    return ranges;
}

} // namespace ingather::core
