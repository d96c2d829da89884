// SPDX-License-Identifier: MIT
#pragma once

#include "models/job_source.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QList>
#include <QSet>
#include <QTimer>

#include <optional>

namespace ingather::models
{

/// The jobs of the ledger as a table. Rows come in pages, newest job first, and are only ever
/// appended; the change feed updates them and brings new ones. While this process fetches, its
/// progress is merged five times a second. Texts that count down (time left, next try) are made anew
/// whenever they are asked for: the view repaints, no dataChanged is needed for them.
/// Display text and raw value lie under different roles, so that sorting never parses a text.
class JobTableModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobTableModel)

public:
    enum Column {
        NameColumn,
        StateColumn,
        ProgressColumn,
        SizeColumn,
        SpeedColumn,
        RemainingColumn,
        OwnerColumn,
        LeaseColumn,
        HostColumn,
        AddedColumn,
        ColumnCount,
    };
    enum Role {
        SortRole = Qt::UserRole + 1, ///< the raw value; invalid: not known
        IdRole,                      ///< QString
        GroupRole,                   ///< int of JobGroup
        FractionRole,                ///< double in [0, 1]; invalid: not known
        UrlRole,                     ///< QString
    };

    /// `source` must outlive the model. Nothing is asked for before reload().
    explicit JobTableModel(JobSource &source, QObject *parent = nullptr);

    /// Empties the table and reads it again from the first page.
    void reload();
    /// Ask for page after page without waiting for a view to scroll (needed for sorting by any column).
    void setBackgroundLoading(bool isOn);

    bool isFirstPageLoaded() const { return m_isFirstPageLoaded; }
    bool isComplete() const { return m_isFirstPageLoaded && !m_hasMore; }

    const engine::JobSnapshot &jobAt(int row) const { return m_jobs.at(row); }
    /// nullopt while the job has not been read.
    std::optional<int> rowOf(const core::JobId &id) const;
    /// What this process is receiving in that row.
    std::optional<engine::ProgressSnapshot> progressAt(int row) const;
    /// Bytes a second of all jobs of this process.
    double totalSpeed() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

Q_SIGNALS:
    void firstPageLoaded();
    /// Progress of this process was merged.
    void progressed();
    /// A request failed; the model goes on with what it has and asks again at the next change.
    void failed(const ingather::core::Error &error);

private:
    void requestPage();
    void takePage(const QList<engine::JobSnapshot> &page, int asked);
    void requestChanges();
    void merge(const QList<engine::JobSnapshot> &jobs);
    void setRow(int row, const engine::JobSnapshot &job);
    void noteLease(int row);
    void mergeProgress();
    void emitChanged(QList<int> rows, Column first, Column last);

    QVariant displayText(int row, int column) const;
    QVariant sortValue(int row, int column) const;
    QVariant toolTip(int row, int column) const;
    std::optional<qint64> totalBytes(int row) const;
    std::optional<double> fraction(int row) const;
    std::optional<double> remainingSeconds(int row) const;

    JobSource &m_source;
    QList<engine::JobSnapshot> m_jobs;
    QHash<core::JobId, int> m_rows;
    QHash<int, engine::ProgressSnapshot> m_progress;
    QSet<int> m_ownLeases; ///< rows leased to this process: progress may come
    QTimer m_progressTimer;

    quint64 m_run = 0; ///< answers to requests of an earlier reload() are dropped
    core::JobId m_pageCursor;
    core::UnixTime m_changeCursor;
    bool m_isPageUnderWay = false;
    bool m_areChangesUnderWay = false;
    bool m_isChangedAgain = false;
    bool m_isFirstPageLoaded = false;
    bool m_hasMore = true;
    bool m_isLoadingInBackground = false;
};

} // namespace ingather::models
