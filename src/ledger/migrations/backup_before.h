// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/result.h"

#include <QString>

namespace ingather::ledger
{

/// The backup before a change that nobody asked for, `<ledger>.v<version>-<UTC>.backup`: a verified copy of
/// the last commit. The caller holds the write lock; its own connection may be inside the transaction that
/// will make the change. Returns the path.
core::Result<QString> backUpBefore(const QString &ledgerPath, int version, core::UnixTime now);

} // namespace ingather::ledger
