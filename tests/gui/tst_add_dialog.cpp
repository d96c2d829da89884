// SPDX-License-Identifier: MIT
#include "gui/add_dialog.h"
#include "gui/url_lines.h"

#include "models/fake_source.h"

#include <QCheckBox>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QDir>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace ingather;
using gui::AddDialog;
using tests::FakeSource;

namespace
{

struct Fixture {
    FakeSource source;
    AddDialog dialog{source, QStringLiteral("/srv/papers")};

    Fixture() { dialog.show(); }
    template <typename T>
    T *find(const char *name) const
    {
        T *found = dialog.findChild<T *>(QLatin1StringView(name));
        if (!found)
            qFatal("no widget %s", name);
        return found;
    }
    QPushButton *ok() const { return find<QDialogButtonBox>("buttons")->button(QDialogButtonBox::Ok); }
    void type(const QString &text) const { find<QPlainTextEdit>("urlEdit")->setPlainText(text); }
    QString problems() const { return find<QLabel>("lineProblems")->text(); }
};

} // namespace

class TestAddDialog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void validation_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isOk");
        QTest::addColumn<QString>("problem");
        QTest::newRow("nothing typed can't be added") << QString() << false << QString();
        QTest::newRow("blank lines are no addresses") << QStringLiteral(" \n\t\n") << false << QString();
        QTest::newRow("one good address") << QStringLiteral("https://example.org/a") << true << QString();
        QTest::newRow("an address without a scheme") << QStringLiteral("example.org/a") << true << QString();
        QTest::newRow("a scheme that is not fetched")
            << QStringLiteral("ftp://example.org/a") << false
            << QStringLiteral("Line 1, “ftp://example.org/a”: Only http");
        QTest::newRow("script is refused")
            << QStringLiteral("javascript:alert(1)") << false << QStringLiteral("Line 1");
        QTest::newRow("the bad line among good ones is named by its number")
            << QStringLiteral("https://example.org/a\n\nhttps://[bad\nhttps://example.org/b") << true
            << QStringLiteral("Line 3, “https://[bad”");
        QTest::newRow("several addresses in one line")
            << QStringLiteral("https://example.org/a https://example.org/b") << true << QString();
    }
    void validation()
    {
        QFETCH(QString, text);
        QFETCH(QString, problem);
        Fixture f;
        f.type(text);
        QTEST(f.ok()->isEnabled(), "isOk");
        if (problem.isEmpty())
            QVERIFY2(f.problems().isEmpty(), qPrintable(f.problems()));
        else
            QVERIFY2(f.problems().startsWith(problem), qPrintable(f.problems()));
    }

    void manyBadLinesAreCountedNotListed()
    {
        Fixture f;
        QStringList lines;
        for (int i = 0; i < 12; ++i)
            lines.append(QStringLiteral("ftp://example.org/%1").arg(i));
        f.type(lines.join(u'\n'));
        QCOMPARE(f.problems().count(u'\n'), 5);
        QVERIFY(f.problems().contains(QStringLiteral("7 more")));
    }

    void theHashIsForOneAddressAndMustBeWhole()
    {
        Fixture f;
        auto *hash = f.find<QLineEdit>("hashEdit");
        QVERIFY(!hash->isEnabled());
        f.type(QStringLiteral("https://example.org/a"));
        QVERIFY(hash->isEnabled());
        hash->setText(QStringLiteral("abc"));
        QVERIFY(!f.ok()->isEnabled());
        QVERIFY(f.find<QLabel>("hashProblem")->isVisible());
        hash->setText(QString(64, u'A'));
        QVERIFY(f.ok()->isEnabled());
        f.ok()->click();
        QTRY_COMPARE(f.source.added.size(), 1);
        QCOMPARE(f.source.added.first().sha256, QString(64, u'a'));
        f.type(QStringLiteral("https://example.org/a\nhttps://example.org/b"));
        QVERIFY(!hash->isEnabled());
        QVERIFY(f.ok()->isEnabled());
    }

    void aRelativeFolderIsRefusedAndATildeIsHome()
    {
        Fixture f;
        f.type(QStringLiteral("https://example.org/a"));
        auto *folder = f.find<QLineEdit>("folderEdit");
        folder->setText(QStringLiteral("papers"));
        QVERIFY(!f.ok()->isEnabled());
        folder->setText(QStringLiteral("~/papers"));
        QVERIFY(f.ok()->isEnabled());
        QCOMPARE(f.dialog.folder(), QDir::homePath() + QStringLiteral("/papers"));
    }

    void acceptsWhenAllIsAdded()
    {
        Fixture f;
        QSignalSpy added(&f.dialog, &AddDialog::added);
        QSignalSpy accepted(&f.dialog, &QDialog::accepted);
        f.type(QStringLiteral("https://example.org/a\nhttps://example.org/b"));
        f.find<QCheckBox>("againBox")->setChecked(false);
        f.ok()->click();
        QTRY_COMPARE(accepted.count(), 1);
        QCOMPARE(added.count(), 1);
        QCOMPARE(f.source.added.size(), 2);
        QCOMPARE(f.source.added.at(1).url, QStringLiteral("https://example.org/b"));
        QCOMPARE(f.source.added.at(1).folder, QStringLiteral("/srv/papers"));
        QCOMPARE(f.source.retryEnded, QList<bool>{false});
    }

    void aMissingFolderIsToldAtTheFolderAndNothingIsLost()
    {
        Fixture f;
        f.source.onAdd = [](const QList<engine::AddRequest> &requests) {
            QList<engine::AddAnswer> answers;
            for (const engine::AddRequest &request : requests) {
                core::Error error;
                error.code = core::ErrorCode::FolderMissing;
                error.detail = request.folder;
                engine::AddAnswer answer;
                answer.url = request.url;
                answer.error = error;
                answers.append(answer);
            }
            return core::Result<QList<engine::AddAnswer>>(answers);
        };
        QSignalSpy added(&f.dialog, &AddDialog::added);
        f.type(QStringLiteral("https://example.org/a"));
        f.ok()->click();
        auto *problem = f.find<QLabel>("folderProblem");
        QTRY_VERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(QStringLiteral("/srv/papers")), qPrintable(problem->text()));
        QVERIFY(f.dialog.isVisible());
        QCOMPARE(added.count(), 0);
        QCOMPARE(f.find<QPlainTextEdit>("urlEdit")->toPlainText(), QStringLiteral("https://example.org/a"));
        QVERIFY(f.ok()->isEnabled());
    }

    void anErrorOfTheLedgerKeepsTheDialogOpen()
    {
        Fixture f;
        f.source.onAdd = [](const QList<engine::AddRequest> &) {
            core::Error error;
            error.code = core::ErrorCode::LedgerFull;
            return core::Result<QList<engine::AddAnswer>>(error);
        };
        f.type(QStringLiteral("https://example.org/a"));
        f.ok()->click();
        QTRY_VERIFY(
            f.find<QLabel>("answerLabel")->text().contains(QStringLiteral("no room left for the ledger")));
        QVERIFY(f.dialog.isVisible());
    }

    void whatWasRefusedStaysWithItsReason()
    {
        Fixture f;
        f.source.onAdd = [](const QList<engine::AddRequest> &requests) {
            QList<engine::AddAnswer> answers(requests.size());
            answers[0].outcome = engine::AddOutcome::Added;
            core::Error error;
            error.code = core::ErrorCode::InvalidArgument;
            answers[1].error = error;
            return core::Result<QList<engine::AddAnswer>>(answers);
        };
        QSignalSpy added(&f.dialog, &AddDialog::added);
        f.type(QStringLiteral("https://example.org/a\nhttps://example.org/b\nftp://x.org/c"));
        f.ok()->click();
        QTRY_COMPARE(added.count(), 1);
        QCOMPARE(added.first().first().value<QList<engine::AddAnswer>>().size(), 1);
        QVERIFY(f.dialog.isVisible());
        QCOMPARE(f.find<QPlainTextEdit>("urlEdit")->toPlainText(),
                 QStringLiteral("https://example.org/b\nftp://x.org/c"));
        QVERIFY(f.problems().contains(QStringLiteral("makes no sense")));
        QVERIFY(f.problems().contains(QStringLiteral("Line 2")));
        QVERIFY(f.find<QLabel>("answerLabel")->text().contains(QStringLiteral("1 added")));
    }

    void whileAddingNothingCanBeSentTwice()
    {
        Fixture f;
        f.source.isHolding = true;
        f.type(QStringLiteral("https://example.org/a"));
        f.ok()->click();
        QVERIFY(!f.ok()->isEnabled());
        f.find<QLineEdit>("hashEdit")->setText(QString(64, u'a')); // validates again
        QVERIFY(!f.ok()->isEnabled());
        QCOMPARE(f.source.added.size(), 1);
        f.source.release();
        QTRY_VERIFY(!f.dialog.isVisible());
    }

    void theClipboardIsTakenOnlyIfItHoldsWebAddresses()
    {
        Fixture f;
        QGuiApplication::clipboard()->setText(QStringLiteral("a shopping list\nhttps://example.org/a"));
        f.dialog.takeClipboard();
        QVERIFY(f.find<QPlainTextEdit>("urlEdit")->toPlainText().isEmpty());
        QGuiApplication::clipboard()->setText(
            QStringLiteral(" https://example.org/a \r\nHTTP://example.org/b\n"));
        f.dialog.takeClipboard();
        QCOMPARE(f.find<QPlainTextEdit>("urlEdit")->toPlainText(),
                 QStringLiteral("https://example.org/a\nHTTP://example.org/b"));
    }

    void linesKeepBlanksInsideAnAddress()
    {
        QCOMPARE(
            gui::urlLines(QStringLiteral("https://example.org/my paper.pdf\r\n  https://example.org/b ")),
            (QStringList{QStringLiteral("https://example.org/my paper.pdf"),
                         QStringLiteral("https://example.org/b")}));
        QMimeData files;
        files.setUrls({QUrl(QStringLiteral("file:///etc/passwd"))});
        QVERIFY(gui::webAddresses(files).isEmpty());
    }
};

QTEST_MAIN(TestAddDialog)
#include "tst_add_dialog.moc"
