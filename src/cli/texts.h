// SPDX-License-Identifier: MIT
#pragma once

#include "engine/snapshots.h"

#include <QString>

/// Small pieces of text for terminals. What they have in common with the window comes from models/.
namespace ingather::cli
{

/// Why, from an error: "No server with this name was found (host_not_found: nowhere.invalid)".
QString reasonText(const core::Error &error);
/// Why a job is where it is, from its error columns; empty if they are.
QString reasonText(const engine::JobSnapshot &job);

/// The absolute path of the filed document; empty before it has one.
QString filedPath(const engine::JobSnapshot &job);
/// The name that a row of progress or a message calls the job by.
QString shortName(const engine::JobSnapshot &job);
/// State and wish as people are told: "STREAMING", "PLANNED, paused".
QString stateText(const engine::JobSnapshot &job);

/// A job that ended: one line saying how. Good ends name path, size and verification; the others the
/// code, why, and what will happen next.
QString endText(const engine::JobSnapshot &job);

/// Quoted for a POSIX shell where it has to be.
QString shellQuoted(const QString &argument);

/// Control characters, invisible direction marks and lone surrogates replaced: a server's or a list's
/// text must not steer the terminal.
QString printable(const QString &text);

/// Columns that the text takes on a terminal: wide East Asian characters count 2, combining marks 0.
int columns(const QString &text);
/// At most `width` columns; what is too long loses its middle.
QString elided(const QString &text, int width);

} // namespace ingather::cli
