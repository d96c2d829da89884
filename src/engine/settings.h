// SPDX-License-Identifier: MIT
#pragma once

#include "core/limit_timetable.h"
#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <QProcessEnvironment>
#include <QString>

#include <chrono>

namespace ingather::engine
{

/// A header that a person wants to be sent to one host: "example.org", or "example.org:8443" for one port of
/// it. Like a password, it reaches neither ledger nor log.
struct HostHeader {
    QString host;
    QByteArray name;
    QByteArray value;

    friend bool operator==(const HostHeader &, const HostHeader &) = default;
};

/// Everything that can be set, as one value. Both programs read the same INI file; a flag of the command
/// line wins over the environment, the environment over the file, the file over these defaults.
struct Settings {
    QString ledgerPath;     ///< absolute
    QString downloadFolder; ///< for jobs that came without one
    int threads = 0;        ///< engine threads; 0: min(4, cores)
    int lanes = 16;         ///< downloads at a time
    int connectionsPerHost = 4;
    std::chrono::milliseconds hostInterval{0}; ///< least time between two requests to one host
    int segments = 1; ///< connections for one file over 64 MiB; a job's own wish comes first
    int maxAttempts = 5;
    std::chrono::seconds leaseTtl{30};
    std::chrono::milliseconds backoffCeiling{3'600'000}; ///< `get` uses 60 s
    std::chrono::milliseconds headerTimeout{30'000};
    std::chrono::milliseconds stallTimeout{30'000};
    qint64 limitRate = 0;                ///< bytes a second of the whole process; 0: no limit
    core::LimitTimetable limitTimetable; ///< wins over limitRate where it has an entry
    QString caCertificateFile;
    QString proxy;             ///< empty: the system's; "none"; or a URL, see transfer::parseProxyUrl()
    QString noProxy;           ///< hosts to go to directly, as in no_proxy
    QString loginList;         ///< the file that says for which hosts the keyring has logins; empty: for none
    QByteArray netrc;          ///< the text of such a file: logins by host
    QByteArray cookies;        ///< the text of a browser's cookies.txt
    bool allowsHttp2 = false;  ///< for small ranges over TLS
    QList<HostHeader> headers; ///< a later one of a name counts
    QString trustedLeaves; ///< "host:port=SHA-256, …": certificates taken as they are, there and only there
    QString contact;       ///< added to the User-Agent, as libraries ask of polite robots
    QString quarantineFolder;
    qint64 minFreeMebibytes = 100; ///< of a volume, for others: nothing is begun that would leave less
    bool remembersOrigin = false;  ///< as an extended attribute of the file, without secrets
    bool keepsServerTime = false;  ///< the file's time is that of the document on the server
    bool backups = true;           ///< rolling ones, by whoever runs a worker
    bool autoRepair =
        false; ///< a ledger that needs a repair is repaired by the start; no key: asked for anew
};

/// Every number within its bounds: lanes 1–256, threads 0–64, connections per host 1–64, attempts
/// 1–1000, lease 3–3600 s. InvalidArgument names the value and its bounds. For callers that changed
/// something after readSettings().
core::Result<> checkSettings(const Settings &settings);

/// The text of a small file that the settings name: a netrc, cookies. InvalidArgument if it can't be read.
core::Result<QByteArray> settingsFileText(const QString &path);

/// Defaults, then the file `configFile` (absent is fine), then the environment: INGATHER_LEDGER,
/// INGATHER_DOWNLOAD_DIR, XDG_DATA_HOME, XDG_DOWNLOAD_DIR. InvalidArgument names a value that makes no sense.
core::Result<Settings> readSettings(const QString &configFile, const QProcessEnvironment &environment);

/// `$XDG_DATA_HOME/ingather/ledger.sqlite3`: the one ledger whose folder the programs make themselves.
QString defaultLedgerPath(const QProcessEnvironment &environment);

/// `$XDG_CONFIG_HOME/ingather/ingather.ini`
QString defaultConfigFile(const QProcessEnvironment &environment);

/// `$XDG_STATE_HOME/ingather/ingather.log`: where the window's log goes.
QString defaultLogFile(const QProcessEnvironment &environment);

} // namespace ingather::engine
