// SPDX-License-Identifier: MIT
#include "models/error_text.h"

namespace ingather::models
{

using core::ErrorCode;

QString ErrorText::why(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidUrl:
        return tr("This is not a valid web address.");
    case ErrorCode::UnsupportedScheme:
        return tr("Only http and https addresses can be fetched.");
    case ErrorCode::InvalidArgument:
        return tr("A value that was given makes no sense.");
    case ErrorCode::UnknownJob:
        return tr("There is no such job in this ledger.");
    case ErrorCode::FolderMissing:
        return tr("The folder does not exist.");
    case ErrorCode::FolderNotWritable:
        return tr("You may not write into this folder.");
    case ErrorCode::NotAFolder:
        return tr("This path is a file, not a folder.");
    case ErrorCode::UnreadableList:
        return tr("The list could not be read.");
    case ErrorCode::HostNotFound:
        return tr("No server with this name was found.");
    case ErrorCode::ConnectionRefused:
        return tr("The server refused the connection.");
    case ErrorCode::ConnectionLost:
        return tr("The connection to the server broke.");
    case ErrorCode::NetworkUnreachable:
        return tr("The network cannot be reached.");
    case ErrorCode::TlsFailed:
        return tr("No secure connection could be made: the server's certificate was not accepted.");
    case ErrorCode::ProxyFailed:
        return tr("The proxy did not pass the request on.");
    case ErrorCode::HeaderTimeout:
        return tr("The server did not answer in time.");
    case ErrorCode::Stalled:
        return tr("The server stopped sending.");
    case ErrorCode::ProtocolError:
        return tr("The server's answer breaks the rules of HTTP.");
    case ErrorCode::TooManyRedirects:
        return tr("The server sent the request on too many times.");
    case ErrorCode::RedirectDowngrade:
        return tr("The server redirects from a secure address to an insecure one, which is refused.");
    case ErrorCode::RedirectInvalid:
        return tr("The server redirects to something that is no web address.");
    case ErrorCode::HttpUnauthorized:
        return tr("The server asks for a login (401).");
    case ErrorCode::HttpForbidden:
        return tr("The server does not allow access (403).");
    case ErrorCode::HttpNotFound:
        return tr("The server does not have this file (404).");
    case ErrorCode::HttpGone:
        return tr("The server says that the file was removed (410).");
    case ErrorCode::HttpRequestTimeout:
        return tr("The server gave up waiting for the request (408).");
    case ErrorCode::HttpRangeNotSatisfiable:
        return tr("The server cannot go on from where the download stopped (416).");
    case ErrorCode::HttpTooManyRequests:
        return tr("The server asks for fewer requests (429).");
    case ErrorCode::HttpClientError:
        return tr("The server refused the request.");
    case ErrorCode::HttpServerError:
        return tr("The server has a fault of its own.");
    case ErrorCode::HttpUnavailable:
        return tr("The server is not available at the moment (503).");
    case ErrorCode::HttpUnexpectedStatus:
        return tr("The server answered with a status that does not fit a download.");
    case ErrorCode::LengthConflict:
        return tr("The server contradicts itself about the size of the file.");
    case ErrorCode::BodyTooShort:
        return tr("The server sent less than it had announced.");
    case ErrorCode::BodyTooLong:
        return tr("The server sent more than it had announced.");
    case ErrorCode::RangeMismatch:
        return tr("The server sent another part of the file than it was asked for.");
    case ErrorCode::ContentEncoded:
        return tr("The server sent the file in an encoding that was not asked for.");
    case ErrorCode::ContentUndecodable:
        return tr("The server sent the file compressed, and what arrived cannot be unpacked.");
    case ErrorCode::ValidatorChanged:
        return tr("The file on the server changed while it was being fetched.");
    case ErrorCode::BlockedPage:
        return tr("The server sent a web page instead of the file.");
    case ErrorCode::ContentTruncated:
        return tr("The file ends before its content does.");
    case ErrorCode::WrongContent:
        return tr("The content is of another kind than the one that was asked for.");
    case ErrorCode::DigestMismatch:
        return tr("The content does not have the digest that was expected.");
    case ErrorCode::DiskFull:
        return tr("There is no room left on the volume.");
    case ErrorCode::VolumeAbsent:
        return tr("The volume that the folder lies on is not there.");
    case ErrorCode::VolumeFailing:
        return tr("The volume reports errors when it is written to.");
    case ErrorCode::PermissionDenied:
        return tr("The system denied access to the file.");
    case ErrorCode::PartLocked:
        return tr("Another process still holds the unfinished file.");
    case ErrorCode::PartMissing:
        return tr("The unfinished file is gone from the disk.");
    case ErrorCode::PartDamaged:
        return tr("The unfinished file is not what was written to it.");
    case ErrorCode::FileMissing:
        return tr("The file is no longer where it was filed.");
    case ErrorCode::FileChanged:
        return tr("The file was changed after it had been filed.");
    case ErrorCode::FileDamaged:
        return tr("The file is not what was filed, and nobody has written to it since.");
    case ErrorCode::FileExists:
        return tr("A file with this name is there already.");
    case ErrorCode::NameExhausted:
        return tr("Too many files with this name are there already.");
    case ErrorCode::FileError:
        return tr("The file could not be read or written.");
    case ErrorCode::LedgerCannotOpen:
        return tr("The ledger cannot be opened.");
    case ErrorCode::LedgerIsFolder:
        return tr("The path of the ledger is a folder.");
    case ErrorCode::LedgerNotADatabase:
        return tr("The file is not a ledger. It was left untouched.");
    case ErrorCode::LedgerCorrupt:
        return tr("The ledger is damaged.");
    case ErrorCode::LedgerReadOnly:
        return tr("The ledger cannot be written to.");
    case ErrorCode::LedgerBusy:
        return tr("Another program is using the ledger.");
    case ErrorCode::LedgerFull:
        return tr("There is no room left for the ledger.");
    case ErrorCode::LedgerIoError:
        return tr("The disk reports errors in the ledger's file.");
    case ErrorCode::LedgerConstraint:
        return tr("The ledger refused an entry that contradicts it.");
    case ErrorCode::LedgerSchema:
        return tr("The ledger is not built as this version expects it.");
    case ErrorCode::LedgerUnmigrated:
        return tr("The ledger is of an older version and has not been brought up to date.");
    case ErrorCode::LedgerNewer:
        return tr("The ledger was written by a newer version of Ingather.");
    case ErrorCode::LedgerSwapped:
        return tr("The ledger's file was replaced while it was in use.");
    case ErrorCode::LedgerNeedsRepair:
        return tr("The ledger is damaged or was changed.");
    case ErrorCode::LedgerInUse:
        return tr("Other programs are using the ledger.");
    case ErrorCode::BackupUnusable:
        return tr("The backup cannot be used.");
    case ErrorCode::LedgerClosed:
        return tr("The ledger is closed.");
    case ErrorCode::LedgerError:
        return tr("The ledger reported an error.");
    case ErrorCode::TooManyConnections:
        return tr("The ledger was opened too many times at once.");
    case ErrorCode::LeaseLost:
        return tr("Another worker has taken the job over.");
    case ErrorCode::TransitionRefused:
        return tr("The job was in a state that does not allow this step.");
    case ErrorCode::Paused:
        return tr("The job was paused.");
    case ErrorCode::Cancelled:
        return tr("The job was cancelled.");
    case ErrorCode::Stopped:
        return tr("The program was ended before the job was.");
    case ErrorCode::KeyringUnavailable:
        return tr("The keyring of this system could not be asked.");
    case ErrorCode::Internal:
        return tr("A fault in Ingather itself.");
    }
    Q_UNREACHABLE();
}

QString ErrorText::brief(ErrorCode code)
{
    switch (code) {
    case ErrorCode::HostNotFound:
        return tr("server not found");
    case ErrorCode::ConnectionRefused:
        return tr("connection refused");
    case ErrorCode::ConnectionLost:
        return tr("connection lost");
    case ErrorCode::NetworkUnreachable:
        return tr("no network");
    case ErrorCode::TlsFailed:
        return tr("certificate not accepted");
    case ErrorCode::HeaderTimeout:
    case ErrorCode::Stalled:
        return tr("server silent");
    case ErrorCode::HttpUnauthorized:
        return tr("login needed");
    case ErrorCode::HttpForbidden:
        return tr("access denied");
    case ErrorCode::HttpNotFound:
    case ErrorCode::HttpGone:
        return tr("not on the server");
    case ErrorCode::HttpTooManyRequests:
        return tr("server asks to wait");
    case ErrorCode::HttpServerError:
    case ErrorCode::HttpUnavailable:
        return tr("server trouble");
    case ErrorCode::BlockedPage:
        return tr("web page instead of the file");
    case ErrorCode::ContentTruncated:
        return tr("file incomplete");
    case ErrorCode::WrongContent:
        return tr("wrong kind of content");
    case ErrorCode::DigestMismatch:
        return tr("wrong digest");
    case ErrorCode::DiskFull:
        return tr("volume full");
    case ErrorCode::FileMissing:
        return tr("file missing");
    case ErrorCode::FileChanged:
        return tr("file changed since");
    case ErrorCode::FileDamaged:
        return tr("file damaged");
    case ErrorCode::VolumeAbsent:
        return tr("volume not there");
    case ErrorCode::VolumeFailing:
        return tr("volume failing");
    case ErrorCode::PermissionDenied:
    case ErrorCode::FolderNotWritable:
        return tr("no permission");
    case ErrorCode::FolderMissing:
        return tr("folder missing");
    default:
        break;
    }
    // The rest is rare: its sentence without the full stop.
    QString text = why(code);
    if (text.endsWith(u'.'))
        text.chop(1);
    return text;
}

QString ErrorText::advice(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidUrl:
    case ErrorCode::UnsupportedScheme:
    case ErrorCode::RedirectInvalid:
        return tr("Check the address.");
    case ErrorCode::HttpNotFound:
    case ErrorCode::HttpGone:
    case ErrorCode::HttpClientError:
    case ErrorCode::HttpUnexpectedStatus:
    case ErrorCode::TooManyRedirects:
        return tr("Check the address in a browser; the file may have moved.");
    case ErrorCode::InvalidArgument:
    case ErrorCode::UnknownJob:
    case ErrorCode::UnreadableList:
        return tr("Check what was entered.");
    case ErrorCode::FolderMissing:
        return tr("Create the folder or choose another one.");
    case ErrorCode::FolderNotWritable:
    case ErrorCode::NotAFolder:
        return tr("Choose another folder.");
    case ErrorCode::PermissionDenied:
        return tr("Check the permissions of the folder and of the files in it.");
    case ErrorCode::HostNotFound:
        return tr("Check the spelling of the address and your connection.");
    case ErrorCode::ConnectionRefused:
    case ErrorCode::ConnectionLost:
    case ErrorCode::HeaderTimeout:
    case ErrorCode::Stalled:
    case ErrorCode::HttpRequestTimeout:
    case ErrorCode::HttpServerError:
    case ErrorCode::HttpUnavailable:
    case ErrorCode::HttpTooManyRequests:
        return tr("Often it works later; choose Retry then.");
    case ErrorCode::NetworkUnreachable:
    case ErrorCode::ProxyFailed:
        return tr("Check your connection and your proxy settings.");
    case ErrorCode::TlsFailed:
        return tr("If the server uses an authority of your own, start Ingather with --ca-certificate. "
                  "If not, be careful: somebody may be listening in.");
    case ErrorCode::RedirectDowngrade:
        return tr("If you trust the insecure address, add it directly.");
    case ErrorCode::HttpUnauthorized:
    case ErrorCode::HttpForbidden:
        return tr("The file may need an account, a licence or a library's network.");
    case ErrorCode::ProtocolError:
    case ErrorCode::HttpRangeNotSatisfiable:
    case ErrorCode::LengthConflict:
    case ErrorCode::BodyTooShort:
    case ErrorCode::BodyTooLong:
    case ErrorCode::RangeMismatch:
    case ErrorCode::ContentEncoded:
    case ErrorCode::ContentUndecodable:
    case ErrorCode::ValidatorChanged:
        return tr("Nothing doubtful was kept. Retry starts from what is certain.");
    case ErrorCode::BlockedPage:
        return tr("Open the address in a browser: it may ask for a login, a licence or a test for robots. "
                  "The page was not filed.");
    case ErrorCode::ContentTruncated:
        return tr("Often it works later; choose Retry then. The incomplete content was not filed.");
    case ErrorCode::WrongContent:
        return tr("Check the address in a browser. The content that did not fit was not filed.");
    case ErrorCode::DigestMismatch:
        return tr("Check the expected SHA-256. The content that did not match was not filed.");
    case ErrorCode::DiskFull:
    case ErrorCode::LedgerFull:
        return tr("Make room on the volume.");
    case ErrorCode::VolumeAbsent:
        return tr("Connect the volume; Ingather goes on by itself.");
    case ErrorCode::VolumeFailing:
    case ErrorCode::LedgerIoError:
        return tr("Check the cable and the health of the volume, and back up what lies on it.");
    case ErrorCode::PartLocked:
    case ErrorCode::PartMissing:
    case ErrorCode::PartDamaged:
        return tr("Retry starts from what is certain.");
    case ErrorCode::FileMissing:
    case ErrorCode::FileChanged:
    case ErrorCode::FileDamaged:
        return tr("Retry fetches the file again; a changed file is never overwritten.");
    case ErrorCode::FileExists:
    case ErrorCode::NameExhausted:
        return tr("Move the files of that name away or choose another folder.");
    case ErrorCode::FileError:
        return tr("Check the volume that the folder lies on.");
    case ErrorCode::LedgerCannotOpen:
    case ErrorCode::LedgerReadOnly:
        return tr("Check that its folder exists and that you may write there.");
    case ErrorCode::LedgerIsFolder:
    case ErrorCode::LedgerNotADatabase:
        return tr("Choose another file with --ledger.");
    case ErrorCode::LedgerCorrupt:
    case ErrorCode::LedgerSchema:
        return tr("Run “ingather-cli health” to see what is wrong and what can be done.");
    case ErrorCode::LedgerBusy:
    case ErrorCode::LedgerSwapped:
    case ErrorCode::TooManyConnections:
        return tr("Try again in a moment.");
    case ErrorCode::KeyringUnavailable:
        return tr(
            "Unlock the keyring, or put the login into a netrc file and name it with --netrc FILE, or in the "
            "settings with netrc=FILE under [network].");
    case ErrorCode::LedgerNeedsRepair:
        return tr("Run “ingather-cli repair”; it saves the ledger as it is first.");
    case ErrorCode::LedgerInUse:
        return tr("End them, then try again.");
    case ErrorCode::BackupUnusable:
        return tr("Choose another backup.");
    case ErrorCode::LedgerUnmigrated:
        return tr("Run “ingather-cli migrate”.");
    case ErrorCode::LedgerNewer:
        return tr("Install the newer version of Ingather.");
    case ErrorCode::LedgerClosed:
        return tr("Start Ingather again.");
    case ErrorCode::LeaseLost:
        return tr("Nothing to do: the other worker goes on with it.");
    case ErrorCode::Paused:
        return tr("Choose Resume to go on.");
    case ErrorCode::Cancelled:
        return tr("Choose Retry to begin again.");
    case ErrorCode::Stopped:
        return tr("It goes on when Ingather is started again.");
    case ErrorCode::LedgerConstraint:
    case ErrorCode::LedgerError:
    case ErrorCode::TransitionRefused:
    case ErrorCode::Internal:
        return tr("Please report this with the log file. No finished file is affected.");
    }
    Q_UNREACHABLE();
}

QString ErrorText::sentence(const core::Error &error)
{
    QString text = why(error.code);
    if (!error.detail.isEmpty())
        text += QStringLiteral(" (%1)").arg(error.detail);
    return text + u' ' + advice(error.code);
}

QString ErrorText::whyForName(const QString &storedName)
{
    if (const auto code = core::errorCodeFromName(storedName))
        return why(*code);
    return tr("An error that this version does not know: %1.").arg(storedName);
}

} // namespace ingather::models
