// SPDX-License-Identifier: MIT
#include "cli/termination_signals.h"

#include <QCoreApplication>
#include <QProcess>
#include <QtTest>

#include <csignal>
#include <cstdio>

using namespace ingather::cli;

// Signals concern whole processes, so the program under test is this one again, as a child that says
// "ready" and then waits for its signal.
namespace
{

constexpr std::chrono::milliseconds childPatience(300);

void say(const char *word)
{
    std::puts(word);
    std::fflush(stdout);
}

int child(int argc, char **argv)
{
    const QByteArrayView mode(argv[2]);
    if (mode == "nohup")
        std::signal(SIGHUP, SIG_IGN);
    const QCoreApplication app(argc, argv);
    TerminationSignals signals(mode == "patient" ? std::chrono::minutes(10) : childPatience);
    QObject context;
    if (mode != "untidy") {
        signals.stopOrderly(&context, [&mode] {
            say("stopping");
            if (mode == "orderly")
                QCoreApplication::exit(42);
            if (mode == "stuck" || mode == "patient") {
                while (true) // what nothing but the end of the process gets out of
                    pause();
            }
        });
    }
    if (mode == "tidied")
        signals.stopAtOnce();
    say("ready");
    if (mode == "nohup") {
        std::raise(SIGHUP);
        say("still here");
    }
    if (mode == "pipe") {
        std::raise(SIGPIPE);
        say("still here");
    }
    return QCoreApplication::exec();
}

} // namespace

class TestTerminationSignals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSignalEndsTheProcess_data();
    void aSignalEndsTheProcess();
    void aSecondSignalEndsAtOnce();
    void someSignalsChangeNothing_data();
    void someSignalsChangeNothing();
};

void TestTerminationSignals::aSignalEndsTheProcess_data()
{
    QTest::addColumn<QString>("mode");
    QTest::addColumn<int>("number");
    QTest::addColumn<int>("exitCode");
    const struct {
        int number;
        const char *name;
    } all[] = {{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}, {SIGHUP, "SIGHUP"}};
    for (const auto &signal : all) {
        QTest::addRow("%s without anything to tidy up ends with 130", signal.name)
            << QStringLiteral("untidy") << signal.number << 130;
        QTest::addRow("%s lets the process end in order", signal.name)
            << QStringLiteral("orderly") << signal.number << 42;
        QTest::addRow("%s ends a process that is stuck when the patience is over", signal.name)
            << QStringLiteral("stuck") << signal.number << 130;
        QTest::addRow("%s ends a process that does not end itself", signal.name)
            << QStringLiteral("endless") << signal.number << 130;
        QTest::addRow("%s after all is tidied up ends with 130", signal.name)
            << QStringLiteral("tidied") << signal.number << 130;
    }
}

void TestTerminationSignals::aSignalEndsTheProcess()
{
    QFETCH(QString, mode);
    QFETCH(int, number);
    QProcess process;
    process.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--child"), mode});
    QVERIFY(process.waitForReadyRead());
    QCOMPARE(process.readLine(), QByteArray("ready\n"));
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), number), 0);
    QVERIFY(process.waitForFinished(5000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QTEST(process.exitCode(), "exitCode");
}

void TestTerminationSignals::aSecondSignalEndsAtOnce()
{
    QProcess process;
    process.start(QCoreApplication::applicationFilePath(),
                  {QStringLiteral("--child"), QStringLiteral("patient")});
    QVERIFY(process.waitForReadyRead());
    QCOMPARE(process.readLine(), QByteArray("ready\n"));
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
    QVERIFY(process.waitForReadyRead());
    QCOMPARE(process.readLine(), QByteArray("stopping\n"));
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
    QVERIFY(process.waitForFinished(5000));
    QCOMPARE(process.exitCode(), 130);
}

void TestTerminationSignals::someSignalsChangeNothing_data()
{
    QTest::addColumn<QString>("mode");
    QTest::newRow("SIGHUP under nohup") << QStringLiteral("nohup");
    QTest::newRow("SIGPIPE") << QStringLiteral("pipe");
}

void TestTerminationSignals::someSignalsChangeNothing()
{
    QFETCH(QString, mode);
    QProcess process;
    process.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--child"), mode});
    QByteArray said;
    while (!said.contains("still here") && process.waitForReadyRead())
        said += process.readAll();
    QVERIFY(said.contains("still here"));
    process.kill();
    QVERIFY(process.waitForFinished());
}

int main(int argc, char **argv)
{
    if (argc == 3 && QByteArrayView(argv[1]) == "--child")
        return child(argc, argv);
    QCoreApplication app(argc, argv);
    TestTerminationSignals test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_termination_signals.moc"
