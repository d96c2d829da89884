// SPDX-License-Identifier: MIT
#include "ledger/ledger_thread.h"

#include "core/error.h"
#include "ledger/log.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
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

} // namespace

class LedgerThread::Private final
{
public:
    Private(Kind threadKind, OpenOptions openOptions) : kind(threadKind), options(std::move(openOptions)) {}

    Result<> launch();
    void enqueue(Command command);
    void stop();

private:
    using Outcome = std::optional<Error>;

    void run();
    std::vector<Command> take();
    Result<> reopen();
    Result<> begin();
    void write(std::vector<Command> &batch);
    Outcome writeOne(Command &command);
    void read(std::vector<Command> &batch);

    const Kind kind;
    const OpenOptions options;

    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Command> queue; // under mutex
    bool isStopping = false;   // under mutex: set and read with the queue, so that nothing slips past the end
    bool hasOpened = false;    // under mutex
    std::optional<Error> openError; // under mutex

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
    const auto finishAll = [&batch](const Error &error) {
        for (Command &command : batch)
            command.finish(error);
    };
    const Result<> begun = begin();
    if (!begun) {
        finishAll(begun.error());
        return;
    }
    std::vector<Outcome> outcomes;
    outcomes.reserve(batch.size());
    for (Command &command : batch) {
        outcomes.push_back(writeOne(command));
        if (session->isTransactionAlive())
            continue;
        // SQLite rolled everything back (FULL, IOERR): nothing of the batch has happened.
        const Error error = outcomes.back().value_or(
            Error{ErrorCode::LedgerError, QStringLiteral("execute ledger command"), 0, {}});
        logError(error);
        session->rollback();
        finishAll(error);
        return;
    }
    const Result<> committed = session->commit();
    if (!committed) {
        logError(committed.error());
        finishAll(committed.error());
        return;
    }
    for (std::size_t i = 0; i < batch.size(); ++i)
        batch[i].finish(outcomes[i]);
}

LedgerThread::Private::Outcome LedgerThread::Private::writeOne(Command &command)
{
    Result<> done = session->savepoint();
    if (!done)
        return done.error();
    done = command.execute(*session);
    if (done)
        done = session->releaseSavepoint();
    else
        session->rollbackToSavepoint();
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

void LedgerThread::enqueue(Command command)
{
    d->enqueue(std::move(command));
}

} // namespace ingather::ledger
