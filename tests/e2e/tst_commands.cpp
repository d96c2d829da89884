// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "e2e/content.h"
#include "e2e/nginx_server.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace ingather::e2e;
using namespace Qt::StringLiterals;

/// The contract of the command line that scripts rest on: what each command prints with --json.
class TestCommands : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void lookingCreatesNothing_data();
    void lookingCreatesNothing();
    void addPrintsTheSameIdsEachTime();
    void listGivesTheColumnsOfTheLedger();
    void listFiltersAndPages();
    void showGivesOneJob();
    void opsAndEventsTellTheHistory();
    void statusCounts();
    void pauseAndResumeAreWishes();
    void cancelDropsTheJobAndRetryLiftsIt();
    void priorityDecidesWhatIsFetchedFirst();
    void removeHidesAndUndoShows();
    void removeDeletesWhatWasFiled();
    void reconcileTellsAndRetryFetchesAgain();
    void verifyTellsWhatIsNotAsItWasFiled();
    void getTakesANameAndADigest();
    void getLeavesOtherJobsAlone();
    void globalOptionsStandOnEitherSide();
    void theLedgerComesFromTheEnvironmentToo();
    void versionAndHelpSayWhatTheyShould();

private:
    QString folder() const { return m_home->filePath(u"files"_s); }
    QString addOne(const QString &path) const;

    NginxServer m_server;
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<Cli> m_cli;
};

void TestCommands::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.errorText()));
    for (const QString &name : {u"a.bin"_s, u"b.bin"_s, u"c.bin"_s})
        QVERIFY(writeContent(m_server.documents() + u'/' + name, 20'000, qHash(name)));
}

void TestCommands::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_cli = std::make_unique<Cli>(m_home->path());
    QVERIFY(QDir(m_home->path()).mkpath(u"files"_s));
}

QString TestCommands::addOne(const QString &path) const
{
    const CommandResult result = m_cli->json({u"add"_s, u"-d"_s, folder(), m_server.url(path)});
    if (result.exitCode != 0)
        QTest::qFail(result.report().constData(), __FILE__, __LINE__);
    return result.object().value(u"jobs"_s).toArray().at(0).toObject().value(u"job_id"_s).toString();
}

void TestCommands::lookingCreatesNothing_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("list") << QStringList{u"list"_s};
    QTest::newRow("status") << QStringList{u"status"_s};
    QTest::newRow("show") << QStringList{u"show"_s, u"some-job"_s};
    QTest::newRow("ops") << QStringList{u"ops"_s, u"some-job"_s};
}

void TestCommands::lookingCreatesNothing()
{
    QFETCH(const QStringList, arguments);
    const CommandResult result = m_cli->run(arguments);
    QVERIFY2(result.exitCode >= 0 && result.exitCode <= 3, result.report().constData());
    QCOMPARE(entriesOf(m_home->path()), QStringList{u"files"_s});

    QFile empty(m_cli->ledger());
    QVERIFY(empty.open(QIODevice::WriteOnly));
    empty.close();
    QVERIFY(m_cli->run(arguments).exitCode >= 0);
    QCOMPARE(empty.size(), 0);
}

void TestCommands::addPrintsTheSameIdsEachTime()
{
    const QStringList arguments{u"add"_s, u"-d"_s, folder(), m_server.url(u"/a.bin"_s),
                                m_server.url(u"/b.bin"_s)};
    const CommandResult first = m_cli->json(arguments);
    QVERIFY2(first.exitCode == 0, first.report().constData());
    const QJsonArray jobs = first.object().value(u"jobs"_s).toArray();
    QCOMPARE(jobs.size(), 2);
    for (qsizetype i = 0; i < jobs.size(); ++i) {
        const QJsonObject job = jobs[i].toObject();
        QCOMPARE(job.keys(), (QStringList{u"error_code"_s, u"final_path"_s, u"job_id"_s, u"new"_s, u"state"_s,
                                          u"url"_s}));
        QCOMPARE(job.value(u"job_id"_s).toString().size(), 36);
        QCOMPARE(job.value(u"url"_s).toString(), arguments[3 + i]);
        QCOMPARE(job.value(u"new"_s).toBool(), true);
        QCOMPARE(job.value(u"state"_s).toString(), u"PLANNED"_s);
    }

    const CommandResult second = m_cli->json(arguments);
    QVERIFY2(second.exitCode == 0, second.report().constData());
    const QJsonArray again = second.object().value(u"jobs"_s).toArray();
    QCOMPARE(again.size(), 2);
    for (qsizetype i = 0; i < again.size(); ++i) {
        QCOMPARE(again[i].toObject().value(u"job_id"_s), jobs[i].toObject().value(u"job_id"_s));
        QCOMPARE(again[i].toObject().value(u"new"_s).toBool(), false);
    }

    // For people, and for `$(…)`: the ids are on stdout.
    const CommandResult told = m_cli->run(arguments);
    for (const QJsonValue &job : jobs)
        QVERIFY2(told.out.contains(job.toObject().value(u"job_id"_s).toString().toUtf8()),
                 told.report().constData());
    QCOMPARE(m_cli->jobs().size(), 2);
    QCOMPARE(entriesOf(folder()), QStringList());
}

void TestCommands::listGivesTheColumnsOfTheLedger()
{
    addOne(u"/a.bin"_s);
    const QList<QJsonObject> jobs = m_cli->jobs();
    QCOMPARE(jobs.size(), 1);
    for (const QString &key :
         {u"job_id"_s,      u"work_id"_s,        u"artifact_id"_s, u"canonical_url"_s, u"state"_s,
          u"lease_owner"_s, u"lease_until"_s,    u"created_at"_s,  u"updated_at"_s,    u"fence"_s,
          u"attempts"_s,    u"hold"_s,           u"priority"_s,    u"done_at"_s,       u"host"_s,
          u"error_code"_s,  u"source_url"_s,     u"final_path"_s,  u"bytes_total"_s,   u"bytes_done"_s,
          u"sha256"_s,      u"next_attempt_at"_s})
        QVERIFY2(jobs.first().contains(key), qPrintable(key));
    QCOMPARE(jobs.first().value(u"canonical_url"_s).toString(), m_server.url(u"/a.bin"_s));
    QCOMPARE(jobs.first().value(u"artifact_id"_s).toString(), u"file"_s);
    QVERIFY(jobs.first().value(u"work_id"_s).toString().startsWith(u"url:"_s));
    QVERIFY(jobs.first().value(u"hold"_s).isNull());
    QVERIFY(jobs.first().value(u"created_at"_s).toDouble() > 1e9);
}

void TestCommands::listFiltersAndPages()
{
    QStringList ids;
    for (const QString &path : {u"/a.bin"_s, u"/b.bin"_s, u"/c.bin"_s})
        ids.append(addOne(path));
    QCOMPARE(m_cli->json({u"get"_s, u"-d"_s, folder(), m_server.url(u"/b.bin"_s)}).exitCode, 0);

    const auto idsOf = [](const CommandResult &result) {
        QStringList found;
        for (const QJsonObject &job : result.lines())
            found.append(job.value(u"job_id"_s).toString());
        return found;
    };
    QCOMPARE(idsOf(m_cli->json({u"list"_s})), ids);
    QCOMPARE(idsOf(m_cli->json({u"list"_s, u"--state"_s, u"INDEXED"_s})), QStringList{ids[1]});
    QCOMPARE(idsOf(m_cli->json({u"list"_s, u"--state"_s, u"INDEXED"_s, u"--state"_s, u"PLANNED"_s})), ids);
    QCOMPARE(idsOf(m_cli->json({u"list"_s, u"--limit"_s, u"2"_s})), ids.mid(0, 2));
    QCOMPARE(idsOf(m_cli->json({u"list"_s, u"--limit"_s, u"2"_s, u"--after"_s, ids[1]})), ids.mid(2));
}

void TestCommands::showGivesOneJob()
{
    const QString id = addOne(u"/a.bin"_s);
    const CommandResult shown = m_cli->json({u"show"_s, id});
    QVERIFY2(shown.exitCode == 0, shown.report().constData());
    QCOMPARE(shown.object().value(u"job_id"_s).toString(), id);
    QCOMPARE(shown.object().value(u"state"_s).toString(), u"PLANNED"_s);

    const CommandResult told = m_cli->run({u"show"_s, id});
    QCOMPARE(told.exitCode, 0);
    QVERIFY2(told.out.contains(id.toUtf8()) && told.out.contains(m_server.url(u"/a.bin"_s).toUtf8()),
             told.report().constData());
}

void TestCommands::opsAndEventsTellTheHistory()
{
    const QString id = addOne(u"/a.bin"_s);
    QCOMPARE(m_cli->ops(id).size(), 0);
    QCOMPARE(m_cli->json({u"get"_s, u"-d"_s, folder(), m_server.url(u"/a.bin"_s)}).exitCode, 0);

    const QList<QJsonObject> ops = m_cli->ops(id);
    QCOMPARE(ops.size(), 4);
    for (const QJsonObject &op : ops) {
        QCOMPARE(op.value(u"op_key"_s).toString().size(), 64);
        QCOMPARE(op.value(u"job_id"_s).toString(), id);
        QCOMPARE(op.value(u"phase"_s).toString(), u"DONE"_s);
        QCOMPARE(op.value(u"attempt"_s).toInt(), 1);
        QVERIFY(op.value(u"fence"_s).toInteger() > 0);
        QVERIFY(!op.value(u"owner"_s).toString().isEmpty());
        QVERIFY(op.value(u"result_json"_s).isObject());
    }

    const CommandResult result = m_cli->json({u"ops"_s, id, u"--events"_s});
    QVERIFY2(result.exitCode == 0, result.report().constData());
    QStringList events;
    for (const QJsonObject &line : result.lines()) {
        if (line.contains(u"event"_s))
            events.append(line.value(u"event"_s).toString());
    }
    QVERIFY2(events.contains(u"CLAIM"_s) && events.contains(u"INTENT"_s) && events.contains(u"RESULT"_s),
             result.report().constData());
}

void TestCommands::statusCounts()
{
    addOne(u"/a.bin"_s);
    const QString held = addOne(u"/b.bin"_s);
    QCOMPARE(m_cli->run({u"pause"_s, held}).exitCode, 0);
    QCOMPARE(m_cli->json({u"get"_s, u"-d"_s, folder(), m_server.url(u"/c.bin"_s)}).exitCode, 0);

    const CommandResult result = m_cli->json({u"status"_s});
    QVERIFY2(result.exitCode == 0, result.report().constData());
    const QJsonObject states = result.object().value(u"states"_s).toObject();
    QCOMPARE(states.value(u"PLANNED"_s).toInt(), 2);
    QCOMPARE(states.value(u"INDEXED"_s).toInt(), 1);
    QCOMPARE(result.object().value(u"held"_s).toInt(), 1);
    QCOMPARE(result.object().value(u"leases"_s).toObject().value(u"active"_s).toInt(-1), 0);
    QCOMPARE(result.object().value(u"leases"_s).toObject().value(u"expired"_s).toInt(-1), 0);
}

void TestCommands::pauseAndResumeAreWishes()
{
    const QString id = addOne(u"/a.bin"_s);
    QCOMPARE(m_cli->run({u"pause"_s, id}).exitCode, 0);
    QCOMPARE(m_cli->jobs().value(0).value(u"hold"_s).toString(), u"PAUSED"_s);
    QCOMPARE(m_cli->jobs().value(0).value(u"state"_s).toString(), u"PLANNED"_s);

    const qsizetype before = m_server.requests().size();
    const CommandResult idle = m_cli->json({u"run"_s, u"--until-idle"_s});
    QVERIFY2(idle.exitCode == 0, idle.report().constData());
    QCOMPARE(m_server.requests().size(), before);

    QCOMPARE(m_cli->run({u"resume"_s, id}).exitCode, 0);
    QVERIFY(m_cli->jobs().value(0).value(u"hold"_s).isNull());
    const CommandResult ran = m_cli->json({u"run"_s, u"--until-idle"_s});
    QVERIFY2(ran.exitCode == 0, ran.report().constData());
    QCOMPARE(ran.object().value(u"states"_s).toObject().value(u"INDEXED"_s).toInt(), 1);
    QCOMPARE(entriesOf(folder()), QStringList{u"a.bin"_s});
}

void TestCommands::cancelDropsTheJobAndRetryLiftsIt()
{
    const QString id = addOne(u"/a.bin"_s);
    QCOMPARE(m_cli->run({u"cancel"_s, id}).exitCode, 0);
    QCOMPARE(m_cli->jobs().value(0).value(u"hold"_s).toString(), u"CANCELLED"_s);
    // Only retry lifts a cancellation.
    QVERIFY(m_cli->run({u"resume"_s, id}).exitCode >= 0);
    QCOMPARE(m_cli->jobs().value(0).value(u"hold"_s).toString(), u"CANCELLED"_s);
    QCOMPARE(m_cli->run({u"retry"_s, id}).exitCode, 0);
    QVERIFY(m_cli->jobs().value(0).value(u"hold"_s).isNull());
}

void TestCommands::priorityDecidesWhatIsFetchedFirst()
{
    addOne(u"/a.bin"_s);
    const QString second = addOne(u"/b.bin"_s);
    QCOMPARE(m_cli->run({u"priority"_s, u"10"_s, second}).exitCode, 0);
    const CommandResult again = m_cli->json({u"priority"_s, u"10"_s, second});
    QCOMPARE(again.object().value(u"unchanged"_s).toArray().size(), 1);
    QCOMPARE(m_cli->run({u"priority"_s, u"much"_s, second}).exitCode, 2);
    QCOMPARE(m_cli->run({u"priority"_s, u"10"_s, u"nobody"_s}).exitCode, 2);
    QCOMPARE(m_cli->run({u"run"_s, u"--until-idle"_s, u"--lanes"_s, u"1"_s}).exitCode, 0);
    const auto requests = m_server.requests();
    QVERIFY(requests.size() >= 2);
    QCOMPARE(requests.at(requests.size() - 2).path, u"/b.bin"_s);
}

void TestCommands::removeHidesAndUndoShows()
{
    const QString id = addOne(u"/a.bin"_s);
    QCOMPARE(m_cli->run({u"remove"_s, id}).exitCode, 0);
    QCOMPARE(m_cli->jobs().size(), 0);
    const qsizetype before = m_server.requests().size();
    QCOMPARE(m_cli->run({u"run"_s, u"--until-idle"_s}).exitCode, 0);
    QCOMPARE(m_server.requests().size(), before);
    QCOMPARE(m_cli->run({u"remove"_s, u"--undo"_s, id}).exitCode, 0);
    QCOMPARE(m_cli->jobs().size(), 1);
    QCOMPARE(m_cli->run({u"remove"_s, u"--undo"_s, u"--forget"_s, id}).exitCode, 2);
    QCOMPARE(m_cli->run({u"remove"_s, u"--forget"_s, id}).exitCode, 0);
    QCOMPARE(m_cli->run({u"show"_s, id}).exitCode, 2);
}

void TestCommands::removeDeletesWhatWasFiled()
{
    const QString whole = addOne(u"/a.bin"_s);
    const QString changed = addOne(u"/b.bin"_s);
    QCOMPARE(m_cli->run({u"run"_s, u"--until-idle"_s}).exitCode, 0);
    QFile file(folder() + u"/b.bin"_s);
    QVERIFY(file.open(QIODevice::Append) && file.write("a note") == 6);
    file.close();
    const CommandResult result = m_cli->json({u"remove"_s, u"--delete-files"_s, whole, changed});
    QCOMPARE(result.exitCode, 1);
    QCOMPARE(result.object().value(u"deleted"_s).toArray(), QJsonArray{folder() + u"/a.bin"_s});
    QCOMPARE(result.object().value(u"kept"_s).toArray().first().toObject().value(u"job_id"_s), changed);
    QCOMPARE(entriesOf(folder()), QStringList{u"b.bin"_s});
    // What was kept is not forgotten either.
    QCOMPARE(m_cli->run({u"remove"_s, changed, u"--delete-files"_s, u"--forget"_s}).exitCode, 1);
    QCOMPARE(m_cli->run({u"show"_s, changed}).exitCode, 0);
    QCOMPARE(entriesOf(folder()), QStringList{u"b.bin"_s});
}

void TestCommands::reconcileTellsAndRetryFetchesAgain()
{
    const QString id = addOne(u"/a.bin"_s);
    QCOMPARE(m_cli->run({u"run"_s, u"--until-idle"_s}).exitCode, 0);
    QCOMPARE(m_cli->run({u"reconcile"_s}).exitCode, 0);
    QVERIFY(QFile::remove(folder() + u"/a.bin"_s));
    const CommandResult told = m_cli->json({u"reconcile"_s});
    QCOMPARE(told.exitCode, 1);
    QCOMPARE(told.object().value(u"counts"_s).toObject(), (QJsonObject{{u"file_missing"_s, 1}}));
    QCOMPARE(m_cli->jobs().value(0).value(u"error_code"_s).toString(), u"file_missing"_s);
    QCOMPARE(m_cli->run({u"run"_s, u"--until-idle"_s}).exitCode, 0);
    QCOMPARE(entriesOf(folder()), QStringList()); // it is not fetched again unasked
    QCOMPARE(m_cli->run({u"retry"_s, id}).exitCode, 0);
    QCOMPARE(m_cli->run({u"run"_s, u"--until-idle"_s}).exitCode, 0);
    QCOMPARE(entriesOf(folder()), QStringList{u"a.bin"_s});
    QCOMPARE(m_cli->run({u"reconcile"_s}).exitCode, 0);
}

void TestCommands::verifyTellsWhatIsNotAsItWasFiled()
{
    addOne(u"/a.bin"_s);
    addOne(u"/b.bin"_s);
    QCOMPARE(m_cli->run({u"run"_s, u"--until-idle"_s}).exitCode, 0);
    const CommandResult quick = m_cli->json({u"verify"_s});
    QCOMPARE(quick.exitCode, 0);
    QCOMPARE(quick.object().value(u"fits"_s).toInt(), 2);
    const CommandResult full = m_cli->json({u"verify"_s, u"--full"_s});
    QCOMPARE(full.exitCode, 0);
    QCOMPARE(full.object().value(u"verified"_s).toInt(), 2);

    // One bit, and nobody's hand: the time of the last change stays.
    QFile file(folder() + u"/a.bin"_s);
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QDateTime before = file.fileTime(QFileDevice::FileModificationTime);
    char first = 0;
    QVERIFY(file.getChar(&first) && file.seek(0) && file.putChar(static_cast<char>(first ^ 1)));
    QVERIFY(file.flush() && file.setFileTime(before, QFileDevice::FileModificationTime));
    file.close();
    QVERIFY(QFile::remove(folder() + u"/b.bin"_s));
    const auto outcomes = [this](const QStringList &command) {
        const CommandResult result = m_cli->json(command);
        QStringList seen{QString::number(result.exitCode)};
        for (const QJsonValue &one : result.object().value(u"files"_s).toArray())
            seen.append(one.toObject().value(u"outcome"_s).toString());
        return seen;
    };
    QCOMPARE(outcomes({u"verify"_s}), (QStringList{u"1"_s, u"missing"_s}));
    QCOMPARE(outcomes({u"verify"_s, u"--full"_s}), (QStringList{u"1"_s, u"damaged"_s, u"missing"_s}));
}

void TestCommands::getTakesANameAndADigest()
{
    const QString digest = sha256Of(m_server.documents() + u"/a.bin"_s);
    const CommandResult result = m_cli->json({u"get"_s, u"-d"_s, folder(), u"-o"_s, u"thesis.bin"_s,
                                              u"--sha256"_s, digest.toUpper(), m_server.url(u"/a.bin"_s)});
    QVERIFY2(result.exitCode == 0, result.report().constData());
    QCOMPARE(entriesOf(folder()), QStringList{u"thesis.bin"_s});
    QCOMPARE(sha256Of(folder() + u"/thesis.bin"_s), digest);
    QVERIFY(result.object()
                .value(u"jobs"_s)
                .toArray()
                .at(0)
                .toObject()
                .value(u"final_path"_s)
                .toString()
                .endsWith(u"thesis.bin"_s));
}

void TestCommands::getLeavesOtherJobsAlone()
{
    const QString other = addOne(u"/a.bin"_s);
    const CommandResult result = m_cli->json({u"get"_s, u"-d"_s, folder(), m_server.url(u"/b.bin"_s)});
    QVERIFY2(result.exitCode == 0, result.report().constData());
    const CommandResult shown = m_cli->json({u"show"_s, other});
    QCOMPARE(shown.object().value(u"state"_s).toString(), u"PLANNED"_s);
    QCOMPARE(entriesOf(folder()), QStringList{u"b.bin"_s});
}

void TestCommands::globalOptionsStandOnEitherSide()
{
    const QString id = addOne(u"/a.bin"_s);
    const CommandResult result = m_cli->run({u"list"_s, u"--json"_s});
    QVERIFY2(result.exitCode == 0, result.report().constData());
    QCOMPARE(result.lines().size(), 1);
    const CommandResult after = m_cli->run({u"list"_s, u"--json"_s, u"-q"_s});
    QCOMPARE(after.lines().value(0).value(u"job_id"_s).toString(), id);
}

void TestCommands::theLedgerComesFromTheEnvironmentToo()
{
    addOne(u"/a.bin"_s);
    const auto ask = [&](const QString &name, const QString &value) {
        QProcess process;
        QProcessEnvironment environment;
        environment.insert(u"HOME"_s, m_home->path());
        environment.insert(name, value);
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(INGATHER_CLI), {u"--json"_s, u"list"_s});
        return finish(process, 30'000);
    };
    const CommandResult named = ask(u"INGATHER_LEDGER"_s, m_cli->ledger());
    QVERIFY2(named.exitCode == 0, named.report().constData());
    QCOMPARE(named.lines().size(), 1);

    // $XDG_DATA_HOME/ingather/ledger.sqlite3
    QVERIFY(QDir(m_home->path()).mkpath(u"data/ingather"_s));
    for (const QString &suffix : {u""_s, u"-wal"_s}) {
        if (QFile::exists(m_cli->ledger() + suffix))
            QVERIFY(QFile::copy(m_cli->ledger() + suffix,
                                m_home->filePath(u"data/ingather/ledger.sqlite3"_s) + suffix));
    }
    const CommandResult found = ask(u"XDG_DATA_HOME"_s, m_home->filePath(u"data"_s));
    QVERIFY2(found.exitCode == 0, found.report().constData());
    QCOMPARE(found.lines().size(), 1);
}

void TestCommands::versionAndHelpSayWhatTheyShould()
{
    const CommandResult version = m_cli->run({u"--version"_s});
    QVERIFY2(version.exitCode == 0, version.report().constData());
    QVERIFY2(version.out.contains(INGATHER_VERSION), version.report().constData());
    const CommandResult help = m_cli->run({u"--help"_s});
    QCOMPARE(help.exitCode, 0);
    for (const char *command : {"get",       "add",    "import", "run",    "list",    "show",     "ops",
                                "status",    "pause",  "resume", "cancel", "retry",   "priority", "remove",
                                "reconcile", "health", "repair", "backup", "restore", "migrate"})
        QVERIFY2(help.out.contains(command), command);
}

QTEST_GUILESS_MAIN(TestCommands)
#include "tst_commands.moc"
