// SPDX-License-Identifier: MIT
#include "cli/command_context.h"

#include "cli/exit_code.h"
#include "cli/texts.h"
#include "models/error_text.h"
#include "models/finding_text.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QProcessEnvironment>

namespace ingather::cli
{

namespace
{

struct Context {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::Context)
};

QString ledgerProblem(const QString &path, const core::Error &error)
{
    if (error.code == core::ErrorCode::LedgerUnmigrated) {
        const QFileInfo file(path);
        if (!file.exists() || file.size() == 0)
            return Context::tr("there is no ledger at %1 yet; get, add, import and run create it").arg(path);
        return Context::tr("the ledger %1 is of an older version; get, add, import and run migrate it")
            .arg(path);
    }
    const QString problem = Context::tr("the ledger %1 can't be used: %2").arg(path, reasonText(error));
    switch (error.code) {
    case core::ErrorCode::LedgerNeedsRepair:
    case core::ErrorCode::LedgerInUse:
    case core::ErrorCode::LedgerNewer:
        return problem + QStringLiteral(". ") + models::ErrorText::advice(error.code);
    default:
        return problem;
    }
}

} // namespace

int reportError(CommandContext &context, const core::Error &error)
{
    const ExitCode code = exitCodeFor(error.code);
    context.output.problem(code == LedgerUnusable ? ledgerProblem(context.settings.ledgerPath, error)
                                                  : reasonText(error));
    return code;
}

void makeDefaultFolder(const CommandContext &context)
{
    const QString &path = context.settings.ledgerPath;
    if (path == engine::defaultLedgerPath(QProcessEnvironment::systemEnvironment()))
        QDir().mkpath(QFileInfo(path).path());
}

core::Result<std::unique_ptr<engine::Facade>> openForWork(const CommandContext &context)
{
    makeDefaultFolder(context);
    return engine::Facade::open(context.settings, engine::Facade::Access::ReadWrite, &context.secrets);
}

core::Result<std::unique_ptr<engine::Facade>> openForLooking(const CommandContext &context)
{
    auto facade = engine::Facade::open(context.settings, engine::Facade::Access::ReadOnly);
    if (facade) {
        for (const core::Finding &finding : (*facade)->openingFindings())
            context.output.note(models::FindingText::summary(finding));
    }
    return facade;
}

core::Result<std::unique_ptr<engine::Facade>> openForWishes(const CommandContext &context)
{
    if (const auto looked = openForLooking(context); !looked)
        return looked.error();
    return engine::Facade::open(context.settings, engine::Facade::Access::ReadWrite);
}

core::Result<> checkFolder(const QString &folder)
{
    const QString operation = QStringLiteral("check folder");
    const QFileInfo info(folder);
    if (!info.exists())
        return core::Error{core::ErrorCode::FolderMissing, operation, 0, folder};
    if (!info.isDir())
        return core::Error{core::ErrorCode::NotAFolder, operation, 0, folder};
    if (!info.isWritable() || !info.isExecutable())
        return core::Error{core::ErrorCode::FolderNotWritable, operation, 0, folder};
    return {};
}

QString programCall(const CommandContext &context)
{
    QString call = QStringLiteral("ingather-cli ");
    if (context.isLedgerNamed)
        call += QStringLiteral("--ledger ") + shellQuoted(context.settings.ledgerPath) + u' ';
    return call;
}

} // namespace ingather::cli
