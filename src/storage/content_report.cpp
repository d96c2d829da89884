// SPDX-License-Identifier: MIT
#include "storage/content_report.h"

#include <utility>

namespace ingather::storage
{

QStringList contentFlagNames(ContentFlags flags)
{
    constexpr std::pair<ContentFlag, const char *> names[] = {
        {ContentFlag::OddStart, "odd_start"},
        {ContentFlag::BytesAfterEnd, "bytes_after_end"},
        {ContentFlag::IndexMisplaced, "index_misplaced"},
        {ContentFlag::LengthDiffers, "length_differs"},
        {ContentFlag::PageAsData, "page_as_data"},
        {ContentFlag::Incomplete, "incomplete"},
        {ContentFlag::NoContent, "no_content"},
        {ContentFlag::OtherContainer, "other_container"},
    };
    QStringList list;
    for (const auto &[flag, name] : names) {
        if (flags.testFlag(flag))
            list.append(QString::fromLatin1(name));
    }
    return list;
}

} // namespace ingather::storage
