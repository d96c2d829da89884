// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"
#include "core/health_report.h"
#include "core/result.h"
#include "core/work_control.h"
#include "platform/file_system.h"
#include "platform/process_identity.h"

#include <QString>

#include <chrono>
#include <functional>

namespace ingather::ledger
{

/// What a look at a ledger needs to know of the world. The functions and the version are there to be replaced
/// by tests.
struct HealthRequest {
    QString path;
    bool isDeep = false;                        ///< pages, keys and every row as well
    std::chrono::milliseconds countingEnds{70}; ///< of a quick look: since its beginning
    const core::Clock *clock = nullptr;         ///< outlives the call
    std::function<platform::Liveness(const platform::ProcessIdentity &)> livenessOf = platform::livenessOf;
    std::function<core::Result<qint64>(const QString &)> freeSpace = platform::freeSpace;
    std::function<core::Result<bool>(const QString &)> isNetworkFileSystem = platform::isNetworkFileSystem;
    int sqliteVersion = 0; ///< 0: that of the library in use
};

/// Looks at a ledger in whatever state it is and tells what it finds; what is wrong with the file is a
/// finding, not an error. Strictly read-only: creates, migrates and writes nothing, and leaves nothing beside
/// the file that was not there. The quick look takes less than 100 ms at a million jobs; a table that can't
/// be counted in its time has no count. Cancelled; LedgerBusy while another program shuts readers out.
core::Result<core::HealthReport> checkHealth(const HealthRequest &request, const core::WorkControl &control);

} // namespace ingather::ledger
