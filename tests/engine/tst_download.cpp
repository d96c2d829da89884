// SPDX-License-Identifier: MIT
#include "engine/engine_fixture.h"

#include <QCryptographicHash>

using namespace ingather;
using core::JobState;
using engine::AddOutcome;
using support::FakeHttpServer;
using tests::EngineFixture;

namespace
{

support::ServedFile withStrongTag(const QByteArray &body)
{
    support::ServedFile file;
    file.body = body;
    file.etag = "\"v1\"";
    return file;
}

} // namespace

class TstDownload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFileIsFetchedFiledAndRegistered()
    {
        EngineFixture fixture;
        const QByteArray body = FakeHttpServer::pattern(0, 3'000'000);
        fixture.server.serve(QStringLiteral("/paper.bin"), withStrongTag(body));
        QVERIFY(fixture.open());
        const auto answers = fixture.add({fixture.request(QStringLiteral("/paper.bin"))});
        QCOMPARE(answers.size(), 1);
        QCOMPARE(answers[0].outcome, AddOutcome::Added);
        const core::JobId id = answers[0].job.id;
        QVERIFY(fixture.work({id}));

        const engine::JobSnapshot job = fixture.job(id);
        QCOMPARE(job.state, JobState::Indexed);
        QCOMPARE(job.finalPath, QStringLiteral("paper.bin"));
        QCOMPARE(job.bytesTotal, std::optional<qint64>(body.size()));
        QCOMPARE(job.sha256.toLatin1(), QCryptographicHash::hash(body, QCryptographicHash::Sha256).toHex());
        QVERIFY(job.leaseOwner.isEmpty());
        QVERIFY(job.doneAt.has_value());
        QCOMPARE(fixture.fileContent(QStringLiteral("paper.bin")), body);
        QCOMPARE(fixture.folderEntries(), QStringList{QStringLiteral("paper.bin")});
        QCOMPARE(fixture.history(id), QStringLiteral("HEAD DONE, STREAM DONE, FINALIZE DONE, INDEX DONE"));
    }

    void anEmptyFileIsAFileToo()
    {
        EngineFixture fixture;
        fixture.server.serve(QStringLiteral("/empty.csv"), withStrongTag({}));
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/empty.csv"))})[0].job.id;
        QVERIFY(fixture.work({id}));
        QCOMPARE(fixture.job(id).state, JobState::Indexed);
        QCOMPARE(fixture.folderEntries(), QStringList{QStringLiteral("empty.csv")});
        QCOMPARE(fixture.fileContent(QStringLiteral("empty.csv")), QByteArray());
    }

    void twoUrlsWithOneNameBecomeTwoFiles()
    {
        EngineFixture fixture;
        fixture.server.serve(QStringLiteral("/a/data.csv"), QByteArray("first"));
        fixture.server.serve(QStringLiteral("/b/data.csv"), QByteArray("second"));
        QVERIFY(fixture.open());
        const auto answers = fixture.add(
            {fixture.request(QStringLiteral("/a/data.csv")), fixture.request(QStringLiteral("/b/data.csv"))});
        QVERIFY(fixture.work({answers[0].job.id, answers[1].job.id}));
        QCOMPARE(fixture.folderEntries(),
                 (QStringList{QStringLiteral("data (2).csv"), QStringLiteral("data.csv")}));
        const QSet<QByteArray> contents{fixture.fileContent(QStringLiteral("data.csv")),
                                        fixture.fileContent(QStringLiteral("data (2).csv"))};
        QCOMPARE(contents, (QSet<QByteArray>{"first", "second"}));
    }

    void aStrangersFileIsNeverOverwritten()
    {
        EngineFixture fixture;
        fixture.server.serve(QStringLiteral("/notes.txt"), QByteArray("from the server"));
        QFile mine(QDir(fixture.folder()).filePath(QStringLiteral("notes.txt")));
        QVERIFY(mine.open(QIODevice::WriteOnly));
        mine.write("mine");
        mine.close();
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/notes.txt"))})[0].job.id;
        QVERIFY(fixture.work({id}));
        QCOMPARE(fixture.fileContent(QStringLiteral("notes.txt")), QByteArray("mine"));
        QCOMPARE(fixture.job(id).finalPath, QStringLiteral("notes (2).txt"));
        QCOMPARE(fixture.fileContent(QStringLiteral("notes (2).txt")), QByteArray("from the server"));
    }

    void theServersNameIsTaken()
    {
        EngineFixture fixture;
        support::ServedFile file = withStrongTag("x");
        file.headers = {{"Content-Disposition", "attachment; filename=\"report.bin\""}};
        fixture.server.serve(QStringLiteral("/download.php"), file);
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/download.php"))})[0].job.id;
        QVERIFY(fixture.work({id}));
        QCOMPARE(fixture.folderEntries(), QStringList{QStringLiteral("report.bin")});
    }

    void aWrongDigestIsQuarantinedAndNeverFiled()
    {
        EngineFixture fixture;
        fixture.server.serve(QStringLiteral("/paper.bin"), QByteArray("not what was promised"));
        QVERIFY(fixture.open());
        engine::AddRequest request = fixture.request(QStringLiteral("/paper.bin"));
        request.sha256 = QString(64, u'a');
        const core::JobId id = fixture.add({request})[0].job.id;
        QVERIFY(fixture.work({id}));
        const engine::JobSnapshot job = fixture.job(id);
        QVERIFY(job.isFailedForGood());
        QCOMPARE(job.errorCode, QStringLiteral("digest_mismatch"));
        QCOMPARE(fixture.folderEntries(), QStringList());
        QFile kept(fixture.settings.quarantineFolder + u'/' + id.value + QStringLiteral("/paper.bin"));
        QVERIFY(kept.open(QIODevice::ReadOnly));
        QCOMPARE(kept.readAll(), QByteArray("not what was promised"));
    }

    void aRightDigestIsRecordedAsVerified()
    {
        EngineFixture fixture;
        const QByteArray body("exactly this");
        fixture.server.serve(QStringLiteral("/paper.bin"), body);
        QVERIFY(fixture.open());
        engine::AddRequest request = fixture.request(QStringLiteral("/paper.bin"));
        request.sha256 =
            QString::fromLatin1(QCryptographicHash::hash(body, QCryptographicHash::Sha256).toHex());
        const core::JobId id = fixture.add({request})[0].job.id;
        QVERIFY(fixture.work({id}));
        QCOMPARE(fixture.job(id).verification, QStringLiteral("verified"));
    }

    void failuresAreTypedAndBounded_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        QTest::addColumn<int>("requests");
        QTest::newRow("not found is not asked twice") << 404 << QStringLiteral("http_not_found") << 1;
        QTest::newRow("gone is not asked twice") << 410 << QStringLiteral("http_gone") << 1;
        QTest::newRow("forbidden is not asked twice") << 403 << QStringLiteral("http_forbidden") << 1;
        QTest::newRow("a server error is tried as often as allowed")
            << 500 << QStringLiteral("http_server_error") << 3;
    }

    void failuresAreTypedAndBounded()
    {
        QFETCH(int, status);
        QFETCH(QString, code);
        QFETCH(int, requests);
        EngineFixture fixture;
        fixture.settings.maxAttempts = 3;
        fixture.server.status(QStringLiteral("/x"), status);
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/x"))})[0].job.id;
        QVERIFY(fixture.work({id}));
        const engine::JobSnapshot job = fixture.job(id);
        QVERIFY(job.isFailedForGood());
        QCOMPARE(job.errorCode, code);
        QCOMPARE(job.attempts, requests);
        QCOMPARE(fixture.server.requests(QStringLiteral("/x")).size(), requests);
        QCOMPARE(fixture.folderEntries(), QStringList());
    }

    void aBodyCutShortGoesOnWhereItEnded()
    {
        EngineFixture fixture;
        const qint64 size = 20'000'000;
        const qint64 cutAt = 17'500'000;
        fixture.server.handle(QStringLiteral("/big.bin"), [=](const support::RecordedRequest &request) {
            support::Script script;
            const QByteArray range = request.header("Range");
            if (range.isEmpty()) {
                script.head(200, {{"Content-Length", QByteArray::number(size)}, {"ETag", "\"v1\""}});
                script.sendPattern(0, cutAt).reset();
            } else {
                const qint64 from = range.mid(6, range.size() - 7).toLongLong();
                script.head(206, {{"Content-Length", QByteArray::number(size - from)},
                                  {"Content-Range", "bytes " + QByteArray::number(from) + '-' +
                                                        QByteArray::number(size - 1) + '/' +
                                                        QByteArray::number(size)},
                                  {"ETag", "\"v1\""}});
                script.sendPattern(from, size - from);
            }
            return script;
        });
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/big.bin"))})[0].job.id;
        QVERIFY(fixture.work({id}));
        QCOMPARE(fixture.job(id).state, JobState::Indexed);
        QVERIFY(fixture.fileContent(QStringLiteral("big.bin")) == FakeHttpServer::pattern(0, size));
        const auto requests = fixture.server.requests(QStringLiteral("/big.bin"));
        QCOMPARE(requests.size(), 2);
        QVERIFY(requests[1].header("Range").startsWith("bytes="));
        QCOMPARE(requests[1].header("If-Range"), QByteArray("\"v1\""));
        QCOMPARE(fixture.history(id),
                 QStringLiteral("HEAD DONE, STREAM DONE, RESUME DONE, FINALIZE DONE, INDEX DONE"));
        QCOMPARE(fixture.folderEntries(), QStringList{QStringLiteral("big.bin")});
    }

    void aChangedFileStartsAnew()
    {
        EngineFixture fixture;
        const qint64 size = 20'000'000;
        std::atomic<int> count = 0;
        fixture.server.handle(QStringLiteral("/big.bin"), [=, &count](const support::RecordedRequest &) {
            support::Script script;
            const bool isFirst = count++ == 0;
            script.head(
                200, {{"Content-Length", QByteArray::number(size)}, {"ETag", isFirst ? "\"v1\"" : "\"v2\""}});
            if (isFirst)
                script.sendPattern(0, 18'000'000).reset();
            else
                script.sendPattern(77, size);
            return script;
        });
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/big.bin"))})[0].job.id;
        QVERIFY(fixture.work({id}));
        QCOMPARE(fixture.job(id).state, JobState::Indexed);
        QVERIFY(fixture.fileContent(QStringLiteral("big.bin")) == FakeHttpServer::pattern(77, size));
        QCOMPARE(fixture.folderEntries(), QStringList{QStringLiteral("big.bin")});
    }

    void noBytesAreMixedWithoutAStrongValidator()
    {
        EngineFixture fixture;
        const qint64 size = 20'000'000;
        std::atomic<int> count = 0;
        fixture.server.handle(QStringLiteral("/big.bin"), [=, &count](const support::RecordedRequest &) {
            support::Script script;
            script.head(200, {{"Content-Length", QByteArray::number(size)}, {"ETag", "W/\"v1\""}});
            if (count++ == 0)
                script.sendPattern(0, 18'000'000).reset();
            else
                script.sendPattern(0, size);
            return script;
        });
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/big.bin"))})[0].job.id;
        QVERIFY(fixture.work({id}));
        QCOMPARE(fixture.job(id).state, JobState::Indexed);
        // A weak tag is no condition: bytes that are there already are compared instead.
        for (const auto &request : fixture.server.requests(QStringLiteral("/big.bin")))
            QVERIFY(!request.hasHeader("If-Range"));
        QVERIFY(fixture.fileContent(QStringLiteral("big.bin")) == FakeHttpServer::pattern(0, size));
    }

    void aWrongAnswerToARangeIsAskedAgainAsAWhole()
    {
        EngineFixture fixture;
        const qint64 size = 20'000'000;
        std::atomic<int> count = 0;
        fixture.server.handle(
            QStringLiteral("/big.bin"), [=, &count](const support::RecordedRequest &request) {
                support::Script script;
                if (!request.header("Range").isEmpty()) {
                    script.head(206, {{"Content-Length", "10"}, {"Content-Range", "bytes 0-9/20000000"}});
                    return script.sendPattern(0, 10);
                }
                script.head(200, {{"Content-Length", QByteArray::number(size)}, {"ETag", "\"v1\""}});
                if (count++ == 0)
                    return script.sendPattern(0, 18'000'000).reset();
                return script.sendPattern(0, size);
            });
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/big.bin"))})[0].job.id;
        QVERIFY(fixture.work({id}));
        QCOMPARE(fixture.job(id).state, JobState::Indexed);
        QVERIFY(fixture.fileContent(QStringLiteral("big.bin")) == FakeHttpServer::pattern(0, size));
        QCOMPARE(fixture.folderEntries(), QStringList{QStringLiteral("big.bin")});
    }

    void fetchingTheSamePrefixAgainIsNoProgress()
    {
        EngineFixture fixture;
        fixture.settings.maxAttempts = 3;
        fixture.server.handle(QStringLiteral("/cut.bin"), [](const support::RecordedRequest &) {
            support::Script script;
            script.head(200, {{"Content-Length", "1000000"}});
            return script.sendPattern(0, 600'000).close();
        });
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/cut.bin"))})[0].job.id;
        QVERIFY(fixture.work({id}));
        const engine::JobSnapshot job = fixture.job(id);
        QVERIFY(job.isFailedForGood());
        QCOMPARE(job.errorCode, QStringLiteral("body_too_short"));
        QCOMPARE(fixture.server.requests().size(), 3);
        // The part is kept: whoever retries goes on with it.
        QCOMPARE(fixture.folderEntries(), QStringList{QStringLiteral(".ingather")});
    }

    void aWorkerIsNotIdleWhileAJobWaitsForItsNextAttempt()
    {
        EngineFixture fixture;
        fixture.settings.backoffCeiling = std::chrono::milliseconds(1500);
        std::atomic<int> count = 0;
        fixture.server.handle(QStringLiteral("/late.txt"), [&count](const support::RecordedRequest &) {
            support::Script script;
            if (count++ < 2)
                return script.head(503, {{"Content-Length", "0"}, {"Retry-After", "1"}});
            script.head(200, {{"Content-Length", "2"}});
            return script.send("ok");
        });
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/late.txt"))})[0].job.id;
        QSignalSpy idle(fixture.engine.get(), &engine::Facade::workerIdle);
        QVERIFY(fixture.startWorker({}));
        QVERIFY(idle.wait(20'000));
        QCOMPARE(fixture.job(id).state, JobState::Indexed);
        QVERIFY(fixture.stopWorker());
    }

    void manyFilesAtOnce()
    {
        EngineFixture fixture;
        fixture.settings.threads = 2;
        QList<engine::AddRequest> requests;
        for (int i = 0; i < 300; ++i) {
            const QString path = QStringLiteral("/f%1.bin").arg(i);
            fixture.server.serve(path, FakeHttpServer::pattern(i * 1000, i * 97));
            requests.append(fixture.request(path));
        }
        QVERIFY(fixture.open());
        QList<core::JobId> ids;
        for (const auto &answer : fixture.add(requests))
            ids.append(answer.job.id);
        QVERIFY(fixture.work(ids));
        for (int i = 0; i < 300; ++i) {
            QCOMPARE(fixture.job(ids[i]).state, JobState::Indexed);
            QVERIFY(fixture.fileContent(QStringLiteral("f%1.bin").arg(i)) ==
                    FakeHttpServer::pattern(i * 1000, i * 97));
        }
        QCOMPARE(fixture.folderEntries().size(), 300);
        QCOMPARE(fixture.server.requests().size(), 300);
    }
};

QTEST_GUILESS_MAIN(TstDownload)
#include "tst_download.moc"
