// SPDX-License-Identifier: MIT
#include "models/job_filter_model.h"

#include "models/job_table_model.h"

namespace ingather::models
{

JobFilterModel::JobFilterModel(QObject *parent) : QSortFilterProxyModel(parent)
{
    setSortRole(JobTableModel::SortRole);
    // "paper 2" before "paper 10": the C locale can't, it compares code points.
    m_collator.setLocale(QLocale().language() == QLocale::C ? QLocale(QLocale::English) : QLocale());
    m_collator.setNumericMode(true);
    m_collator.setCaseSensitivity(Qt::CaseInsensitive);
}

void JobFilterModel::setText(const QString &text)
{
    const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    if (words == m_words)
        return;
    m_words = words;
    invalidateRowsFilter();
}

void JobFilterModel::setGroup(std::optional<JobGroup> group)
{
    if (group == m_group)
        return;
    m_group = group;
    invalidateRowsFilter();
}

bool JobFilterModel::filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const
{
    if (!isFiltering())
        return true;
    const QModelIndex index = sourceModel()->index(sourceRow, JobTableModel::NameColumn, sourceParent);
    if (m_group && index.data(JobTableModel::GroupRole).toInt() != static_cast<int>(*m_group))
        return false;
    if (m_words.isEmpty())
        return true;
    const QString name = index.data(Qt::DisplayRole).toString();
    const QString url = index.data(JobTableModel::UrlRole).toString();
    for (const QString &word : m_words) {
        if (!name.contains(word, Qt::CaseInsensitive) && !url.contains(word, Qt::CaseInsensitive))
            return false;
    }
    return true;
}

bool JobFilterModel::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(JobTableModel::SortRole);
    const QVariant b = right.data(JobTableModel::SortRole);
    if (a.isValid() != b.isValid())
        return a.isValid();
    if (a.isValid()) {
        if (a.typeId() == QMetaType::QString) {
            const int order = m_collator.compare(a.toString(), b.toString());
            if (order != 0)
                return order < 0;
        } else {
            const QPartialOrdering order = QVariant::compare(a, b);
            if (order == QPartialOrdering::Less || order == QPartialOrdering::Greater)
                return order == QPartialOrdering::Less;
        }
    }
    // Among equals the newest stands above, in either direction.
    const double addedLeft =
        left.siblingAtColumn(JobTableModel::AddedColumn).data(JobTableModel::SortRole).toDouble();
    const double addedRight =
        right.siblingAtColumn(JobTableModel::AddedColumn).data(JobTableModel::SortRole).toDouble();
    return sortOrder() == Qt::AscendingOrder ? addedLeft > addedRight : addedLeft < addedRight;
}

} // namespace ingather::models
