// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <optional>

namespace ingather::platform
{

/// Who a process is, precisely enough that another process can tell whether it still lives.
/// Text form (the ledger's `lease_owner`): "host/boot id/pid-namespace inode/pid/pid start/nonce".
struct ProcessIdentity {
    QString host;
    QString bootId;          ///< /proc/sys/kernel/random/boot_id
    qint64 pidNamespace = 0; ///< inode of /proc/self/ns/pid
    qint64 pid = 0;
    qint64 pidStart = 0; ///< field 22 of /proc/<pid>/stat, clock ticks since boot
    QString nonce;       ///< 16 hex digits, new for each call of current()

    QString toString() const;
    /// nullopt for anything that toString() would not have written, such as a v1 owner "host:1001".
    static std::optional<ProcessIdentity> fromString(const QString &text);
    /// This process, with a fresh nonce. Slashes in the host name are replaced.
    static ProcessIdentity current();

    /// What the text form of every process of this host and boot begins with; empty if the system does not
    /// tell the boot.
    static QString textOfThisBoot();

    friend bool operator==(const ProcessIdentity &, const ProcessIdentity &) = default;
};

enum class Liveness { Alive, Dead, Unknown };

/// Dead: same host and another boot id, or same boot and pid namespace and no such process with that
/// start time. Unknown: another host or another pid namespace; only time can tell.
Liveness livenessOf(const ProcessIdentity &owner);

/// Names the CLOCK_BOOTTIME of this process, "boot id/inode of its time namespace": readings under one name
/// can be compared with each other, also those of different processes. Empty if the system does not tell.
QString bootClockName();

} // namespace ingather::platform
