// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"
#include "engine/snapshots.h"

#include <QList>
#include <QStringList>

/// What `get` and `add` say before and after planning.
namespace ingather::cli
{

/// One line for each URL that can't be fetched, naming it and the reason; empty if all can.
QStringList urlFaults(const QStringList &urls);

QList<engine::AddRequest> requestsOf(const Order &order);

/// The held file is not the one that was asked for: its SHA-256 differs from the one given.
bool isAnotherFile(const engine::AddAnswer &answer);

/// What became of one URL; for `get` in what it is about to do, else in what the user could do.
QString answerText(const engine::AddAnswer &answer, bool isFetching);

/// Lines that copied into a shell go on with jobs left paused. `call` is the program with its ledger.
QString goOnText(const QList<core::JobId> &paused, const QString &call);

} // namespace ingather::cli
