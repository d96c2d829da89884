// SPDX-License-Identifier: MIT
#include "cli/await.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/json_form.h"
#include "cli/texts.h"
#include "models/error_text.h"
#include "models/format.h"

#include <QCoreApplication>

namespace ingather::cli
{

namespace
{

struct Hosts {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::Hosts)
};

QString hostLine(const engine::HostSnapshot &host, core::UnixTime now)
{
    QStringList facts;
    if (host.notBefore > now)
        facts.append(Hosts::tr("asked again from %1").arg(models::Format::exactTime(host.notBefore)));
    if (host.failures > 0)
        facts.append(Hosts::tr("has put us off %n time(s)", nullptr, host.failures));
    if (!host.errorCode.isEmpty())
        facts.append(models::ErrorText::whyForName(host.errorCode));
    if (host.acceptsRanges == false)
        facts.append(Hosts::tr("does not continue files"));
    return host.host + QStringLiteral("  ") + facts.join(QStringLiteral("; "));
}

int reset(const HostsCommand &command, CommandContext &context)
{
    const auto facade = openForWishes(context);
    if (!facade)
        return reportError(context, facade.error());
    const auto count = resultOf((*facade)->resetHosts(command.hosts));
    if (!count)
        return reportError(context, count.error());
    context.output.news(Hosts::tr("forgot what was known of %n host(s)", nullptr, *count));
    context.output.json({{QStringLiteral("reset"), *count}});
    return AllWell;
}

} // namespace

int execute(const HostsCommand &command, CommandContext &context)
{
    if (command.isReset)
        return reset(command, context);
    const auto facade = openForLooking(context);
    if (!facade)
        return reportError(context, facade.error());
    const auto hosts = resultOf((*facade)->hosts());
    if (!hosts)
        return reportError(context, hosts.error());
    for (const engine::HostSnapshot &host : *hosts) {
        if (!command.hosts.isEmpty() && !command.hosts.contains(host.host))
            continue;
        context.output.result(hostLine(host, (*facade)->now()));
        context.output.json(hostJson(host));
    }
    return AllWell;
}

} // namespace ingather::cli
