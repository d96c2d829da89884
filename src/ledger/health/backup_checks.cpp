// SPDX-License-Identifier: MIT
#include "ledger/health/backup_checks.h"

#include "ledger/backups/ledger_description.h"
#include "ledger/backups/rolling_backups.h"

namespace ingather::ledger
{

using core::FindingId;

namespace
{

constexpr double oneDay = 86'400;
constexpr double oldAfter = 7 * oneDay;

} // namespace

core::Result<> checkBackups(CheckContext &context)
{
    const QList<BackupInfo> backups = listBackups(context.request.path);
    std::optional<core::Finding> missing;
    if (backups.isEmpty())
        missing = core::found(FindingId::BackupMissing, backupFolder(context.request.path));
    context.checks.add(FindingId::BackupMissing, missing);

    std::optional<core::Finding> old;
    const double age = backups.isEmpty() ? 0 : context.now.seconds - backups.first().madeAt.seconds;
    if (age > oldAfter) {
        // None is made of a ledger that has not changed, so a good one may be of any age.
        const core::Result<LedgerDescription> ledger = describeLedger(context.connection);
        const bool isSame = ledger && ledger->fingerprint == backups.first().fingerprint;
        if (!isSame) {
            old = core::found(FindingId::BackupOld, backups.first().path,
                              QStringLiteral("the ledger has changed since"),
                              static_cast<qint64>(age / oneDay));
        }
    }
    context.checks.add(FindingId::BackupOld, old);
    return {};
}

} // namespace ingather::ledger
