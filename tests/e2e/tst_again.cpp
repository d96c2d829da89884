// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "e2e/content.h"
#include "e2e/nginx_server.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace ingather::e2e;
using namespace Qt::StringLiterals;

/// What happens when something is asked for that the ledger knows already.
class TestAgain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aFileThatIsThereIsNotFetchedAgain();
    void intoAnotherFolderItIsFiledFromTheHeldCopy();
    void aHeldCopyThatChangedIsNotTrusted();
    void aFileThatIsGoneIsFetchedAgainByGetOnly();
    void aChangedFileIsFetchedAgainAndLeftInPlace();
    void aRefreshAsksTheServerAndFilesWhatChangedBesideIt();
    void theSameUrlTwiceInOneCallIsOneJob();
    void spellingsOfOneUrlAreOneJob();
    void whatFailedForGoodIsTriedAgainByGetOnly();
    void twoUrlsWithOneFileNameGiveTwoFiles();
    void aStrangersFileOfThatNameIsNotOverwritten();
    void sameContentUnderTwoUrlsIsFiledTwice();

private:
    CommandResult get(const QStringList &urls, const QString &folder) const;
    QString folder(const QString &name) const;
    /// The only job of the answer of a `get` or `add`.
    static QJsonObject only(const CommandResult &result);

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<NginxServer> m_server;
    std::unique_ptr<Cli> m_cli;
};

void TestAgain::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<NginxServer>();
    QVERIFY2(m_server->start(), qPrintable(m_server->errorText()));
    m_cli = std::make_unique<Cli>(m_home->path());
    QVERIFY(QDir(m_home->path()).mkpath(u"files/one"_s));
    QVERIFY(QDir(m_home->path()).mkpath(u"files/two"_s));
    QVERIFY(QDir(m_server->documents()).mkpath(u"other"_s));
    QVERIFY(writeContent(m_server->documents() + u"/a.bin"_s, 300'000, 1));
    QVERIFY(writeContent(m_server->documents() + u"/other/a.bin"_s, 200'000, 2));
}

void TestAgain::cleanup()
{
    m_cli.reset();
    m_server.reset();
    m_home.reset();
}

QString TestAgain::folder(const QString &name) const
{
    return m_home->filePath(u"files/"_s + name);
}

CommandResult TestAgain::get(const QStringList &urls, const QString &folder) const
{
    return m_cli->json(QStringList{u"get"_s, u"-d"_s, folder, u"--max-attempts"_s, u"1"_s} + urls);
}

QJsonObject TestAgain::only(const CommandResult &result)
{
    const QJsonArray jobs = result.object().value(u"jobs"_s).toArray();
    if (jobs.size() != 1)
        QTest::qFail(result.report().constData(), __FILE__, __LINE__);
    return jobs.first().toObject();
}

void TestAgain::aFileThatIsThereIsNotFetchedAgain()
{
    const CommandResult first = get({m_server->url(u"/a.bin"_s)}, folder(u"one"_s));
    QVERIFY2(first.exitCode == 0, first.report().constData());
    QVERIFY(only(first).value(u"new"_s).toBool());
    const QList<LoggedRequest> before = m_server->requests();

    const CommandResult second = get({m_server->url(u"/a.bin"_s)}, folder(u"one"_s));
    QVERIFY2(second.exitCode == 0, second.report().constData());
    QVERIFY(!only(second).value(u"new"_s).toBool());
    QCOMPARE(only(second).value(u"job_id"_s), only(first).value(u"job_id"_s));
    QCOMPARE(only(second).value(u"state"_s).toString(), u"INDEXED"_s);
    QCOMPARE(m_server->requests().size(), before.size());
    QCOMPARE(entriesOf(folder(u"one"_s)), QStringList{u"a.bin"_s});

    // Told to a person, it says where the file is.
    const CommandResult told = m_cli->run({u"get"_s, u"-d"_s, folder(u"one"_s), m_server->url(u"/a.bin"_s)});
    QCOMPARE(told.exitCode, 0);
    QVERIFY2((told.out + told.err).contains(folder(u"one"_s).toUtf8() + "/a.bin"), told.report().constData());
    QCOMPARE(m_server->requests().size(), before.size());
}

void TestAgain::intoAnotherFolderItIsFiledFromTheHeldCopy()
{
    const CommandResult first = get({m_server->url(u"/a.bin"_s)}, folder(u"one"_s));
    QVERIFY2(first.exitCode == 0, first.report().constData());
    const QList<LoggedRequest> before = m_server->requests();

    const CommandResult second = get({m_server->url(u"/a.bin"_s)}, folder(u"two"_s));
    QVERIFY2(second.exitCode == 0, second.report().constData());
    QVERIFY(only(second).value(u"new"_s).toBool());
    QVERIFY(only(second).value(u"job_id"_s) != only(first).value(u"job_id"_s));
    QCOMPARE(only(second).value(u"state"_s).toString(), u"DEDUPED"_s);
    QCOMPARE(m_server->requests().size(), before.size());
    QCOMPARE(entriesOf(folder(u"two"_s)), QStringList{u"a.bin"_s});
    QCOMPARE(sha256Of(folder(u"two"_s) + u"/a.bin"_s), sha256Of(m_server->documents() + u"/a.bin"_s));

    // A copy of its own: people annotate their files.
    QFile copy(folder(u"two"_s) + u"/a.bin"_s);
    QVERIFY(copy.open(QIODevice::Append));
    QCOMPARE(copy.write("a note"), 6);
    copy.close();
    QCOMPARE(sha256Of(folder(u"one"_s) + u"/a.bin"_s), sha256Of(m_server->documents() + u"/a.bin"_s));
}

void TestAgain::aHeldCopyThatChangedIsNotTrusted()
{
    QCOMPARE(get({m_server->url(u"/a.bin"_s)}, folder(u"one"_s)).exitCode, 0);
    QVERIFY(writeContent(folder(u"one"_s) + u"/a.bin"_s, 300'000, 99));

    const CommandResult second = get({m_server->url(u"/a.bin"_s)}, folder(u"two"_s));
    QVERIFY2(second.exitCode == 0, second.report().constData());
    QCOMPARE(sha256Of(folder(u"two"_s) + u"/a.bin"_s), sha256Of(m_server->documents() + u"/a.bin"_s));
}

void TestAgain::aFileThatIsGoneIsFetchedAgainByGetOnly()
{
    const QString url = m_server->url(u"/a.bin"_s);
    const CommandResult first = get({url}, folder(u"one"_s));
    QVERIFY2(first.exitCode == 0, first.report().constData());
    QVERIFY(QFile::remove(folder(u"one"_s) + u"/a.bin"_s));
    const QList<LoggedRequest> before = m_server->requests();

    const CommandResult added = m_cli->json({u"add"_s, u"-d"_s, folder(u"one"_s), url});
    QVERIFY2(added.exitCode == 0, added.report().constData());
    QCOMPARE(only(added).value(u"job_id"_s), only(first).value(u"job_id"_s));
    QCOMPARE(m_cli->jobs().value(0).value(u"state"_s).toString(), u"INDEXED"_s);
    QCOMPARE(m_server->requests().size(), before.size());

    const CommandResult again = get({url}, folder(u"one"_s));
    QVERIFY2(again.exitCode == 0, again.report().constData());
    QCOMPARE(only(again).value(u"job_id"_s), only(first).value(u"job_id"_s));
    QCOMPARE(only(again).value(u"state"_s).toString(), u"INDEXED"_s);
    QVERIFY(m_server->requests().size() > before.size());
    QCOMPARE(entriesOf(folder(u"one"_s)), QStringList{u"a.bin"_s});
    QCOMPARE(sha256Of(folder(u"one"_s) + u"/a.bin"_s), sha256Of(m_server->documents() + u"/a.bin"_s));
}

void TestAgain::aChangedFileIsFetchedAgainAndLeftInPlace()
{
    const QString url = m_server->url(u"/a.bin"_s);
    QCOMPARE(get({url}, folder(u"one"_s)).exitCode, 0);
    const QString annotated = folder(u"one"_s) + u"/a.bin"_s;
    QVERIFY(writeContent(annotated, 300'000, 77));
    // Somebody worked on it a minute later: same length, another time, other bytes.
    QFile touched(annotated);
    QVERIFY(touched.open(QIODevice::ReadWrite));
    QVERIFY(touched.setFileTime(QDateTime::currentDateTime().addSecs(60), QFileDevice::FileModificationTime));
    touched.close();
    const QString annotatedHash = sha256Of(annotated);

    const CommandResult again = get({url}, folder(u"one"_s));
    QVERIFY2(again.exitCode == 0, again.report().constData());
    QCOMPARE(sha256Of(annotated), annotatedHash);
    QCOMPARE(entriesOf(folder(u"one"_s)), (QStringList{u"a (2).bin"_s, u"a.bin"_s}));
    QCOMPARE(sha256Of(folder(u"one"_s) + u"/a (2).bin"_s), sha256Of(m_server->documents() + u"/a.bin"_s));
}

void TestAgain::aRefreshAsksTheServerAndFilesWhatChangedBesideIt()
{
    const QString url = m_server->url(u"/a.bin"_s);
    const QString document = m_server->documents() + u"/a.bin"_s;
    QCOMPARE(get({url}, folder(u"one"_s)).exitCode, 0);
    const QString oldHash = sha256Of(document);

    const CommandResult unchanged = get({u"--refresh"_s, url}, folder(u"one"_s));
    QVERIFY2(unchanged.exitCode == 0, unchanged.report().constData());
    QCOMPARE(only(unchanged).value(u"state"_s).toString(), u"SKIPPED_DUPLICATE"_s);
    QCOMPARE(m_server->requests().last().status, 304);
    QCOMPARE(entriesOf(folder(u"one"_s)), QStringList{u"a.bin"_s});

    QVERIFY(writeContent(document, 310'000, 42));
    const CommandResult told = m_cli->run({u"get"_s, u"--refresh"_s, u"-d"_s, folder(u"one"_s), url});
    QVERIFY2(told.exitCode == 0, told.report().constData());
    QVERIFY2((told.out + told.err).contains("a (2).bin"), told.report().constData());
    QCOMPARE(sha256Of(folder(u"one"_s) + u"/a.bin"_s), oldHash);
    QCOMPARE(sha256Of(folder(u"one"_s) + u"/a (2).bin"_s), sha256Of(document));
    QCOMPARE(entriesOf(folder(u"one"_s)), (QStringList{u"a (2).bin"_s, u"a.bin"_s}));
}

void TestAgain::theSameUrlTwiceInOneCallIsOneJob()
{
    const QString url = m_server->url(u"/a.bin"_s);
    const CommandResult result = get({url, url}, folder(u"one"_s));
    QVERIFY2(result.exitCode == 0, result.report().constData());
    const QJsonArray jobs = result.object().value(u"jobs"_s).toArray();
    QCOMPARE(jobs.size(), 2);
    QCOMPARE(jobs[0].toObject().value(u"job_id"_s), jobs[1].toObject().value(u"job_id"_s));
    QVERIFY(jobs[0].toObject().value(u"new"_s).toBool());
    QVERIFY(!jobs[1].toObject().value(u"new"_s).toBool());
    QCOMPARE(m_server->requests().size(), 1);
    QCOMPARE(m_cli->jobs().size(), 1);
    QCOMPARE(entriesOf(folder(u"one"_s)), QStringList{u"a.bin"_s});
}

void TestAgain::spellingsOfOneUrlAreOneJob()
{
    const QString other = u"HTTP://127.0.0.1:%1/x/../%61.bin#page=2"_s.arg(m_server->port());
    const CommandResult result = get({m_server->url(u"/a.bin"_s), other}, folder(u"one"_s));
    QVERIFY2(result.exitCode == 0, result.report().constData());
    QCOMPARE(m_server->requests().size(), 1);
    QCOMPARE(m_cli->jobs().size(), 1);
}

void TestAgain::whatFailedForGoodIsTriedAgainByGetOnly()
{
    const QString url = m_server->url(u"/later.bin"_s);
    const CommandResult first = get({url}, folder(u"one"_s));
    QVERIFY2(first.exitCode == 1, first.report().constData());
    QCOMPARE(only(first).value(u"state"_s).toString(), u"FAILED"_s);
    QCOMPARE(only(first).value(u"error_code"_s).toString(), u"http_not_found"_s);
    QCOMPARE(entriesOf(folder(u"one"_s)), QStringList());
    QVERIFY(writeContent(m_server->documents() + u"/later.bin"_s, 50'000, 3));
    const QList<LoggedRequest> before = m_server->requests();

    const CommandResult added = m_cli->json({u"add"_s, u"-d"_s, folder(u"one"_s), url});
    QVERIFY2(added.exitCode == 0, added.report().constData());
    QCOMPARE(only(added).value(u"job_id"_s), only(first).value(u"job_id"_s));
    const CommandResult ran = m_cli->json({u"run"_s, u"--until-idle"_s});
    QVERIFY2(ran.exitCode == 0, ran.report().constData());
    QCOMPARE(m_cli->jobs().value(0).value(u"state"_s).toString(), u"FAILED"_s);
    QCOMPARE(m_server->requests().size(), before.size());

    const CommandResult again = get({url}, folder(u"one"_s));
    QVERIFY2(again.exitCode == 0, again.report().constData());
    QCOMPARE(only(again).value(u"job_id"_s), only(first).value(u"job_id"_s));
    QCOMPARE(only(again).value(u"state"_s).toString(), u"INDEXED"_s);
    QCOMPARE(sha256Of(folder(u"one"_s) + u"/later.bin"_s), sha256Of(m_server->documents() + u"/later.bin"_s));
}

void TestAgain::twoUrlsWithOneFileNameGiveTwoFiles()
{
    const CommandResult result =
        get({m_server->url(u"/a.bin"_s), m_server->url(u"/other/a.bin"_s)}, folder(u"one"_s));
    QVERIFY2(result.exitCode == 0, result.report().constData());
    QCOMPARE(entriesOf(folder(u"one"_s)), (QStringList{u"a (2).bin"_s, u"a.bin"_s}));
    QStringList filed{sha256Of(folder(u"one"_s) + u"/a.bin"_s), sha256Of(folder(u"one"_s) + u"/a (2).bin"_s)};
    QStringList served{sha256Of(m_server->documents() + u"/a.bin"_s),
                       sha256Of(m_server->documents() + u"/other/a.bin"_s)};
    filed.sort();
    served.sort();
    QCOMPARE(filed, served);
}

void TestAgain::aStrangersFileOfThatNameIsNotOverwritten()
{
    QFile theirs(folder(u"one"_s) + u"/a.bin"_s);
    QVERIFY(theirs.open(QIODevice::WriteOnly));
    QCOMPARE(theirs.write("mine"), 4);
    theirs.close();

    const CommandResult result = get({m_server->url(u"/a.bin"_s)}, folder(u"one"_s));
    QVERIFY2(result.exitCode == 0, result.report().constData());
    QCOMPARE(bytesOf(theirs.fileName()), QByteArray("mine"));
    QCOMPARE(sha256Of(folder(u"one"_s) + u"/a (2).bin"_s), sha256Of(m_server->documents() + u"/a.bin"_s));
}

void TestAgain::sameContentUnderTwoUrlsIsFiledTwice()
{
    QVERIFY(QFile::copy(m_server->documents() + u"/a.bin"_s, m_server->documents() + u"/same.bin"_s));
    const CommandResult result =
        get({m_server->url(u"/a.bin"_s), m_server->url(u"/same.bin"_s)}, folder(u"one"_s));
    QVERIFY2(result.exitCode == 0, result.report().constData());
    QCOMPARE(entriesOf(folder(u"one"_s)), (QStringList{u"a.bin"_s, u"same.bin"_s}));
    for (const QJsonObject &job : m_cli->jobs()) {
        const QString state = job.value(u"state"_s).toString();
        QVERIFY2(state == u"INDEXED"_s || state == u"DEDUPED"_s, qPrintable(state));
        QCOMPARE(job.value(u"sha256"_s).toString(), sha256Of(m_server->documents() + u"/a.bin"_s));
    }
}

QTEST_GUILESS_MAIN(TestAgain)
#include "tst_again.moc"
