// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "support/fake_http_server.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

using namespace ingather::e2e;
using namespace Qt::StringLiterals;
using ingather::support::FakeHttpServer;
using ingather::support::RecordedRequest;
using ingather::support::Script;

/// Who the program is to a server: headers and logins reach that server, and nothing that is kept.
class TestLogins : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void headersReachTheirHostAndNothingElse();
    void badHeadersAreWrongUsage_data();
    void badHeadersAreWrongUsage();
    void withoutAKeyring();
    void downloadsGoOnWithoutAKeyring();
    void whatALoginNeeds_data();
    void whatALoginNeeds();
    void aPasswordIsNotShown();
    void anInterruptedQuestionPutsTheTerminalRight();
    void aRealKeyring();

private:
    QString folder() const { return m_home->filePath(u"files"_s); }
    void write(const QString &path, const QByteArray &text) const;
    CommandResult get(const QStringList &arguments) const
    {
        return m_cli->run(QStringList{u"get"_s, u"-d"_s, folder(), u"--max-attempts"_s, u"1"_s} + arguments);
    }
    /// A file for whoever has that login.
    void guard(const QString &path, const QByteArray &login);
    /// Files below the home that hold the secret.
    QStringList filesWith(const QByteArray &secret) const;

    std::unique_ptr<FakeHttpServer> m_server;
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<Cli> m_cli;
};

namespace
{

constexpr int mostSeconds = 20; // "within seconds", on a busy machine

/// A terminal of the test's own, whose other end a process has as standard input.
class Terminal final
{
public:
    Terminal() : m_master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    {
        if (m_master >= 0 && ::grantpt(m_master) == 0 && ::unlockpt(m_master) == 0)
            m_name = QString::fromLocal8Bit(::ptsname(m_master));
        m_slave = ::open(m_name.toLocal8Bit().constData(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    }
    ~Terminal()
    {
        ::close(m_slave);
        ::close(m_master);
    }
    Q_DISABLE_COPY_MOVE(Terminal)

    QString name() const { return m_name; }
    bool echoes() const
    {
        termios now = {};
        return ::tcgetattr(m_slave, &now) == 0 && (now.c_lflag & tcflag_t(ECHO));
    }
    bool type(const QByteArray &text)
    {
        return ::write(m_master, text.constData(), size_t(text.size())) == text.size();
    }
    /// What a person would have seen of what was typed.
    QByteArray shown()
    {
        ::fcntl(m_master, F_SETFL, O_NONBLOCK);
        QByteArray text(4096, '\0');
        const ssize_t got = ::read(m_master, text.data(), size_t(text.size()));
        return text.left(std::max<qsizetype>(got, 0));
    }

private:
    int m_master;
    int m_slave = -1;
    QString m_name;
};

} // namespace

void TestLogins::init()
{
    m_server = std::make_unique<FakeHttpServer>();
    m_home = std::make_unique<QTemporaryDir>();
    m_cli = std::make_unique<Cli>(m_home->path());
    QVERIFY(QDir().mkpath(folder()));
}

void TestLogins::write(const QString &path, const QByteArray &text) const
{
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

void TestLogins::guard(const QString &path, const QByteArray &login)
{
    m_server->handle(path, [login](const RecordedRequest &request) {
        if (request.header("Authorization") == "Basic " + login.toBase64())
            return Script().head(200, {{"Content-Length", "5"}}).send("hello");
        return Script().head(401, {{"WWW-Authenticate", "Basic realm=\"x\""}, {"Content-Length", "0"}});
    });
}

QStringList TestLogins::filesWith(const QByteArray &secret) const
{
    QStringList found;
    QDirIterator files(m_home->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(secret))
            found.append(QDir(m_home->path()).relativeFilePath(file.fileName()));
    }
    return found;
}

void TestLogins::headersReachTheirHostAndNothingElse()
{
    FakeHttpServer elsewhere;
    elsewhere.serve(u"/moved.bin"_s, "moved");
    m_server->serve(u"/a.bin"_s, "hello");
    m_server->serve(u"/later.bin"_s, "later");
    m_server->redirect(u"/old.bin"_s, 302, elsewhere.url(u"/moved.bin"_s).toEncoded());
    const QString ini = u"xdg_config_home/ingather/ingather.ini"_s;
    write(m_home->filePath(ini), "[headers/127.0.0.1:" + QByteArray::number(m_server->port()) +
                                     "]\nX-Api-Key=\"sec-of-settings\"\n");
    const QString log = m_home->filePath(u"log"_s);
    const CommandResult got =
        get({u"-v"_s, u"--log-file"_s, log, u"-H"_s, u"X-Token: sec-of-flag"_s, u"--header"_s,
             u"Accept: a/b;q=1"_s, m_server->url(u"/a.bin"_s).toString(),
             m_server->url(u"/old.bin"_s).toString(), m_server->url(u"/absent.bin"_s).toString()});
    QVERIFY2(got.exitCode == 1, got.report()); // for the one that is absent
    QVERIFY2(m_server->requests().size() == 3, got.report());
    for (const RecordedRequest &request : m_server->requests()) {
        QCOMPARE(request.header("X-Api-Key"), QByteArray("sec-of-settings"));
        QCOMPARE(request.header("X-Token"), QByteArray("sec-of-flag"));
        QCOMPARE(request.header("Accept"), QByteArray("a/b;q=1"));
    }
    QCOMPARE(elsewhere.requests().size(), 1);
    QVERIFY(!elsewhere.requests().first().hasHeader("X-Api-Key"));
    QVERIFY(!elsewhere.requests().first().hasHeader("X-Token"));

    m_server->clearRequests();
    QCOMPARE(m_cli->run({u"add"_s, u"-d"_s, folder(), m_server->url(u"/later.bin"_s).toString()}).exitCode,
             0);
    QCOMPARE(m_cli->run({u"-v"_s, u"--log-file"_s, log, u"run"_s, u"--until-idle"_s}).exitCode, 0);
    QCOMPARE(m_server->requests().size(), 1);
    QCOMPARE(m_server->requests().first().header("X-Api-Key"), QByteArray("sec-of-settings"));
    QVERIFY(!m_server->requests().first().hasHeader("X-Token"));

    QVERIFY(QFile(log).size() > 0);
    QCOMPARE(filesWith("sec-of-settings"), QStringList{ini});
    QCOMPARE(filesWith("sec-of-flag"), QStringList());
    QByteArray told = got.out + got.err + m_cli->json({u"list"_s}).out;
    for (const QJsonObject &job : m_cli->jobs()) {
        const QString id = job.value(u"job_id"_s).toString();
        told += m_cli->json({u"show"_s, id}).out + m_cli->json({u"ops"_s, u"--events"_s, id}).out;
    }
    QVERIFY(!told.isEmpty());
    QVERIFY2(!told.contains("sec-of"), told);
}

void TestLogins::badHeadersAreWrongUsage_data()
{
    QTest::addColumn<QString>("header");
    QTest::newRow("no colon") << u"sec-of-flag"_s;
    QTest::newRow("a field of ours") << u"Range: sec-of-flag"_s;
    QTest::newRow("two lines") << u"X-A: sec-of-flag\r\nX-B: 1"_s;
}

void TestLogins::badHeadersAreWrongUsage()
{
    QFETCH(QString, header);
    const CommandResult got = get({u"-H"_s, header, m_server->url(u"/a.bin"_s).toString()});
    QVERIFY2(got.exitCode == 2, got.report());
    QVERIFY2(!got.err.contains("sec-of-flag"), got.report());
    QCOMPARE(m_server->requests().size(), 0);
    QVERIFY(!QFile::exists(m_cli->ledger()));
}

void TestLogins::withoutAKeyring()
{
    const QString input = m_home->filePath(u"input"_s);
    write(input, "hush-hush\n");
    m_cli->setInput(input);
    const CommandResult login = m_cli->run({u"login"_s, u"127.0.0.1"_s, u"--user"_s, u"ada"_s});
    QVERIFY2(login.exitCode == 1, login.report());
    QVERIFY2(login.err.contains("keyring_unavailable") && login.err.contains("netrc"), login.report());
    QVERIFY2(!login.err.contains("hush-hush"), login.report());
    QVERIFY2(login.elapsedMs < mostSeconds * 1000, login.report());
    QCOMPARE(filesWith("hush-hush"), QStringList{u"input"_s});
    const CommandResult logins = m_cli->run({u"logins"_s});
    QVERIFY2(logins.exitCode == 0 && logins.out.isEmpty(), logins.report());
    QVERIFY(!QFile::exists(m_cli->ledger())); // nor is one needed
}

void TestLogins::downloadsGoOnWithoutAKeyring()
{
    guard(u"/a.bin"_s, "ada:hush-hush");
    m_server->serve(u"/open.bin"_s, "open");
    write(m_home->filePath(u"xdg_data_home/ingather/logins"_s), m_server->url(QString()).toEncoded() + '\n');
    const CommandResult open = get({m_server->url(u"/open.bin"_s).toString()});
    QVERIFY2(open.exitCode == 0, open.report());
    QCOMPARE(open.err.count("goes on without the logins of the keyring"), 1);
    QVERIFY2(open.elapsedMs < mostSeconds * 1000, open.report());
    const CommandResult guarded = get({m_server->url(u"/a.bin"_s).toString()});
    QVERIFY2(guarded.exitCode == 1, guarded.report());
    QVERIFY2(guarded.err.contains("the keyring could not be asked"), guarded.report());
}

void TestLogins::whatALoginNeeds_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("input");
    QTest::newRow("a host") << QStringList{} << QByteArray("x\n");
    QTest::newRow("a user name, where nobody can be asked")
        << QStringList{u"a.example"_s} << QByteArray("x\n");
    QTest::newRow("a password") << QStringList{u"a.example"_s, u"--user"_s, u"ada"_s} << QByteArray("\n");
    QTest::newRow("an address without a password in it")
        << QStringList{u"https://u:hush@a.example"_s, u"--user"_s, u"ada"_s} << QByteArray("x\n");
    QTest::newRow("a user name without a colon")
        << QStringList{u"a.example"_s, u"--user"_s, u"a:b"_s} << QByteArray("x\n");
    QTest::newRow("a web address") << QStringList{u"ftp://a.example"_s, u"--user"_s, u"ada"_s}
                                   << QByteArray("x\n");
}

void TestLogins::whatALoginNeeds()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, input);
    write(m_home->filePath(u"input"_s), input);
    m_cli->setInput(m_home->filePath(u"input"_s));
    const CommandResult login = m_cli->run(QStringList{u"login"_s} + arguments);
    QVERIFY2(login.exitCode == 2, login.report());
    QVERIFY2(!login.err.contains("hush"), login.report());
}

void TestLogins::aPasswordIsNotShown()
{
    Terminal terminal;
    QVERIFY(!terminal.name().isEmpty());
    QVERIFY(terminal.echoes());
    m_cli->setInput(terminal.name());
    const auto process = m_cli->start({u"login"_s, u"127.0.0.1"_s});
    QByteArray asked;
    const auto hasAsked = [&](const char *question) {
        process->waitForReadyRead(50);
        asked += process->readAllStandardError();
        return asked.contains(question);
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasAsked("User name"), mostSeconds * 1000);
    QVERIFY(terminal.type("ada\n"));
    QTRY_VERIFY_WITH_TIMEOUT(hasAsked("Password of ada") && !terminal.echoes(), mostSeconds * 1000);
    QVERIFY(terminal.type("hush-hush\n"));
    const CommandResult result = finish(*process, mostSeconds * 1000);
    QVERIFY2(result.exitCode == 1, result.report()); // there is no keyring
    QVERIFY(terminal.echoes());
    const QByteArray shown = terminal.shown();
    QVERIFY2(shown.contains("ada"), shown);
    QVERIFY2(!shown.contains("hush"), shown);
}

void TestLogins::anInterruptedQuestionPutsTheTerminalRight()
{
    Terminal terminal;
    m_cli->setInput(terminal.name());
    const auto process = m_cli->start({u"login"_s, u"127.0.0.1"_s, u"--user"_s, u"ada"_s});
    QVERIFY(process->waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(!terminal.echoes(), mostSeconds * 1000);
    sendSignal(*process, SIGINT);
    const CommandResult result = finish(*process, mostSeconds * 1000);
    QVERIFY2(result.exitCode == 130, result.report());
    QVERIFY(terminal.echoes());
}

/// With a D-Bus and a Secret Service of the test's own, for each command anew.
void TestLogins::aRealKeyring()
{
    for (const QString &program : {u"dbus-run-session"_s, u"gnome-keyring-daemon"_s}) {
        if (QStandardPaths::findExecutable(program).isEmpty())
            QSKIP("install the packages dbus and gnome-keyring");
    }
    QVERIFY(QDir().mkpath(m_home->filePath(u"xdg_runtime_dir"_s)));
    m_cli->setStarter(
        {u"dbus-run-session"_s, u"--"_s, u"sh"_s, u"-c"_s,
         u"printf key | gnome-keyring-daemon --unlock --components=secrets >&2 && exec \"$0\" \"$@\""_s});
    const QString input = m_home->filePath(u"input"_s);
    write(input, "hush-hush\n");
    m_cli->setInput(input);
    const QString host = m_server->url(QString()).toString();
    const CommandResult login = m_cli->run({u"login"_s, host, u"--user"_s, u"ada"_s});
    QVERIFY2(login.exitCode == 0, login.report());
    QCOMPARE(m_cli->run({u"logins"_s}).out, host.toUtf8() + '\n');

    guard(u"/a.bin"_s, "ada:hush-hush");
    guard(u"/b.bin"_s, "ada:hush-hush");
    const CommandResult got = get({m_server->url(u"/a.bin"_s).toString()});
    QVERIFY2(got.exitCode == 0, got.report());
    QCOMPARE(filesWith("hush-hush"), QStringList{u"input"_s});

    const CommandResult logout = m_cli->run({u"logout"_s, host});
    QVERIFY2(logout.exitCode == 0, logout.report());
    QCOMPARE(m_cli->run({u"logins"_s}).out, QByteArray());
    const CommandResult refused = get({m_server->url(u"/b.bin"_s).toString()});
    QVERIFY2(refused.exitCode == 1 && refused.err.contains("http_unauthorized"), refused.report());
}

QTEST_GUILESS_MAIN(TestLogins)
#include "tst_logins.moc"
