// SPDX-License-Identifier: MIT
#include "ledger/health/interruption.h"

#include <sqlite3.h>

namespace ingather::ledger
{

StopsStatements::StopsStatements(sqlite3 *connection, const std::stop_token &stop)
    : m_callback(stop, Interrupt{connection})
{
}

void StopsStatements::Interrupt::operator()() const
{
    sqlite3_interrupt(connection);
}

StatementDeadline::StatementDeadline(sqlite3 *connection, std::chrono::steady_clock::time_point end)
    : m_end(end), m_thread([this, connection](const std::stop_token &stop) {
          std::unique_lock lock(m_mutex);
          m_wakeUp.wait_until(lock, stop, m_end, [] { return false; });
          if (!stop.stop_requested())
              sqlite3_interrupt(connection);
      })
{
}

StatementDeadline::~StatementDeadline() = default;

bool StatementDeadline::hasPassed() const
{
    return std::chrono::steady_clock::now() >= m_end;
}

bool isInterruption(int nativeCode)
{
    return (nativeCode & 0xff) == SQLITE_INTERRUPT;
}

} // namespace ingather::ledger
