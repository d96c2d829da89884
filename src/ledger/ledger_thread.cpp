// SPDX-License-Identifier: MIT
#include "ledger/ledger_thread.h"

#include "core/error.h"
#include "ledger/log.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

// More in one transaction gains little over the one fsync it costs, and makes everybody in it wait.
constexpr std::size_t largestBatch = 64;
constexpr std::chrono::seconds roomInterval{1};

} // namespace

class LedgerThread::Private final
{
public:
    Private(Kind threadKind, OpenOptions openOptions) : kind(threadKind), options(std::move(openOptions)) {}

    Result<> launch();
    void enqueue(Command command);
    void setPausing(bool isWanted, PauseObserver observer);
    void stop();

private:
    using Outcome = std::optional<Error>;

    void run();
    std::vector<Command> take();
    Result<> reopen();
    Result<> begin();
    void write(std::vector<Command> &batch);
    Result<std::vector<Outcome>> tryToWrite(std::vector<Command> &batch);
    enum class Savepoints { None, EachCommand };
    std::optional<Result<std::vector<Outcome>>> attempt(std::vector<Command> &batch, Savepoints savepoints);
    Outcome writeOne(Command &command, Savepoints savepoints);
    bool isPausing();
    bool waitForRoom(const Error &error);
    void endPause();
    void read(std::vector<Command> &batch);

    const Kind kind;
    const OpenOptions options;

    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Command> queue; // under mutex
    bool isStopping = false;   // under mutex: set and read with the queue, so that nothing slips past the end
    bool hasOpened = false;    // under mutex
    std::optional<Error> openError; // under mutex
    bool pausesWhenFull = false;    // under mutex
    PauseObserver pauseObserver;    // under mutex

    PauseObserver toldOfPause;        ///< the thread's own: who is to hear of the end of this pause
    bool isPaused = false;            ///< the thread's own
    std::unique_ptr<Session> session; ///< the thread's own; none after a reopening that failed

    std::mutex joining;
    std::thread thread;
};

Result<> LedgerThread::Private::launch()
{
    thread = std::thread([this] { run(); });
    std::unique_lock guard(mutex);
    changed.wait(guard, [this] { return hasOpened || openError.has_value(); });
    if (!openError)
        return {};
    guard.unlock();
    thread.join();
    return *openError;
}

void LedgerThread::Private::enqueue(Command command)
{
    {
        const std::lock_guard guard(mutex);
        if (!isStopping) {
            queue.push_back(std::move(command));
            changed.notify_one();
            return;
        }
    }
    command.finish(Error{ErrorCode::LedgerClosed, QStringLiteral("queue ledger command"), 0, {}});
}

void LedgerThread::Private::setPausing(bool isWanted, PauseObserver observer)
{
    const std::lock_guard guard(mutex);
    pausesWhenFull = isWanted;
    pauseObserver = std::move(observer);
    changed.notify_one();
}

void LedgerThread::Private::stop()
{
    {
        const std::lock_guard guard(mutex);
        isStopping = true;
        changed.notify_one();
    }
    const std::lock_guard guard(joining);
    if (!thread.joinable())
        return;
    Q_ASSERT(thread.get_id() != std::this_thread::get_id());
    thread.join();
}

void LedgerThread::Private::run()
{
    const Result<> opened = reopen();
    {
        const std::lock_guard guard(mutex);
        if (opened)
            hasOpened = true;
        else
            openError = opened.error();
        changed.notify_one();
    }
    if (!opened)
        return;
    for (std::vector<Command> batch = take(); !batch.empty(); batch = take()) {
        if (kind == Kind::Writer)
            write(batch);
        else
            read(batch);
    }
    session.reset();
}

Result<> LedgerThread::Private::reopen()
{
    session.reset(); // never two at a time: this one may be of a file that has lost its name
    Result<std::unique_ptr<Session>> opened = Session::open(options);
    if (!opened)
        return opened.error();
    session = std::move(*opened);
    return {};
}

/// What waits, or what comes first; empty at the end. It does not wait for company: while a commit is on its
/// way to the disk the next batch gathers by itself.
std::vector<LedgerThread::Command> LedgerThread::Private::take()
{
    std::unique_lock guard(mutex);
    changed.wait(guard, [this] { return isStopping || !queue.empty(); });
    std::vector<Command> batch;
    while (!queue.empty() && batch.size() < largestBatch) {
        batch.push_back(std::move(queue.front()));
        queue.pop_front();
    }
    return batch;
}

/// Begins the transaction of a batch. If another file has been put in the ledger's place, the batch goes
/// there: nothing of it has been executed yet.
Result<> LedgerThread::Private::begin()
{
    if (!session) {
        const Result<> opened = reopen();
        if (!opened)
            return opened;
    }
    const Result<> begun = session->begin();
    if (begun || begun.error().code != ErrorCode::LedgerSwapped)
        return begun;
    qCInfo(logLedger, "the ledger was swapped; opening it again");
    const Result<> opened = reopen();
    if (!opened)
        return opened;
    return session->begin();
}

void LedgerThread::Private::write(std::vector<Command> &batch)
{
    Result<std::vector<Outcome>> outcomes = tryToWrite(batch);
    while (!outcomes && outcomes.error().code == ErrorCode::LedgerFull && waitForRoom(outcomes.error()))
        outcomes = tryToWrite(batch);
    endPause();
    for (std::size_t i = 0; i < batch.size(); ++i)
        batch[i].finish(outcomes ? (*outcomes)[i] : Outcome(outcomes.error()));
}

/// What became of each command, once all are committed; or an error, and nothing of the batch has happened.
/// While a savepoint is open SQLite keeps a copy of every page that is written, and hardly a command fails
/// after it has written something: so the batch runs without them first, and again with them if one did.
Result<std::vector<LedgerThread::Private::Outcome>> LedgerThread::Private::tryToWrite(
    std::vector<Command> &batch)
{
    std::optional<Result<std::vector<Outcome>>> done = attempt(batch, Savepoints::None);
    if (!done)
        done = attempt(batch, Savepoints::EachCommand);
    return std::move(*done);
}

/// Nothing at all if a command has to be undone alone and can't be, for want of a savepoint: then nothing of
/// the batch has happened.
std::optional<Result<std::vector<LedgerThread::Private::Outcome>>> LedgerThread::Private::attempt(
    std::vector<Command> &batch, Savepoints savepoints)
{
    using Outcomes = Result<std::vector<Outcome>>;
    const Result<> begun = begin();
    if (!begun)
        return Outcomes(begun.error());
    std::vector<Outcome> outcomes;
    outcomes.reserve(batch.size());
    for (Command &command : batch) {
        const qint64 changesBefore = session->changes();
        outcomes.push_back(writeOne(command, savepoints));
        const Outcome &outcome = outcomes.back();
        // A statement with a journal of its own may find the disk full and leave the transaction alive.
        const bool wantsPause = outcome && outcome->code == ErrorCode::LedgerFull && isPausing();
        if (session->isTransactionAlive() && !wantsPause) {
            if (!outcome || savepoints == Savepoints::EachCommand || session->changes() == changesBefore)
                continue;
            session->rollback();
            if (batch.size() == 1)
                return Outcomes(std::move(outcomes));
            return std::nullopt;
        }
        // SQLite rolled everything back (FULL, IOERR), or we do: nothing of the batch has happened.
        const Error error =
            outcome.value_or(Error{ErrorCode::LedgerError, QStringLiteral("execute ledger command"), 0, {}});
        if (!isPaused)
            logError(error);
        session->rollback();
        return Outcomes(error);
    }
    const Result<> committed = session->commit();
    if (!committed) {
        if (!isPaused)
            logError(committed.error());
        return Outcomes(committed.error());
    }
    return Outcomes(std::move(outcomes));
}

bool LedgerThread::Private::isPausing()
{
    const std::lock_guard guard(mutex);
    return pausesWhenFull && !isStopping;
}

/// False if nobody wants to wait any more. New commands queue up meanwhile.
bool LedgerThread::Private::waitForRoom(const Error &error)
{
    if (!isPausing())
        return false;
    if (!isPaused) {
        isPaused = true;
        {
            const std::lock_guard guard(mutex);
            toldOfPause = pauseObserver;
        }
        if (toldOfPause)
            toldOfPause(error);
    }
    std::unique_lock guard(mutex);
    const auto isOver = [this] { return isStopping || !pausesWhenFull; };
    return !changed.wait_for(guard, roomInterval, isOver);
}

void LedgerThread::Private::endPause()
{
    if (!std::exchange(isPaused, false))
        return;
    if (const PauseObserver told = std::exchange(toldOfPause, {}))
        told(std::nullopt);
}

LedgerThread::Private::Outcome LedgerThread::Private::writeOne(Command &command, Savepoints savepoints)
{
    Result<> done;
    if (savepoints == Savepoints::None) {
        done = command.execute(*session);
    } else {
        done = session->savepoint();
        if (!done)
            return done.error();
        done = command.execute(*session);
        if (done)
            done = session->releaseSavepoint();
        else
            session->rollbackToSavepoint();
    }
    if (!done)
        return done.error();
    return std::nullopt;
}

void LedgerThread::Private::read(std::vector<Command> &batch)
{
    for (Command &command : batch) {
        Result<> done;
        if (!session || session->isSwapped())
            done = reopen();
        if (done)
            done = session->refreshStatements();
        if (done)
            done = command.execute(*session);
        command.finish(done ? std::nullopt : Outcome(done.error()));
    }
}

Result<std::unique_ptr<LedgerThread>> LedgerThread::start(Kind kind, const OpenOptions &options)
{
    OpenOptions own = options;
    own.access = kind == Kind::Writer ? OpenOptions::Access::ReadWrite : OpenOptions::Access::ReadOnly;
    auto started = std::make_unique<Private>(kind, own);
    const Result<> launched = started->launch();
    if (!launched)
        return launched.error();
    return std::unique_ptr<LedgerThread>(new LedgerThread(std::move(started)));
}

LedgerThread::LedgerThread(std::unique_ptr<Private> thread) : d(std::move(thread)) {}

LedgerThread::~LedgerThread()
{
    stop();
}

void LedgerThread::stop()
{
    d->stop();
}

void LedgerThread::pauseWhenFull(PauseObserver observer)
{
    d->setPausing(true, std::move(observer));
}

void LedgerThread::failWhenFull()
{
    d->setPausing(false, {});
}

void LedgerThread::enqueue(Command command)
{
    d->enqueue(std::move(command));
}

} // namespace ingather::ledger
