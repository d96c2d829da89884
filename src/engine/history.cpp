// SPDX-License-Identifier: MIT
#include "engine/history.h"

#include "engine/op_fields.h"

#include <QJsonArray>
#include <QJsonObject>

namespace ingather::engine
{

namespace
{

std::optional<FilingPlan> filingPlanOf(const ledger::OpRecord &op)
{
    const bool isCopy = op.type == core::OpType::Dedupe;
    const std::optional<core::Sha256> sha256 =
        core::Sha256::fromHex(op.intent.value(field::sha256).toString());
    const QString source = op.intent.value(isCopy ? field::source : field::part).toString();
    const QString target = op.intent.value(field::target).toString();
    const qint64 size = op.intent.value(field::size).toInteger(-1);
    if (!sha256 || source.isEmpty() || target.isEmpty() || size < 0)
        return std::nullopt;
    return FilingPlan{.opKey = op.opKey,
                      .source = source,
                      .target = target,
                      .sha256 = *sha256,
                      .size = size,
                      .isVerified = op.intent.value(field::isVerified).toBool(),
                      .content = op.intent.value(field::content).toObject()};
}

QList<core::Digest> digestsOf(const QJsonArray &texts)
{
    QList<core::Digest> digests;
    for (const QJsonValue &text : texts) {
        if (const std::optional<core::Digest> digest = core::Digest::fromText(text.toString()))
            digests.append(*digest);
    }
    return digests;
}

QStringList olderPartsOf(const QJsonObject &intent)
{
    QStringList names;
    for (const QJsonValue &name : intent.value(field::olderParts).toArray())
        names.append(name.toString());
    if (const QString one = intent.value(field::obsoletePart).toString(); !one.isEmpty())
        names.append(one);
    return names;
}

} // namespace

History readHistory(const ledger::ClaimedJob &claimed)
{
    History history;
    std::optional<FilingPlan> openFiling;
    std::optional<FilingPlan> openCopy;
    for (const ledger::OpRecord &op : claimed.ops) {
        // An effect that failed may have happened before the error: a name that is still ours is looked at.
        const QString target = op.intent.value(field::target).toString();
        const bool mayHaveHappened =
            op.phase == core::OpPhase::Failed && !target.isEmpty() && target == claimed.job.finalPath;
        const bool isOpen = op.phase == core::OpPhase::Intent || mayHaveHappened;
        if (op.type == core::OpType::Finalize && isOpen)
            openFiling = filingPlanOf(op);
        if (op.type == core::OpType::Dedupe && isOpen)
            openCopy = filingPlanOf(op);
        if (op.type == core::OpType::Dedupe && isOpen && op.intent.contains(field::copy))
            history.obsoleteParts.append(op.intent.value(field::copy).toString());
        if (op.type == core::OpType::Stream) {
            if (op.phase != core::OpPhase::Abandoned) {
                history.suggestedName = op.intent.value(field::suggestedName).toString();
                history.isDateStrong = op.intent.value(field::isDateStrong).toBool();
                history.serverDigests = digestsOf(op.intent.value(field::digests).toArray());
            }
            if (op.phase == core::OpPhase::Done)
                history.streamed = core::Sha256::fromHex(op.result.value(field::sha256).toString());
            const bool isPartKnown = claimed.part.has_value();
            for (const QString &older : olderPartsOf(op.intent)) {
                if (!isPartKnown || claimed.part->name != older)
                    (op.phase == core::OpPhase::Done ? history.obsoleteParts : history.olderParts)
                        .append(older);
            }
        }
    }

    const ledger::JobRecord &job = claimed.job;
    const bool isFiledAndKnown = !job.finalPath.isEmpty() && core::Sha256::fromHex(job.sha256);
    if (job.state == core::JobState::Finalized && isFiledAndKnown) {
        history.move = Move::RegisterFiled;
    } else if (openFiling) {
        history.move = Move::SettleFiling;
        history.filing = openFiling;
    } else if (openCopy) {
        history.move = Move::SettleCopy;
        history.filing = openCopy;
    } else if (claimed.part) {
        const ledger::PartRecord &part = *claimed.part;
        const bool isComplete = part.validators.size && part.durableLength == *part.validators.size;
        if (isComplete)
            history.move = Move::FilePart;
        else if (part.durableLength > 0 || part.ranges.total() > 0)
            history.move = Move::ResumePart;
        else
            history.obsoleteParts.append(part.name);
    }
    return history;
}

} // namespace ingather::engine
