// SPDX-License-Identifier: MIT
#include "cli/command_grammar.h"

#include <limits>
#include <utility>

namespace ingather::cli
{

namespace
{

std::string say(const QString &text)
{
    return text.toStdString();
}

} // namespace

CommandGrammar::CommandGrammar(const QString &version)
    : m_app(say(tr("Fetches documents and keeps a ledger of every one of them.")), "ingather-cli")
{
    // Set before the commands are made, which inherit it: global options may stand on either side.
    m_app.fallthrough();
    m_app.require_subcommand(1);
    m_app.get_formatter()->column_width(34);
    addGlobalOptions(version);
    addFetching();
    addWorking();
    addLooking();
    addWishes();
    addLogins();
    addCare();
    m_app.footer(say(tr("'ingather-cli COMMAND --help' explains a command.\n"
                        "Exit codes: 0 all well; 1 a job failed or is held, a line was rejected, or the\n"
                        "ledger is degraded; 2 wrong usage; 3 the ledger can't be used or is broken;\n"
                        "130 interrupted.")));
}

void CommandGrammar::addGlobalOptions(const QString &version)
{
    m_app.set_version_flag("--version", "ingather-cli " + say(version), say(tr("print the version")));
    m_app.set_help_flag("-h,--help", say(tr("print this help")));
    m_app
        .add_option("--ledger", m_options.ledger,
                    say(tr("the ledger (default: $INGATHER_LEDGER, else "
                           "$XDG_DATA_HOME/ingather/ledger.sqlite3)")))
        ->type_name("FILE");
    m_app.add_flag("--json", m_options.isJson, say(tr("print results as JSON: one object, or one a line")));
    CLI::Option *quiet =
        m_app.add_flag("-q,--quiet", m_options.isQuiet, say(tr("print failures only, no progress")));
    m_app.add_flag("-v,--verbose", m_options.isVerbose, say(tr("log what is done, too")))->excludes(quiet);
    m_app
        .add_option("--ca-certificate", m_options.caCertificate,
                    say(tr("trust this authority (PEM) as well")))
        ->type_name("FILE");
    m_app
        .add_option("--proxy", m_options.proxy,
                    say(tr("go through this proxy: http://HOST:PORT, socks5://HOST:PORT, or none")))
        ->type_name("URL");
    m_app.add_option("--netrc", m_options.netrc, say(tr("logins by host, as curl reads them")))
        ->type_name("FILE");
    m_app.add_option("--cookies", m_options.cookies, say(tr("send the cookies of this cookies.txt")))
        ->type_name("FILE");
    m_app.add_option("--log-format", m_options.logFormat, say(tr("form of the log: text or json")))
        ->type_name("FORM")
        ->check(CLI::IsMember({"text", "json"}));
    m_app.add_option("--log-file", m_options.logFile, say(tr("write the log here instead of to stderr")))
        ->type_name("FILE");
}

CLI::App *CommandGrammar::command(const char *name, const QString &description)
{
    return m_app.add_subcommand(name, say(description));
}

void CommandGrammar::addFolder(CLI::App *command, const QString &description)
{
    command->add_option("-d,--directory", m_options.folder, say(description))->type_name("DIR");
}

void CommandGrammar::addAttempts(CLI::App *command)
{
    command
        ->add_option("--max-attempts", m_options.worker.maxAttempts,
                     say(tr("failures after which a job is given up; 5 if not set")))
        ->type_name("N")
        ->check(CLI::Range(1, 1000));
}

void CommandGrammar::addAutoRepair(CLI::App *command)
{
    command->add_flag("--auto-repair", m_options.isAutoRepair,
                      say(tr("if the ledger needs a repair, repair it first")));
}

void CommandGrammar::addOrder(CLI::App *command)
{
    command->add_option("urls", m_options.urls, say(tr("http and https URLs")))->type_name("URL")->required();
    command->add_option("-o,--output", m_options.name, say(tr("file name, for a single URL")))
        ->type_name("NAME");
    command->add_option("--sha256", m_options.sha256, say(tr("what the file must hash to, for a single URL")))
        ->type_name("HEX");
    command->add_flag("--refresh", m_options.isRefresh,
                      say(tr("ask again for what is held; a newer version is filed beside it")));
    addAttempts(command);
    addAutoRepair(command);
}

void CommandGrammar::addConnections(CLI::App *command)
{
    command
        ->add_option("--connections-per-host", m_options.worker.connectionsPerHost,
                     say(tr("connections at a time; 4 if not set")))
        ->type_name("N")
        ->check(CLI::Range(1, 64));
}

void CommandGrammar::addLimitRate(CLI::App *command, const QString &description)
{
    command->add_option("--limit-rate", m_options.limitRate, say(description))->type_name("R");
}

void CommandGrammar::addFetching()
{
    CLI::App *get = command("get", tr("fetch, verify and file these URLs; returns when all have ended"));
    addOrder(get);
    addFolder(get, tr("where the files go (default: the current folder)"));
    addConnections(get);
    get->add_option("--segments", m_options.segments, say(tr("connections for one large file")))
        ->type_name("N")
        ->check(CLI::Range(1, 64));
    addLimitRate(get, tr("bytes a second, all together; K, M, G are understood, 0 is no limit"));
    get->add_option("-H,--header", m_options.headers,
                    say(tr("\"Name: value\", sent to the hosts of these URLs alone; may be repeated")))
        ->type_name("HEADER")
        ->allow_extra_args(false) // the URLs behind it are no headers
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);

    CLI::App *add = command("add", tr("plan only; prints the job ids, the same ones when asked again"));
    addOrder(add);
    addFolder(add, tr("where the files go (default: where the worker puts them)"));
    add->add_option("--work-id", m_options.workId, say(tr("your own id of the work")))->type_name("W");
    add->add_option("--artifact-id", m_options.artifactId, say(tr("your own id of the file within the work")))
        ->type_name("A");
    add->add_option("--priority", m_options.priority, say(tr("higher is fetched earlier; 0 if not set")))
        ->type_name("N")
        ->check(CLI::Range(-1'000'000, 1'000'000));
    addLimitRate(add, tr("bytes a second, for each of these files alone"));

    CLI::App *import = command("import", tr("plan a list: a URL a line"));
    import->add_option("file", m_options.source, say(tr("the list; - reads standard input")))
        ->type_name("FILE")
        ->required();
    import->add_option("--format", m_options.format, say(tr("auto or text")))
        ->type_name("FORM")
        ->check(CLI::IsMember({"auto", "text"}));
    addFolder(import, tr("where the files go (default: where the worker puts them)"));
    addAutoRepair(import);
}

void CommandGrammar::addWorking()
{
    CLI::App *run = command("run", tr("be a worker: fetch what is planned in the ledger"));
    addFolder(run, tr("for jobs that came without a folder"));
    run->add_option("--threads", m_options.worker.threads, say(tr("0: one for each core, at most 4")))
        ->type_name("N")
        ->check(CLI::Range(0, 64));
    run->add_option("--lanes", m_options.worker.lanes, say(tr("downloads at a time; 16 if not set")))
        ->type_name("N")
        ->check(CLI::Range(1, 256));
    addConnections(run);
    run->add_option("--lease-ttl", m_options.worker.leaseTtl,
                    say(tr("seconds that a lease lasts; 30 if not set")))
        ->type_name("S")
        ->check(CLI::Range(3, 3600));
    addAttempts(run);
    addLimitRate(run, tr("bytes a second, all together; K, M, G are understood, 0 is no limit"));
    run->add_flag("--until-idle", m_options.isUntilIdle,
                  say(tr("end when every job is done, failed for good or held")));
    addAutoRepair(run);
}

void CommandGrammar::addLooking()
{
    CLI::App *list = command("list", tr("the jobs, oldest first"));
    list->add_option("--state", m_options.states, say(tr("only jobs in this state; may be repeated")))
        ->type_name("S")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    list->add_option("--limit", m_options.limit, say(tr("at most so many")))
        ->type_name("N")
        ->check(CLI::Range(1, std::numeric_limits<int>::max()));
    list->add_option("--after", m_options.after, say(tr("go on behind this job")))->type_name("JOB");

    CLI::App *show = command("show", tr("everything that is known of a job"));
    CLI::App *ops = command("ops", tr("the operations of a job, oldest first"));
    for (CLI::App *looking : {show, ops}) {
        looking->add_option("job", m_options.job, say(tr("a job id, or enough of its beginning")))
            ->type_name("JOB")
            ->required();
    }
    ops->add_flag("--events", m_options.showsEvents,
                  say(tr("every event, instead of the last try of each operation")));

    command("status", tr("how many jobs are in which state"));

    CLI::App *hosts = command("hosts", tr("what is remembered of hosts that asked for patience"));
    hosts->add_option("hosts", m_options.jobs, say(tr("only these")))->type_name("HOST");
    CLI::Option *reset =
        hosts->add_flag("--reset", m_options.isReset, say(tr("forget it, and ask at full speed again")));
    hosts->add_flag("--all", m_options.all, say(tr("every host")))->needs(reset);
}

void CommandGrammar::addWishes()
{
    const std::pair<const char *, QString> wishes[] = {
        {"pause", tr("stop fetching these jobs; parts are kept")},
        {"resume", tr("go on with paused jobs")},
        {"cancel", tr("give these jobs up; parts are deleted")},
        {"retry", tr("try failed, cancelled or missing ones again")},
    };
    for (const auto &[name, description] : wishes) {
        CLI::App *wish = command(name, description);
        wish->add_option("jobs", m_options.jobs, say(tr("job ids, or enough of their beginnings")))
            ->type_name("JOB");
        wish->add_flag("--all", m_options.all, say(tr("every job")));
        wish->add_flag("--failed", m_options.failed, say(tr("every job that failed")));
    }

    CLI::App *priority = command("priority", tr("fetch these jobs earlier or later"));
    priority->add_option("number", m_options.priority, say(tr("higher is fetched earlier; 0 is usual")))
        ->type_name("N")
        ->required()
        ->check(CLI::Range(-1'000'000, 1'000'000));
    CLI::App *remove = command("remove", tr("hide these jobs; their history stays"));
    CLI::App *accept = command("accept", tr("keep what was refused and lies in quarantine, as it is"));
    for (CLI::App *naming : {priority, remove, accept}) {
        naming->add_option("jobs", m_options.jobs, say(tr("job ids, or enough of their beginnings")))
            ->type_name("JOB")
            ->required();
    }
    CLI::Option *files = remove->add_flag("--delete-files", m_options.deletesFiles,
                                          say(tr("delete what they have filed, unless it was changed")));
    CLI::Option *forget =
        remove->add_flag("--forget", m_options.forgets, say(tr("delete them with their history, for good")));
    remove->add_flag("--undo", m_options.isUndo, say(tr("show them again")))->excludes(files, forget);
}

void CommandGrammar::addLogins()
{
    CLI::App *login = command("login", tr("keep a login for a host in this system's keyring; the password is "
                                          "asked for, or the first line of standard input"));
    login->add_option("--user", m_options.user, say(tr("the user name; asked for if it is not given")))
        ->type_name("NAME");
    CLI::App *logout = command("logout", tr("take the login for a host out of the keyring"));
    for (CLI::App *naming : {login, logout}) {
        naming
            ->add_option("host", m_options.place,
                         say(tr("HOST or HOST:PORT, of https; http://HOST if it is to be sent over http")))
            ->type_name("HOST")
            ->required();
    }
    command("logins", tr("for which hosts the keyring has a login"));
}

void CommandGrammar::addCare()
{
    CLI::App *health = command("health", tr("look whether the ledger is in order; changes nothing"));
    CLI::Option *deep = health->add_flag("--deep", m_options.isDeep,
                                         say(tr("every page and row, and the files of finished jobs")));
    health
        ->add_flag("--hash-files", m_options.hashFiles,
                   say(tr("read those files, too, and compare their SHA-256")))
        ->needs(deep);

    command("reconcile", tr("look whether ledger and files fit each other, and settle what crashes left"));

    CLI::App *verify = command("verify", tr("look whether the files of finished jobs are what was filed"));
    verify->add_flag("--full", m_options.isFull, say(tr("read them, and compare their digests")));

    CLI::App *repair = command("repair", tr("mend the ledger; no row that can be read is lost"));
    repair->add_flag("--plan", m_options.isPlanOnly, say(tr("only say what would be done, and why")));

    CLI::App *backup = command("backup", tr("write a copy of the ledger, also while others work with it"));
    backup->add_option("file", m_options.source, say(tr("the new file; compressed if it ends in .gz")))
        ->type_name("FILE")
        ->required();

    CLI::App *restore = command("restore", tr("put a backup in place of the ledger, which is set aside"));
    restore->add_option("file", m_options.source, say(tr("the backup")))->type_name("FILE")->required();

    CLI::App *migrate = command("migrate", tr("bring the ledger to this version, after a backup"));
    migrate->add_option("--to", m_options.to, say(tr("only up to this version; there is no way back")))
        ->type_name("N")
        ->check(CLI::Range(1, std::numeric_limits<int>::max()));
}

} // namespace ingather::cli
