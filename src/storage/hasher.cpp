// SPDX-License-Identifier: MIT
#include "storage/hasher.h"

#include "platform/descriptor.h"
#include "platform/file_system.h"
#include "storage/file_reader.h"

#include <QByteArray>

#include <openssl/evp.h>

namespace ingather::storage
{

namespace
{

/// Looked up once: fetching an algorithm by name costs more than hashing a small file. Never freed,
/// because libcrypto tears itself down at exit before our static objects would.
const EVP_MD *sha256Algorithm()
{
    static const EVP_MD *const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm;
}

struct FreeContext {
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};
using ContextPointer = std::unique_ptr<EVP_MD_CTX, FreeContext>;

/// libcrypto's digests fail only when memory is out; there is no going on without a hash.
void mustSucceed(bool success)
{
    if (!success)
        qFatal("libcrypto cannot compute SHA-256");
}

} // namespace

struct Hasher::Context {
    ContextPointer running{EVP_MD_CTX_new()};
    ContextPointer scratch{EVP_MD_CTX_new()}; ///< where digest() ends a copy, so that `running` goes on
};

Hasher::Hasher() : m_context(std::make_unique<Context>())
{
    mustSucceed(m_context->running && m_context->scratch);
    reset();
}

Hasher::Hasher(Hasher &&) noexcept = default;
Hasher &Hasher::operator=(Hasher &&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::add(QByteArrayView bytes)
{
    mustSucceed(EVP_DigestUpdate(m_context->running.get(), bytes.data(), static_cast<size_t>(bytes.size())) ==
                1);
}

core::Sha256 Hasher::digest() const
{
    QByteArray bytes(core::Sha256::byteCount, Qt::Uninitialized);
    EVP_MD_CTX *const scratch = m_context->scratch.get();
    mustSucceed(EVP_MD_CTX_copy_ex(scratch, m_context->running.get()) == 1 &&
                EVP_DigestFinal_ex(scratch, reinterpret_cast<unsigned char *>(bytes.data()), nullptr) == 1);
    return *core::Sha256::fromBytes(bytes);
}

void Hasher::reset()
{
    mustSucceed(EVP_DigestInit_ex2(m_context->running.get(), sha256Algorithm(), nullptr) == 1);
}

core::Result<core::Sha256> hashFile(const QString &path, qint64 length, const StopAsked &stopAsked)
{
    core::Result<OpenedFile> file = openForReading(path, QStringLiteral("hash file"));
    if (!file)
        return file.error();
    Hasher hasher;
    const core::Result<qint64> hashed =
        readThrough(file->descriptor.number(), length, stopAsked, [&hasher](QByteArrayView bytes) {
            hasher.add(bytes);
            return core::Result<>();
        });
    if (!hashed)
        return hashed.error();
    if (*hashed < length)
        return core::Error{core::ErrorCode::PartDamaged, QStringLiteral("hash file"), 0,
                           QStringLiteral("%1 bytes of %2: ").arg(*hashed).arg(length) + path};
    return hasher.digest();
}

} // namespace ingather::storage
