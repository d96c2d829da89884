// SPDX-License-Identifier: MIT
#include "gui/log.h"

namespace ingather::gui
{

Q_LOGGING_CATEGORY(logGui, "ingather.gui", QtInfoMsg)

} // namespace ingather::gui
