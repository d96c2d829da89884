// SPDX-License-Identifier: MIT
#pragma once

#include "core/digest.h"
#include "core/log_line.h"
#include "core/result.h"
#include "engine/history.h"
#include "engine/lane_services.h"
#include "engine/resume_ladder.h"
#include "engine/run_control.h"
#include "engine/segments/segmented_body.h"
#include "ledger/life_step.h"
#include "storage/expected_content.h"
#include "storage/part_feed.h"
#include "storage/part_file.h"
#include "transfer/http_client.h"

#include <QCoroTask>
#include <QElapsedTimer>

#include <functional>
#include <memory>
#include <optional>

namespace ingather::engine
{

/// What a job that asks for a later version asks about.
struct HeldVersion {
    ledger::JobRecord job;
    core::Validators validators;
};

/// One claimed job, from the claim to its result: the life that DESIGN §2 draws, as coroutines that
/// read top to bottom. Each effect (a part, a rename, a copy) is announced in the ledger before and
/// recorded after, guarded by the lease; what an earlier run left open is settled by looking at the
/// disk first. Lives in the frame of runJob(), on the lane's thread.
class JobRun final
{
public:
    JobRun(ledger::ClaimedJob claimed, std::shared_ptr<RunControl> control, LaneServices &services);
    ~JobRun();
    Q_DISABLE_COPY_MOVE(JobRun)

    QCoro::Task<void> run();

private:
    template <typename T = void>
    using Result = core::Result<T>;
    template <typename T = void>
    using Task = QCoro::Task<core::Result<T>>;

    // job_run.cpp: order, ledger
    Task<> proceed();
    Task<> proceedAnew();
    Task<ledger::StepOutcome> commit(ledger::LifeStep step);
    Task<> closePart(storage::Durability durability = storage::Durability::OnReturn);
    /// Stopped, Paused, Cancelled or LeaseLost when this run must end; also when the lease's time is up.
    Result<> mayGoOn() const;
    core::Error endReason(core::Error error) const;
    storage::StopAsked stopAsked() const;
    ledger::LifeStep newStep() const;
    ledger::PartRecord partRecord(qint64 durableLength) const;
    QList<core::JobState> pathToStreaming(bool isResumed) const;
    QList<core::JobState> pathToEnd(core::JobState end) const;
    QList<ledger::OpWrite> abandonOthers(const QString &opKey) const;

    // job_run_fetch.cpp: HEAD, the intent of STREAM
    Task<> fetch();
    transfer::HttpRequest request() const;
    Task<std::unique_ptr<transfer::Exchange>> ask(transfer::HttpRequest request);
    /// The root is there, with its volume; before anything is done in it.
    Task<> lookForRoot();
    Task<> takeRoom(QString part, std::optional<qint64> size);
    Task<> beginPart(const transfer::ResponseHead &head);
    Task<> announceStream(const transfer::ResponseHead &head, QList<ledger::OpWrite> before, bool isResumed);

    // job_run_resume.cpp: RESUME
    Task<> openPart();
    /// Takes over what another ledger left of this very job, if it is worth it.
    Task<> adoptLeftPart();
    void giveUpPart(const QString &reason);
    Task<std::unique_ptr<transfer::Exchange>> askForRest();
    transfer::HttpRequest requestForRest(const KnownPart &part, Ask how) const;
    Task<bool> doesOverlapFit(transfer::Exchange &exchange);
    Task<> continuePart(const transfer::ResponseHead &head);

    // job_run_stream.cpp: STREAM
    Task<> streamBody(std::unique_ptr<transfer::Exchange> exchange);
    Task<> takeSmallBody(transfer::Exchange &exchange);
    Task<> takeBody(transfer::Exchange &exchange);
    Task<> pump(transfer::Exchange &exchange, std::shared_ptr<storage::PartFeed> feed);
    Task<> checkpoint(core::ByteRanges ranges = {});
    /// How many connections to fetch the rest over; 1: the one that answers already.
    int segmentsFor(const transfer::ResponseHead &head) const;
    SegmentedBody::Services segmentServices();
    Task<bool> hasHostRefusedRanges();
    Task<> takeSegments(std::unique_ptr<transfer::Exchange> first, int segments);
    void saveIfDue();
    QCoro::Task<void> save();

    // job_run_verify.cpp
    struct Verified {
        bool isByDigest = false;
        QJsonObject content; ///< what the gate found, for the history
    };
    void learnDigests(const transfer::ResponseHead &head);
    QList<core::Digest> digestsWished() const;
    Task<Verified> verify(QString path, QList<core::Digest> digests);
    QCoro::Task<void> describe(QString path);
    storage::ContentRequest contentRequest() const;
    Task<> refuse(core::Error why);

    // job_run_filing.cpp: FINALIZE, INDEX
    Task<> fileStreamed();
    Task<> fileOpenPart();
    /// Files it, unless it is what is held already (skipIfHeld).
    Task<> fileOrSkip(ledger::LifeStep step, FilingPlan plan);
    FilingPlan filingOfPart(const core::Sha256 &sha256, qint64 size, const Verified &verified) const;
    Task<> placePart(FilingPlan plan);
    /// Makes files and folders of the job's root durable: by themselves, or with those of other lanes.
    Task<> makeDurable(QStringList files, QStringList folders);
    Task<> makePartDurable(const QString &path);
    Task<> makeNameDurable(const FilingPlan &plan);
    Task<> announceAndFile(ledger::LifeStep step, FilingPlan plan);
    Task<> registerFiled(FilingPlan plan, QList<core::JobState> path);
    /// Whether the announced file is in place, right, and durable there. Any error but FileMissing and
    /// FileChanged means that it could not be told.
    Task<> lookForFiled(FilingPlan plan);
    Task<> settleFiling();
    Task<> registerFinalized();
    QString wantedName() const;
    QString absolute(const QString &relativePath) const;

    // job_run_held.cpp: DEDUPE
    /// Of this URL and, if a digest is expected, with that; not looked at yet.
    Task<QList<ledger::JobRecord>> heldCopies();
    Task<> checkHeldCopy(ledger::JobRecord copy);
    /// True when the job was done from a copy held already.
    Task<bool> fileFromHeldCopy();
    /// Ends the job with that copy: as SKIPPED_DUPLICATE where it lies as asked, else as DEDUPED. False if it
    /// is not intact. `before` is recorded along with the first step.
    Task<bool> useHeldCopy(ledger::JobRecord copy, QList<ledger::OpWrite> before);
    Task<> skipDuplicate(ledger::LifeStep step, FilingPlan plan);
    Task<> copyHeld(FilingPlan plan, QList<ledger::OpWrite> before);
    Task<> registerCopy(FilingPlan plan, QString method);
    Task<> settleCopy();

    // job_run_refresh.cpp: a later version of what is held
    Task<> lookForHeldVersion();
    void addConditions(transfer::HttpRequest *request) const;
    /// After a 304.
    Task<> keepHeldVersion(transfer::ResponseHead head);
    /// A later version turned out to be the one held: the part goes, and the job ends with `step`.
    Task<bool> skipIfHeld(ledger::LifeStep step, FilingPlan plan);

    // job_run_end.cpp: what is done when a run ends without its job's good end
    void dropPart();
    Task<> discard(QString partName);
    QCoro::Task<void> discardOlderParts();
    QCoro::Task<void> leavePartToOthers();
    QCoro::Task<void> settle(core::Error error);
    QCoro::Task<void> giveBack(core::Error error);
    Task<> writeEnd(std::function<core::Result<>(ledger::Session &)> end);
    QCoro::Task<void> recordFailure(core::Error error, bool hadProgress);
    /// Whether a failure that might help to try again ends the job all the same.
    bool isLastAttempt(bool hadProgress) const;

    // job_run_log.cpp
    core::LogContext logContext() const;
    /// Each op phase of a step, and the job's good end.
    void logStep(const ledger::LifeStep &step, const ledger::StepOutcome &outcome) const;
    void logOp(const QString &opKey, std::optional<core::OpType> type, core::OpPhase phase) const;
    void logEnd(const core::Error &error) const;
    /// About an error that changes nothing in how the run ends.
    void warn(const char *doing, const core::Error &error) const;

    LaneServices &m_services;
    std::shared_ptr<RunControl> m_control;
    ledger::ClaimedJob m_claimed;
    core::BootTime m_begin;
    History m_history;
    core::JobState m_state;        ///< as the ledger has it
    core::Validators m_validators; ///< of what is being streamed
    bool m_isDateStrong = false;   ///< m_validators.lastModified may stand in If-Range
    bool m_isOverlapChecked = false;
    std::shared_ptr<storage::PartFile> m_part; ///< open; null when there is none
    std::optional<QCoro::Task<void>> m_saving; ///< a checkpoint that runs while the body goes on
    std::optional<core::Error> m_saveError;
    QElapsedTimer m_sinceCheckpoint; ///< since the last one began
    QString m_partName;              ///< of the part that the ledger knows for this job
    QStringList m_olderParts;        ///< given up for m_partName, and kept until that is complete
    QString m_resumeReason;          ///< why a part was continued or given up
    std::optional<HeldVersion> m_heldVersion;
    bool m_isHeldVersionUnfit = false;
    QString m_suggestedName;
    QString m_contentType;
    QList<core::Digest> m_expectedDigests; ///< of the whole file
    qint64 m_durableAtClaim = 0;
    qint64 m_durable = 0;      ///< bytes of the part, as the ledger has it
    core::ByteRanges m_ranges; ///< of a part that is fetched in pieces: what is there
    qint64 m_fetchedFrom = 0;
    int m_partsMade = 0;
};

/// Runs one claimed job to its end; never fails (what goes wrong is in the ledger by then).
QCoro::Task<void> runJob(ledger::ClaimedJob claimed, std::shared_ptr<RunControl> control,
                         LaneServices *services);

} // namespace ingather::engine
