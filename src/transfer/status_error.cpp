// SPDX-License-Identifier: MIT
#include "transfer/http_client.h"

namespace ingather::transfer
{

using core::ErrorCode;

namespace
{

ErrorCode codeOf(int status)
{
    switch (status) {
    case 401:
        return ErrorCode::HttpUnauthorized;
    case 403:
        return ErrorCode::HttpForbidden;
    case 404:
        return ErrorCode::HttpNotFound;
    case 407:
        return ErrorCode::ProxyFailed;
    case 408:
        return ErrorCode::HttpRequestTimeout;
    case 410:
        return ErrorCode::HttpGone;
    case 416:
        return ErrorCode::HttpRangeNotSatisfiable;
    case 429:
        return ErrorCode::HttpTooManyRequests;
    case 503:
        return ErrorCode::HttpUnavailable;
    default:
        break;
    }
    if (status > 101 && status <= 199)
        return ErrorCode::ProtocolError;
    if (status >= 500 && status <= 599)
        return ErrorCode::HttpServerError;
    if (status >= 400 && status <= 499)
        return ErrorCode::HttpClientError;
    return ErrorCode::HttpUnexpectedStatus;
}

} // namespace

core::Error errorFromStatus(int status, std::optional<std::chrono::seconds> retryAfter)
{
    const QString why = status == 407 ? QStringLiteral("HTTP status 407: the proxy wants another login")
                                      : QStringLiteral("HTTP status %1").arg(status);
    return core::Error{codeOf(status), QStringLiteral("get"), status, why, retryAfter};
}

} // namespace ingather::transfer
