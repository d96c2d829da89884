// SPDX-License-Identifier: MIT
#include "ledger/validation/column_names.h"

#include <algorithm>
#include <bit>

namespace ingather::ledger
{

namespace
{

constexpr int mostFlippedBits = 2;

/// A byte that is no UTF-8 any more has had its first bit flipped.
int flippedBits(QChar a, QChar b)
{
    return a == QChar::ReplacementCharacter ? 1
                                            : std::popcount(static_cast<unsigned>(a.unicode() ^ b.unicode()));
}

bool isDamaged(const QString &name, const QString &original)
{
    if (name.size() != original.size())
        return false;
    int bits = 0;
    for (qsizetype i = 0; i < name.size(); ++i)
        bits += flippedBits(name.at(i), original.at(i));
    return bits > 0 && bits <= mostFlippedBits;
}

} // namespace

QStringList columnNames(const TableText &text)
{
    QStringList names;
    for (const QByteArray &column : text.columns)
        names.append(QString::fromUtf8(columnText(column).name));
    return names;
}

QStringList settledNames(const QStringList &found, const QStringList &expected)
{
    QStringList settled = found;
    for (qsizetype i = 0; i < std::min(found.size(), expected.size()); ++i) {
        const bool isFree = !expected.contains(found.at(i)) && !found.contains(expected.at(i));
        if (isFree && isDamaged(found.at(i), expected.at(i)))
            settled[i] = expected.at(i);
    }
    return settled;
}

} // namespace ingather::ledger
