// SPDX-License-Identifier: MIT
#pragma once

#include "transfer/hop_identity.h"

#include <QByteArray>
#include <QUrl>

#include <memory>

namespace ingather::transfer
{

/// The cookies that servers set while one request is redirected: logins often are a chain that hands a cookie
/// from hop to hop. They go where QNetworkCookieJar's domain rules (RFC 6265 §5.3, public suffixes excluded)
/// let them, are kept in memory for that chain alone, and written nowhere. One thread.
class CookieChain final
{
public:
    CookieChain();
    ~CookieChain();
    Q_DISABLE_COPY_MOVE(CookieChain)

    /// `setCookie`: the Set-Cookie fields of an answer from that URL, a line each, as QNAM joins them.
    /// Whether one is new or has another value, so that a URL asked before may answer differently now.
    bool take(const QByteArray &setCookie, const QUrl &from);

    /// Adds those that are for that hop; they replace others of their name. A Cookie header that a person
    /// set himself is left as it is.
    void addTo(HopIdentity *identity, const QUrl &hop) const;

private:
    class Jar;
    std::unique_ptr<Jar> m_jar; ///< from the first cookie on
};

} // namespace ingather::transfer
