// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"

#include <variant>

namespace ingather::cli
{

/// The command line says all there is to say: --help, --version, or a usage error.
struct ParseEnd {
    int exitCode = 0;
    QString text; ///< for stdout with exit code 0, else one line for stderr
};

/// Reads the arguments (without the program's name). Checks everything that can be known without ledger
/// and network, except the URLs. Relative folders are taken from `currentFolder`; global options may
/// stand on either side of the command.
std::variant<Invocation, ParseEnd> parseCommandLine(const QStringList &arguments, const QString &version,
                                                    const QString &currentFolder);

} // namespace ingather::cli
