// SPDX-License-Identifier: MIT
#include "engine/reconciliation/reconcile_keeper.h"

#include "core/error.h"
#include "core/log_line.h"
#include "engine/log.h"

#include <QDebug>

namespace ingather::engine
{

using core::ErrorCode;
using core::Result;

namespace
{

/// A look at a file costs some microseconds: a round stays short, and a million files take some hours.
constexpr qint64 filesPerRound = 10'000;

} // namespace

ReconcileKeeper::ReconcileKeeper(ledger::LedgerThread &writer, ledger::LedgerThread &reader,
                                 const Settings &settings)
    : m_reconciler(writer, reader, settings.ledgerPath, settings.leaseTtl),
      m_thread(interval, [this](const std::stop_token &stop, bool) { look(stop); })
{
}

void ReconcileKeeper::look(const std::stop_token &stop)
{
    const Result<core::ReconcileReport> report = m_reconciler.reconcile(filesPerRound, {}, {.stop = stop});
    if (!report) {
        const ErrorCode code = report.error().code;
        if (code != ErrorCode::LedgerBusy && code != ErrorCode::Cancelled && code != ErrorCode::LedgerClosed)
            qCWarning(logEngine).noquote() << core::LogContext().with(report.error())
                                           << "reconciling:" << core::toLogText(report.error());
        return;
    }
    for (const core::ReconcileItem &item : report->items) {
        if (!core::isOnlyReported(item.deed))
            qCInfo(logEngine).noquote() << core::LogContext{.job = item.job}
                                        << "reconciled:" << core::reconcileDeedName(item.deed) << item.place;
    }
}

} // namespace ingather::engine
