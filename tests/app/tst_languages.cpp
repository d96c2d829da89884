// SPDX-License-Identifier: MIT
#include "app/options.h"
#include "core/error.h"
#include "gui/main_window.h"
#include "models/error_text.h"
#include "models/format.h"
#include "models/languages.h"

#include "models/fake_source.h"

#include <QAction>
#include <QApplication>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace ingather;
using models::Format;
using models::StatusSummary;

class TestLanguages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void englishHasItsPlurals()
    {
        QObject owner;
        QVERIFY(models::speak(QStringLiteral("en"), &owner));
        tests::FakeSource source;
        source.append(QStringLiteral("a"));
        StatusSummary summary(source);
        summary.refresh();
        QTRY_COMPARE(summary.text(0), QStringLiteral("1 job: 1 waiting"));
        source.append(QStringLiteral("b"));
        summary.refresh();
        QTRY_COMPARE(summary.text(0), QStringLiteral("2 jobs: 2 waiting"));
    }

    void theWindowSpeaksGerman()
    {
        QObject owner;
        QVERIFY(models::speak(QStringLiteral("de"), &owner));
        QTemporaryDir dir;
        QSettings settings(dir.filePath(QStringLiteral("w.ini")), QSettings::IniFormat);
        tests::FakeSource source;
        gui::MainWindow window(source, settings, {});
        window.show();
        QCOMPARE(window.findChild<QAction *>(QStringLiteral("pauseAction"))->text(),
                 QStringLiteral("An&halten"));
        QTRY_COMPARE(window.findChild<QLabel *>(QStringLiteral("emptyTitle"))->text(),
                     QStringLiteral("Noch nichts da"));
        QCOMPARE(Format::bytes(1572864), QStringLiteral("1,5 MiB"));
        QCOMPARE(Format::duration(7500), QStringLiteral("2 Std. 5 Min."));
        // Texts of Qt's own come from Qt's translation.
        QDialogButtonBox box(QDialogButtonBox::Cancel);
        QCOMPARE(box.button(QDialogButtonBox::Cancel)->text().remove(u'&'), QStringLiteral("Abbrechen"));
    }

    void everyErrorIsTranslated()
    {
        QObject owner;
        QStringList english;
        for (int i = 0; i <= static_cast<int>(core::ErrorCode::Internal); ++i)
            english.append(models::ErrorText::why(static_cast<core::ErrorCode>(i)));
        QVERIFY(models::speak(QStringLiteral("de_AT"), &owner));
        for (int i = 0; i <= static_cast<int>(core::ErrorCode::Internal); ++i)
            QVERIFY2(models::ErrorText::why(static_cast<core::ErrorCode>(i)) != english.at(i),
                     qPrintable(english.at(i)));
    }

    void anUnknownLanguageIsTold()
    {
        QObject owner;
        QVERIFY(!models::speak(QStringLiteral("tlh"), &owner));
    }

    void options_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<bool>("hasOptions");
        QTest::newRow("nothing is fine") << QStringList{} << 0 << true;
        QTest::newRow("help ends the program well") << QStringList{QStringLiteral("--help")} << 0 << false;
        QTest::newRow("an unknown option is wrong usage")
            << QStringList{QStringLiteral("--frob")} << 2 << false;
        QTest::newRow("an empty ledger is wrong usage")
            << QStringList{QStringLiteral("--ledger=")} << 2 << false;
        QTest::newRow("a missing value is wrong usage")
            << QStringList{QStringLiteral("--ledger")} << 2 << false;
    }
    void options()
    {
        QFETCH(QStringList, arguments);
        const auto outcome = app::Options::parse(QStringList(QStringLiteral("ingather")) + arguments);
        QTEST(outcome.exitCode, "exitCode");
        QTEST(outcome.options.has_value(), "hasOptions");
        QVERIFY(outcome.options || !outcome.text.isEmpty());
    }

    void optionsHoldWhatWasGiven()
    {
        const auto outcome =
            app::Options::parse({QStringLiteral("ingather"), QStringLiteral("--ledger"),
                                 QStringLiteral("/x/l.sqlite3"), QStringLiteral("--language=de"),
                                 QStringLiteral("--dark"), QStringLiteral("https://example.org/a")});
        QVERIFY(outcome.options);
        QCOMPARE(outcome.options->ledger, QStringLiteral("/x/l.sqlite3"));
        QCOMPARE(outcome.options->language, QStringLiteral("de"));
        QVERIFY(outcome.options->isDark);
        QCOMPARE(outcome.options->urls, QStringList{QStringLiteral("https://example.org/a")});
        QCOMPARE(outcome.options->caCertificate, QString());
    }
};

QTEST_MAIN(TestLanguages)
#include "tst_languages.moc"
