// SPDX-License-Identifier: MIT
#include "support/volatile_disk.h"

#include <QFile>

namespace ingather::support
{

namespace
{

constexpr qint64 sector = 512;

void put(QByteArray &content, qint64 offset, QByteArrayView bytes)
{
    if (content.size() < offset + bytes.size())
        content.resize(offset + bytes.size(), '\0');
    std::copy(bytes.begin(), bytes.end(), content.begin() + offset);
}

void apply(QByteArray &content, const DiskState::Change &change, const Survival &survives)
{
    if (!change.bytes) {
        if (survives())
            content.resize(change.offset, '\0');
        return;
    }
    const QByteArrayView bytes(*change.bytes);
    for (qint64 from = 0; from < bytes.size();) {
        const qint64 inSector = sector - (change.offset + from) % sector;
        const qint64 count = std::min<qint64>(inSector, bytes.size() - from);
        if (survives())
            put(content, change.offset + from, bytes.sliced(from, count));
        from += count;
    }
}

QByteArray contentOf(const DiskState::Inode &inode, const Survival &survives)
{
    QByteArray content = inode.durable;
    for (const DiskState::Change &change : inode.pending)
        apply(content, change, survives);
    return content;
}

} // namespace

int DiskState::choices() const
{
    int count = 0;
    afterPowerCut([&count] {
        ++count;
        return true;
    });
    return count;
}

QMap<QString, QByteArray> DiskState::afterPowerCut(const Survival &survives) const
{
    QMap<QString, QByteArray> files;
    for (auto it = entries.cbegin(); it != entries.cend(); ++it) {
        const Entry &entry = it.value();
        const bool isCurrent = entry.durable == entry.current || survives();
        const int inode = isCurrent ? entry.current : entry.durable;
        if (inode != 0)
            files.insert(it.key(), contentOf(inodes.value(inode), survives));
    }
    return files;
}

QMap<QString, QByteArray> DiskState::afterKill() const
{
    return afterPowerCut([] { return true; });
}

std::optional<QString> VolatileDisk::nameOf(const QString &path) const
{
    if (!path.startsWith(m_folder))
        return std::nullopt;
    return path.mid(m_folder.size());
}

DiskState::Inode *VolatileDisk::current(const QString &path)
{
    const std::optional<QString> name = nameOf(path);
    const int inode = name ? m_state.entries.value(*name).current : 0;
    return inode == 0 ? nullptr : &m_state.inodes[inode];
}

void VolatileDisk::opened(const QString &path, bool wasCreated)
{
    const std::optional<QString> name = nameOf(path);
    if (!name || m_state.entries.value(*name).current != 0)
        return;
    DiskState::Entry &entry = m_state.entries[*name];
    entry.current = ++m_state.lastInode;
    DiskState::Inode &inode = m_state.inodes[entry.current];
    if (wasCreated)
        return;
    // Seen for the first time: as it lies there it is taken for durable. Nobody holds a lock on it yet.
    entry.durable = entry.current;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %ls", qUtf16Printable(path));
    inode.durable = file.readAll();
}

void VolatileDisk::written(const QString &path, qint64 offset, QByteArrayView bytes)
{
    if (DiskState::Inode *inode = current(path))
        inode->pending.append({offset, bytes.toByteArray()});
}

void VolatileDisk::truncated(const QString &path, qint64 size)
{
    if (DiskState::Inode *inode = current(path))
        inode->pending.append({size, std::nullopt});
}

void VolatileDisk::synced(const QString &path, bool withFolder)
{
    if (current(path) == nullptr)
        return;
    if (m_beforeSync)
        m_beforeSync();
    DiskState::Inode &inode = *current(path);
    inode.durable = contentOf(inode, [] { return true; });
    inode.pending.clear();
    if (withFolder)
        syncFolder();
}

void VolatileDisk::removed(const QString &path, bool withFolder)
{
    const std::optional<QString> name = nameOf(path);
    if (!name)
        return;
    m_state.entries[*name].current = 0;
    if (withFolder)
        syncFolder();
}

void VolatileDisk::syncFolder()
{
    for (auto it = m_state.entries.begin(); it != m_state.entries.end();) {
        it->durable = it->current;
        it = it->current == 0 ? m_state.entries.erase(it) : std::next(it);
    }
}

} // namespace ingather::support
