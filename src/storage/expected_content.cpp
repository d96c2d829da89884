// SPDX-License-Identifier: MIT
#include "storage/expected_content.h"

#include <QList>

#include <algorithm>

namespace ingather::storage
{

namespace
{

using Expected = std::optional<ExpectedContent>;

struct Row {
    ExpectedContent expected;
    QStringView words; ///< with single blanks between them
};

// Old office formats (.doc, .xls) are missing on purpose: programs write HTML under these names.
constexpr Row extensions[] = {
    {ExpectedContent::Pdf, u"pdf"},
    {ExpectedContent::Gzip, u"gz tgz svgz"},
    {ExpectedContent::Zip, u"zip epub docx xlsx pptx odt ods odp odg whl jar npz kmz cbz"},
    {ExpectedContent::Xml, u"xml xsd xsl xslt rdf owl svg kml gml gpx tei nxml jats rss atom"},
    {ExpectedContent::Json, u"json geojson jsonld topojson ipynb jsonl ndjson"},
    {ExpectedContent::Anything, u"html htm xhtml txt any anything"},
    {ExpectedContent::Binary, u"xz bz2 zst 7z rar lz lz4 lzma br tar tbz tbz2 txz tzst cab iso dmg"},
    {ExpectedContent::Binary, u"djvu djv mobi azw3 png jpg jpeg jp2 gif tif tiff webp bmp ico heic avif"},
    {ExpectedContent::Binary, u"mp3 mp4 m4a m4v mov mkv webm avi ogg oga ogv opus flac wav mpg mpeg wmv"},
    {ExpectedContent::Binary, u"parquet feather arrow orc avro nc nc4 cdf h5 hdf hdf5 he5 fits npy mat rds"},
    {ExpectedContent::Binary,
     u"rdata sav dta sas7bdat sqlite sqlite3 db shp dbf bam cram bcf grib grib2 laz"},
    {ExpectedContent::Binary, u"pt onnx safetensors pkl exe msi deb rpm apk so dll bin woff woff2 ttf otf"},
};

constexpr Row mediaTypes[] = {
    {ExpectedContent::Pdf, u"application/pdf application/x-pdf"},
    {ExpectedContent::Gzip, u"application/gzip application/x-gzip application/x-compressed-tar"},
    {ExpectedContent::Zip, u"application/zip application/x-zip application/x-zip-compressed"},
    {ExpectedContent::Xml, u"application/xml text/xml"},
    {ExpectedContent::Json, u"application/json text/json application/x-ndjson application/jsonl"},
    {ExpectedContent::Anything, u"text/html application/xhtml+xml text/plain"},
    {ExpectedContent::Binary, u"application/x-tar application/x-xz application/x-bzip2 application/zstd"},
    {ExpectedContent::Binary, u"application/x-7z-compressed application/vnd.rar application/x-hdf5"},
    {ExpectedContent::Binary, u"application/x-hdf application/x-netcdf application/vnd.apache.parquet"},
    {ExpectedContent::Binary, u"application/fits image/vnd.djvu"},
};

template <std::size_t N>
Expected lookUp(const Row (&rows)[N], const QString &word)
{
    const auto isWord = [&word](QStringView known) { return known == word; };
    for (const Row &row : rows) {
        const QList<QStringView> words = row.words.split(u' ');
        if (std::any_of(words.cbegin(), words.cend(), isWord))
            return row.expected;
    }
    return std::nullopt;
}

/// "pdf" of "a/b.pdf"; empty if the last component has no dot.
QStringView extensionOf(QStringView path)
{
    const QStringView name = path.sliced(path.lastIndexOf(u'/') + 1);
    const qsizetype dot = name.lastIndexOf(u'.');
    return dot < 0 ? QStringView() : name.sliced(dot + 1);
}

/// Of the path of a URL, without query, fragment and path parameters (";jsessionid=…").
QStringView extensionOfUrl(QStringView url)
{
    const qsizetype scheme = url.indexOf(QStringLiteral("://"));
    QStringView path = url.sliced(scheme < 0 ? 0 : scheme + 3);
    const auto end =
        std::find_if(path.begin(), path.end(), [](QChar c) { return QStringView(u"?#;").contains(c); });
    path = path.first(end - path.begin());
    const qsizetype slash = path.indexOf(u'/');
    return slash < 0 ? QStringView() : extensionOf(path.sliced(slash));
}

Expected expectedOfJob(QStringView type)
{
    if (type.contains(u'/'))
        return expectedByMediaType(type);
    return expectedByExtension(type.startsWith(u'.') ? type.sliced(1) : type);
}

/// What a server may demand: more than Anything, and nothing that is often said wrongly.
bool isCredible(Expected expected)
{
    return expected && *expected != ExpectedContent::Anything && *expected != ExpectedContent::Json &&
           *expected != ExpectedContent::Xml;
}

} // namespace

Expected expectedByExtension(QStringView extension)
{
    return lookUp(extensions, extension.trimmed().toString().toLower());
}

Expected expectedByMediaType(QStringView mediaType)
{
    const qsizetype parameters = mediaType.indexOf(u';');
    const QString type =
        mediaType.first(parameters < 0 ? mediaType.size() : parameters).trimmed().toString().toLower();
    if (const Expected listed = lookUp(mediaTypes, type))
        return listed;
    if (type.endsWith(QStringLiteral("+xml")))
        return ExpectedContent::Xml;
    if (type.endsWith(QStringLiteral("+json")))
        return ExpectedContent::Json;
    if (type.endsWith(QStringLiteral("+zip")) ||
        type.contains(QStringLiteral("openxmlformats-officedocument")))
        return ExpectedContent::Zip;
    const bool isMedia = type.startsWith(QStringLiteral("image/")) ||
                         type.startsWith(QStringLiteral("video/")) ||
                         type.startsWith(QStringLiteral("audio/"));
    return isMedia ? Expected(ExpectedContent::Binary) : std::nullopt;
}

ExpectedContent expectedContent(const ContentRequest &request)
{
    if (const Expected wanted = expectedOfJob(request.expectType))
        return *wanted;
    if (const Expected named = expectedByExtension(extensionOf(request.fileName)))
        return *named;
    const Expected asked = expectedByExtension(extensionOfUrl(request.url));
    if (asked && *asked != ExpectedContent::Anything)
        return *asked;
    const Expected suggested = expectedByExtension(extensionOf(request.suggestedName));
    if (suggested && *suggested != ExpectedContent::Anything)
        return *suggested;
    const Expected said = expectedByMediaType(QString::fromLatin1(request.contentType));
    return isCredible(said) ? *said : ExpectedContent::Anything;
}

} // namespace ingather::storage
