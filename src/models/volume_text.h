// SPDX-License-Identifier: MIT
#pragma once

#include "engine/snapshots.h"

#include <QCoreApplication>
#include <QString>

namespace ingather::models
{

/// What people are told of a folder whose volume is full, away or failing.
class VolumeText final
{
    Q_DECLARE_TR_FUNCTIONS(ingather::models::VolumeText)

public:
    VolumeText() = delete;

    /// What is the matter, and how many jobs wait for it, or that it is over; without a full stop.
    static QString sentence(const engine::VolumeSnapshot &volume);
};

} // namespace ingather::models
