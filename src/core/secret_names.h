// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace ingather::core
{

/// Whether `lowerCaseName` speaks of something secret wherever it stands: "token", "password", "api_key".
bool isPlainlySecretName(const QString &lowerCaseName);

/// Whether a value that is given to `name` is a secret. "key" and the like count only as words of their own,
/// because much in a ledger is a key; our own keys, which hide nothing, are let through.
bool isSecretName(const QString &name);

} // namespace ingather::core
