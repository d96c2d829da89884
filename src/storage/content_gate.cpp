// SPDX-License-Identifier: MIT
#include "storage/content_gate.h"

#include "storage/content_sample.h"
#include "storage/file_reader.h"
#include "storage/markup.h"
#include "storage/pdf_structure.h"
#include "storage/zip_structure.h"

#include <QtNumeric>

namespace ingather::storage
{

namespace
{

using core::Result;

constexpr qint64 textTail = 64 * 1024;

ContentReport report(ContentVerdict verdict, ContentType found, const QString &reason = {})
{
    ContentReport result;
    result.verdict = verdict;
    result.found = found;
    result.reason = reason;
    return result;
}

ContentReport unusual(ContentType found, ContentFlag flag, const QString &reason)
{
    ContentReport result = report(ContentVerdict::Unusual, found, reason);
    result.flags = flag;
    return result;
}

ContentReport fromStructure(const ContentStructure &structure, ContentType found)
{
    ContentReport result =
        report(structure.flags ? ContentVerdict::Unusual : ContentVerdict::Right, found, structure.reason);
    if (!structure.isWhole)
        result.verdict = ContentVerdict::Truncated;
    result.flags = structure.flags;
    result.isEncrypted = structure.isEncrypted;
    return result;
}

ContentReport blockedPage(const ContentSample &sample)
{
    return report(ContentVerdict::BlockedPage, ContentType::Html,
                  pageKindName(pageKindOf(asUtf8(sample.head()))));
}

/// Neither what was asked for nor a page. A file that is only the beginning of `signature` was cut there.
ContentReport somethingElse(const ContentSample &sample, ContentType found, QByteArrayView signature)
{
    if (found == ContentType::Html)
        return blockedPage(sample);
    if (found == ContentType::Empty)
        return report(ContentVerdict::Truncated, found, QStringLiteral("the file is empty"));
    if (signature.startsWith(sample.head()))
        return report(ContentVerdict::Truncated, found,
                      QStringLiteral("the file stops within its first bytes"));
    return report(ContentVerdict::WrongType, found,
                  QStringLiteral("the content is ") + contentTypeName(found));
}

Result<ContentReport> judgePdf(const ContentSample &sample, ContentType found)
{
    const qsizetype start = pdfHeaderStart(sample.head());
    if (start < 0)
        return somethingElse(sample, found, "%PDF-");
    const Result<ContentStructure> structure = readPdfStructure(sample, start);
    if (!structure)
        return structure.error();
    if (found == ContentType::Html || found == ContentType::Xml || found == ContentType::Json) {
        // A program's warnings may stand before a PDF; a page may speak of one.
        const Result<QByteArray> tail = sample.tail(textTail);
        if (!tail)
            return tail.error();
        if (!structure->isWhole || tail->toLower().contains("</html"))
            return somethingElse(sample, found, {});
    }
    return fromStructure(*structure, ContentType::Pdf);
}

Result<ContentReport> judgeZip(const ContentSample &sample, ContentType found)
{
    if (found == ContentType::Compound) {
        ContentReport office =
            unusual(found, ContentFlag::OtherContainer,
                    QStringLiteral("a compound file, as office programs make for a password"));
        office.isEncrypted = true;
        return office;
    }
    if (found != ContentType::Zip && found != ContentType::Binary)
        return somethingElse(sample, found, "PK\3\4");
    const Result<ContentStructure> structure = readZipStructure(sample);
    if (!structure)
        return structure.error();
    // Programs that unpack themselves start with code, but they do end with a directory.
    if (found == ContentType::Binary && !structure->isWhole)
        return somethingElse(sample, found, "PK\3\4");
    return fromStructure(*structure, ContentType::Zip);
}

ContentReport judgeGzip(const ContentSample &sample, ContentType found)
{
    constexpr qint64 smallestGzip = 18; // header and trailer (RFC 1952 §2.3)
    if (found != ContentType::Gzip)
        return somethingElse(sample, found, "\x1F\x8B\x08");
    return sample.size() < smallestGzip
               ? report(ContentVerdict::Truncated, found, QStringLiteral("the gzip file has no trailer"))
               : report(ContentVerdict::Right, found);
}

Result<ContentReport> judgeXml(const ContentSample &sample, ContentType found)
{
    const QByteArray head = asUtf8(sample.head());
    const bool isPageAsData =
        found == ContentType::Html && markupOf(head).hasProlog && pageKindOf(head) == PageKind::Other;
    if (found != ContentType::Xml && !isPageAsData)
        return somethingElse(sample, found, "<?xml ");
    const Result<QByteArray> tail = sample.tail(textTail);
    if (!tail)
        return tail.error();
    switch (markupEndOf(head, asUtf8Like(sample.head(), *tail))) {
    case MarkupEnd::Open:
        return report(ContentVerdict::Truncated, found, QStringLiteral("the root element is not closed"));
    case MarkupEnd::ClosedWithMore:
        return unusual(found, ContentFlag::BytesAfterEnd, QStringLiteral("text after the root element"));
    case MarkupEnd::Closed:
        break;
    }
    if (isPageAsData)
        return unusual(found, ContentFlag::PageAsData, QStringLiteral("XHTML where XML was asked for"));
    return report(ContentVerdict::Right, found);
}

/// A JSON text that is no object and no array: a number, a string, or one of three words.
bool isJsonScalar(QByteArrayView text)
{
    text = text.trimmed();
    bool isNumber = false;
    const double number = text.toDouble(&isNumber);
    return (isNumber && qIsFinite(number)) || text == "true" || text == "false" || text == "null" ||
           (text.size() > 1 && text.startsWith('"') && text.endsWith('"'));
}

Result<ContentReport> judgeJson(const ContentSample &sample, ContentType found)
{
    if (found == ContentType::Text && sample.size() <= ContentSample::headLength &&
        isJsonScalar(asUtf8(sample.head())))
        return report(ContentVerdict::Right, ContentType::Json);
    if (found != ContentType::Json)
        return somethingElse(sample, found, {});
    const Result<QByteArray> tail = sample.tail(textTail);
    if (!tail)
        return tail.error();
    // Documents one a line (JSON Lines) start and end alike too.
    const char closing = asUtf8(sample.head()).trimmed().startsWith('{') ? '}' : ']';
    return asUtf8Like(sample.head(), *tail).trimmed().endsWith(closing)
               ? report(ContentVerdict::Right, found)
               : report(ContentVerdict::Truncated, found, QStringLiteral("the JSON text is not closed"));
}

/// Nobody said what it must be: nothing is refused, but a document that was cut is told.
Result<ContentReport> judgeAnything(const ContentSample &sample, ContentType found)
{
    if (found != ContentType::Pdf && found != ContentType::Zip)
        return report(ContentVerdict::Right, found);
    const Result<ContentStructure> structure = found == ContentType::Pdf
                                                   ? readPdfStructure(sample, pdfHeaderStart(sample.head()))
                                                   : readZipStructure(sample);
    if (!structure)
        return structure.error();
    ContentReport result = fromStructure(*structure, found);
    if (!structure->isWhole) {
        result.verdict = ContentVerdict::Unusual;
        result.flags |= ContentFlag::Incomplete;
    }
    return result;
}

Result<ContentReport> judgeBinary(const ContentSample &sample, ContentType found)
{
    if (found == ContentType::Html)
        return blockedPage(sample);
    if (found == ContentType::Empty)
        return unusual(found, ContentFlag::NoContent, QStringLiteral("the file is empty"));
    return judgeAnything(sample, found);
}

Result<ContentReport> judge(const ContentSample &sample, ExpectedContent expected)
{
    const ContentType found = contentTypeOf(sample.head());
    switch (expected) {
    case ExpectedContent::Pdf:
        return judgePdf(sample, found);
    case ExpectedContent::Gzip:
        return judgeGzip(sample, found);
    case ExpectedContent::Zip:
        return judgeZip(sample, found);
    case ExpectedContent::Xml:
        return judgeXml(sample, found);
    case ExpectedContent::Json:
        return judgeJson(sample, found);
    case ExpectedContent::Binary:
        return judgeBinary(sample, found);
    case ExpectedContent::Anything:
        return judgeAnything(sample, found);
    }
    Q_UNREACHABLE();
}

} // namespace

Result<ContentReport> judgeFile(const QString &path, ExpectedContent expected)
{
    const Result<OpenedFile> file = openForReading(path, QStringLiteral("look at content"));
    if (!file)
        return file.error();
    return judgeDescriptor(file->descriptor.number(), expected);
}

Result<ContentReport> judgeDescriptor(int descriptor, ExpectedContent expected)
{
    const Result<ContentSample> sample = ContentSample::ofDescriptor(descriptor);
    if (!sample)
        return sample.error();
    return judge(*sample, expected);
}

ContentReport judgeBytes(QByteArrayView bytes, ExpectedContent expected)
{
    const Result<ContentReport> result = judge(ContentSample::ofBytes(bytes), expected);
    Q_ASSERT(result.has_value()); // memory can be read
    return *result;
}

std::optional<core::Error> refusalOf(const ContentReport &report)
{
    const auto refused = [&report](core::ErrorCode code) {
        return core::Error{code, QStringLiteral("check content"), 0, report.reason};
    };
    switch (report.verdict) {
    case ContentVerdict::Right:
    case ContentVerdict::Unusual:
        return std::nullopt;
    case ContentVerdict::Truncated:
        return refused(core::ErrorCode::ContentTruncated);
    case ContentVerdict::BlockedPage:
        return refused(core::ErrorCode::BlockedPage);
    case ContentVerdict::WrongType:
        return refused(core::ErrorCode::WrongContent);
    }
    Q_UNREACHABLE();
}

} // namespace ingather::storage
