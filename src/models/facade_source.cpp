// SPDX-License-Identifier: MIT
#include "models/facade_source.h"

namespace ingather::models
{

FacadeSource::FacadeSource(engine::Facade &facade, QObject *parent) : JobSource(parent), m_facade(facade)
{
    connect(&facade, &engine::Facade::changed, this, &JobSource::changed);
    connect(&facade, &engine::Facade::ledgerFailed, this, &JobSource::ledgerFailed);
    connect(&facade, &engine::Facade::ledgerPaused, this, &JobSource::ledgerPaused);
}

QFuture<core::Result<QList<engine::JobSnapshot>>> FacadeSource::jobs(const engine::JobQuery &query)
{
    return m_facade.jobs(query);
}

QFuture<core::Result<QList<engine::JobSnapshot>>> FacadeSource::changedSince(core::UnixTime cursor, int limit)
{
    return m_facade.changedSince(cursor, limit);
}

QFuture<core::Result<QList<engine::OpSnapshot>>> FacadeSource::ops(const core::JobId &id)
{
    return m_facade.ops(id);
}

QFuture<core::Result<engine::StatusSnapshot>> FacadeSource::status()
{
    return m_facade.status();
}

QFuture<core::Result<QList<engine::AddAnswer>>> FacadeSource::add(const QList<engine::AddRequest> &requests,
                                                                  bool retryEnded)
{
    return m_facade.add(requests, retryEnded);
}

QFuture<core::Result<engine::WishAnswer>> FacadeSource::wish(engine::Wish wish,
                                                             const engine::JobSelection &selection)
{
    return m_facade.wish(wish, selection);
}

QList<engine::ProgressSnapshot> FacadeSource::progress() const
{
    return m_facade.progress();
}

core::UnixTime FacadeSource::now() const
{
    return m_facade.now();
}

QString FacadeSource::ownOwner() const
{
    return m_facade.ownOwner();
}

} // namespace ingather::models
