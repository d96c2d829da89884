// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.h"

#include <span>

namespace ingather::ledger
{

/// A rule that each row of a table has to keep and that the schema can't hold by itself. `where` is the SQL
/// that finds the rows which break it.
struct RowRule {
    core::FindingId id;
    core::Severity severity; ///< at most Warning for what a program of v1 leaves behind under its own rules
    const char *place;
    const char *where;
    const char *description;
    int sinceVersion; ///< of the schema that has the columns
};

std::span<const RowRule> jobRules();
std::span<const RowRule> opRules();

/// The storage classes that a column may hold, as bits.
enum ValueKinds : unsigned {
    HoldsNull = 1,
    HoldsInteger = 2,
    HoldsReal = 4,
    HoldsText = 8,
    HoldsBlob = 16,
};

struct ColumnRule {
    const char *name;
    unsigned kinds;
    int sinceVersion;
};

/// Every column of ours, those of v1 first.
std::span<const ColumnRule> jobColumns();
std::span<const ColumnRule> opColumns();

} // namespace ingather::ledger
