// SPDX-License-Identifier: MIT
#include "ledger/migrations/backup_before.h"

#include "ledger/backups/online_backup.h"
#include "ledger/sqlite.h"

#include <QDateTime>
#include <QFileInfo>

namespace ingather::ledger
{

using core::Result;

namespace
{

// Several programs may be set up in one second; the backup of each keeps its own name.
QString freePath(const QString &ledgerPath, int version, core::UnixTime now)
{
    const QString stem =
        QStringLiteral("%1.v%2-%3")
            .arg(ledgerPath)
            .arg(version)
            .arg(QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(now.seconds * 1000), Qt::UTC)
                     .toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'")));
    QString path = stem + QStringLiteral(".backup");
    for (int n = 2; QFileInfo::exists(path); ++n)
        path = QStringLiteral("%1-%2.backup").arg(stem).arg(n);
    return path;
}

} // namespace

Result<QString> backUpBefore(const QString &ledgerPath, int version, core::UnixTime now)
{
    const QString path = freePath(ledgerPath, version, now);
    // Read by a connection of its own: SQLite copies none that is writing.
    SqliteConnection source;
    Result<> done = source.open(ledgerPath, SqliteConnection::Mode::ReadOnly);
    if (done)
        done = backupTo(source.handle(), path);
    if (!done)
        return done.error();
    return path;
}

} // namespace ingather::ledger
