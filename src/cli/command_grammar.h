// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>

#include <string>
#include <vector>

namespace ingather::cli
{

/// What CLI11 writes into while it parses. Commands share targets: only one is ever given.
struct ParsedOptions {
    std::optional<std::string> ledger;
    bool isJson = false;
    bool isQuiet = false;
    bool isVerbose = false;
    std::optional<std::string> caCertificate;
    std::optional<std::string> proxy;
    std::optional<std::string> netrc;
    std::optional<std::string> cookies;
    std::string logFormat = "text";
    std::optional<std::string> logFile;

    std::vector<std::string> urls;
    std::vector<std::string> headers;
    std::optional<std::string> folder;
    std::optional<std::string> name;
    std::optional<std::string> sha256;
    std::optional<std::string> workId;
    std::optional<std::string> artifactId;
    int priority = 0;
    int segments = 0;
    bool isRefresh = false;
    bool isFull = false;
    WorkerOptions worker;
    std::optional<std::string> limitRate;
    bool isUntilIdle = false;
    std::string place;
    std::optional<std::string> user;
    std::string source;
    std::string format = "auto";
    std::vector<std::string> states;
    int limit = 0;
    std::optional<std::string> after;
    std::string job;
    std::vector<std::string> jobs;
    bool all = false;
    bool failed = false;
    bool deletesFiles = false;
    bool forgets = false;
    bool isUndo = false;
    bool showsEvents = false;
    bool isReset = false;
    bool isDeep = false;
    bool hashFiles = false;
    bool isPlanOnly = false;
    bool isAutoRepair = false;
    int to = 0;
};

/// The commands and options of ingather-cli, with their explanations: what there is. What was made of
/// it is read in command_line.cpp.
class CommandGrammar final
{
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::CommandGrammar)
    Q_DISABLE_COPY_MOVE(CommandGrammar) // CLI11 keeps addresses of the options

public:
    explicit CommandGrammar(const QString &version);

    CLI::App &app() { return m_app; }
    const CLI::App &app() const { return m_app; }
    const ParsedOptions &options() const { return m_options; }

private:
    void addGlobalOptions(const QString &version);
    void addFetching();
    void addWorking();
    void addLooking();
    void addWishes();
    void addLogins();
    void addCare();
    CLI::App *command(const char *name, const QString &description);
    void addFolder(CLI::App *command, const QString &description);
    void addOrder(CLI::App *command);
    void addConnections(CLI::App *command);
    void addAttempts(CLI::App *command);
    void addLimitRate(CLI::App *command, const QString &description);
    void addAutoRepair(CLI::App *command);

    CLI::App m_app;
    ParsedOptions m_options;
};

} // namespace ingather::cli
