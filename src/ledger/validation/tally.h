// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

namespace ingather::ledger
{

/// How many there are of a kind, and the first few of them.
struct Tally {
    qint64 count = 0;
    QStringList examples;

    static constexpr int mostExamples = 10;

    /// `example` is a function, called only as long as examples are wanted.
    template <typename Example>
    void add(Example example)
    {
        ++count;
        if (examples.size() < mostExamples)
            examples.append(example());
    }
};

} // namespace ingather::ledger
