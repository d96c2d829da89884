// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/sql_value.h"

#include <optional>

namespace ingather::ledger
{

/// The tables of a ledger whose rows can be told by their shape.
enum class OwnTable {
    Jobs,
    Ops,
    Meta,
    Migrations,
    Owners,
    Events,
    Parts,
    Roots,
    Hashes,
    Urls,
    Hosts,
    Salvage,
};

/// Its name in SQL.
QString ownTableName(OwnTable table);

/// To which table of a ledger a row belongs of which only the values are known, as they are stored (see
/// decodeRecord()): because the root of its b-tree is gone, or the schema with it. Goes by the number and
/// types of the values and by what stands in them: states, keys of 64 hex digits, URLs, the words that
/// only our tables hold. A certain answer or none: rows of __schema_version__ and ingather_batches look like
/// many others' and have no answer. Rows of jobs and ops may be as short as schema v1 made them.
std::optional<OwnTable> shapeOf(const SqlRow &values);

} // namespace ingather::ledger
