// SPDX-License-Identifier: MIT
#pragma once

#include "ledger/life_step.h"

namespace ingather::ledger
{

/// The op rows of a life step. Each function writes the row and its event, under a lease that the
/// caller has asserted; LeaseLost if a younger fence has written the row.

/// Announces. A recorded result instead, if the op was done already; never for HEAD and RESUME, which are
/// asked anew each time.
core::Result<std::optional<QJsonObject>> announce(Session &session, const Lease &lease, const OpIntent &op);
core::Result<> finish(Session &session, const Lease &lease, const OpDone &op);
core::Result<> abandon(Session &session, const Lease &lease, const QString &opKey);
/// What is still announced when the job has ended.
core::Result<> abandonOpen(Session &session, const Lease &lease);
/// The open ops of this lease have failed.
core::Result<> failOpen(Session &session, const Lease &lease, const QString &errorCode);

} // namespace ingather::ledger
