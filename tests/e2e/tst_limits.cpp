// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "e2e/content.h"
#include "e2e/nginx_server.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace ingather::e2e;
using namespace Qt::StringLiterals;

/// Rates that were asked for. Only lower bounds of the time are tested: a busy machine is slower for
/// many reasons, and never faster than its limit.
class TestLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void getKeepsTheLimit();
    void allLanesShareTheLimit();
    void aJobHasALimitOfItsOwn();
    void aFlagOfZeroLiftsTheLimitOfTheSettings();
    void aSignalDoesNotWaitForTheLimit();

private:
    QString folder() const { return m_home->filePath(u"files"_s); }
    QString url(int number) const { return m_server.url(u"/%1.bin"_s.arg(number)); }
    void writeSettings(const QByteArray &text);

    static constexpr qint64 fileSize = 1024 * 1024;
    static constexpr int files = 4;
    NginxServer m_server;
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<Cli> m_cli;
};

void TestLimits::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.errorText()));
    for (int i = 0; i < files; ++i)
        QVERIFY(writeContent(m_server.documents() + u"/%1.bin"_s.arg(i), fileSize, quint32(i)));
}

void TestLimits::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_cli = std::make_unique<Cli>(m_home->path());
    QVERIFY(QDir(m_home->path()).mkpath(u"files"_s));
}

void TestLimits::writeSettings(const QByteArray &text)
{
    const QString path = m_home->filePath(u"config/ingather"_s);
    QVERIFY(QDir().mkpath(path));
    m_cli->setVariable(u"XDG_CONFIG_HOME"_s, m_home->filePath(u"config"_s));
    QFile file(path + u"/ingather.ini"_s);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
}

void TestLimits::getKeepsTheLimit()
{
    QElapsedTimer time;
    time.start();
    const CommandResult got = m_cli->run({u"get"_s, u"-d"_s, folder(), u"--limit-rate"_s, u"512K"_s, url(0)});
    QVERIFY2(got.exitCode == 0, got.report());
    QVERIFY2(time.elapsed() >= 1800, QByteArray::number(time.elapsed()));
    QCOMPARE(sha256Of(folder() + u"/0.bin"_s), sha256Of(m_server.documents() + u"/0.bin"_s));
}

void TestLimits::allLanesShareTheLimit()
{
    QStringList add{u"add"_s, u"-d"_s, folder()};
    for (int i = 0; i < files; ++i)
        add.append(url(i));
    QVERIFY(m_cli->run(add).exitCode == 0);
    QElapsedTimer time;
    time.start();
    const CommandResult ran =
        m_cli->run({u"run"_s, u"--until-idle"_s, u"--threads"_s, u"2"_s, u"--limit-rate"_s, u"2M"_s});
    QVERIFY2(ran.exitCode == 0, ran.report());
    QVERIFY2(time.elapsed() >= 1800, QByteArray::number(time.elapsed()));
    QCOMPARE(QDir(folder()).entryList(QDir::Files).size(), files);
}

void TestLimits::aJobHasALimitOfItsOwn()
{
    QVERIFY(m_cli->run({u"add"_s, u"-d"_s, folder(), u"--limit-rate"_s, u"512K"_s, url(1)}).exitCode == 0);
    QElapsedTimer time;
    time.start();
    const CommandResult ran = m_cli->run({u"run"_s, u"--until-idle"_s});
    QVERIFY2(ran.exitCode == 0, ran.report());
    QVERIFY2(time.elapsed() >= 1800, QByteArray::number(time.elapsed()));
}

void TestLimits::aFlagOfZeroLiftsTheLimitOfTheSettings()
{
    writeSettings("[network]\nlimit_rate=1K\nlimit_timetable=\"* 1K; * 2K\"\n"); // 17 minutes
    const CommandResult got = m_cli->run({u"get"_s, u"-d"_s, folder(), u"--limit-rate"_s, u"0"_s, url(2)});
    QVERIFY2(got.exitCode == 0, got.report());
}

void TestLimits::aSignalDoesNotWaitForTheLimit()
{
    writeSettings("[network]\nlimit_timetable=\"Mon-Fri 1K; Sat,Sun 1K\"\n");
    QVERIFY(m_cli->run({u"add"_s, u"-d"_s, folder(), url(3)}).exitCode == 0);
    const auto process = m_cli->start({u"get"_s, u"-d"_s, folder(), url(3)});
    QVERIFY(QTest::qWaitFor(
        [this] {
            const QList<QJsonObject> jobs = m_cli->jobs();
            return !jobs.isEmpty() && jobs.first()[u"state"_s].toString() == u"STREAMING"_s;
        },
        20'000));
    sendSignal(*process, SIGINT);
    const CommandResult ended = finish(*process, 5000);
    QVERIFY2(ended.exitCode == 130, ended.report());
}

QTEST_GUILESS_MAIN(TestLimits)
#include "tst_limits.moc"
