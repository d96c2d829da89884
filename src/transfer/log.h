// SPDX-License-Identifier: MIT
#pragma once

#include <QLoggingCategory>

namespace ingather::transfer
{

Q_DECLARE_LOGGING_CATEGORY(logTransfer)

} // namespace ingather::transfer
