// SPDX-License-Identifier: MIT
#pragma once

#include "core/job_id.h"
#include "core/op.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

namespace ingather::core
{

/// JSON with sorted keys (by code point), separators "," and ":", non-ASCII as \uXXXX (surrogate
/// pairs above the BMP), integers as written, other numbers in their shortest round-trip form.
/// The form that every key of ledger schema v1 is hashed over.
QByteArray canonicalJson(const QJsonObject &object);

/// Idempotency key of a job: 64 lower-case hex digits, SHA-256 over
/// {"artifact_id","kind":"JOB","role":"artifact","url","v":1,"work_id"}.
QString jobKey(const QString &workId, const QString &artifactId, const QString &canonicalUrl);

/// Key of an operation: SHA-256 over {"v":1,"kind":type,"job_id",…context}. `context` carries
/// content identity and generation only, and must not hold "v", "kind" or "job_id" (asserts).
QString opKey(OpType type, const JobId &job, const QJsonObject &context);

/// UUIDv5 (RFC 4122 §4.3) of the idempotency key in Ingather's fixed namespace.
JobId jobIdForKey(const QString &idempotencyKey);

/// Work id of a URL that came without one: "url:" + the first 32 hex digits of its SHA-256.
QString defaultWorkId(const QString &canonicalUrl);

/// "file": the artifact id of a URL that came without one.
QString defaultArtifactId();

/// "file@" + the first 8 hex digits of SHA-256(absolute folder): the same URL, filed in a second folder.
QString artifactIdForFolder(const QString &absoluteFolder);

/// The artifact id followed by "@v2", "@v3", …: the same URL in the same folder, fetched once more because it
/// may have changed since. `version` is 2 or more.
QString artifactIdForVersion(const QString &artifactId, int version);

/// Whether that function made it.
bool isLaterVersion(const QString &artifactId);

} // namespace ingather::core
