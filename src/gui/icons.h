// SPDX-License-Identifier: MIT
#pragma once

#include "models/job_group.h"

#include <QColor>
#include <QIcon>
#include <QPalette>

namespace ingather::gui
{

/// The drawing resources/icons/<name>.svg in the text colour of the palette that it is painted under,
/// sharp at any size and scale, pale when disabled.
QIcon icon(const QString &name);
/// The mark of a heap of jobs, in groupColor().
QIcon groupIcon(models::JobGroup group);
/// The coloured icon of the program.
QIcon programIcon();

/// Green for done, red for failed, the highlight for active, the text's colour for the rest; light or
/// dark enough for the palette's base.
QColor groupColor(models::JobGroup group, const QPalette &palette);

} // namespace ingather::gui
