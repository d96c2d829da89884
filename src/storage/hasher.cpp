// SPDX-License-Identifier: MIT
#include "storage/hasher.h"

#include "platform/descriptor.h"
#include "platform/file_system.h"
#include "storage/file_reader.h"

#include <QByteArray>

#include <openssl/evp.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace ingather::storage
{

namespace
{

using core::DigestAlgorithm;

/// Looked up once: fetching an algorithm by name costs more than hashing a small file. Never freed,
/// because libcrypto tears itself down at exit before our static objects would.
const EVP_MD *implementationOf(DigestAlgorithm algorithm)
{
    static const EVP_MD *const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (algorithm == DigestAlgorithm::Sha256)
        return sha256;
    static const EVP_MD *const sha512 = EVP_MD_fetch(nullptr, "SHA512", nullptr);
    static const EVP_MD *const md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
    return algorithm == DigestAlgorithm::Sha512 ? sha512 : md5;
}

struct FreeContext {
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};
using ContextPointer = std::unique_ptr<EVP_MD_CTX, FreeContext>;

/// libcrypto's digests fail only when memory is out; there is no going on without a hash.
void mustSucceed(bool success)
{
    if (!success)
        qFatal("libcrypto cannot compute a digest");
}

struct Running {
    DigestAlgorithm algorithm;
    ContextPointer context{EVP_MD_CTX_new()};
};

} // namespace

struct Hasher::Context {
    std::vector<Running> running;             ///< SHA-256 first
    ContextPointer scratch{EVP_MD_CTX_new()}; ///< where a copy is ended, so that the running one goes on

    QByteArray digestOf(const Running &one) const
    {
        QByteArray bytes(core::digestSize(one.algorithm), Qt::Uninitialized);
        mustSucceed(
            EVP_MD_CTX_copy_ex(scratch.get(), one.context.get()) == 1 &&
            EVP_DigestFinal_ex(scratch.get(), reinterpret_cast<unsigned char *>(bytes.data()), nullptr) == 1);
        return bytes;
    }
};

Hasher::Hasher(const QList<DigestAlgorithm> &also) : m_context(std::make_unique<Context>())
{
    std::vector<Running> &running = m_context->running;
    running.push_back({DigestAlgorithm::Sha256});
    for (const DigestAlgorithm algorithm : also) {
        const bool isThere = std::any_of(running.cbegin(), running.cend(), [algorithm](const Running &one) {
            return one.algorithm == algorithm;
        });
        // Where the system forbids MD5 (FIPS 140), nothing is said about it rather than nothing done at all.
        if (!isThere && implementationOf(algorithm) != nullptr)
            running.push_back({algorithm});
    }
    reset();
}

Hasher::Hasher(Hasher &&) noexcept = default;
Hasher &Hasher::operator=(Hasher &&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::add(QByteArrayView bytes)
{
    for (const Running &one : m_context->running)
        mustSucceed(EVP_DigestUpdate(one.context.get(), bytes.data(), static_cast<size_t>(bytes.size())) ==
                    1);
}

core::Sha256 Hasher::digest() const
{
    return *core::Sha256::fromBytes(m_context->digestOf(m_context->running.front()));
}

QList<core::Digest> Hasher::digests() const
{
    QList<core::Digest> digests;
    for (const Running &one : m_context->running)
        digests.append(*core::Digest::fromBytes(one.algorithm, m_context->digestOf(one)));
    return digests;
}

void Hasher::reset()
{
    for (const Running &one : m_context->running)
        mustSucceed(EVP_DigestInit_ex2(one.context.get(), implementationOf(one.algorithm), nullptr) == 1);
}

namespace
{

core::Result<> hashInto(Hasher &hasher, const QString &path, qint64 length, const StopAsked &stopAsked)
{
    core::Result<OpenedFile> file = openForReading(path, QStringLiteral("hash file"));
    if (!file)
        return file.error();
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
    return {};
}

} // namespace

core::Result<core::Sha256> hashFile(const QString &path, qint64 length, const StopAsked &stopAsked)
{
    Hasher hasher;
    if (core::Result<> hashed = hashInto(hasher, path, length, stopAsked); !hashed)
        return hashed.error();
    return hasher.digest();
}

core::Result<QList<core::Digest>> digestsOfFile(const QString &path, const QList<DigestAlgorithm> &also,
                                                qint64 length, const StopAsked &stopAsked)
{
    Hasher hasher(also);
    if (core::Result<> hashed = hashInto(hasher, path, length, stopAsked); !hashed)
        return hashed.error();
    return hasher.digests();
}

} // namespace ingather::storage
