// SPDX-License-Identifier: MIT
#include "ledger/log.h"

#include "core/log_line.h"

#include <QDebug>

namespace ingather::ledger
{

Q_LOGGING_CATEGORY(logLedger, "ingather.ledger", QtInfoMsg)

void logError(const core::Error &error)
{
    qCWarning(logLedger).noquote() << core::LogContext().with(error) << core::toLogText(error);
}

} // namespace ingather::ledger
