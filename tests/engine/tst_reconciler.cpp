// SPDX-License-Identifier: MIT
#include "engine/reconciliation/reconciler.h"

#include "core/error.h"
#include "engine/filing_steps.h"
#include "engine/op_content.h"
#include "engine/op_keys.h"
#include "ledger/ledger_thread.h"
#include "ledger/planning.h"
#include "ledger/queries.h"
#include "ledger/reconciliation.h"
#include "ledger/volumes.h"
#include "ledger/wishes.h"
#include "platform/file_lock.h"
#include "platform/system_clock.h"
#include "storage/hasher.h"
#include "storage/part_file.h"

#include <QDir>
#include <QFile>
#include <QFileDevice>
#include <QTemporaryDir>
#include <QTest>

using namespace ingather;
using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::JobState;
using core::OpPhase;
using core::OpType;
using core::ReconcileDeed;
using engine::Reconciler;
using ledger::ClaimedJob;
using ledger::LedgerThread;
using ledger::LifeStep;
using ledger::Session;

namespace
{

const QByteArray content("the whole document");

/// A ledger and a folder, between two workers: what the one did is written step by step, as far as it got.
class Desk
{
public:
    Desk()
    {
        QDir(dir.path()).mkdir(u"files"_s);
        ledger::OpenOptions options;
        options.path = dir.filePath(u"ledger.sqlite3"_s);
        options.clock = &clock;
        options.owner = u"somebody"_s;
        writer = expect(LedgerThread::start(LedgerThread::Kind::Writer, options));
        options.access = ledger::OpenOptions::Access::ReadOnly;
        reader = expect(LedgerThread::start(LedgerThread::Kind::Reader, options));
        reconciler = std::make_unique<Reconciler>(*writer, *reader, options.path, std::chrono::seconds(30));
    }

    template <typename T>
    static T expect(core::Result<T> result)
    {
        if (!result)
            qFatal("%s", qPrintable(core::toLogText(result.error())));
        return std::move(*result);
    }

    template <typename T>
    T write(std::function<core::Result<T>(Session &)> command)
    {
        return expect(writer->post<T>(std::move(command)).result());
    }

    core::JobId plan(int number)
    {
        ledger::JobRequest request;
        request.canonicalUrl = u"https://example.org/%1.pdf"_s.arg(number);
        request.host = u"example.org"_s;
        request.rootPath = folder();
        return write<QList<ledger::PlannedJob>>([request](Session &s) { return ledger::plan(s, {request}); })
            .first()
            .job.id;
    }

    ClaimedJob claim(const core::JobId &id)
    {
        ledger::ClaimRequest request;
        request.onlyThese = {id};
        return write<QList<ClaimedJob>>([request](Session &s) { return ledger::claim(s, request); }).first();
    }

    ledger::StepOutcome apply(const LifeStep &step)
    {
        return write<ledger::StepOutcome>([step](Session &s) { return ledger::apply(s, step); });
    }

    void giveBack(const ClaimedJob &claimed)
    {
        write<int>([lease = claimed.lease](Session &s) -> core::Result<int> {
            const core::Result<> given =
                ledger::release(s, {.lease = lease, .errorCode = {}, .errorDetail = {}});
            return given ? core::Result<int>(0) : core::Result<int>(given.error());
        });
    }

    engine::FilingPlan planFor(const ClaimedJob &claimed, const QString &target) const
    {
        const core::Sha256 sha256 = digest();
        return {.opKey = engine::contentKey(OpType::Finalize, claimed.job, sha256),
                .source = storage::partName(claimed.job.id, claimed.lease.fence, 1),
                .target = target,
                .sha256 = sha256,
                .size = content.size()};
    }

    static core::Sha256 digest()
    {
        storage::Hasher hasher;
        hasher.add(content);
        return hasher.digest();
    }

    /// As far as the announced rename.
    ClaimedJob filing(int number)
    {
        const ClaimedJob claimed = claim(plan(number));
        LifeStep step;
        step.lease = claimed.lease;
        step.path = {JobState::HeadDone, JobState::Streaming};
        step.name = ledger::NameAllocation{u"%1.pdf"_s.arg(number), {}};
        step.ops.append(ledger::OpIntent{OpType::Finalize, planFor(claimed, {}).opKey,
                                         engine::filingIntent(planFor(claimed, {}))});
        step.facts.sha256 = digest().toHex();
        step.facts.bytesTotal = content.size();
        apply(step);
        return claimed;
    }

    /// To the good end.
    core::JobId done(int number)
    {
        const ClaimedJob claimed = filing(number);
        const QString name = u"%1.pdf"_s.arg(number);
        file(name);
        LifeStep step = engine::registrationStep(claimed.job, planFor(claimed, name), {});
        step.lease = claimed.lease;
        step.path = {JobState::Finalized, JobState::Indexed};
        apply(step);
        return claimed.job.id;
    }

    QString folder() const { return dir.filePath(u"files"_s); }
    QString pathOf(const QString &name) const { return QDir(folder()).filePath(name); }
    bool isThere(const QString &name) const { return QFile::exists(pathOf(name)); }
    bool file(const QString &name, const QByteArray &bytes = content) const
    {
        QDir().mkpath(QFileInfo(pathOf(name)).path());
        QFile file(pathOf(name));
        return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size();
    }
    /// An unfinished file, as a worker leaves it, with its record.
    QString part(const ClaimedJob &claimed, qint64 recorded, const QByteArray &bytes)
    {
        const QString name = storage::partName(claimed.job.id, claimed.lease.fence, 1);
        file(u".ingather/"_s + name, bytes);
        LifeStep step;
        step.lease = claimed.lease;
        step.path = {JobState::HeadDone, JobState::Streaming};
        step.ops.append(ledger::OpIntent{OpType::Stream, u"stream-"_s + claimed.job.id.value, {}});
        step.part = ledger::PartRecord{claimed.job.id, *claimed.job.rootId, name, {}, recorded};
        step.facts.bytesDone = recorded;
        apply(step);
        return name;
    }

    ledger::JobRecord job(const core::JobId &id)
    {
        return *write<std::optional<ledger::JobRecord>>([id](Session &s) { return ledger::job(s, id); });
    }

    /// "FINALIZE DONE, INDEX DONE, …", oldest first.
    QString history(const core::JobId &id)
    {
        QStringList lines;
        const auto ops = write<QList<ledger::OpRecord>>([id](Session &s) { return ledger::ops(s, id); });
        for (const ledger::OpRecord &op : ops)
            lines.append(core::opTypeName(op.type) + u' ' + core::opPhaseName(op.phase));
        return lines.join(u", "_s);
    }

    /// "file_missing 1, …"
    QString reconcile(qint64 mostFiles = 0)
    {
        const auto report = reconciler->reconcile(mostFiles, {}, {});
        if (!report)
            return core::errorCodeName(report.error().code);
        last = *report;
        QStringList lines;
        for (const ReconcileDeed deed : core::allReconcileDeeds) {
            if (last.counts.value(deed) > 0)
                lines.append(core::reconcileDeedName(deed) + u' ' + QString::number(last.counts.value(deed)));
        }
        return lines.join(u", "_s);
    }

    QTemporaryDir dir;
    platform::SystemClock clock;
    std::unique_ptr<LedgerThread> writer;
    std::unique_ptr<LedgerThread> reader;
    std::unique_ptr<Reconciler> reconciler;
    core::ReconcileReport last;
};

/// The time is set back to before the job was done, or stays what it is.
bool spoil(const QString &path, const QByteArray &bytes, bool isByDamage)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite))
        return false;
    const QDateTime before = file.fileTime(QFileDevice::FileModificationTime);
    const bool isWritten = file.resize(0) && file.write(bytes) == bytes.size() && file.flush();
    const QDateTime when = isByDamage ? before : QDateTime::currentDateTimeUtc().addSecs(5);
    return isWritten && file.setFileTime(when, QFileDevice::FileModificationTime);
}

} // namespace

class TestReconciler : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingToDo();
    void aFileAtItsPlaceIsRegistered_data();
    void aFileAtItsPlaceIsRegistered();
    void aFileThatNeverGotThere();
    void aFinalizedJobWithoutItsFile();
    void whatIsLeasedIsLeftAlone();
    void openOperationsOfTheGivenUp();
    void whatHappenedToAFile_data();
    void whatHappenedToAFile();
    void aRootThatIsAway_data();
    void aRootThatIsAway();
    void filesInPortions();
    void partsOfThoseWhoHaveEnded_data();
    void partsOfThoseWhoHaveEnded();
    void partsOfNobody();
    void aPartShorterThanRecorded();
    void aRemovalThatWasCutOff_data();
    void aRemovalThatWasCutOff();
    void oneAtATime();
    void aLeaseThatRanOut();
};

void TestReconciler::nothingToDo()
{
    Desk desk;
    desk.plan(1);
    const core::JobId done = desk.done(2);
    const QString before = desk.history(done);
    QCOMPARE(desk.reconcile(), QString());
    QCOMPARE(desk.last.filesChecked, 1);
    QCOMPARE(desk.history(done), before);
}

void TestReconciler::aFileAtItsPlaceIsRegistered_data()
{
    QTest::addColumn<bool>("isFinalized");
    QTest::addColumn<bool>("isPaused");
    QTest::newRow("announced") << false << false;
    QTest::newRow("announced, then paused") << false << true;
    QTest::newRow("recorded as finalized") << true << false;
}

void TestReconciler::aFileAtItsPlaceIsRegistered()
{
    QFETCH(bool, isFinalized);
    QFETCH(bool, isPaused);
    Desk desk;
    const ClaimedJob claimed = desk.filing(1);
    desk.file(u"1.pdf"_s);
    if (isFinalized) {
        LifeStep step;
        step.lease = claimed.lease;
        step.path = {JobState::Finalized};
        step.ops.append(ledger::OpDone{OpType::Finalize, desk.planFor(claimed, u"1.pdf"_s).opKey, {}});
        desk.apply(step);
    }
    if (isPaused) {
        desk.write<ledger::WishReport>([id = claimed.job.id](Session &s) {
            return ledger::applyWish(s, ledger::Wish::Pause, {.ids = {id}});
        });
    }
    desk.giveBack(claimed);
    // The crash came before the folder of the parts was cleared away.
    QVERIFY(QDir(desk.folder()).mkdir(u".ingather"_s));
    QCOMPARE(desk.reconcile(), u"file_registered 1"_s);
    QCOMPARE(desk.isThere(u".ingather"_s), isFinalized);
    const ledger::JobRecord job = desk.job(claimed.job.id);
    QCOMPARE(job.state, JobState::Indexed);
    QVERIFY(job.doneAt);
    QVERIFY(job.leaseOwner.isEmpty());
    QCOMPARE(job.hold, core::Hold::None);
    QCOMPARE(desk.history(claimed.job.id), u"FINALIZE DONE, INDEX DONE, RECONCILE DONE"_s);
    const auto held = desk.write<QList<ledger::HeldFile>>(
        [](Session &s) { return ledger::filesWithHash(s, Desk::digest().toHex()); });
    QCOMPARE(held.size(), 1);
    QCOMPARE(desk.reconcile(), QString());
}

void TestReconciler::aFileThatNeverGotThere()
{
    Desk desk;
    const ClaimedJob claimed = desk.filing(1);
    desk.giveBack(claimed);
    QCOMPARE(desk.reconcile(), u"file_absent 1"_s);
    QCOMPARE(desk.job(claimed.job.id).state, JobState::Streaming);
    QCOMPARE(desk.history(claimed.job.id), u"FINALIZE ABANDONED, RECONCILE DONE"_s);
    QVERIFY(desk.job(claimed.job.id).leaseOwner.isEmpty());
    QCOMPARE(desk.reconcile(), QString());
    // Another file has the name: it is not ours either.
    const ClaimedJob second = desk.filing(2);
    desk.giveBack(second);
    desk.file(u"2.pdf"_s, "somebody else's");
    QCOMPARE(desk.reconcile(), u"file_absent 1"_s);
    QVERIFY(desk.isThere(u"2.pdf"_s));
}

void TestReconciler::aFinalizedJobWithoutItsFile()
{
    Desk desk;
    const ClaimedJob claimed = desk.filing(1);
    LifeStep step;
    step.lease = claimed.lease;
    step.path = {JobState::Finalized};
    desk.apply(step);
    desk.giveBack(claimed);
    QCOMPARE(desk.reconcile(), u"file_absent 1"_s);
    QCOMPARE(desk.job(claimed.job.id).state, JobState::HeadDone);
    QCOMPARE(desk.claim(claimed.job.id).job.id, claimed.job.id);
}

void TestReconciler::whatIsLeasedIsLeftAlone()
{
    Desk desk;
    const ClaimedJob filing = desk.filing(1);
    desk.file(u"1.pdf"_s);
    const ClaimedJob streaming = desk.claim(desk.plan(2));
    desk.part(streaming, 100, "less than recorded");
    QCOMPARE(desk.reconcile(), QString());
    QCOMPARE(desk.job(filing.job.id).state, JobState::Streaming);
    QCOMPARE(desk.job(filing.job.id).fence, filing.lease.fence);
    QCOMPARE(desk.history(filing.job.id), u"FINALIZE INTENT"_s);
    QCOMPARE(desk.job(streaming.job.id).bytesDone, 100);
}

void TestReconciler::openOperationsOfTheGivenUp()
{
    Desk desk;
    const ClaimedJob claimed = desk.claim(desk.plan(1));
    LifeStep step;
    step.lease = claimed.lease;
    step.path = {JobState::HeadDone, JobState::Streaming};
    step.ops.append(ledger::OpIntent{OpType::Stream, u"stream"_s, {}});
    desk.apply(step);
    desk.giveBack(claimed);
    QCOMPARE(desk.reconcile(), QString()); // the next claim goes on with it
    desk.write<ledger::WishReport>([id = claimed.job.id](Session &s) {
        return ledger::applyWish(s, ledger::Wish::Cancel, {.ids = {id}});
    });
    QCOMPARE(desk.reconcile(), u"op_given_up 1"_s);
    QCOMPARE(desk.history(claimed.job.id), u"STREAM ABANDONED, RECONCILE DONE"_s);
    QCOMPARE(desk.reconcile(), QString());
}

void TestReconciler::whatHappenedToAFile_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("told");
    QTest::newRow("gone") << u"gone"_s << u"file_missing"_s;
    QTest::newRow("changed by its owner") << u"changed"_s << u"file_changed"_s;
    QTest::newRow("cut by damage") << u"damaged"_s << u"file_damaged"_s;
}

void TestReconciler::whatHappenedToAFile()
{
    QFETCH(QString, what);
    QFETCH(QString, told);
    Desk desk;
    const core::JobId id = desk.done(1);
    const core::JobId other = desk.done(2);
    const QString path = desk.pathOf(u"1.pdf"_s);
    if (what == u"gone"_s)
        QVERIFY(QFile::remove(path));
    else
        QVERIFY(spoil(path, "no longer that", what == u"damaged"_s));

    QCOMPARE(desk.reconcile(), told + u" 1"_s);
    QCOMPARE(desk.last.items.first().job, id);
    QCOMPARE(desk.last.items.first().place, path);
    const ledger::JobRecord marked = desk.job(id);
    QCOMPARE(marked.errorCode, told);
    QCOMPARE(marked.state, JobState::Indexed); // reported, and fetched again only on wish
    const QString history = desk.history(id);
    QVERIFY(history.endsWith(u"RECONCILE DONE"_s));
    QCOMPARE(desk.job(other).errorCode, QString());
    // It is told as long as it is so, and written once.
    QCOMPARE(desk.reconcile(), told + u" 1"_s);
    QCOMPARE(desk.history(id), history);
    QCOMPARE(desk.job(id).updatedAt.seconds, marked.updatedAt.seconds);
    QCOMPARE(desk.job(id).doneAt->seconds, marked.doneAt->seconds);

    QVERIFY(desk.file(u"1.pdf"_s));
    QCOMPARE(desk.reconcile(), u"file_back 1"_s);
    QCOMPARE(desk.job(id).errorCode, QString());
    QCOMPARE(desk.reconcile(), QString());
}

void TestReconciler::aRootThatIsAway_data()
{
    QTest::addColumn<bool>("leavesAMountPoint");
    QTest::newRow("and its folder with it") << false;
    QTest::newRow("and its mount point stays, empty") << true;
}

void TestReconciler::aRootThatIsAway()
{
    QFETCH(bool, leavesAMountPoint);
    Desk desk;
    const core::JobId done = desk.done(1);
    const ClaimedJob filing = desk.filing(2);
    desk.giveBack(filing);
    const ClaimedJob streaming = desk.claim(desk.plan(3));
    desk.part(streaming, 5, "bytes");
    desk.giveBack(streaming);
    QVERIFY(QDir().rename(desk.folder(), desk.folder() + u"-away"_s));
    if (leavesAMountPoint) {
        QVERIFY(QDir().mkdir(desk.folder()));
        const qint64 root = desk.job(done).rootId.value();
        desk.write<bool>([root](Session &session) -> core::Result<bool> {
            const core::Result<> noted = ledger::noteVolume(session, root, u"mounted"_s);
            return noted ? core::Result<bool>(true) : noted.error();
        });
    }
    QCOMPARE(desk.reconcile(), QString());
    QCOMPARE(desk.last.absentRoots, QStringList{desk.folder()});
    QCOMPARE(desk.job(done).errorCode, QString());
    QCOMPARE(desk.history(filing.job.id), u"FINALIZE INTENT"_s);
    QCOMPARE(desk.job(streaming.job.id).bytesDone, 5);
}

void TestReconciler::filesInPortions()
{
    Desk desk;
    for (int i = 1; i <= 5; ++i) {
        desk.done(i);
        QVERIFY(QFile::remove(desk.pathOf(u"%1.pdf"_s.arg(i))));
    }
    QCOMPARE(desk.reconcile(2), u"file_missing 2"_s);
    QCOMPARE(desk.reconcile(2), u"file_missing 2"_s);
    QCOMPARE(desk.reconcile(2), u"file_missing 1"_s);
    QCOMPARE(desk.reconcile(2), u"file_missing 2"_s); // from the start again
}

void TestReconciler::partsOfThoseWhoHaveEnded_data()
{
    QTest::addColumn<QString>("end");
    QTest::addColumn<bool>("isRemoved");
    QTest::newRow("paused") << u"paused"_s << false;
    QTest::newRow("failed for good, and may be retried") << u"failed"_s << false;
    QTest::newRow("cancelled") << u"cancelled"_s << true;
    QTest::newRow("removed") << u"removed"_s << true;
}

void TestReconciler::partsOfThoseWhoHaveEnded()
{
    QFETCH(QString, end);
    QFETCH(bool, isRemoved);
    Desk desk;
    const ClaimedJob claimed = desk.claim(desk.plan(1));
    const QString part = u".ingather/"_s + desk.part(claimed, 5, "bytes and some more");
    if (end == u"failed"_s) {
        ledger::Failure failure;
        failure.lease = claimed.lease;
        failure.error = {ErrorCode::HttpNotFound, {}};
        failure.isFinal = true;
        desk.write<int>([failure](Session &s) -> core::Result<int> {
            const core::Result<> written = ledger::recordFailure(s, failure);
            return written ? core::Result<int>(0) : core::Result<int>(written.error());
        });
    } else {
        desk.giveBack(claimed);
        const ledger::Wish wish = end == u"paused"_s      ? ledger::Wish::Pause
                                  : end == u"cancelled"_s ? ledger::Wish::Cancel
                                                          : ledger::Wish::Remove;
        desk.write<ledger::WishReport>(
            [id = claimed.job.id, wish](Session &s) { return ledger::applyWish(s, wish, {.ids = {id}}); });
    }
    const QString deeds = desk.reconcile();
    QCOMPARE(deeds.contains(u"part_removed 1"_s), isRemoved);
    QCOMPARE(desk.isThere(part), !isRemoved);
    QCOMPARE(desk.history(claimed.job.id).contains(u"RECONCILE DONE"_s), isRemoved);
    QVERIFY(!desk.history(claimed.job.id).contains(u"RECONCILE INTENT"_s));
    QCOMPARE(desk.reconcile(), QString());
}

void TestReconciler::partsOfNobody()
{
    Desk desk;
    const core::JobId done = desk.done(1);
    const QString stray = u".ingather/"_s + storage::partName(done, {3}, 1);
    const QString foreign = u".ingather/"_s + storage::partName({u"somebody-else"_s}, {3}, 1);
    QVERIFY(desk.file(stray));
    QVERIFY(desk.file(foreign));
    QVERIFY(desk.file(u".ingather/notes.txt"_s));
    QCOMPARE(desk.reconcile(), u"part_removed 1, part_unknown 2"_s);
    QVERIFY(!desk.isThere(stray));
    QVERIFY(desk.isThere(foreign) && desk.isThere(u".ingather/notes.txt"_s));
    QVERIFY(desk.history(done).endsWith(u"RECONCILE DONE"_s));
}

void TestReconciler::aPartShorterThanRecorded()
{
    Desk desk;
    const ClaimedJob shorter = desk.claim(desk.plan(1));
    const QString part = u".ingather/"_s + desk.part(shorter, 100, "less than a hundred");
    const ClaimedJob whole = desk.claim(desk.plan(2));
    desk.part(whole, 5, "more than five");
    desk.giveBack(shorter);
    desk.giveBack(whole);
    QCOMPARE(desk.reconcile(), u"part_forgotten 1"_s);
    QVERIFY(!desk.isThere(part));
    QCOMPARE(desk.job(shorter.job.id).state, JobState::HeadDone);
    QCOMPARE(desk.job(shorter.job.id).bytesDone, 0);
    QCOMPARE(desk.history(shorter.job.id), u"STREAM ABANDONED, RECONCILE DONE"_s);
    QVERIFY(!desk.claim(shorter.job.id).part);
    QCOMPARE(desk.job(whole.job.id).bytesDone, 5);
}

void TestReconciler::aRemovalThatWasCutOff_data()
{
    QTest::addColumn<bool>("isGone");
    QTest::newRow("before the file was deleted") << false;
    QTest::newRow("after it") << true;
}

void TestReconciler::aRemovalThatWasCutOff()
{
    QFETCH(bool, isGone);
    Desk desk;
    const core::JobId id = desk.done(1);
    const ledger::JobRecord job = desk.job(id);
    desk.write<ledger::WishReport>(
        [id](Session &s) { return ledger::applyWish(s, ledger::Wish::Remove, {.ids = {id}}); });
    const ledger::OpIntent intent{
        OpType::Remove, engine::contentKey(OpType::Remove, job, Desk::digest()), {{u"target"_s, u"1.pdf"_s}}};
    desk.write<bool>([intent, seen = ledger::SeenJob::of(job)](Session &s) {
        return ledger::writeCare(s, seen, {intent});
    });
    if (isGone)
        QVERIFY(QFile::remove(desk.pathOf(u"1.pdf"_s)));
    QCOMPARE(desk.reconcile(), isGone ? u"removal_finished 1"_s : u"op_given_up 1"_s);
    QCOMPARE(desk.history(id).contains(u"REMOVE DONE"_s), isGone);
    QCOMPARE(desk.history(id).contains(u"REMOVE ABANDONED"_s), !isGone);
    QCOMPARE(desk.isThere(u"1.pdf"_s), !isGone);
    const auto held = desk.write<QList<ledger::HeldFile>>(
        [](Session &s) { return ledger::filesWithHash(s, Desk::digest().toHex()); });
    QCOMPARE(held.size(), isGone ? 0 : 1);
}

void TestReconciler::oneAtATime()
{
    Desk desk;
    auto lock = platform::FileLock::open(desk.dir.filePath(u"ledger.sqlite3.rlock"_s), true);
    QVERIFY(lock && lock->tryAcquire().value_or(false));
    QCOMPARE(desk.reconcile(), u"ledger_busy"_s);
    lock->release();
    QCOMPARE(desk.reconcile(), QString());
}

void TestReconciler::aLeaseThatRanOut()
{
    Desk desk;
    const core::JobId id = desk.plan(1);
    ledger::ClaimRequest request;
    request.onlyThese = {id};
    request.ttl = std::chrono::seconds(-1); // over as soon as it is given
    desk.write<QList<ClaimedJob>>([request](Session &s) { return ledger::claim(s, request); });
    QCOMPARE(desk.reconcile(), u"lease_freed 1"_s);
    QCOMPARE(desk.job(id).state, JobState::Planned);
    QCOMPARE(desk.history(id), u"RECONCILE DONE"_s);
}

QTEST_GUILESS_MAIN(TestReconciler)
#include "tst_reconciler.moc"
