// SPDX-License-Identifier: MIT
#include "transfer/cookie_file.h"

#include "fuzzing.h"

using namespace ingather::transfer;
using ingather::tests::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QDateTime now(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC);
    const QList<Cookie> cookies = parseCookieFile(ingather::tests::toBytes(data, size));
    for (const Cookie &cookie : cookies) {
        require(!cookie.domain.isEmpty() && !cookie.name.isEmpty(), "a cookie has domain and name");
        require(isCookieDomain(cookie, cookie.domain), "a domain matches itself");
        require(isCookiePath(cookie.path, cookie.path), "a path matches itself");
    }
    const QByteArray field = cookieField(cookies, QUrl(QStringLiteral("http://www.a.example/x/y")), now);
    for (const char c : field)
        require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "nothing ends the field");
    return 0;
}
