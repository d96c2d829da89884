// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "platform/crash_point.h"
#include "support/fake_http_server.h"
#include "torture/killed_work.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QHash>
#include <QRandomGenerator>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <atomic>
#include <csignal>
#include <memory>
#include <optional>

using namespace ingather;
using namespace Qt::StringLiterals;
using support::FakeHttpServer;

namespace
{

constexpr int jobCount = 200;
constexpr int workerCount = 3;
/// Of the jobs: files that lie in another folder already, so that they are copied and not fetched.
constexpr int heldCount = 10;
constexpr qint64 unit = 8; ///< of the server's pattern

/// What a server does to its first visitors. Whoever comes later is served.
enum class Trouble {
    None,
    Reset,      ///< the connection breaks in the middle of the body
    Close,      ///< the body ends too soon
    Stall,      ///< no more bytes come
    Refuse500,  ///< an internal error
    Refuse503,  ///< busy, with a Retry-After
    HasChanged, ///< breaks in the middle; then it is another file
};
constexpr std::array troubles{Trouble::None,      Trouble::Reset,     Trouble::Close,     Trouble::Stall,
                              Trouble::Refuse500, Trouble::Refuse503, Trouble::HasChanged};

/// One file of the server.
struct Source {
    int number = 0;
    qint64 size = 0;
    Trouble trouble = Trouble::None;
    int troubledVisits = 0;

    QString path() const { return u"/file-%1.bin"_s.arg(number); }
    QString name() const { return u"file-%1.bin"_s.arg(number); }
    /// Where in the pattern its content starts; the last two are one content under two names.
    qint64 start(bool isNew) const
    {
        const int content = number == jobCount - 1 ? jobCount - 2 : number;
        return (content * 1000 + (isNew ? 500 : 0)) * unit;
    }
    QByteArray content() const
    {
        return FakeHttpServer::pattern(start(trouble == Trouble::HasChanged), size);
    }
};

QByteArray hashOf(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QList<Source> makeSources(QRandomGenerator &random)
{
    QList<Source> sources;
    for (int i = 0; i < jobCount; ++i) {
        Source source;
        source.number = i;
        source.size = 2000 + random.bounded(300'000);
        if (i % 10 == 0)
            source.size = 1'200'000 + random.bounded(1'000'000); // past what counts as small
        if (i % 50 == 49)
            source.size = 17'000'000 + random.bounded(1'000'000); // past a checkpoint
        source.trouble = troubles[static_cast<std::size_t>(i) % troubles.size()];
        source.troubledVisits = source.trouble == Trouble::None ? 0 : 1 + random.bounded(2);
        if (i < heldCount || i >= jobCount - 2)
            source.trouble = Trouble::None;
        if (i == jobCount - 1)
            source.size = sources.last().size;
        sources.append(source);
    }
    return sources;
}

void serve(FakeHttpServer &server, const Source &source)
{
    auto visits = std::make_shared<std::atomic<int>>(0);
    server.handle(source.path(), [source, visits](const support::RecordedRequest &request) {
        const bool isTroubled = (*visits)++ < source.troubledVisits;
        if (!isTroubled || source.trouble == Trouble::None) {
            const bool isNew = source.trouble == Trouble::HasChanged;
            return torture::answer(request, source.start(isNew), source.size, isNew ? "\"new\"" : "\"old\"");
        }
        support::Script script;
        if (source.trouble == Trouble::Refuse500)
            return script.head(500, {{"Content-Length", "0"}});
        if (source.trouble == Trouble::Refuse503)
            return script.head(503, {{"Content-Length", "0"}, {"Retry-After", "1"}});
        // A 200 to whatever was asked for, with the more of the body the larger it is.
        script.head(200, {{"Content-Length", QByteArray::number(source.size)}, {"ETag", "\"old\""}});
        script.sendPattern(source.start(false), source.size - source.size / 20 - 1);
        if (source.trouble == Trouble::Close)
            return script.close();
        if (source.trouble == Trouble::Stall)
            return script.stall();
        return script.reset();
    });
}

/// Points that a worker passes without help. The others are those of planning, of starts and of care, and two
/// that need a zombie (tst_zombie) or a wrong digest (tst_crash_points).
QStringList pointsOfWorkers()
{
    QStringList names;
    for (const platform::CrashPointName &point : platform::crashPoints) {
        const QString name = QString::fromLatin1(point.name);
        for (const char *group :
             {"part.", "filing.", "copy.", "discard.", "claim.", "step.", "failure.", "checkpoint."}) {
            if (name.startsWith(QLatin1StringView(group)))
                names.append(name);
        }
    }
    return names;
}

bool isLongForm()
{
    return qgetenv("INGATHER_TORTURE") == "long";
}

/// Three workers on one ledger, and what became of them.
class Workers final
{
public:
    Workers(const QString &home, const QString &folder, quint32 seed) : m_cli(home), m_random(seed)
    {
        m_arguments = QStringList{
            u"run"_s, u"-d"_s,        folder, u"--until-idle"_s,   u"--lanes"_s, u"4"_s, u"--lease-ttl"_s,
            u"3"_s,   u"--threads"_s, u"2"_s, u"--max-attempts"_s, u"1000"_s};
    }

    /// Starts whoever is not running. `armed`: the crash point that one of them is to die at.
    void startMissing(const QString &armed = {})
    {
        bool isToArm = !armed.isEmpty();
        for (Worker &worker : m_workers) {
            if (worker.process && worker.process->state() != QProcess::NotRunning)
                continue;
            look(worker);
            worker.armed = isToArm ? armed : QString();
            isToArm = false;
            const int passage = 1 + static_cast<int>(m_random.bounded(4));
            m_cli.setVariable(u"INGATHER_CRASH_AT"_s, worker.armed.isEmpty()
                                                          ? QString()
                                                          : worker.armed + u':' + QString::number(passage));
            worker.process = m_cli.start(m_arguments);
        }
    }

    /// Kills one of them within the next moments, wherever it is then.
    void killOne()
    {
        Worker &victim = m_workers[m_random.bounded(workerCount)];
        if (!victim.process || victim.process->waitForFinished(static_cast<int>(m_random.bounded(450))))
            return;
        e2e::sendSignal(*victim.process, SIGKILL);
        victim.process->waitForFinished();
        victim.wasKilled = true;
    }

    /// Waits until each has ended by itself; false after the deadline.
    bool waitForEnds(int deadlineMs)
    {
        QElapsedTimer timer;
        timer.start();
        bool haveEnded = true;
        for (Worker &worker : m_workers) {
            const int left = std::max(0, deadlineMs - static_cast<int>(timer.elapsed()));
            const bool hasEnded =
                worker.process->state() == QProcess::NotRunning || worker.process->waitForFinished(left);
            haveEnded = haveEnded && hasEnded;
            if (!hasEnded) {
                worker.process->kill();
                worker.process->waitForFinished();
                worker.wasKilled = true;
                m_wrongEnds.append("has not come to its end: " + worker.process->readAllStandardError());
            }
            look(worker);
            worker.process.reset();
        }
        return haveEnded;
    }

    int kills() const { return m_kills + m_crashes; }
    int crashes() const { return m_crashes; }
    const QSet<QString> &reached() const { return m_reached; }
    /// How workers ended that nobody killed, if not well.
    const QByteArrayList &wrongEnds() const { return m_wrongEnds; }

private:
    struct Worker {
        std::unique_ptr<QProcess> process;
        QString armed;
        bool wasKilled = false;
    };

    void look(Worker &worker)
    {
        if (!worker.process)
            return;
        const bool hasCrashed = worker.process->exitStatus() == QProcess::CrashExit;
        if (worker.wasKilled && hasCrashed) {
            ++m_kills;
        } else if (hasCrashed && !worker.armed.isEmpty() && worker.process->exitCode() == SIGKILL) {
            ++m_crashes;
            m_reached.insert(worker.armed);
        } else if (hasCrashed || worker.process->exitCode() != 0) {
            m_wrongEnds.append(QByteArray::number(worker.process->exitCode()) + ": " +
                               worker.process->readAllStandardError());
        }
        worker.wasKilled = false;
    }

    e2e::Cli m_cli;
    QRandomGenerator m_random;
    QStringList m_arguments;
    std::array<Worker, workerCount> m_workers;
    QSet<QString> m_reached;
    int m_kills = 0;
    int m_crashes = 0;
    QByteArrayList m_wrongEnds;
};

} // namespace

/// Three workers fetch 200 files from a server that breaks off, stalls, refuses and changes its files, and
/// one after the other is killed. Afterwards everything is there, once.
class TestWorkerKills : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everythingIsDoneOnce();

private:
    void round(quint32 seed);

    quint32 m_seed = 0;
    int m_kills = 0;
    int m_crashes = 0;
    QStringList m_unreached = pointsOfWorkers();
};

void TestWorkerKills::initTestCase()
{
    m_seed = QRandomGenerator::global()->generate();
    if (const QByteArray wanted = qgetenv("INGATHER_TORTURE_SEED"); !wanted.isEmpty())
        m_seed = wanted.toUInt();
    qInfo("seed %u (INGATHER_TORTURE_SEED repeats it, as far as processes can be repeated)", m_seed);
}

/// The short form is one round of kills. The long one goes on until 500 were killed, and each point of a
/// worker was among the places.
void TestWorkerKills::everythingIsDoneOnce()
{
    constexpr int killsOfLongForm = 500;
    constexpr int mostRounds = 60;
    QElapsedTimer timer;
    timer.start();
    int rounds = 0;
    do {
        round(m_seed + static_cast<quint32>(rounds));
        if (QTest::currentTestFailed())
            return;
        ++rounds;
    } while (isLongForm() && rounds < mostRounds && (m_kills < killsOfLongForm || !m_unreached.isEmpty()));
    qInfo("%d kills, %d of them at crash points, in %d rounds of %d jobs, %.1f s", m_kills, m_crashes, rounds,
          jobCount, static_cast<double>(timer.elapsed()) / 1000);
    QVERIFY(m_kills > 0);
    if (isLongForm()) {
        QVERIFY(m_kills >= killsOfLongForm);
        QVERIFY2(m_unreached.isEmpty(), qPrintable(m_unreached.join(u", "_s)));
    }
}

void TestWorkerKills::round(quint32 seed)
{
    QRandomGenerator random(seed);
    const QByteArray because = "seed " + QByteArray::number(seed) + ": ";
    QTemporaryDir home;
    const QString folder = home.filePath(u"files"_s);
    const QString held = home.filePath(u"held"_s);
    QVERIFY(QDir().mkpath(folder) && QDir().mkpath(held));
    QVERIFY(QDir().mkpath(home.filePath(u"xdg_config_home/ingather"_s)));
    QFile settings(home.filePath(u"xdg_config_home/ingather/ingather.ini"_s));
    QVERIFY(settings.open(QIODevice::WriteOnly));
    settings.write("[network]\nstall_timeout=2\n[worker]\nbackoff_ceiling=2\n[ledger]\nbackups=false\n");
    settings.close();

    // The server, and the jobs.
    FakeHttpServer server;
    const QList<Source> sources = makeSources(random);
    QStringList get{u"get"_s, u"-q"_s, u"-d"_s, held};
    QByteArray list;
    for (const Source &source : sources) {
        serve(server, source);
        list += server.url(source.path()).toEncoded() + '\n';
        if (source.number < heldCount)
            get << server.url(source.path()).toString();
    }
    const e2e::Cli cli(home.path());
    const e2e::CommandResult first = cli.run(get);
    QVERIFY2(first.exitCode == 0, because + first.report());
    QFile file(home.filePath(u"list.txt"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(list);
    file.close();
    const e2e::CommandResult import = cli.run({u"import"_s, file.fileName(), u"-d"_s, folder});
    QVERIFY2(import.exitCode == 0, because + import.report());

    // The kills: at random moments, every other time one of the new ones carries a point to die at.
    const int killsOfRound = isLongForm() ? 60 : 30;
    Workers workers(home.path(), folder, seed);
    {
        const support::OtherProgram look(cli.ledger(), support::OtherProgram::Access::ReadOnly);
        bool isToArm = false;
        const QStringList all = pointsOfWorkers();
        while (workers.kills() < killsOfRound &&
               look.number(u"SELECT count(*) FROM artifact_jobs WHERE done_at IS NULL"_s) > 0) {
            QStringList open = m_unreached;
            open.removeIf([&](const QString &point) { return workers.reached().contains(point); });
            const QStringList &choice = open.isEmpty() ? all : open;
            isToArm = !isToArm;
            workers.startMissing(
                isToArm ? choice[static_cast<int>(random.bounded(static_cast<quint32>(choice.size())))]
                        : QString());
            workers.killOne();
            QVERIFY2(workers.wrongEnds().isEmpty(), because + workers.wrongEnds().join('\n'));
        }
    }
    // What is armed still may go off; then others take over.
    workers.startMissing();
    workers.waitForEnds(150'000);
    workers.startMissing();
    const bool haveEnded = workers.waitForEnds(150'000);
    QVERIFY2(haveEnded && workers.wrongEnds().isEmpty(), because + workers.wrongEnds().join('\n'));
    m_kills += workers.kills();
    m_crashes += workers.crashes();
    m_unreached.removeIf([&](const QString &point) { return workers.reached().contains(point); });

    // Everything is there, whole and once; nothing else is.
    const QStringList faults = torture::faultsOfFinishedLedger(cli.ledger());
    QVERIFY2(faults.isEmpty(), because + faults.join(u'\n').toUtf8());
    QStringList names;
    QHash<QString, QByteArray> hashes;
    for (const Source &source : sources) {
        names.append(source.name());
        hashes.insert(source.name(), hashOf(source.content()));
    }
    names.sort();
    const QStringList found = torture::everythingIn(folder);
    QVERIFY2(found == names, because +
                                 QStringList(QSet<QString>(found.begin(), found.end())
                                                 .subtract(QSet<QString>(names.begin(), names.end()))
                                                 .values())
                                     .join(u", "_s)
                                     .toUtf8() +
                                 " is too much, or something is missing");
    for (const QString &name : names) {
        QFile fetched(folder + u'/' + name);
        QVERIFY(fetched.open(QIODevice::ReadOnly));
        QVERIFY2(hashOf(fetched.readAll()) == hashes.value(name), because + name.toUtf8());
    }
    QCOMPARE(torture::everythingIn(held).size(), heldCount);
    QCOMPARE(QSet<QByteArray>(hashes.cbegin(), hashes.cend()).size(),
             jobCount - 1); // two asked for one content
    QVERIFY(!QDir(home.filePath(u"xdg_data_home/ingather/quarantine"_s)).exists());
    const QList<QJsonObject> jobs = cli.jobs();
    QCOMPARE(jobs.size(), jobCount + heldCount);
    int copies = 0;
    for (const QJsonObject &job : jobs) {
        const QString name = job.value(u"final_path"_s).toString();
        QVERIFY2(hashes.value(name) == job.value(u"sha256"_s).toString().toLatin1(), because + name.toUtf8());
        copies += job.value(u"state"_s).toString() == u"DEDUPED" ? 1 : 0;
    }
    QCOMPARE(copies, heldCount);
}

QTEST_GUILESS_MAIN(TestWorkerKills)
#include "tst_worker_kills.moc"
