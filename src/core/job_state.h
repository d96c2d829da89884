// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>

#include <array>
#include <cstdint>
#include <optional>

namespace ingather::core
{

/// What has happened to a job: the ten values of ledger schema v1, in life order.
enum class JobState {
    Planned,
    Leased,
    HeadDone,
    ResumeOk,
    Streaming,
    Finalized,
    Indexed,
    Deduped,
    Failed,
    SkippedDuplicate,
};

inline constexpr std::array allJobStates{
    JobState::Planned,   JobState::Leased,           JobState::HeadDone, JobState::ResumeOk,
    JobState::Streaming, JobState::Finalized,        JobState::Indexed,  JobState::Deduped,
    JobState::Failed,    JobState::SkippedDuplicate,
};

/// What the user wants, kept apart from what has happened.
enum class Hold { None, Paused, Cancelled };

struct Transition {
    JobState from;
    JobState to;
};

/// The one table of allowed transitions. The diagram in src/README.md and the guards of the
/// ledger's UPDATE statements are compared with it by tests. A terminal state goes back to PLANNED
/// only by a refetch, which raises the job's generation and is not an entry here.
inline constexpr std::array transitions{
    Transition{JobState::Planned, JobState::Leased},
    Transition{JobState::Planned, JobState::SkippedDuplicate},
    Transition{JobState::Planned, JobState::Failed},
    Transition{JobState::Leased, JobState::Planned},
    Transition{JobState::Leased, JobState::HeadDone},
    Transition{JobState::Leased, JobState::Deduped},
    Transition{JobState::Leased, JobState::SkippedDuplicate},
    Transition{JobState::Leased, JobState::Failed},
    Transition{JobState::HeadDone, JobState::ResumeOk},
    Transition{JobState::HeadDone, JobState::Streaming},
    Transition{JobState::HeadDone, JobState::Deduped},
    Transition{JobState::HeadDone, JobState::SkippedDuplicate},
    Transition{JobState::HeadDone, JobState::Failed},
    Transition{JobState::ResumeOk, JobState::Streaming},
    Transition{JobState::ResumeOk, JobState::HeadDone},
    Transition{JobState::ResumeOk, JobState::Failed},
    Transition{JobState::Streaming, JobState::Finalized},
    Transition{JobState::Streaming, JobState::HeadDone},
    Transition{JobState::Streaming, JobState::Failed},
    Transition{JobState::Finalized, JobState::Indexed},
    Transition{JobState::Finalized, JobState::Deduped},
    Transition{JobState::Finalized, JobState::HeadDone},
    Transition{JobState::Finalized, JobState::Failed},
    Transition{JobState::Failed, JobState::Leased},
    Transition{JobState::Failed, JobState::Planned},
};

constexpr bool isTransitionAllowed(JobState from, JobState to)
{
    for (const Transition &transition : transitions) {
        if (transition.from == from && transition.to == to)
            return true;
    }
    return false;
}

/// The states to enter on the shortest way from one to another, the last included, without a failure or an
/// end on the way; empty if there is none, or nothing to do.
QList<JobState> pathBetween(JobState from, JobState to);

/// Done for good: INDEXED, DEDUPED, SKIPPED_DUPLICATE. FAILED is terminal only with `done_at` set.
constexpr bool isTerminal(JobState state)
{
    return state == JobState::Indexed || state == JobState::Deduped || state == JobState::SkippedDuplicate;
}

/// The stored name, e.g. "HEAD_DONE".
QString jobStateName(JobState state);
std::optional<JobState> jobStateFromName(QStringView name);

/// "PAUSED", "CANCELLED"; an empty string (stored as NULL) for None.
QString holdName(Hold hold);
/// None for an empty name; nullopt for an unknown one.
std::optional<Hold> holdFromName(QStringView name);

} // namespace ingather::core
