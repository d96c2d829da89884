// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include <optional>

namespace ingather::app
{

struct ParsedOptions;

/// What the command line of the desktop program says. Paths are absolute.
struct Options {
    Q_DECLARE_TR_FUNCTIONS(ingather::app::Options)

public:
    QString ledger;        ///< empty: as the settings say
    QString caCertificate; ///< empty: none
    QString language;      ///< empty: the system's
    QStringList urls;
    bool isDark = false;      ///< hidden: dark colours whatever the desktop has
    QString screenshot;       ///< hidden: a picture of the window goes there, then the program ends
    QString screenshotMoment; ///< hidden: see Screenshot

    /// `arguments` begin with the program's name.
    static ParsedOptions parse(const QStringList &arguments);
};

struct ParsedOptions {
    std::optional<Options> options; ///< absent: print `text` and end with `exitCode`
    QString text;
    int exitCode = 0;
    QString language; ///< as asked for, even if there are no options
};

} // namespace ingather::app
