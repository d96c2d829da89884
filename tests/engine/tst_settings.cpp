// SPDX-License-Identifier: MIT
#include "engine/http_settings.h"
#include "engine/settings.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace ingather;
using engine::Settings;

class TestSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theFileLayersInOrder_data();
    void theFileLayersInOrder();
    void pathsComeFromTheEnvironment_data();
    void pathsComeFromTheEnvironment();
    void nonsenseIsRefusedByName_data();
    void nonsenseIsRefusedByName();
    void numbersOfTheFileArrive();
    void limitsOfTheFileArrive();
    void bothEndsOfEveryRangeAreAllowed_data();
    void bothEndsOfEveryRangeAreAllowed();
    void aFolderAsFileIsRefused();
    void headersOfTheFileArrive();
    void badHeadersAreRefusedByName_data();
    void badHeadersAreRefusedByName();
    void theFileIsNeverWritten();
    void theConfigFileFollowsXdg();
    void theLogFileFollowsXdg();

private:
    QString write(const QByteArray &text);
    QProcessEnvironment environment() const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestSettings::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

QString TestSettings::write(const QByteArray &text)
{
    const QString path = m_folder->filePath(QStringLiteral("ingather.ini"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("cannot write the settings file of the test");
    return path;
}

QProcessEnvironment TestSettings::environment() const
{
    QProcessEnvironment result;
    result.insert(QStringLiteral("HOME"), QStringLiteral("/home/ada"));
    return result;
}

void TestSettings::theFileLayersInOrder_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("ledger");
    QTest::addColumn<QString>("downloads");
    const QString ledger = QStringLiteral("/home/ada/.local/share/ingather/ledger.sqlite3");
    const QString downloads = QStringLiteral("/home/ada/Downloads");
    QTest::newRow("without anything the defaults hold")
        << QByteArray() << QString() << QString() << ledger << downloads;
    QTest::newRow("the file beats the defaults")
        << QByteArray("[ledger]\npath=/l/a.db\n[download]\ndir=/d\n") << QString() << QString()
        << QStringLiteral("/l/a.db") << QStringLiteral("/d");
    QTest::newRow("the environment's ledger beats the file")
        << QByteArray("[ledger]\npath=/l/a.db\n") << QStringLiteral("INGATHER_LEDGER")
        << QStringLiteral("/e/b.db") << QStringLiteral("/e/b.db") << downloads;
    QTest::newRow("the environment's folder beats the file")
        << QByteArray("[download]\ndir=/d\n") << QStringLiteral("INGATHER_DOWNLOAD_DIR")
        << QStringLiteral("/e") << ledger << QStringLiteral("/e");
    QTest::newRow("the file beats the system's download folder")
        << QByteArray("[download]\ndir=/d\n") << QStringLiteral("XDG_DOWNLOAD_DIR") << QStringLiteral("/x")
        << ledger << QStringLiteral("/d");
    QTest::newRow("an empty variable counts as absent")
        << QByteArray("[ledger]\npath=/l/a.db\n") << QStringLiteral("INGATHER_LEDGER") << QString()
        << QStringLiteral("/l/a.db") << downloads;
    QTest::newRow("a tilde stands for the home folder")
        << QByteArray("[download]\ndir=~/papers\n") << QString() << QString() << ledger
        << QStringLiteral("/home/ada/papers");
    QTest::newRow("a folder may have a comma in its name")
        << QByteArray("[download]\ndir=/data/smith,jones\n") << QString() << QString() << ledger
        << QStringLiteral("/data/smith,jones");
}

void TestSettings::theFileLayersInOrder()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, variable);
    QFETCH(QString, value);
    QProcessEnvironment variables = environment();
    if (!variable.isEmpty())
        variables.insert(variable, value);
    const core::Result<Settings> settings = engine::readSettings(write(file), variables);
    QVERIFY(settings);
    QTEST(settings->ledgerPath, "ledger");
    QTEST(settings->downloadFolder, "downloads");
}

void TestSettings::pathsComeFromTheEnvironment_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("ledger");
    QTest::addColumn<QString>("downloads");
    QTest::addColumn<QString>("quarantine");
    const QString share = QStringLiteral("/home/ada/.local/share/ingather");
    const QString downloads = QStringLiteral("/home/ada/Downloads");
    QTest::newRow("XDG_DATA_HOME moves ledger and quarantine")
        << QStringLiteral("XDG_DATA_HOME") << QStringLiteral("/x/share")
        << QStringLiteral("/x/share/ingather/ledger.sqlite3") << downloads
        << QStringLiteral("/x/share/ingather/quarantine");
    QTest::newRow("a relative XDG_DATA_HOME is ignored")
        << QStringLiteral("XDG_DATA_HOME") << QStringLiteral("share")
        << share + QStringLiteral("/ledger.sqlite3") << downloads << share + QStringLiteral("/quarantine");
    QTest::newRow("XDG_DOWNLOAD_DIR moves the downloads")
        << QStringLiteral("XDG_DOWNLOAD_DIR") << QStringLiteral("/x/dl")
        << share + QStringLiteral("/ledger.sqlite3") << QStringLiteral("/x/dl")
        << share + QStringLiteral("/quarantine");
    QTest::newRow("a relative ledger is taken from the current folder")
        << QStringLiteral("INGATHER_LEDGER") << QStringLiteral("my.db")
        << QDir::currentPath() + QStringLiteral("/my.db") << downloads
        << share + QStringLiteral("/quarantine");
}

void TestSettings::pathsComeFromTheEnvironment()
{
    QFETCH(QString, variable);
    QFETCH(QString, value);
    QProcessEnvironment variables = environment();
    variables.insert(variable, value);
    const core::Result<Settings> settings =
        engine::readSettings(m_folder->filePath(QStringLiteral("absent.ini")), variables);
    QVERIFY(settings);
    QTEST(settings->ledgerPath, "ledger");
    QTEST(settings->downloadFolder, "downloads");
    QTEST(settings->quarantineFolder, "quarantine");
}

void TestSettings::nonsenseIsRefusedByName_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("named");
    QTest::newRow("no lanes") << QByteArray("[worker]\nlanes=0\n") << QStringLiteral("lanes");
    QTest::newRow("too many lanes") << QByteArray("[worker]\nlanes=257\n") << QStringLiteral("lanes");
    QTest::newRow("negative threads") << QByteArray("[worker]\nthreads=-1\n") << QStringLiteral("threads");
    QTest::newRow("too many threads") << QByteArray("[worker]\nthreads=65\n") << QStringLiteral("threads");
    QTest::newRow("no connections") << QByteArray("[worker]\nconnections_per_host=0\n")
                                    << QStringLiteral("connections");
    QTest::newRow("no attempts") << QByteArray("[worker]\nmax_attempts=0\n") << QStringLiteral("attempts");
    QTest::newRow("a lease of two seconds")
        << QByteArray("[worker]\nlease_ttl=2\n") << QStringLiteral("lease");
    QTest::newRow("a lease of two hours")
        << QByteArray("[worker]\nlease_ttl=7200\n") << QStringLiteral("lease");
    QTest::newRow("a rate that is none")
        << QByteArray("[network]\nlimit_rate=fast\n") << QStringLiteral("limit_rate");
    QTest::newRow("a timetable that is none")
        << QByteArray("[network]\nlimit_timetable=\"always 1M\"\n") << QStringLiteral("limit_timetable");
    QTest::newRow("a word for a number")
        << QByteArray("[worker]\nlanes=many\n") << QStringLiteral("worker/lanes");
    QTest::newRow("a number too large for its type")
        << QByteArray("[worker]\nlanes=99999999999\n") << QStringLiteral("worker/lanes");
    QTest::newRow("a relative download folder")
        << QByteArray("[download]\ndir=papers\n") << QStringLiteral("download/dir");
    QTest::newRow("backups at times")
        << QByteArray("[ledger]\nbackups=sometimes\n") << QStringLiteral("ledger/backups");
    QTest::newRow("a relative ledger")
        << QByteArray("[ledger]\npath=x.db\n") << QStringLiteral("ledger/path");
}

void TestSettings::nonsenseIsRefusedByName()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, named);
    const core::Result<Settings> settings = engine::readSettings(write(file), environment());
    QVERIFY(!settings);
    QCOMPARE(settings.error().code, core::ErrorCode::InvalidArgument);
    QVERIFY2(settings.error().detail.contains(named), qPrintable(settings.error().detail));
}

void TestSettings::numbersOfTheFileArrive()
{
    const QString file =
        write("[worker]\nthreads=3\nlanes=20\nconnections_per_host=7\nmax_attempts=9\nlease_ttl=45\n"
              "backoff_ceiling=120\n[network]\nheader_timeout=11\nstall_timeout=12\n"
              "ca_certificate=/etc/ca.pem\ncontact=ada@example.org\nhttp2=true\n[download]\nquarantine=/q\n"
              "[ledger]\nbackups=false\n");
    const core::Result<Settings> settings = engine::readSettings(file, environment());
    QVERIFY(settings);
    QCOMPARE(settings->threads, 3);
    QCOMPARE(settings->lanes, 20);
    QCOMPARE(settings->connectionsPerHost, 7);
    QCOMPARE(settings->maxAttempts, 9);
    QVERIFY(settings->leaseTtl == std::chrono::seconds(45));
    QVERIFY(settings->backoffCeiling == std::chrono::minutes(2));
    QVERIFY(settings->headerTimeout == std::chrono::seconds(11));
    QVERIFY(settings->stallTimeout == std::chrono::seconds(12));
    QCOMPARE(settings->caCertificateFile, QStringLiteral("/etc/ca.pem"));
    QCOMPARE(settings->contact, QStringLiteral("ada@example.org"));
    QCOMPARE(settings->quarantineFolder, QStringLiteral("/q"));
    QVERIFY(settings->allowsHttp2);
    QVERIFY(!Settings().allowsHttp2);
    QVERIFY(!settings->backups);
    QVERIFY(Settings().backups);
}

void TestSettings::limitsOfTheFileArrive()
{
    const QString path =
        write("[network]\nlimit_rate=2M\nlimit_timetable=\"Mon-Fri 09:00-18:00 1M; Sat,Sun 500K\"\n");
    const auto settings = engine::readSettings(path, environment());
    QVERIFY2(settings, settings ? "" : qPrintable(settings.error().detail));
    QCOMPARE(settings->limitRate, qint64(2 * 1024 * 1024));
    QCOMPARE(settings->limitTimetable.entries.size(), 2);
    QCOMPARE(settings->limitTimetable.entries[1].bytesPerSecond, qint64(500 * 1024));
}

void TestSettings::bothEndsOfEveryRangeAreAllowed_data()
{
    QTest::addColumn<int>("threads");
    QTest::addColumn<int>("lanes");
    QTest::addColumn<int>("connections");
    QTest::addColumn<int>("attempts");
    QTest::addColumn<int>("lease");
    QTest::newRow("the least") << 0 << 1 << 1 << 1 << 3;
    QTest::newRow("the most") << 64 << 256 << 64 << 1000 << 3600;
}

void TestSettings::bothEndsOfEveryRangeAreAllowed()
{
    QFETCH(int, threads);
    QFETCH(int, lanes);
    QFETCH(int, connections);
    QFETCH(int, attempts);
    QFETCH(int, lease);
    Settings settings;
    settings.threads = threads;
    settings.lanes = lanes;
    settings.connectionsPerHost = connections;
    settings.maxAttempts = attempts;
    settings.leaseTtl = std::chrono::seconds(lease);
    QVERIFY(engine::checkSettings(settings));
}

void TestSettings::aFolderAsFileIsRefused()
{
    const core::Result<Settings> settings = engine::readSettings(m_folder->path(), environment());
    QVERIFY(!settings);
    QCOMPARE(settings.error().code, core::ErrorCode::InvalidArgument);
}

void TestSettings::headersOfTheFileArrive()
{
    const QString path = write("[headers/example.org]\nX-Api-Key=abc 123%2F==\n; a remark\n"
                               "Accept-Language=\"de, en; q=0.5\"\nX-Quoted=\"a\\\\b\\\"c\"\n"
                               "[headers/B\xC3\xBC"
                               "cher.example:8443]\nX-Key=\" k \"\n");
    const auto settings = engine::readSettings(path, environment());
    QVERIFY2(settings, settings ? "" : qPrintable(settings.error().detail));
    QByteArrayList read;
    for (const engine::HostHeader &header : settings->headers)
        read.append(header.host.toUtf8() + ' ' + header.name + ": " + header.value);
    std::sort(read.begin(), read.end());
    QCOMPARE(read, (QByteArrayList{"B\xC3\xBC"
                                   "cher.example:8443 X-Key: k",
                                   "example.org Accept-Language: de, en; q=0.5",
                                   "example.org X-Api-Key: abc 123%2F==", "example.org X-Quoted: a\\b\"c"}));
    const auto options = engine::httpOptions(*settings);
    QVERIFY(options);
    QCOMPARE(options->hostHeaders.size(), 4);
    QVERIFY(std::any_of(options->hostHeaders.cbegin(), options->hostHeaders.cend(), [](const auto &headers) {
        return headers.host == QStringLiteral("xn--bcher-kva.example:8443");
    }));
}

void TestSettings::badHeadersAreRefusedByName_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QString>("named");
    const auto row = [](const char *name, const char *lines, const char *named) {
        QTest::newRow(name) << QByteArray(lines) << QString::fromLatin1(named);
    };
    row("Host", "[headers/a.example]\nHost=secret\n", "headers/a.example/Host");
    row("Range", "[headers/a.example]\nrange=secret\n", "headers/a.example/range");
    row("a proxy's login", "[headers/a.example]\nProxy-Authorization=secret\n", "Proxy-Authorization");
    row("a name that is no token", "[headers/a.example]\nX%20Key=secret\n", "headers/a.example/X Key");
    row("a line break", "[headers/a.example]\nX-Key=\"secret\\r\\nX-Evil: 1\"\n", "headers/a.example/X-Key");
    row("a NUL", "[headers/a.example]\nX-Key=\"secret\\x0\"\n", "headers/a.example/X-Key");
    row("no value", "[headers/a.example]\nX-Key=\n", "headers/a.example/X-Key");
    row("a bare semicolon", "[headers/a.example]\nCookie=secret=1; b=2\n", "headers/a.example/Cookie");
    row("a bare comma", "[headers/a.example]\nAccept=secret, b\n", "headers/a.example/Accept");
    row("a bare backslash", "[headers/a.example]\nX-Key=secret\\b\n", "headers/a.example/X-Key");
    row("no host", "[headers]\nX-Key=secret\n", "headers/X-Key");
    row("a host that is none", "[headers/a b]\nX-Key=secret\n", "headers/a b");
    row("a URL", "[headers/https://a.example]\nX-Key=secret\n", "headers/https://a.example");
    row("a port that is none", "[headers/a.example:x]\nX-Key=secret\n", "headers/a.example:x");
    row("a port too large", "[headers/a.example:65536]\nX-Key=secret\n", "headers/a.example:65536");
}

void TestSettings::badHeadersAreRefusedByName()
{
    QFETCH(QByteArray, lines);
    QFETCH(QString, named);
    const core::Result<Settings> settings = engine::readSettings(write(lines), environment());
    QVERIFY(!settings);
    QCOMPARE(settings.error().code, core::ErrorCode::InvalidArgument);
    QVERIFY2(settings.error().detail.contains(named), qPrintable(settings.error().detail));
    QVERIFY2(!settings.error().detail.contains(QStringLiteral("secret")),
             qPrintable(settings.error().detail));
}

void TestSettings::theFileIsNeverWritten()
{
    const QByteArray text = "[worker]\n; a remark of the user\nlanes = 8\n";
    const QString path = write(text);
    QVERIFY(engine::readSettings(path, environment()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), text);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void TestSettings::theConfigFileFollowsXdg()
{
    QProcessEnvironment variables = environment();
    QCOMPARE(engine::defaultConfigFile(variables), QStringLiteral("/home/ada/.config/ingather/ingather.ini"));
    variables.insert(QStringLiteral("XDG_CONFIG_HOME"), QStringLiteral("/x/config"));
    QCOMPARE(engine::defaultConfigFile(variables), QStringLiteral("/x/config/ingather/ingather.ini"));
}

void TestSettings::theLogFileFollowsXdg()
{
    QProcessEnvironment variables = environment();
    QCOMPARE(engine::defaultLogFile(variables),
             QStringLiteral("/home/ada/.local/state/ingather/ingather.log"));
    variables.insert(QStringLiteral("XDG_STATE_HOME"), QStringLiteral("relative"));
    QCOMPARE(engine::defaultLogFile(variables),
             QStringLiteral("/home/ada/.local/state/ingather/ingather.log"));
    variables.insert(QStringLiteral("XDG_STATE_HOME"), QStringLiteral("/x/state"));
    QCOMPARE(engine::defaultLogFile(variables), QStringLiteral("/x/state/ingather/ingather.log"));
}

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
