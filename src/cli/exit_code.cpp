// SPDX-License-Identifier: MIT
#include "cli/exit_code.h"

namespace ingather::cli
{

ExitCode exitCodeFor(core::ErrorCode code)
{
    using core::ErrorCode;
    switch (code) {
    case ErrorCode::InvalidUrl:
    case ErrorCode::UnsupportedScheme:
    case ErrorCode::InvalidArgument:
    case ErrorCode::UnknownJob:
    case ErrorCode::FolderMissing:
    case ErrorCode::FolderNotWritable:
    case ErrorCode::NotAFolder:
    case ErrorCode::UnreadableList:
        return WrongUsage;
    case ErrorCode::LedgerCannotOpen:
    case ErrorCode::LedgerIsFolder:
    case ErrorCode::LedgerNotADatabase:
    case ErrorCode::LedgerCorrupt:
    case ErrorCode::LedgerReadOnly:
    case ErrorCode::LedgerBusy:
    case ErrorCode::LedgerFull:
    case ErrorCode::LedgerIoError:
    case ErrorCode::LedgerConstraint:
    case ErrorCode::LedgerSchema:
    case ErrorCode::LedgerUnmigrated:
    case ErrorCode::LedgerNewer:
    case ErrorCode::LedgerSwapped:
    case ErrorCode::LedgerNeedsRepair:
    case ErrorCode::LedgerInUse:
    case ErrorCode::BackupUnusable:
    case ErrorCode::LedgerClosed:
    case ErrorCode::LedgerError:
    case ErrorCode::TooManyConnections:
        return LedgerUnusable;
    default:
        return NotAllWell;
    }
}

} // namespace ingather::cli
