// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/verify_report.h"
#include "core/work_control.h"

#include <QString>

namespace ingather::engine
{

/// Looks at the file of every done job: is it there, of the right length, and with `isFull`, is its content
/// what was filed (SHA-256, and the digest that the user expected)? Only reads. Cancelled; errors of the
/// ledger.
core::Result<core::VerifyReport> verifyFiles(const QString &ledgerPath, bool isFull,
                                             const core::WorkControl &control);

} // namespace ingather::engine
