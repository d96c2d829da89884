// SPDX-License-Identifier: MIT
#pragma once

#include <QStyledItemDelegate>

namespace ingather::gui
{

/// Draws a job's name behind the mark of its heap; what does not fit is left out in the middle, so
/// that the ending of a file name stays readable.
class NameDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

/// Draws a bar and, beside it, the text of the cell. Without a known size there is an empty track.
/// Mirrored in right-to-left layouts; all colours come from the palette.
class ProgressDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace ingather::gui
