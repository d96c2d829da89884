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

/// Some lines of a list; without any it has ended.
struct ListPage {
    QList<ListedUrl> urls;
    QList<RejectedLine> rejected;

    bool isEnd() const { return urls.isEmpty() && rejected.isEmpty(); }
};

/// Reads what people hand over as a list, page by page, however long it is. The command line knows no
/// file formats: main() hands in the intake layer behind this.
class ListReader
{
public:
    ListReader() = default;
    Q_DISABLE_COPY_MOVE(ListReader)
    virtual ~ListReader() = default;

    /// `source` is a path, or "-" for standard input. UnreadableList if there is nothing to read from.
    virtual core::Result<> open(const QString &source) = 0;
    /// At most `most` lines that say something. UnreadableList if reading failed; earlier pages stay valid.
    virtual core::Result<ListPage> next(qsizetype most) = 0;
};

} // namespace ingather::cli
