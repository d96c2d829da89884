// SPDX-License-Identifier: MIT
#include "transfer/log.h"

namespace ingather::transfer
{

Q_LOGGING_CATEGORY(logTransfer, "ingather.transfer", QtInfoMsg)

} // namespace ingather::transfer
