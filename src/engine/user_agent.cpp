// SPDX-License-Identifier: MIT
#include "engine/user_agent.h"

namespace ingather::engine
{

QByteArray userAgent(const Settings &settings)
{
    QByteArray agent = "Ingather/" INGATHER_VERSION;
    if (!settings.contact.isEmpty())
        agent += " (" + settings.contact.toLatin1() + ')';
    return agent;
}

} // namespace ingather::engine
