// SPDX-License-Identifier: MIT
#include "cli/progress_lines.h"

#include "cli/texts.h"
#include "models/format.h"

#include <QCoreApplication>

#include <algorithm>

namespace ingather::cli
{

namespace
{

using models::Format;

struct Progress {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::Progress)
};

constexpr int mostRows = 8;
constexpr int shortestName = 12;

/// Most telling first: what does not fit is left out from the end.
QStringList factsOf(const ProgressRow &row)
{
    if (!row.waitsFor.isEmpty())
        return {row.waitsFor};
    QStringList facts;
    if (row.bytesTotal && *row.bytesTotal > 0) {
        const qint64 percent = std::clamp<qint64>(row.bytesDone * 100 / *row.bytesTotal, 0, 100);
        facts.append(QStringLiteral("%1 %").arg(percent, 3));
    }
    facts.append(
        row.bytesTotal
            ? Progress::tr("%1 of %2").arg(Format::bytes(row.bytesDone), Format::bytes(*row.bytesTotal))
            : Format::bytes(row.bytesDone));
    if (row.bytesPerSecond >= 1)
        facts.append(Format::speed(row.bytesPerSecond));
    if (row.bytesTotal && row.bytesPerSecond >= 1 && row.bytesDone < *row.bytesTotal)
        facts.append(
            Format::duration(static_cast<double>(*row.bytesTotal - row.bytesDone) / row.bytesPerSecond));
    return facts;
}

QString rowLine(const ProgressRow &row, int width)
{
    const QString name = printable(row.name);
    QStringList facts = factsOf(row);
    const QString separator = QStringLiteral("  ");
    const int nameWidth = std::min(columns(name), std::max(shortestName, width / 3));
    const auto room = [&] { return width - nameWidth - 2; };
    while (facts.size() > 1 && columns(facts.join(separator)) > room())
        facts.removeLast();
    const QString right = elided(facts.join(separator), std::max(0, room()));
    const QString left = elided(name, width - 2 - columns(right));
    const auto gap = std::max(0, width - columns(left) - columns(right));
    return elided(left + QString(gap, u' ') + right, width);
}

QString totalLine(const ProgressView &view, int hidden, int width)
{
    QStringList facts;
    const qint64 ended = view.done + view.failed;
    facts.append(view.jobs ? Progress::tr("%1 of %2 ended").arg(ended).arg(*view.jobs)
                           : Progress::tr("%1 ended").arg(ended));
    if (view.failed > 0)
        facts.append(Progress::tr("%1 not done").arg(view.failed));
    if (hidden > 0)
        facts.append(Progress::tr("%1 more under way").arg(hidden));
    facts.append(Format::bytes(view.bytesDone));
    if (view.bytesPerSecond >= 1)
        facts.append(Format::speed(view.bytesPerSecond));
    if (view.secondsLeft)
        facts.append(Progress::tr("%1 left").arg(Format::duration(*view.secondsLeft)));
    const QString separator = QStringLiteral(" | ");
    while (facts.size() > 1 && columns(facts.join(separator)) > width)
        facts.removeLast();
    return elided(facts.join(separator), width);
}

} // namespace

QStringList progressLines(const ProgressView &view, int width, int height)
{
    const int usable = std::max(1, width - 1);
    const auto shown = std::clamp<qsizetype>(view.rows.size(), 0, std::clamp(height - 2, 0, mostRows));
    QStringList lines;
    for (qsizetype i = 0; i < shown; ++i)
        lines.append(rowLine(view.rows[i], usable));
    lines.append(totalLine(view, static_cast<int>(view.rows.size() - shown), usable));
    return lines;
}

} // namespace ingather::cli
