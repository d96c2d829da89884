// SPDX-License-Identifier: MIT
#include "gui/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <optional>

// A static library's resources are linked in only where somebody names them; outside any namespace.
static void linkIcons()
{
    Q_INIT_RESOURCE(icons);
}

namespace ingather::gui
{

namespace
{

/// Paints a one-colour drawing (black strokes) in a colour of the palette of that moment.
class TintedIconEngine final : public QIconEngine
{
public:
    TintedIconEngine(const QString &name, std::optional<models::JobGroup> group)
        : m_name(name), m_group(group)
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        QSvgRenderer renderer(tinted(mode));
        const int side = std::min(rect.width(), rect.height());
        QRect square(0, 0, side, side);
        square.moveCenter(rect.center());
        renderer.render(painter, square);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        const QString key = QStringLiteral("ingather:%1:%2x%3:%4")
                                .arg(m_name)
                                .arg(size.width())
                                .arg(size.height())
                                .arg(color(mode).rgba());
        QPixmap made;
        if (QPixmapCache::find(key, &made))
            return made;
        made = QPixmap(size);
        made.fill(Qt::transparent);
        QPainter painter(&made);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        painter.end();
        QPixmapCache::insert(key, made);
        return made;
    }

    QIconEngine *clone() const override { return new TintedIconEngine(*this); }

private:
    QColor color(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        if (mode == QIcon::Selected)
            return palette.color(QPalette::HighlightedText);
        return m_group ? groupColor(*m_group, palette) : palette.color(QPalette::ButtonText);
    }

    QByteArray tinted(QIcon::Mode mode) const
    {
        QFile file(QStringLiteral(":/icons/%1.svg").arg(m_name)); // compiled in: no disk is read
        if (!file.open(QIODevice::ReadOnly))
            return {};
        return file.readAll().replace("#000000", color(mode).name().toLatin1());
    }

    QString m_name;
    std::optional<models::JobGroup> m_group;
};

QString groupName(models::JobGroup group)
{
    switch (group) {
    case models::JobGroup::Active:
        return QStringLiteral("state-active");
    case models::JobGroup::Waiting:
        return QStringLiteral("state-waiting");
    case models::JobGroup::Done:
        return QStringLiteral("state-done");
    case models::JobGroup::Failed:
        return QStringLiteral("state-failed");
    case models::JobGroup::Held:
        return QStringLiteral("state-held");
    }
    Q_UNREACHABLE();
}

} // namespace

QIcon icon(const QString &name)
{
    linkIcons();
    return QIcon(new TintedIconEngine(name, std::nullopt));
}

QIcon groupIcon(models::JobGroup group)
{
    linkIcons();
    return QIcon(new TintedIconEngine(groupName(group), group));
}

QIcon programIcon()
{
    linkIcons();
    // Drawn here instead of by Qt's SVG icon plugin, which Debian only recommends.
    QIcon made;
    for (const int side : {16, 24, 32, 48, 64, 128, 256}) {
        QPixmap pixmap(side, side);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        QSvgRenderer(QStringLiteral(":/icons/ingather.svg")).render(&painter, QRectF(0, 0, side, side));
        painter.end();
        made.addPixmap(pixmap);
    }
    return made;
}

QColor groupColor(models::JobGroup group, const QPalette &palette)
{
    const bool isDark = palette.color(QPalette::Base).lightness() < 128;
    switch (group) {
    case models::JobGroup::Done:
        return isDark ? QColor(0x7b, 0xc9, 0x8f) : QColor(0x1f, 0x7a, 0x3d);
    case models::JobGroup::Failed:
        return isDark ? QColor(0xff, 0x8a, 0x80) : QColor(0xb3, 0x26, 0x1e);
    case models::JobGroup::Active:
        return isDark ? QColor(0x7f, 0xc4, 0xff) : QColor(0x1f, 0x5f, 0x9e);
    case models::JobGroup::Waiting:
    case models::JobGroup::Held:
        return isDark ? QColor(0xb8, 0xbc, 0xc2) : QColor(0x5c, 0x62, 0x6a);
    }
    Q_UNREACHABLE();
}

} // namespace ingather::gui
