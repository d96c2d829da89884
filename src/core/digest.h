// SPDX-License-Identifier: MIT
#pragma once

#include "core/sha256.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace ingather::core
{

/// In order of strength. MD5 finds accidents, not forgeries.
enum class DigestAlgorithm { Md5, Sha256, Sha512 };

/// A digest of a whole file by one of the algorithms that people and servers give. Computed in storage/; here
/// only its forms.
class Digest
{
public:
    /// nullopt unless `bytes` has the algorithm's length: 16, 32 or 64.
    static std::optional<Digest> fromBytes(DigestAlgorithm algorithm, const QByteArray &bytes);
    /// "sha256:<hex>", the form of `expected_digest`; also "SHA-512:…", "md5:…", in any case, with blanks
    /// around. nullopt for an unknown algorithm or a wrong length.
    static std::optional<Digest> fromText(QStringView text);
    static Digest fromSha256(const Sha256 &sha256) { return {DigestAlgorithm::Sha256, sha256.bytes()}; }

    DigestAlgorithm algorithm() const { return m_algorithm; }
    const QByteArray &bytes() const { return m_bytes; }
    /// Lower-case hexadecimal digits.
    QString toHex() const { return QString::fromLatin1(m_bytes.toHex()); }
    /// "sha256:<hex>", as it is stored.
    QString toText() const;

    friend bool operator==(const Digest &, const Digest &) = default;

private:
    Digest(DigestAlgorithm algorithm, const QByteArray &bytes) : m_algorithm(algorithm), m_bytes(bytes) {}

    DigestAlgorithm m_algorithm;
    QByteArray m_bytes;
};

/// Bytes of a digest: 16, 32 or 64.
qsizetype digestSize(DigestAlgorithm algorithm);

/// "md5", "sha256", "sha512".
QString digestAlgorithmName(DigestAlgorithm algorithm);

/// The algorithm of a name in any case, with or without a hyphen ("SHA-256", "sha256"); nullopt for others.
std::optional<DigestAlgorithm> digestAlgorithmFromName(QStringView name);

} // namespace ingather::core
