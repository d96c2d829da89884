// SPDX-License-Identifier: MIT
#pragma once

#include "engine/snapshots.h"

#include <array>

namespace ingather::models
{

/// The few heaps that people sort their jobs into. Every job lies in exactly one of them.
enum class JobGroup { Active, Waiting, Done, Failed, Held };

inline constexpr std::array allJobGroups{JobGroup::Active, JobGroup::Waiting, JobGroup::Done,
                                         JobGroup::Failed, JobGroup::Held};

/// Done and failed for good are facts and win over wishes; a wish wins over what is under way.
inline JobGroup groupOf(const engine::JobSnapshot &job)
{
    if (core::isTerminal(job.state))
        return JobGroup::Done;
    if (job.isFailedForGood())
        return JobGroup::Failed;
    if (job.hold != core::Hold::None)
        return JobGroup::Held;
    return job.leaseOwner.isEmpty() ? JobGroup::Waiting : JobGroup::Active;
}

} // namespace ingather::models
