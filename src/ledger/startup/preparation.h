// SPDX-License-Identifier: MIT
#pragma once

#include "core/repair_report.h"
#include "core/result.h"
#include "ledger/sqlite.h"
#include "ledger/startup/startup.h"
#include "ledger/validation/drift.h"
#include "ledger/write_lock.h"

namespace ingather::ledger
{

/// The part of a start that writes: everything between the look at a ledger that is not in order and the end
/// of the start. Takes the write lock, and opens the file with a connection of its own, so that one that is
/// refused in the end was never open to anybody else.
class Preparation final
{
public:
    /// Steps, findings and so on are added to `startUp`. Both outlive this.
    Preparation(const OpenOptions &options, StartUp &startUp);
    Q_DISABLE_COPY_MOVE(Preparation)

    /// Makes the file if it is absent and migrates it up to version `to`; one of the current version is
    /// validated after that, and cured once, if that may be done unasked.
    core::Result<core::MigrationReport> run(int to);

private:
    core::Result<> takeLock();
    core::Result<bool> openFile();
    core::Result<core::MigrationReport> migrateFile(int to);
    core::Result<> validate();
    core::Result<QList<core::Finding>> findProblems();
    core::Result<QList<core::Finding>> findPageProblems();
    core::Result<> notePageCheck();
    bool canCure(const QList<core::Finding> &problems) const;
    core::Result<> cure(const QList<core::Finding> &problems);
    core::Result<> cureInTransaction(const QList<core::Finding> &problems);

    const OpenOptions &m_options;
    StartUp &m_startUp;
    WriteLock m_lock;
    SqliteConnection m_file;
    SchemaDrift m_drift;
    QStringList m_checkedAfter; ///< owners for whose unclean end the pages were looked at
};

} // namespace ingather::ledger
