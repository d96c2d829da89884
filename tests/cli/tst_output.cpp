// SPDX-License-Identifier: MIT
#include "cli/output.h"

#include <QTemporaryFile>
#include <QtTest>

#include <csignal>
#include <fcntl.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

using namespace ingather::cli;

namespace
{

QByteArray contentOf(QTemporaryFile &file)
{
    file.seek(0);
    return file.readAll();
}

/// Both ends of a pseudo terminal of 80 columns; what is written to `terminal` is read from `screen`.
struct Terminal {
    Terminal()
    {
        winsize size{};
        size.ws_col = 80;
        size.ws_row = 24;
        termios plain{}; // no echo, no translation of line ends
        if (::openpty(&screen, &terminal, nullptr, &plain, &size) != 0)
            qFatal("no pseudo terminal");
        ::fcntl(screen, F_SETFL, O_NONBLOCK);
    }
    ~Terminal()
    {
        ::close(screen);
        ::close(terminal);
    }
    Q_DISABLE_COPY_MOVE(Terminal)

    QByteArray read() const
    {
        char bytes[4096];
        const ssize_t count = ::read(screen, bytes, sizeof bytes);
        return count > 0 ? QByteArray(bytes, count) : QByteArray();
    }

    int screen = -1;
    int terminal = -1;
};

} // namespace

class TestOutput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everythingGoesWhereItBelongs_data();
    void everythingGoesWhereItBelongs();
    void textsCannotSteerTheTerminal();
    void aReaderThatLeftIsNoError();
    void progressIsForTerminals();
    void progressIsRedrawnInPlace();
    void messagesTakeTheProgressAway();
};

void TestOutput::initTestCase()
{
    qputenv("TERM", "xterm");
}

void TestOutput::everythingGoesWhereItBelongs_data()
{
    QTest::addColumn<bool>("isJson");
    QTest::addColumn<int>("verbosity");
    QTest::addColumn<QByteArray>("results");
    QTest::addColumn<QByteArray>("messages");
    QTest::newRow("for people") << false << int(Verbosity::Normal) << QByteArray("result\nnews\n")
                                << QByteArray("note\ningather-cli: problem\n");
    QTest::newRow("for people in a hurry")
        << false << int(Verbosity::Quiet) << QByteArray("result\n") << QByteArray("ingather-cli: problem\n");
    QTest::newRow("for programs") << true << int(Verbosity::Normal) << QByteArray("{\"a\":1}\n")
                                  << QByteArray("note\ningather-cli: problem\n");
}

void TestOutput::everythingGoesWhereItBelongs()
{
    QFETCH(bool, isJson);
    QFETCH(int, verbosity);
    QTemporaryFile results;
    QTemporaryFile messages;
    QVERIFY(results.open() && messages.open());
    Output output(results.handle(), messages.handle(), isJson, Verbosity(verbosity));
    output.result(QStringLiteral("result"));
    output.news(QStringLiteral("news"));
    output.json({{QStringLiteral("a"), 1}});
    output.note(QStringLiteral("note"));
    output.problem(QStringLiteral("problem"));
    QTEST(contentOf(results), "results");
    QTEST(contentOf(messages), "messages");
    QVERIFY(output.hasReader());
}

void TestOutput::textsCannotSteerTheTerminal()
{
    QTemporaryFile results;
    QTemporaryFile messages;
    QVERIFY(results.open() && messages.open());
    Output output(results.handle(), messages.handle(), false, Verbosity::Normal);
    output.result(QStringLiteral("a\x1b]0;title\x07"));
    output.problem(QStringLiteral("two\nlines"));
    QVERIFY(!contentOf(results).contains('\x1b'));
    QCOMPARE(contentOf(messages).count('\n'), 1);
}

void TestOutput::aReaderThatLeftIsNoError()
{
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    QCOMPARE(::pipe(ends), 0);
    ::close(ends[0]);
    QTemporaryFile messages;
    QVERIFY(messages.open());
    Output output(ends[1], messages.handle(), false, Verbosity::Normal);
    output.result(QStringLiteral("nobody reads this"));
    QVERIFY(!output.hasReader());
    output.result(QStringLiteral("nor this"));
    QVERIFY(contentOf(messages).isEmpty());
    ::close(ends[1]);
    std::signal(SIGPIPE, before);
}

void TestOutput::progressIsForTerminals()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    Output toFile(file.handle(), file.handle(), false, Verbosity::Normal);
    QVERIFY(!toFile.showsProgress());
    toFile.showProgress({QStringLiteral("50 %")});
    QVERIFY(contentOf(file).isEmpty());

    const Terminal terminal;
    QVERIFY(Output(file.handle(), terminal.terminal, false, Verbosity::Normal).showsProgress());
    QVERIFY(!Output(file.handle(), terminal.terminal, false, Verbosity::Quiet).showsProgress());
    QVERIFY(!Output(file.handle(), terminal.terminal, false, Verbosity::Verbose).showsProgress());
    QCOMPARE(Output(file.handle(), terminal.terminal, false, Verbosity::Normal).width(), 80);
    qputenv("TERM", "dumb");
    QVERIFY(!Output(file.handle(), terminal.terminal, false, Verbosity::Normal).showsProgress());
    qputenv("TERM", "xterm");
}

void TestOutput::progressIsRedrawnInPlace()
{
    const Terminal terminal;
    Output output(terminal.terminal, terminal.terminal, false, Verbosity::Normal);
    output.showProgress({QStringLiteral("one"), QStringLiteral("two")});
    QCOMPARE(terminal.read(), QByteArray("\r\x1b[Kone\n\r\x1b[Ktwo\x1b[J"));
    output.showProgress({QStringLiteral("one"), QStringLiteral("two")});
    QVERIFY2(terminal.read().isEmpty(), "drawn again without a change");
    output.showProgress({QStringLiteral("three")});
    QCOMPARE(terminal.read(), QByteArray("\r\x1b[1A\r\x1b[Kthree\x1b[J"));
}

void TestOutput::messagesTakeTheProgressAway()
{
    const Terminal terminal;
    Output output(terminal.terminal, terminal.terminal, false, Verbosity::Normal);
    output.showProgress({QStringLiteral("one")});
    terminal.read();
    output.result(QStringLiteral("done"));
    QCOMPARE(terminal.read(), QByteArray("\r\x1b[Jdone\n"));
}

QTEST_GUILESS_MAIN(TestOutput)
#include "tst_output.moc"
