// SPDX-License-Identifier: MIT
#pragma once

#include "cli/termination_signals.h"

#include <QString>

#include <optional>

namespace ingather::cli
{

/// Whether somebody can be asked: standard input is a terminal.
bool canAsk();

enum class Echo { Shown, Hidden };

/// Asks `question` on stderr and reads one line from standard input, without its end; nullopt if there is
/// none or a signal came. On a terminal nothing of a hidden answer is shown, and its echo is put back in any
/// case. At most 4096 bytes, as UTF-8.
std::optional<QString> askLine(const QString &question, Echo echo, TerminationSignals &signals);

} // namespace ingather::cli
