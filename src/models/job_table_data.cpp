// SPDX-License-Identifier: MIT
// What the cells of JobTableModel hold.
#include "models/job_table_model.h"

#include "models/format.h"
#include "models/job_group.h"
#include "models/job_text.h"

#include <utility>

namespace ingather::models
{

using engine::JobSnapshot;

namespace
{

/// Numbers stand under each other.
Qt::Alignment alignmentOf(int column)
{
    switch (column) {
    case JobTableModel::SizeColumn:
    case JobTableModel::SpeedColumn:
    case JobTableModel::RemainingColumn:
    case JobTableModel::LeaseColumn:
        return Qt::AlignRight | Qt::AlignVCenter;
    default:
        return Qt::AlignLeft | Qt::AlignVCenter;
    }
}

} // namespace

int JobTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_jobs.size());
}

int JobTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

std::optional<qint64> JobTableModel::totalBytes(int row) const
{
    const auto progress = m_progress.constFind(row);
    if (progress != m_progress.constEnd() && progress->bytesTotal)
        return progress->bytesTotal;
    return m_jobs.at(row).bytesTotal;
}

std::optional<double> JobTableModel::fraction(int row) const
{
    const JobSnapshot &job = m_jobs.at(row);
    if (core::isTerminal(job.state))
        return 1.0;
    const auto progress = m_progress.constFind(row);
    const qint64 done = progress != m_progress.constEnd() ? progress->bytesDone : job.bytesDone;
    const auto total = totalBytes(row);
    if (!total || *total <= 0)
        return done == 0 && progress == m_progress.constEnd() ? std::optional(0.0) : std::nullopt;
    return std::min(1.0, static_cast<double>(done) / static_cast<double>(*total));
}

std::optional<double> JobTableModel::remainingSeconds(int row) const
{
    const auto progress = m_progress.constFind(row);
    const auto total = totalBytes(row);
    // Below one byte a second the time left means nothing.
    if (progress == m_progress.constEnd() || !total || progress->bytesPerSecond < 1)
        return std::nullopt;
    return static_cast<double>(std::max<qint64>(0, *total - progress->bytesDone)) / progress->bytesPerSecond;
}

QVariant JobTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_jobs.size() || index.column() >= ColumnCount)
        return {};
    const int row = index.row();
    switch (role) {
    case Qt::DisplayRole:
        return displayText(row, index.column());
    case Qt::ToolTipRole:
        return toolTip(row, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(alignmentOf(index.column()));
    case SortRole:
        return sortValue(row, index.column());
    case IdRole:
        return m_jobs.at(row).id.value;
    case GroupRole:
        return static_cast<int>(groupOf(m_jobs.at(row)));
    case FractionRole:
        if (const auto known = fraction(row))
            return *known;
        return {};
    case UrlRole:
        return m_jobs.at(row).url;
    default:
        return {};
    }
}

QVariant JobTableModel::displayText(int row, int column) const
{
    const JobSnapshot &job = m_jobs.at(row);
    switch (column) {
    case NameColumn:
        return JobText::name(job);
    case StateColumn:
        return JobText::state(job, m_source.now());
    case ProgressColumn: {
        if (const auto known = fraction(row))
            return Format::percent(*known);
        const auto progress = progressAt(row);
        return Format::bytes(progress ? progress->bytesDone : job.bytesDone);
    }
    case SizeColumn:
        if (const auto total = totalBytes(row))
            return Format::bytes(*total);
        return {};
    case SpeedColumn:
        if (const auto progress = progressAt(row))
            return Format::speed(progress->bytesPerSecond);
        return {};
    case RemainingColumn:
        if (const auto seconds = remainingSeconds(row))
            return Format::duration(*seconds);
        return {};
    case OwnerColumn:
        return Format::owner(job.leaseOwner, m_source.ownOwner());
    case LeaseColumn:
        if (job.leaseUntil && !job.leaseOwner.isEmpty())
            return Format::duration(job.leaseUntil->seconds - m_source.now().seconds);
        return {};
    case HostColumn:
        return job.host;
    case AddedColumn:
        return Format::dateTime(job.createdAt);
    default:
        return {};
    }
}

QVariant JobTableModel::sortValue(int row, int column) const
{
    const JobSnapshot &job = m_jobs.at(row);
    switch (column) {
    case NameColumn:
        return JobText::name(job);
    case StateColumn:
        // What is alive comes first; inside a heap the order of a job's life.
        return static_cast<int>(groupOf(job)) * 100 + static_cast<int>(job.state);
    case ProgressColumn:
        if (const auto known = fraction(row))
            return *known;
        return {};
    case SizeColumn:
        if (const auto total = totalBytes(row))
            return *total;
        return {};
    case SpeedColumn:
        if (const auto progress = progressAt(row))
            return progress->bytesPerSecond;
        return {};
    case RemainingColumn:
        if (const auto seconds = remainingSeconds(row))
            return *seconds;
        return {};
    case OwnerColumn:
        return job.leaseOwner.isEmpty() ? QVariant() : QVariant(job.leaseOwner);
    case LeaseColumn:
        if (job.leaseUntil && !job.leaseOwner.isEmpty())
            return job.leaseUntil->seconds;
        return {};
    case HostColumn:
        return job.host;
    case AddedColumn:
        return job.createdAt.seconds;
    default:
        return {};
    }
}

QVariant JobTableModel::toolTip(int row, int column) const
{
    const JobSnapshot &job = m_jobs.at(row);
    switch (column) {
    case NameColumn: {
        const QString path = JobText::filePath(job);
        return path.isEmpty() ? job.url : path;
    }
    case StateColumn:
        return JobText::explanation(job, m_source.now());
    case ProgressColumn:
    case SizeColumn: {
        const auto total = totalBytes(row);
        const auto progress = progressAt(row);
        const qint64 done = progress ? progress->bytesDone : job.bytesDone;
        return total ? tr("%1 of %2", "amounts of data").arg(Format::bytes(done), Format::bytes(*total))
                     : tr("%1; the size is not known", "an amount of data").arg(Format::bytes(done));
    }
    case OwnerColumn:
        return job.leaseOwner;
    case HostColumn:
        return job.url;
    case AddedColumn:
        return Format::exactTime(job.createdAt);
    default:
        return {};
    }
}

QVariant JobTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(alignmentOf(section));
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case OwnerColumn:
            return tr("Which worker is fetching the job at the moment");
        case LeaseColumn:
            return tr("How long the worker may keep the job without a sign of life");
        default:
            break;
        }
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Name");
    case StateColumn:
        return tr("State");
    case ProgressColumn:
        return tr("Progress");
    case SizeColumn:
        return tr("Size");
    case SpeedColumn:
        return tr("Speed");
    case RemainingColumn:
        return tr("Remaining");
    case OwnerColumn:
        return tr("Worker");
    case LeaseColumn:
        return tr("Lease left");
    case HostColumn:
        return tr("Host");
    case AddedColumn:
        return tr("Added");
    default:
        return {};
    }
}

} // namespace ingather::models
