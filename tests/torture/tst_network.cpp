// SPDX-License-Identifier: MIT
#include "torture/killed_work.h"

#include <QTemporaryDir>
#include <QtTest>

#include <array>
#include <atomic>
#include <csignal>
#include <limits>

using namespace ingather;
using namespace ingather::e2e;
using namespace ingather::torture;
using namespace Qt::StringLiterals;

namespace
{

constexpr int hosts = 4;

bool isLong()
{
    return qEnvironmentVariable("INGATHER_TORTURE") == u"long"_s;
}

int jobCount()
{
    return isLong() ? 3000 : 300;
}

enum class Mood { Well, Stalls, Redirects, Answers511, ShowsPage };

/// Four servers, each a host of its own, that all change their mood at the same request: as a network does,
/// and not a server.
class World
{
public:
    World()
    {
        m_portal.raw(u"/login"_s, page());
        for (int host = 0; host < hosts; ++host)
            open(host);
    }

    QUrl url(int job) const { return m_servers[std::size_t(job % hosts)]->url(path(job)); }
    static QString path(int job) { return u"/%1.bin"_s.arg(job); }
    static QByteArray content(int job) { return support::FakeHttpServer::pattern(job * 7919, 4000 + job); }

    /// After that many requests.
    void setTurn(int requests, Mood mood)
    {
        m_later = mood;
        m_turn = requests;
    }
    void beWell() { m_turn = never; }
    bool hasTurned() const { return m_count > m_turn; }
    void close()
    {
        for (auto &server : m_servers)
            server.reset();
    }
    void reopen()
    {
        for (int host = 0; host < hosts; ++host)
            open(host);
    }

private:
    static support::Script page()
    {
        const QByteArray body = "<html><title>Welcome</title>Room number, please.</html>";
        support::Script script;
        script.head(200,
                    {{"Content-Type", "text/html"}, {"Content-Length", QByteArray::number(body.size())}});
        return script.send(body);
    }

    void open(int host)
    {
        const auto at = std::size_t(host);
        const support::Endpoint endpoint{u"127.0.0.%1"_s.arg(host + 1), m_ports[at]};
        m_servers[at] = std::make_unique<support::FakeHttpServer>(std::nullopt, endpoint);
        m_ports[at] = m_servers[at]->port();
        for (int job = host; job < jobCount(); job += hosts) {
            m_servers[at]->handle(path(job), [this, job](const support::RecordedRequest &request) {
                return answerTo(request, job);
            });
        }
    }

    support::Script answerTo(const support::RecordedRequest &request, int job)
    {
        support::Script script;
        switch (m_count++ < m_turn ? Mood::Well : m_later.load()) {
        case Mood::Well:
            break;
        case Mood::Stalls:
            return script.stall();
        case Mood::Redirects:
            return script.head(302,
                               {{"Location", m_portal.url(u"/login"_s).toEncoded() + "?from=" + request.path},
                                {"Content-Length", "0"}});
        case Mood::Answers511:
            return script.head(511, {{"Content-Length", "0"}});
        case Mood::ShowsPage:
            return page();
        }
        const QByteArray body = content(job);
        script.head(200, {{"Content-Length", QByteArray::number(body.size())},
                          {"Content-Type", "application/pdf"},
                          {"ETag", '"' + QByteArray::number(job) + '"'}});
        return script.send(body);
    }

    support::FakeHttpServer m_portal{std::nullopt, support::Endpoint{u"127.0.0.5"_s, 0}};
    std::array<std::unique_ptr<support::FakeHttpServer>, hosts> m_servers;
    std::array<quint16, hosts> m_ports{};
    static constexpr int never = std::numeric_limits<int>::max();
    std::atomic<Mood> m_later{Mood::Well};
    std::atomic<int> m_turn{never};
    std::atomic<int> m_count{0};
};

} // namespace

/// The network goes away, or somebody else answers for everybody, or the machine sleeps, in the middle of
/// many downloads: when it is over, all of them are done, and nobody was blamed.
class TestNetwork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void everythingIsDoneAfterAnOutage();
    void everythingIsDoneAfterAPortal_data();
    void everythingIsDoneAfterAPortal();
    void everythingIsDoneAfterASleep();
    void deadLinksAreNoDeadNetwork();

private:
    void plan();
    std::unique_ptr<QProcess> startWorker();
    int number(const QString &sql) const
    {
        return support::OtherProgram(m_cli->ledger(), support::OtherProgram::Access::ReadOnly).number(sql);
    }
    QString folder() const { return m_home->filePath(u"files"_s); }
    void checkAll();

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<Cli> m_cli;
    std::unique_ptr<World> m_world;
    std::unique_ptr<QProcess> m_worker;
};

void TestNetwork::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_cli = std::make_unique<Cli>(m_home->path());
    m_world = std::make_unique<World>();
    QVERIFY(QDir(m_home->path()).mkpath(u"files"_s));
    plan();
}

void TestNetwork::cleanup()
{
    if (m_worker && m_worker->state() != QProcess::NotRunning)
        m_worker->kill(); // it may be stopped
    m_worker.reset();
    m_world.reset();
}

void TestNetwork::plan()
{
    QFile list(m_home->filePath(u"list.txt"_s));
    QVERIFY(list.open(QIODevice::WriteOnly));
    for (int job = 0; job < jobCount(); ++job)
        list.write(m_world->url(job).toEncoded() + '\n');
    list.close();
    const CommandResult planned = m_cli->run({u"import"_s, list.fileName(), u"-d"_s, folder()});
    QVERIFY2(planned.exitCode == 0, planned.report());
}

std::unique_ptr<QProcess> TestNetwork::startWorker()
{
    return m_cli->start({u"run"_s, u"--until-idle"_s, u"--lease-ttl"_s, u"3"_s, u"--max-attempts"_s, u"2"_s});
}

void TestNetwork::checkAll()
{
    const CommandResult ended = finish(*m_worker, 240'000);
    const QStringList wronged =
        support::OtherProgram(m_cli->ledger(), support::OtherProgram::Access::ReadOnly)
            .rows(u"SELECT job_id || ' ' || state || ' ' || attempts || ' ' || coalesce(error_code, '') || "
                  "' ' || coalesce(error_detail, '') || ' ' || (SELECT group_concat(event || ' ' || "
                  "coalesce(code, '') || ' ' || round(at, 2), ', ') FROM ingather_events AS e WHERE "
                  "e.job_id = j.job_id) FROM artifact_jobs AS j WHERE state <> 'INDEXED' OR done_at IS NULL "
                  "OR attempts > 0"_s);
    QVERIFY2(wronged.isEmpty(), qPrintable(wronged.join(u"\n"_s)));
    QVERIFY2(ended.exitCode == 0, ended.report());
    QCOMPARE(number(u"SELECT count(*) FROM ingather_hosts"_s), 0);
    for (int job = 0; job < jobCount(); ++job) {
        QFile file(folder() + World::path(job));
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        QVERIFY2(file.readAll() == World::content(job), qPrintable(file.fileName()));
    }
    QCOMPARE(QDir(folder()).entryList(QDir::Files | QDir::Hidden).size(), jobCount());
}

void TestNetwork::everythingIsDoneAfterAnOutage()
{
    m_world->setTurn(jobCount() / 3, Mood::Stalls);
    m_worker = startWorker();
    QTRY_VERIFY_WITH_TIMEOUT(m_world->hasTurned(), 60'000);
    m_world->close();
    // Time for as many attempts as would end jobs for good, many times over.
    QTRY_VERIFY_WITH_TIMEOUT(number(u"SELECT count(*) FROM artifact_jobs WHERE next_attempt_at > 0 AND "
                                    "error_code = 'network_unreachable'"_s) >= 2,
                             60'000);
    if (isLong())
        QTest::qWait(5 * 60'000);
    m_world->beWell();
    m_world->reopen();
    checkAll();
    QCOMPARE(faultsOfFinishedLedger(m_cli->ledger()), QStringList());
}

void TestNetwork::everythingIsDoneAfterAPortal_data()
{
    QTest::addColumn<int>("mood");
    QTest::newRow("that sends everybody to one place") << int(Mood::Redirects);
    QTest::newRow("that says what it is") << int(Mood::Answers511);
    QTest::newRow("that shows the same page to everybody") << int(Mood::ShowsPage);
}

void TestNetwork::everythingIsDoneAfterAPortal()
{
    QFETCH(int, mood);
    m_world->setTurn(jobCount() / 3, static_cast<Mood>(mood));
    m_worker = startWorker();
    QTRY_VERIFY_WITH_TIMEOUT(m_world->hasTurned(), 60'000);
    QTRY_VERIFY_WITH_TIMEOUT(number(u"SELECT count(*) FROM artifact_jobs WHERE next_attempt_at > 0 AND "
                                    "error_code = 'network_unreachable'"_s) >= 2,
                             60'000);
    m_world->beWell();
    checkAll();
}

void TestNetwork::everythingIsDoneAfterASleep()
{
    m_world->setTurn(jobCount() / 3, Mood::Stalls);
    m_worker = startWorker();
    QTRY_VERIFY_WITH_TIMEOUT(m_world->hasTurned(), 60'000);
    sendSignal(*m_worker, SIGSTOP);
    QTRY_VERIFY_WITH_TIMEOUT(number(u"SELECT count(*) FROM artifact_jobs WHERE lease_owner IS NOT NULL AND "
                                    "lease_until > (julianday('now') - 2440587.5) * 86400"_s) == 0,
                             60'000);
    m_world->close();
    m_world->beWell();
    m_world->reopen();
    sendSignal(*m_worker, SIGCONT);
    checkAll();
    QCOMPARE(faultsOfFinishedLedger(m_cli->ledger()), QStringList());
}

/// Many hosts that are gone for good beside some that answer: theirs fail as ever, and the run comes to an
/// end.
void TestNetwork::deadLinksAreNoDeadNetwork()
{
    QStringList add{u"add"_s, u"-d"_s, folder()};
    for (int dead = 0; dead < 8; ++dead)
        add.append(u"http://127.0.0.%1:%2/dead.pdf"_s.arg(10 + dead).arg(m_world->url(0).port()));
    const CommandResult planned = m_cli->run(add);
    QVERIFY2(planned.exitCode == 0, planned.report());
    m_worker = startWorker();
    const CommandResult ended = finish(*m_worker, 240'000);
    QVERIFY2(ended.exitCode == 1, ended.report());
    QCOMPARE(number(u"SELECT count(*) FROM artifact_jobs WHERE state = 'INDEXED'"_s), jobCount());
    QCOMPARE(number(u"SELECT count(*) FROM artifact_jobs WHERE state = 'FAILED' AND done_at IS NOT NULL AND "
                    "error_code = 'connection_refused'"_s),
             8);
}

QTEST_GUILESS_MAIN(TestNetwork)
#include "tst_network.moc"
