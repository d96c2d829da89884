// SPDX-License-Identifier: MIT
#include "support/own_memory.h"

#include <QByteArray>
#include <QFile>

namespace ingather::support
{

namespace
{

qint64 statusValue(QByteArrayView name)
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    // A file of the kernel has no size, so it can't be told when it is at its end.
    for (QByteArray line = status.readLine(); !line.isEmpty(); line = status.readLine()) {
        if (line.startsWith(name))
            return line.mid(name.size()).simplified().split(' ').first().toLongLong() * 1024;
    }
    return 0;
}

} // namespace

qint64 residentBytes()
{
    return statusValue("VmRSS:");
}

qint64 residentPeakBytes()
{
    return statusValue("VmHWM:");
}

bool forgetResidentPeak()
{
    QFile clear(QStringLiteral("/proc/self/clear_refs"));
    return clear.open(QIODevice::WriteOnly | QIODevice::Unbuffered) && clear.write("5") == 1;
}

} // namespace ingather::support
