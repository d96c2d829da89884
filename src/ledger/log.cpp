// SPDX-License-Identifier: MIT
#include "ledger/log.h"

namespace ingather::ledger
{

Q_LOGGING_CATEGORY(ledgerLog, "ingather.ledger", QtInfoMsg)

} // namespace ingather::ledger
