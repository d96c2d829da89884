// SPDX-License-Identifier: MIT
#pragma once

#include <QLoggingCategory>

namespace ingather::storage
{

Q_DECLARE_LOGGING_CATEGORY(logStorage)

} // namespace ingather::storage
