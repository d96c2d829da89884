// SPDX-License-Identifier: MIT
#pragma once

#include "core/network_state.h"

#include <QCoreApplication>
#include <QString>

namespace ingather::models
{

/// What people are told of the network.
class NetworkText final
{
    Q_DECLARE_TR_FUNCTIONS(ingather::models::NetworkText)

public:
    NetworkText() = delete;

    /// What is the matter and what happens next, without a full stop; empty for a state that is not worth a
    /// word.
    static QString sentence(core::NetworkState state);
    /// It was the matter, and is over.
    static QString over();
};

} // namespace ingather::models
