// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"
#include "cli/command_context.h"

/// The commands: each carries out what its value says and returns the exit code of the program.
namespace ingather::cli
{

int execute(const GetCommand &command, CommandContext &context);
int execute(const AddCommand &command, CommandContext &context);
int execute(const ImportCommand &command, CommandContext &context);
int execute(const RunCommand &command, CommandContext &context);
int execute(const ListCommand &command, CommandContext &context);
int execute(const ShowCommand &command, CommandContext &context);
int execute(const OpsCommand &command, CommandContext &context);
int execute(const StatusCommand &command, CommandContext &context);
int execute(const HostsCommand &command, CommandContext &context);
int execute(const LoginCommand &command, CommandContext &context);
int execute(const LogoutCommand &command, CommandContext &context);
int execute(const LoginsCommand &command, CommandContext &context);
int execute(const WishCommand &command, CommandContext &context);
int execute(const PriorityCommand &command, CommandContext &context);
int execute(const RemoveCommand &command, CommandContext &context);
int execute(const ReconcileCommand &command, CommandContext &context);
int execute(const VerifyCommand &command, CommandContext &context);
int execute(const AcceptCommand &command, CommandContext &context);
int execute(const HealthCommand &command, CommandContext &context);
int execute(const RepairCommand &command, CommandContext &context);
int execute(const BackupCommand &command, CommandContext &context);
int execute(const RestoreCommand &command, CommandContext &context);
int execute(const MigrateCommand &command, CommandContext &context);

} // namespace ingather::cli
