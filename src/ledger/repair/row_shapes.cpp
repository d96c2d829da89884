// SPDX-License-Identifier: MIT
#include "ledger/repair/row_shapes.h"

#include "core/error.h"
#include "core/job_state.h"
#include "core/op.h"
#include "platform/process_identity.h"

#include <algorithm>
#include <vector>

namespace ingather::ledger
{

namespace
{

using Fits = bool (*)(const SqlValue &);

bool isKeyOfTable(const SqlValue &value)
{
    return value.isNull();
} // INTEGER PRIMARY KEY: it is the rowid
bool isInteger(const SqlValue &value)
{
    return value.type == SqlValue::Type::Integer;
}
bool isNumber(const SqlValue &value)
{
    return value.isNumber();
}
bool isText(const SqlValue &value)
{
    return value.isText() && !value.bytes.isEmpty();
}

/// The value or nothing.
template <Fits fits>
bool orNull(const SqlValue &value)
{
    return value.isNull() || fits(value);
}
bool isAnyText(const SqlValue &value)
{
    return value.isText();
}

bool isCount(const SqlValue &value)
{
    return isInteger(value) && value.integer >= 0;
}
bool isFlag(const SqlValue &value)
{
    return isInteger(value) && (value.integer == 0 || value.integer == 1);
}

/// Unix seconds of our own rows: this century. Those of programs of v1 may be anything.
bool isTime(const SqlValue &value)
{
    return value.isNumber() && value.number() > 946'684'800 && value.number() < 4'102'444'800;
}

bool isLowerHex(QByteArrayView bytes, qsizetype size)
{
    return bytes.size() == size && std::all_of(bytes.begin(), bytes.end(), [](char byte) {
               return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
           });
}
bool isHash(const SqlValue &value)
{
    return value.isText() && isLowerHex(value.bytes, 64);
}

bool isUrl(const SqlValue &value)
{
    return value.isText() && value.bytes.indexOf(':') > 0;
}
bool isAbsolutePath(const SqlValue &value)
{
    return value.isText() && value.bytes.startsWith('/');
}
bool isRelativePath(const SqlValue &value)
{
    return isText(value) && !value.bytes.startsWith('/');
}
bool isJobState(const SqlValue &value)
{
    return value.isText() && core::jobStateFromName(value.text());
}
bool isHold(const SqlValue &value)
{
    return value.isText() && core::holdFromName(value.text()).value_or(core::Hold::None) != core::Hold::None;
}
bool isOpType(const SqlValue &value)
{
    return value.isText() && core::opTypeFromName(value.text());
}
bool isOpPhase(const SqlValue &value)
{
    return value.isText() && core::opPhaseFromName(value.text());
}
bool isErrorCode(const SqlValue &value)
{
    return value.isText() && core::errorCodeFromName(value.text());
}
bool isPartName(const SqlValue &value)
{
    return value.isText() && value.bytes.endsWith(".part");
}
bool isOwner(const SqlValue &value)
{
    return value.isText() && platform::ProcessIdentity::fromString(value.text()).has_value();
}
bool isJsonObject(const SqlValue &value)
{
    return value.isText() && value.bytes.startsWith('{') && value.bytes.endsWith('}');
}

bool isEventName(const SqlValue &value)
{
    return value.isText() && value.bytes.size() >= 4 &&
           std::all_of(value.bytes.begin(), value.bytes.end(),
                       [](char byte) { return (byte >= 'A' && byte <= 'Z') || byte == '_'; });
}

bool isHost(const SqlValue &value)
{
    return isText(value) && std::all_of(value.bytes.begin(), value.bytes.end(), [](char byte) {
               return byte > ' ' && byte != '/' && (byte < 'A' || byte > 'Z');
           });
}

/// Columns in order; what was added by a later version may be missing at the end.
struct Shape {
    OwnTable table;
    qsizetype fewest;
    std::vector<Fits> columns;
};

const std::vector<Shape> &shapes()
{
    static constexpr Fits integerOrNull = orNull<isInteger>;
    static constexpr Fits numberOrNull = orNull<isNumber>;
    static constexpr Fits textOrNull = orNull<isAnyText>;
    static const std::vector<Shape> all{
        {OwnTable::Jobs,
         10,
         {isText, isText, isText, isUrl, isJobState, textOrNull, numberOrNull, isNumber, isNumber, isHash,
          // fence … error_detail
          isInteger, isInteger, integerOrNull, isInteger, isNumber, isInteger, orNull<isHold>, isInteger,
          numberOrNull, numberOrNull, textOrNull, textOrNull, textOrNull,
          // source_url … row_sum
          textOrNull, integerOrNull, textOrNull, textOrNull, textOrNull, textOrNull, isInteger, isInteger,
          integerOrNull, isInteger, textOrNull, textOrNull, textOrNull, textOrNull, integerOrNull}},
        {OwnTable::Ops,
         7,
         {isHash, isText, isOpType, isNumber, numberOrNull, textOrNull, textOrNull, isInteger, isInteger,
          textOrNull, orNull<isOpPhase>, textOrNull, integerOrNull}},
        {OwnTable::Migrations, 7, {isKeyOfTable, isText, isHash, isFlag, isAnyText, isTime, textOrNull}},
        {OwnTable::Owners, 3, {isOwner, isText, isTime}},
        {OwnTable::Events,
         11,
         {isKeyOfTable, isTime, textOrNull, orNull<isHash>, orNull<isOpType>, integerOrNull, integerOrNull,
          textOrNull, isEventName, textOrNull, textOrNull}},
        {OwnTable::Parts,
         9,
         {isText, isInteger, isPartName, textOrNull, textOrNull, integerOrNull, isCount, textOrNull, isTime}},
        {OwnTable::Roots, 5, {isKeyOfTable, isAbsolutePath, textOrNull, textOrNull, isTime}},
        {OwnTable::Hashes, 5, {isHash, isInteger, isRelativePath, isCount, isTime}},
        {OwnTable::Urls, 6, {isText, isCount, isUrl, textOrNull, orNull<isTime>, orNull<isErrorCode>}},
        {OwnTable::Hosts, 6, {isHost, isCount, isNumber, orNull<isErrorCode>, orNull<isFlag>, isTime}},
        {OwnTable::Salvage, 5, {isKeyOfTable, isText, isJsonObject, isText, isTime}},
    };
    return all;
}

bool hasShape(const SqlRow &values, const Shape &shape)
{
    const auto columns = static_cast<qsizetype>(shape.columns.size());
    if (values.size() < shape.fewest || values.size() > columns)
        return false;
    return std::equal(values.begin(), values.end(), shape.columns.begin(),
                      [](const SqlValue &value, Fits fits) { return fits(value); });
}

/// Two texts are of ingather_meta only if it is one of the entries that every ledger has.
bool isMeta(const SqlRow &values)
{
    if (values.size() != 2 || !values[0].isText() || !isText(values[1]))
        return false;
    const QByteArray &key = values[0].bytes;
    const QByteArray &value = values[1].bytes;
    if (key == "install_id")
        return isLowerHex(value, 32);
    const bool isNumeric =
        std::all_of(value.begin(), value.end(), [](char byte) { return byte >= '0' && byte <= '9'; });
    return isNumeric && (key == "epoch" || key == "clean_shutdown");
}

} // namespace

QString ownTableName(OwnTable table)
{
    switch (table) {
    case OwnTable::Jobs:
        return QStringLiteral("artifact_jobs");
    case OwnTable::Ops:
        return QStringLiteral("artifact_ops");
    case OwnTable::Meta:
        return QStringLiteral("ingather_meta");
    case OwnTable::Migrations:
        return QStringLiteral("ingather_migrations");
    case OwnTable::Owners:
        return QStringLiteral("ingather_owners");
    case OwnTable::Events:
        return QStringLiteral("ingather_events");
    case OwnTable::Parts:
        return QStringLiteral("ingather_parts");
    case OwnTable::Roots:
        return QStringLiteral("ingather_roots");
    case OwnTable::Hashes:
        return QStringLiteral("ingather_hashes");
    case OwnTable::Urls:
        return QStringLiteral("ingather_urls");
    case OwnTable::Hosts:
        return QStringLiteral("ingather_hosts");
    case OwnTable::Salvage:
        break;
    }
    return QStringLiteral("ingather_salvage");
}

std::optional<OwnTable> shapeOf(const SqlRow &values)
{
    if (isMeta(values))
        return OwnTable::Meta;
    for (const Shape &shape : shapes()) {
        if (hasShape(values, shape))
            return shape.table;
    }
    return std::nullopt;
}

} // namespace ingather::ledger
