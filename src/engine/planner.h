// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "engine/snapshots.h"

#include <QList>

namespace ingather::ledger
{
class LedgerThread;
}

namespace ingather::engine
{

class Credentials;

/// Turns what people hand over into jobs, and answers what they asked for again (DESIGN §4). Looks at
/// folders and files, so it runs on a thread that may block.
class Planner final
{
public:
    Planner(ledger::LedgerThread &writer, Credentials &credentials)
        : m_writer(writer), m_credentials(credentials)
    {
    }

    /// All or nothing: if one request is refused, none is planned, and every answer is Rejected (those that
    /// were right in themselves without an error). An Error is the ledger's.
    core::Result<QList<AddAnswer>> add(const QList<AddRequest> &requests, bool retryEnded);

private:
    core::Result<> answerEnded(AddAnswer &answer, bool retryEnded);

    ledger::LedgerThread &m_writer;
    Credentials &m_credentials;
};

} // namespace ingather::engine
