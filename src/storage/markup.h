// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace ingather::storage
{

/// How a text starts that may be HTML or XML.
struct Markup {
    enum Kind { None, Page, Data };

    Kind kind = None;
    bool hasProlog = false; ///< "<?xml"
    QByteArray root;        ///< name of the first element as written; empty if it lies beyond `text`
};

/// Looks past white space, comments, processing instructions and a document type for the first element.
/// HTML's own element names make a Page, any other name or an XML prolog makes Data.
Markup markupOf(QByteArrayView text);

/// Whether a page starts somewhere inside of a text: "<html", "<!doctype html".
bool holdsPage(QByteArrayView text);

/// What a page is about, as far as its words tell; for a reason that people can act upon.
enum class PageKind { Challenge, Login, NotFound, Refusal, Other };
PageKind pageKindOf(QByteArrayView text);

/// "a test for robots", "a login page" …: our own words for logs and `error_detail`.
QString pageKindName(PageKind kind);

/// Whether an XML text that starts with `head` and ends with `tail` closes its root element; what follows
/// that may be white space, comments and processing instructions only (XML 1.0 §2.1).
enum class MarkupEnd { Closed, ClosedWithMore, Open };
MarkupEnd markupEndOf(QByteArrayView head, QByteArrayView tail);

} // namespace ingather::storage
