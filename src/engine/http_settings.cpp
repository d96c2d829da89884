// SPDX-License-Identifier: MIT
#include "engine/http_settings.h"

#include "core/sha256.h"
#include "engine/header_settings.h"
#include "engine/user_agent.h"

namespace ingather::engine
{

using core::Result;

namespace
{

Result<transfer::ProxySettings> proxySettings(const Settings &settings)
{
    transfer::ProxySettings proxy;
    proxy.exceptions = transfer::parseProxyExceptions(settings.noProxy);
    if (settings.proxy.isEmpty() || settings.proxy == QLatin1StringView("system"))
        return proxy;
    if (settings.proxy == QLatin1StringView("none")) {
        proxy.mode = transfer::ProxySettings::Mode::None;
        return proxy;
    }
    const Result<transfer::ProxyServer> server = transfer::parseProxyUrl(settings.proxy);
    if (!server)
        return server.error();
    proxy.mode = transfer::ProxySettings::Mode::Explicit;
    proxy.server = *server;
    return proxy;
}

/// "host:port=hex, …"; colons between the digits are fine, as tools print them.
Result<QHash<QString, QByteArray>> trustedLeaves(const QString &text)
{
    QHash<QString, QByteArray> leaves;
    for (const QString &item : text.split(u',', Qt::SkipEmptyParts)) {
        const QString place = item.section(u'=', 0, 0).trimmed().toLower();
        const QString digits = item.section(u'=', 1).remove(u':').trimmed().toLower();
        const std::optional<core::Sha256> fingerprint = core::Sha256::fromHex(digits);
        if (!place.contains(u':') || !fingerprint) {
            return core::Error{core::ErrorCode::InvalidArgument, QStringLiteral("read settings"), 0,
                               QStringLiteral("not \"host:port=SHA-256\": %1").arg(item.trimmed())};
        }
        leaves.insert(place, fingerprint->bytes());
    }
    return leaves;
}

} // namespace

Result<transfer::HttpOptions> httpOptions(const Settings &settings)
{
    const Result<transfer::ProxySettings> proxy = proxySettings(settings);
    if (!proxy)
        return proxy.error();
    const Result<QHash<QString, QByteArray>> leaves = trustedLeaves(settings.trustedLeaves);
    if (!leaves)
        return leaves.error();
    const Result<QList<transfer::HostHeaders>> headers = hostHeaders(settings.headers);
    if (!headers)
        return headers.error();
    return transfer::HttpOptions{.userAgent = userAgent(settings),
                                 .headerTimeout = settings.headerTimeout,
                                 .stallTimeout = settings.stallTimeout,
                                 .extraCaCertificateFile = settings.caCertificateFile,
                                 .connectionsPerHost = settings.connectionsPerHost,
                                 .allowsHttp2 = settings.allowsHttp2,
                                 .proxy = *proxy,
                                 .netrc = transfer::parseNetrc(settings.netrc),
                                 .cookies = transfer::parseCookieFile(settings.cookies),
                                 .hostHeaders = *headers,
                                 .acceptedCertificates = *leaves};
}

} // namespace ingather::engine
