// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <array>
#include <optional>

namespace ingather::core
{

/// The kinds of operation of the op protocol.
enum class OpType {
    Head,
    Resume,
    Stream,
    Finalize,
    Index,
    Dedupe,
    Remove,    ///< the filed document is deleted, because somebody wished it
    Reconcile, ///< the record is made to fit the world
};

inline constexpr std::array allOpTypes{
    OpType::Head,  OpType::Resume, OpType::Stream, OpType::Finalize,
    OpType::Index, OpType::Dedupe, OpType::Remove, OpType::Reconcile,
};

/// Where an operation stands: announced, done, failed, or given up for a newer one.
enum class OpPhase { Intent, Done, Failed, Abandoned };

/// The stored name, e.g. "FINALIZE".
QString opTypeName(OpType type);
std::optional<OpType> opTypeFromName(QStringView name);

/// The stored name, e.g. "INTENT".
QString opPhaseName(OpPhase phase);
std::optional<OpPhase> opPhaseFromName(QStringView name);

} // namespace ingather::core
