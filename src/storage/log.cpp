// SPDX-License-Identifier: MIT
#include "storage/log.h"

namespace ingather::storage
{

Q_LOGGING_CATEGORY(logStorage, "ingather.storage", QtInfoMsg)

} // namespace ingather::storage
