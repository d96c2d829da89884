// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QVariant>

namespace ingather::support
{

/// A row of a whole database file, and where each of its bytes lies.
struct LeafRow {
    QString table;
    qint64 rowid = 0;
    /// As the record has them: invalid for NULL (an INTEGER PRIMARY KEY is one), qint64, double, QString,
    /// QByteArray.
    QVariantList values;

    struct Span {
        qint64 offset = 0;
        qint64 length = 0;
    };
    /// What has to be unchanged for the row to stand whole in its leaf: the page's header and list of cells,
    /// the cell, its overflow pages.
    QList<Span> spans;

    /// Whether it still does in a damaged copy of that file.
    bool standsWholeIn(const QByteArray &damaged, const QByteArray &original) const;
};

/// Every row of every ordinary table, by walking its b-tree: slow, simple, and only right for a file without
/// damage and without a log. An oracle for what a repair must find; it shares no code with the repair.
QList<LeafRow> leafRows(const QByteArray &file);

/// Root pages of all b-trees, page 1 among them.
QList<int> rootPages(const QByteArray &file);

} // namespace ingather::support
