// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace ingather::engine
{

/// The file that says for which places (core/login_place.h) the keyring has a login: a place a line, no user
/// name and no password. With it the keyring is asked, and its person to unlock it, for these places only.
class LoginList final
{
public:
    /// `path`: absolute; empty: there is no list, and it stays empty.
    explicit LoginList(QString path) : m_path(std::move(path)) {}

    /// Sorted; a file that is absent has none. FileError if it can't be read.
    core::Result<QStringList> places() const;
    /// The file is replaced as a whole and differs from the one before, even if the place was listed already:
    /// who reads it sees that a login was changed. FileError.
    core::Result<> add(const QString &place);
    core::Result<> remove(const QString &place);
    /// The text of the file; empty if it is absent or can't be read.
    QByteArray text() const;

private:
    core::Result<> change(const QString &place, bool isAdded);

    QString m_path;
};

} // namespace ingather::engine
