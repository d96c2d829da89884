// SPDX-License-Identifier: MIT
#pragma once

#include "engine/history.h"
#include "storage/content_report.h"
#include "transfer/http_client.h"

#include <QJsonObject>
#include <QString>

/// What the operations of a job say in intent_json and result_json. Plain functions, because GCC 12 cannot
/// compile braced lists of non-trivial values inside a coroutine.
namespace ingather::engine
{

QJsonObject headResult(const transfer::ResponseHead &head);
/// ETag and Last-Modified from that; nothing of a size.
core::Validators validatorsOfHead(const QJsonObject &result);

/// Why a part was continued, given up or found complete. `from`: the length that was kept.
QJsonObject resumeResult(const QString &decision, const QString &reason, qint64 from);

struct StreamPlan {
    QString part;
    core::Validators validators;
    bool isDateStrong = false;
    QList<core::Digest> digests;
    QString suggestedName;
    QStringList olderParts; ///< given up for this one
    qint64 from = 0;
};
QJsonObject streamIntent(const StreamPlan &plan);
QJsonObject streamResult(const QString &part, qint64 size, const core::Sha256 &sha256, qint64 bytesFetched);

/// What the content gate found.
QJsonObject contentFound(const storage::ContentReport &report);

/// The name is left open: the ledger allocates it and writes it as the target.
QJsonObject filingIntent(const FilingPlan &plan);
QJsonObject filingResult(const FilingPlan &plan);
QJsonObject copyIntent(const FilingPlan &plan);
QJsonObject copyResult(const FilingPlan &plan, const QString &method);
/// `sameContentAs`: absolute path of a file that held these bytes before; may be empty.
QJsonObject indexResult(const FilingPlan &plan, const QString &sameContentAs);

} // namespace ingather::engine
