// SPDX-License-Identifier: MIT
#pragma once

#include "engine/snapshots.h"
#include "ledger/hosts.h"
#include "ledger/records.h"

namespace ingather::engine
{

JobSnapshot toSnapshot(const ledger::JobRecord &job);
OpSnapshot toSnapshot(const ledger::OpRecord &op);
HostSnapshot toSnapshot(const ledger::HostRecord &host);
EventSnapshot toSnapshot(const ledger::EventRecord &event);

template <typename Record>
auto toSnapshots(const QList<Record> &records) -> QList<decltype(toSnapshot(std::declval<Record>()))>
{
    QList<decltype(toSnapshot(std::declval<Record>()))> snapshots;
    snapshots.reserve(records.size());
    for (const Record &record : records)
        snapshots.append(toSnapshot(record));
    return snapshots;
}

} // namespace ingather::engine
