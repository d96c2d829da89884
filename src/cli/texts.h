// SPDX-License-Identifier: MIT
#pragma once

#include "engine/snapshots.h"

#include <QString>

/// Small pieces of text for people, without terminal control of any kind.
namespace ingather::cli
{

/// "512 B", "1.5 MiB".
QString sizeText(qint64 bytes);
/// "45 s", "3 min 20 s", "2 h 05 min".
QString durationText(double seconds);
/// "2026-01-31 14:05:09", local time; "-" for nothing.
QString timeText(core::UnixTime time);

/// Why, from an error: "host not found: no address for nowhere.invalid".
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
