// SPDX-License-Identifier: MIT
#include "ledger/validation/row_rules.h"

#include <array>

namespace ingather::ledger
{

using core::FindingId;
using core::Severity;

namespace
{

#define INGATHER_IS_OVER "state IN ('INDEXED','DEDUPED','SKIPPED_DUPLICATE')"
// A program of v1 had the last word: it knows neither path nor hash.
#define INGATHER_IS_FINALIZED_BY_V1 "(state = 'FINALIZED' AND final_path IS NULL AND sha256 IS NULL)"
#define INGATHER_IS_DONE_TOO_EARLY                                                                           \
    "done_at IS NOT NULL AND state IN ('PLANNED','LEASED','HEAD_DONE','RESUME_OK','STREAMING','FINALIZED') " \
    "AND NOT " INGATHER_IS_FINALIZED_BY_V1
// Programs of v1 take up any FAILED job, one that we had given up for good too, and neither clear done_at nor
// error_code. Our own statements clear error_code at each end, so what still has one has been through that.
#define INGATHER_WENT_ON_IN_V1 "error_code IS NOT NULL AND state <> 'PLANNED'"
#define INGATHER_LACKS_EVIDENCE                                                                              \
    "state IN ('INDEXED','DEDUPED') AND verification IS NOT 'legacy' "                                       \
    "AND (final_path IS NULL OR sha256 IS NULL OR root_id IS NULL)"

constexpr std::array jobTable{
    RowRule{FindingId::StateRuleBroken, Severity::Error, "artifact_jobs.state",
            "state NOT IN ('PLANNED','LEASED','HEAD_DONE','RESUME_OK','STREAMING','FINALIZED','INDEXED',"
            "'DEDUPED','FAILED','SKIPPED_DUPLICATE')",
            "a state that is none", 1},
    RowRule{FindingId::StateRuleBroken, Severity::Warning, "artifact_jobs.lease_until",
            "(lease_owner IS NULL) <> (lease_until IS NULL)", "one half of a lease without the other", 1},
    RowRule{FindingId::StateRuleBroken, Severity::Warning, "artifact_jobs.lease_owner",
            "state = 'PLANNED' AND lease_owner IS NOT NULL", "PLANNED with a lease", 1},

    RowRule{FindingId::StateRuleBroken, Severity::Error, "artifact_jobs.done_at",
            "done_at IS NULL AND (" INGATHER_IS_OVER " OR " INGATHER_IS_FINALIZED_BY_V1 ")",
            "at an end without done_at", 2},
    RowRule{FindingId::StateRuleBroken, Severity::Error, "artifact_jobs.done_at",
            INGATHER_IS_DONE_TOO_EARLY " AND NOT (" INGATHER_WENT_ON_IN_V1 ")",
            "done_at in a state that is no end", 2},
    RowRule{FindingId::StateRuleBroken, Severity::Warning, "artifact_jobs.done_at",
            INGATHER_IS_DONE_TOO_EARLY " AND " INGATHER_WENT_ON_IN_V1,
            "failed for good, and taken up again by a program of v1", 2},
    RowRule{FindingId::StateRuleBroken, Severity::Warning, "artifact_jobs.lease_owner",
            "done_at IS NOT NULL AND lease_owner IS NOT NULL", "done with a lease", 2},
    RowRule{FindingId::StateRuleBroken, Severity::Error, "artifact_jobs.final_path",
            INGATHER_LACKS_EVIDENCE " AND error_code IS NULL", "done without path, hash and root", 2},
    RowRule{FindingId::StateRuleBroken, Severity::Warning, "artifact_jobs.final_path",
            INGATHER_LACKS_EVIDENCE " AND error_code IS NOT NULL",
            "failed for good, and finished by a program of v1: without path, hash and root", 2},
    RowRule{FindingId::StateRuleBroken, Severity::Error, "artifact_jobs.hold",
            "hold NOT IN ('PAUSED','CANCELLED')", "a wish that is none", 2},
    RowRule{FindingId::StateRuleBroken, Severity::Error, "artifact_jobs",
            "attempts < 0 OR crashes < 0 OR next_attempt_at < 0 OR generation < 0 OR fence < 0 "
            "OR bytes_total < 0 OR bytes_done < 0",
            "a number below zero", 2},
    RowRule{FindingId::ValueMistyped, Severity::Error, "artifact_jobs.sha256",
            "length(sha256) <> 64 OR sha256 GLOB '*[^0-9a-f]*'", "not 64 hexadecimal digits", 2},
    // The claim promotes backoffs that are over, frees leases that have run out and takes what is ready (see
    // claims.cpp). What none of the three will ever see, and nobody has wished it so, stands still for good.
    // A text is greater than every number.
    RowRule{FindingId::JobsStuck, Severity::Warning, "artifact_jobs.next_attempt_at",
            "done_at IS NULL AND hold IS NULL AND removed_at IS NULL AND NOT " INGATHER_IS_OVER
            " AND (next_attempt_at < 0 OR next_attempt_at > (SELECT unixepoch()) + 315576000)",
            "the next attempt lies more than ten years ahead, or is no time", 2},
    RowRule{FindingId::JobsStuck, Severity::Warning, "artifact_jobs.lease_until",
            "lease_owner IS NOT NULL AND lease_until >= ''", "the lease ends at no time", 1},
    RowRule{FindingId::JobsStuck, Severity::Warning, "artifact_jobs.done_at",
            INGATHER_IS_DONE_TOO_EARLY " AND lease_owner IS NULL AND hold IS NULL AND removed_at IS NULL",
            "done_at keeps it from being claimed", 2},
};

constexpr std::array opTable{
    RowRule{FindingId::StateRuleBroken, Severity::Error, "artifact_ops.phase",
            "phase NOT IN ('INTENT','DONE','FAILED','ABANDONED')", "a phase that is none", 2},
    RowRule{FindingId::StateRuleBroken, Severity::Error, "artifact_ops.result_json",
            "phase = 'DONE' AND result_json IS NULL", "DONE without a result", 2},
    RowRule{FindingId::StateRuleBroken, Severity::Error, "artifact_ops.finished_at",
            "phase IN ('DONE','FAILED','ABANDONED') AND finished_at IS NULL", "ended without finished_at", 2},
    RowRule{FindingId::StateRuleBroken, Severity::Error, "artifact_ops.finished_at",
            "phase = 'INTENT' AND finished_at IS NOT NULL", "open with finished_at", 2},
    RowRule{FindingId::StateRuleBroken, Severity::Error, "artifact_ops", "attempt < 0 OR fence < 0",
            "a number below zero", 2},
};

constexpr unsigned number = HoldsInteger | HoldsReal;

constexpr std::array jobColumnTable{
    ColumnRule{"job_id", HoldsText, 1},
    ColumnRule{"work_id", HoldsText, 1},
    ColumnRule{"artifact_id", HoldsText, 1},
    ColumnRule{"canonical_url", HoldsText, 1},
    ColumnRule{"state", HoldsText, 1},
    ColumnRule{"lease_owner", HoldsText | HoldsNull, 1},
    ColumnRule{"lease_until", number | HoldsNull, 1},
    ColumnRule{"created_at", number, 1},
    ColumnRule{"updated_at", number, 1},
    ColumnRule{"idempotency_key", HoldsText, 1},
    ColumnRule{"fence", HoldsInteger, 2},
    ColumnRule{"attempts", HoldsInteger, 2},
    ColumnRule{"max_attempts", HoldsInteger | HoldsNull, 2},
    ColumnRule{"crashes", HoldsInteger, 2},
    ColumnRule{"next_attempt_at", number, 2},
    ColumnRule{"priority", HoldsInteger, 2},
    ColumnRule{"hold", HoldsText | HoldsNull, 2},
    ColumnRule{"generation", HoldsInteger, 2},
    ColumnRule{"done_at", number | HoldsNull, 2},
    ColumnRule{"removed_at", number | HoldsNull, 2},
    ColumnRule{"host", HoldsText | HoldsNull, 2},
    ColumnRule{"error_code", HoldsText | HoldsNull, 2},
    ColumnRule{"error_detail", HoldsText | HoldsNull, 2},
    ColumnRule{"source_url", HoldsText | HoldsNull, 2},
    ColumnRule{"root_id", HoldsInteger | HoldsNull, 2},
    ColumnRule{"file_name", HoldsText | HoldsNull, 2},
    ColumnRule{"final_path", HoldsText | HoldsNull, 2},
    ColumnRule{"expected_digest", HoldsText | HoldsNull, 2},
    ColumnRule{"expect_type", HoldsText | HoldsNull, 2},
    ColumnRule{"segments", HoldsInteger, 2},
    ColumnRule{"rate_limit", HoldsInteger, 2},
    ColumnRule{"bytes_total", HoldsInteger | HoldsNull, 2},
    ColumnRule{"bytes_done", HoldsInteger, 2},
    ColumnRule{"sha256", HoldsText | HoldsNull, 2},
    ColumnRule{"content_type", HoldsText | HoldsNull, 2},
    ColumnRule{"verification", HoldsText | HoldsNull, 2},
    ColumnRule{"batch_id", HoldsText | HoldsNull, 2},
    ColumnRule{"row_sum", HoldsInteger | HoldsNull, 2},
};

constexpr std::array opColumnTable{
    ColumnRule{"op_key", HoldsText, 1},
    ColumnRule{"job_id", HoldsText, 1},
    ColumnRule{"op_type", HoldsText, 1},
    ColumnRule{"started_at", number, 1},
    ColumnRule{"finished_at", number | HoldsNull, 1},
    ColumnRule{"result_code", HoldsText | HoldsNull, 1},
    ColumnRule{"result_json", HoldsText | HoldsNull, 1},
    ColumnRule{"attempt", HoldsInteger, 2},
    ColumnRule{"fence", HoldsInteger, 2},
    ColumnRule{"owner", HoldsText | HoldsNull, 2},
    ColumnRule{"phase", HoldsText | HoldsNull, 2},
    ColumnRule{"intent_json", HoldsText | HoldsNull, 2},
    ColumnRule{"result_sum", HoldsInteger | HoldsNull, 2},
};

} // namespace

std::span<const RowRule> jobRules()
{
    return jobTable;
}

std::span<const RowRule> opRules()
{
    return opTable;
}

std::span<const ColumnRule> jobColumns()
{
    return jobColumnTable;
}

std::span<const ColumnRule> opColumns()
{
    return opColumnTable;
}

} // namespace ingather::ledger
