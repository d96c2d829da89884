// SPDX-License-Identifier: MIT
#include "cli/flags.h"

#include "core/canonical_url.h"

#include <QFileInfo>
#include <QUrl>

namespace ingather::cli
{

namespace
{

constexpr std::chrono::seconds longestBackoffOfGet(60);

void apply(const WorkerOptions &options, engine::Settings &settings)
{
    settings.threads = options.threads.value_or(settings.threads);
    settings.lanes = options.lanes.value_or(settings.lanes);
    settings.connectionsPerHost = options.connectionsPerHost.value_or(settings.connectionsPerHost);
    settings.maxAttempts = options.maxAttempts.value_or(settings.maxAttempts);
    if (options.leaseTtl)
        settings.leaseTtl = std::chrono::seconds(*options.leaseTtl);
    if (options.limitRate) {
        settings.limitRate = *options.limitRate;
        settings.limitTimetable = {};
    }
}

/// "example.org:443", the one place that a URL names; empty for one that is none, which is told later.
QString placeOf(const QString &text)
{
    const core::Result<core::CanonicalUrl> canonical = core::canonicalUrl(text);
    if (!canonical)
        return {};
    const QUrl url(canonical->url, QUrl::StrictMode);
    const int port = url.port(url.scheme() == QLatin1StringView("https") ? 443 : 80);
    return canonical->host + u':' + QString::number(port);
}

/// For the hosts of these URLs: a redirect to another one must not get what may be a key. Each text is
/// "Name: value", as the parser has seen to.
QList<engine::HostHeader> headersOf(const GetCommand &get)
{
    QStringList places;
    for (const QString &url : get.order.urls)
        places.append(placeOf(url));
    places.removeDuplicates();
    places.removeAll(QString());
    QList<engine::HostHeader> headers;
    for (const QString &place : std::as_const(places)) {
        for (const QString &text : get.headers) {
            headers.append(
                {place, text.section(u':', 0, 0).toUtf8(), text.section(u':', 1).trimmed().toUtf8()});
        }
    }
    return headers;
}

} // namespace

core::Result<engine::Settings> withFlags(engine::Settings settings, const Invocation &invocation)
{
    if (!invocation.global.ledger.isEmpty())
        settings.ledgerPath = invocation.global.ledger;
    if (!invocation.global.caCertificate.isEmpty())
        settings.caCertificateFile = QFileInfo(invocation.global.caCertificate).absoluteFilePath();
    if (!invocation.global.proxy.isEmpty())
        settings.proxy = invocation.global.proxy;
    for (const auto &[path, text] : {std::pair(invocation.global.netrc, &settings.netrc),
                                     std::pair(invocation.global.cookies, &settings.cookies)}) {
        if (path.isEmpty())
            continue;
        const core::Result<QByteArray> content = engine::settingsFileText(path);
        if (!content)
            return content.error();
        *text = *content;
    }
    settings.autoRepair = invocation.global.isAutoRepair;
    if (const auto *get = std::get_if<GetCommand>(&invocation.command)) {
        settings.backoffCeiling = longestBackoffOfGet;
        settings.headers += headersOf(*get);
        apply(get->worker, settings);
    } else if (const auto *run = std::get_if<RunCommand>(&invocation.command)) {
        apply(run->worker, settings);
    }

    const QFileInfo certificate(settings.caCertificateFile);
    if (!settings.caCertificateFile.isEmpty() && !(certificate.isFile() && certificate.isReadable())) {
        return core::Error{
            core::ErrorCode::InvalidArgument, QStringLiteral("read certificate"), 0,
            QStringLiteral("the certificate %1 can't be read").arg(settings.caCertificateFile)};
    }
    if (const core::Result<> checked = engine::checkSettings(settings); !checked)
        return checked.error();
    return settings;
}

} // namespace ingather::cli
