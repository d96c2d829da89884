// SPDX-License-Identifier: MIT
#include "engine/filing_steps.h"

#include "engine/op_content.h"
#include "engine/op_keys.h"
#include "ledger/queries.h"

#include <QDir>

namespace ingather::engine
{

namespace
{

const QString verified = QStringLiteral("verified");

} // namespace

FilingPlan filingOf(const ledger::JobRecord &job)
{
    const core::Sha256 sha256 = *core::Sha256::fromHex(job.sha256);
    return {.opKey = contentKey(core::OpType::Finalize, job, sha256),
            .source = {},
            .target = job.finalPath,
            .sha256 = sha256,
            .size = job.bytesTotal.value_or(0),
            .isVerified = job.verification == verified};
}

ledger::LifeStep registrationStep(const ledger::JobRecord &job, const FilingPlan &plan,
                                  const QString &sameContentAs)
{
    ledger::LifeStep step;
    step.ops.append(ledger::OpDone{core::OpType::Finalize, plan.opKey, filingResult(plan)});
    step.ops.append(ledger::OpDone{core::OpType::Index, contentKey(core::OpType::Index, job, plan.sha256),
                                   indexResult(plan, sameContentAs)});
    step.facts.verification = plan.isVerified ? verified : QStringLiteral("unknown");
    step.forgetPart = true;
    step.index = true;
    return step;
}

ledger::LifeStep copyStep(const FilingPlan &plan, const QString &method)
{
    ledger::LifeStep step;
    step.ops.append(ledger::OpDone{core::OpType::Dedupe, plan.opKey, copyResult(plan, method)});
    step.facts.sha256 = plan.sha256.toHex();
    step.facts.bytesTotal = plan.size;
    step.facts.bytesDone = plan.size;
    step.facts.verification = verified;
    step.index = true;
    step.forgetPart = true;
    return step;
}

bool isAbsence(core::ErrorCode code)
{
    return code == core::ErrorCode::FileMissing || code == core::ErrorCode::FileChanged;
}

core::Result<QString> fileWithContent(ledger::Session &session, const core::Sha256 &sha256)
{
    const core::Result<QList<ledger::HeldFile>> held = ledger::filesWithHash(session, sha256.toHex());
    if (!held)
        return held.error();
    return held->isEmpty() ? QString() : QDir(held->first().rootPath).filePath(held->first().path);
}

} // namespace ingather::engine
