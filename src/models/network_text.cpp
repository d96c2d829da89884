// SPDX-License-Identifier: MIT
#include "models/network_text.h"

namespace ingather::models
{

QString NetworkText::sentence(core::NetworkState state)
{
    switch (state) {
    case core::NetworkState::Offline:
        return tr("no server can be reached; waiting for the network, no attempt is counted");
    case core::NetworkState::Portal:
        return tr("a login page answers for every server; waiting until it lets through, no attempt is "
                  "counted");
    case core::NetworkState::Online:
    case core::NetworkState::Suspect:
        break;
    }
    return {};
}

QString NetworkText::over()
{
    return tr("the network is back");
}

} // namespace ingather::models
