// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QSslConfiguration>
#include <QString>

namespace ingather::transfer
{

/// The system's certificate authorities, and those of a PEM file if one is given. InvalidArgument if
/// the file cannot be read or holds no certificate: going on without it would fail at every host
/// that needs it, for a reason nobody would guess.
core::Result<QSslConfiguration> tlsTrust(const QString &extraCaCertificateFile);

} // namespace ingather::transfer
