// SPDX-License-Identifier: MIT
#include "cli/command_line.h"

#include "cli/command_grammar.h"
#include "cli/exit_code.h"
#include "core/byte_rate.h"
#include "core/sha256.h"

#include <QCoreApplication>
#include <QDir>

#include <string>
#include <utility>
#include <vector>

namespace ingather::cli
{

namespace
{

using Texts = std::vector<std::string>;

QString toQt(const std::string &text)
{
    return QString::fromStdString(text);
}

QString toQt(const std::optional<std::string> &text)
{
    return text ? toQt(*text) : QString();
}

std::string say(const QString &text)
{
    return text.toStdString();
}

QStringList toQt(const Texts &texts)
{
    QStringList result;
    for (const std::string &text : texts)
        result.append(toQt(text));
    return result;
}

bool isPlainFileName(const QString &name)
{
    return !name.isEmpty() && !name.contains(u'/') && !name.contains(QChar::Null) && name != u'.' &&
           name != QLatin1StringView("..");
}

QString stateNames()
{
    QStringList names;
    for (const core::JobState state : core::allJobStates)
        names.append(core::jobStateName(state));
    return names.join(QLatin1StringView(", "));
}

std::optional<engine::Wish> wishNamed(const std::string &command)
{
    if (command == "pause")
        return engine::Wish::Pause;
    if (command == "resume")
        return engine::Wish::Resume;
    if (command == "cancel")
        return engine::Wish::Cancel;
    if (command == "retry")
        return engine::Wish::Retry;
    return std::nullopt;
}

/// Reads one command line.
class Reading
{
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::CommandLine)

public:
    Reading(const QString &version, QString currentFolder)
        : m_grammar(version), m_options(m_grammar.options()), m_currentFolder(std::move(currentFolder))
    {
    }

    std::variant<Invocation, ParseEnd> parse(const QStringList &arguments);

private:
    std::optional<QString> fault() const;
    std::optional<QString> orderFault() const;
    GlobalOptions global() const;
    Command chosen() const;
    Order order() const;
    WorkerOptions workerOptions() const;
    std::optional<qint64> limitRate() const;
    QString folder() const;
    QString file() const;
    ParseEnd usageError(const QString &text) const;

    CommandGrammar m_grammar;
    const ParsedOptions &m_options;
    QString m_currentFolder;
};

QString Reading::folder() const
{
    if (!m_options.folder)
        return {};
    return QDir::cleanPath(QDir(m_currentFolder).absoluteFilePath(toQt(*m_options.folder)));
}

QString Reading::file() const
{
    return QDir::cleanPath(QDir(m_currentFolder).absoluteFilePath(toQt(m_options.source)));
}

GlobalOptions Reading::global() const
{
    GlobalOptions options;
    if (m_options.ledger)
        options.ledger = QDir::cleanPath(QDir(m_currentFolder).absoluteFilePath(toQt(*m_options.ledger)));
    options.isJson = m_options.isJson;
    if (m_options.isQuiet)
        options.verbosity = Verbosity::Quiet;
    if (m_options.isVerbose)
        options.verbosity = Verbosity::Verbose;
    options.caCertificate = toQt(m_options.caCertificate);
    options.proxy = toQt(m_options.proxy);
    options.netrc = toQt(m_options.netrc);
    options.cookies = toQt(m_options.cookies);
    options.logFormat = m_options.logFormat == "json" ? LogFormat::Json : LogFormat::Text;
    options.logFile = toQt(m_options.logFile);
    options.isAutoRepair = m_options.isAutoRepair;
    return options;
}

/// Readable: fault() has looked.
std::optional<qint64> Reading::limitRate() const
{
    if (!m_options.limitRate)
        return std::nullopt;
    return core::byteRateFromText(toQt(*m_options.limitRate)).value_or(0);
}

WorkerOptions Reading::workerOptions() const
{
    WorkerOptions options = m_options.worker;
    options.limitRate = limitRate();
    return options;
}

Order Reading::order() const
{
    Order order;
    order.urls = toQt(m_options.urls);
    order.folder = folder();
    order.fileName = toQt(m_options.name);
    order.sha256 = toQt(m_options.sha256).toLower();
    order.workId = toQt(m_options.workId);
    order.artifactId = toQt(m_options.artifactId);
    order.priority = m_options.priority;
    order.segments = m_options.segments;
    order.refresh = m_options.isRefresh;
    order.maxAttempts = m_options.worker.maxAttempts;
    return order;
}

std::optional<QString> Reading::orderFault() const
{
    const auto count = m_options.urls.size();
    if (count > 1 && m_options.name)
        return tr("-o names one file, but %1 URLs were given").arg(count);
    if (count > 1 && m_options.sha256)
        return tr("--sha256 fits one file, but %1 URLs were given").arg(count);
    if (count > 1 && m_options.workId && m_options.artifactId)
        return tr("--work-id with --artifact-id names one file, but %1 URLs were given").arg(count);
    if (m_options.sha256 && !core::Sha256::fromHex(toQt(m_options.sha256)))
        return tr("--sha256 takes 64 hexadecimal digits, not \"%1\"").arg(toQt(m_options.sha256));
    if (m_options.name && !isPlainFileName(toQt(m_options.name)))
        return tr("-o takes a file name without folders, not \"%1\"; -d names the folder")
            .arg(toQt(m_options.name));
    if (m_options.workId && m_options.workId->empty())
        return tr("--work-id is empty");
    if (m_options.artifactId && m_options.artifactId->empty())
        return tr("--artifact-id is empty");
    for (const std::string &header : m_options.headers) {
        // Not repeated: it may be a key.
        const auto colon = header.find(':');
        if (colon == 0 || colon == std::string::npos || toQt(header.substr(colon + 1)).trimmed().isEmpty())
            return tr("-H takes \"Name: value\"");
    }
    return std::nullopt;
}

/// What CLI11's own checks can't see.
std::optional<QString> Reading::fault() const
{
    if (m_options.folder && m_options.folder->empty())
        return tr("-d names no folder");
    if (m_options.ledger && m_options.ledger->empty())
        return tr("--ledger names no file");
    if (m_options.logFile && m_options.logFile->empty())
        return tr("--log-file names no file");
    if (m_options.limitRate && !core::byteRateFromText(toQt(*m_options.limitRate)))
        return tr("--limit-rate takes bytes a second, such as 800K, 2M or 0, not \"%1\"")
            .arg(toQt(*m_options.limitRate));
    const CLI::App *command = m_grammar.app().get_subcommands().front();
    const bool namesFile = command->get_name() == "backup" || command->get_name() == "restore";
    if (namesFile && m_options.source.empty())
        return tr("%1 names no file").arg(toQt(command->get_name()));
    if (!m_options.urls.empty())
        return orderFault();
    for (const std::string &state : m_options.states) {
        if (!core::jobStateFromName(toQt(state).toUpper()))
            return tr("there is no state \"%1\"; there are %2").arg(toQt(state), stateNames());
    }
    if (m_options.isReset && m_options.jobs.empty() == !m_options.all)
        return tr("--reset what? Name hosts, or use --all");
    if (wishNamed(command->get_name())) {
        const int ways =
            (m_options.jobs.empty() ? 0 : 1) + (m_options.all ? 1 : 0) + (m_options.failed ? 1 : 0);
        if (ways == 0)
            return tr("%1 what? Name jobs, or use --all or --failed").arg(toQt(command->get_name()));
        if (ways > 1)
            return tr("name jobs, or use --all, or --failed: only one of them");
    }
    return std::nullopt;
}

Command Reading::chosen() const
{
    const std::string name = m_grammar.app().get_subcommands().front()->get_name();
    if (name == "get") {
        GetCommand command{order(), toQt(m_options.headers), workerOptions()};
        if (command.order.folder.isEmpty())
            command.order.folder = QDir::cleanPath(m_currentFolder);
        return command;
    }
    if (name == "add") {
        AddCommand command{order()};
        command.order.rateLimit = limitRate().value_or(0);
        return command;
    }
    if (name == "import")
        return ImportCommand{toQt(m_options.source), folder()};
    if (name == "run")
        return RunCommand{folder(), workerOptions(), m_options.isUntilIdle};
    if (name == "list") {
        ListCommand command;
        for (const std::string &state : m_options.states)
            command.states.append(*core::jobStateFromName(toQt(state).toUpper()));
        command.limit = m_options.limit;
        command.after = toQt(m_options.after);
        return command;
    }
    if (name == "show")
        return ShowCommand{toQt(m_options.job)};
    if (name == "ops")
        return OpsCommand{toQt(m_options.job), m_options.showsEvents};
    if (name == "hosts")
        return HostsCommand{toQt(m_options.jobs), m_options.isReset};
    if (name == "login")
        return LoginCommand{toQt(m_options.place), toQt(m_options.user)};
    if (name == "logout")
        return LogoutCommand{toQt(m_options.place)};
    if (name == "logins")
        return LoginsCommand{};
    if (name == "health")
        return HealthCommand{{m_options.isDeep, m_options.hashFiles}};
    if (name == "repair")
        return RepairCommand{m_options.isPlanOnly};
    if (name == "backup")
        return BackupCommand{file()};
    if (name == "restore")
        return RestoreCommand{file()};
    if (name == "migrate")
        return MigrateCommand{m_options.to};
    if (name == "priority")
        return PriorityCommand{m_options.priority, toQt(m_options.jobs)};
    if (name == "remove")
        return RemoveCommand{toQt(m_options.jobs), m_options.deletesFiles, m_options.forgets,
                             m_options.isUndo};
    if (name == "reconcile")
        return ReconcileCommand{};
    if (name == "accept")
        return AcceptCommand{toQt(m_options.jobs)};
    if (name == "verify")
        return VerifyCommand{m_options.isFull};
    if (const std::optional<engine::Wish> wish = wishNamed(name))
        return WishCommand{*wish, toQt(m_options.jobs), m_options.all, m_options.failed};
    return StatusCommand{};
}

ParseEnd Reading::usageError(const QString &text) const
{
    const std::vector<CLI::App *> given = m_grammar.app().get_subcommands();
    const QString command = given.empty() ? QString() : toQt(given.front()->get_name()) + u' ';
    // One line, whatever an argument looked like.
    return {WrongUsage, tr("%1 (see ingather-cli %2--help)").arg(text, command).simplified()};
}

std::variant<Invocation, ParseEnd> Reading::parse(const QStringList &arguments)
{
    Texts reversed; // as CLI11 wants them
    for (const QString &argument : arguments)
        reversed.insert(reversed.begin(), say(argument));
    try {
        m_grammar.app().parse(reversed);
    } catch (const CLI::CallForVersion &version) {
        return ParseEnd{AllWell, QString::fromUtf8(version.what()) + u'\n'};
    } catch (const CLI::Success &) {
        return ParseEnd{AllWell, toQt(m_grammar.app().help())};
    } catch (const CLI::ParseError &error) {
        const bool hasCommand = !m_grammar.app().get_subcommands().empty();
        const Texts unknown = m_grammar.app().remaining(true);
        if (!hasCommand && !unknown.empty())
            return usageError(tr("there is no command \"%1\"").arg(toQt(unknown.front())));
        if (!hasCommand && dynamic_cast<const CLI::RequiredError *>(&error))
            return usageError(tr("which command?"));
        return usageError(QString::fromUtf8(error.what()));
    }
    if (const std::optional<QString> text = fault())
        return usageError(*text);
    return Invocation{global(), chosen()};
}

} // namespace

std::variant<Invocation, ParseEnd> parseCommandLine(const QStringList &arguments, const QString &version,
                                                    const QString &currentFolder)
{
    return Reading(version, currentFolder).parse(arguments);
}

} // namespace ingather::cli
