// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.h"
#include "core/job_state.h"

#include <QList>
#include <QMap>
#include <QString>

#include <chrono>
#include <optional>

namespace ingather::core
{

enum class HealthStatus { Healthy, Degraded, Broken };

/// Error → Broken, Warning → Degraded, else Healthy.
constexpr HealthStatus statusOf(Severity worst)
{
    return worst == Severity::Error     ? HealthStatus::Broken
           : worst == Severity::Warning ? HealthStatus::Degraded
                                        : HealthStatus::Healthy;
}

struct HealthOptions {
    bool isDeep = false;    ///< pages, keys, sums of every row, files of done jobs
    bool hashFiles = false; ///< with isDeep: read every file of a done job
};

/// What a look at a ledger found. Nothing was written.
struct HealthReport {
    HealthStatus status = HealthStatus::Healthy;
    int schemaVersion = 0;
    QMap<QString, std::optional<qint64>> rowCounts; ///< by table; nullopt: could not be counted
    QMap<JobState, qint64> states;
    qint64 activeLeases = 0;
    qint64 expiredLeases = 0;
    qint64 openOps = 0;
    QList<Finding> checks; ///< all that was looked at, also what is well
    std::chrono::milliseconds elapsed{0};
};

} // namespace ingather::core
