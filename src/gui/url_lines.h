// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

class QMimeData;

namespace ingather::gui
{

/// One entry a URL from a text that was typed or pasted: line by line, and apart where several stand
/// in one line; trimmed, empty ones left out. Nothing is judged here.
QStringList urlLines(const QString &text);

/// The web addresses that a drag or the clipboard carries: its links, or its text if every line of it
/// begins with http:// or https://. Empty if it holds something else.
QStringList webAddresses(const QMimeData &data);

} // namespace ingather::gui
