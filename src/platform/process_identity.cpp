// SPDX-License-Identifier: MIT
#include "platform/process_identity.h"

#include "platform/nonce.h"

#include <QFile>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include <sys/stat.h>
#include <unistd.h>

namespace ingather::platform
{

namespace
{

constexpr QChar separator = u'/';
/// Stands for a boot id or host name that the system does not tell; never equal to a real one.
constexpr QChar unknownMark = u'-';

/// One path component of /proc that may be absent (no /proc, hidepid); empty then.
QByteArray readSmall(const QString &path)
{
    QFile file(path);
    // Files in /proc report size 0, so only a read tells what is in them.
    return file.open(QIODevice::ReadOnly | QIODevice::Unbuffered) ? file.read(4096) : QByteArray();
}

struct ProcessFacts {
    char state = '?';
    qint64 threads = 0;
    qint64 start = 0;
};

/// What /proc/<pid>/stat says; nullopt if it cannot be read. The command name (field 2, in
/// parentheses) may hold blanks and parentheses itself, so fields are counted from its last one.
std::optional<ProcessFacts> processFacts(qint64 pid)
{
    const QByteArray text = readSmall(QStringLiteral("/proc/%1/stat").arg(pid));
    const qsizetype afterName = text.lastIndexOf(')');
    if (afterName < 0)
        return std::nullopt;
    const QList<QByteArray> fields = text.mid(afterName + 2).split(' ');
    constexpr int firstField = 3;
    constexpr int threadsField = 20;
    constexpr int startField = 22;
    if (fields.size() <= startField - firstField || fields.first().size() != 1)
        return std::nullopt;
    bool ok = false;
    ProcessFacts facts;
    facts.state = fields.first().front();
    facts.threads = fields.at(threadsField - firstField).toLongLong();
    facts.start = fields.at(startField - firstField).toLongLong(&ok);
    return ok ? std::optional(facts) : std::nullopt;
}

QString hostName()
{
    std::array<char, 256> buffer{};
    if (gethostname(buffer.data(), buffer.size() - 1) != 0 || buffer.front() == '\0')
        return unknownMark;
    return QString::fromUtf8(buffer.data()).replace(separator, u'_');
}

QString bootId()
{
    const QByteArray id = readSmall(QStringLiteral("/proc/sys/kernel/random/boot_id")).trimmed();
    return id.isEmpty() ? QString(unknownMark) : QString::fromLatin1(id);
}

/// Inode of a namespace of ours; 0 where there are no such namespaces.
qint64 namespaceInode(const char *path)
{
    struct stat facts {
    };
    return stat(path, &facts) == 0 ? static_cast<qint64>(facts.st_ino) : 0;
}

qint64 pidNamespace()
{
    return namespaceInode("/proc/self/ns/pid");
}

bool isNonce(const QString &text)
{
    return text.size() == 16 && std::all_of(text.begin(), text.end(), [](QChar c) {
               return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f');
           });
}

} // namespace

QString ProcessIdentity::toString() const
{
    return QStringList{
        host, bootId, QString::number(pidNamespace), QString::number(pid), QString::number(pidStart), nonce}
        .join(separator);
}

std::optional<ProcessIdentity> ProcessIdentity::fromString(const QString &text)
{
    const QStringList fields = text.split(separator);
    if (fields.size() != 6)
        return std::nullopt;
    ProcessIdentity identity;
    identity.host = fields.at(0);
    identity.bootId = fields.at(1);
    identity.pidNamespace = fields.at(2).toLongLong();
    identity.pid = fields.at(3).toLongLong();
    identity.pidStart = fields.at(4).toLongLong();
    identity.nonce = fields.at(5);
    if (identity.host.isEmpty() || identity.bootId.isEmpty() || identity.pidNamespace < 0 ||
        identity.pid <= 0 || identity.pidStart < 0 || !isNonce(identity.nonce))
        return std::nullopt;
    // Writing it again refuses every number that is not in the one form we write.
    return identity.toString() == text ? std::optional(identity) : std::nullopt;
}

ProcessIdentity ProcessIdentity::current()
{
    // Nothing is cached: a forked child is somebody else.
    ProcessIdentity identity;
    identity.host = hostName();
    identity.bootId = platform::bootId();
    identity.pidNamespace = platform::pidNamespace();
    identity.pid = getpid();
    identity.pidStart = processFacts(identity.pid).value_or(ProcessFacts()).start;
    identity.nonce = newNonce();
    return identity;
}

QString ProcessIdentity::textOfThisBoot()
{
    const QString boot = platform::bootId();
    return boot == unknownMark ? QString() : hostName() + separator + boot + separator;
}

QString bootClockName()
{
    const QString boot = bootId();
    return boot == unknownMark ? QString()
                               : boot + separator + QString::number(namespaceInode("/proc/self/ns/time"));
}

Liveness livenessOf(const ProcessIdentity &owner)
{
    const QString ourBoot = bootId();
    if (owner.host != hostName() || owner.bootId == unknownMark || ourBoot == unknownMark)
        return Liveness::Unknown;
    if (owner.bootId != ourBoot)
        return Liveness::Dead;
    if (owner.pidNamespace == 0 || owner.pidNamespace != pidNamespace() || owner.pid <= 0 ||
        owner.pidStart <= 0)
        return Liveness::Unknown;
    const std::optional<ProcessFacts> facts = processFacts(owner.pid);
    if (!facts) {
        // With hidepid other users' processes have no entry; the kernel still says whether they exist.
        return kill(static_cast<pid_t>(owner.pid), 0) != 0 && errno == ESRCH ? Liveness::Dead
                                                                             : Liveness::Unknown;
    }
    if (facts->start != owner.pidStart)
        return Liveness::Dead;
    // A zombie has run its last instruction and only waits to be reaped. With more than one thread it is
    // merely the first thread that ended.
    const bool hasEnded = (facts->state == 'Z' && facts->threads <= 1) || facts->state == 'X';
    return hasEnded ? Liveness::Dead : Liveness::Alive;
}

} // namespace ingather::platform
