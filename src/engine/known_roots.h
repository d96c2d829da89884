// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QSet>
#include <QString>
#include <QStringList>

namespace ingather::engine
{

/// Which root folders are there, each looked for once: a volume that is away is one fact, and not one for
/// each of its files. Reads the file system.
class KnownRoots final
{
public:
    /// In these a volume is mounted when all is well: they are not there while they are empty folders.
    void remember(const QSet<QString> &mountPoints) { m_mountPoints = mountPoints; }
    bool isThere(const QString &root);
    /// Those that were asked for and are not there, sorted.
    QStringList absent() const;

private:
    QHash<QString, bool> m_roots;
    QSet<QString> m_mountPoints;
};

} // namespace ingather::engine
