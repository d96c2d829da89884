// SPDX-License-Identifier: MIT
#pragma once

#include "engine/facade.h"
#include "models/job_source.h"

namespace ingather::models
{

/// The engine's façade as a JobSource. Has no signals of its own, hence no Q_OBJECT: nothing of it is
/// linked into programs that bring another source.
class FacadeSource final : public JobSource
{
public:
    /// `facade` must outlive this object.
    explicit FacadeSource(engine::Facade &facade, QObject *parent = nullptr);

    QFuture<core::Result<QList<engine::JobSnapshot>>> jobs(const engine::JobQuery &query) override;
    QFuture<core::Result<QList<engine::JobSnapshot>>> changedSince(core::UnixTime cursor, int limit) override;
    QFuture<core::Result<QList<engine::OpSnapshot>>> ops(const core::JobId &id) override;
    QFuture<core::Result<engine::StatusSnapshot>> status() override;
    QFuture<core::Result<QList<engine::AddAnswer>>> add(const QList<engine::AddRequest> &requests,
                                                        bool retryEnded) override;
    QFuture<core::Result<engine::WishAnswer>> wish(engine::Wish wish,
                                                   const engine::JobSelection &selection) override;
    QList<engine::ProgressSnapshot> progress() const override;
    core::UnixTime now() const override;
    QString ownOwner() const override;

private:
    engine::Facade &m_facade;
};

} // namespace ingather::models
