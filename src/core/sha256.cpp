// SPDX-License-Identifier: MIT
#include "core/sha256.h"

#include <algorithm>

namespace ingather::core
{

std::optional<Sha256> Sha256::fromHex(QStringView hex)
{
    const auto isHexDigit = [](QChar c) {
        const char16_t u = c.unicode();
        return (u >= u'0' && u <= u'9') || (u >= u'a' && u <= u'f') || (u >= u'A' && u <= u'F');
    };
    if (hex.size() != 2 * byteCount || !std::all_of(hex.begin(), hex.end(), isHexDigit))
        return std::nullopt;
    return Sha256(QByteArray::fromHex(hex.toLatin1()));
}

} // namespace ingather::core
