// SPDX-License-Identifier: MIT
#pragma once

#include "transfer/cookie_file.h"
#include "transfer/http_request.h"
#include "transfer/login_source.h"
#include "transfer/netrc.h"
#include "transfer/proxy_settings.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QString>

#include <chrono>
#include <memory>

namespace ingather::transfer
{

/// Headers that a person wants to be sent to one host: "host" or "host:port", an IPv6 address in
/// brackets.
struct HostHeaders {
    QString host;
    QList<HttpHeader> headers;
};

/// Limits and identity of a client; the same for all its requests.
struct HttpOptions {
    QByteArray userAgent = {};
    std::chrono::milliseconds headerTimeout{30'000};
    std::chrono::milliseconds stallTimeout{30'000}; ///< no byte while we are willing to read
    int maxRedirects = 10;
    qint64 readBufferSize = 4 * 1024 * 1024;
    QString extraCaCertificateFile = {}; ///< PEM; trusted besides the system's
    int connectionsPerHost = 4; ///< decides how many QNetworkAccessManagers are made: each gives 6 a host
    bool allowsHttp2 = false;   ///< for what mayUseHttp2() lets through
    ProxySettings proxy = {};
    std::shared_ptr<LoginSource> logins = {}; ///< of a keyring, say; null: there is none
    Netrc netrc = {};                         ///< logins by host, see identityFor()
    QList<Cookie> cookies = {};               ///< of a browser; what servers set: see CookieChain
    QList<HostHeaders> hostHeaders = {};      ///< see identityFor()
    /// Leaf certificates taken as they are although nobody vouches for them, by the wish of a person:
    /// "host:port" in lower case → SHA-256 of the certificate's DER. That leaf only, at that place only.
    QHash<QString, QByteArray> acceptedCertificates = {};
};

} // namespace ingather::transfer
