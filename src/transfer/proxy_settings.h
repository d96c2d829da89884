// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace ingather::transfer
{

struct ProxyServer {
    enum class Kind {
        Http,  ///< absolute addresses for http, CONNECT for https (RFC 9110 §9.3.6)
        Socks5 ///< RFC 1928; it looks up names itself
    };

    Kind kind = Kind::Http;
    QString host;
    quint16 port = 0;
    QString user;     ///< empty: no login
    QString password; ///< never in a log, an error or a file of ours

    friend bool operator==(const ProxyServer &, const ProxyServer &) = default;
};

/// By which way requests leave.
struct ProxySettings {
    enum class Mode { System, None, Explicit };

    Mode mode = Mode::System;
    std::optional<ProxyServer> server; ///< for Explicit
    QStringList exceptions;            ///< hosts to go to directly, see parseProxyExceptions()
};

/// "[scheme://][user:password@]host:port", user and password percent-encoded: http (also without a scheme),
/// socks5, socks5h. InvalidArgument for anything else, a missing port included; the detail does not repeat
/// it.
core::Result<ProxyServer> parseProxyUrl(const QString &text);

/// The items of a list as people write into no_proxy, separated by commas or blanks, in lower case.
QStringList parseProxyExceptions(const QString &list);

/// Whether a host is reached directly: "*" means every host, "example.org" and ".example.org" that host and
/// all below it, "10.0.0.0/8" addresses, each with ":port" only that port.
bool isProxyException(const QStringList &exceptions, const QString &host, int port);

} // namespace ingather::transfer
