// SPDX-License-Identifier: MIT
#include "engine/settings.h"

#include "core/byte_rate.h"
#include "engine/header_settings.h"
#include "engine/http_settings.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSettings>

#include <optional>
#include <utility>

namespace ingather::engine
{

namespace
{

using core::Error;
using core::ErrorCode;
using core::Result;

Error invalid(const QString &detail)
{
    return {ErrorCode::InvalidArgument, QStringLiteral("read settings"), 0, detail};
}

QString homeFolder(const QProcessEnvironment &environment)
{
    const QString home = environment.value(QStringLiteral("HOME"));
    return QDir::isAbsolutePath(home) ? QDir::cleanPath(home) : QDir::homePath();
}

/// A folder variable of the XDG Base Directory specification: what is not absolute must be ignored.
QString xdgFolder(const QProcessEnvironment &environment, const char *variable, const QString &belowHome)
{
    const QString value = environment.value(QString::fromLatin1(variable));
    if (QDir::isAbsolutePath(value))
        return QDir::cleanPath(value);
    return homeFolder(environment) + u'/' + belowHome;
}

QString dataFolder(const QProcessEnvironment &environment)
{
    return xdgFolder(environment, "XDG_DATA_HOME", QStringLiteral(".local/share")) +
           QStringLiteral("/ingather");
}

Settings defaults(const QProcessEnvironment &environment)
{
    Settings settings;
    settings.ledgerPath = defaultLedgerPath(environment);
    settings.quarantineFolder = dataFolder(environment) + QStringLiteral("/quarantine");
    settings.loginList = dataFolder(environment) + QStringLiteral("/logins");
    settings.downloadFolder = xdgFolder(environment, "XDG_DOWNLOAD_DIR", QStringLiteral("Downloads"));
    return settings;
}

/// The values of one INI file. The first value that makes no sense is kept as the error.
class IniReader
{
public:
    IniReader(const QString &path, QString home)
        : m_ini(path, QSettings::IniFormat), m_path(path), m_home(std::move(home))
    {
        if (m_ini.status() != QSettings::NoError)
            m_error = invalid(QStringLiteral("%1 is not a settings file").arg(path));
    }

    const std::optional<Error> &error() const { return m_error; }

    void read(const char *key, QString &target)
    {
        if (const std::optional<QString> text = value(key))
            target = *text;
    }

    void readPath(const char *key, QString &target)
    {
        std::optional<QString> text = value(key);
        if (!text || text->isEmpty())
            return;
        if (*text == u'~' || text->startsWith(QLatin1StringView("~/")))
            text->replace(0, 1, m_home);
        // Relative to what? The folder a program was started in is a matter of chance.
        if (!QDir::isAbsolutePath(*text))
            return fail(key, QStringLiteral("must be an absolute path, not \"%1\"").arg(*text));
        target = QDir::cleanPath(*text);
    }

    /// The text of a file that is named there.
    void readContent(const char *key, QByteArray &target)
    {
        QString path;
        readPath(key, path);
        if (path.isEmpty())
            return;
        Result<QByteArray> text = settingsFileText(path);
        if (!text)
            return fail(key, text.error().detail);
        target = std::move(*text);
    }

    void readHeaders(QList<HostHeader> &target)
    {
        Result<QByteArray> text = settingsFileText(m_path);
        if (!text)
            return keep(text.error());
        Result<QList<HostHeader>> headers = headersOfIni(m_ini, QString::fromUtf8(*text));
        if (!headers)
            return keep(invalid(m_path + QStringLiteral(": ") + headers.error().detail));
        target = std::move(*headers);
    }

    void read(const char *key, int &target)
    {
        if (const std::optional<qint64> number = wholeNumber(key))
            target = static_cast<int>(*number);
    }

    void read(const char *key, qint64 &target)
    {
        if (const std::optional<qint64> number = wholeNumber(key))
            target = *number;
    }

    void read(const char *key, bool &target)
    {
        const std::optional<QString> text = value(key);
        if (!text)
            return;
        if (*text != QStringLiteral("true") && *text != QStringLiteral("false"))
            return fail(key, QStringLiteral("must be true or false, not \"%1\"").arg(*text));
        target = *text == QStringLiteral("true");
    }

    template <typename Duration>
    void readSeconds(const char *key, Duration &target)
    {
        if (const std::optional<qint64> number = wholeNumber(key))
            target = std::chrono::seconds(*number);
    }

    /// What another function reads from the text.
    template <typename T>
    void readBy(Result<T> (*reader)(QStringView), const char *key, T &target)
    {
        const std::optional<QString> text = value(key);
        if (!text)
            return;
        Result<T> read = reader(*text);
        if (!read)
            return fail(key, read.error().detail);
        target = std::move(*read);
    }

private:
    std::optional<QString> value(const char *key) const
    {
        const QVariant stored = m_ini.value(QString::fromLatin1(key));
        if (!stored.isValid())
            return std::nullopt;
        // A value with an unquoted comma comes as a list; folders may well have commas in their names.
        return stored.toStringList().join(u',').trimmed();
    }

    std::optional<qint64> wholeNumber(const char *key)
    {
        const std::optional<QString> text = value(key);
        if (!text)
            return std::nullopt;
        bool isNumber = false;
        const int number = text->toInt(&isNumber);
        if (!isNumber) {
            fail(key, QStringLiteral("must be a whole number, not \"%1\"").arg(*text));
            return std::nullopt;
        }
        return number;
    }

    void fail(const char *key, const QString &why)
    {
        keep(invalid(QStringLiteral("%1: %2 %3").arg(m_path, QString::fromLatin1(key), why)));
    }

    void keep(const Error &error)
    {
        if (!m_error)
            m_error = error;
    }

    QSettings m_ini;
    QString m_path;
    QString m_home;
    std::optional<Error> m_error;
};

Result<> readFile(const QString &path, const QString &home, Settings &settings)
{
    const QFileInfo file(path);
    if (!file.exists())
        return {};
    if (!file.isFile() || !file.isReadable())
        return invalid(QStringLiteral("%1 can't be read").arg(path));

    IniReader ini(path, home);
    ini.readPath("ledger/path", settings.ledgerPath);
    ini.read("ledger/backups", settings.backups);
    ini.readPath("download/dir", settings.downloadFolder);
    ini.readPath("download/quarantine", settings.quarantineFolder);
    ini.read("download/min_free_mebibytes", settings.minFreeMebibytes);
    ini.read("download/remember_origin", settings.remembersOrigin);
    ini.read("download/keep_server_time", settings.keepsServerTime);
    ini.read("worker/threads", settings.threads);
    ini.read("worker/lanes", settings.lanes);
    ini.read("worker/connections_per_host", settings.connectionsPerHost);
    ini.read("worker/segments", settings.segments);
    ini.readSeconds("worker/host_interval", settings.hostInterval);
    ini.read("worker/max_attempts", settings.maxAttempts);
    ini.readSeconds("worker/lease_ttl", settings.leaseTtl);
    ini.readSeconds("worker/backoff_ceiling", settings.backoffCeiling);
    ini.readSeconds("network/header_timeout", settings.headerTimeout);
    ini.readSeconds("network/stall_timeout", settings.stallTimeout);
    ini.readBy(core::byteRateFromText, "network/limit_rate", settings.limitRate);
    // With its semicolons it has to stand in quotes: elsewhere they begin a comment.
    ini.readBy(core::limitTimetableFromText, "network/limit_timetable", settings.limitTimetable);
    ini.readPath("network/ca_certificate", settings.caCertificateFile);
    ini.read("network/proxy", settings.proxy);
    ini.read("network/no_proxy", settings.noProxy);
    ini.readContent("network/netrc", settings.netrc);
    ini.readContent("network/cookies", settings.cookies);
    ini.readHeaders(settings.headers);
    ini.read("network/http2", settings.allowsHttp2);
    ini.read("network/trusted_leaves", settings.trustedLeaves);
    ini.read("network/contact", settings.contact);
    if (ini.error())
        return *ini.error();
    return {};
}

void readEnvironment(const QProcessEnvironment &environment, Settings &settings)
{
    const QString ledger = environment.value(QStringLiteral("INGATHER_LEDGER"));
    if (!ledger.isEmpty())
        settings.ledgerPath = QDir::cleanPath(QDir::current().absoluteFilePath(ledger));
    const QString folder = environment.value(QStringLiteral("INGATHER_DOWNLOAD_DIR"));
    if (!folder.isEmpty())
        settings.downloadFolder = QDir::cleanPath(QDir::current().absoluteFilePath(folder));
}

struct Bounds {
    const char *name;
    qint64 value;
    qint64 least;
    qint64 most;
};

} // namespace

Result<> checkSettings(const Settings &settings)
{
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    const Bounds all[] = {
        {"threads", settings.threads, 0, 64},
        {"lanes", settings.lanes, 1, 256},
        {"connections per host", settings.connectionsPerHost, 1, 64},
        {"segments", settings.segments, 1, 64},
        {"mebibytes to be left free", settings.minFreeMebibytes, 0, 1024 * 1024},
        {"seconds between requests to a host", duration_cast<seconds>(settings.hostInterval).count(), 0,
         3600},
        {"attempts", settings.maxAttempts, 1, 1000},
        {"seconds of a lease", settings.leaseTtl.count(), 3, 3600},
        {"seconds of the longest backoff", duration_cast<seconds>(settings.backoffCeiling).count(), 1,
         86'400},
        {"seconds to wait for headers", duration_cast<seconds>(settings.headerTimeout).count(), 1, 3600},
        {"seconds to wait for bytes", duration_cast<seconds>(settings.stallTimeout).count(), 1, 3600},
    };
    for (const Bounds &bounds : all) {
        if (bounds.value < bounds.least || bounds.value > bounds.most) {
            return invalid(QStringLiteral("%1 must be between %2 and %3, not %4")
                               .arg(QString::fromLatin1(bounds.name))
                               .arg(bounds.least)
                               .arg(bounds.most)
                               .arg(bounds.value));
        }
    }
    if (const Result<transfer::HttpOptions> options = httpOptions(settings); !options)
        return options.error();
    return {};
}

Result<QByteArray> settingsFileText(const QString &path)
{
    constexpr qint64 longestFile = 1024 * 1024;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return invalid(QStringLiteral("%1 can't be read: %2").arg(path, file.errorString()));
    if (file.size() > longestFile)
        return invalid(QStringLiteral("%1 is too large").arg(path));
    return file.readAll();
}

Result<Settings> readSettings(const QString &configFile, const QProcessEnvironment &environment)
{
    Settings settings = defaults(environment);
    if (const Result<> read = readFile(configFile, homeFolder(environment), settings); !read)
        return read.error();
    readEnvironment(environment, settings);
    if (const Result<> checked = checkSettings(settings); !checked)
        return checked.error();
    return settings;
}

QString defaultLedgerPath(const QProcessEnvironment &environment)
{
    return dataFolder(environment) + QStringLiteral("/ledger.sqlite3");
}

QString defaultConfigFile(const QProcessEnvironment &environment)
{
    return xdgFolder(environment, "XDG_CONFIG_HOME", QStringLiteral(".config")) +
           QStringLiteral("/ingather/ingather.ini");
}

QString defaultLogFile(const QProcessEnvironment &environment)
{
    return xdgFolder(environment, "XDG_STATE_HOME", QStringLiteral(".local/state")) +
           QStringLiteral("/ingather/ingather.log");
}

} // namespace ingather::engine
