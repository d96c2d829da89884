// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "engine/snapshots.h"

#include <QFuture>
#include <QObject>

namespace ingather::models
{

/// What models and windows need of the engine, and no more: the program puts FacadeSource behind it,
/// tests a source of their own. Lives on the GUI thread; no call blocks. Answers come in the order
/// and with the meaning that engine::Facade gives them.
class JobSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual QFuture<core::Result<QList<engine::JobSnapshot>>> jobs(const engine::JobQuery &query) = 0;
    virtual QFuture<core::Result<QList<engine::JobSnapshot>>> changedSince(core::UnixTime cursor,
                                                                           int limit) = 0;
    virtual QFuture<core::Result<QList<engine::OpSnapshot>>> ops(const core::JobId &id) = 0;
    virtual QFuture<core::Result<engine::StatusSnapshot>> status() = 0;
    virtual QFuture<core::Result<QList<engine::AddAnswer>>> add(const QList<engine::AddRequest> &requests,
                                                                bool retryEnded) = 0;
    virtual QFuture<core::Result<engine::WishAnswer>> wish(engine::Wish wish,
                                                           const engine::JobSelection &selection) = 0;

    /// Jobs that this process is fetching at this moment; cheap.
    virtual QList<engine::ProgressSnapshot> progress() const = 0;
    virtual core::UnixTime now() const = 0;
    /// The lease owner that stands for this process.
    virtual QString ownOwner() const = 0;

Q_SIGNALS:
    /// Something in the ledger changed; at most five times a second.
    void changed();
    /// The ledger can't be written any more.
    void ledgerFailed(const QString &text);
    /// It waits for room, and goes on by itself.
    void ledgerPaused(const ingather::core::Error &why);
};

} // namespace ingather::models
