// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/password_prompt.h"
#include "cli/texts.h"
#include "core/login_place.h"
#include "engine/login_keeper.h"
#include "models/error_text.h"

#include <QCoreApplication>

namespace ingather::cli
{

namespace
{

struct Login {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::Login)
};

/// A person may have to unlock the keyring; nobody is there to do it for a script.
core::SecretPatience patience()
{
    using namespace std::chrono_literals;
    return {canAsk() ? std::chrono::milliseconds(2min) : std::chrono::milliseconds(10s)};
}

engine::LoginKeeper keeperOf(CommandContext &context)
{
    return engine::LoginKeeper(context.secrets, context.settings.loginList, patience());
}

int report(CommandContext &context, const core::Error &error)
{
    QString text = reasonText(error);
    if (error.code == core::ErrorCode::KeyringUnavailable)
        text += QStringLiteral(". ") + models::ErrorText::advice(error.code);
    context.output.problem(text);
    return exitCodeFor(error.code);
}

int noAnswer(CommandContext &context, const QString &problem)
{
    if (context.signals.wasInterrupted())
        return Interrupted;
    context.output.problem(problem);
    return WrongUsage;
}

QJsonObject json(const QString &place, bool isKept)
{
    return {{QStringLiteral("place"), place}, {QStringLiteral("kept"), isKept}};
}

} // namespace

int execute(const LoginCommand &command, CommandContext &context)
{
    const auto place = core::loginPlace(command.place);
    if (!place)
        return report(context, place.error());
    QString user = command.user;
    if (user.isEmpty()) {
        if (!canAsk()) {
            context.output.problem(Login::tr("--user is needed where nobody can be asked"));
            return WrongUsage;
        }
        const auto answer =
            askLine(Login::tr("User name for %1: ").arg(*place), Echo::Shown, context.signals);
        if (!answer)
            return noAnswer(context, Login::tr("no user name was given"));
        user = *answer;
    }
    const auto password =
        askLine(Login::tr("Password of %1 for %2: ").arg(user, *place), Echo::Hidden, context.signals);
    if (!password)
        return noAnswer(context, Login::tr("no password was given"));
    if (const core::Result<> kept = keeperOf(context).keep(*place, user, *password); !kept)
        return report(context, kept.error());
    context.output.news(Login::tr("The keyring has the login for %1 now.").arg(*place));
    context.output.json(json(*place, true));
    return AllWell;
}

int execute(const LogoutCommand &command, CommandContext &context)
{
    const auto place = core::loginPlace(command.place);
    if (!place)
        return report(context, place.error());
    const core::Result<bool> forgotten = keeperOf(context).forget(*place);
    if (!forgotten)
        return report(context, forgotten.error());
    if (*forgotten)
        context.output.news(Login::tr("The keyring has no login for %1 any more.").arg(*place));
    else
        context.output.news(Login::tr("No login was kept for %1.").arg(*place));
    context.output.json(json(*place, false));
    return AllWell;
}

int execute(const LoginsCommand &, CommandContext &context)
{
    const core::Result<QStringList> places = keeperOf(context).places();
    if (!places)
        return report(context, places.error());
    for (const QString &place : *places) {
        context.output.result(place);
        context.output.json(json(place, true));
    }
    return AllWell;
}

} // namespace ingather::cli
