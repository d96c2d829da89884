// SPDX-License-Identifier: MIT
#pragma once

#include <QLoggingCategory>

namespace ingather::engine
{

Q_DECLARE_LOGGING_CATEGORY(logEngine)

} // namespace ingather::engine
