// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "core/reconcile_report.h"
#include "core/verify_report.h"
#include "engine/snapshots.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

/// What --json prints. Keys are the ledger's column names, what is not known is null; scripts rest on it.
namespace ingather::cli
{

/// `verify`: counts, and the files that are wrong or can't be told.
QJsonObject verifyJson(const core::VerifyReport &report);

/// `list`, `show`: a row of artifact_jobs, with the path of its root as "root".
QJsonObject jobJson(const engine::JobSnapshot &job);
/// `ops`: a row of artifact_ops, intent_json and result_json as JSON values.
QJsonObject opJson(const engine::OpSnapshot &op);
/// `ops --events`: a row of ingather_events.
QJsonObject eventJson(const engine::EventSnapshot &event);
/// `status`, `run`: {"states":{…},"held","leases":{"active","expired"},"waiting_for_network"}, every
/// state named.
QJsonObject statusJson(const engine::StatusSnapshot &status);
/// `hosts`: a row of ingather_hosts.
QJsonObject hostJson(const engine::HostSnapshot &host);
/// `get`, `add`: {"jobs":[{"job_id","url","new","state","final_path","error_code"}]}, in the order given.
QJsonObject answersJson(const QList<engine::AddAnswer> &answers);
QJsonArray idArray(const QList<core::JobId> &ids);
/// pause, resume, cancel, retry, priority, remove: {"changed":[ids],"unchanged":[ids]}.
QJsonObject wishJson(const engine::WishAnswer &answer);
/// `reconcile`: {"counts":{deed:n},"items":[{"deed","job_id","place"}],"absent_roots":[…],"files_checked"};
/// of the items the first thousand.
QJsonObject reconcileJson(const core::ReconcileReport &report);

/// A line of a list that was not taken.
struct RejectedLine {
    qint64 line = 0;
    QString text;
    core::Error error;
};

struct ImportCount {
    qint64 added = 0;
    qint64 existing = 0;
    QList<RejectedLine> rejected;
};

/// `import`: {"added","existing","rejected":[{"line","text","reason"}]}.
QJsonObject importJson(const ImportCount &count);

} // namespace ingather::cli
