// SPDX-License-Identifier: MIT
#pragma once

#include "engine/settings.h"

#include <QByteArray>

namespace ingather::engine
{

/// "Ingather/<version>", with the contact address of the settings as a comment (RFC 9110 §10.1.5).
QByteArray userAgent(const Settings &settings);

} // namespace ingather::engine
