// SPDX-License-Identifier: MIT
#pragma once

#include <QLoggingCategory>

namespace ingather::ledger
{

Q_DECLARE_LOGGING_CATEGORY(ledgerLog)

} // namespace ingather::ledger
