// SPDX-License-Identifier: MIT
#include "ledger/connections.h"

#include "core/error.h"

#include <QThreadStorage>

#include <atomic>
#include <map>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

struct Connections::Shared {
    Shared(OpenOptions openOptions, int most) : options(std::move(openOptions)), limit(most) {}
    const OpenOptions options;
    const int limit;
    std::atomic<int> open{0};
};

namespace
{

/// A session and the count that it stands in, which may outlive the Connections it came from.
class Counted final
{
public:
    Counted(std::unique_ptr<Session> opened, std::shared_ptr<std::atomic<int>> count)
        : m_session(std::move(opened)), m_count(std::move(count))
    {
    }
    ~Counted()
    {
        m_session.reset();
        --*m_count;
    }
    Q_DISABLE_COPY_MOVE(Counted)
    Session *session() const { return m_session.get(); }

private:
    std::unique_ptr<Session> m_session;
    std::shared_ptr<std::atomic<int>> m_count;
};

using SessionsOfThread = std::map<const void *, std::unique_ptr<Counted>>;

// Qt's storage, not thread_local: its content goes before QThread::wait() returns.
SessionsOfThread &sessionsOfThread()
{
    static QThreadStorage<SessionsOfThread> storage;
    return storage.localData();
}

} // namespace

Connections::Connections(OpenOptions options, int limit)
    : m_shared(std::make_shared<Shared>(std::move(options), limit))
{
}

Connections::~Connections()
{
    close();
}

Result<Session *> Connections::session()
{
    const auto found = sessionsOfThread().find(m_shared.get());
    if (found != sessionsOfThread().end()) {
        Session *kept = found->second->session();
        if (kept->isInTransaction() || !kept->isSwapped())
            return kept;
        sessionsOfThread().erase(found); // of a file that is the ledger no more
    }

    if (++m_shared->open > m_shared->limit) {
        --m_shared->open;
        return Error{ErrorCode::TooManyConnections, QStringLiteral("open ledger"), 0,
                     QStringLiteral("limit %1").arg(m_shared->limit)};
    }
    Result<std::unique_ptr<Session>> opened = Session::open(m_shared->options);
    if (!opened) {
        --m_shared->open;
        return opened.error();
    }
    // Shares ownership with m_shared: the address stays taken, so no other Connections can have it while
    // this entry lives.
    auto counted = std::make_unique<Counted>(std::move(*opened),
                                             std::shared_ptr<std::atomic<int>>(m_shared, &m_shared->open));
    Session *session = counted->session();
    sessionsOfThread().emplace(m_shared.get(), std::move(counted));
    return session;
}

void Connections::close()
{
    sessionsOfThread().erase(m_shared.get());
}

int Connections::count() const
{
    return m_shared->open;
}

} // namespace ingather::ledger
