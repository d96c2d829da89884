// SPDX-License-Identifier: MIT
#include "cli/command_line.h"
#include "cli/order_text.h"
#include "cli/status_text.h"
#include "cli/texts.h"
#include "models/languages.h"

#include <QLocale>
#include <QtTest>

using namespace ingather;
using namespace ingather::cli;

class TestGerman : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void whatBecameOfAnAddressIsSaidInGerman()
    {
        QObject owner;
        QVERIFY(models::speak(QStringLiteral("de_DE"), &owner));
        engine::AddAnswer answer;
        answer.url = QStringLiteral("http://a/b.pdf");
        answer.outcome = engine::AddOutcome::Retried;
        answer.error = core::Error{core::ErrorCode::FileMissing, {}, 0, {}};
        QCOMPARE(answerText(answer, true),
                 QStringLiteral("wird noch einmal geladen, weil die Datei fehlt: http://a/b.pdf"));
    }

    void reasonsAreGermanAndTheirCodesStay()
    {
        QObject owner;
        QVERIFY(models::speak(QStringLiteral("de"), &owner));
        QCOMPARE(reasonText(core::Error{core::ErrorCode::HttpNotFound, {}, 0, {}}),
                 QStringLiteral("Der Server hat diese Datei nicht (404) (http_not_found)"));
    }

    void usageIsExplainedInGerman()
    {
        QObject owner;
        QVERIFY(models::speak(QStringLiteral("de"), &owner));
        const auto parsed = parseCommandLine({QStringLiteral("--help")}, QStringLiteral("1"), {});
        const auto *end = std::get_if<ParseEnd>(&parsed);
        QVERIFY(end);
        QVERIFY2(end->text.contains(QStringLiteral("Rückgabewerte: 0 alles in Ordnung")),
                 qPrintable(end->text));
    }

    void theColumnsOfStatusStayInLine()
    {
        QObject owner;
        QVERIFY(models::speak(QStringLiteral("de"), &owner));
        engine::StatusSnapshot status;
        status.states.insert(core::JobState::Planned, 1);
        status.held = status.failedForGood = status.activeLeases = status.expiredLeases = 1;
        const QStringList lines = statusLines(status);
        QCOMPARE(lines.size(), 5);
        for (const QString &line : lines)
            QCOMPARE(columns(line), columns(lines.first()));
    }

    void withoutTranslationItIsEnglishAgain()
    {
        QCOMPARE(reasonText(core::Error{core::ErrorCode::HttpNotFound, {}, 0, {}}),
                 QStringLiteral("The server does not have this file (404) (http_not_found)"));
    }
};

QTEST_GUILESS_MAIN(TestGerman)
#include "tst_german.moc"
