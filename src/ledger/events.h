// SPDX-License-Identifier: MIT
#pragma once

#include "core/fence.h"
#include "core/job_id.h"
#include "core/result.h"
#include "ledger/session.h"

#include <QString>

namespace ingather::ledger
{

/// What happened, for the append-only history; written in the transaction of the deed. Texts are literals:
/// CLAIM, INTENT, RESULT, FAILURE, STATE, ABANDON, LOST_LEASE, RELEASE, WISH, REFETCH,
/// EXCUSE.
struct Event {
    const char *event;
    core::JobId job;
    core::Fence fence;
    QString owner;
    QString code;
    QString detail;
    QString opKey;
    QString opType;
    int attempt = 0;
};

core::Result<> writeEvent(Session &session, const Event &event);

} // namespace ingather::ledger
