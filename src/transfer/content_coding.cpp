// SPDX-License-Identifier: MIT
#include "transfer/content_coding.h"

#include <QList>

#include <algorithm>
#include <array>

namespace ingather::transfer
{

namespace
{

constexpr std::array gzipEndings{".gz", ".gzip", ".tgz", ".taz", ".svgz"};
constexpr std::array gzipTypes{"application/gzip",
                               "application/x-gzip",
                               "application/gzip-compressed",
                               "application/x-gzip-compressed",
                               "application/x-tgz",
                               "application/x-compressed-tar",
                               "application/x-gtar-compressed"};

bool hasGzipEnding(const QByteArray &name)
{
    const QByteArray lower = name.toLower();
    return std::any_of(gzipEndings.cbegin(), gzipEndings.cend(),
                       [&lower](const char *ending) { return lower.endsWith(ending); });
}

ContentCoding codingOf(const QByteArray &name)
{
    if (name == "gzip" || name == "x-gzip")
        return ContentCoding::Gzip;
    return name == "deflate" ? ContentCoding::Deflate : ContentCoding::Other;
}

} // namespace

ContentCoding parseContentEncoding(const QByteArray &value)
{
    ContentCoding coding = ContentCoding::Identity;
    for (const QByteArray &part : value.toLower().split(',')) {
        const QByteArray name = part.trimmed();
        if (name.isEmpty() || name == "identity")
            continue;
        if (coding != ContentCoding::Identity)
            return ContentCoding::Other;
        coding = codingOf(name);
    }
    return coding;
}

bool isGzipFile(const QByteArray &path, const QByteArray &contentType, const QByteArray &suggestedName)
{
    if (hasGzipEnding(path) || hasGzipEnding(suggestedName))
        return true;
    const QByteArray type = contentType.split(';').first().trimmed().toLower();
    return std::find(gzipTypes.cbegin(), gzipTypes.cend(), type) != gzipTypes.cend();
}

} // namespace ingather::transfer
