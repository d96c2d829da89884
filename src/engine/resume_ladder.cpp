// SPDX-License-Identifier: MIT
#include "engine/resume_ladder.h"

#include <algorithm>

namespace ingather::engine
{

namespace
{

constexpr int statusPartialContent = 206;
constexpr int statusRangeNotSatisfiable = 416;

/// What shows that the representation is another one now; empty if nothing does.
QString change(const core::Validators &known, const core::Validators &now)
{
    if (known.size && now.size && *known.size != *now.size)
        return QStringLiteral("the length changed");
    // A weak tag that differs says so as well; one that is equal proves nothing.
    if (!known.etag.isEmpty() && !now.etag.isEmpty() && known.etag != now.etag)
        return QStringLiteral("the entity tag changed");
    if (known.etag.isEmpty() && !known.lastModified.isEmpty() && !now.lastModified.isEmpty() &&
        known.lastModified != now.lastModified)
        return QStringLiteral("the date changed");
    return {};
}

/// What vouches for the bytes of a 206 being of the part's representation; empty if nothing does.
QString voucher(const KnownPart &part, const core::Validators &now)
{
    if (part.validators.hasStrongEtag() && part.validators.etag == now.etag)
        return QStringLiteral("same strong entity tag");
    const bool isSameDate =
        !part.validators.lastModified.isEmpty() && part.validators.lastModified == now.lastModified;
    const bool isSameSize = part.validators.size && now.size && *part.validators.size == *now.size;
    if (isSameDate && isSameSize)
        return QStringLiteral("same date and length");
    return {};
}

Judgement judgeRange(const KnownPart &part, Ask ask, const transfer::ResponseHead &head)
{
    if (const QString why = change(part.validators, head.validators); !why.isEmpty())
        return {Next::AskWhole, why};
    const bool startsEarlier = head.contentRange->first < part.length;
    if (ask == Ask::Overlap || startsEarlier)
        return {Next::Continue, QStringLiteral("no validator vouches for it")};
    const QString why = voucher(part, head.validators);
    if (!why.isEmpty())
        return {Next::Continue, why};
    if (ask == Ask::IfDate && head.validators.lastModified == part.validators.lastModified)
        return {Next::Continue, QStringLiteral("same strong date")};
    return {Next::AskOverlap, QStringLiteral("no validator vouches for the range")};
}

Judgement judgeWhole(const KnownPart &part, Ask ask, const transfer::ResponseHead &head)
{
    if (const QString why = change(part.validators, head.validators); !why.isEmpty())
        return {Next::TakeWhole, why};
    if (ask == Ask::IfTag || ask == Ask::IfDate)
        return {Next::AskPlainly, QStringLiteral("the server answered 200 to the condition")};
    return {Next::TakeWhole, QStringLiteral("the server gives no ranges")};
}

Judgement judgeUnsatisfiable(const KnownPart &part, const transfer::ResponseHead &head)
{
    const std::optional<qint64> total = head.validators.size;
    const bool isLengthKnown = part.validators.size.has_value();
    if (total && *total == part.length && (!isLengthKnown || *part.validators.size == *total))
        return {Next::IsComplete, QStringLiteral("the server has no more than the part")};
    return {Next::AskWhole, total ? QStringLiteral("the server has %1 bytes").arg(*total)
                                  : QStringLiteral("the server refused the range")};
}

} // namespace

Ask firstAsk(const KnownPart &part)
{
    if (part.validators.hasStrongEtag())
        return Ask::IfTag;
    if (part.isDateStrong && !part.validators.lastModified.isEmpty())
        return Ask::IfDate;
    return Ask::Overlap;
}

qint64 firstByte(const KnownPart &part, Ask ask)
{
    return ask == Ask::Overlap ? std::max<qint64>(0, part.length - overlapBytes) : part.length;
}

Judgement judge(const KnownPart &part, Ask ask, const transfer::ResponseHead &head)
{
    if (head.status == statusPartialContent && head.contentRange)
        return judgeRange(part, ask, head);
    if (head.status == statusRangeNotSatisfiable)
        return judgeUnsatisfiable(part, head);
    return judgeWhole(part, ask, head);
}

} // namespace ingather::engine
