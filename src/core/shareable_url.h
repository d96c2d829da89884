// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace ingather::core
{

/// A URL that may go along with a file to other people: without userinfo and fragment, and with "***" for
/// query values that are secret by their name or look like a token. What else tells documents apart
/// ("?id=42") stays, unlike in redacted(). Empty for what is no http or https URL.
QString shareableUrl(const QString &canonicalUrl);

} // namespace ingather::core
