// SPDX-License-Identifier: MIT
#include "ledger/events.h"

#include "ledger/bind.h"

namespace ingather::ledger
{

core::Result<> writeEvent(Session &session, const Event &event)
{
    static constexpr char sql[] = "INSERT INTO ingather_events(at, job_id, op_key, op_type, attempt, fence, "
                                  "owner, event, code, detail) "
                                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    return execute(session, sql, "write event",
                   {time(session.stamp()), textOrNull(event.job.value), textOrNull(event.opKey),
                    textOrNull(event.opType), event.attempt > 0 ? integer(event.attempt) : null(),
                    event.fence.value != 0 ? integer(event.fence.value) : null(), textOrNull(event.owner),
                    text(QString::fromLatin1(event.event)), textOrNull(event.code),
                    textOrNull(event.detail)});
}

} // namespace ingather::ledger
