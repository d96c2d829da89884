// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <chrono>
#include <optional>

namespace ingather::core
{

/// What should happen after an error. The engine branches on this, never on a text.
enum class ErrorClass {
    Retry,       ///< try again after a backoff; counts as an attempt
    RetryAt,     ///< the server named the earliest time (Retry-After)
    Wait,        ///< a volume or the network is away; no attempt is charged
    OtherSource, ///< this URL will not give it; another candidate may
    Permanent,   ///< trying again changes nothing
    Control,     ///< somebody asked for it: pause, cancel, stop, lost lease
    Bug,         ///< a broken promise of our own code
};

/// Every way in which something can fail. The stored names (see errorCodeName) never change.
enum class ErrorCode {
    // what people hand over
    InvalidUrl,
    UnsupportedScheme,
    InvalidArgument,
    UnknownJob,
    FolderMissing,
    FolderNotWritable,
    NotAFolder,
    UnreadableList,
    // network
    HostNotFound,
    ConnectionRefused,
    ConnectionLost,
    NetworkUnreachable,
    TlsFailed,
    ProxyFailed,
    HeaderTimeout,
    Stalled,
    ProtocolError,
    // HTTP
    TooManyRedirects,
    RedirectDowngrade,
    RedirectInvalid,
    HttpUnauthorized,
    HttpForbidden,
    HttpNotFound,
    HttpGone,
    HttpRequestTimeout,
    HttpRangeNotSatisfiable,
    HttpTooManyRequests,
    HttpClientError,
    HttpServerError,
    HttpUnavailable,
    HttpUnexpectedStatus,
    LengthConflict,
    BodyTooShort,
    BodyTooLong,
    RangeMismatch,
    ContentEncoded,
    ContentUndecodable,
    ValidatorChanged,
    // content
    BlockedPage,
    ContentTruncated,
    WrongContent,
    // files
    DigestMismatch,
    DiskFull,
    VolumeAbsent,
    VolumeFailing,
    PermissionDenied,
    PartLocked,
    PartMissing,
    PartDamaged,
    FileMissing,
    FileChanged,
    FileDamaged,
    FileExists,
    NameExhausted,
    FileError,
    // ledger
    LedgerCannotOpen,
    LedgerIsFolder,
    LedgerNotADatabase,
    LedgerCorrupt,
    LedgerReadOnly,
    LedgerBusy,
    LedgerFull,
    LedgerIoError,
    LedgerConstraint,
    LedgerSchema,
    LedgerUnmigrated,
    LedgerNewer,
    LedgerSwapped,
    LedgerNeedsRepair,
    LedgerInUse,
    BackupUnusable,
    LedgerClosed,
    LedgerError,
    TooManyConnections,
    // control
    LeaseLost,
    TransitionRefused,
    Paused,
    Cancelled,
    Stopped,
    // keyring
    KeyringUnavailable,
    // ours
    Internal,
};

/// code: what; operation: what was being done, in our own words ("rename part"); native: errno,
/// SQLite extended code, HTTP status or QNetworkReply::NetworkError, whichever the operation speaks
/// of, 0 if none; detail: for the log and for `error_detail`, free of secrets.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    QString operation;
    int native = 0;
    QString detail = {};
    std::optional<std::chrono::seconds> retryAfter = std::nullopt;

    friend bool operator==(const Error &, const Error &) = default;
};

ErrorClass errorClass(ErrorCode code);

/// What a reconciliation marks a done job with whose file is not what was filed.
constexpr bool isFileTrouble(ErrorCode code)
{
    return code == ErrorCode::FileMissing || code == ErrorCode::FileChanged || code == ErrorCode::FileDamaged;
}

/// An error of the volume that a folder lies on, not of the file that met it.
constexpr bool isVolumeTrouble(ErrorCode code)
{
    return code == ErrorCode::DiskFull || code == ErrorCode::VolumeAbsent || code == ErrorCode::VolumeFailing;
}

/// An error of the ledger itself: no fault of the job that met it.
constexpr bool isLedgerError(ErrorCode code)
{
    return code >= ErrorCode::LedgerCannotOpen && code <= ErrorCode::LedgerError &&
           code != ErrorCode::LedgerConstraint;
}

/// The stable name that is stored in `error_code` and printed in JSON, e.g. "host_not_found".
QString errorCodeName(ErrorCode code);

/// The code with that stored name; nullopt for a name of a later version.
std::optional<ErrorCode> errorCodeFromName(QStringView name);

/// One line for logs: name, operation, native code and detail.
QString toLogText(const Error &error);

} // namespace ingather::core
