// SPDX-License-Identifier: MIT
#pragma once

#include <QLoggingCategory>

namespace ingather::intake
{

Q_DECLARE_LOGGING_CATEGORY(logIntake)

} // namespace ingather::intake
