// SPDX-License-Identifier: MIT
#pragma once

#include "core/validators.h"
#include "transfer/http_client.h"

#include <QString>

namespace ingather::engine
{

/// How the rest of a part is asked for, the surest way first.
enum class Ask {
    IfTag,   ///< from its end, If-Range with its strong entity tag
    IfDate,  ///< from its end, If-Range with its date, which is strong (RFC 9110 §8.8.2.2)
    Plainly, ///< from its end, without a condition: after a 200 to a conditional range
    Overlap, ///< from some bytes before its end, without a condition: those are compared
};

/// A part as a resume finds it.
struct KnownPart {
    core::Validators validators;
    bool isDateStrong = false;
    qint64 length = 0;
};

/// What of a part is fetched once more to be compared, where no validator vouches for the rest.
inline constexpr qint64 overlapBytes = 64 * 1024;

/// IfTag, IfDate or Overlap, by what is known of the part.
Ask firstAsk(const KnownPart &part);

/// The first byte to ask for.
qint64 firstByte(const KnownPart &part, Ask ask);

/// What becomes of the part.
enum class Next {
    Continue,   ///< the body goes on with the part; where it starts earlier, those bytes are to be compared
    IsComplete, ///< there is no more of it: verify it
    AskPlainly, ///< ask again, without the condition
    AskOverlap, ///< ask again, for bytes to compare
    TakeWhole,  ///< this answer is the whole representation, and another one than the part's: a new part
    AskWhole,   ///< a new part, by a new request
};

struct Judgement {
    Next next = Next::AskWhole;
    QString reason; ///< in our own words, for the history
    friend bool operator==(const Judgement &, const Judgement &) = default;
};

/// What an answer to a range means for the part (RFC 9110 §13.1.5, §14.4, §15.3.7, §15.5.17). That its
/// Content-Range lies within what was asked is transfer's to see to. Each Ask leads to a later one, so that
/// asking ends.
Judgement judge(const KnownPart &part, Ask ask, const transfer::ResponseHead &head);

} // namespace ingather::engine
