// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

#include <QLoggingCategory>

namespace ingather::ledger
{

Q_DECLARE_LOGGING_CATEGORY(logLedger)

/// A warning about an error that no caller hears of.
void logError(const core::Error &error);

} // namespace ingather::ledger
