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

QList<JobState> pathBetween(JobState from, JobState to)
{
    QList<QList<JobState>> paths{{from}};
    for (qsizetype i = 0; i < paths.size() && from != to; ++i) {
        const QList<JobState> path = paths.at(i);
        for (const Transition &hop : transitions) {
            const bool isDetour =
                hop.to != to && (isTerminal(hop.to) || hop.to == JobState::Failed || path.contains(hop.to));
            if (hop.from != path.last() || isDetour)
                continue;
            paths.append(path + QList<JobState>{hop.to});
            if (hop.to == to)
                return paths.last().sliced(1);
        }
    }
    return {};
}

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
