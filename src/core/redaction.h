// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace ingather::core
{

/// The text with everything secret replaced by "***": userinfo and query values of any URL in it,
/// values of Cookie, Set-Cookie, Authorization and Proxy-Authorization headers, bearer and basic
/// tokens, and name=value pairs whose name speaks of a token, key, secret, signature or password.
/// For logs, events and error details; never for the request itself.
QString redacted(const QString &text);

} // namespace ingather::core
