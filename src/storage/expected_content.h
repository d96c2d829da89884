// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace ingather::storage
{

/// What a file must be to be filed.
enum class ExpectedContent {
    Anything,
    Binary, ///< anything but a page: images, films, archives without a check of their own
    Pdf,
    Gzip,
    Zip,
    Xml,
    Json,
};

/// Everything that says what is wanted, the strongest first. Empty: nothing is known.
struct ContentRequest {
    QString expectType;     ///< of the job: an extension ("pdf", ".pdf"), a media type, or "any"
    QString fileName;       ///< the name that the user gave
    QString url;            ///< as asked for, before redirects
    QString suggestedName;  ///< Content-Disposition
    QByteArray contentType; ///< the server's Content-Type
};

/// What the job, the names and at last the server say is wanted. What the user said is believed, pages
/// included; URL and server can only ask for more than Anything: a server that says text/html does not make a
/// page right for a ".pdf". JSON and XML are never expected on a server's word alone, which is often wrong.
ExpectedContent expectedContent(const ContentRequest &request);

/// The type that an extension stands for, in any case and without its dot; nullopt for unknown ones.
std::optional<ExpectedContent> expectedByExtension(QStringView extension);

/// The type that a media type stands for (RFC 9110 §8.3.1, parameters ignored); nullopt for unknown ones.
std::optional<ExpectedContent> expectedByMediaType(QStringView mediaType);

} // namespace ingather::storage
