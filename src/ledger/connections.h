// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "ledger/session.h"

#include <memory>

namespace ingather::ledger
{

/// One session a thread, opened when the thread first asks and reused after that; never shared, as QtSql's
/// connections belong to their thread. A thread's session is closed when the thread ends, or by close(). At
/// most `limit` at a time. Thread-safe. On destruction the calling thread's session is closed; other threads
/// keep theirs, unreachable, until they end.
class Connections final
{
public:
    Connections(OpenOptions options, int limit);
    ~Connections();
    Q_DISABLE_COPY_MOVE(Connections)

    /// The calling thread's session, valid until the thread ends, calls close(), or asks again after another
    /// file was put in the ledger's place: then it is a new one. TooManyConnections past the limit; else the
    /// errors of Session::open().
    core::Result<Session *> session();
    /// Closes the calling thread's session, if it has one.
    void close();
    /// Sessions open in all threads.
    int count() const;

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace ingather::ledger
