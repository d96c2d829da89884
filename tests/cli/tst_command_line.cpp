// SPDX-License-Identifier: MIT
#include "cli/command_line.h"

#include <QtTest>

using namespace ingather;
using namespace ingather::cli;

namespace
{

std::variant<Invocation, ParseEnd> parse(const QString &line)
{
    QStringList arguments = line.split(u' ', Qt::SkipEmptyParts);
    arguments.replaceInStrings(QStringLiteral("EMPTY"), QString());
    return parseCommandLine(arguments, QStringLiteral("1.2.3"), QStringLiteral("/here"));
}

template <typename T>
T commandOf(const QString &line)
{
    const auto parsed = parse(line);
    if (const auto *end = std::get_if<ParseEnd>(&parsed))
        qFatal("%s: %s", qPrintable(line), qPrintable(end->text));
    const T *command = std::get_if<T>(&std::get<Invocation>(parsed).command);
    if (!command)
        qFatal("%s: another command", qPrintable(line));
    return *command;
}

GlobalOptions globalOf(const QString &line)
{
    const auto parsed = parse(line);
    if (const auto *end = std::get_if<ParseEnd>(&parsed))
        qFatal("%s: %s", qPrintable(line), qPrintable(end->text));
    return std::get<Invocation>(parsed).global;
}

} // namespace

class TestCommandLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void globalOptionsStandOnEitherSide_data();
    void globalOptionsStandOnEitherSide();
    void wrongUsageIsOneLine_data();
    void wrongUsageIsOneLine();
    void helpAndVersionEndWell_data();
    void helpAndVersionEndWell();
    void laterCommandsAreNotListed();
    void getTakesItsOptions();
    void headersLeaveTheUrlsAlone();
    void loginsNameAHost();
    void getGoesToTheCurrentFolder();
    void addLeavesTheFolderOpen();
    void relativeFoldersBecomeAbsolute();
    void importReadsAFileOrStandardInput();
    void runTakesItsOptions();
    void runWithoutOptionsSetsNothing();
    void hostsAreListedAndReset();
    void listTakesStates();
    void opsMayShowEvents();
    void healthMayLookDeeper();
    void careTakesItsOptions();
    void aRepairBeforehandIsAskedFor_data();
    void aRepairBeforehandIsAskedFor();
    void wishesTakeJobsOrAll_data();
    void wishesTakeJobsOrAll();
    void aUrlMayBeCalledLikeACommand();
};

void TestCommandLine::globalOptionsStandOnEitherSide_data()
{
    QTest::addColumn<QString>("line");
    const QString options =
        QStringLiteral("--ledger /l.db --json -v --ca-certificate /ca.pem --log-format json --log-file /log");
    QTest::newRow("before the command") << options + QStringLiteral(" status");
    QTest::newRow("behind the command") << QStringLiteral("status ") + options;
    QTest::newRow("on both sides") << QStringLiteral(
        "--json -v status --ledger /l.db --ca-certificate /ca.pem --log-format=json --log-file=/log");
    QTest::newRow("behind the arguments of the command") << QStringLiteral("get http://a/b ") + options;
}

void TestCommandLine::globalOptionsStandOnEitherSide()
{
    QFETCH(QString, line);
    const GlobalOptions options = globalOf(line);
    QCOMPARE(options.ledger, QStringLiteral("/l.db"));
    QVERIFY(options.isJson);
    QCOMPARE(options.verbosity, Verbosity::Verbose);
    QCOMPARE(options.caCertificate, QStringLiteral("/ca.pem"));
    QCOMPARE(options.logFormat, LogFormat::Json);
    QCOMPARE(options.logFile, QStringLiteral("/log"));
}

void TestCommandLine::wrongUsageIsOneLine_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const char *line, const char *says) {
        QTest::newRow(name) << QString::fromLatin1(line) << QString::fromLatin1(says);
    };
    row("no command", "", "which command");
    row("only a global option", "--json", "which command");
    row("an unknown command", "fetch http://a/b", "\"fetch\"");
    row("an unknown option", "get http://a/b --frob", "--frob");
    row("an unknown global option", "--frob status", "--frob");
    row("get without a URL", "get", "urls");
    row("-o with two URLs", "get http://a/b http://a/c -o x", "-o names one file");
    row("--sha256 with two URLs",
        "get http://a/b http://a/c --sha256 "
        "0000000000000000000000000000000000000000000000000000000000000000",
        "--sha256 fits one file");
    row("-o with two URLs on add", "add http://a/b http://a/c -o x", "-o names one file");
    row("both ids with two URLs", "add http://a/b http://a/c --work-id w --artifact-id f", "names one file");
    row("a digest that is none", "get http://a/b --sha256 12ab", "64 hexadecimal digits");
    row("an empty digest", "get http://a/b --sha256 EMPTY", "64 hexadecimal digits");
    row("a name with a folder", "get http://a/b -o x/y", "without folders");
    row("a name that climbs", "get http://a/b -o ..", "without folders");
    row("a login without a host", "login", "host");
    row("a password as an argument", "login a.example --user ada --password x", "--password");
    row("a header without a colon", "get http://a/b -H secret", "-H takes");
    row("a header without a name", "get http://a/b -H :secret", "-H takes");
    row("a header without a value", "get http://a/b -H X-Key:", "-H takes");
    row("a header of add", "add http://a/b -H X-Key:secret", "-H");
    row("a folder that is no name", "get http://a/b -d EMPTY", "-d names no folder");
    row("a ledger that is no name", "--ledger EMPTY status", "--ledger names no file");
    row("no lanes", "run --lanes 0", "--lanes");
    row("too many lanes", "run --lanes 257", "--lanes");
    row("a word for a number", "run --threads many", "--threads");
    row("too many threads", "run --threads 65", "--threads");
    row("too many connections", "run --connections-per-host 65", "--connections-per-host");
    row("a lease of two seconds", "run --lease-ttl 2", "--lease-ttl");
    row("no attempts", "get http://a/b --max-attempts 0", "--max-attempts");
    row("a reset of nothing", "hosts --reset", "--reset what?");
    row("a reset of some and all", "hosts --reset --all a.example", "--reset what?");
    row("all hosts without a wish", "hosts --all", "--reset");
    row("a rate that is none", "get http://a/b --limit-rate 1.5M", "--limit-rate");
    row("a positional for run", "run http://a/b", "http://a/b");
    row("an unknown state", "list --state DONE", "no state \"DONE\"");
    row("a limit of nothing", "list --limit 0", "--limit");
    row("show without a job", "show", "job");
    row("two jobs for show", "show a b", "b");
    row("a wish for nothing", "pause", "pause what?");
    row("a wish for jobs and all", "pause a --all", "only one");
    row("a wish for all and failed", "retry --all --failed", "only one");
    row("a backup into nothing", "backup", "file");
    row("a backup into no name", "backup EMPTY", "backup names no file");
    row("a restore out of no name", "restore EMPTY", "restore names no file");
    row("a version that never was", "migrate --to 0", "--to");
    row("a repair beforehand of a command that looks", "status --auto-repair", "--auto-repair");
    row("hashing without a deep look", "health --hash-files", "--deep");
    row("quiet and verbose", "-q -v status", "quiet");
    row("an unknown log format", "--log-format xml status", "--log-format");
    row("a format that is not read yet", "import list.csv --format csv", "--format");
    row("import without a file", "import", "file");
    row("the same option twice", "run -d a -d b", "-d");
}

void TestCommandLine::wrongUsageIsOneLine()
{
    QFETCH(QString, line);
    QFETCH(QString, says);
    const auto parsed = parse(line);
    const auto *end = std::get_if<ParseEnd>(&parsed);
    QVERIFY2(end, "was taken");
    QCOMPARE(end->exitCode, 2);
    QVERIFY(!end->text.contains(u'\n'));
    QVERIFY2(end->text.contains(says), qPrintable(end->text));
}

void TestCommandLine::helpAndVersionEndWell_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("says");
    QTest::newRow("the version") << QStringLiteral("--version") << QStringLiteral("ingather-cli 1.2.3");
    QTest::newRow("the help names commands") << QStringLiteral("--help") << QStringLiteral("resume");
    QTest::newRow("the help names exit codes") << QStringLiteral("-h") << QStringLiteral("130 interrupted");
    QTest::newRow("a command has its own help") << QStringLiteral("get --help") << QStringLiteral("--sha256");
}

void TestCommandLine::helpAndVersionEndWell()
{
    QFETCH(QString, line);
    QFETCH(QString, says);
    const auto parsed = parse(line);
    const auto *end = std::get_if<ParseEnd>(&parsed);
    QVERIFY(end);
    QCOMPARE(end->exitCode, 0);
    QVERIFY2(end->text.contains(says), qPrintable(end->text));
    QVERIFY(end->text.endsWith(u'\n'));
}

void TestCommandLine::laterCommandsAreNotListed()
{
    const auto parsed = parse(QStringLiteral("--help"));
    const QString help = std::get<ParseEnd>(parsed).text;
    for (const char *later : {"export", "--limit-rate", "csv"})
        QVERIFY2(!help.contains(QString::fromLatin1(later)), later);
}

void TestCommandLine::getTakesItsOptions()
{
    const auto get = commandOf<GetCommand>(
        QStringLiteral("get -d /down http://a/b -o c.pdf --sha256 "
                       "AB00000000000000000000000000000000000000000000000000000000000000 --segments 4 "
                       "--connections-per-host 2 --max-attempts 3 --refresh"));
    QCOMPARE(get.order.urls, QStringList{QStringLiteral("http://a/b")});
    QCOMPARE(get.order.folder, QStringLiteral("/down"));
    QCOMPARE(get.order.fileName, QStringLiteral("c.pdf"));
    QVERIFY(get.order.sha256.startsWith(QStringLiteral("ab00")));
    QCOMPARE(get.order.segments, 4);
    QVERIFY(get.order.refresh);
    QCOMPARE(get.order.maxAttempts, std::optional(3));
    QCOMPARE(get.worker.maxAttempts, std::optional(3));
    QCOMPARE(get.worker.connectionsPerHost, std::optional(2));
}

void TestCommandLine::headersLeaveTheUrlsAlone()
{
    const GetCommand command = commandOf<GetCommand>(
        QStringLiteral("get -H X-A:1 --header X-B:2 http://a/b http://a/c --header=X-C:a,b"));
    QCOMPARE(command.headers,
             (QStringList{QStringLiteral("X-A:1"), QStringLiteral("X-B:2"), QStringLiteral("X-C:a,b")}));
    QCOMPARE(command.order.urls, (QStringList{QStringLiteral("http://a/b"), QStringLiteral("http://a/c")}));
}

void TestCommandLine::loginsNameAHost()
{
    const LoginCommand login = commandOf<LoginCommand>(QStringLiteral("login a.example --user ada"));
    QCOMPARE(login.place, QStringLiteral("a.example"));
    QCOMPARE(login.user, QStringLiteral("ada"));
    QCOMPARE(commandOf<LogoutCommand>(QStringLiteral("logout a.example")).place, QStringLiteral("a.example"));
    commandOf<LoginsCommand>(QStringLiteral("logins"));
}

void TestCommandLine::getGoesToTheCurrentFolder()
{
    const auto get = commandOf<GetCommand>(QStringLiteral("get http://a/b http://a/c"));
    QCOMPARE(get.order.urls.size(), 2);
    QVERIFY(!get.order.refresh);
    QCOMPARE(get.order.folder, QStringLiteral("/here"));
}

void TestCommandLine::addLeavesTheFolderOpen()
{
    const auto add = commandOf<AddCommand>(
        QStringLiteral("add http://a/b --work-id W --artifact-id A --priority -5 --max-attempts 2"));
    QVERIFY(add.order.folder.isEmpty());
    QCOMPARE(add.order.workId, QStringLiteral("W"));
    QCOMPARE(add.order.artifactId, QStringLiteral("A"));
    QCOMPARE(add.order.priority, -5);
    QCOMPARE(add.order.maxAttempts, std::optional(2));
}

void TestCommandLine::relativeFoldersBecomeAbsolute()
{
    QCOMPARE(commandOf<GetCommand>(QStringLiteral("get http://a/b -d ../there/")).order.folder,
             QStringLiteral("/there"));
    QCOMPARE(commandOf<RunCommand>(QStringLiteral("run -d .")).folder, QStringLiteral("/here"));
    QCOMPARE(globalOf(QStringLiteral("--ledger x.db status")).ledger, QStringLiteral("/here/x.db"));
}

void TestCommandLine::importReadsAFileOrStandardInput()
{
    QCOMPARE(commandOf<ImportCommand>(QStringLiteral("import list.txt -d /d")).source,
             QStringLiteral("list.txt"));
    QCOMPARE(commandOf<ImportCommand>(QStringLiteral("import list.txt -d /d")).folder, QStringLiteral("/d"));
    QCOMPARE(commandOf<ImportCommand>(QStringLiteral("import - --format text")).source, QStringLiteral("-"));
}

void TestCommandLine::runTakesItsOptions()
{
    const auto run =
        commandOf<RunCommand>(QStringLiteral("run -d /d --threads 2 --lanes 8 --connections-per-host 3 "
                                             "--until-idle --lease-ttl 5 --max-attempts 7 --limit-rate 3K"));
    QCOMPARE(run.folder, QStringLiteral("/d"));
    QVERIFY(run.isUntilIdle);
    QCOMPARE(run.worker.threads, std::optional(2));
    QCOMPARE(run.worker.lanes, std::optional(8));
    QCOMPARE(run.worker.connectionsPerHost, std::optional(3));
    QCOMPARE(run.worker.leaseTtl, std::optional(5));
    QCOMPARE(run.worker.maxAttempts, std::optional(7));
    QCOMPARE(run.worker.limitRate, std::optional<qint64>(3072));
}

void TestCommandLine::runWithoutOptionsSetsNothing()
{
    const auto run = commandOf<RunCommand>(QStringLiteral("run"));
    QVERIFY(run.folder.isEmpty());
    QVERIFY(!run.isUntilIdle);
    QVERIFY(!run.worker.threads && !run.worker.lanes && !run.worker.connectionsPerHost &&
            !run.worker.leaseTtl && !run.worker.maxAttempts && !run.worker.limitRate);
}

void TestCommandLine::hostsAreListedAndReset()
{
    QVERIFY(!commandOf<HostsCommand>(QStringLiteral("hosts")).isReset);
    QCOMPARE(commandOf<HostsCommand>(QStringLiteral("hosts a.example")).hosts,
             QStringList{QStringLiteral("a.example")});
    const auto some = commandOf<HostsCommand>(QStringLiteral("hosts --reset a.example b.example"));
    QVERIFY(some.isReset);
    QCOMPARE(some.hosts.size(), 2);
    const auto all = commandOf<HostsCommand>(QStringLiteral("hosts --reset --all"));
    QVERIFY(all.isReset && all.hosts.isEmpty());
}

void TestCommandLine::listTakesStates()
{
    const auto list = commandOf<ListCommand>(
        QStringLiteral("list --state FAILED --state head_done --limit 10 --after 1a2b"));
    QCOMPARE(list.states, (QList{core::JobState::Failed, core::JobState::HeadDone}));
    QCOMPARE(list.limit, 10);
    QCOMPARE(list.after, QStringLiteral("1a2b"));
    QCOMPARE(commandOf<ListCommand>(QStringLiteral("list")).limit, 0);
}

void TestCommandLine::opsMayShowEvents()
{
    QVERIFY(!commandOf<OpsCommand>(QStringLiteral("ops 1a2b")).showsEvents);
    QVERIFY(commandOf<OpsCommand>(QStringLiteral("ops --events 1a2b")).showsEvents);
    QCOMPARE(commandOf<ShowCommand>(QStringLiteral("show 1a2b")).job, QStringLiteral("1a2b"));
}

void TestCommandLine::healthMayLookDeeper()
{
    QVERIFY(!commandOf<HealthCommand>(QStringLiteral("health")).options.isDeep);
    QVERIFY(commandOf<HealthCommand>(QStringLiteral("health --deep")).options.isDeep);
    QVERIFY(!commandOf<HealthCommand>(QStringLiteral("health --deep")).options.hashFiles);
    QVERIFY(commandOf<HealthCommand>(QStringLiteral("health --hash-files --deep")).options.hashFiles);
}

void TestCommandLine::careTakesItsOptions()
{
    QVERIFY(!commandOf<RepairCommand>(QStringLiteral("repair")).isPlanOnly);
    QVERIFY(commandOf<RepairCommand>(QStringLiteral("repair --plan")).isPlanOnly);
    QCOMPARE(commandOf<BackupCommand>(QStringLiteral("backup x.gz")).file, QStringLiteral("/here/x.gz"));
    QCOMPARE(commandOf<RestoreCommand>(QStringLiteral("restore /b/x.db")).file, QStringLiteral("/b/x.db"));
    QCOMPARE(commandOf<MigrateCommand>(QStringLiteral("migrate")).to, 0);
    QCOMPARE(commandOf<MigrateCommand>(QStringLiteral("migrate --to 2")).to, 2);
}

void TestCommandLine::aRepairBeforehandIsAskedFor_data()
{
    QTest::addColumn<QString>("line");
    QTest::newRow("get") << QStringLiteral("get http://a/b");
    QTest::newRow("add") << QStringLiteral("add http://a/b");
    QTest::newRow("import") << QStringLiteral("import list.txt");
    QTest::newRow("run") << QStringLiteral("run");
}

void TestCommandLine::aRepairBeforehandIsAskedFor()
{
    QFETCH(QString, line);
    QVERIFY(!globalOf(line).isAutoRepair);
    QVERIFY(globalOf(line + QStringLiteral(" --auto-repair")).isAutoRepair);
}

void TestCommandLine::wishesTakeJobsOrAll_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("wish");
    QTest::addColumn<int>("jobs");
    QTest::addColumn<bool>("all");
    QTest::addColumn<bool>("failed");
    QTest::newRow("two jobs") << QStringLiteral("pause a b") << int(engine::Wish::Pause) << 2 << false
                              << false;
    QTest::newRow("all") << QStringLiteral("resume --all") << int(engine::Wish::Resume) << 0 << true << false;
    QTest::newRow("failed") << QStringLiteral("retry --failed") << int(engine::Wish::Retry) << 0 << false
                            << true;
    QTest::newRow("one job") << QStringLiteral("cancel a") << int(engine::Wish::Cancel) << 1 << false
                             << false;
}

void TestCommandLine::wishesTakeJobsOrAll()
{
    QFETCH(QString, line);
    const auto wish = commandOf<WishCommand>(line);
    QTEST(int(wish.wish), "wish");
    QTEST(int(wish.jobs.size()), "jobs");
    QTEST(wish.all, "all");
    QTEST(wish.failed, "failed");
}

void TestCommandLine::aUrlMayBeCalledLikeACommand()
{
    QCOMPARE(commandOf<GetCommand>(QStringLiteral("get status")).order.urls,
             QStringList{QStringLiteral("status")});
}

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
