// SPDX-License-Identifier: MIT
#include "gui/palettes.h"

namespace ingather::gui
{

QPalette darkPalette()
{
    const QColor ground(0x2b, 0x2d, 0x31);
    const QColor base(0x1e, 0x1f, 0x22);
    const QColor text(0xe6, 0xe7, 0xea);
    const QColor pale(0x8b, 0x8f, 0x96);
    QPalette palette(ground);
    palette.setColor(QPalette::Window, ground);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, QColor(0x24, 0x26, 0x2a));
    palette.setColor(QPalette::Button, QColor(0x36, 0x39, 0x3f));
    palette.setColor(QPalette::ToolTipBase, QColor(0x36, 0x39, 0x3f));
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText})
        palette.setColor(role, text);
    palette.setColor(QPalette::PlaceholderText, pale);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x6d, 0xb0));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x7f, 0xc4, 0xff));
    palette.setColor(QPalette::LinkVisited, QColor(0xc0, 0xa8, 0xf0));
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(0x7d, 0x81, 0x88));
    return palette;
}

} // namespace ingather::gui
