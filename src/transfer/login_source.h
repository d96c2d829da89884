// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QFuture>
#include <QString>
#include <QUrl>

namespace ingather::transfer
{

struct KeptLogin {
    QByteArray userInfo; ///< "user:password"; empty: none is kept
    QString trouble;     ///< why that could not be told; empty: it could. For the detail of an error
};

/// Logins that are kept where looking takes its time. Thread-safe.
class LoginSource
{
public:
    LoginSource() = default;
    LoginSource(const LoginSource &) = delete;
    LoginSource &operator=(const LoginSource &) = delete;
    virtual ~LoginSource() = default;

    /// For the origin of that URL, scheme and port included. Returns at once; the future always finishes.
    virtual QFuture<KeptLogin> loginFor(const QUrl &hop) = 0;
};

} // namespace ingather::transfer
