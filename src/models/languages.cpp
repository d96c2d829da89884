// SPDX-License-Identifier: MIT
#include "models/languages.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include <memory>

static void linkTranslations()
{
    Q_INIT_RESOURCE(translations);
}

namespace ingather::models
{

bool speak(const QString &language, QObject *owner)
{
    linkTranslations();
    const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
    const bool isUnknown = locale.language() == QLocale::C && !language.isEmpty() && language != u'C';
    if (!language.isEmpty() && !isUnknown)
        QLocale::setDefault(locale);
    const auto install = [&](const QLocale &wanted, const QString &name, const QString &folder) {
        auto translator = std::make_unique<QTranslator>(owner);
        if (!translator->load(wanted, name, QStringLiteral("_"), folder))
            return false;
        return QCoreApplication::installTranslator(translator.release());
    };
    // English plural forms lie under everything: the sources say "job(s)".
    install(QLocale(QLocale::English), QStringLiteral("ingather"), QStringLiteral(":/translations"));
    if (isUnknown)
        return false;
    if (locale.language() == QLocale::English || locale.language() == QLocale::C)
        return true;
    install(locale, QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    return install(locale, QStringLiteral("ingather"), QStringLiteral(":/translations"));
}

} // namespace ingather::models
