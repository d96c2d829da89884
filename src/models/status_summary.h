// SPDX-License-Identifier: MIT
#pragma once

#include "models/job_group.h"
#include "models/job_source.h"

#include <QStringList>

#include <optional>

namespace ingather::models
{

/// The counts of the whole ledger, whatever part of it a table has read; kept up to date with the
/// change feed.
class StatusSummary final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatusSummary)

public:
    /// `source` must outlive this object.
    explicit StatusSummary(JobSource &source, QObject *parent = nullptr);

    void refresh();

    bool isKnown() const { return m_status.has_value(); }
    qint64 count(JobGroup group) const;
    qint64 total() const;
    /// "12 jobs: 3 active, 5 waiting, 2 done, 1 failed · 4.2 MiB/s"
    QString text(double bytesPerSecond) const;
    /// What keeps jobs from being fetched beside their turn, a text each: no network, a volume that is full.
    QStringList hindrances() const;

Q_SIGNALS:
    void updated();

private:
    JobSource &m_source;
    std::optional<engine::StatusSnapshot> m_status;
    bool m_isUnderWay = false;
    bool m_isChangedAgain = false;
};

} // namespace ingather::models
