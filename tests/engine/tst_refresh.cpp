// SPDX-License-Identifier: MIT
#include "core/keys.h"
#include "engine/engine_fixture.h"

using namespace ingather;
using namespace Qt::StringLiterals;
using core::JobState;
using engine::AddOutcome;
using support::ServedFile;
using tests::EngineFixture;

namespace
{

const QString path = u"/paper.bin"_s;
const QString name = u"paper.bin"_s;
const QString secondName = u"paper (2).bin"_s;

ServedFile file(const QByteArray &body, const QByteArray &etag)
{
    ServedFile served;
    served.body = body;
    served.etag = etag;
    return served;
}

ServedFile firstVersion()
{
    return file("the paper", "\"v1\"");
}

ServedFile secondVersion()
{
    return file("the paper, corrected", "\"v2\"");
}

/// The engine over a ledger in which one file has been fetched already.
class FetchedOnce : public EngineFixture
{
public:
    bool prepare(const ServedFile &served = firstVersion())
    {
        server.serve(path, served);
        if (!open())
            return false;
        const auto answers = add({request(path)});
        if (answers.size() != 1)
            return false;
        id = answers[0].job.id;
        return work({id}) && job(id).state == JobState::Indexed;
    }

    /// Asks for a newer version and waits for the end of that; the job that asked.
    core::JobId refresh(AddOutcome expected, const QString &intoFolder = {}, const QString &sha256 = {})
    {
        engine::AddRequest asked = request(path, intoFolder);
        asked.refresh = true;
        asked.sha256 = sha256;
        const auto answers = add({asked});
        if (answers.size() != 1 || answers[0].outcome != expected)
            return {};
        return work({answers[0].job.id}) ? answers[0].job.id : core::JobId();
    }

    support::RecordedRequest lastRequest() const { return server.requests().last(); }

    core::JobId id;
};

} // namespace

/// `--refresh`: is what is held still what the server gives (design §4, RFC 9110 §13)?
class TstRefresh : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatDidNotChangeIsNotFetched()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        const core::JobId asked = fixture.refresh(AddOutcome::AddedVersion);
        QCOMPARE(fixture.job(asked).state, JobState::SkippedDuplicate);
        QCOMPARE(fixture.job(asked).artifactId, u"file@v2"_s);
        QCOMPARE(fixture.history(asked), u"HEAD DONE, DEDUPE DONE"_s);
        QCOMPARE(fixture.ops(asked).first().result.value(u"status"_s).toInt(), 304);
        QCOMPARE(fixture.server.requests().size(), 2);
        QCOMPARE(fixture.lastRequest().header("If-None-Match"), QByteArray("\"v1\""));
        QCOMPARE(fixture.folderEntries(), QStringList{name});
        QCOMPARE(fixture.job(fixture.id).state, JobState::Indexed);
    }

    void aNewerVersionIsFiledBesideTheOld()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        fixture.server.serve(path, secondVersion());
        const core::JobId asked = fixture.refresh(AddOutcome::AddedVersion);
        QCOMPARE(fixture.job(asked).state, JobState::Indexed);
        QCOMPARE(fixture.job(asked).finalPath, secondName);
        QCOMPARE(fixture.fileContent(secondName), secondVersion().body);
        QCOMPARE(fixture.job(fixture.id).state, JobState::Indexed);
        QCOMPARE(fixture.job(fixture.id).finalPath, name);
        QCOMPARE(fixture.fileContent(name), firstVersion().body);
        QCOMPARE(fixture.folderEntries(), (QStringList{secondName, name}));
    }

    void theLatestVersionIsAskedAbout()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        const core::JobId first = fixture.refresh(AddOutcome::AddedVersion);
        QCOMPARE(fixture.job(first).state, JobState::SkippedDuplicate);
        // The job that found nothing new asks the next time, too.
        fixture.server.serve(path, secondVersion());
        const core::JobId second = fixture.refresh(AddOutcome::AskedAgain);
        QCOMPARE(second, first);
        QCOMPARE(fixture.job(second).generation, 1);
        QCOMPARE(fixture.job(second).state, JobState::Indexed);
        // It has a file now, and another job asks about that.
        const core::JobId third = fixture.refresh(AddOutcome::AddedVersion);
        QCOMPARE(fixture.job(third).artifactId, u"file@v3"_s);
        QCOMPARE(fixture.job(third).state, JobState::SkippedDuplicate);
        QCOMPARE(fixture.lastRequest().header("If-None-Match"), QByteArray("\"v2\""));
        QCOMPARE(fixture.folderEntries(), (QStringList{secondName, name}));
    }

    void sameContentOfAServerThatKnowsNoConditionsIsNotFiledTwice()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare(file("the paper", {})));
        const core::JobId asked = fixture.refresh(AddOutcome::AddedVersion);
        QVERIFY(!fixture.lastRequest().hasHeader("If-None-Match"));
        QVERIFY(!fixture.lastRequest().hasHeader("If-Modified-Since"));
        QCOMPARE(fixture.job(asked).state, JobState::SkippedDuplicate);
        QCOMPARE(fixture.history(asked), u"HEAD DONE, STREAM DONE, DEDUPE DONE"_s);
        QCOMPARE(fixture.folderEntries(), QStringList{name});
    }

    void aDateIsAConditionToo()
    {
        FetchedOnce fixture;
        const QByteArray date = "Sun, 06 Nov 1994 08:49:37 GMT";
        fixture.server.handle(path, [date](const support::RecordedRequest &request) {
            support::Script script;
            if (request.header("If-Modified-Since") == date)
                return script.head(304, {{"Last-Modified", date}});
            return script.head(200, {{"Content-Length", "9"}, {"Last-Modified", date}}).send("the paper");
        });
        QVERIFY(fixture.open());
        const auto answers = fixture.add({fixture.request(path)});
        QVERIFY(fixture.work({answers.first().job.id}));
        const core::JobId asked = fixture.refresh(AddOutcome::AddedVersion);
        QCOMPARE(fixture.lastRequest().header("If-Modified-Since"), date);
        QCOMPARE(fixture.job(asked).state, JobState::SkippedDuplicate);
    }

    void aHeldFileThatChangedHereIsFetchedAnew()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        QFile held(QDir(fixture.folder()).filePath(name));
        QVERIFY(held.open(QIODevice::WriteOnly));
        QCOMPARE(held.write("annotated"), 9); // as long as the original
        held.close();
        const core::JobId asked = fixture.refresh(AddOutcome::AddedVersion);
        QCOMPARE(fixture.server.requests().size(), 3); // 304, then without a condition
        QVERIFY(!fixture.lastRequest().hasHeader("If-None-Match"));
        QCOMPARE(fixture.job(asked).state, JobState::Indexed);
        QCOMPARE(fixture.fileContent(secondName), firstVersion().body);
        QCOMPARE(fixture.fileContent(name), QByteArray("annotated"));
    }

    void inAnotherFolderTheServerIsAskedBeforeItIsCopied()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        const QString other = fixture.dir.filePath(u"other"_s);
        QVERIFY(QDir().mkdir(other));
        const core::JobId asked = fixture.refresh(AddOutcome::AddedVersion, other);
        QCOMPARE(fixture.job(asked).artifactId, core::artifactIdForFolder(other) + u"@v2"_s);
        QCOMPARE(fixture.job(asked).state, JobState::Deduped);
        QCOMPARE(fixture.history(asked), u"HEAD DONE, DEDUPE DONE"_s);
        QCOMPARE(fixture.server.requests().size(), 2);
        QVERIFY(QFile::exists(QDir(other).filePath(name)));
    }

    void whatLiesInThatFolderAlreadyIsNotCopiedBesideItself()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        const QString other = fixture.dir.filePath(u"other"_s);
        QVERIFY(QDir().mkdir(other));
        const auto copied = fixture.add({fixture.request(path, other)});
        QVERIFY(fixture.work({copied[0].job.id}));
        QCOMPARE(fixture.job(copied[0].job.id).state, JobState::Deduped);
        const core::JobId asked = fixture.refresh(AddOutcome::AddedVersion, other);
        QCOMPARE(fixture.lastRequest().header("If-None-Match"), QByteArray("\"v1\""));
        QCOMPARE(fixture.job(asked).state, JobState::SkippedDuplicate);
        QCOMPARE(QDir(other).entryList(QDir::Files), QStringList{name});
    }

    void validatorsThatAreNoneAreNotSentBack()
    {
        FetchedOnce fixture;
        fixture.server.handle(path, [](const support::RecordedRequest &) {
            return support::Script()
                .head(200, {{"Content-Length", "9"}, {"ETag", "v1"}, {"Last-Modified", "yesterday"}})
                .send("the paper");
        });
        QVERIFY(fixture.open());
        const auto answers = fixture.add({fixture.request(path)});
        QVERIFY(fixture.work({answers.first().job.id}));
        const core::JobId asked = fixture.refresh(AddOutcome::AddedVersion);
        QVERIFY(!fixture.lastRequest().hasHeader("If-None-Match"));
        QVERIFY(!fixture.lastRequest().hasHeader("If-Modified-Since"));
        QCOMPARE(fixture.job(asked).state, JobState::SkippedDuplicate);
        QCOMPARE(fixture.folderEntries(), QStringList{name});
    }

    void aFailedRefreshLeavesWhatIsHeld()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        fixture.server.status(path, 404);
        const core::JobId asked = fixture.refresh(AddOutcome::AddedVersion);
        QCOMPARE(fixture.job(asked).state, JobState::Failed);
        QCOMPARE(fixture.job(asked).errorCode, u"http_not_found"_s);
        QCOMPARE(fixture.job(fixture.id).state, JobState::Indexed);
        QCOMPARE(fixture.fileContent(name), firstVersion().body);
        fixture.server.serve(path, secondVersion());
        QCOMPARE(fixture.refresh(AddOutcome::Retried), asked);
        QCOMPARE(fixture.job(asked).state, JobState::Indexed);
    }

    void aDigestThatIsNotTheHeldOnesIsNoReasonToAskWhetherItChanged()
    {
        FetchedOnce fixture;
        QVERIFY(fixture.prepare());
        const core::JobId asked = fixture.refresh(AddOutcome::AddedVersion, {}, QString(64, u'a'));
        QVERIFY(!fixture.lastRequest().hasHeader("If-None-Match"));
        QCOMPARE(fixture.job(asked).state, JobState::Failed);
        QCOMPARE(fixture.job(asked).errorCode, u"digest_mismatch"_s);
        QCOMPARE(fixture.folderEntries(), QStringList{name});
    }

    void whatIsUnknownIsPlannedAsEver()
    {
        EngineFixture fixture;
        fixture.server.serve(path, firstVersion());
        QVERIFY(fixture.open());
        engine::AddRequest asked = fixture.request(path);
        asked.refresh = true;
        const auto added = fixture.add({asked});
        QCOMPARE(added[0].outcome, AddOutcome::Added);
        QCOMPARE(fixture.add({asked})[0].outcome, AddOutcome::Known);
        QVERIFY(fixture.work({added[0].job.id}));
        QCOMPARE(fixture.job(added[0].job.id).state, JobState::Indexed);
    }
};

QTEST_GUILESS_MAIN(TstRefresh)
#include "tst_refresh.moc"
