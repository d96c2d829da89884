// SPDX-License-Identifier: MIT
#include "e2e/content.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace ingather::e2e
{

bool writeContent(const QString &path, qint64 size, std::uint64_t seed)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate | QIODevice::Unbuffered))
        return false;
    std::vector<std::uint64_t> block(64 * 1024);
    const qint64 blockBytes = static_cast<qint64>(block.size() * sizeof(std::uint64_t));
    std::uint64_t state = seed * 0x9E3779B97F4A7C15u + 1;
    for (qint64 done = 0; done < size;) {
        for (std::uint64_t &word : block) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word = state;
        }
        const qint64 count = std::min(blockBytes, size - done);
        if (file.write(reinterpret_cast<const char *>(block.data()), count) != count)
            return false;
        done += count;
    }
    return true;
}

QString sha256Of(const QString &path)
{
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly) || !hash.addData(&file))
        return {};
    return QString::fromLatin1(hash.result().toHex());
}

QStringList sha256OfAll(const QStringList &paths)
{
    std::vector<QString> digests(static_cast<std::size_t>(paths.size()));
    std::atomic<qsizetype> next = 0;
    const auto work = [&] {
        for (qsizetype i = next++; i < paths.size(); i = next++)
            digests[static_cast<std::size_t>(i)] = sha256Of(paths[i]);
    };
    std::vector<std::thread> threads(std::max(1u, std::thread::hardware_concurrency()));
    for (std::thread &thread : threads)
        thread = std::thread(work);
    for (std::thread &thread : threads)
        thread.join();
    return {digests.begin(), digests.end()};
}

QStringList entriesOf(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                                  QDir::Name);
}

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace ingather::e2e
