// SPDX-License-Identifier: MIT
#pragma once

#include <QPalette>

namespace ingather::gui
{

/// Dark colours for the Fusion style, for desktops that offer none by themselves. Every pair of text
/// and ground has a contrast of 4.5 : 1 or more (WCAG 2.1 §1.4.3).
QPalette darkPalette();

} // namespace ingather::gui
