// SPDX-License-Identifier: MIT
#include "core/job_state.h"

#include <QLatin1StringView>

namespace ingather::core
{

namespace
{

constexpr std::array stateNames{
    "PLANNED",   "LEASED",  "HEAD_DONE", "RESUME_OK", "STREAMING",
    "FINALIZED", "INDEXED", "DEDUPED",   "FAILED",    "SKIPPED_DUPLICATE",
};
static_assert(stateNames.size() == allJobStates.size());

} // namespace

QString jobStateName(JobState state)
{
    return QString::fromLatin1(stateNames[static_cast<std::size_t>(state)]);
}

std::optional<JobState> jobStateFromName(QStringView name)
{
    for (const JobState state : allJobStates) {
        if (name == QLatin1StringView(stateNames[static_cast<std::size_t>(state)]))
            return state;
    }
    return std::nullopt;
}

QString holdName(Hold hold)
{
    switch (hold) {
    case Hold::None:
        return {};
    case Hold::Paused:
        return QStringLiteral("PAUSED");
    case Hold::Cancelled:
        return QStringLiteral("CANCELLED");
    }
    Q_UNREACHABLE();
}

std::optional<Hold> holdFromName(QStringView name)
{
    for (const Hold hold : {Hold::None, Hold::Paused, Hold::Cancelled}) {
        if (name == holdName(hold))
            return hold;
    }
    return std::nullopt;
}

} // namespace ingather::core
