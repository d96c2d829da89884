// SPDX-License-Identifier: MIT
#pragma once

#include "engine/snapshots.h"

#include <QStringList>

/// What the looking commands print for people.
namespace ingather::cli
{

/// A line for each state that occurs, then holds and leases.
QStringList statusLines(const engine::StatusSnapshot &status);
/// A line of `list`: id, state, size, name.
QString jobLine(const engine::JobSnapshot &job);
/// `show`: a line for each thing that is known.
QStringList jobLines(const engine::JobSnapshot &job);
/// A line of `ops`.
QString opLine(const engine::OpSnapshot &op);
/// A line of `ops --events`.
QString eventLine(const engine::EventSnapshot &event);

} // namespace ingather::cli
