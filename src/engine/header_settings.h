// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "engine/settings.h"

#include <QList>
#include <QSettings>
#include <QString>
#include <QStringView>

namespace ingather::transfer
{
struct HostHeaders;
}

namespace ingather::engine
{

/// The sections [headers/HOST] of a settings file, a header a line. `iniText` is the same file: QSettings
/// cuts a value that stands without quotation marks at a semicolon, takes commas apart and backslashes away,
/// so such a value is refused instead of being sent mutilated. InvalidArgument names host and header, never
/// the value.
core::Result<QList<HostHeader>> headersOfIni(const QSettings &ini, QStringView iniText);

/// In transfer's terms, hosts in their canonical form. InvalidArgument for a host that is none, and for a
/// header that transfer::checkHeaders() refuses.
core::Result<QList<transfer::HostHeaders>> hostHeaders(const QList<HostHeader> &headers);

} // namespace ingather::engine
