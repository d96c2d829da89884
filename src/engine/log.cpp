// SPDX-License-Identifier: MIT
#include "engine/log.h"

namespace ingather::engine
{

Q_LOGGING_CATEGORY(logEngine, "ingather.engine", QtInfoMsg)

} // namespace ingather::engine
