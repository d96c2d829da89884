// SPDX-License-Identifier: MIT
#include "engine/job_run.h"

#include "engine/blocking.h"
#include "engine/volumes/mounted_roots.h"
#include "engine/volumes/room_board.h"
#include "ledger/ledger_thread.h"
#include "ledger/volumes.h"

#include <QCoroFuture>

namespace ingather::engine
{

/// Where a volume is mounted in the root itself, that is remembered: the empty folder which is there without
/// it is not the root.
QCoro::Task<core::Result<>> JobRun::lookForRoot()
{
    const ledger::JobRecord &job = m_claimed.job;
    if (m_services.mounts.isKnownToBeThere(job.rootPath))
        co_return Result<>();
    auto looking = runBlocking(m_services.blocking, [&mounts = m_services.mounts, root = job.rootPath] {
        return mounts.look(root);
    });
    const Result<MountedRoots::Seen> seen = co_await looking;
    if (!seen)
        co_return seen.error();
    if (*seen == MountedRoots::Seen::NewMount) {
        auto noted = m_services.writer.post<void>([root = job.rootId.value_or(0)](ledger::Session &session) {
            return ledger::noteVolume(session, root, QStringLiteral("mounted"));
        });
        if (Result<> outcome = co_await noted; !outcome)
            warn("noting that a volume is mounted there:", outcome.error());
    }
    co_return Result<>();
}

/// For the whole of that part, beside what other transfers have taken.
QCoro::Task<core::Result<>> JobRun::takeRoom(QString part, std::optional<qint64> size)
{
    auto looking = runBlocking(m_services.blocking, [&rooms = m_services.rooms, id = m_claimed.job.id,
                                                     root = m_claimed.job.rootPath, part,
                                                     size] { return rooms.take(id, root, part, size); });
    Result<> room = co_await looking;
    co_return room;
}

} // namespace ingather::engine
