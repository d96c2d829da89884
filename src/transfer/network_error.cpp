// SPDX-License-Identifier: MIT
#include "transfer/network_error.h"

#include "core/redaction.h"

namespace ingather::transfer
{

using core::ErrorCode;

namespace
{

bool isFaultOfProxy(QNetworkReply::NetworkError error, ExchangePhase phase, Route route)
{
    if (phase != ExchangePhase::Head || route == Route::Direct)
        return false;
    if (error == QNetworkReply::UnknownNetworkError)
        return true;
    return route == Route::Relayed &&
           (error == QNetworkReply::ConnectionRefusedError || error == QNetworkReply::HostNotFoundError);
}

} // namespace

ErrorCode codeOfNetworkError(QNetworkReply::NetworkError error, ExchangePhase phase, Route route)
{
    if (isFaultOfProxy(error, phase, route))
        return ErrorCode::ProxyFailed;
    switch (error) {
    case QNetworkReply::ConnectionRefusedError:
        return ErrorCode::ConnectionRefused;
    case QNetworkReply::RemoteHostClosedError:
        return ErrorCode::ConnectionLost;
    case QNetworkReply::HostNotFoundError:
        return ErrorCode::HostNotFound;
    case QNetworkReply::TimeoutError:
        return phase == ExchangePhase::Head ? ErrorCode::HeaderTimeout : ErrorCode::ConnectionLost;
    case QNetworkReply::OperationCanceledError:
        return ErrorCode::Stopped;
    case QNetworkReply::SslHandshakeFailedError:
        return ErrorCode::TlsFailed;
    case QNetworkReply::TemporaryNetworkFailureError:
    case QNetworkReply::NetworkSessionFailedError:
    case QNetworkReply::BackgroundRequestNotAllowedError:
        return ErrorCode::NetworkUnreachable;
    case QNetworkReply::UnknownNetworkError:
        return phase == ExchangePhase::Head ? ErrorCode::NetworkUnreachable : ErrorCode::ConnectionLost;
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
    case QNetworkReply::UnknownProxyError:
        return ErrorCode::ProxyFailed;
    case QNetworkReply::TooManyRedirectsError:
        return ErrorCode::TooManyRedirects;
    case QNetworkReply::InsecureRedirectError:
        return ErrorCode::RedirectDowngrade;
    default:
        // Errors that stand for a status never get here: the status is read from the headers. What
        // is left is an answer that QNAM could not make out.
        return ErrorCode::ProtocolError;
    }
}

core::Error errorOfReply(const QNetworkReply &reply, ExchangePhase phase, Route route,
                         const QString &tlsReasons)
{
    const QNetworkReply::NetworkError native = reply.error();
    QString detail = QStringLiteral("%1: %2").arg(reply.url().host(QUrl::FullyEncoded), reply.errorString());
    if (!tlsReasons.isEmpty())
        detail += QStringLiteral(" (%1)").arg(tlsReasons);
    const QString operation =
        phase == ExchangePhase::Head ? QStringLiteral("get") : QStringLiteral("read body");
    return core::Error{codeOfNetworkError(native, phase, route), operation, native, core::redacted(detail)};
}

} // namespace ingather::transfer
