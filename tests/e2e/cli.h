// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QProcess>
#include <QString>
#include <QStringList>

#include <memory>

namespace ingather::e2e
{

/// How one run of ingather-cli ended and what it said.
struct CommandResult {
    int exitCode = -1; ///< -1: it crashed, was killed or did not end in time
    QByteArray out;
    QByteArray err;
    qint64 elapsedMs = 0;

    /// The one JSON object on stdout; empty if stdout is anything else.
    QJsonObject object() const;
    /// The JSON objects on stdout, one a line; empty if any line is anything else.
    QList<QJsonObject> lines() const;
    /// Exit code, stdout and stderr in one text, for messages of failed tests.
    QByteArray report() const;
};

/// Runs the real ingather-cli as a process with a home of its own: nothing of the user's settings or
/// ledgers is seen, and nothing is left behind outside `home`.
class Cli final
{
public:
    /// `home`: an existing folder; the ledger lies there unless `ledger` names another file.
    explicit Cli(const QString &home, const QString &ledger = {});

    QString ledger() const { return m_ledger; }

    /// Adds a variable to the environment of every run from now on; an empty value takes it away.
    void setVariable(const QString &name, const QString &value) { m_variables.insert(name, value); }

    /// What every run from now on reads from standard input; nothing unless told.
    void setInput(const QString &file) { m_input = file; }
    /// Every run from now on is started by this program with these arguments in front.
    void setStarter(const QStringList &starter) { m_starter = starter; }

    /// `ingather-cli --ledger <ledger> <arguments…>`, waited for.
    CommandResult run(const QStringList &arguments, int timeoutMs = 60'000) const;
    /// The same with --json.
    CommandResult json(const QStringList &arguments, int timeoutMs = 60'000) const;
    /// Started and left running; killed when the pointer is dropped.
    std::unique_ptr<QProcess> start(const QStringList &arguments) const;

    /// `list --json`, by job id in the order given by the program. Fails the test if the command fails.
    QList<QJsonObject> jobs() const;
    /// `ops JOB --json`.
    QList<QJsonObject> ops(const QString &jobId) const;

private:
    QProcessEnvironment environment() const;

    QString m_home;
    QString m_ledger;
    QHash<QString, QString> m_variables;
    QString m_input = QProcess::nullDevice();
    QStringList m_starter;
};

/// What a process that was started prints after it has ended within `timeoutMs`.
CommandResult finish(QProcess &process, int timeoutMs);

/// Sends a signal to exactly that process.
void sendSignal(const QProcess &process, int signalNumber);

} // namespace ingather::e2e
