// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>

#include <chrono>
#include <optional>
#include <stop_token>

namespace ingather::core
{

/// How long somebody waits for a secret store, which may in turn wait for a person who unlocks it.
struct SecretPatience {
    std::chrono::milliseconds limit;
    std::stop_token stop = {}; ///< ends the wait early, with Stopped
};

/// Where a system keeps secrets for the person who is logged in. Every call blocks its thread until the store
/// has answered or the patience is over; KeyringUnavailable then, and where there is no store. Errors never
/// hold a secret. Implementations are thread-safe.
class SecretStore
{
public:
    SecretStore() = default;
    SecretStore(const SecretStore &) = delete;
    SecretStore &operator=(const SecretStore &) = delete;
    virtual ~SecretStore() = default;

    /// What is kept under that name; nullopt if nothing is.
    virtual Result<std::optional<QString>> find(const QString &name, const SecretPatience &patience) = 0;
    /// Replaces what was kept under that name.
    virtual Result<> keep(const QString &name, const QString &secret, const SecretPatience &patience) = 0;
    /// Nothing to forget is no error.
    virtual Result<> forget(const QString &name, const SecretPatience &patience) = 0;
};

} // namespace ingather::core
