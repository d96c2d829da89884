// SPDX-License-Identifier: MIT
#pragma once

#include "transfer/proxy_settings.h"

#include <QByteArray>
#include <QString>

#include <chrono>

namespace ingather::transfer
{

/// Limits and identity of a client; the same for all its requests.
struct HttpOptions {
    QByteArray userAgent = {};
    std::chrono::milliseconds headerTimeout{30'000};
    std::chrono::milliseconds stallTimeout{30'000}; ///< no byte while we are willing to read
    int maxRedirects = 10;
    qint64 readBufferSize = 4 * 1024 * 1024;
    QString extraCaCertificateFile = {}; ///< PEM; trusted besides the system's
    int connectionsPerHost = 4; ///< decides how many QNetworkAccessManagers are made: each gives 6 a host
    ProxySettings proxy = {};
};

} // namespace ingather::transfer
