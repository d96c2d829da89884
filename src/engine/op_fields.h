// SPDX-License-Identifier: MIT
#pragma once

#include <QLatin1StringView>

/// Names used inside intent_json and result_json. Stored for ever: they never change their meaning.
namespace ingather::engine::field
{

inline constexpr QLatin1StringView part("part");
inline constexpr QLatin1StringView source("source");
inline constexpr QLatin1StringView copy("copy");
inline constexpr QLatin1StringView name("name");
inline constexpr QLatin1StringView target("target");
inline constexpr QLatin1StringView sha256("sha256");
inline constexpr QLatin1StringView size("size");
inline constexpr QLatin1StringView etag("etag");
inline constexpr QLatin1StringView lastModified("last_modified");
inline constexpr QLatin1StringView isDateStrong("date_is_strong");
inline constexpr QLatin1StringView digests("digests");
inline constexpr QLatin1StringView isVerified("verified");
inline constexpr QLatin1StringView content("content");
inline constexpr QLatin1StringView contentFlags("flags");
inline constexpr QLatin1StringView isEncrypted("encrypted");
inline constexpr QLatin1StringView isDecoded("decoded");
inline constexpr QLatin1StringView isCloseDelimited("close_delimited");
inline constexpr QLatin1StringView url("url");
inline constexpr QLatin1StringView redirects("redirects");
inline constexpr QLatin1StringView status("status");
inline constexpr QLatin1StringView contentType("content_type");
inline constexpr QLatin1StringView acceptsRanges("accepts_ranges");
inline constexpr QLatin1StringView suggestedName("suggested_name");
inline constexpr QLatin1StringView obsoletePart("obsolete_part"); ///< one, as versions before wrote it
inline constexpr QLatin1StringView olderParts("older_parts");
inline constexpr QLatin1StringView from("from");
inline constexpr QLatin1StringView decision("decision");
inline constexpr QLatin1StringView reason("reason");
inline constexpr QLatin1StringView path("path");
inline constexpr QLatin1StringView method("method");
inline constexpr QLatin1StringView sameContentAs("same_content_as");
inline constexpr QLatin1StringView bytesFetched("bytes_fetched");
inline constexpr QLatin1StringView deed("deed");

} // namespace ingather::engine::field
