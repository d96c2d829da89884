// SPDX-License-Identifier: MIT
#include "engine/header_settings.h"

#include "core/url_host.h"
#include "transfer/http_options.h"
#include "transfer/outgoing_request.h"

#include <algorithm>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

const QLatin1StringView group("headers/");

Error invalid(const QString &detail)
{
    return {ErrorCode::InvalidArgument, QStringLiteral("read headers"), 0, detail};
}

bool isQuoted(QStringView value)
{
    return value.size() >= 2 && value.startsWith(u'"') && value.endsWith(u'"');
}

/// Whether QSettings reads the value of this line as it stands there.
bool isReadAsItStands(QStringView value)
{
    return isQuoted(value) || !std::any_of(value.begin(), value.end(), [](QChar c) {
               return c == u',' || c == u';' || c == u'\\' || c == u'"';
           });
}

Result<> checkQuotes(QStringView iniText)
{
    QStringView section;
    for (QStringView line : iniText.split(u'\n')) {
        line = line.trimmed();
        if (line.startsWith(u'[')) {
            section = line.mid(1).chopped(line.endsWith(u']') ? 1 : 0);
            continue;
        }
        const qsizetype equals = line.indexOf(u'=');
        if (!section.startsWith(group) || equals < 0 || line.startsWith(u';'))
            continue;
        if (!isReadAsItStands(line.mid(equals + 1).trimmed())) {
            return invalid(QStringLiteral("%1/%2: a value with a comma, semicolon, backslash or quotation "
                                          "mark in it must stand in quotation marks")
                               .arg(section, line.left(equals).trimmed()));
        }
    }
    return {};
}

/// "host" or "host:port", as a hop's URL has them.
Result<QString> canonicalPlace(const QString &typed)
{
    const qsizetype colon = typed.lastIndexOf(u':');
    const bool hasPort = colon > typed.lastIndexOf(u']') && colon >= 0;
    const Result<core::UrlHost> host = core::canonicalHost(QStringView(typed).left(hasPort ? colon : -1));
    if (!host)
        return invalid(QStringLiteral("\"%1\" is no host").arg(typed));
    if (!hasPort)
        return host->text;
    bool isNumber = false;
    const ushort port = typed.mid(colon + 1).toUShort(&isNumber);
    if (!isNumber || port == 0)
        return invalid(QStringLiteral("\"%1\" has no port behind its colon").arg(typed));
    return host->text + u':' + QString::number(port);
}

} // namespace

Result<QList<HostHeader>> headersOfIni(const QSettings &ini, QStringView iniText)
{
    if (const Result<> quoted = checkQuotes(iniText); !quoted)
        return quoted.error();
    QList<HostHeader> headers;
    for (const QString &key : ini.allKeys()) {
        if (!key.startsWith(group))
            continue;
        const qsizetype slash = key.lastIndexOf(u'/');
        if (slash < group.size())
            return invalid(QStringLiteral("%1: a section [headers/HOST] takes a header a line").arg(key));
        headers.append({key.mid(group.size(), slash - group.size()), key.mid(slash + 1).toUtf8(),
                        ini.value(key).toString().trimmed().toUtf8()});
    }
    return headers;
}

Result<QList<transfer::HostHeaders>> hostHeaders(const QList<HostHeader> &headers)
{
    QList<transfer::HostHeaders> result;
    for (const HostHeader &header : headers) {
        const Result<QString> place = canonicalPlace(header.host);
        if (!place)
            return invalid(group + header.host + QStringLiteral(": ") + place.error().detail);
        const transfer::HostHeaders one{*place, {{header.name, header.value}}};
        if (header.value.isEmpty())
            return invalid(QStringLiteral("%1%2/%3: has no value")
                               .arg(group, header.host, QString::fromUtf8(header.name)));
        if (const Result<> checked = transfer::checkHeaders(one.headers); !checked)
            return invalid(
                QStringLiteral("%1%2/%3: %4")
                    .arg(group, header.host, QString::fromUtf8(header.name), checked.error().detail));
        result.append(one);
    }
    return result;
}

} // namespace ingather::engine
