// SPDX-License-Identifier: MIT
#pragma once

#include "models/job_group.h"

#include <QCollator>
#include <QSortFilterProxyModel>
#include <QStringList>

#include <optional>

namespace ingather::models
{

/// Sorts a JobTableModel by its raw values and shows the rows that match a text and a heap. What is
/// not known comes last in ascending order; equal rows stand newest first.
class JobFilterModel final : public QSortFilterProxyModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobFilterModel)

public:
    explicit JobFilterModel(QObject *parent = nullptr);

    /// Every word must occur in the name or the URL, in any case.
    void setText(const QString &text);
    /// nullopt: all jobs.
    void setGroup(std::optional<JobGroup> group);
    bool isFiltering() const { return m_group.has_value() || !m_words.isEmpty(); }

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    QStringList m_words;
    std::optional<JobGroup> m_group;
    QCollator m_collator;
};

} // namespace ingather::models
