// SPDX-License-Identifier: MIT
#include "intake/log.h"

namespace ingather::intake
{

Q_LOGGING_CATEGORY(logIntake, "ingather.intake", QtInfoMsg)

} // namespace ingather::intake
