// SPDX-License-Identifier: MIT
#include "engine/engine_fixture.h"
#include "support/faulty_vfs.h"

#include <QElapsedTimer>

#include <sqlite3.h>

using namespace ingather;
using core::Hold;
using core::JobState;
using support::FakeHttpServer;
using tests::EngineFixture;

namespace
{

const QString path = QStringLiteral("/big.bin");
const QString gate = QStringLiteral("half");
constexpr qint64 size = 40'000'000;
constexpr qint64 half = 20'000'000;

/// The first request stops at half until the gate opens; a range is answered at once.
void serveInTwoHalves(FakeHttpServer &server)
{
    server.handle(path, [](const support::RecordedRequest &request) {
        support::Script script;
        const QByteArray range = request.header("Range");
        if (range.isEmpty()) {
            script.head(200, {{"Content-Length", QByteArray::number(size)}, {"ETag", "\"v1\""}});
            return script.sendPattern(0, half).pause(gate).sendPattern(half, size - half);
        }
        const qint64 from = range.mid(6, range.size() - 7).toLongLong();
        script.head(206,
                    {{"Content-Length", QByteArray::number(size - from)},
                     {"Content-Range", "bytes " + QByteArray::number(from) + '-' +
                                           QByteArray::number(size - 1) + '/' + QByteArray::number(size)},
                     {"ETag", "\"v1\""}});
        return script.sendPattern(from, size - from);
    });
}

class HalfFetched : public EngineFixture
{
public:
    /// A worker runs and has received the first half.
    bool prepare()
    {
        serveInTwoHalves(server);
        if (!open())
            return false;
        const auto answers = add({request(path)});
        if (answers.size() != 1)
            return false;
        id = answers[0].job.id;
        return startWorker({id}) && QTest::qWaitFor(
                                        [this] {
                                            const auto running = engine->progress();
                                            return running.size() == 1 && running[0].bytesDone == half;
                                        },
                                        10'000);
    }

    engine::WishAnswer wish(engine::Wish wanted)
    {
        auto future = engine->wish(wanted, {.ids = {id}});
        future.waitForFinished();
        const auto answer = future.result();
        return answer ? *answer : engine::WishAnswer();
    }

    core::JobId id;
};

} // namespace

class TstInterruption : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pauseKeepsThePartAndGivesTheLeaseBack()
    {
        HalfFetched fixture;
        QVERIFY(fixture.prepare());
        QVERIFY(!fixture.job(fixture.id).leaseOwner.isEmpty());
        QCOMPARE(fixture.wish(engine::Wish::Pause).changed, QList<core::JobId>{fixture.id});
        QTRY_VERIFY(fixture.job(fixture.id).leaseOwner.isEmpty());
        QVERIFY(fixture.stopWorker());
        const engine::JobSnapshot paused = fixture.job(fixture.id);
        QCOMPARE(paused.hold, Hold::Paused);
        QCOMPARE(paused.state, JobState::Streaming);
        QCOMPARE(paused.attempts, 0);
        QCOMPARE(paused.bytesDone, half);

        fixture.wish(engine::Wish::Resume);
        QVERIFY(fixture.work({fixture.id}));
        QCOMPARE(fixture.job(fixture.id).state, JobState::Indexed);
        QVERIFY(fixture.fileContent(QStringLiteral("big.bin")) == FakeHttpServer::pattern(0, size));
        const auto requests = fixture.server.requests(path);
        QCOMPARE(requests.size(), 2);
        QCOMPARE(requests[1].header("Range"), "bytes=" + QByteArray::number(half) + '-');
        QCOMPARE(fixture.folderEntries(), QStringList{QStringLiteral("big.bin")});
    }

    void cancelRemovesThePart()
    {
        HalfFetched fixture;
        QVERIFY(fixture.prepare());
        fixture.wish(engine::Wish::Cancel);
        QTRY_VERIFY(fixture.job(fixture.id).leaseOwner.isEmpty());
        QVERIFY(fixture.stopWorker());
        QCOMPARE(fixture.job(fixture.id).hold, Hold::Cancelled);
        QCOMPARE(fixture.folderEntries(), QStringList());
    }

    void cancelOfAWaitingJobRemovesItsPartToo()
    {
        HalfFetched fixture;
        QVERIFY(fixture.prepare());
        QVERIFY(fixture.stopWorker());
        QCOMPARE(fixture.folderEntries(), QStringList{QStringLiteral(".ingather")});
        fixture.wish(engine::Wish::Cancel);
        QCOMPARE(fixture.folderEntries(), QStringList());
    }

    void aStoppedWorkerLeavesTheJobToTheNext()
    {
        HalfFetched fixture;
        QVERIFY(fixture.prepare());
        QVERIFY(fixture.stopWorker());
        const engine::JobSnapshot stopped = fixture.job(fixture.id);
        QVERIFY(stopped.leaseOwner.isEmpty());
        QCOMPARE(stopped.state, JobState::Streaming);
        QCOMPARE(stopped.attempts, 0);
        QCOMPARE(stopped.crashes, 0);

        QVERIFY(fixture.open()); // another process, as far as the ledger can tell
        QVERIFY(fixture.work({fixture.id}));
        QCOMPARE(fixture.job(fixture.id).state, JobState::Indexed);
        QVERIFY(fixture.fileContent(QStringLiteral("big.bin")) == FakeHttpServer::pattern(0, size));
        QVERIFY(fixture.server.requests(path)[1].hasHeader("Range"));
    }

    void aPartThatVanishedStartsAnew()
    {
        HalfFetched fixture;
        QVERIFY(fixture.prepare());
        QVERIFY(fixture.stopWorker());
        QVERIFY(QDir(fixture.folder() + QStringLiteral("/.ingather")).removeRecursively());
        fixture.server.release(gate);
        QVERIFY(fixture.work({fixture.id}));
        QCOMPARE(fixture.job(fixture.id).state, JobState::Indexed);
        QVERIFY(!fixture.server.requests(path)[1].hasHeader("Range"));
        QVERIFY(fixture.fileContent(QStringLiteral("big.bin")) == FakeHttpServer::pattern(0, size));
    }

    void twoWorkersNeverFetchTheSameJob()
    {
        EngineFixture fixture;
        QList<engine::AddRequest> requests;
        for (int i = 0; i < 100; ++i) {
            const QString file = QStringLiteral("/f%1").arg(i);
            fixture.server.serve(file, QByteArray::number(i));
            requests.append(fixture.request(file));
        }
        QVERIFY(fixture.open());
        auto second = engine::Facade::open(fixture.settings, engine::Facade::Access::ReadWrite);
        QVERIFY(second.has_value());
        QList<core::JobId> ids;
        for (const auto &answer : fixture.add(requests))
            ids.append(answer.job.id);
        QSignalSpy secondStopped(second->get(), &engine::Facade::workerStopped);
        QVERIFY((*second)->startWorker({.onlyThese = {}, .defaultFolder = fixture.folder()}));
        QVERIFY(fixture.work(ids));
        (*second)->stopWorker();
        QVERIFY(secondStopped.wait());
        QCOMPARE(fixture.server.requests().size(), 100);
        QCOMPARE(fixture.folderEntries().size(), 100);
    }

    void aFullDiskPausesTheWorker()
    {
        support::FaultyVfs disk;
        EngineFixture fixture;
        fixture.server.serve(QStringLiteral("/x"), QByteArray("x"));
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/x"))})[0].job.id;
        QSignalSpy paused(fixture.engine.get(), &engine::Facade::ledgerPaused);
        QSignalSpy resumed(fixture.engine.get(), &engine::Facade::ledgerResumed);
        QSignalSpy failed(fixture.engine.get(), &engine::Facade::ledgerFailed);
        disk.arm({.call = support::FileCall::Write, .nth = 1, .isForEver = true, .code = SQLITE_FULL});
        QVERIFY(fixture.startWorker({id}));
        QVERIFY(paused.wait());
        QCOMPARE(fixture.job(id).state, JobState::Planned);
        QCOMPARE(resumed.size(), 0);
        disk.disarm();
        QTRY_COMPARE(fixture.job(id).state, JobState::Indexed);
        QVERIFY(fixture.stopWorker());
        QCOMPARE(paused.size(), 1);
        QCOMPARE(resumed.size(), 1);
        QCOMPARE(failed.size(), 0);
        QCOMPARE(fixture.fileContent(QStringLiteral("x")), QByteArray("x"));
    }

    void aPausedWorkerStopsAllTheSame()
    {
        support::FaultyVfs disk;
        EngineFixture fixture;
        fixture.server.serve(QStringLiteral("/x"), QByteArray("x"));
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/x"))})[0].job.id;
        QSignalSpy paused(fixture.engine.get(), &engine::Facade::ledgerPaused);
        disk.arm({.call = support::FileCall::Write, .nth = 1, .isForEver = true, .code = SQLITE_FULL});
        QVERIFY(fixture.startWorker({id}));
        QVERIFY(paused.wait());
        QElapsedTimer timer;
        timer.start();
        QVERIFY(fixture.stopWorker());
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
        // Without a worker nobody waits.
        auto added = fixture.engine->add({fixture.request(QStringLiteral("/y"))}, false);
        added.waitForFinished();
        QVERIFY(!added.result().has_value());
        QCOMPARE(added.result().error().code, core::ErrorCode::LedgerFull);
        disk.disarm();
    }

    void anAbsentRootWaitsAndIsNotMade()
    {
        EngineFixture fixture;
        fixture.server.serve(QStringLiteral("/x"), QByteArray("x"));
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/x"))})[0].job.id;
        QVERIFY(QDir(fixture.folder()).removeRecursively());
        QVERIFY(fixture.startWorker({id}));
        QTRY_COMPARE(fixture.job(id).errorCode, QStringLiteral("volume_absent"));
        QVERIFY(fixture.stopWorker());
        QVERIFY(!QDir(fixture.folder()).exists());
        const engine::JobSnapshot waiting = fixture.job(id);
        QCOMPARE(waiting.attempts, 0);
        QVERIFY(waiting.nextAttemptAt > fixture.engine->now());
    }
};

QTEST_GUILESS_MAIN(TstInterruption)
#include "tst_interruption.moc"
