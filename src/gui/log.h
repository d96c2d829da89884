// SPDX-License-Identifier: MIT
#pragma once

#include <QLoggingCategory>

namespace ingather::gui
{

Q_DECLARE_LOGGING_CATEGORY(logGui)

} // namespace ingather::gui
