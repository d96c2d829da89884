// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QString>
#include <QStringList>

namespace ingather::engine
{

/// Which root folders are there, each looked for once: a volume that is away is one fact, and not one for
/// each of its files. Reads the file system.
class KnownRoots final
{
public:
    bool isThere(const QString &root);
    /// Those that were asked for and are not there, sorted.
    QStringList absent() const;

private:
    QHash<QString, bool> m_roots;
};

} // namespace ingather::engine
