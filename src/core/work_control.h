// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <functional>
#include <stop_token>

namespace ingather::core
{

/// What a long piece of work is at. Names for people are made in models/.
enum class WorkStep {
    CheckingPages,
    CheckingKeys,
    CheckingRows,
    CheckingFiles,
    CopyingLedger,
    ReadingPages,
    WritingRows,
    VerifyingLedger,
    Compressing,
};

/// `total` 0: not known. Units are whatever the step counts: pages, rows, files, bytes.
struct WorkProgress {
    WorkStep step = WorkStep::CheckingPages;
    qint64 done = 0;
    qint64 total = 0;
};

/// How somebody who ordered a long piece of work stays in touch with it. The work calls `progress` (if
/// there is one) on its own thread, a few times a second at most, and gives up with Cancelled soon after a
/// stop was requested.
struct WorkControl {
    std::stop_token stop = {};
    std::function<void(const WorkProgress &)> progress = {};

    bool isStopped() const { return stop.stop_requested(); }
    void report(WorkStep step, qint64 done, qint64 total) const
    {
        if (progress)
            progress({step, done, total});
    }
};

} // namespace ingather::core
