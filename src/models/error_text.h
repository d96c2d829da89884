// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

#include <QCoreApplication>
#include <QString>

namespace ingather::models
{

/// Every ErrorCode as sentences for people: why it happened, and what they can do about it.
/// What happens next with one particular job is said by JobText, which knows its times.
class ErrorText final
{
    Q_DECLARE_TR_FUNCTIONS(ingather::models::ErrorText)

public:
    ErrorText() = delete;

    /// Why: one whole sentence, never empty.
    static QString why(core::ErrorCode code);
    /// What the reader can do: one or two whole sentences, never empty.
    static QString advice(core::ErrorCode code);
    /// A few words for a table cell, without a full stop.
    static QString brief(core::ErrorCode code);

    /// why(), the error's own detail in brackets if it has one, and advice().
    static QString sentence(const core::Error &error);
    /// why() for a stored name; a name of a later version is quoted.
    static QString whyForName(const QString &storedName);
};

} // namespace ingather::models
