// SPDX-License-Identifier: MIT
#include "ledger/validation/read_section.h"

#include <sqlite3.h>

namespace ingather::ledger
{

ReadSection::ReadSection(sqlite3 *connection, const core::WorkControl &control)
    : m_connection(connection), m_onStop(control.stop, Interrupt{connection})
{
    if (sqlite3_get_autocommit(connection) != 0)
        m_hasBegun = sqlite3_exec(connection, "BEGIN", nullptr, nullptr, nullptr) == SQLITE_OK;
}

ReadSection::~ReadSection()
{
    if (m_hasBegun)
        sqlite3_exec(m_connection, "ROLLBACK", nullptr, nullptr, nullptr);
}

void ReadSection::Interrupt::operator()() const
{
    sqlite3_interrupt(connection);
}

} // namespace ingather::ledger
