// SPDX-License-Identifier: MIT
#pragma once

#include "cli/await.h"
#include "cli/command_context.h"
#include "cli/exit_code.h"
#include "core/work_control.h"
#include "engine/ledger_care.h"

#include <QElapsedTimer>
#include <QObject>

namespace ingather::cli
{

/// Care for the ledger at work, seen from the terminal: a line of progress for what takes long, and an end in
/// order when a signal comes. Lives on the main thread.
class CareRun final : public QObject
{
public:
    explicit CareRun(CommandContext &context);
    ~CareRun() override;
    Q_DISABLE_COPY_MOVE(CareRun)

    engine::LedgerCare &care() { return m_care; }

    /// Waits for the answer of one call.
    template <typename T>
    core::Result<T> wait(const QFuture<core::Result<T>> &future)
    {
        core::Result<T> result = resultOf(future);
        m_context.output.showProgress({});
        return result;
    }

    /// Says on stderr why the work was not done; returns the exit code: that of an interruption if a signal
    /// came, that of a wrong usage for a file that is missing or in the way, `otherwise` for what says
    /// neither that the call was wrong nor that the ledger can't be used.
    int report(const core::Error &error, ExitCode otherwise = NotAllWell);

private:
    void draw(const core::WorkProgress &progress);

    CommandContext &m_context;
    engine::LedgerCare m_care;
    QElapsedTimer m_sinceStart;
};

} // namespace ingather::cli
