// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

struct sqlite3;

namespace ingather::ledger
{

/// Ends the running statement of a connection when somebody asks for it: from another thread, because the
/// instruction that counts the entries of a whole b-tree calls no progress handler.
class StopsStatements final
{
public:
    StopsStatements(sqlite3 *connection, const std::stop_token &stop);
    Q_DISABLE_COPY_MOVE(StopsStatements)

private:
    struct Interrupt {
        sqlite3 *connection;
        void operator()() const;
    };
    std::stop_callback<Interrupt> m_callback;
};

/// The same once a time has come.
class StatementDeadline final
{
public:
    StatementDeadline(sqlite3 *connection, std::chrono::steady_clock::time_point end);
    ~StatementDeadline();
    Q_DISABLE_COPY_MOVE(StatementDeadline)

    bool hasPassed() const;

private:
    std::chrono::steady_clock::time_point m_end;
    std::mutex m_mutex;
    std::condition_variable_any m_wakeUp;
    std::jthread m_thread; ///< last: it uses the others
};

/// Whether an error says that the statement was ended by one of the two.
bool isInterruption(int nativeCode);

} // namespace ingather::ledger
