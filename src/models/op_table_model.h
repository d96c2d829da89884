// SPDX-License-Identifier: MIT
#pragma once

#include "models/job_source.h"

#include <QAbstractTableModel>
#include <QList>

namespace ingather::models
{

/// The operations of one job, oldest first, read again whenever the ledger changes. Rows that stay
/// keep their place (and their selection); only what differs is announced.
class OpTableModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OpTableModel)

public:
    enum Column {
        TypeColumn,
        PhaseColumn,
        AttemptColumn,
        StartedColumn,
        DurationColumn,
        ResultColumn,
        FenceColumn,
        OwnerColumn,
        DetailColumn,
        ColumnCount,
    };
    enum Role {
        SortRole = Qt::UserRole + 1, ///< the raw value
        PhaseRole,                   ///< int of core::OpPhase
    };

    /// `source` must outlive the model.
    explicit OpTableModel(JobSource &source, QObject *parent = nullptr);

    /// Whose operations to show; an empty id shows none.
    void setJob(const core::JobId &id);
    const core::JobId &job() const { return m_job; }

    /// What the server knows the content by, as the last operation that recorded it has it; may be empty.
    QString validators() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void request();
    void take(const QList<engine::OpSnapshot> &ops);
    QVariant displayText(const engine::OpSnapshot &op, int column) const;
    QVariant sortValue(const engine::OpSnapshot &op, int column) const;
    QVariant toolTip(const engine::OpSnapshot &op, int column) const;

    JobSource &m_source;
    core::JobId m_job;
    QList<engine::OpSnapshot> m_ops;
    bool m_isUnderWay = false;
    bool m_isChangedAgain = false;
};

} // namespace ingather::models
