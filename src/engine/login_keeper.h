// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/secret_store.h"

#include <QString>
#include <QStringList>

namespace ingather::engine
{

/// Puts logins into the keyring, and takes them out again, for downloads to find them there. Each call may
/// wait for a person who unlocks the keyring: not for a GUI thread.
class LoginKeeper final
{
public:
    /// `listFile`: Settings::loginList.
    LoginKeeper(core::SecretStore &store, QString listFile, core::SecretPatience patience);

    /// `place` is one of core::loginPlace(). InvalidArgument for a user name or a password that can't be sent
    /// (RFC 7617 §2: no colon in the user name, no control characters); KeyringUnavailable; FileError.
    core::Result<> keep(const QString &place, const QString &user, const QString &password);
    /// Whether there was one. KeyringUnavailable, FileError.
    core::Result<bool> forget(const QString &place);
    /// Where logins are kept; the keyring is not asked. FileError.
    core::Result<QStringList> places() const;

private:
    core::SecretStore &m_store;
    QString m_listFile;
    core::SecretPatience m_patience;
};

} // namespace ingather::engine
