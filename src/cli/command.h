// SPDX-License-Identifier: MIT
#pragma once

#include "core/health_report.h"
#include "core/job_state.h"
#include "engine/snapshots.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>
#include <variant>

/// What the command line asks for, as values: the parser makes them, the commands carry them out.
namespace ingather::cli
{

enum class LogFormat { Text, Json };
enum class Verbosity { Quiet, Normal, Verbose };

struct GlobalOptions {
    QString ledger; ///< as typed; empty: from the settings
    bool isJson = false;
    Verbosity verbosity = Verbosity::Normal;
    QString caCertificate;
    QString proxy;
    QString netrc;   ///< a file
    QString cookies; ///< a file
    LogFormat logFormat = LogFormat::Text;
    QString logFile;
    bool isAutoRepair = false; ///< of the commands that write jobs
};

/// Options of a worker, where given; they win over the settings.
struct WorkerOptions {
    std::optional<int> threads;
    std::optional<int> lanes;
    std::optional<int> connectionsPerHost;
    std::optional<int> maxAttempts;
    std::optional<int> leaseTtl;     ///< seconds
    std::optional<qint64> limitRate; ///< bytes a second; 0: none, whatever the settings say
};

/// `get` and `add`: URLs and what is wanted for them.
struct Order {
    QStringList urls;
    QString folder; ///< absolute; empty: decided when a worker takes the job (`add` without -d)
    QString fileName;
    QString sha256;
    QString workId;
    QString artifactId;
    int priority = 0;
    int segments = 0;
    qint64 rateLimit = 0; ///< of each job; `add` only
    bool refresh = false; ///< ask again for what is done
    std::optional<int> maxAttempts;
};

struct GetCommand {
    Order order;
    QStringList headers; ///< "Name: value", for the hosts of the URLs
    WorkerOptions worker;
};

struct AddCommand {
    Order order;
};

struct ImportCommand {
    QString source; ///< a path, or "-" for standard input
    QString folder; ///< absolute or empty
};

struct RunCommand {
    QString folder; ///< absolute or empty
    WorkerOptions worker;
    bool isUntilIdle = false;
};

struct ListCommand {
    QList<core::JobState> states;
    int limit = 0;
    QString after;
};

struct ShowCommand {
    QString job;
};

struct OpsCommand {
    QString job;
    bool showsEvents = false;
};

struct StatusCommand {
};

/// What is remembered of hosts.
struct HostsCommand {
    QStringList hosts;    ///< none: all
    bool isReset = false; ///< forget it
};

/// Logins in the keyring: one more, one less, for which places.
struct LoginCommand {
    QString place; ///< as typed
    QString user;  ///< empty: to be asked for
};
struct LogoutCommand {
    QString place;
};
struct LoginsCommand {
};

/// pause, resume, cancel, retry.
struct WishCommand {
    engine::Wish wish = engine::Wish::Pause;
    QStringList jobs;
    bool all = false;
    bool failed = false;
};

struct PriorityCommand {
    int priority = 0;
    QStringList jobs;
};

struct RemoveCommand {
    QStringList jobs;
    bool deletesFiles = false;
    bool forgets = false;
    bool isUndo = false;
};

struct AcceptCommand {
    QStringList jobs;
};
struct VerifyCommand {
    bool isFull = false;
};
struct ReconcileCommand {
};

struct HealthCommand {
    core::HealthOptions options;
};

struct RepairCommand {
    bool isPlanOnly = false;
};

struct BackupCommand {
    QString file; ///< absolute
};

struct RestoreCommand {
    QString file; ///< absolute
};

struct MigrateCommand {
    int to = 0; ///< 0: the current version
};

using Command =
    std::variant<GetCommand, AddCommand, ImportCommand, RunCommand, ListCommand, ShowCommand, OpsCommand,
                 StatusCommand, HostsCommand, LoginCommand, LogoutCommand, LoginsCommand, WishCommand,
                 PriorityCommand, RemoveCommand, ReconcileCommand, VerifyCommand, AcceptCommand,
                 HealthCommand, RepairCommand, BackupCommand, RestoreCommand, MigrateCommand>;

struct Invocation {
    GlobalOptions global;
    Command command;
};

} // namespace ingather::cli
