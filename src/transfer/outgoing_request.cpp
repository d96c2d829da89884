// SPDX-License-Identifier: MIT
#include "transfer/outgoing_request.h"

#include "transfer/http_date.h"

#include <algorithm>
#include <array>

namespace ingather::transfer
{

using core::Error;
using core::ErrorCode;

namespace
{

/// Fields that decide what the answer's bytes mean or where the message ends.
constexpr std::array ownFields{
    "accept-encoding", "connection", "content-length", "expect", "host", "http2-settings", "if-match",
    "if-none-match", "if-modified-since", "if-range", "if-unmodified-since", "keep-alive",
    // A proxy's login would go to the server itself through a tunnel; the settings of the proxy have it.
    "proxy-authorization", "proxy-connection", "range", "te", "trailer", "transfer-encoding", "upgrade"};

bool isTokenCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
}

bool isFieldName(const QByteArray &name)
{
    return !name.isEmpty() && std::all_of(name.cbegin(), name.cend(), isTokenCharacter);
}

bool isFieldValue(const QByteArray &value)
{
    return std::none_of(value.cbegin(), value.cend(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
}

bool isOwnField(const QByteArray &name)
{
    return std::any_of(ownFields.cbegin(), ownFields.cend(),
                       [&name](const char *own) { return name.compare(own, Qt::CaseInsensitive) == 0; });
}

bool isStrongEntityTag(const QByteArray &tag)
{
    return tag.size() >= 2 && tag.startsWith('"') && tag.indexOf('"', 1) == tag.size() - 1 &&
           isFieldValue(tag);
}

Error refused(ErrorCode code, const QString &why)
{
    return Error{code, QStringLiteral("prepare request"), 0, why};
}

core::Result<> checkRange(const HttpRequest &request, HttpMethod method)
{
    if (request.range) {
        const ByteRange &range = *request.range;
        if (method == HttpMethod::Head)
            return refused(ErrorCode::InvalidArgument, QStringLiteral("a range of a HEAD"));
        if (range.first < 0 || (range.last && *range.last < range.first))
            return refused(ErrorCode::InvalidArgument, QStringLiteral("a range that is none"));
    }
    if (request.ifRange.isEmpty())
        return {};
    if (!request.range || !(isStrongEntityTag(request.ifRange) || isConditionDate(request.ifRange)))
        return refused(ErrorCode::InvalidArgument,
                       QStringLiteral("If-Range needs a range and a strong entity tag or a date"));
    return {};
}

core::Result<> checkConditions(const HttpRequest &request)
{
    if (!request.ifNoneMatch.isEmpty() && !isEntityTag(request.ifNoneMatch))
        return refused(ErrorCode::InvalidArgument, QStringLiteral("If-None-Match needs an entity tag"));
    if (!request.ifModifiedSince.isEmpty() && !isConditionDate(request.ifModifiedSince))
        return refused(ErrorCode::InvalidArgument, QStringLiteral("If-Modified-Since needs a date"));
    return {};
}

QByteArray rangeField(const ByteRange &range)
{
    return "bytes=" + QByteArray::number(range.first) + '-' +
           (range.last ? QByteArray::number(*range.last) : QByteArray());
}

} // namespace

bool isEntityTag(const QByteArray &text)
{
    return isStrongEntityTag(text.startsWith("W/") ? text.mid(2) : text);
}

bool isConditionDate(const QByteArray &text)
{
    return isFieldValue(text) && parseHttpDate(text, QDateTime::currentDateTimeUtc());
}

core::Result<> checkHeaders(const QList<HttpHeader> &headers)
{
    for (const HttpHeader &header : headers) {
        if (!isFieldName(header.name))
            return refused(ErrorCode::InvalidArgument, QStringLiteral("malformed header name"));
        if (!isFieldValue(header.value))
            return refused(
                ErrorCode::InvalidArgument,
                QStringLiteral("malformed value of header %1").arg(QString::fromLatin1(header.name)));
        if (isOwnField(header.name))
            return refused(
                ErrorCode::InvalidArgument,
                QStringLiteral("header %1 is not for users").arg(QString::fromLatin1(header.name)));
    }
    return {};
}

core::Result<> checkRequest(const HttpRequest &request, HttpMethod method)
{
    const QString scheme = request.url.scheme();
    if (!request.url.isValid() || scheme.isEmpty())
        return refused(ErrorCode::InvalidUrl, QStringLiteral("not an absolute URL"));
    if (scheme != QLatin1StringView("http") && scheme != QLatin1StringView("https"))
        return refused(ErrorCode::UnsupportedScheme, scheme);
    if (request.url.host().isEmpty())
        return refused(ErrorCode::InvalidUrl, QStringLiteral("no host"));
    if (!request.url.userInfo().isEmpty())
        return refused(ErrorCode::InvalidUrl, QStringLiteral("credentials inside the URL"));
    if (const core::Result<> headers = checkHeaders(request.headers); !headers)
        return headers;
    if (const core::Result<> range = checkRange(request, method); !range)
        return range;
    return checkConditions(request);
}

bool mayUseHttp2(const HttpRequest &request, HttpMethod method, const QUrl &hop)
{
    if (hop.scheme() != QLatin1StringView("https"))
        return false;
    const std::optional<ByteRange> &range = request.range;
    return method == HttpMethod::Head ||
           (range && range->last && *range->last - range->first < mostOverHttp2);
}

QNetworkRequest requestForHop(const HttpRequest &request, const QUrl &hop, const QByteArray &userAgent,
                              const HopIdentity &identity, const QByteArray &authorization)
{
    QNetworkRequest out(hop);
    // Over HTTP/2 QNAM 6.4 ignores the read buffer size and takes in all that the server sends.
    out.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    out.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    out.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    out.setAttribute(QNetworkRequest::AutoDeleteReplyOnFinishAttribute, false);
    out.setTransferTimeout(0); // it would run while we hold the server back

    // With a value of our own QNAM decodes nothing: bytes on disk are bytes of the representation.
    out.setRawHeader("Accept-Encoding", "identity");
    out.setRawHeader("User-Agent", userAgent.isEmpty() ? QByteArray("Ingather") : userAgent);
    if (!authorization.isEmpty())
        out.setRawHeader("Authorization", authorization);
    else if (!identity.userInfo.isEmpty())
        out.setRawHeader("Authorization", "Basic " + identity.userInfo.toBase64());
    if (!identity.cookies.isEmpty())
        out.setRawHeader("Cookie", identity.cookies);
    for (const HttpHeader &header : identity.headers)
        out.setRawHeader(header.name, header.value);
    if (request.range)
        out.setRawHeader("Range", rangeField(*request.range));
    const auto setIfGiven = [&out](const char *name, const QByteArray &value) {
        if (!value.isEmpty())
            out.setRawHeader(name, value);
    };
    setIfGiven("If-Range", request.ifRange);
    setIfGiven("If-None-Match", request.ifNoneMatch);
    setIfGiven("If-Modified-Since", request.ifModifiedSince);
    return out;
}

} // namespace ingather::transfer
