// SPDX-License-Identifier: MIT
// What MainWindow does with the jobs that are selected.
#include "gui/main_window.h"

#include "gui/icons.h"
#include "models/error_text.h"
#include "models/job_text.h"
#include "models/when_done.h"
#include "ui_mainwindow.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QUrl>

#include <algorithm>

namespace ingather::gui
{

using core::Hold;
using engine::JobSnapshot;
using engine::Wish;
using models::JobTableModel;
using models::JobText;

namespace
{

bool canPause(const JobSnapshot &job)
{
    return !job.hasEnded();
}

bool canResume(const JobSnapshot &job)
{
    return job.hold == Hold::Paused && !core::isTerminal(job.state) && !job.isFailedForGood();
}

bool canCancel(const JobSnapshot &job)
{
    return !core::isTerminal(job.state) && !job.isFailedForGood() && job.hold != Hold::Cancelled;
}

/// A done job too: the engine looks whether its file is still there.
bool canRetry(const JobSnapshot &job)
{
    return core::isTerminal(job.state) || job.state == core::JobState::Failed || job.hold != Hold::None;
}

} // namespace

void MainWindow::setUpActions()
{
    const QList<QPair<QAction *, const char *>> icons{
        {m_ui->addAction, "add"},       {m_ui->pasteAction, "copy"},        {m_ui->pauseAction, "pause"},
        {m_ui->resumeAction, "resume"}, {m_ui->cancelAction, "cancel"},     {m_ui->retryAction, "retry"},
        {m_ui->openFileAction, "open"}, {m_ui->openFolderAction, "folder"}, {m_ui->copyUrlAction, "copy"},
        {m_ui->findAction, "search"},   {m_ui->reloadAction, "retry"},
    };
    for (const auto &[action, name] : icons)
        action->setIcon(icon(QString::fromLatin1(name)));
    // Keys that other fields need for themselves work in the table only.
    m_ui->jobTable->addActions({m_ui->toggleAction, m_ui->cancelAction});

    auto *stretch = new QWidget(m_ui->toolBar);
    stretch->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_ui->toolBar->addWidget(stretch);
    m_search->setPlaceholderText(tr("Search name or address"));
    m_search->setAccessibleName(tr("Search name or address"));
    m_search->setToolTip(tr("Show the jobs whose name or address holds all these words (Ctrl+F)"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_search->setMaximumWidth(fontMetrics().horizontalAdvance(u'0') * 40);
    m_ui->toolBar->addWidget(m_search);
    for (QAction *action : m_ui->toolBar->actions()) {
        if (QWidget *button = m_ui->toolBar->widgetForAction(action);
            button && !action->isSeparator() && !action->text().isEmpty()) {
            button->setFocusPolicy(Qt::TabFocus);
            button->setAccessibleName(action->toolTip());
        }
    }

    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filtered.setText(text);
        showPage();
    });
    connect(m_ui->findAction, &QAction::triggered, this, [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    connect(m_ui->emptyButton, &QPushButton::clicked, this, [this] {
        if (m_jobs.rowCount() == 0) {
            openAddDialog({});
            return;
        }
        m_search->clear();
        m_ui->groupList->setCurrentRow(0);
    });
    connect(m_ui->addAction, &QAction::triggered, this, [this] { openAddDialog({}); });
    connect(m_ui->pasteAction, &QAction::triggered, this, [this] { openAddDialog({}); });
    connect(m_ui->quitAction, &QAction::triggered, this, &QWidget::close);
    connect(m_ui->reloadAction, &QAction::triggered, this, [this] {
        m_jobs.reload();
        m_summary.refresh();
    });
    connect(m_ui->pauseAction, &QAction::triggered, this,
            [this] { wish(Wish::Pause, selectedIds(canPause)); });
    connect(m_ui->resumeAction, &QAction::triggered, this,
            [this] { wish(Wish::Resume, selectedIds(canResume)); });
    connect(m_ui->retryAction, &QAction::triggered, this,
            [this] { wish(Wish::Retry, selectedIds(canRetry)); });
    connect(m_ui->toggleAction, &QAction::triggered, this, &MainWindow::toggle);
    connect(m_ui->cancelAction, &QAction::triggered, this, &MainWindow::askToCancel);
    connect(m_ui->openFileAction, &QAction::triggered, this, &MainWindow::openFile);
    connect(m_ui->openFolderAction, &QAction::triggered, this, &MainWindow::openFolder);
    connect(m_ui->copyUrlAction, &QAction::triggered, this,
            [this] { copySelected([](const JobSnapshot &job) { return job.url; }); });
    connect(m_ui->copyHashAction, &QAction::triggered, this,
            [this] { copySelected([](const JobSnapshot &job) { return job.sha256; }); });
    connect(m_ui->aboutAction, &QAction::triggered, this, [this] {
        auto *box = new QMessageBox(QMessageBox::NoIcon, tr("About Ingather"),
                                    tr("Ingather %1\n\nA download manager that ends up with all of your "
                                       "documents: nothing added is lost, "
                                       "nothing is fetched twice, and a file marked done is intact.\n\nIt "
                                       "contacts only the servers that you add.")
                                        .arg(QCoreApplication::applicationVersion()),
                                    QMessageBox::Close, this);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->setIconPixmap(programIcon().pixmap(64));
        box->open();
    });
}

/// Rows of the job model, in the order of the view.
QList<int> MainWindow::selectedRows() const
{
    QList<int> rows;
    const QItemSelection selection = m_ui->jobTable->selectionModel()->selection();
    for (const QItemSelectionRange &range : selection) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.append(m_filtered.mapToSource(m_filtered.index(row, 0)).row());
    }
    return rows;
}

QList<core::JobId> MainWindow::selectedIds(bool (*isMeant)(const JobSnapshot &)) const
{
    QList<core::JobId> ids;
    for (const int row : selectedRows()) {
        if (isMeant(m_jobs.jobAt(row)))
            ids.append(m_jobs.jobAt(row).id);
    }
    return ids;
}

/// The current row if it is selected, else the first selected one.
std::optional<int> MainWindow::currentRow() const
{
    const QItemSelectionModel *selection = m_ui->jobTable->selectionModel();
    QModelIndex shown = selection->currentIndex();
    if (!shown.isValid() || !selection->isSelected(shown))
        shown = selection->selection().value(0).topLeft();
    return shown.isValid() ? std::optional(m_filtered.mapToSource(shown).row()) : std::nullopt;
}

void MainWindow::updateActions()
{
    bool mayPause = false;
    bool mayResume = false;
    bool mayCancel = false;
    bool mayRetry = false;
    bool hasHash = false;
    const QList<int> rows = selectedRows();
    for (const int row : rows) {
        const JobSnapshot &job = m_jobs.jobAt(row);
        mayPause = mayPause || canPause(job);
        mayResume = mayResume || canResume(job);
        mayCancel = mayCancel || canCancel(job);
        mayRetry = mayRetry || canRetry(job);
        hasHash = hasHash || !job.sha256.isEmpty();
        if (mayPause && mayResume && mayCancel && mayRetry && hasHash)
            break;
    }
    const auto current = currentRow();
    m_ui->pauseAction->setEnabled(mayPause);
    m_ui->resumeAction->setEnabled(mayResume);
    m_ui->toggleAction->setEnabled(mayPause || mayResume);
    m_ui->cancelAction->setEnabled(mayCancel);
    m_ui->retryAction->setEnabled(mayRetry);
    m_ui->copyUrlAction->setEnabled(!rows.isEmpty());
    m_ui->copyHashAction->setEnabled(hasHash);
    m_ui->openFileAction->setEnabled(current && !JobText::filePath(m_jobs.jobAt(*current)).isEmpty());
    m_ui->openFolderAction->setEnabled(current && !m_jobs.jobAt(*current).folder.isEmpty());
}

void MainWindow::updateDetails()
{
    const auto row = currentRow();
    m_ops.setJob(row ? m_jobs.jobAt(*row).id : core::JobId());
    m_ui->details->show(row ? std::optional(m_jobs.jobAt(*row)) : std::nullopt, m_source.now(),
                        m_ops.validators());
}

void MainWindow::wish(Wish wish, const QList<core::JobId> &ids)
{
    if (ids.isEmpty())
        return;
    engine::JobSelection selection;
    selection.ids = ids;
    models::whenDone(m_source.wish(wish, selection), this,
                     [this, wish](const core::Result<engine::WishAnswer> &answer) {
                         if (answer)
                             m_ui->statusBar->showMessage(JobText::wishOutcome(wish, *answer), 8000);
                         else
                             showMessage(models::ErrorText::sentence(answer.error()));
                     });
}

void MainWindow::toggle()
{
    const QList<core::JobId> running = selectedIds(canPause);
    if (!running.isEmpty())
        wish(Wish::Pause, running);
    else
        wish(Wish::Resume, selectedIds(canResume));
}

void MainWindow::askToCancel()
{
    const QList<core::JobId> ids = selectedIds(canCancel);
    if (ids.isEmpty())
        return;
    auto *box = new QMessageBox(QMessageBox::Question, tr("Cancel jobs"),
                                tr("Cancel %n job(s)? What they have received so far is deleted.", nullptr,
                                   static_cast<int>(ids.size())),
                                QMessageBox::NoButton, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *cancelJobs = box->addButton(tr("&Cancel the jobs"), QMessageBox::DestructiveRole);
    QPushButton *keep = box->addButton(tr("&Keep them"), QMessageBox::RejectRole);
    box->setDefaultButton(keep);
    box->setEscapeButton(keep);
    // The ids as they were asked about: the selection may have changed by the time of the answer.
    connect(cancelJobs, &QPushButton::clicked, this, [this, ids] { wish(Wish::Cancel, ids); });
    box->open();
}

void MainWindow::openFile()
{
    const auto row = currentRow();
    const QString path = row ? JobText::filePath(m_jobs.jobAt(*row)) : QString();
    if (path.isEmpty())
        return;
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(path)))
        showMessage(tr("No program could open %1.").arg(path));
}

void MainWindow::openFolder()
{
    const auto row = currentRow();
    if (!row)
        return;
    const QString path = JobText::filePath(m_jobs.jobAt(*row));
    const QString folder = path.isEmpty() ? m_jobs.jobAt(*row).folder : path.left(path.lastIndexOf(u'/') + 1);
    if (!folder.isEmpty() && !QDesktopServices::openUrl(QUrl::fromLocalFile(folder)))
        showMessage(tr("No program could open %1.").arg(folder));
}

void MainWindow::copySelected(QString (*textOf)(const JobSnapshot &))
{
    QStringList lines;
    for (const int row : selectedRows()) {
        const QString text = textOf(m_jobs.jobAt(row));
        if (!text.isEmpty())
            lines.append(text);
    }
    if (!lines.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

void MainWindow::showContextMenu(const QPoint &position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions({m_ui->openFileAction, m_ui->openFolderAction});
    menu->addSeparator();
    menu->addActions({m_ui->pauseAction, m_ui->resumeAction, m_ui->cancelAction, m_ui->retryAction});
    menu->addSeparator();
    menu->addActions({m_ui->copyUrlAction, m_ui->copyHashAction});
    menu->popup(m_ui->jobTable->viewport()->mapToGlobal(position));
}

void MainWindow::showColumnMenu(const QPoint &position)
{
    QHeaderView *columns = m_ui->jobTable->horizontalHeader();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int column = 0; column < JobTableModel::ColumnCount; ++column) {
        QAction *action =
            menu->addAction(m_jobs.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!columns->isSectionHidden(column));
        action->setEnabled(column != JobTableModel::NameColumn); // the one that can't be missed
        connect(action, &QAction::toggled, columns,
                [columns, column](bool isShown) { columns->setSectionHidden(column, !isShown); });
    }
    menu->popup(columns->viewport()->mapToGlobal(position));
}

} // namespace ingather::gui
