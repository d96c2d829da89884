// SPDX-License-Identifier: MIT
#pragma once

#include "core/digest.h"
#include "core/result.h"
#include "core/sha256.h"

#include <QByteArrayView>
#include <QList>
#include <QString>

#include <functional>
#include <memory>

namespace ingather::storage
{

/// Running SHA-256 with libcrypto's EVP (about ten times QCryptographicHash), and other digests beside it
/// only if they are asked for: each costs a pass of its own over the bytes.
class Hasher final
{
public:
    /// SHA-256, and `also`; what is named twice is computed once, and what libcrypto may not compute is left
    /// out.
    explicit Hasher(const QList<core::DigestAlgorithm> &also = {});
    Hasher(Hasher &&) noexcept;
    Hasher &operator=(Hasher &&) noexcept;
    ~Hasher();

    void add(QByteArrayView bytes);
    /// SHA-256 of all that was added so far; the hasher can go on.
    core::Sha256 digest() const;
    /// The same by all algorithms, SHA-256 first.
    QList<core::Digest> digests() const;
    void reset();

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

/// Asked now and then during long work; true ends it with Error Stopped.
using StopAsked = std::function<bool()>;

/// Digest of a file's first `length` bytes (-1: all). PartDamaged if it is shorter.
core::Result<core::Sha256> hashFile(const QString &path, qint64 length = -1, const StopAsked &stopAsked = {});

/// The same in one pass by SHA-256 and `also`, SHA-256 first.
core::Result<QList<core::Digest>> digestsOfFile(const QString &path, const QList<core::DigestAlgorithm> &also,
                                                qint64 length = -1, const StopAsked &stopAsked = {});

} // namespace ingather::storage
