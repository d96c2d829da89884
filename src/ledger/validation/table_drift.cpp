// SPDX-License-Identifier: MIT
#include "ledger/validation/table_drift.h"

#include "ledger/validation/column_names.h"

#include <algorithm>

namespace ingather::ledger
{

using core::Finding;
using core::FindingId;
using core::found;

namespace
{

/// What is in `a` and not in `b`, counting.
QList<QByteArray> without(QList<QByteArray> a, const QList<QByteArray> &b)
{
    for (const QByteArray &each : b)
        a.removeOne(each);
    return a;
}

/// ADD COLUMN takes neither keys nor NOT NULL without a default
/// (https://www.sqlite.org/lang_altertable.html, 4).
bool canBeAdded(const ColumnText &column)
{
    if (column.has("primary key") || column.has("unique") || column.has("generated") || column.has("as"))
        return false;
    return !column.has("not null") || column.has("default");
}

/// Whether a column that we know nothing of leaves our rows alone.
bool isHarmless(const ColumnText &column)
{
    return canBeAdded(column) && !column.has("check") && !column.has("references");
}

QString text(const QByteArray &tokens)
{
    return tokens.isEmpty() ? QStringLiteral("nothing") : QString::fromUtf8(tokens);
}

QString differences(const ColumnText &expected, const ColumnText &actual)
{
    QStringList list;
    if (expected.type != actual.type) {
        list.append(
            QStringLiteral("type: expected %1, found %2").arg(text(expected.type), text(actual.type)));
    }
    for (const QByteArray &each : without(expected.constraints, actual.constraints))
        list.append(QStringLiteral("lacks: ") + text(each));
    for (const QByteArray &each : without(actual.constraints, expected.constraints))
        list.append(QStringLiteral("has: ") + text(each));
    return list.join(QStringLiteral("; "));
}

QList<ColumnText> columnsOf(const TableText &table)
{
    QList<ColumnText> columns;
    for (const QByteArray &each : table.columns)
        columns.append(columnText(each));
    return columns;
}

const ColumnText *find(const QList<ColumnText> &columns, const QByteArray &name)
{
    const auto at = std::find_if(columns.begin(), columns.end(),
                                 [&](const ColumnText &column) { return column.name == name; });
    return at == columns.end() ? nullptr : &*at;
}

/// The names of `columns` that are in `others` too, in their order.
QList<QByteArray> sharedNames(const QList<ColumnText> &columns, const QList<ColumnText> &others)
{
    QList<QByteArray> names;
    for (const ColumnText &column : columns) {
        if (find(others, column.name))
            names.append(column.name);
    }
    return names;
}

class Comparison
{
public:
    Comparison(const SchemaObject &expected, const SchemaObject &actual)
        : m_name(expected.name), m_expected(tableText(expected.sql)), m_actual(tableText(actual.sql)),
          m_expectedColumns(columnsOf(m_expected)), m_actualColumns(columnsOf(m_actual)),
          m_settled(settledNames(columnNames(m_actual), columnNames(m_expected)))
    {
    }

    TableDrift run()
    {
        compareColumns();
        findExtraColumns();
        compareConstraints();
        if (m_expected.options != m_actual.options) {
            change(m_name, QStringLiteral("options: expected %1, found %2")
                               .arg(text(m_expected.options), text(m_actual.options)));
        }
        if (m_drift.findings.isEmpty() && !hasSameOrder())
            m_drift.findings.append(found(FindingId::ColumnOrder, m_name, QStringLiteral("constraints")));
        if (m_drift.findings.isEmpty())
            change(m_name, QStringLiteral("the text is not that of a table of ours"));
        if (m_drift.needsRebuild)
            m_drift.columnsToAdd.clear();
        return m_drift;
    }

private:
    void change(const QString &place, const QString &detail)
    {
        m_drift.findings.append(found(FindingId::TableChanged, place, detail));
        m_drift.needsRebuild = true;
    }

    QString placeOf(const QByteArray &column) const
    {
        return QStringLiteral("%1.%2").arg(m_name, QString::fromUtf8(column));
    }

    void compareColumns()
    {
        for (qsizetype i = 0; i < m_expectedColumns.size(); ++i) {
            const ColumnText &wanted = m_expectedColumns[i];
            const ColumnText *there = find(m_actualColumns, wanted.name);
            const qsizetype damaged = m_settled.indexOf(QString::fromUtf8(wanted.name));
            if (!there && damaged >= 0) {
                change(placeOf(wanted.name),
                       QStringLiteral("name damaged: found ") + text(m_actual.columns[damaged]));
            } else if (!there) {
                m_drift.findings.append(found(FindingId::ColumnMissing, placeOf(wanted.name),
                                              QStringLiteral("expected ") + text(m_expected.columns[i])));
                if (canBeAdded(wanted))
                    m_drift.columnsToAdd.append(m_expected.columnTexts[i]);
                else
                    m_drift.needsRebuild = true;
            } else if (*there != wanted) {
                change(placeOf(wanted.name), differences(wanted, *there));
            }
        }
        const QList<QByteArray> order = sharedNames(m_actualColumns, m_expectedColumns);
        if (order != sharedNames(m_expectedColumns, m_actualColumns)) {
            m_drift.findings.append(
                found(FindingId::ColumnOrder, m_name,
                      QStringLiteral("found ") + QString::fromUtf8(order.join(QByteArrayLiteral(", ")))));
        }
    }

    void findExtraColumns()
    {
        for (qsizetype i = 0; i < m_actualColumns.size(); ++i) {
            const ColumnText &column = m_actualColumns[i];
            if (find(m_expectedColumns, m_settled.at(i).toUtf8()))
                continue;
            const QString detail = QStringLiteral("found ") + text(m_actual.columns[i]);
            if (isHarmless(column)) {
                m_drift.findings.append(found(FindingId::ColumnExtra, placeOf(column.name), detail));
                m_drift.extraColumns.append(m_actual.columnTexts[i]);
            } else {
                change(placeOf(column.name), detail + QStringLiteral(", which can refuse rows of ours"));
            }
        }
    }

    void compareConstraints()
    {
        for (const QByteArray &each : without(m_expected.constraints, m_actual.constraints)) {
            change(m_name, (each.contains("foreign key") ? QStringLiteral("foreign key missing: ")
                                                         : QStringLiteral("constraint missing: ")) +
                               text(each));
        }
        for (const QByteArray &each : without(m_actual.constraints, m_expected.constraints))
            change(m_name, QStringLiteral("constraint not ours: ") + text(each));
    }

    bool hasSameOrder() const { return m_expected.constraints == m_actual.constraints; }

    QString m_name;
    TableText m_expected;
    TableText m_actual;
    QList<ColumnText> m_expectedColumns;
    QList<ColumnText> m_actualColumns;
    QStringList m_settled; ///< names of the actual columns, damage undone
    TableDrift m_drift;
};

} // namespace

TableDrift compareTable(const SchemaObject &expected, const SchemaObject &actual)
{
    if (schemaTokens(expected.sql) == schemaTokens(actual.sql))
        return {};
    return Comparison(expected, actual).run();
}

} // namespace ingather::ledger
