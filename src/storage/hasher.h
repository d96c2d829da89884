// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/sha256.h"

#include <QByteArrayView>
#include <QString>

#include <functional>
#include <memory>

namespace ingather::storage
{

/// Running SHA-256 with libcrypto's EVP (about ten times QCryptographicHash).
class Hasher final
{
public:
    Hasher();
    Hasher(Hasher &&) noexcept;
    Hasher &operator=(Hasher &&) noexcept;
    ~Hasher();

    void add(QByteArrayView bytes);
    /// The digest of all that was added so far; the hasher can go on.
    core::Sha256 digest() const;
    void reset();

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

/// Asked now and then during long work; true ends it with Error Stopped.
using StopAsked = std::function<bool()>;

/// Digest of a file's first `length` bytes (-1: all). PartDamaged if it is shorter.
core::Result<core::Sha256> hashFile(const QString &path, qint64 length = -1, const StopAsked &stopAsked = {});

} // namespace ingather::storage
