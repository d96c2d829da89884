// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/validation/schema_tokens.h"

#include <QStringList>

namespace ingather::ledger
{

QStringList columnNames(const TableText &text);

/// `found` with the names put right in which one or two bits were flipped: such a name is not one of
/// `expected`, and stands where the expected one is missing.
QStringList settledNames(const QStringList &found, const QStringList &expected);

} // namespace ingather::ledger
