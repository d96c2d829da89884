// SPDX-License-Identifier: MIT
#pragma once

#include "core/work_control.h"

#include <stop_token>

struct sqlite3;

namespace ingather::ledger
{

/// While it lives, all statements of the connection see one state of the ledger, whoever writes meanwhile,
/// and a stop that is asked for ends the running one. Inside a transaction of the caller's it begins none.
class ReadSection final
{
public:
    ReadSection(sqlite3 *connection, const core::WorkControl &control);
    ~ReadSection();
    Q_DISABLE_COPY_MOVE(ReadSection)

private:
    struct Interrupt {
        sqlite3 *connection;
        void operator()() const;
    };
    sqlite3 *m_connection;
    bool m_hasBegun = false;
    std::stop_callback<Interrupt> m_onStop;
};

} // namespace ingather::ledger
