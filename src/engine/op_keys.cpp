// SPDX-License-Identifier: MIT
#include "engine/op_keys.h"

#include "core/keys.h"

#include <QJsonObject>

namespace ingather::engine
{

namespace
{

QString representationKey(core::OpType type, const ledger::JobRecord &job, const core::Validators &validators)
{
    const QJsonValue etag = validators.etag.isEmpty() ? QJsonValue() : QJsonValue(validators.etag);
    const QJsonValue size = validators.size ? QJsonValue(*validators.size) : QJsonValue();
    return core::opKey(type, job.id,
                       {{QStringLiteral("generation"), job.generation},
                        {QStringLiteral("etag"), etag},
                        {QStringLiteral("size"), size}});
}

} // namespace

QString headKey(const ledger::JobRecord &job)
{
    return core::opKey(core::OpType::Head, job.id, {{QStringLiteral("generation"), job.generation}});
}

QString resumeKey(const ledger::JobRecord &job, const core::Validators &validators)
{
    return representationKey(core::OpType::Resume, job, validators);
}

QString streamKey(const ledger::JobRecord &job, const core::Validators &validators)
{
    return representationKey(core::OpType::Stream, job, validators);
}

QString careKey(core::OpType type, const ledger::JobRecord &job, const QString &deed, const QString &part)
{
    QJsonObject context{{QStringLiteral("generation"), job.generation}, {QStringLiteral("deed"), deed}};
    if (!part.isEmpty())
        context.insert(QStringLiteral("part"), part);
    return core::opKey(type, job.id, context);
}

QString contentKey(core::OpType type, const ledger::JobRecord &job, const core::Sha256 &sha256)
{
    return core::opKey(
        type, job.id,
        {{QStringLiteral("generation"), job.generation}, {QStringLiteral("sha256"), sha256.toHex()}});
}

} // namespace ingather::engine
