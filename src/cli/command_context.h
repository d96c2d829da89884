// SPDX-License-Identifier: MIT
#pragma once

#include "cli/list_reader.h"
#include "cli/output.h"
#include "cli/termination_signals.h"
#include "core/secret_store.h"
#include "engine/facade.h"
#include "engine/settings.h"

#include <memory>

namespace ingather::cli
{

/// What a command works with; made by main(), outlives the command.
struct CommandContext {
    Output &output;
    engine::Settings settings;  ///< the command line's flags are in it
    bool isLedgerNamed = false; ///< by --ledger: hints must repeat it
    ListReader &lists;
    TerminationSignals &signals;
    core::SecretStore &secrets; ///< the keyring
};

/// Says on stderr why the command can't do its work; returns the exit code.
int reportError(CommandContext &context, const core::Error &error);

/// The folder of a ledger that somebody named is theirs to make: a slip of the pen must not leave folders
/// behind. The default one is ours.
void makeDefaultFolder(const CommandContext &context);

/// For commands that create or migrate the ledger.
core::Result<std::unique_ptr<engine::Facade>> openForWork(const CommandContext &context);
/// For commands that look: creates, migrates and writes nothing.
core::Result<std::unique_ptr<engine::Facade>> openForLooking(const CommandContext &context);
/// For wishes: writes, but neither creates nor migrates.
core::Result<std::unique_ptr<engine::Facade>> openForWishes(const CommandContext &context);

/// An existing folder that can be written to; else FolderMissing, NotAFolder, FolderNotWritable.
core::Result<> checkFolder(const QString &folder);

/// "ingather-cli --ledger X " or "ingather-cli ", for commands that people can copy.
QString programCall(const CommandContext &context);

} // namespace ingather::cli
