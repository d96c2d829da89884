// SPDX-License-Identifier: MIT
#pragma once

#include "core/work_control.h"

#include <chrono>

namespace ingather::ledger
{

/// Passes the progress of one step on, at most five times a second, and its end.
class PacedProgress final
{
public:
    PacedProgress(const core::WorkControl &control, core::WorkStep step) : m_control(control), m_step(step) {}

    void tell(qint64 done, qint64 total)
    {
        const auto now = std::chrono::steady_clock::now();
        if (now - m_last < interval && done != total)
            return;
        m_last = now;
        m_control.report(m_step, done, total);
    }

private:
    static constexpr std::chrono::milliseconds interval{200};

    const core::WorkControl &m_control;
    core::WorkStep m_step;
    std::chrono::steady_clock::time_point m_last{};
};

} // namespace ingather::ledger
