// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "ledger/sql_value.h"

#include <QByteArrayView>

#include <cstdint>

struct sqlite3;

namespace ingather::ledger
{

class Session;

/// Sum over typed values, CRC-32C of their serialisation. Each value is a tag byte and what the tag says:
/// 'N' nothing; 'I' 8 bytes, two's complement, little-endian; 'R' 8 bytes, IEEE 754, little-endian;
/// 'T' (text, UTF-8) and 'B' (blob) the length as 8 bytes little-endian and the bytes. No two different lists
/// of values have the same serialisation.
class ValueSum final
{
public:
    void addNull();
    void addInteger(qint64 value);
    void addReal(double value);
    void addText(QByteArrayView utf8);
    void addBlob(QByteArrayView bytes);
    void add(const SqlValue &value);
    std::uint32_t value() const { return m_sum; }

private:
    void add(char tag, QByteArrayView bytes);
    void addCounted(char tag, QByteArrayView bytes);
    std::uint32_t m_sum = 0;
};

/// Gives the connection the SQL function ingather_row_sum(…), the ValueSum of its arguments. Only statements
/// of ours use it, never the schema: programs of v1 do not have it.
core::Result<> addRowSumFunction(sqlite3 *connection);

/// The columns that `row_sum` covers, in order, for use in statements of ours.
#define INGATHER_SIGNED_COLUMNS                                                                              \
    "job_id, work_id, artifact_id, canonical_url, idempotency_key, created_at, source_url, root_id, "        \
    "file_name, final_path, bytes_total, sha256, expected_digest, content_type, verification, generation"

/// Writes the sum over the row as it stands now.
core::Result<> signRow(Session &session, const QString &jobId);

} // namespace ingather::ledger
