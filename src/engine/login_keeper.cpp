// SPDX-License-Identifier: MIT
#include "engine/login_keeper.h"

#include "engine/logins/login_list.h"

#include <algorithm>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

bool hasControlCharacter(const QString &text)
{
    return std::any_of(text.cbegin(), text.cend(),
                       [](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7f; });
}

Result<> checkLogin(const QString &user, const QString &password)
{
    const auto invalid = [](const QString &why) {
        return Error{ErrorCode::InvalidArgument, QStringLiteral("keep login"), 0, why};
    };
    if (user.isEmpty() && password.isEmpty())
        return invalid(QStringLiteral("neither a user name nor a password was given"));
    if (user.contains(u':'))
        return invalid(QStringLiteral("a user name can't have a colon in it"));
    if (hasControlCharacter(user) || hasControlCharacter(password))
        return invalid(QStringLiteral("there is a control character in it"));
    return {};
}

} // namespace

LoginKeeper::LoginKeeper(core::SecretStore &store, QString listFile, core::SecretPatience patience)
    : m_store(store), m_listFile(std::move(listFile)), m_patience(std::move(patience))
{
}

Result<> LoginKeeper::keep(const QString &place, const QString &user, const QString &password)
{
    if (const Result<> checked = checkLogin(user, password); !checked)
        return checked;
    if (const Result<> kept = m_store.keep(place, user + u':' + password, m_patience); !kept)
        return kept;
    return LoginList(m_listFile).add(place);
}

Result<bool> LoginKeeper::forget(const QString &place)
{
    const Result<QStringList> listed = places();
    if (!listed)
        return listed.error();
    if (!listed->contains(place))
        return false;
    if (const Result<> forgotten = m_store.forget(place, m_patience); !forgotten)
        return forgotten.error();
    if (const Result<> removed = LoginList(m_listFile).remove(place); !removed)
        return removed.error();
    return true;
}

Result<QStringList> LoginKeeper::places() const
{
    return LoginList(m_listFile).places();
}

} // namespace ingather::engine
