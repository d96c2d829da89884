// SPDX-License-Identifier: MIT
#pragma once

#include <array>

namespace ingather::platform
{

/// Every place where a crash would leave something half done: before or after each write and each file
/// effect. For tests: they kill a program at such a place and look at what it left behind.
enum class CrashPoint {
    // storage
    PartSidecarWritten,
    PartCreated,
    PartSidecarSynced,
    PartCheckpointBefore,
    PartCheckpointAfter,
    PartClosed,
    AdoptBeforeRename,
    AdoptAfterRename,
    FilingBeforeRename,
    FilingAfterRename,
    FilingAfterSync,
    CopyBeforeRename,
    CopyAfterRename,
    QuarantineBeforeRename,
    QuarantineAfterRename,
    DiscardBefore,
    DiscardAfter,
    RemovalBefore,
    RemovalAfter,
    // ledger
    ClaimBeforeCommit,
    ClaimAfterCommit,
    StepBeforeCommit,
    StepAfterCommit,
    FailureBeforeCommit,
    FailureAfterCommit,
    CheckpointBeforeCommit,
    CheckpointAfterCommit,
    PlanBeforeCommit,
    PlanAfterCommit,
    CareBeforeCommit,
    CareAfterCommit,
    MigrateBeforeCommit,
    MigrateAfterCommit,
    CureBeforeCommit,
    CureAfterCommit,
    BackupBeforeRename,
    BackupAfterRename,
    // repair and restore
    SwapBeforeDecision,
    SwapAfterDecision,
    SwapBeforeRename,
    SwapAfterRename,
    SwapAfterGeneration,
};

struct CrashPointName {
    CrashPoint point;
    const char *name;
};

/// The one table of the points and their names, which never change.
inline constexpr std::array crashPoints{
    CrashPointName{CrashPoint::PartSidecarWritten, "part.sidecar_written"},
    CrashPointName{CrashPoint::PartCreated, "part.created"},
    CrashPointName{CrashPoint::PartSidecarSynced, "part.sidecar_synced"},
    CrashPointName{CrashPoint::PartCheckpointBefore, "part.checkpoint.before"},
    CrashPointName{CrashPoint::PartCheckpointAfter, "part.checkpoint.after"},
    CrashPointName{CrashPoint::PartClosed, "part.closed"},
    CrashPointName{CrashPoint::AdoptBeforeRename, "adopt.before_rename"},
    CrashPointName{CrashPoint::AdoptAfterRename, "adopt.after_rename"},
    CrashPointName{CrashPoint::FilingBeforeRename, "filing.before_rename"},
    CrashPointName{CrashPoint::FilingAfterRename, "filing.after_rename"},
    CrashPointName{CrashPoint::FilingAfterSync, "filing.after_sync"},
    CrashPointName{CrashPoint::CopyBeforeRename, "copy.before_rename"},
    CrashPointName{CrashPoint::CopyAfterRename, "copy.after_rename"},
    CrashPointName{CrashPoint::QuarantineBeforeRename, "quarantine.before_rename"},
    CrashPointName{CrashPoint::QuarantineAfterRename, "quarantine.after_rename"},
    CrashPointName{CrashPoint::DiscardBefore, "discard.before"},
    CrashPointName{CrashPoint::DiscardAfter, "discard.after"},
    CrashPointName{CrashPoint::RemovalBefore, "removal.before"},
    CrashPointName{CrashPoint::RemovalAfter, "removal.after"},
    CrashPointName{CrashPoint::ClaimBeforeCommit, "claim.before_commit"},
    CrashPointName{CrashPoint::ClaimAfterCommit, "claim.after_commit"},
    CrashPointName{CrashPoint::StepBeforeCommit, "step.before_commit"},
    CrashPointName{CrashPoint::StepAfterCommit, "step.after_commit"},
    CrashPointName{CrashPoint::FailureBeforeCommit, "failure.before_commit"},
    CrashPointName{CrashPoint::FailureAfterCommit, "failure.after_commit"},
    CrashPointName{CrashPoint::CheckpointBeforeCommit, "checkpoint.before_commit"},
    CrashPointName{CrashPoint::CheckpointAfterCommit, "checkpoint.after_commit"},
    CrashPointName{CrashPoint::PlanBeforeCommit, "plan.before_commit"},
    CrashPointName{CrashPoint::PlanAfterCommit, "plan.after_commit"},
    CrashPointName{CrashPoint::CareBeforeCommit, "care.before_commit"},
    CrashPointName{CrashPoint::CareAfterCommit, "care.after_commit"},
    CrashPointName{CrashPoint::MigrateBeforeCommit, "migrate.before_commit"},
    CrashPointName{CrashPoint::MigrateAfterCommit, "migrate.after_commit"},
    CrashPointName{CrashPoint::CureBeforeCommit, "cure.before_commit"},
    CrashPointName{CrashPoint::CureAfterCommit, "cure.after_commit"},
    CrashPointName{CrashPoint::BackupBeforeRename, "backup.before_rename"},
    CrashPointName{CrashPoint::BackupAfterRename, "backup.after_rename"},
    CrashPointName{CrashPoint::SwapBeforeDecision, "swap.before_decision"},
    CrashPointName{CrashPoint::SwapAfterDecision, "swap.after_decision"},
    CrashPointName{CrashPoint::SwapBeforeRename, "swap.before_rename"},
    CrashPointName{CrashPoint::SwapAfterRename, "swap.after_rename"},
    CrashPointName{CrashPoint::SwapAfterGeneration, "swap.after_generation"},
};

/// Nothing, normally, at the price of one relaxed load. If the program was started with
/// INGATHER_CRASH_AT="<name>[:n]" in its environment, the n-th passage (n = 1 if not given) of the point
/// with that name, counted over all threads, ends the process by SIGKILL. The environment is read once,
/// at program start. A value that names no point is reported on standard error and has no effect.
void passCrashPoint(CrashPoint point);

} // namespace ingather::platform
