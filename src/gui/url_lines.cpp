// SPDX-License-Identifier: MIT
#include "gui/url_lines.h"

#include <QMimeData>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

namespace ingather::gui
{

namespace
{

bool isWebAddress(const QString &text)
{
    return text.startsWith(QLatin1StringView("http://"), Qt::CaseInsensitive) ||
           text.startsWith(QLatin1StringView("https://"), Qt::CaseInsensitive);
}

} // namespace

QStringList urlLines(const QString &text)
{
    // A blank inside an address is legal input (it is escaped), so only one before the next scheme parts.
    static const QRegularExpression gap(QStringLiteral("[\\r\\n]+|[ \\t]+(?=https?://)"),
                                        QRegularExpression::CaseInsensitiveOption);
    QStringList lines;
    for (const QString &piece : text.split(gap)) {
        const QString line = piece.trimmed();
        if (!line.isEmpty())
            lines.append(line);
    }
    return lines;
}

QStringList webAddresses(const QMimeData &data)
{
    QStringList found;
    if (data.hasUrls()) {
        for (const QUrl &url : data.urls()) {
            const QString text = url.toString(QUrl::FullyEncoded);
            if (isWebAddress(text))
                found.append(text);
        }
        return found;
    }
    if (data.hasText())
        found = urlLines(data.text());
    return std::all_of(found.cbegin(), found.cend(), isWebAddress) ? found : QStringList();
}

} // namespace ingather::gui
