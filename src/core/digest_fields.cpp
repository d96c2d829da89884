// SPDX-License-Identifier: MIT
#include "core/digest_fields.h"

#include <algorithm>
#include <utility>

namespace ingather::core
{

namespace
{

/// Splits at commas outside of quoted strings; members come trimmed.
QList<QByteArrayView> membersOf(QByteArrayView value)
{
    QList<QByteArrayView> members;
    bool isQuoted = false;
    qsizetype from = 0;
    for (qsizetype at = 0; at <= value.size(); ++at) {
        if (at < value.size() && isQuoted && value[at] == '\\') {
            ++at;
        } else if (at < value.size() && value[at] == '"') {
            isQuoted = !isQuoted;
        } else if (at >= value.size() || (value[at] == ',' && !isQuoted)) {
            members.append(value.sliced(from, std::min(at, value.size()) - from).trimmed());
            from = at + 1;
        }
    }
    return members;
}

/// Strict base64 (RFC 4648 §4), padding optional; null for anything else.
QByteArray fromBase64(QByteArrayView text)
{
    const auto decoded = QByteArray::fromBase64Encoding(
        text.toByteArray(), QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? *decoded : QByteArray();
}

/// Base64, or hexadecimal digits if there are exactly as many as the algorithm has.
std::optional<Digest> readLoose(DigestAlgorithm algorithm, QByteArrayView text)
{
    if (const auto digest = Digest::fromBytes(algorithm, fromBase64(text)))
        return digest;
    return Digest::fromText(digestAlgorithmName(algorithm) + u':' + QString::fromLatin1(text));
}

std::optional<DigestAlgorithm> algorithmOf(QByteArrayView name)
{
    return digestAlgorithmFromName(QString::fromLatin1(name));
}

/// Strongest first; equal ones once; an algorithm that contradicts itself not at all.
QList<Digest> ranked(const QList<Digest> &digests)
{
    QList<Digest> result;
    for (const auto algorithm : {DigestAlgorithm::Sha512, DigestAlgorithm::Sha256, DigestAlgorithm::Md5}) {
        const auto isIts = [algorithm](const Digest &digest) { return digest.algorithm() == algorithm; };
        const auto first = std::find_if(digests.cbegin(), digests.cend(), isIts);
        if (first == digests.cend())
            continue;
        const bool isContradicted = std::any_of(
            first, digests.cend(), [&](const Digest &digest) { return isIts(digest) && digest != *first; });
        if (!isContradicted)
            result.append(*first);
    }
    return result;
}

/// "key=:base64:" with parameters behind it; nullopt for any other member.
std::optional<Digest> readDictionaryMember(QByteArrayView member)
{
    const qsizetype equals = member.indexOf('=');
    if (equals < 0)
        return std::nullopt;
    const auto algorithm = algorithmOf(member.first(equals));
    const QByteArrayView value = member.sliced(equals + 1);
    if (!algorithm || !value.startsWith(':'))
        return std::nullopt;
    const qsizetype end = value.indexOf(':', 1);
    if (end < 0)
        return std::nullopt;
    const QByteArrayView rest = value.sliced(end + 1).trimmed();
    if (!rest.isEmpty() && !rest.startsWith(';'))
        return std::nullopt;
    return Digest::fromBytes(*algorithm, fromBase64(value.sliced(1, end - 1)));
}

std::optional<Digest> readLegacyMember(QByteArrayView member)
{
    const qsizetype equals = member.indexOf('=');
    if (equals < 0)
        return std::nullopt;
    const auto algorithm = algorithmOf(member.first(equals));
    return algorithm ? readLoose(*algorithm, member.sliced(equals + 1).trimmed()) : std::nullopt;
}

template <typename ReadMember>
QList<Digest> parse(const QByteArray &value, ReadMember readMember)
{
    QList<Digest> digests;
    for (const QByteArrayView member : membersOf(value)) {
        if (const std::optional<Digest> digest = readMember(member))
            digests.append(*digest);
    }
    return ranked(digests);
}

} // namespace

QList<Digest> parseDigestDictionary(const QByteArray &value)
{
    return parse(value, readDictionaryMember);
}

QList<Digest> parseLegacyDigest(const QByteArray &value)
{
    return parse(value, readLegacyMember);
}

QList<Digest> parseContentMd5(const QByteArray &value)
{
    return parse(value, [](QByteArrayView text) { return readLoose(DigestAlgorithm::Md5, text); });
}

} // namespace ingather::core
