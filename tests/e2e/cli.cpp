// SPDX-License-Identifier: MIT
#include "e2e/cli.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QTest>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace ingather::e2e
{

using namespace Qt::StringLiterals;

QJsonObject CommandResult::object() const
{
    return QJsonDocument::fromJson(out).object();
}

QList<QJsonObject> CommandResult::lines() const
{
    QList<QJsonObject> objects;
    for (const QByteArray &line : out.split('\n')) {
        if (line.trimmed().isEmpty())
            continue;
        const QJsonDocument document = QJsonDocument::fromJson(line);
        if (!document.isObject())
            return {};
        objects.append(document.object());
    }
    return objects;
}

QByteArray CommandResult::report() const
{
    return "exit " + QByteArray::number(exitCode) + " after " + QByteArray::number(elapsedMs) +
           " ms\n--- stdout\n" + out.left(4000) + "\n--- stderr\n" + err.left(4000);
}

Cli::Cli(const QString &home, const QString &ledger)
    : m_home(home), m_ledger(ledger.isEmpty() ? home + u"/ledger.sqlite3"_s : ledger)
{
}

QProcessEnvironment Cli::environment() const
{
    QProcessEnvironment environment;
    const QProcessEnvironment ours = QProcessEnvironment::systemEnvironment();
    // Proxies and INGATHER_* of whoever runs the tests stay out.
    for (const QString &name : {u"PATH"_s, u"LD_LIBRARY_PATH"_s, u"ASAN_OPTIONS"_s, u"UBSAN_OPTIONS"_s,
                                u"LSAN_OPTIONS"_s, u"QT_PLUGIN_PATH"_s}) {
        if (ours.contains(name))
            environment.insert(name, ours.value(name));
    }
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    environment.insert(u"HOME"_s, m_home);
    for (const QString &name : {u"XDG_DATA_HOME"_s, u"XDG_CONFIG_HOME"_s, u"XDG_STATE_HOME"_s,
                                u"XDG_CACHE_HOME"_s, u"XDG_RUNTIME_DIR"_s})
        environment.insert(name, m_home + u'/' + name.toLower());
    for (auto it = m_variables.cbegin(); it != m_variables.cend(); ++it) {
        if (!it.value().isEmpty())
            environment.insert(it.key(), it.value());
    }
    return environment;
}

std::unique_ptr<QProcess> Cli::start(const QStringList &arguments) const
{
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(environment());
    // A test that is killed takes its processes along.
    process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    process->setStandardInputFile(m_input);
    QStringList words =
        m_starter + QStringList{QStringLiteral(INGATHER_CLI), u"--ledger"_s, m_ledger} + arguments;
    const QString program = words.takeFirst();
    process->start(program, words);
    return process;
}

CommandResult Cli::run(const QStringList &arguments, int timeoutMs) const
{
    return finish(*start(arguments), timeoutMs);
}

CommandResult Cli::json(const QStringList &arguments, int timeoutMs) const
{
    return run(QStringList{u"--json"_s} + arguments, timeoutMs);
}

QList<QJsonObject> Cli::jobs() const
{
    const CommandResult result = json({u"list"_s});
    if (result.exitCode != 0)
        QTest::qFail(result.report().constData(), __FILE__, __LINE__);
    return result.lines();
}

QList<QJsonObject> Cli::ops(const QString &jobId) const
{
    const CommandResult result = json({u"ops"_s, jobId});
    if (result.exitCode != 0)
        QTest::qFail(result.report().constData(), __FILE__, __LINE__);
    return result.lines();
}

CommandResult finish(QProcess &process, int timeoutMs)
{
    QElapsedTimer timer;
    timer.start();
    const bool hasEnded = process.waitForFinished(timeoutMs) || process.state() == QProcess::NotRunning;
    CommandResult result;
    result.elapsedMs = timer.elapsed();
    if (hasEnded && process.error() != QProcess::FailedToStart &&
        process.exitStatus() == QProcess::NormalExit)
        result.exitCode = process.exitCode();
    if (!hasEnded) {
        process.kill();
        process.waitForFinished();
    }
    result.out = process.readAllStandardOutput();
    result.err = process.readAllStandardError();
    return result;
}

void sendSignal(const QProcess &process, int signalNumber)
{
    const qint64 pid = process.processId();
    if (pid > 0)
        ::kill(static_cast<pid_t>(pid), signalNumber);
}

} // namespace ingather::e2e
