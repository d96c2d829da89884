// SPDX-License-Identifier: MIT
#include "models/op_table_model.h"

#include "models/error_text.h"
#include "models/format.h"
#include "models/when_done.h"

#include <algorithm>

namespace ingather::models
{

using engine::OpSnapshot;

namespace
{

bool isSame(const OpSnapshot &a, const OpSnapshot &b)
{
    return a.phase == b.phase && a.attempt == b.attempt && a.fence == b.fence && a.owner == b.owner &&
           a.startedAt == b.startedAt && a.finishedAt == b.finishedAt && a.resultCode == b.resultCode &&
           a.intent == b.intent && a.result == b.result;
}

Qt::Alignment alignmentOf(int column)
{
    const bool isNumber = column == OpTableModel::AttemptColumn || column == OpTableModel::DurationColumn;
    return (isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

} // namespace

OpTableModel::OpTableModel(JobSource &source, QObject *parent) : QAbstractTableModel(parent), m_source(source)
{
    connect(&source, &JobSource::changed, this, &OpTableModel::request);
}

void OpTableModel::setJob(const core::JobId &id)
{
    if (id == m_job)
        return;
    beginResetModel();
    m_job = id;
    m_ops.clear();
    endResetModel();
    request();
}

void OpTableModel::request()
{
    if (m_job.isEmpty())
        return;
    if (m_isUnderWay) {
        m_isChangedAgain = true;
        return;
    }
    m_isUnderWay = true;
    m_isChangedAgain = false;
    whenDone(m_source.ops(m_job), this, [this, asked = m_job](const core::Result<QList<OpSnapshot>> &ops) {
        m_isUnderWay = false;
        if (asked == m_job && ops)
            take(*ops);
        if (asked != m_job || m_isChangedAgain)
            QMetaObject::invokeMethod(this, &OpTableModel::request, Qt::QueuedConnection);
    });
}

void OpTableModel::take(const QList<OpSnapshot> &ops)
{
    const auto sameKey = [](const OpSnapshot &a, const OpSnapshot &b) { return a.opKey == b.opKey; };
    const bool isGrown = ops.size() >= m_ops.size() && std::equal(m_ops.cbegin(), m_ops.cend(), ops.cbegin(),
                                                                  ops.cbegin() + m_ops.size(), sameKey);
    if (!isGrown) {
        beginResetModel();
        m_ops = ops;
        endResetModel();
        return;
    }
    const int kept = static_cast<int>(m_ops.size());
    for (int row = 0; row < kept; ++row) {
        if (isSame(m_ops.at(row), ops.at(row)))
            continue;
        m_ops[row] = ops.at(row);
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    }
    if (ops.size() > kept) {
        beginInsertRows({}, kept, static_cast<int>(ops.size()) - 1);
        m_ops.append(ops.mid(kept));
        endInsertRows();
    }
}

QString OpTableModel::validators() const
{
    for (auto op = m_ops.crbegin(); op != m_ops.crend(); ++op) {
        for (const QJsonObject &object : {op->result, op->intent}) {
            const QString etag = object.value(QLatin1StringView("etag")).toString();
            const QString modified = object.value(QLatin1StringView("last_modified")).toString();
            if (!etag.isEmpty() || !modified.isEmpty())
                return QStringList({etag, modified})
                    .join(etag.isEmpty() || modified.isEmpty() ? QString() : QStringLiteral(" · "));
        }
    }
    return {};
}

int OpTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_ops.size());
}

int OpTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant OpTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_ops.size())
        return {};
    const OpSnapshot &op = m_ops.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return displayText(op, index.column());
    case Qt::ToolTipRole:
        return toolTip(op, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(alignmentOf(index.column()));
    case SortRole:
        return sortValue(op, index.column());
    case PhaseRole:
        return static_cast<int>(op.phase);
    default:
        return {};
    }
}

QVariant OpTableModel::displayText(const OpSnapshot &op, int column) const
{
    switch (column) {
    case TypeColumn:
        return Format::opType(op.type);
    case PhaseColumn:
        return Format::opPhase(op.phase);
    case AttemptColumn:
        return op.attempt;
    case StartedColumn:
        return Format::exactTime(op.startedAt);
    case DurationColumn:
        return op.finishedAt ? Format::fineDuration(op.finishedAt->seconds - op.startedAt.seconds)
                             : QString();
    case ResultColumn:
        return op.resultCode;
    case FenceColumn:
        return op.fence.value == 0 ? QString() : Format::fence(op.fence.value);
    case OwnerColumn:
        return Format::owner(op.owner, m_source.ownOwner());
    case DetailColumn:
        return Format::jsonLine(op.result.isEmpty() ? op.intent : op.result);
    default:
        return {};
    }
}

QVariant OpTableModel::sortValue(const OpSnapshot &op, int column) const
{
    switch (column) {
    case TypeColumn:
        return static_cast<int>(op.type);
    case PhaseColumn:
        return static_cast<int>(op.phase);
    case AttemptColumn:
        return op.attempt;
    case StartedColumn:
        return op.startedAt.seconds;
    case DurationColumn:
        return op.finishedAt ? QVariant(op.finishedAt->seconds - op.startedAt.seconds) : QVariant();
    case FenceColumn:
        return op.fence.value;
    default:
        return displayText(op, column);
    }
}

QVariant OpTableModel::toolTip(const OpSnapshot &op, int column) const
{
    switch (column) {
    case TypeColumn:
        return core::opTypeName(op.type);
    case PhaseColumn:
        return core::opPhaseName(op.phase);
    case StartedColumn:
        return op.finishedAt ? tr("Ended %1").arg(Format::exactTime(*op.finishedAt)) : tr("Not ended");
    case ResultColumn:
        return core::errorCodeFromName(op.resultCode) ? ErrorText::whyForName(op.resultCode) : op.resultCode;
    case FenceColumn:
        return tr("Number of the claim that this was done under: epoch and count");
    case OwnerColumn:
        return op.owner;
    case DetailColumn: {
        QStringList blocks;
        if (!op.intent.isEmpty())
            blocks.append(tr("Intended:") + u'\n' + Format::jsonBlock(op.intent));
        if (!op.result.isEmpty())
            blocks.append(tr("Result:") + u'\n' + Format::jsonBlock(op.result));
        return blocks.join(QStringLiteral("\n\n"));
    }
    default:
        return {};
    }
}

QVariant OpTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(alignmentOf(section));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TypeColumn:
        return tr("Operation");
    case PhaseColumn:
        return tr("Phase");
    case AttemptColumn:
        return tr("Attempt");
    case StartedColumn:
        return tr("Started");
    case DurationColumn:
        return tr("Duration");
    case ResultColumn:
        return tr("Result");
    case FenceColumn:
        return tr("Fence");
    case OwnerColumn:
        return tr("Worker");
    case DetailColumn:
        return tr("Detail");
    default:
        return {};
    }
}

} // namespace ingather::models
