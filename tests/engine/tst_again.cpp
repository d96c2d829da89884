// SPDX-License-Identifier: MIT
#include "engine/engine_fixture.h"

using namespace ingather;
using core::JobState;
using engine::AddOutcome;
using tests::EngineFixture;

namespace
{

const QString path = QStringLiteral("/paper.bin");
const QString name = QStringLiteral("paper.bin");

/// The engine over a ledger in which one file has been fetched already.
class FetchedOnce : public EngineFixture
{
public:
    bool prepare()
    {
        server.serve(path, QByteArray("the paper"));
        if (!open())
            return false;
        const auto answers = add({request(path)});
        if (answers.size() != 1)
            return false;
        id = answers[0].job.id;
        return work({id}) && job(id).state == JobState::Indexed;
    }

    core::JobId id;
};

} // namespace

/// What is answered to "again" (design §4).
class TstAgain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsThereIsNotFetchedTwice()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        const auto answers = fixture.add({fixture.request(path)});
        QCOMPARE(answers[0].outcome, AddOutcome::AlreadyDone);
        QCOMPARE(answers[0].job.id, fixture.id);
        QCOMPARE(answers[0].job.finalPath, name);
        QCOMPARE(fixture.server.requests().size(), 1);
    }

    void anotherFolderIsFiledFromTheHeldCopy()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        const QString other = fixture.dir.filePath(QStringLiteral("other"));
        QVERIFY(QDir().mkdir(other));
        const auto answers = fixture.add({fixture.request(path, other)});
        QCOMPARE(answers[0].outcome, AddOutcome::AddedFromHeld);
        QVERIFY(answers[0].job.artifactId.startsWith(QStringLiteral("file@")));
        QVERIFY(fixture.work({answers[0].job.id}));
        QCOMPARE(fixture.job(answers[0].job.id).state, JobState::Deduped);
        QCOMPARE(fixture.history(answers[0].job.id), QStringLiteral("DEDUPE DONE"));
        QFile copy(QDir(other).filePath(name));
        QVERIFY(copy.open(QIODevice::ReadOnly));
        QCOMPARE(copy.readAll(), QByteArray("the paper"));
        QCOMPARE(fixture.server.requests().size(), 1);
    }

    void aCopyIsNotMadeFromAChangedFile()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        QFile held(QDir(fixture.folder()).filePath(name));
        QVERIFY(held.open(QIODevice::WriteOnly));
        held.write("annotated"); // as long as the original
        held.close();
        const QString other = fixture.dir.filePath(QStringLiteral("other"));
        QVERIFY(QDir().mkdir(other));
        const auto answers = fixture.add({fixture.request(path, other)});
        QVERIFY(fixture.work({answers[0].job.id}));
        QCOMPARE(fixture.job(answers[0].job.id).state, JobState::Indexed);
        QFile copy(QDir(other).filePath(name));
        QVERIFY(copy.open(QIODevice::ReadOnly));
        QCOMPARE(copy.readAll(), QByteArray("the paper"));
        QCOMPARE(fixture.fileContent(name), QByteArray("annotated"));
    }

    void anotherDigestThanTheHeldOneIsSaid()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        engine::AddRequest request = fixture.request(path);
        request.sha256 = fixture.job(fixture.id).sha256;
        QVERIFY(!fixture.add({request})[0].error.has_value());
        request.sha256 = QString(64, u'a');
        const auto answers = fixture.add({request});
        QCOMPARE(answers[0].outcome, AddOutcome::AlreadyDone);
        QVERIFY(answers[0].error.has_value());
        QCOMPARE(answers[0].error->code, core::ErrorCode::DigestMismatch);
        QCOMPARE(fixture.server.requests().size(), 1);
    }

    void aDigestGivenLaterIsCheckedToo()
    {
        EngineFixture fixture;
        fixture.server.serve(path, QByteArray("the paper"));
        QVERIFY(fixture.open());
        engine::AddRequest request = fixture.request(path);
        const core::JobId id = fixture.add({request}, false)[0].job.id;
        request.sha256 = QString(64, u'a');
        QCOMPARE(fixture.add({request}, false)[0].job.id, id);
        QVERIFY(fixture.work({id}));
        QCOMPARE(fixture.job(id).errorCode, QStringLiteral("digest_mismatch"));
        QCOMPARE(fixture.folderEntries(), QStringList());
    }

    void aFileThatIsGoneIsFetchedAgainOnWish()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        QVERIFY(QFile::remove(QDir(fixture.folder()).filePath(name)));

        const auto told = fixture.add({fixture.request(path)}, false);
        QCOMPARE(told[0].outcome, AddOutcome::FileGone);
        QCOMPARE(told[0].job.id, fixture.id);

        const auto wished = fixture.add({fixture.request(path)}, true);
        QCOMPARE(wished[0].outcome, AddOutcome::Retried);
        QCOMPARE(wished[0].job.id, fixture.id);
        QVERIFY(fixture.work({fixture.id}));
        QCOMPARE(fixture.job(fixture.id).state, JobState::Indexed);
        QCOMPARE(fixture.job(fixture.id).generation, 1);
        QCOMPARE(fixture.fileContent(name), QByteArray("the paper"));
        QCOMPARE(fixture.server.requests().size(), 2);
    }

    void aJobThatFailedForGoodIsTriedAgainOnWish()
    {
        EngineFixture fixture;
        fixture.server.status(path, 404);
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(path)})[0].job.id;
        QVERIFY(fixture.work({id}));
        QVERIFY(fixture.job(id).isFailedForGood());

        fixture.server.serve(path, QByteArray("the paper"));
        QCOMPARE(fixture.add({fixture.request(path)}, false)[0].outcome, AddOutcome::FailedForGood);
        const auto wished = fixture.add({fixture.request(path)}, true);
        QCOMPARE(wished[0].outcome, AddOutcome::Retried);
        QCOMPARE(wished[0].job.id, id);
        QVERIFY(fixture.work({id}));
        QCOMPARE(fixture.job(id).state, JobState::Indexed);
        QCOMPARE(fixture.job(id).errorCode, QString());
    }

    void theSameUrlTwiceIsOneJobAndSaysSo()
    {
        EngineFixture fixture;
        fixture.server.serve(path, QByteArray("x"));
        QVERIFY(fixture.open());
        engine::AddRequest again = fixture.request(path);
        again.url += QStringLiteral("#page=2");
        const auto answers = fixture.add({fixture.request(path), again});
        QCOMPARE(answers[0].job.id, answers[1].job.id);
        QVERIFY(!answers[0].isRepeated);
        QVERIFY(answers[1].isRepeated);
    }

    void otherWorkSamePlaceIsSkipped()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        engine::AddRequest request = fixture.request(path);
        request.workId = QStringLiteral("https://openalex.org/W1");
        const auto answers = fixture.add({request});
        QCOMPARE(answers[0].outcome, AddOutcome::Added);
        QVERIFY(fixture.work({answers[0].job.id}));
        QCOMPARE(fixture.job(answers[0].job.id).state, JobState::SkippedDuplicate);
        QCOMPARE(fixture.folderEntries(), QStringList{name});
        QCOMPARE(fixture.server.requests().size(), 1);
    }

    void refusedRequestsPlanNothing_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("code");
        const QString good = QStringLiteral("http://127.0.0.1:1/x");
        QTest::newRow("a file URL") << QStringLiteral("file:///etc/passwd") << QString()
                                    << QStringLiteral("unsupported_scheme");
        QTest::newRow("no URL at all")
            << QStringLiteral("http://") << QString() << QStringLiteral("invalid_url");
        QTest::newRow("a folder that is missing")
            << good << QStringLiteral("/no/such/folder") << QStringLiteral("folder_missing");
        QTest::newRow("a file for a folder")
            << good << QStringLiteral("/proc/self/status") << QStringLiteral("not_a_folder");
        QTest::newRow("a folder that takes no files")
            << good << QStringLiteral("/proc") << QStringLiteral("folder_not_writable");
    }

    void refusedRequestsPlanNothing()
    {
        QFETCH(QString, url);
        QFETCH(QString, folder);
        QFETCH(QString, code);
        EngineFixture fixture;
        QVERIFY(fixture.open());
        engine::AddRequest bad = fixture.request(QStringLiteral("/good"));
        bad.url = url;
        if (!folder.isEmpty())
            bad.folder = folder;
        const auto answers = fixture.add({fixture.request(QStringLiteral("/good")), bad});
        QCOMPARE(answers[0].outcome, AddOutcome::Rejected);
        QVERIFY(!answers[0].error.has_value());
        QCOMPARE(answers[1].outcome, AddOutcome::Rejected);
        QCOMPARE(core::errorCodeName(answers[1].error->code), code);
        auto jobs = fixture.engine->jobs({});
        jobs.waitForFinished();
        QVERIFY(jobs.result()->isEmpty());
    }
};

QTEST_GUILESS_MAIN(TstAgain)
#include "tst_again.moc"
