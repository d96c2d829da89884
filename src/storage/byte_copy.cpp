// SPDX-License-Identifier: MIT
#include "storage/byte_copy.h"

#include "platform/descriptor.h"
#include "platform/file_system.h"
#include "storage/file_reader.h"

namespace ingather::storage
{

core::Result<qint64> copyBytes(int from, int to, qint64 length, Hasher &hasher, const StopAsked &stopAsked)
{
    static const QString operation = QStringLiteral("copy file");
    qint64 done = 0;
    const core::Result<qint64> copied =
        readThrough(from, length, stopAsked, [&](QByteArrayView bytes) -> core::Result<> {
            if (core::Result<> written = platform::writeAt(to, bytes, done, operation); !written)
                return written;
            hasher.add(bytes);
            done += bytes.size();
            return {};
        });
    if (!copied)
        return copied;
    if (core::Result<> synced = platform::syncData(to); !synced)
        return synced.error();
    return copied;
}

} // namespace ingather::storage
