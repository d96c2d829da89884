// SPDX-License-Identifier: MIT
#pragma once

#include "storage/content_type.h"

#include <QFlags>
#include <QString>
#include <QStringList>

namespace ingather::storage
{

enum class ContentVerdict {
    Right,
    Unusual,     ///< kept and flagged
    Truncated,   ///< it ends before its content does
    BlockedPage, ///< a page stands where a file was asked for
    WrongType,
};

/// What is odd about content that is kept all the same.
enum class ContentFlag {
    OddStart = 1,       ///< something stands before the first byte of the format
    BytesAfterEnd = 2,  ///< more than white space stands behind its end
    IndexMisplaced = 4, ///< a PDF's startxref or a zip's directory is not where the file says
    LengthDiffers = 8,  ///< a linearised PDF states another length than it has
    PageAsData = 16,    ///< XHTML where XML was asked for
    Incomplete = 32,    ///< cut short, but nobody asked for this type
    NoContent = 64,     ///< an empty file
    OtherContainer =
        128, ///< an OLE compound file where a zip was asked for: an office document with a password
};
Q_DECLARE_FLAGS(ContentFlags, ContentFlag)
Q_DECLARE_OPERATORS_FOR_FLAGS(ContentFlags)

/// Stable names, e.g. "odd_start", in the order of the enumeration.
QStringList contentFlagNames(ContentFlags flags);

/// What the gate found. `reason` is in our own words for logs and `error_detail`; empty if all is right.
struct ContentReport {
    ContentVerdict verdict = ContentVerdict::Right;
    ContentType found = ContentType::Binary;
    ContentFlags flags;
    bool isEncrypted = false;
    QString reason;
};

/// The inner look at one format, before anybody says what it means.
struct ContentStructure {
    bool isWhole = true;
    bool isEncrypted = false;
    ContentFlags flags;
    QString reason; ///< why it is not whole, or what the flags speak of
};

} // namespace ingather::storage
