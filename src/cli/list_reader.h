// SPDX-License-Identifier: MIT
#pragma once

#include "cli/json_form.h"
#include "core/result.h"

#include <QList>
#include <QString>

namespace ingather::cli
{

struct ListedUrl {
    qint64 line = 0;
    QString url; ///< as written
};

struct ListContent {
    QList<ListedUrl> urls;
    QList<RejectedLine> rejected;
};

/// Reads what people hand over as a list. The command line knows no file formats: main() hands in the
/// intake layer behind this.
class ListReader
{
public:
    ListReader() = default;
    Q_DISABLE_COPY_MOVE(ListReader)
    virtual ~ListReader() = default;

    /// `source` is a path, or "-" for standard input. UnreadableList if it can't be read at all.
    virtual core::Result<ListContent> read(const QString &source) = 0;
};

} // namespace ingather::cli
