// SPDX-License-Identifier: MIT
#include "gui/job_delegates.h"

#include "gui/icons.h"
#include "models/job_table_model.h"

#include <QApplication>
#include <QPainter>

namespace ingather::gui
{

using models::JobTableModel;

namespace
{

models::JobGroup groupOf(const QModelIndex &index)
{
    return static_cast<models::JobGroup>(index.data(JobTableModel::GroupRole).toInt());
}

} // namespace

void NameDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->icon = groupIcon(groupOf(index));
    option->features |= QStyleOptionViewItem::HasDecoration;
    const int side = option->fontMetrics.height();
    option->decorationSize = QSize(side, side);
    option->textElideMode = Qt::ElideMiddle;
}

void ProgressDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString text = cell.text;
    cell.text.clear();
    const QStyle *style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget); // background, selection, focus

    const bool isSelected = cell.state & QStyle::State_Selected;
    const QPalette::ColorGroup group = !(cell.state & QStyle::State_Enabled)  ? QPalette::Disabled
                                       : !(cell.state & QStyle::State_Active) ? QPalette::Inactive
                                                                              : QPalette::Active;
    const QColor ink = cell.palette.color(group, isSelected ? QPalette::HighlightedText : QPalette::Text);
    const QRect inner = cell.rect.adjusted(6, 0, -6, 0);
    const int textWidth =
        std::min(inner.width(), std::max(cell.fontMetrics.horizontalAdvance(QStringLiteral("100 %")),
                                         cell.fontMetrics.horizontalAdvance(text)));
    const QRect textRect(inner.right() - textWidth + 1, inner.top(), textWidth, inner.height());
    QRectF track(inner.left(), 0, inner.width() - textWidth - 6, std::max(6, cell.fontMetrics.height() / 2));
    track.moveCenter(QPointF(track.center().x(), inner.center().y() + 0.5));

    painter->save();
    painter->setPen(ink);
    painter->drawText(QStyle::visualRect(cell.direction, inner, textRect), Qt::AlignVCenter | Qt::AlignRight,
                      text);
    if (track.width() >= 12) {
        QColor trackColor = ink;
        trackColor.setAlpha(45);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(trackColor);
        const bool isMirrored = cell.direction == Qt::RightToLeft;
        if (isMirrored)
            track.moveRight(inner.right() + 1);
        const double radius = track.height() / 2;
        painter->drawRoundedRect(track, radius, radius);
        const double fraction = index.data(JobTableModel::FractionRole).toDouble();
        if (fraction > 0) {
            QRectF bar = track;
            bar.setWidth(std::max(track.height(), track.width() * fraction)); // a dot at least
            if (isMirrored)
                bar.moveRight(track.right());
            painter->setBrush(isSelected ? ink : groupColor(groupOf(index), cell.palette));
            painter->drawRoundedRect(bar, radius, radius);
        }
    }
    painter->restore();
}

QSize ProgressDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.rwidth() += option.fontMetrics.horizontalAdvance(QStringLiteral("0000000000"));
    return size;
}

} // namespace ingather::gui
