// SPDX-License-Identifier: MIT
#include "core/digest.h"

#include <algorithm>

namespace ingather::core
{

namespace
{

bool isHexDigit(QChar c)
{
    return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
}

} // namespace

qsizetype digestSize(DigestAlgorithm algorithm)
{
    switch (algorithm) {
    case DigestAlgorithm::Md5:
        return 16;
    case DigestAlgorithm::Sha256:
        return 32;
    case DigestAlgorithm::Sha512:
        return 64;
    }
    Q_UNREACHABLE();
}

QString digestAlgorithmName(DigestAlgorithm algorithm)
{
    switch (algorithm) {
    case DigestAlgorithm::Md5:
        return QStringLiteral("md5");
    case DigestAlgorithm::Sha256:
        return QStringLiteral("sha256");
    case DigestAlgorithm::Sha512:
        return QStringLiteral("sha512");
    }
    Q_UNREACHABLE();
}

std::optional<DigestAlgorithm> digestAlgorithmFromName(QStringView name)
{
    const QString lower = name.trimmed().toString().toLower();
    if (lower == u"md5")
        return DigestAlgorithm::Md5;
    if (lower == u"sha256" || lower == u"sha-256")
        return DigestAlgorithm::Sha256;
    if (lower == u"sha512" || lower == u"sha-512")
        return DigestAlgorithm::Sha512;
    return std::nullopt;
}

std::optional<Digest> Digest::fromBytes(DigestAlgorithm algorithm, const QByteArray &bytes)
{
    if (bytes.size() != digestSize(algorithm))
        return std::nullopt;
    return Digest(algorithm, bytes);
}

std::optional<Digest> Digest::fromText(QStringView text)
{
    const qsizetype colon = text.indexOf(u':');
    if (colon < 0)
        return std::nullopt;
    const std::optional<DigestAlgorithm> algorithm = digestAlgorithmFromName(text.first(colon));
    const QStringView hex = text.sliced(colon + 1).trimmed();
    // fromHex() passes over what is no digit.
    if (!algorithm || !std::all_of(hex.begin(), hex.end(), isHexDigit) ||
        hex.size() != 2 * digestSize(*algorithm))
        return std::nullopt;
    return fromBytes(*algorithm, QByteArray::fromHex(hex.toLatin1()));
}

QString Digest::toText() const
{
    return digestAlgorithmName(m_algorithm) + u':' + toHex();
}

} // namespace ingather::core
