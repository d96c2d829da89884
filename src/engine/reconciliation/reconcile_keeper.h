// SPDX-License-Identifier: MIT
#pragma once

#include "engine/periodic_thread.h"
#include "engine/reconciliation/reconciler.h"
#include "engine/settings.h"

namespace ingather::engine
{

/// Reconciles at once and then every minute, as long as a worker runs; on a thread of its own. Where another
/// process is at it, that one's work is enough. What fails is logged and tried again in the next round.
class ReconcileKeeper final
{
public:
    static constexpr std::chrono::milliseconds interval = std::chrono::minutes(1);

    ReconcileKeeper(ledger::LedgerThread &writer, ledger::LedgerThread &reader, const Settings &settings);

    /// Gives up what is under way, without waiting for it. Thread-safe.
    void stop() { m_thread.stop(); }

private:
    void look(const std::stop_token &stop);

    Reconciler m_reconciler;
    PeriodicThread m_thread; ///< the last member: it uses the others
};

} // namespace ingather::engine
