// SPDX-License-Identifier: MIT
#include "models/job_table_model.h"

#include "models/when_done.h"

#include <algorithm>

namespace ingather::models
{

using engine::JobSnapshot;
using engine::ProgressSnapshot;

namespace
{

constexpr int firstPage = 200; // on the screen at once
constexpr int laterPages = 2000;
constexpr int changesAtOnce = 1000;
constexpr int progressInterval = 200; // ms

} // namespace

JobTableModel::JobTableModel(JobSource &source, QObject *parent)
    : QAbstractTableModel(parent), m_source(source)
{
    m_progressTimer.setInterval(progressInterval);
    connect(&m_progressTimer, &QTimer::timeout, this, &JobTableModel::mergeProgress);
    connect(&source, &JobSource::changed, this, &JobTableModel::requestChanges);
}

void JobTableModel::reload()
{
    beginResetModel();
    ++m_run;
    m_jobs.clear();
    m_rows.clear();
    m_progress.clear();
    m_ownLeases.clear();
    m_pageCursor = {};
    m_changeCursor = {};
    m_isPageUnderWay = m_areChangesUnderWay = m_isChangedAgain = false;
    m_isFirstPageLoaded = false;
    m_hasMore = true;
    endResetModel();
    m_progressTimer.start();
    requestPage();
}

void JobTableModel::setBackgroundLoading(bool isOn)
{
    m_isLoadingInBackground = isOn;
    if (isOn && m_isFirstPageLoaded && m_hasMore)
        requestPage();
}

std::optional<int> JobTableModel::rowOf(const core::JobId &id) const
{
    const auto it = m_rows.constFind(id);
    return it == m_rows.constEnd() ? std::nullopt : std::optional(it.value());
}

std::optional<ProgressSnapshot> JobTableModel::progressAt(int row) const
{
    const auto it = m_progress.constFind(row);
    return it == m_progress.constEnd() ? std::nullopt : std::optional(it.value());
}

double JobTableModel::totalSpeed() const
{
    double sum = 0;
    for (const ProgressSnapshot &progress : m_progress)
        sum += progress.bytesPerSecond;
    return sum;
}

bool JobTableModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_isFirstPageLoaded && m_hasMore && !m_isPageUnderWay;
}

void JobTableModel::fetchMore(const QModelIndex &parent)
{
    if (canFetchMore(parent))
        requestPage();
}

void JobTableModel::requestPage()
{
    if (m_isPageUnderWay || !m_hasMore)
        return;
    m_isPageUnderWay = true;
    engine::JobQuery query;
    query.after = m_pageCursor;
    query.limit = m_isFirstPageLoaded ? laterPages : firstPage;
    query.newestFirst = true;
    const auto take = [this, run = m_run, asked = query.limit](const core::Result<QList<JobSnapshot>> &page) {
        if (run != m_run)
            return;
        m_isPageUnderWay = false;
        if (page)
            takePage(*page, asked);
        else
            Q_EMIT failed(page.error());
    };
    whenDone(m_source.jobs(query), this, take);
}

void JobTableModel::takePage(const QList<JobSnapshot> &page, int asked)
{
    m_hasMore = page.size() == asked;
    if (!page.isEmpty())
        m_pageCursor = page.last().id;
    const bool isFirst = !m_isFirstPageLoaded;
    if (isFirst) {
        // A lower bound of the ledger's last change that no jump of a clock can make wrong: whatever
        // changes from here on is later than what this page shows.
        for (const JobSnapshot &job : page)
            m_changeCursor = std::max(m_changeCursor, job.updatedAt);
        m_isFirstPageLoaded = true;
    }
    merge(page);
    if (isFirst) {
        Q_EMIT firstPageLoaded();
        requestChanges(); // what was announced while the page was under way
    }
    if (m_isLoadingInBackground && m_hasMore)
        QMetaObject::invokeMethod(this, &JobTableModel::requestPage, Qt::QueuedConnection);
}

void JobTableModel::requestChanges()
{
    if (!m_isFirstPageLoaded) {
        // A failed first read is tried again with every change.
        requestPage();
        return;
    }
    if (m_areChangesUnderWay) {
        m_isChangedAgain = true;
        return;
    }
    m_areChangesUnderWay = true;
    m_isChangedAgain = false;
    const auto take = [this, run = m_run](const core::Result<QList<JobSnapshot>> &jobs) {
        if (run != m_run)
            return;
        m_areChangesUnderWay = false;
        if (!jobs) {
            Q_EMIT failed(jobs.error());
            return;
        }
        if (!jobs->isEmpty()) {
            m_changeCursor = std::max(m_changeCursor, jobs->last().updatedAt);
            merge(*jobs);
        }
        // A page may be longer than was asked for: it never ends between changes of one transaction.
        if (m_isChangedAgain || jobs->size() >= changesAtOnce)
            QMetaObject::invokeMethod(this, &JobTableModel::requestChanges, Qt::QueuedConnection);
    };
    whenDone(m_source.changedSince(m_changeCursor, changesAtOnce), this, take);
}

void JobTableModel::merge(const QList<JobSnapshot> &jobs)
{
    QList<int> updated;
    QList<JobSnapshot> added;
    for (const JobSnapshot &job : jobs) {
        const auto known = m_rows.constFind(job.id);
        if (known == m_rows.constEnd()) {
            added.append(job);
        } else if (m_jobs.at(known.value()).updatedAt <= job.updatedAt) {
            // A page may be older than what the feed has brought since it was asked for.
            setRow(known.value(), job);
            updated.append(known.value());
        }
    }
    if (!updated.isEmpty())
        emitChanged(updated, NameColumn, AddedColumn);
    if (!added.isEmpty()) {
        const int first = static_cast<int>(m_jobs.size());
        beginInsertRows({}, first, first + static_cast<int>(added.size()) - 1);
        for (const JobSnapshot &job : std::as_const(added)) {
            const int row = static_cast<int>(m_jobs.size());
            m_rows.insert(job.id, row);
            m_jobs.append(job);
            noteLease(row);
        }
        endInsertRows();
    }
    if (!m_ownLeases.isEmpty() && !m_progressTimer.isActive())
        m_progressTimer.start();
}

void JobTableModel::setRow(int row, const JobSnapshot &job)
{
    m_jobs[row] = job;
    noteLease(row);
}

void JobTableModel::noteLease(int row)
{
    const QString &owner = m_jobs.at(row).leaseOwner;
    if (!owner.isEmpty() && owner == m_source.ownOwner())
        m_ownLeases.insert(row);
    else
        m_ownLeases.remove(row);
}

void JobTableModel::mergeProgress()
{
    const QHash<int, ProgressSnapshot> before = std::exchange(m_progress, {});
    QList<int> rows;
    const QList<ProgressSnapshot> all = m_source.progress();
    for (const ProgressSnapshot &progress : all) {
        const auto row = rowOf(progress.id);
        if (!row)
            continue;
        m_progress.insert(*row, progress);
        const auto old = before.constFind(*row);
        if (old == before.constEnd() || old->bytesDone != progress.bytesDone ||
            old->bytesTotal != progress.bytesTotal || old->bytesPerSecond != progress.bytesPerSecond)
            rows.append(*row);
    }
    for (auto it = before.begin(); it != before.end(); ++it) {
        if (!m_progress.contains(it.key()))
            rows.append(it.key());
    }
    if (!rows.isEmpty())
        emitChanged(rows, ProgressColumn, RemainingColumn);
    if (!all.isEmpty() || !before.isEmpty())
        Q_EMIT progressed();
    else if (m_ownLeases.isEmpty())
        m_progressTimer.stop(); // a lease of ours starts it again
}

/// One signal for each run of neighbouring rows.
void JobTableModel::emitChanged(QList<int> rows, Column first, Column last)
{
    std::sort(rows.begin(), rows.end());
    for (qsizetype begin = 0; begin < rows.size();) {
        qsizetype end = begin + 1;
        while (end < rows.size() && rows.at(end) <= rows.at(end - 1) + 1)
            ++end;
        Q_EMIT dataChanged(index(rows.at(begin), first), index(rows.at(end - 1), last));
        begin = end;
    }
}

} // namespace ingather::models
