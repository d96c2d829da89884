// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>

#include <optional>

namespace ingather::transfer
{

struct NetrcEntry {
    QByteArray machine; ///< lower case; empty in the default entry
    QByteArray login;
    QByteArray password;

    friend bool operator==(const NetrcEntry &, const NetrcEntry &) = default;
};

/// Logins by host, as people keep them for ftp, curl and wget.
struct Netrc {
    QList<NetrcEntry> entries; ///< of machines, in the order of the file
    std::optional<NetrcEntry> fallback;

    /// The first entry for that host, by name alone; nullptr if there is none. The default entry is not
    /// asked.
    const NetrcEntry *entryFor(const QByteArray &host) const;
};

/// The text of a netrc file: machine, default, login, password, account (ignored), macdef (skipped to the
/// next empty line), lines that start with #. Values in double quotes know \" \\ \n \r \t, as with curl.
/// Unknown words are skipped; nothing behind a quote that is not closed is read.
Netrc parseNetrc(const QByteArray &text);

} // namespace ingather::transfer
