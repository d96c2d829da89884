// SPDX-License-Identifier: MIT
#pragma once

#include "core/secret_store.h"

#include <memory>

namespace ingather::platform
{

/// The keyring of the desktop (Secret Service or KWallet, through QtKeychain; never its plain-text fallback).
/// A thread of its own talks to it, from the first question on: one that waits for its person to be unlocked,
/// or never answers, holds nobody longer than he is patient. After one such silence it is not waited for
/// again until it has answered. One object a process: QtKeychain has one queue.
class Keyring final : public core::SecretStore
{
public:
    Keyring();
    /// A thread that hangs inside the keyring's library is left behind.
    ~Keyring() override;

    core::Result<std::optional<QString>> find(const QString &name,
                                              const core::SecretPatience &patience) override;
    core::Result<> keep(const QString &name, const QString &secret,
                        const core::SecretPatience &patience) override;
    core::Result<> forget(const QString &name, const core::SecretPatience &patience) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace ingather::platform
