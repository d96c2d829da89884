// SPDX-License-Identifier: MIT
// The desktop program: puts everything together and hands each part what it needs.
#include "app/options.h"
#include "app/quit_signals.h"
#include "app/screenshot.h"
#include "app/single_instance.h"
#include "core/log_line.h"
#include "engine/facade.h"
#include "gui/icons.h"
#include "gui/main_window.h"
#include "gui/palettes.h"
#include "models/error_text.h"
#include "models/facade_source.h"
#include "models/languages.h"
#include "platform/keyring.h"
#include "platform/log_sink.h"
#include "platform/system_clock.h"

#include <QApplication>
#include <QDebug>
#include <QDir>
#include <QFileInfo>
#include <QMessageBox>
#include <QSettings>
#include <QStandardPaths>
#include <QStyleFactory>

#include <cstdio>
#include <memory>
#include <optional>

using namespace ingather;

namespace
{

constexpr int exitUsage = 2;
constexpr int exitLedger = 3;

void print(FILE *stream, const QString &text)
{
    std::fprintf(stream, "%s\n", qUtf8Printable(text));
}

/// Tells an error that keeps the program from starting: in a dialog, on stderr and in the log.
int refuse(const QString &summary, const core::Error &error, bool isDialogWanted, int exitCode)
{
    print(stderr, QStringLiteral("ingather: ") + core::toLogText(error));
    qCritical().noquote() << core::LogContext().with(error) << core::toLogText(error);
    if (isDialogWanted) {
        QMessageBox box(QMessageBox::Critical, QStringLiteral("Ingather"), summary, QMessageBox::Close);
        box.setInformativeText(models::ErrorText::sentence(error));
        box.exec();
    }
    return exitCode;
}

/// A ledger that a person has to repair first, or that a newer program has taken further.
bool mayBeLookedAt(const core::Error &error)
{
    return error.code == core::ErrorCode::LedgerNeedsRepair || error.code == core::ErrorCode::LedgerNewer;
}

/// The file only: stderr of a program that was started from a menu is nobody's. What Qt says about the
/// display while QApplication starts comes before, and goes to stderr.
platform::LogSettings logSettings(const QProcessEnvironment &environment)
{
    platform::LogSettings settings;
    settings.file = engine::defaultLogFile(environment);
    settings.toStandardError = false;
    return settings;
}

/// The same ledger has one name, whatever path led to it.
QString realPath(const QString &path)
{
    const QFileInfo file(path);
    const QString real = file.canonicalFilePath();
    if (!real.isEmpty())
        return real;
    const QString folder = QFileInfo(file.absolutePath()).canonicalFilePath();
    return folder.isEmpty() ? file.absoluteFilePath() : QDir(folder).filePath(file.fileName());
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication program(argc, argv);
    QApplication::setApplicationName(QStringLiteral("ingather"));
    QApplication::setApplicationDisplayName(QStringLiteral("Ingather"));
    QApplication::setApplicationVersion(QStringLiteral(INGATHER_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("ingather"));
    QApplication::setWindowIcon(gui::programIcon());

    // Read first, because they name the language; read again if their own texts are wanted in it.
    app::ParsedOptions outcome = app::Options::parse(QApplication::arguments());
    const QString language = outcome.language;
    if (!models::speak(language, &program) && !language.isEmpty())
        print(stderr, app::Options::tr("There is no translation for “%1”.").arg(language));
    if (!outcome.options)
        outcome = app::Options::parse(QApplication::arguments());
    if (!outcome.options) {
        print(outcome.exitCode == 0 ? stdout : stderr, outcome.text);
        return outcome.exitCode;
    }
    const app::Options &options = *outcome.options;
    const bool isAttended = options.screenshot.isEmpty();
    if (options.isDark) {
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        QApplication::setPalette(gui::darkPalette());
    }

    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const platform::SystemClock clock;
    const core::Result<std::unique_ptr<platform::LogSink>> log =
        platform::LogSink::install(logSettings(environment), clock);
    // A window without a log is better than none.
    if (!log)
        print(stderr, QStringLiteral("ingather: no log: ") + core::toLogText(log.error()));
    const QString configFile = engine::defaultConfigFile(environment);
    core::Result<engine::Settings> settings = engine::readSettings(configFile, environment);
    if (!settings)
        return refuse(app::Options::tr("The settings cannot be used."), settings.error(), isAttended,
                      exitUsage);
    if (!options.ledger.isEmpty())
        settings->ledgerPath = options.ledger;
    if (!options.caCertificate.isEmpty())
        settings->caCertificateFile = options.caCertificate;

    app::SingleInstance instance(QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation),
                                 realPath(settings->ledgerPath));
    if (instance.start(options.urls) == app::SingleInstance::Role::Second) {
        print(stdout, app::Options::tr("Handed over to the Ingather that is running."));
        return 0;
    }

    platform::Keyring keyring;
    core::Result<std::unique_ptr<engine::Facade>> opened =
        engine::Facade::open(*settings, engine::Facade::Access::ReadWrite, &keyring);
    // What can't be written can often be looked at; why, is told in the window.
    std::optional<core::Error> readOnlyBecause;
    if (!opened && mayBeLookedAt(opened.error())) {
        readOnlyBecause = opened.error();
        opened = engine::Facade::open(*settings, engine::Facade::Access::ReadOnly);
    }
    if (!opened)
        return refuse(app::Options::tr("The ledger %1 cannot be used.").arg(settings->ledgerPath),
                      readOnlyBecause.value_or(opened.error()), isAttended, exitLedger);
    const std::unique_ptr<engine::Facade> facade = std::move(*opened);
    models::FacadeSource source(*facade);
    QSettings layout(QFileInfo(configFile).dir().filePath(QStringLiteral("window.ini")),
                     QSettings::IniFormat);
    gui::MainWindow window(source, layout, settings->downloadFolder);

    QObject::connect(&instance, &app::SingleInstance::handedOver, &window,
                     [&window](const QStringList &urls) {
                         window.bringToFront();
                         window.addUrls(urls);
                     });
    app::QuitSignals signalWatch;
    QObject::connect(&signalWatch, &app::QuitSignals::quitRequested, &window, &QWidget::close);

    if (readOnlyBecause) {
        qWarning().noquote() << core::LogContext().with(*readOnlyBecause)
                             << core::toLogText(*readOnlyBecause);
        window.showMessage(app::Options::tr("The ledger can only be looked at. %1")
                               .arg(models::ErrorText::sentence(*readOnlyBecause)));
    } else {
        window.addUrls(options.urls);
        engine::WorkerScope scope;
        scope.defaultFolder = settings->downloadFolder;
        if (const core::Result<> started = facade->startWorker(scope); !started) {
            qCritical().noquote() << core::LogContext().with(started.error())
                                  << core::toLogText(started.error());
            window.showMessage(models::ErrorText::sentence(started.error()));
        }
    }
    window.show();

    std::unique_ptr<app::Screenshot> screenshot;
    if (!isAttended)
        screenshot = std::make_unique<app::Screenshot>(window, options.screenshot, options.screenshotMoment);
    // The window is gone from the screen before the façade waits for what is under way.
    const int exitCode = QApplication::exec();
    window.hide();
    QApplication::processEvents();
    facade->stopWorker();
    return exitCode;
}
