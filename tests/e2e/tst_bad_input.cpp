// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "e2e/content.h"
#include "e2e/nginx_server.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace ingather::e2e;
using namespace Qt::StringLiterals;

/// What people get wrong, and what the world gets wrong, with the exit code and the words for it.
class TestBadInput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void urlsThatAreRefused_data();
    void urlsThatAreRefused();
    void oneBadUrlAmongGoodOnesPlansNothing();
    void foldersThatAreRefused_data();
    void foldersThatAreRefused();
    void ledgersThatAreRefused_data();
    void ledgersThatAreRefused();
    void hostsThatFail_data();
    void hostsThatFail();
    void answersThatFail_data();
    void answersThatFail();
    void wrongUsage_data();
    void wrongUsage();
    void listsWithBadLinesAreImportedWithoutThem();
    void aWrongDigestIsNotFiled();

private:
    QString folder() const { return m_home->filePath(u"files"_s); }

    NginxServer m_server;
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<Cli> m_cli;
};

void TestBadInput::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.errorText()));
    QVERIFY(writeContent(m_server.documents() + u"/a.bin"_s, 10'000, 1));
    QVERIFY(writeContent(m_server.documents() + u"/b.bin"_s, 10'000, 2));
    QVERIFY(QDir(m_server.documents()).mkpath(u"sub"_s));
}

void TestBadInput::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_cli = std::make_unique<Cli>(m_home->path());
    QVERIFY(QDir(m_home->path()).mkpath(u"files"_s));
}

void TestBadInput::urlsThatAreRefused_data()
{
    QTest::addColumn<QString>("url");
    QTest::newRow("a scheme and nothing else") << u"http://"_s;
    QTest::newRow("an IPv6 address that is not closed") << u"http://[::1/a"_s;
    QTest::newRow("a port that cannot be") << u"http://127.0.0.1:99999/a"_s;
    QTest::newRow("a percent sign without digits") << u"http://127.0.0.1/100%/a"_s;
    QTest::newRow("a word") << u"download"_s;
    QTest::newRow("nothing at all") << u""_s;
    QTest::newRow("a local file") << u"file:///etc/passwd"_s;
    QTest::newRow("a local file with one slash") << u"file:/etc/passwd"_s;
    QTest::newRow("an FTP server") << u"ftp://ftp.example.org/a"_s;
    QTest::newRow("a script") << u"javascript:alert(1)"_s;
    QTest::newRow("data in the URL") << u"data:text/plain,hello"_s;
}

void TestBadInput::urlsThatAreRefused()
{
    QFETCH(const QString, url);
    for (const QString &command : {u"get"_s, u"add"_s}) {
        const CommandResult result = m_cli->run({command, u"-d"_s, folder(), u"--"_s, url});
        QVERIFY2(result.exitCode == 2, result.report().constData());
        QVERIFY2(!result.err.isEmpty() && result.err.contains(url.toUtf8()), result.report().constData());
        QCOMPARE(m_cli->json({u"list"_s}).lines().size(), 0);
        QCOMPARE(entriesOf(folder()), QStringList());
    }
}

void TestBadInput::oneBadUrlAmongGoodOnesPlansNothing()
{
    const qsizetype before = m_server.requests().size();
    const CommandResult result =
        m_cli->run({u"get"_s, u"-d"_s, folder(), m_server.url(u"/a.bin"_s), u"ftp://127.0.0.1/b"_s});
    QVERIFY2(result.exitCode == 2, result.report().constData());
    QVERIFY2(result.err.contains("ftp://127.0.0.1/b"), result.report().constData());
    QCOMPARE(m_cli->json({u"list"_s}).lines().size(), 0);
    QCOMPARE(m_server.requests().size(), before);
    QCOMPARE(entriesOf(folder()), QStringList());
}

void TestBadInput::foldersThatAreRefused_data()
{
    QTest::addColumn<QString>("folder");
    QTest::newRow("a folder that does not exist") << u"missing"_s;
    QTest::newRow("a file") << u"a-file"_s;
    // The permission bits of an ordinary folder mean nothing to root; in /proc nobody can make a file.
    QTest::newRow("a folder in which nothing can be made") << u"/proc"_s;
}

void TestBadInput::foldersThatAreRefused()
{
    QFETCH(const QString, folder);
    QFile file(m_home->filePath(u"a-file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write("text"), 4);
    file.close();
    const QString path = QDir(m_home->path()).absoluteFilePath(folder);
    const qsizetype before = m_server.requests().size();

    const CommandResult result = m_cli->run({u"get"_s, u"-d"_s, path, m_server.url(u"/a.bin"_s)});
    QVERIFY2(result.exitCode == 2, result.report().constData());
    QVERIFY2(result.err.contains(path.toUtf8()), result.report().constData());
    QCOMPARE(m_cli->json({u"list"_s}).lines().size(), 0);
    QCOMPARE(m_server.requests().size(), before);
    QVERIFY(!QFile::exists(m_home->filePath(u"missing"_s)));
    QCOMPARE(bytesOf(file.fileName()), QByteArray("text"));
}

void TestBadInput::ledgersThatAreRefused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("a folder") << QByteArray();
    QTest::newRow("a text file")
        << QByteArray("Dear reader,\nthis is a letter and no database.\n").repeated(100);
    QTest::newRow("a short text file") << QByteArray("x");
    QTest::newRow("a file of one page that only begins like a database")
        << QByteArray("SQLite format 3").append('\0').append(QByteArray(4080, 'z'));
}

void TestBadInput::ledgersThatAreRefused()
{
    QFETCH(const QByteArray, content);
    const QString path = m_home->filePath(u"letter"_s);
    if (content.isEmpty()) {
        QVERIFY(QDir().mkpath(path));
    } else {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), content.size());
    }
    const QString list = m_home->filePath(u"list.txt"_s);
    QFile listFile(list);
    QVERIFY(listFile.open(QIODevice::WriteOnly));
    QVERIFY(listFile.write(m_server.url(u"/a.bin"_s).toUtf8() + '\n') > 0);
    listFile.close();

    const Cli cli(m_home->path(), path);
    const qsizetype before = m_server.requests().size();
    const QList<QStringList> commands{
        {u"get"_s, u"-d"_s, folder(), m_server.url(u"/a.bin"_s)},
        {u"add"_s, u"-d"_s, folder(), m_server.url(u"/a.bin"_s)},
        {u"import"_s, list, u"-d"_s, folder()},
        {u"run"_s, u"--until-idle"_s},
        {u"list"_s},
        {u"status"_s},
        {u"pause"_s, u"--all"_s},
    };
    for (const QStringList &command : commands) {
        const CommandResult result = cli.run(command);
        QVERIFY2(result.exitCode == 3, command.first().toUtf8() + ": " + result.report());
        QVERIFY2(result.err.contains(path.toUtf8()), result.report().constData());
        if (content.isEmpty())
            QCOMPARE(entriesOf(path), QStringList());
        else
            QCOMPARE(bytesOf(path), content);
    }
    QCOMPARE(m_server.requests().size(), before);
    QCOMPARE(entriesOf(folder()), QStringList());
}

void TestBadInput::hostsThatFail_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("errorCode");
    QTest::newRow("a host that does not exist") << u"http://nobody.invalid/a"_s << u"host_not_found"_s;
    QTest::newRow("a port on which nobody listens")
        << u"http://127.0.0.1:%1/a"_s.arg(freePort()) << u"connection_refused"_s;
    QTest::newRow("TLS with a server that speaks none")
        << u"https://127.0.0.1:%1/a.bin"_s.arg(m_server.port()) << u"tls_failed"_s;
}

void TestBadInput::hostsThatFail()
{
    QFETCH(const QString, url);
    QFETCH(const QString, errorCode);
    const CommandResult result = m_cli->json({u"get"_s, u"-d"_s, folder(), u"--max-attempts"_s, u"2"_s, url});
    QVERIFY2(result.exitCode == 1, result.report().constData());
    const QJsonObject answer = result.object().value(u"jobs"_s).toArray().at(0).toObject();
    QCOMPARE(answer.value(u"state"_s).toString(), u"FAILED"_s);
    QCOMPARE(answer.value(u"error_code"_s).toString(), errorCode);
    const QJsonObject job = m_cli->jobs().value(0);
    QCOMPARE(job.value(u"state"_s).toString(), u"FAILED"_s);
    QCOMPARE(job.value(u"error_code"_s).toString(), errorCode);
    QCOMPARE(job.value(u"attempts"_s).toInt(), 2);
    QVERIFY(job.value(u"done_at"_s).toDouble() > 0);
    QVERIFY(job.value(u"lease_owner"_s).isNull());
    QCOMPARE(entriesOf(folder()), QStringList());

    // A person reads a sentence, not a code.
    const CommandResult told = m_cli->run({u"get"_s, u"-d"_s, folder(), u"--max-attempts"_s, u"1"_s, url});
    QCOMPARE(told.exitCode, 1);
    const QByteArray words = told.out + told.err;
    QVERIFY2(words.contains(url.toUtf8()) || words.contains("127.0.0.1") || words.contains("nobody.invalid"),
             told.report().constData());
}

void TestBadInput::answersThatFail_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("errorCode");
    QTest::newRow("a path that is not there") << u"/none.bin"_s << u"http_not_found"_s;
    QTest::newRow("a folder that may not be listed") << u"/sub/"_s << u"http_forbidden"_s;
}

void TestBadInput::answersThatFail()
{
    QFETCH(const QString, path);
    QFETCH(const QString, errorCode);
    const qsizetype before = m_server.requests().size();
    const CommandResult result = m_cli->json({u"get"_s, u"-d"_s, folder(), m_server.url(path)});
    QVERIFY2(result.exitCode == 1, result.report().constData());
    const QJsonObject job = m_cli->jobs().value(0);
    QCOMPARE(job.value(u"state"_s).toString(), u"FAILED"_s);
    QCOMPARE(job.value(u"error_code"_s).toString(), errorCode);
    // Asking a server again for what it has not got would change nothing.
    QCOMPARE(m_server.requests().size(), before + 1);
    QCOMPARE(entriesOf(folder()), QStringList());
}

void TestBadInput::wrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no command") << QStringList();
    QTest::newRow("an unknown command") << QStringList{u"fetch"_s};
    QTest::newRow("an unknown option") << QStringList{u"list"_s, u"--nonsense"_s};
    QTest::newRow("get without a URL") << QStringList{u"get"_s};
    QTest::newRow("show of an unknown job") << QStringList{u"show"_s, u"no-such-job"_s};
    QTest::newRow("ops of an unknown job") << QStringList{u"ops"_s, u"no-such-job"_s};
    QTest::newRow("pause of an unknown job") << QStringList{u"pause"_s, u"no-such-job"_s};
    QTest::newRow("list of an unknown state") << QStringList{u"list"_s, u"--state"_s, u"NOWHERE"_s};
    QTest::newRow("one name for two URLs") << QStringList{u"get"_s,
                                                          u"-d"_s,
                                                          u"FOLDER"_s,
                                                          u"-o"_s,
                                                          u"x"_s,
                                                          u"http://127.0.0.1:9/a"_s,
                                                          u"http://127.0.0.1:9/b"_s};
    QTest::newRow("one digest for two URLs") << QStringList{u"get"_s,
                                                            u"-d"_s,
                                                            u"FOLDER"_s,
                                                            u"--sha256"_s,
                                                            QString(64, u'0'),
                                                            u"http://127.0.0.1:9/a"_s,
                                                            u"http://127.0.0.1:9/b"_s};
    QTest::newRow("a digest that is none")
        << QStringList{u"get"_s, u"-d"_s, u"FOLDER"_s, u"--sha256"_s, u"abc"_s, u"http://127.0.0.1:9/a"_s};
    QTest::newRow("a list that is not there")
        << QStringList{u"import"_s, u"/no/such/list"_s, u"-d"_s, u"FOLDER"_s};
}

void TestBadInput::wrongUsage()
{
    QFETCH(QStringList, arguments);
    // A ledger with one job, so that unknown jobs are unknown for the right reason.
    const CommandResult added = m_cli->run({u"add"_s, u"-d"_s, folder(), m_server.url(u"/b.bin"_s)});
    QVERIFY2(added.exitCode == 0, added.report().constData());
    arguments.replaceInStrings(u"FOLDER"_s, folder());

    const CommandResult result = m_cli->run(arguments);
    QVERIFY2(result.exitCode == 2, result.report().constData());
    QVERIFY2(!result.err.isEmpty(), result.report().constData());
    QCOMPARE(m_cli->jobs().size(), 1);
    QCOMPARE(entriesOf(folder()), QStringList());
}

void TestBadInput::listsWithBadLinesAreImportedWithoutThem()
{
    QFile list(m_home->filePath(u"list.txt"_s));
    QVERIFY(list.open(QIODevice::WriteOnly));
    const QByteArray text = "# papers\n" + m_server.url(u"/a.bin"_s).toUtf8() + "\n\nftp://127.0.0.1/x\n" +
                            m_server.url(u"/a.bin"_s).toUtf8() + "\nhttp://user:secret@127.0.0.1/y\n" +
                            m_server.url(u"/b.bin"_s).toUtf8() + '\n';
    QCOMPARE(list.write(text), text.size());
    list.close();

    const CommandResult result = m_cli->json({u"import"_s, list.fileName(), u"-d"_s, folder()});
    QVERIFY2(result.exitCode == 1, result.report().constData());
    QCOMPARE(result.object().value(u"added"_s).toInt(), 2);
    QCOMPARE(result.object().value(u"existing"_s).toInt(), 1);
    const QJsonArray rejected = result.object().value(u"rejected"_s).toArray();
    QCOMPARE(rejected.size(), 2);
    QCOMPARE(rejected[0].toObject().value(u"line"_s).toInt(), 4);
    QVERIFY(rejected[0].toObject().value(u"text"_s).toString().contains(u"ftp://127.0.0.1/x"_s));
    QVERIFY(!rejected[0].toObject().value(u"reason"_s).toString().isEmpty());
    QCOMPARE(rejected[1].toObject().value(u"line"_s).toInt(), 6);
    QVERIFY2(!(result.out + result.err).contains("secret"), result.report().constData());
    QCOMPARE(m_cli->jobs().size(), 2);
}

void TestBadInput::aWrongDigestIsNotFiled()
{
    const CommandResult result = m_cli->json({u"get"_s, u"-d"_s, folder(), u"--max-attempts"_s, u"1"_s,
                                              u"--sha256"_s, QString(64, u'0'), m_server.url(u"/a.bin"_s)});
    QVERIFY2(result.exitCode == 1, result.report().constData());
    const QJsonObject job = m_cli->jobs().value(0);
    QCOMPARE(job.value(u"state"_s).toString(), u"FAILED"_s);
    QCOMPARE(job.value(u"error_code"_s).toString(), u"digest_mismatch"_s);
    QCOMPARE(entriesOf(folder()), QStringList());
}

QTEST_GUILESS_MAIN(TestBadInput)
#include "tst_bad_input.moc"
