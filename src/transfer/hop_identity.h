// SPDX-License-Identifier: MIT
#pragma once

#include "transfer/http_options.h"
#include "transfer/http_request.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QUrl>

namespace ingather::transfer
{

enum class LoginOrigin { None, Request, Kept, Netrc };

/// What tells one hop who asks.
struct HopIdentity {
    QByteArray userInfo; ///< "user:password"; empty: none
    LoginOrigin loginOrigin = LoginOrigin::None;
    QByteArray cookies;        ///< value of the Cookie field; empty: none
    QList<HttpHeader> headers; ///< of this host, then of the request; a later one of a name counts
};

/// What the named request and the options hold for that hop. The request's own credentials and headers go to
/// the origin of its URL alone. What the options keep for a host by name goes there also after a redirect,
/// but from another origin only over https: anybody on the way could have made a redirect to http. The
/// default entry of a netrc is for the named origin alone. A login of the request comes before `kept`, which
/// is what mayUseKeptLogin() had asked for, and that before the netrc. Cookies go where RFC 6265 lets them,
/// unless a header is one.
HopIdentity identityFor(const HttpRequest &request, const HttpOptions &options, const QUrl &hop,
                        const QDateTime &now, const QByteArray &kept = {});

/// Whether a login that is kept for the origin of that hop would be sent to it.
bool mayUseKeptLogin(const HttpRequest &request, const QUrl &hop);

} // namespace ingather::transfer
