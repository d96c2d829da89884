// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace ingather::core
{

/// A SHA-256 value (FIPS 180-4), 32 bytes. Computed in storage/; here only its forms.
class Sha256
{
public:
    static constexpr int byteCount = 32;

    /// nullopt unless `bytes` holds exactly 32 bytes.
    static std::optional<Sha256> fromBytes(const QByteArray &bytes)
    {
        if (bytes.size() != byteCount)
            return std::nullopt;
        return Sha256(bytes);
    }
    /// nullopt unless `hex` is 64 hexadecimal digits, in either case.
    static std::optional<Sha256> fromHex(QStringView hex);

    const QByteArray &bytes() const { return m_bytes; }
    /// 64 lower-case hexadecimal digits.
    QString toHex() const { return QString::fromLatin1(m_bytes.toHex()); }

    friend bool operator==(const Sha256 &, const Sha256 &) = default;

private:
    explicit Sha256(QByteArray bytes) : m_bytes(std::move(bytes)) {}
    QByteArray m_bytes;
};

} // namespace ingather::core
