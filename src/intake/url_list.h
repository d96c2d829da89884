// SPDX-License-Identifier: MIT
#pragma once

#include "core/canonical_url.h"
#include "core/result.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <variant>

class QIODevice;

namespace ingather::intake
{

/// A line that gives a URL.
struct ListEntry {
    qint64 line = 0; ///< counted from 1
    QString text;    ///< as typed, blanks around it removed
    core::CanonicalUrl url;
};

/// A line that gives none.
struct ListRejection {
    qint64 line = 0;
    QString text;      ///< for people: redacted, at most 200 characters, no control characters
    core::Error error; ///< InvalidUrl or UnsupportedScheme; `detail` says why
};

using ListItem = std::variant<ListEntry, ListRejection>;

/// Reads a plain-text list: one URL a line, UTF-8 with or without a byte order mark, LF or CRLF. Blank
/// lines and lines that begin with "#" are skipped. Every other line comes out, as an entry or as a
/// rejection: none is lost in silence. Holds no more than one block and one line, however large the list is.
///
/// Rejected: what canonicalUrl() refuses; a line with text behind the URL (which of the two is meant?);
/// userinfo, because a list is no place for a password; lines over 64 KiB; bytes that are not UTF-8.
class UrlListReader final
{
public:
    /// `device` is open for reading, and outlives the reader.
    explicit UrlListReader(QIODevice &device);
    Q_DISABLE_COPY_MOVE(UrlListReader)

    /// The next line that says something; nullopt at the end. UnreadableList, once, if the device fails or
    /// the list is UTF-16: what came before stays valid.
    core::Result<std::optional<ListItem>> next();

private:
    /// A line as it lies in the list, without its end.
    struct RawLine {
        QByteArray bytes; ///< of an over-long line only the beginning
        bool isTooLong = false;
    };

    /// nullopt at the end.
    core::Result<std::optional<RawLine>> nextLine();
    /// Fills the block; false at the end.
    core::Result<bool> readBlock();
    std::optional<ListItem> itemOf(const RawLine &line) const;

    QIODevice &m_device;
    QByteArray m_block;
    qsizetype m_position = 0; ///< in the block
    qint64 m_line = 0;
    bool m_hasEnded = false;
};

} // namespace ingather::intake
