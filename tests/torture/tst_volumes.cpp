// SPDX-License-Identifier: MIT
#include "torture/killed_work.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <unistd.h>

#include <csignal>
#include <vector>

using namespace ingather;
using namespace ingather::e2e;
using namespace ingather::torture;
using namespace Qt::StringLiterals;

namespace
{

constexpr int jobs = 30;
constexpr qint64 size = 1024 * 1024;
constexpr int patience = 60'000;

bool succeeds(const QString &program, const QStringList &arguments)
{
    return QProcess::execute(program, arguments) == 0;
}

const char ownMounts[] = "INGATHER_TEST_HAS_OWN_MOUNTS";

/// A home, a server, a program, and a folder that volumes come to and go from.
class World
{
public:
    World() : m_cli(m_home.path())
    {
        const QString settings = m_home.filePath(u"xdg_config_home/ingather"_s);
        QDir().mkpath(settings);
        QFile file(settings + u"/ingather.ini"_s);
        if (!file.open(QIODevice::WriteOnly) || file.write("[download]\nmin_free_mebibytes=0\n") < 0)
            qFatal("cannot write the settings");
        QDir().mkdir(disk());
        QDir().mkdir(backing());
        for (int job = 0; job < jobs; ++job) {
            m_server.handle(path(job), [job](const support::RecordedRequest &request) {
                return answer(request, job * 7919, size, "\"v1\"");
            });
        }
    }
    ~World() { QProcess::execute(u"umount"_s, {u"-l"_s, disk()}); }

    QString disk() const { return m_home.filePath(u"disk"_s); }
    bool mountSmall() const
    {
        return succeeds(u"mount"_s, {u"-t"_s, u"tmpfs"_s, u"-o"_s, u"size=20m"_s, u"none"_s, disk()});
    }
    /// One that keeps its files while it is away.
    bool mount() const { return succeeds(u"mount"_s, {u"--bind"_s, backing(), disk()}); }
    bool unmount() const { return succeeds(u"umount"_s, {disk()}); }

    bool add(const QString &folder, int from, int to) const
    {
        QStringList arguments{u"add"_s, u"-d"_s, folder};
        for (int job = from; job < to; ++job)
            arguments << m_server.url(path(job)).toString();
        return m_cli.run(arguments).exitCode == 0;
    }
    std::unique_ptr<QProcess> run() const { return m_cli.start({u"run"_s, u"--until-idle"_s}); }
    CommandResult status() const { return m_cli.json({u"status"_s}); }
    qint64 count(const QString &condition) const
    {
        const support::OtherProgram look(m_cli.ledger(), support::OtherProgram::Access::ReadOnly);
        return look.number(u"SELECT count(*) FROM artifact_jobs WHERE "_s + condition);
    }
    qint64 claims() const
    {
        const support::OtherProgram look(m_cli.ledger(), support::OtherProgram::Access::ReadOnly);
        return look.number(u"SELECT count(*) FROM ingather_events WHERE event = 'CLAIM'"_s);
    }
    /// When the last of the waiting jobs is due.
    double lastDue() const
    {
        const support::OtherProgram look(m_cli.ledger(), support::OtherProgram::Access::ReadOnly);
        return look.rows(u"SELECT max(next_attempt_at) FROM artifact_jobs"_s).value(0).toDouble();
    }
    QStringList faults() const { return faultsOfFinishedLedger(m_cli.ledger()); }
    /// Somebody takes finished files away.
    int takeAway(int most) const
    {
        int taken = 0;
        for (const QString &name : QDir(disk()).entryList(QDir::Files)) {
            if (taken < most && QFile::remove(disk() + u'/' + name))
                ++taken;
        }
        return taken;
    }
    static QByteArray content(int job) { return support::FakeHttpServer::pattern(job * 7919, size); }
    static QString path(int job) { return u"/%1.bin"_s.arg(job); }

private:
    QString backing() const { return m_home.filePath(u"backing"_s); }

    QTemporaryDir m_home;
    support::FakeHttpServer m_server;
    Cli m_cli;
};

int linesWith(const QByteArray &text, const QByteArray &part)
{
    const QList<QByteArray> lines = text.split('\n');
    return static_cast<int>(std::count_if(lines.begin(), lines.end(),
                                          [&](const QByteArray &line) { return line.contains(part); }));
}

const QString done = u"done_at IS NOT NULL AND state = 'INDEXED'"_s;
const QString waits = u"error_code = 'disk_full' AND done_at IS NULL AND lease_owner IS NULL"_s;

} // namespace

/// Small volumes that fill up, and volumes that go and come, with the program as a process. It needs mounts
/// of its own: see main().
class TestVolumes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aFullVolumeWaitsForRoom();
    void killedWhileItWaits();
    void aVolumeThatIsAway_data();
    void aVolumeThatIsAway();

private:
    static void fillUp(const World &world, QProcess &run);
};

void TestVolumes::initTestCase()
{
    if (!qEnvironmentVariableIsSet(ownMounts))
        QSKIP("unshare(1) is refused here, so nothing can be mounted.");
}

/// Until it is full, and its jobs wait.
void TestVolumes::fillUp(const World &world, QProcess &run)
{
    QTRY_VERIFY_WITH_TIMEOUT(world.count(done) >= 17 && world.count(waits) >= 1, patience);
    QTRY_COMPARE_WITH_TIMEOUT(world.count(u"lease_owner IS NOT NULL"_s), 0, patience);
    QCOMPARE(run.state(), QProcess::Running);
    QCOMPARE(world.count(u"state = 'FAILED' OR attempts > 0"_s), 0);
    const qint64 stillOpen = jobs - world.count(done);
    // Told by whoever looks, too.
    const QJsonArray volumes = world.status().object().value(u"volumes"_s).toArray();
    QCOMPARE(volumes.size(), 1);
    QCOMPARE(volumes[0][u"root"].toString(), world.disk());
    QCOMPARE(volumes[0][u"code"].toString(), u"disk_full"_s);
    QCOMPARE(volumes[0][u"jobs"].toInt(), stillOpen);
}

void TestVolumes::aFullVolumeWaitsForRoom()
{
    const World world;
    QVERIFY(world.mountSmall());
    QVERIFY(world.add(world.disk(), 0, jobs));
    const auto run = world.run();
    fillUp(world, *run);
    if (QTest::currentTestFailed())
        return;
    // As long as it lasts the ledger says so: those that met it are put off again before they are due.
    const double due = world.lastDue();
    QTRY_VERIFY_WITH_TIMEOUT(world.lastDue() > due + 15, patience);
    QCOMPARE(world.status().object().value(u"volumes"_s).toArray().size(), 1);
    QCOMPARE(world.takeAway(14), 14);
    const CommandResult end = finish(*run, patience);
    QVERIFY2(end.exitCode == 0, end.report().constData());
    QCOMPARE(world.count(done), jobs);
    QCOMPARE(world.count(u"attempts > 0"_s), 0);
    QCOMPARE(world.faults(), QStringList());
    // A lane-full may have met it, and one or two were tried.
    QVERIFY2(world.claims() <= jobs + 20, QByteArray::number(world.claims()));
    QVERIFY2(linesWith(end.err, "is full") == 1 && linesWith(end.err, "can be written again") == 1,
             end.report().constData());
}

void TestVolumes::killedWhileItWaits()
{
    const World world;
    QVERIFY(world.mountSmall());
    QVERIFY(world.add(world.disk(), 0, jobs));
    {
        const auto run = world.run();
        fillUp(world, *run);
        if (QTest::currentTestFailed())
            return;
        sendSignal(*run, SIGKILL);
        QVERIFY(run->waitForFinished(patience));
    }
    QCOMPARE(world.takeAway(14), 14);
    const CommandResult end = finish(*world.run(), patience);
    QVERIFY2(end.exitCode == 0, end.report().constData());
    QCOMPARE(world.count(done), jobs);
    QCOMPARE(world.count(u"attempts > 0"_s), 0);
    QCOMPARE(world.faults(), QStringList());
}

void TestVolumes::aVolumeThatIsAway_data()
{
    QTest::addColumn<QString>("folder");
    QTest::newRow("a folder of it: it is not there") << u"/papers"_s;
    QTest::newRow("the mount point itself: it is empty") << QString();
}

void TestVolumes::aVolumeThatIsAway()
{
    QFETCH(QString, folder);
    const World world;
    QVERIFY(world.mount());
    const QString root = world.disk() + folder;
    QVERIFY(QDir().mkpath(root));
    QVERIFY(world.add(root, 0, 10));
    QCOMPARE(finish(*world.run(), patience).exitCode, 0);
    QVERIFY(world.add(root, 10, jobs));
    QVERIFY(world.unmount());

    const auto run = world.run();
    QTRY_VERIFY_WITH_TIMEOUT(world.count(u"error_code = 'volume_absent' AND done_at IS NULL"_s) > 0,
                             patience);
    QTRY_COMPARE_WITH_TIMEOUT(world.count(u"lease_owner IS NOT NULL"_s), 0, patience);
    QCOMPARE(everythingIn(world.disk()), QStringList());
    QCOMPARE(world.count(u"state = 'FAILED' OR attempts > 0"_s), 0);
    QVERIFY(world.mount());
    const CommandResult end = finish(*run, patience);
    QVERIFY2(end.exitCode == 0, end.report().constData());
    QCOMPARE(world.count(done), jobs);
    QCOMPARE(world.count(u"attempts > 0"_s), 0);
    QCOMPARE(world.faults(), QStringList());
    for (int job = 0; job < jobs; ++job) {
        QFile file(root + World::path(job));
        QVERIFY2(file.open(QIODevice::ReadOnly) && file.readAll() == World::content(job),
                 qPrintable(file.fileName()));
    }
    QVERIFY2(linesWith(end.err, "is not there") == 1 && linesWith(end.err, "can be written again") == 1,
             end.report().constData());
}

/// Starts itself anew in a mount namespace of its own, where it may mount what it likes, if the system lets
/// it.
int main(int argc, char *argv[])
{
    if (!qEnvironmentVariableIsSet(ownMounts) && succeeds(u"unshare"_s, {u"-rm"_s, u"true"_s})) {
        qputenv(ownMounts, "1");
        std::vector<char *> arguments{const_cast<char *>("unshare"), const_cast<char *>("-rm")};
        arguments.insert(arguments.end(), argv, argv + argc);
        arguments.push_back(nullptr);
        ::execvp("unshare", arguments.data());
    }
    QCoreApplication application(argc, argv);
    TestVolumes test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_volumes.moc"
