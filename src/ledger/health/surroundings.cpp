// SPDX-License-Identifier: MIT
#include "ledger/health/surroundings.h"

#include "ledger/write_lock.h"

#include <QFileInfo>

#include <sqlite3.h>

#include <algorithm>

namespace ingather::ledger
{

using core::Finding;
using core::FindingId;
using core::Result;

namespace
{

constexpr qint64 largestWal = qint64{64} << 20;
constexpr qint64 leastFreeSpace = qint64{1} << 30;
constexpr int roomForRepair = 3; ///< times the size of the ledger

// https://www.sqlite.org/wal.html, 11: a commit that resets the log during another connection's checkpoint.
constexpr int firstWithResetBug = 3'007'000;
constexpr int lastWithResetBug = 3'051'002;

std::optional<Finding> largeWal(const HealthRequest &request)
{
    const QString wal = request.path + QStringLiteral("-wal");
    const Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(wal);
    if (!facts || !*facts || (*facts)->size <= largestWal)
        return std::nullopt;
    return core::found(FindingId::WalLarge, wal,
                       QStringLiteral("%1 bytes, more than %2").arg((*facts)->size).arg(largestWal),
                       (*facts)->size);
}

std::optional<Finding> resetBug(const HealthRequest &request, bool isWal)
{
    const int version = request.sqliteVersion > 0 ? request.sqliteVersion : sqlite3_libversion_number();
    const bool isAffected = version >= firstWithResetBug && version <= lastWithResetBug;
    if (!isAffected || !isWal || QFileInfo::exists(WriteLock::pathFor(request.path)))
        return std::nullopt;
    return core::found(FindingId::WalResetBug, WriteLock::pathFor(request.path),
                       QStringLiteral("SQLite %1 without the lock file").arg(version));
}

} // namespace

void checkUnfinishedRepair(const HealthRequest &request, CheckList &checks)
{
    const QString pending = request.path + QStringLiteral(".repair/pending");
    std::optional<Finding> finding;
    if (QFileInfo::exists(pending))
        finding = core::found(FindingId::RepairUnfinished, pending);
    checks.add(FindingId::RepairUnfinished, finding);
}

Result<> checkSurroundings(const HealthRequest &request, qint64 ledgerBytes, bool isWal, CheckList &checks)
{
    const QString folder = QFileInfo(request.path).absolutePath();
    checks.add(FindingId::WalLarge, largeWal(request));

    const Result<qint64> free = request.freeSpace(folder);
    if (!free)
        return free.error();
    const qint64 wanted = std::max(leastFreeSpace, roomForRepair * ledgerBytes);
    std::optional<Finding> low;
    if (*free < wanted)
        low = core::found(FindingId::DiskLow, folder,
                          QStringLiteral("%1 bytes free, %2 wanted").arg(*free).arg(wanted), *free);
    checks.add(FindingId::DiskLow, low);

    const Result<bool> isOnNetwork = request.isNetworkFileSystem(folder);
    if (!isOnNetwork)
        return isOnNetwork.error();
    std::optional<Finding> network;
    if (*isOnNetwork)
        network = core::found(FindingId::NetworkFileSystem, folder);
    checks.add(FindingId::NetworkFileSystem, network);
    checks.add(FindingId::WalResetBug, resetBug(request, isWal));
    return {};
}

} // namespace ingather::ledger
