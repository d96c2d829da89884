// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/leases.h"
#include "ledger/ledger_thread.h"
#include "ledger/life_step.h"

#include <atomic>
#include <deque>
#include <functional>
#include <latch>
#include <mutex>

namespace ingather::bench
{

/// The three transactions of a job's life after its claim.
ledger::LifeStep announcement(const ledger::ClaimedJob &job); ///< [HEAD done + STREAM intent]
ledger::LifeStep filing(const ledger::ClaimedJob &job);       ///< [STREAM done + FINALIZE intent]
ledger::LifeStep ending(const ledger::ClaimedJob &job);       ///< [FINALIZE done + INDEX + job done]

/// Lives of jobs over one writer, several at a time, each step after the one before was committed. Lanes are
/// chains of futures here, which is what coroutines are to the writer.
class Lanes final
{
public:
    Lanes(ledger::LedgerThread &writer, qint64 jobs, int lanes);
    /// Claims and ends that many jobs.
    void run();

private:
    void claimMore();
    void claimAhead();
    void next();
    void step(const ledger::LifeStep &what, std::function<void()> then);
    void live(const ledger::ClaimedJob &job);

    ledger::LedgerThread &m_writer;
    const qint64 m_jobs;
    const int m_lanes;
    std::latch m_finished;
    std::mutex m_mutex; // guards the next two
    std::deque<ledger::ClaimedJob> m_waiting;
    qint64 m_started = 0;
    std::atomic<bool> m_isClaiming{false};
    std::atomic<int> m_idle{0}; ///< lanes that found nothing to do
};

} // namespace ingather::bench
