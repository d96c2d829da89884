// SPDX-License-Identifier: MIT
#include "storage/pdf_structure.h"

#include "storage/pdf_tokens.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace ingather::storage
{

namespace
{

constexpr qint64 usualTail = 64 * 1024;
constexpr qint64 indexWindow = 64 * 1024;
constexpr QByteArrayView endMark("%%EOF");
constexpr QByteArrayView indexMark("startxref");

/// The last "startxref … %%EOF" of a file. Offsets are those of `window`.
struct End {
    QByteArray window;
    qsizetype index = -1; ///< "startxref"
    qsizetype mark = -1;  ///< "%%EOF"

    bool isThere() const { return index >= 0 && mark >= 0; }
    QByteArrayView trailer() const { return QByteArrayView(window).first(index); }
    QByteArrayView after() const { return QByteArrayView(window).sliced(mark + endMark.size()); }
    std::optional<qint64> offset() const
    {
        const qsizetype from = index + indexMark.size();
        return pdf::numberAt(QByteArrayView(window).sliced(from, mark - from));
    }
};

core::Result<End> findEnd(const ContentSample &sample)
{
    End end;
    for (const qint64 length : {usualTail, ContentSample::longestWindow}) {
        core::Result<QByteArray> window = sample.tail(length);
        if (!window)
            return window.error();
        end.window = std::move(*window);
        end.mark = end.window.lastIndexOf(endMark);
        end.index = end.mark < 0 ? -1 : QByteArrayView(end.window).first(end.mark).lastIndexOf(indexMark);
        if (end.isThere() || end.window.size() >= sample.size())
            break;
    }
    return end;
}

/// Whether what follows an "%%EOF" is the beginning of more of the same file.
bool isCutUpdate(QByteArrayView after)
{
    constexpr QByteArrayView table("xref");
    const auto holds = [after](QByteArrayView word) { return after.contains(word); };
    return pdf::startsLikeObject(after) || after.startsWith(table) ||
           (after.size() > 1 && table.startsWith(after)) || holds(" 0 obj") || holds("endobj") ||
           holds("endstream") || holds("startxref");
}

bool isIndex(QByteArrayView window)
{
    const QByteArrayView text = pdf::withoutLeadingBlanks(window);
    return text.startsWith("xref") || pdf::startsWithObject(text);
}

/// The length that a linearised file states (Annex F, /L); nullopt for other files.
std::optional<qint64> statedLength(QByteArrayView head, qsizetype start)
{
    const QByteArrayView first = head.sliced(start, std::min<qsizetype>(1024, head.size() - start));
    const qsizetype linearized = first.indexOf("/Linearized");
    if (linearized < 0)
        return std::nullopt;
    const qsizetype open = first.first(linearized).lastIndexOf("<<");
    return open < 0 ? std::nullopt : pdf::numberOfKey(first.sliced(open), "L");
}

void addFlag(ContentStructure &structure, ContentFlag flag, const QString &why)
{
    structure.flags |= flag;
    if (structure.reason.isEmpty())
        structure.reason = why;
}

ContentStructure cut(const QString &why)
{
    ContentStructure structure;
    structure.isWhole = false;
    structure.reason = why;
    return structure;
}

/// What stands at the cross-reference: a table and trailer, or a stream's dictionary. Empty if it is not
/// there.
core::Result<QByteArray> readIndex(const ContentSample &sample, std::optional<qint64> offset, qsizetype start)
{
    if (!offset || *offset <= 0)
        return QByteArray();
    for (const qint64 base : {qint64(0), qint64(start)}) {
        if (*offset >= sample.size() - base)
            continue;
        core::Result<QByteArray> window = sample.window(base + *offset, indexWindow);
        if (!window || isIndex(*window))
            return window;
    }
    return QByteArray();
}

} // namespace

core::Result<ContentStructure> readPdfStructure(const ContentSample &sample, qsizetype start)
{
    const core::Result<End> found = findEnd(sample);
    if (!found)
        return found.error();
    const End &end = *found;
    if (!end.isThere())
        return cut(end.mark < 0 ? QStringLiteral("the PDF has no end mark")
                                : QStringLiteral("the PDF has no cross-reference at its end"));
    const QByteArrayView after = pdf::withoutLeadingBlanks(end.after());
    if (isCutUpdate(after))
        return cut(QStringLiteral("the PDF stops within its objects"));
    const std::optional<qint64> offset = end.offset();
    const std::optional<qint64> stated = statedLength(sample.head(), start);
    if (stated && offset == 0)
        return cut(QStringLiteral("the PDF stops behind its first page"));

    ContentStructure structure;
    if (start > 0)
        addFlag(structure, ContentFlag::OddStart, QStringLiteral("%1 bytes before the PDF").arg(start));
    if (!after.isEmpty())
        addFlag(structure, ContentFlag::BytesAfterEnd,
                QStringLiteral("%1 bytes after the PDF").arg(after.size()));
    const core::Result<QByteArray> index = readIndex(sample, offset, start);
    if (!index)
        return index.error();
    if (index->isEmpty())
        addFlag(structure, ContentFlag::IndexMisplaced,
                QStringLiteral("no cross-reference where the PDF says"));
    if (stated && *stated > sample.size())
        addFlag(structure, ContentFlag::LengthDiffers,
                QStringLiteral("the PDF says that it has %1 bytes").arg(*stated));
    structure.isEncrypted = pdf::trailerHasEncryption(end.trailer()) || pdf::indexHasEncryption(*index);
    return structure;
}

} // namespace ingather::storage
