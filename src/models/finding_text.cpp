// SPDX-License-Identifier: MIT
#include "models/finding_text.h"

#include "models/format.h"

#include <QLocale>

#include <algorithm>

namespace ingather::models
{

using core::Finding;
using core::FindingId;

namespace
{

QString number(qint64 count)
{
    return QLocale().toString(count);
}

} // namespace

// Counts stand behind a colon, so that no sentence needs a plural.

QString FindingText::summary(const Finding &finding)
{
    if (finding.severity == core::Severity::Ok)
        return tr("This check found nothing.");
    if (finding.id <= FindingId::IndexDamaged)
        return aboutFile(finding);
    if (finding.id <= FindingId::ObjectExtra)
        return aboutSchema(finding);
    if (finding.id <= FindingId::RowsSalvaged)
        return aboutRows(finding);
    if (finding.id <= FindingId::ClaimPlanWrong)
        return aboutWork(finding);
    return aboutSurroundings(finding);
}

QString FindingText::aboutFile(const Finding &finding)
{
    switch (finding.id) {
    case FindingId::FileAbsent:
        return tr("There is no ledger at %1.").arg(finding.place);
    case FindingId::FileEmpty:
        return tr("The file %1 is empty.").arg(finding.place);
    case FindingId::FileUnmigrated:
        return tr("The file %1 has not been brought to this version of the ledger.").arg(finding.place);
    case FindingId::FileNotADatabase:
        return tr("The file is not a ledger, or its beginning is destroyed.");
    case FindingId::FileUnreadable:
        return tr("The file of the ledger cannot be read.");
    case FindingId::RepairUnfinished:
        return tr("A repair was cut off while it put the new ledger in place.");
    case FindingId::PageDamaged:
        return finding.count > 0
                   ? tr("Damaged places in the pages of the file: %1.").arg(number(finding.count))
                   : tr("Pages of the file are damaged.");
    default:
        return finding.place.isEmpty() ? tr("An index does not fit its table.")
                                       : tr("The index %1 does not fit its table.").arg(finding.place);
    }
}

QString FindingText::aboutSchema(const Finding &finding)
{
    const QString &place = finding.place;
    switch (finding.id) {
    case FindingId::VersionMismatch:
        return tr("The ledger contradicts itself about its version.");
    case FindingId::VersionNewer:
        return tr("The ledger was written by a newer version of Ingather, which this one can work with.");
    case FindingId::VersionNewerBreaking:
        return tr("The ledger was written by a newer version of Ingather; this one can only look at it.");
    case FindingId::MigrationChanged:
        return tr("A step of the ledger's migration is not the one that this version knows: %1.").arg(place);
    case FindingId::MigrationGap:
        return tr("Steps of the ledger's migration are missing from its record.");
    case FindingId::TableMissing:
        return tr("The table %1 is missing.").arg(place);
    case FindingId::ColumnMissing:
        return tr("The column %1 is missing.").arg(place);
    case FindingId::IndexMissing:
        return tr("The index %1 is missing.").arg(place);
    case FindingId::TriggerMissing:
        return tr("The trigger %1 is missing.").arg(place);
    case FindingId::TableChanged:
        return tr("The table %1 was changed.").arg(place);
    case FindingId::IndexChanged:
        return tr("The index %1 was changed.").arg(place);
    case FindingId::TriggerChanged:
        return tr("The trigger %1 was changed.").arg(place);
    case FindingId::ColumnOrder:
        return tr("The columns of %1 are in another order, which does no harm.").arg(place);
    case FindingId::ColumnExtra:
        return tr("Somebody has added the column %1, which does no harm.").arg(place);
    default:
        return tr("Somebody has added %1, which does no harm.").arg(place);
    }
}

QString FindingText::aboutRows(const Finding &finding)
{
    const QString count = number(finding.count);
    switch (finding.id) {
    case FindingId::ForeignKeyBroken:
        return tr("Rows of %1 that belong to something which is not there: %2.").arg(finding.place, count);
    case FindingId::KeyDuplicated:
        return tr("Keys of %1 that occur more than once: %2.").arg(finding.place, count);
    case FindingId::KeyMismatch:
        return tr("Rows of %1 whose key does not fit what they are made of: %2.").arg(finding.place, count);
    case FindingId::StateRuleBroken:
        return tr("Rows of %1 that contradict themselves: %2.").arg(finding.place, count);
    case FindingId::ValueMistyped:
        return tr("Rows of %1 with a value of the wrong kind: %2.").arg(finding.place, count);
    case FindingId::RowSumWrong:
        return tr("Rows of %1 that were changed after they had been written: %2.").arg(finding.place, count);
    case FindingId::RowUnsigned:
        return tr("Rows of %1 without a checksum, such as other programs write them: %2.")
            .arg(finding.place, count);
    case FindingId::CountsWrong:
        return tr("The counts that are kept of the jobs do not fit the jobs.");
    case FindingId::MetaBroken:
        return tr("The ledger's facts about itself are incomplete.");
    case FindingId::JobsStuck:
        return tr("Jobs that would never be taken up again: %1.").arg(count);
    default:
        return tr("Rows that a repair could not put back into their table, and kept aside: %1.").arg(count);
    }
}

QString FindingText::aboutWork(const Finding &finding)
{
    const QString count = number(finding.count);
    switch (finding.id) {
    case FindingId::LeasesExpired:
        return tr("Jobs whose worker has not reported in time: %1.").arg(count);
    case FindingId::LeaseFarAhead:
        return tr("Jobs that are reserved further ahead than any worker may: %1.").arg(count);
    case FindingId::OpsOpenTooLong:
        return tr("Operations that were begun and that nobody works on any more: %1.").arg(count);
    default:
        return tr("SQLite would search all jobs instead of using the index that is there for it.");
    }
}

QString FindingText::aboutSurroundings(const Finding &finding)
{
    const QString count = number(finding.count);
    switch (finding.id) {
    case FindingId::WalLarge:
        return tr("The ledger's log has grown to %1.").arg(Format::bytes(finding.count));
    case FindingId::DiskLow:
        return tr("There is little room left beside the ledger: %1.").arg(Format::bytes(finding.count));
    case FindingId::NetworkFileSystem:
        return tr("The ledger lies on a network file system.");
    case FindingId::WalResetBug:
        return tr(
            "This SQLite has a fault that can damage the ledger, and the lock that keeps it away is not "
            "there.");
    case FindingId::BackupMissing:
        return tr("There is no backup of this ledger.");
    case FindingId::BackupOld:
        return finding.count > 0 ? tr("The last backup is old; its age in days: %1.").arg(count)
                                 : tr("The last backup is old.");
    case FindingId::FileMissing:
        return tr("Files of finished jobs that are not where they were filed: %1.").arg(count);
    case FindingId::FileSizeWrong:
        return tr("Files of finished jobs that do not have the size which they were filed with: %1.")
            .arg(count);
    case FindingId::FileHashWrong:
        return tr("Files of finished jobs whose content is not what was filed: %1.").arg(count);
    case FindingId::FileChanged:
        return tr("Files of finished jobs that somebody has changed since: %1.").arg(count);
    case FindingId::VolumeAbsent:
        return tr("The folder %1 is not there; files in it that were not looked at: %2.")
            .arg(finding.place, count);
    case FindingId::PartsOrphaned:
        return tr("Unfinished files in %1 that belong to no job: %2.").arg(finding.place, count);
    default:
        return tr("Contents that are filed under several works: %1.").arg(count);
    }
}

QString FindingText::remedy(const Finding &finding)
{
    if (finding.severity == core::Severity::Ok)
        return {};
    switch (core::cureOf(finding.id)) {
    case core::Cure::Unasked:
        if (finding.id == FindingId::TableMissing || finding.id == FindingId::ColumnMissing)
            return tr("The next start mends this, after a backup; if rows are lost with it, "
                      "“ingather-cli repair --plan” says what can be done.");
        return tr("The next start mends this by itself, after a backup.");
    case core::Cure::Repair:
        return tr("“ingather-cli repair --plan” says what would be done, “ingather-cli repair” does it.");
    case core::Cure::Migrate:
        if (finding.id == FindingId::FileUnmigrated)
            return tr("“ingather-cli migrate” does it, after a backup; so do get, add, import and run.");
        return tr("get, add, import and run create it.");
    case core::Cure::Person:
        return personalRemedy(finding.id);
    case core::Cure::None:
        break;
    }
    switch (finding.id) {
    case FindingId::LeasesExpired:
    case FindingId::OpsOpenTooLong:
        return tr("The next “ingather-cli run” goes on with them.");
    case FindingId::BackupMissing:
        return tr("“ingather-cli backup FILE” makes one.");
    case FindingId::RowsSalvaged:
        return tr("They are in the table ingather_salvage, with the reason of each.");
    default:
        return {};
    }
}

QString FindingText::personalRemedy(FindingId id)
{
    switch (id) {
    case FindingId::FileUnreadable:
        return tr("Look at the path, the permissions and the disk.");
    case FindingId::VersionNewerBreaking:
    case FindingId::MigrationChanged:
        return tr("Use the version of Ingather that wrote it.");
    case FindingId::LeaseFarAhead:
        return tr(
            "Look at the clocks of the machines that work with this ledger: a wrong one can have done it.");
    case FindingId::WalLarge:
        return tr("End the programs that have the ledger open; one that reads for long keeps it from "
                  "shrinking.");
    case FindingId::DiskLow:
        return tr("Make room: a repair needs three times the size of the ledger.");
    case FindingId::NetworkFileSystem:
        return tr("Move the ledger to a local disk; there it is faster and safer.");
    case FindingId::WalResetBug:
        return tr("Let no other program than Ingather write to it; any command that writes makes the lock.");
    case FindingId::BackupOld:
        return tr("“ingather-cli backup FILE” makes a new one.");
    case FindingId::FileMissing:
        return tr("“ingather-cli retry JOB” fetches a file again; health --json names the jobs.");
    case FindingId::FileSizeWrong:
    case FindingId::FileHashWrong:
        return tr(
            "Look at the disk and at who may write there; move such a file away, and “ingather-cli retry "
            "JOB” fetches it again.");
    case FindingId::VolumeAbsent:
        return tr("Connect the volume and look again.");
    default:
        return {};
    }
}

QString FindingText::status(core::HealthStatus status)
{
    switch (status) {
    case core::HealthStatus::Healthy:
        return tr("healthy");
    case core::HealthStatus::Degraded:
        return tr("degraded");
    case core::HealthStatus::Broken:
        break;
    }
    return tr("broken");
}

QString FindingText::severity(core::Severity severity)
{
    switch (severity) {
    case core::Severity::Ok:
        return tr("well");
    case core::Severity::Info:
        return tr("note");
    case core::Severity::Warning:
        return tr("warning");
    case core::Severity::Error:
        break;
    }
    return tr("error");
}

QString FindingText::step(core::WorkStep step)
{
    switch (step) {
    case core::WorkStep::CheckingPages:
        return tr("checking pages");
    case core::WorkStep::CheckingKeys:
        return tr("checking keys");
    case core::WorkStep::CheckingRows:
        return tr("checking rows");
    case core::WorkStep::CheckingFiles:
        return tr("checking files");
    case core::WorkStep::CopyingLedger:
        return tr("copying the ledger");
    case core::WorkStep::ReadingPages:
        return tr("reading pages");
    case core::WorkStep::WritingRows:
        return tr("writing rows");
    case core::WorkStep::VerifyingLedger:
        return tr("checking the new ledger");
    case core::WorkStep::Compressing:
        break;
    }
    return tr("compressing");
}

QString FindingText::progress(const core::WorkProgress &progress)
{
    const QString name = step(progress.step);
    if (progress.total > 0) {
        const double fraction = static_cast<double>(std::min(progress.done, progress.total)) /
                                static_cast<double>(progress.total);
        return tr("%1: %2").arg(name, Format::percent(fraction));
    }
    return progress.done > 0 ? tr("%1: %2").arg(name, number(progress.done)) : name;
}

QString FindingText::repairKind(core::RepairKind kind)
{
    switch (kind) {
    case core::RepairKind::Nothing:
        return tr("There is nothing to repair.");
    case core::RepairKind::Mend:
        return tr("What is missing is made again, and indexes and counts are rebuilt.");
    case core::RepairKind::Rebuild:
        return tr("Tables that were changed are written anew.");
    case core::RepairKind::Salvage:
        break;
    }
    return tr("Everything that can still be read is carried over into a new ledger.");
}

} // namespace ingather::models
