// SPDX-License-Identifier: MIT
#include "core/error.h"

#include <QLatin1StringView>

#include <array>

namespace ingather::core
{

namespace
{

struct Row {
    ErrorCode code;
    ErrorClass errorClass;
    const char *name;
};

// In the order of the enumeration; a test walks it.
constexpr std::array rows{
    Row{ErrorCode::InvalidUrl, ErrorClass::Permanent, "invalid_url"},
    Row{ErrorCode::UnsupportedScheme, ErrorClass::Permanent, "unsupported_scheme"},
    Row{ErrorCode::InvalidArgument, ErrorClass::Permanent, "invalid_argument"},
    Row{ErrorCode::UnknownJob, ErrorClass::Permanent, "unknown_job"},
    Row{ErrorCode::FolderMissing, ErrorClass::Permanent, "folder_missing"},
    Row{ErrorCode::FolderNotWritable, ErrorClass::Permanent, "folder_not_writable"},
    Row{ErrorCode::NotAFolder, ErrorClass::Permanent, "not_a_folder"},
    Row{ErrorCode::UnreadableList, ErrorClass::Permanent, "unreadable_list"},
    Row{ErrorCode::HostNotFound, ErrorClass::Retry, "host_not_found"},
    Row{ErrorCode::ConnectionRefused, ErrorClass::Retry, "connection_refused"},
    Row{ErrorCode::ConnectionLost, ErrorClass::Retry, "connection_lost"},
    Row{ErrorCode::NetworkUnreachable, ErrorClass::Retry, "network_unreachable"},
    Row{ErrorCode::TlsFailed, ErrorClass::Retry, "tls_failed"},
    Row{ErrorCode::ProxyFailed, ErrorClass::Retry, "proxy_failed"},
    Row{ErrorCode::HeaderTimeout, ErrorClass::Retry, "header_timeout"},
    Row{ErrorCode::Stalled, ErrorClass::Retry, "stalled"},
    Row{ErrorCode::ProtocolError, ErrorClass::Retry, "protocol_error"},
    Row{ErrorCode::TooManyRedirects, ErrorClass::OtherSource, "too_many_redirects"},
    Row{ErrorCode::RedirectDowngrade, ErrorClass::Permanent, "redirect_downgrade"},
    Row{ErrorCode::RedirectInvalid, ErrorClass::OtherSource, "redirect_invalid"},
    Row{ErrorCode::HttpUnauthorized, ErrorClass::OtherSource, "http_unauthorized"},
    Row{ErrorCode::HttpForbidden, ErrorClass::OtherSource, "http_forbidden"},
    Row{ErrorCode::HttpNotFound, ErrorClass::OtherSource, "http_not_found"},
    Row{ErrorCode::HttpGone, ErrorClass::OtherSource, "http_gone"},
    Row{ErrorCode::HttpRequestTimeout, ErrorClass::Retry, "http_request_timeout"},
    Row{ErrorCode::HttpRangeNotSatisfiable, ErrorClass::Retry, "http_range_not_satisfiable"},
    Row{ErrorCode::HttpTooManyRequests, ErrorClass::RetryAt, "http_too_many_requests"},
    Row{ErrorCode::HttpClientError, ErrorClass::Permanent, "http_client_error"},
    Row{ErrorCode::HttpServerError, ErrorClass::Retry, "http_server_error"},
    Row{ErrorCode::HttpUnavailable, ErrorClass::RetryAt, "http_unavailable"},
    Row{ErrorCode::HttpUnexpectedStatus, ErrorClass::Permanent, "http_unexpected_status"},
    Row{ErrorCode::LengthConflict, ErrorClass::Retry, "length_conflict"},
    Row{ErrorCode::BodyTooShort, ErrorClass::Retry, "body_too_short"},
    Row{ErrorCode::BodyTooLong, ErrorClass::Retry, "body_too_long"},
    Row{ErrorCode::RangeMismatch, ErrorClass::Retry, "range_mismatch"},
    Row{ErrorCode::ContentEncoded, ErrorClass::Permanent, "content_encoded"},
    Row{ErrorCode::ContentUndecodable, ErrorClass::Retry, "content_undecodable"},
    Row{ErrorCode::ValidatorChanged, ErrorClass::Retry, "validator_changed"},
    Row{ErrorCode::BlockedPage, ErrorClass::OtherSource, "blocked_page"},
    Row{ErrorCode::ContentTruncated, ErrorClass::Retry, "content_truncated"},
    Row{ErrorCode::WrongContent, ErrorClass::OtherSource, "wrong_content"},
    Row{ErrorCode::DigestMismatch, ErrorClass::OtherSource, "digest_mismatch"},
    Row{ErrorCode::DiskFull, ErrorClass::Wait, "disk_full"},
    Row{ErrorCode::VolumeAbsent, ErrorClass::Wait, "volume_absent"},
    Row{ErrorCode::VolumeFailing, ErrorClass::Wait, "volume_failing"},
    Row{ErrorCode::PermissionDenied, ErrorClass::Permanent, "permission_denied"},
    Row{ErrorCode::PartLocked, ErrorClass::Retry, "part_locked"},
    Row{ErrorCode::PartMissing, ErrorClass::Retry, "part_missing"},
    Row{ErrorCode::PartDamaged, ErrorClass::Retry, "part_damaged"},
    Row{ErrorCode::FileMissing, ErrorClass::Retry, "file_missing"},
    Row{ErrorCode::FileChanged, ErrorClass::Retry, "file_changed"},
    Row{ErrorCode::FileDamaged, ErrorClass::Retry, "file_damaged"},
    Row{ErrorCode::FileExists, ErrorClass::Retry, "file_exists"},
    Row{ErrorCode::NameExhausted, ErrorClass::Permanent, "name_exhausted"},
    Row{ErrorCode::FileError, ErrorClass::Retry, "file_error"},
    Row{ErrorCode::LedgerCannotOpen, ErrorClass::Permanent, "ledger_cannot_open"},
    Row{ErrorCode::LedgerIsFolder, ErrorClass::Permanent, "ledger_is_folder"},
    Row{ErrorCode::LedgerNotADatabase, ErrorClass::Permanent, "ledger_not_a_database"},
    Row{ErrorCode::LedgerCorrupt, ErrorClass::Permanent, "ledger_corrupt"},
    Row{ErrorCode::LedgerReadOnly, ErrorClass::Permanent, "ledger_read_only"},
    Row{ErrorCode::LedgerBusy, ErrorClass::Wait, "ledger_busy"},
    Row{ErrorCode::LedgerFull, ErrorClass::Wait, "ledger_full"},
    Row{ErrorCode::LedgerIoError, ErrorClass::Permanent, "ledger_io_error"},
    Row{ErrorCode::LedgerConstraint, ErrorClass::Bug, "ledger_constraint"},
    Row{ErrorCode::LedgerSchema, ErrorClass::Permanent, "ledger_schema"},
    Row{ErrorCode::LedgerUnmigrated, ErrorClass::Permanent, "ledger_unmigrated"},
    Row{ErrorCode::LedgerNewer, ErrorClass::Permanent, "ledger_newer"},
    Row{ErrorCode::LedgerSwapped, ErrorClass::Retry, "ledger_swapped"},
    Row{ErrorCode::LedgerNeedsRepair, ErrorClass::Permanent, "ledger_needs_repair"},
    Row{ErrorCode::LedgerInUse, ErrorClass::Permanent, "ledger_in_use"},
    Row{ErrorCode::BackupUnusable, ErrorClass::Permanent, "backup_unusable"},
    Row{ErrorCode::LedgerClosed, ErrorClass::Permanent, "ledger_closed"},
    Row{ErrorCode::LedgerError, ErrorClass::Permanent, "ledger_error"},
    Row{ErrorCode::TooManyConnections, ErrorClass::Bug, "too_many_connections"},
    Row{ErrorCode::LeaseLost, ErrorClass::Control, "lease_lost"},
    Row{ErrorCode::TransitionRefused, ErrorClass::Bug, "transition_refused"},
    Row{ErrorCode::Paused, ErrorClass::Control, "paused"},
    Row{ErrorCode::Cancelled, ErrorClass::Control, "cancelled"},
    Row{ErrorCode::Stopped, ErrorClass::Control, "stopped"},
    Row{ErrorCode::KeyringUnavailable, ErrorClass::Permanent, "keyring_unavailable"},
    Row{ErrorCode::Internal, ErrorClass::Bug, "internal"},
};

constexpr bool inEnumerationOrder()
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].code != static_cast<ErrorCode>(i))
            return false;
    }
    return rows.back().code == ErrorCode::Internal;
}
static_assert(inEnumerationOrder());

const Row &rowOf(ErrorCode code)
{
    return rows[static_cast<std::size_t>(code)];
}

} // namespace

ErrorClass errorClass(ErrorCode code)
{
    return rowOf(code).errorClass;
}

QString errorCodeName(ErrorCode code)
{
    return QString::fromLatin1(rowOf(code).name);
}

std::optional<ErrorCode> errorCodeFromName(QStringView name)
{
    for (const Row &row : rows) {
        if (name == QLatin1StringView(row.name))
            return row.code;
    }
    return std::nullopt;
}

QString toLogText(const Error &error)
{
    QString text = errorCodeName(error.code);
    if (!error.operation.isEmpty())
        text += QStringLiteral(" while: ") + error.operation;
    if (error.native != 0)
        text += QStringLiteral(" (native %1)").arg(error.native);
    if (!error.detail.isEmpty())
        text += QStringLiteral(": ") + error.detail;
    return text;
}

} // namespace ingather::core
