// SPDX-License-Identifier: MIT
#include "app/options.h"

#include <QCommandLineParser>
#include <QFileInfo>

namespace ingather::app
{

ParsedOptions Options::parse(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("A download manager that ends up with all of your documents."));
    QCommandLineOption help({QStringLiteral("h"), QStringLiteral("help")}, tr("Print this text."));
    QCommandLineOption version(QStringLiteral("version"), tr("Print the version."));
    QCommandLineOption ledgerOption(QStringLiteral("ledger"), tr("Use this ledger."), tr("FILE"));
    QCommandLineOption certificate(QStringLiteral("ca-certificate"), tr("Trust this authority as well."),
                                   tr("FILE"));
    QCommandLineOption languageOption(QStringLiteral("language"), tr("Speak this language, such as “de”."),
                                      tr("CODE"));
    QCommandLineOption dark(QStringLiteral("dark"));
    QCommandLineOption picture(QStringLiteral("screenshot"), QString(), QStringLiteral("FILE"));
    QCommandLineOption moment(QStringLiteral("screenshot-after"), QString(), QStringLiteral("RULE"),
                              QStringLiteral("progress"));
    for (QCommandLineOption *hidden : {&dark, &picture, &moment})
        hidden->setFlags(QCommandLineOption::HiddenFromHelp);
    parser.addOptions({help, version, ledgerOption, certificate, languageOption, dark, picture, moment});
    parser.addPositionalArgument(QStringLiteral("URL"), tr("Web addresses to add."),
                                 QStringLiteral("[URL…]"));

    if (!parser.parse(arguments))
        return {std::nullopt, parser.errorText(), 2, {}};
    if (parser.isSet(help))
        return {std::nullopt, parser.helpText(), 0, parser.value(languageOption)};
    if (parser.isSet(version))
        return {
            std::nullopt, QStringLiteral("ingather %1").arg(QCoreApplication::applicationVersion()), 0, {}};

    const auto path = [&parser](const QCommandLineOption &option) {
        const QString value = parser.value(option);
        return value.isEmpty() ? QString() : QFileInfo(value).absoluteFilePath();
    };
    for (const QCommandLineOption &option : {ledgerOption, certificate, languageOption, picture}) {
        if (parser.isSet(option) && parser.value(option).isEmpty())
            return {std::nullopt, tr("--%1 needs a value.").arg(option.names().constFirst()), 2, {}};
    }
    Options options;
    options.ledger = path(ledgerOption);
    options.caCertificate = path(certificate);
    options.language = parser.value(languageOption);
    options.urls = parser.positionalArguments();
    options.isDark = parser.isSet(dark);
    options.screenshot = path(picture);
    options.screenshotMoment = parser.value(moment);
    return {options, {}, 0, options.language};
}

} // namespace ingather::app
