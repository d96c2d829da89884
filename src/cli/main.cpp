// SPDX-License-Identifier: MIT
//
// Puts ingather-cli together: the one file of the command line that knows every layer.
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/flags.h"
#include "intake/url_list.h"
#include "models/languages.h"
#include "platform/keyring.h"
#include "platform/log_sink.h"
#include "platform/system_clock.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcessEnvironment>

#include <clocale>
#include <cstdlib>
#include <langinfo.h>
#include <optional>
#include <unistd.h>

namespace
{

using namespace ingather;

/// Paths and arguments are UTF-8 to us. In a bare "C" locale, as cron gives it, Qt would warn on
/// every start and then do the same.
void useUtf8()
{
    std::setlocale(LC_ALL, "");
    if (qstrcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        ::setenv("LC_ALL", "C.UTF-8", 1);
}

/// On stderr warnings and worse, everything with -v, errors with -q; a file gets the whole story.
platform::LogSettings logSettings(const cli::GlobalOptions &options)
{
    platform::LogSettings settings;
    settings.format =
        options.logFormat == cli::LogFormat::Json ? core::LogFormat::Json : core::LogFormat::Text;
    settings.file = options.logFile;
    settings.toStandardError = options.logFile.isEmpty();
    if (options.verbosity == cli::Verbosity::Verbose)
        settings.minimum = core::LogLevel::Debug;
    else if (!options.logFile.isEmpty())
        settings.minimum = core::LogLevel::Info;
    else if (options.verbosity == cli::Verbosity::Normal)
        settings.minimum = core::LogLevel::Warning;
    else
        settings.minimum = core::LogLevel::Critical;
    return settings;
}

/// Plain-text lists of the intake layer for `import`.
class TextLists final : public cli::ListReader
{
public:
    core::Result<> open(const QString &source) override
    {
        const bool isOpen =
            source == u'-' ? m_file.open(STDIN_FILENO, QIODevice::ReadOnly) : openFile(source);
        if (!isOpen) {
            return core::Error{core::ErrorCode::UnreadableList, QStringLiteral("open list"), 0,
                               source + QStringLiteral(": ") + m_file.errorString()};
        }
        m_reader.emplace(m_file);
        return {};
    }

    core::Result<cli::ListPage> next(qsizetype most) override
    {
        cli::ListPage page;
        while (page.urls.size() + page.rejected.size() < most) {
            core::Result<std::optional<intake::ListItem>> item = m_reader->next();
            if (!item)
                return item.error();
            if (!item->has_value())
                break;
            if (const auto *entry = std::get_if<intake::ListEntry>(&**item))
                page.urls.append({entry->line, entry->text});
            else if (const auto *rejection = std::get_if<intake::ListRejection>(&**item))
                page.rejected.append({rejection->line, rejection->text, rejection->error});
        }
        return page;
    }

private:
    bool openFile(const QString &path)
    {
        m_file.setFileName(path);
        return m_file.open(QIODevice::ReadOnly);
    }

    QFile m_file;
    std::optional<intake::UrlListReader> m_reader;
};

int end(const cli::ParseEnd &end)
{
    cli::Output output(STDOUT_FILENO, STDERR_FILENO, false, cli::Verbosity::Normal);
    if (end.exitCode != cli::AllWell) {
        output.problem(end.text);
        return end.exitCode;
    }
    for (const QString &line : end.text.chopped(1).split(u'\n'))
        output.result(line);
    return end.exitCode;
}

} // namespace

int main(int argc, char **argv)
{
    useUtf8();
    cli::TerminationSignals signals; // first: threads inherit what it blocks
    const QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("ingather-cli"));
    QCoreApplication::setApplicationVersion(QStringLiteral(INGATHER_VERSION));

    QObject translators;
    models::speak(QString(), &translators);

    const auto parsed = cli::parseCommandLine(QCoreApplication::arguments().mid(1),
                                              QCoreApplication::applicationVersion(), QDir::currentPath());
    if (const auto *parseEnd = std::get_if<cli::ParseEnd>(&parsed))
        return end(*parseEnd);
    const auto &invocation = std::get<cli::Invocation>(parsed);

    cli::Output output(STDOUT_FILENO, STDERR_FILENO, invocation.global.isJson, invocation.global.verbosity);
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    core::Result<engine::Settings> settings =
        engine::readSettings(engine::defaultConfigFile(environment), environment);
    if (settings)
        settings = cli::withFlags(*settings, invocation);
    if (!settings) {
        output.problem(settings.error().detail);
        return cli::WrongUsage;
    }
    const platform::SystemClock clock;
    const auto log = platform::LogSink::install(logSettings(invocation.global), clock);
    if (!log) {
        output.problem(log.error().detail);
        return cli::WrongUsage;
    }
    TextLists lists;
    platform::Keyring keyring;
    cli::CommandContext context{output, *settings, !invocation.global.ledger.isEmpty(),
                                lists,  signals,   keyring};
    return std::visit([&context](const auto &command) { return cli::execute(command, context); },
                      invocation.command);
}
