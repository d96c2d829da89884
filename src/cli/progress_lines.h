// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QStringList>

#include <optional>

namespace ingather::cli
{

/// A download on the terminal.
struct ProgressRow {
    QString name;
    qint64 bytesDone = 0;
    std::optional<qint64> bytesTotal;
    double bytesPerSecond = 0;
    QString waitsFor; ///< not empty: nothing arrives now, and this is why

    friend bool operator==(const ProgressRow &, const ProgressRow &) = default;
};

struct ProgressView {
    QList<ProgressRow> rows;
    qint64 done = 0;
    qint64 failed = 0;          ///< or held
    std::optional<qint64> jobs; ///< how many there are in all, where that is known
    qint64 bytesDone = 0;       ///< of all of them
    double bytesPerSecond = 0;  ///< of all rows
    std::optional<double> secondsLeft;
};

/// The block to draw: rows as far as the height allows, then the line of totals. No line is wider than
/// `width` - 1 columns, because a full last column makes some terminals wrap.
QStringList progressLines(const ProgressView &view, int width, int height);

} // namespace ingather::cli
