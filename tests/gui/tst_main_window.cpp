// SPDX-License-Identifier: MIT
#include "gui/add_dialog.h"
#include "gui/main_window.h"
#include "models/job_text.h"

#include "models/fake_source.h"

#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QDropEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QToolBar>
#include <QToolButton>

using namespace ingather;
using core::JobState;
using engine::Wish;
using gui::MainWindow;
using tests::FakeSource;

namespace
{

/// A window on a ledger in memory, with settings of its own.
struct Fixture {
    QTemporaryDir dir;
    FakeSource source;
    QSettings settings{dir.filePath(QStringLiteral("window.ini")), QSettings::IniFormat};
    std::unique_ptr<MainWindow> window;

    void open()
    {
        window = std::make_unique<MainWindow>(source, settings, QStringLiteral("/srv/papers"));
        window->show();
    }
    template <typename T>
    T *find(const char *name) const
    {
        T *found = window->findChild<T *>(QLatin1StringView(name));
        if (!found)
            qFatal("no widget %s", name);
        return found;
    }
    QTableView *table() const { return find<QTableView>("jobTable"); }
    QAction *action(const char *name) const { return find<QAction>(name); }
    void select(const QStringList &names) const
    {
        QItemSelection selection;
        const QAbstractItemModel *model = table()->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            if (names.contains(model->index(row, 0).data().toString()))
                selection.select(model->index(row, 0), model->index(row, model->columnCount() - 1));
        }
        table()->selectionModel()->setCurrentIndex(selection.indexes().value(0),
                                                   QItemSelectionModel::NoUpdate);
        table()->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    }
    QStringList shown() const
    {
        QStringList names;
        for (int row = 0; row < table()->model()->rowCount(); ++row)
            names.append(table()->model()->index(row, 0).data().toString());
        return names;
    }
};

QStringList sorted(QStringList list)
{
    list.sort();
    return list;
}

QStringList values(const QList<core::JobId> &ids)
{
    QStringList list;
    for (const core::JobId &id : ids)
        list.append(id.value);
    return sorted(list);
}

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT

public Q_SLOTS:
    void takeOpened(const QUrl &url) { m_opened.append(url); }

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "takeOpened");
    }
    void cleanupTestCase() { QDesktopServices::unsetUrlHandler(QStringLiteral("file")); }
    void init() { m_opened.clear(); }

    void anEmptyLedgerSaysWhatToDo()
    {
        Fixture f;
        f.open();
        QTRY_COMPARE(f.find<QLabel>("emptyTitle")->text(), QStringLiteral("Nothing here yet"));
        QVERIFY(f.find<QLabel>("emptyText")->isVisible());
        QVERIFY(!f.table()->isVisible());
        f.find<QPushButton>("emptyButton")->click();
        QVERIFY(f.window->addDialog());
    }

    void tellsWhatJobsWaitFor()
    {
        Fixture f;
        f.source.append(QStringLiteral("a.pdf"));
        f.open();
        const auto *told = f.window->findChild<QLabel *>(QStringLiteral("hindrances"));
        QVERIFY(told);
        QTRY_COMPARE(f.shown().size(), 1);
        QCOMPARE(told->text(), QString());
        const int width = f.window->minimumSizeHint().width();
        f.source.waitingForNetwork = 1;
        f.source.volumes = {
            {QStringLiteral("/<b>") + QString(500, u'x'), {}, QStringLiteral("volume_absent"), {}, 1}};
        Q_EMIT f.source.changed();
        QTRY_VERIFY(told->text().contains(QStringLiteral("network")));
        QVERIFY(told->isVisible());
        QCOMPARE(told->toolTip().count(u'\n'), 1);
        QVERIFY(told->toolTip().contains(QStringLiteral("/&lt;b&gt;x")));
        QCOMPARE(f.window->minimumSizeHint().width(), width);
        f.source.waitingForNetwork = 0;
        f.source.volumes.clear();
        Q_EMIT f.source.changed();
        QTRY_COMPARE(told->text(), QString());
        QCOMPARE(told->toolTip(), QString());
    }

    void everythingThatTakesFocusHasANameAndEveryActionATip()
    {
        Fixture f;
        f.source.append(QStringLiteral("a.pdf"));
        f.open();
        QTRY_COMPARE(f.shown().size(), 1);
        f.window->offerUrls({QStringLiteral("https://example.org/x")});
        for (QWidget *widget : f.window->findChildren<QWidget *>()) {
            // Qt's own inner parts (viewports, scroll bars, headers, clear buttons) speak through their
            // owner.
            const bool isInner = widget->objectName().startsWith(QLatin1StringView("qt_")) ||
                                 qobject_cast<QHeaderView *>(widget) || widget->inherits("QTabBar") ||
                                 widget->inherits("QLineEditIconButton") ||
                                 widget->inherits("QSplitterHandle") ||
                                 widget->inherits("QTableCornerButton");
            if (widget->focusPolicy() == Qt::NoFocus || isInner)
                continue;
            const auto *button = qobject_cast<QAbstractButton *>(widget);
            QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
                     qPrintable(QLatin1StringView(widget->metaObject()->className()) + u' ' +
                                widget->objectName()));
        }
        int tips = 0;
        for (const QToolBar *bar : f.window->findChildren<QToolBar *>()) {
            for (const QAction *action : bar->actions()) {
                if (action->isSeparator() || action->text().isEmpty())
                    continue;
                QVERIFY2(!action->toolTip().isEmpty() && action->toolTip() != action->text(),
                         qPrintable(action->text()));
                QVERIFY2(!action->icon().isNull() && action->text().contains(u'&'),
                         qPrintable(action->text()));
                QVERIFY(!action->icon().pixmap(16).toImage().isNull());
                ++tips;
            }
        }
        QCOMPARE(tips, 5);
    }

    void iconsAreDrawnAndNotBlank()
    {
        Fixture f;
        f.open();
        for (const char *name : {"addAction", "pauseAction", "resumeAction", "cancelAction", "retryAction",
                                 "openFolderAction"}) {
            const QImage image = f.action(name)->icon().pixmap(16).toImage();
            bool isDrawn = false;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x)
                    isDrawn = isDrawn || qAlpha(image.pixel(x, y)) > 128;
            }
            QVERIFY2(isDrawn, name);
        }
        QVERIFY(!f.window->windowIcon().isNull());
    }

    void wishesGoToTheSelectedJobsThatTheyFit()
    {
        Fixture f;
        f.source.append(QStringLiteral("waiting"));
        f.source.append(QStringLiteral("paused")).hold = core::Hold::Paused;
        f.source.append(QStringLiteral("done"), JobState::Indexed);
        auto &failed = f.source.append(QStringLiteral("failed"), JobState::Failed);
        failed.doneAt = failed.updatedAt;
        f.open();
        QTRY_COMPARE(f.shown().size(), 4);
        QVERIFY(!f.action("pauseAction")->isEnabled());
        f.table()->selectAll();
        QTRY_VERIFY(f.action("pauseAction")->isEnabled());
        const auto id = [&](int i) { return f.source.all.at(i).id.value; };

        f.action("pauseAction")->trigger();
        QCOMPARE(f.source.wishes.last().first, Wish::Pause);
        QCOMPARE(values(f.source.wishes.last().second), QStringList{id(0)});
        f.action("resumeAction")->trigger();
        QCOMPARE(f.source.wishes.last().first, Wish::Resume);
        QCOMPARE(values(f.source.wishes.last().second), QStringList{id(1)});
        f.action("retryAction")->trigger();
        QCOMPARE(f.source.wishes.last().first, Wish::Retry);
        QCOMPARE(values(f.source.wishes.last().second), (QStringList{id(1), id(2), id(3)}));

        f.select({QStringLiteral("failed")});
        QTRY_VERIFY(!f.action("pauseAction")->isEnabled());
        QVERIFY(f.action("retryAction")->isEnabled());
        QVERIFY(!f.action("cancelAction")->isEnabled());
    }

    void spacePausesAndThenResumes()
    {
        Fixture f;
        f.source.append(QStringLiteral("a"));
        f.open();
        QTRY_COMPARE(f.shown().size(), 1);
        f.select({QStringLiteral("a")});
        QTRY_VERIFY(f.action("toggleAction")->isEnabled());
        f.action("toggleAction")->trigger();
        QCOMPARE(f.source.wishes.last().first, Wish::Pause);
        f.source.all[0].hold = core::Hold::Paused;
        f.source.touch(f.source.all[0]);
        QTRY_VERIFY(f.action("resumeAction")->isEnabled());
        f.action("toggleAction")->trigger();
        QCOMPARE(f.source.wishes.last().first, Wish::Resume);
    }

    void cancelAsksFirst()
    {
        Fixture f;
        f.source.append(QStringLiteral("a"));
        f.open();
        QTRY_COMPARE(f.shown().size(), 1);
        f.select({QStringLiteral("a")});
        QTRY_VERIFY(f.action("cancelAction")->isEnabled());

        const auto answer = [&](const QString &text) {
            f.action("cancelAction")->trigger();
            auto *box = f.window->findChild<QMessageBox *>();
            QVERIFY(box);
            for (QAbstractButton *button : box->buttons()) {
                if (button->text().contains(text))
                    button->click();
            }
            QTRY_VERIFY(!f.window->findChild<QMessageBox *>());
        };
        answer(QStringLiteral("Keep"));
        QCOMPARE(f.source.wishes.size(), 0);
        answer(QStringLiteral("Cancel"));
        QCOMPARE(f.source.wishes.size(), 1);
        QCOMPARE(f.source.wishes.first().first, Wish::Cancel);
        QCOMPARE(values(f.source.wishes.first().second), QStringList{f.source.all[0].id.value});
    }

    void theSelectionDrivesDetailsAndOperations()
    {
        Fixture f;
        const core::JobId a = f.source.append(QStringLiteral("a.pdf")).id;
        const core::JobId b = f.source.append(QStringLiteral("b.pdf")).id;
        engine::OpSnapshot op;
        op.opKey = QStringLiteral("k");
        op.type = core::OpType::Head;
        op.result = {{QStringLiteral("etag"), QStringLiteral("\"v7\"")}};
        f.source.operations[a] = {op};
        op.type = core::OpType::Stream;
        op.opKey = QStringLiteral("k2");
        f.source.operations[b] = {op, op};
        f.source.operations[b][1].opKey = QStringLiteral("k3");
        f.open();
        QTRY_COMPARE(f.shown().size(), 2);
        const auto *ops = f.find<QTableView>("opTable")->model();
        QCOMPARE(ops->rowCount(), 0);
        f.select({QStringLiteral("a.pdf")});
        QTRY_COMPARE(ops->rowCount(), 1);
        const auto text = [&] { return f.find<QTextBrowser>("details")->toPlainText(); };
        QTRY_VERIFY(text().contains(QStringLiteral("https://files.example.org/a.pdf")));
        QTRY_VERIFY(text().contains(QStringLiteral("\"v7\"")));
        f.select({QStringLiteral("b.pdf")});
        QTRY_COMPARE(ops->rowCount(), 2);
        QTRY_VERIFY(text().contains(QStringLiteral("b.pdf")));
        f.table()->clearSelection();
        QTRY_COMPARE(ops->rowCount(), 0);
    }

    void detailsEscapeWhatServersSay()
    {
        Fixture f;
        f.source.append(QStringLiteral("<b>x</b><img src='file:///etc/passwd'>.pdf"));
        f.open();
        QTRY_COMPARE(f.shown().size(), 1);
        f.table()->selectRow(0);
        QTRY_VERIFY(f.find<QTextBrowser>("details")->toPlainText().contains(QStringLiteral("<b>x</b><img")));
    }

    void searchAndGroupsFilter()
    {
        Fixture f;
        f.source.append(QStringLiteral("alpha"));
        f.source.append(QStringLiteral("beta"), JobState::Indexed);
        f.open();
        QTRY_COMPARE(f.shown().size(), 2);
        auto *search = f.window->findChild<QToolBar *>()->findChild<QLineEdit *>();
        QVERIFY(search);
        search->setText(QStringLiteral("BET"));
        QCOMPARE(f.shown(), QStringList{QStringLiteral("beta")});
        search->setText(QStringLiteral("nothing like it"));
        QVERIFY(!f.table()->isVisible());
        QCOMPARE(f.find<QLabel>("emptyTitle")->text(), QStringLiteral("No job matches"));
        f.find<QPushButton>("emptyButton")->click();
        QCOMPARE(f.shown().size(), 2);
        auto *groups = f.find<QListWidget>("groupList");
        QTRY_COMPARE(groups->item(0)->text(), QStringLiteral("All jobs (2)"));
        groups->setCurrentRow(3); // done
        QCOMPARE(groups->currentItem()->text(), QStringLiteral("Done (1)"));
        QCOMPARE(f.shown(), QStringList{QStringLiteral("beta")});
    }

    void aDoubleClickOpensTheFileOfADoneJobOnly()
    {
        Fixture f;
        f.source.append(QStringLiteral("done.pdf"), JobState::Indexed);
        f.source.append(QStringLiteral("waiting.pdf"));
        f.open();
        QTRY_COMPARE(f.shown().size(), 2);
        f.select({QStringLiteral("waiting.pdf")});
        Q_EMIT f.table()->doubleClicked(f.table()->currentIndex());
        QCOMPARE(m_opened.size(), 0);
        f.select({QStringLiteral("done.pdf")});
        Q_EMIT f.table()->doubleClicked(f.table()->currentIndex());
        QCOMPARE(m_opened, QList<QUrl>{QUrl::fromLocalFile(QStringLiteral("/srv/papers/done.pdf"))});
        f.action("openFolderAction")->setEnabled(true);
        f.action("openFolderAction")->trigger();
        QCOMPARE(m_opened.last(), QUrl::fromLocalFile(QStringLiteral("/srv/papers/")));
    }

    void droppedLinksAreOffered()
    {
        Fixture f;
        f.open();
        QMimeData data;
        data.setUrls(
            {QUrl(QStringLiteral("https://example.org/a.pdf")), QUrl(QStringLiteral("file:///etc/hosts"))});
        QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        static_cast<QObject *>(f.window.get())->event(&drop); // past the drag manager, which knows of no drag
        QVERIFY(f.window->addDialog());
        QCOMPARE(f.window->addDialog()->findChild<QPlainTextEdit *>()->toPlainText(),
                 QStringLiteral("https://example.org/a.pdf"));
    }

    void anAddedJobIsSelectedAndTold()
    {
        Fixture f;
        f.source.append(QStringLiteral("old.pdf"));
        f.open();
        QTRY_COMPARE(f.shown().size(), 1);
        f.window->addUrls({QStringLiteral("https://example.org/new.pdf")});
        QTRY_COMPARE(f.shown(), (QStringList{QStringLiteral("new.pdf"), QStringLiteral("old.pdf")}));
        QTRY_COMPARE(f.table()->currentIndex().siblingAtColumn(0).data().toString(),
                     QStringLiteral("new.pdf"));
        QCOMPARE(f.source.added.first().folder, QStringLiteral("/srv/papers"));
        QCOMPARE(f.source.retryEnded, QList<bool>{true});
    }

    void refusedAddressesOfTheCommandLineAreShown()
    {
        Fixture f;
        f.source.onAdd = [](const QList<engine::AddRequest> &requests) {
            engine::AddAnswer answer;
            answer.url = requests.first().url;
            core::Error error;
            error.code = core::ErrorCode::UnsupportedScheme;
            answer.error = error;
            return core::Result<QList<engine::AddAnswer>>(QList{answer});
        };
        f.open();
        f.window->addUrls({QStringLiteral("ftp://example.org/a")});
        QTRY_VERIFY(f.find<QFrame>("messageBar")->isVisible());
        QVERIFY(f.find<QLabel>("messageLabel")
                    ->text()
                    .startsWith(QStringLiteral("ftp://example.org/a: Only http")));
        f.find<QToolButton>("messageClose")->click();
        QVERIFY(!f.find<QFrame>("messageBar")->isVisible());
    }

    void columnsAndGeometryComeBack()
    {
        Fixture f;
        f.open();
        f.table()->horizontalHeader()->resizeSection(0, 333);
        f.table()->horizontalHeader()->setSectionHidden(8, true);
        f.window->resize(901, 650);
        f.window->close();
        f.open();
        QCOMPARE(f.table()->horizontalHeader()->sectionSize(0), 333);
        QVERIFY(f.table()->horizontalHeader()->isSectionHidden(8));
        QCOMPARE(f.window->size(), QSize(901, 650));
    }

    void reloadReadsAgain()
    {
        Fixture f;
        f.source.append(QStringLiteral("a"));
        f.open();
        QTRY_COMPARE(f.shown().size(), 1);
        f.source.append(QStringLiteral("b")); // no change was announced
        f.action("reloadAction")->trigger();
        QTRY_COMPARE(f.shown().size(), 2);
    }

private:
    QList<QUrl> m_opened;
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
