// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace ingather::core
{

/// A file name for a document of which the title is known: safeFileName() of the title in its own words, at
/// most 150 bytes of it and not cut within a word, and `extension` ("pdf", with or without its dot; left out
/// if it is none). Markup of catalogues ("<i>", "<jats:p>", "&amp;") goes; a colon becomes " -", a slash "-",
/// double quotes become single, question marks and asterisks go. Empty if nothing usable is left of the
/// title.
QString fileNameFromTitle(const QString &title, const QString &extension);

} // namespace ingather::core
