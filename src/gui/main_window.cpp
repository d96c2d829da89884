// SPDX-License-Identifier: MIT
#include "gui/main_window.h"

#include "gui/add_dialog.h"
#include "gui/icons.h"
#include "gui/job_delegates.h"
#include "gui/url_lines.h"
#include "models/error_text.h"
#include "models/job_text.h"
#include "models/when_done.h"
#include "ui_mainwindow.h"

#include <QClipboard>
#include <QDragEnterEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>

namespace ingather::gui
{

using models::ErrorText;
using models::JobGroup;
using models::JobTableModel;
using models::JobText;

namespace
{

constexpr int messageTime = 8000; // ms in the status bar
const QString geometryKey = QStringLiteral("window/geometry");
const QString columnsKey = QStringLiteral("window/columns");
const QString sideKey = QStringLiteral("window/side");
const QString detailKey = QStringLiteral("window/detail");
const QString tabKey = QStringLiteral("window/tab");
const QString folderKey = QStringLiteral("window/folder");

} // namespace

MainWindow::MainWindow(models::JobSource &source, QSettings &settings, const QString &downloadFolder,
                       QWidget *parent)
    : QMainWindow(parent), m_ui(std::make_unique<Ui::MainWindow>()), m_source(source), m_settings(settings),
      m_folder(settings.value(folderKey, downloadFolder).toString()), m_jobs(source), m_ops(source),
      m_summary(source), m_search(new QLineEdit(this)), m_hindrances(new QLabel(this)),
      m_totals(new QLabel(this))
{
    m_ui->setupUi(this);
    setWindowIcon(programIcon());
    m_ui->messageBar->hide();
    m_ui->statusBar->addWidget(m_hindrances, 1);
    m_hindrances->setTextFormat(Qt::PlainText);
    m_hindrances->setObjectName(QStringLiteral("hindrances"));
    m_hindrances->setMargin(4);
    // A long folder is cut off (the tooltip has it whole) rather than make the window wider.
    m_hindrances->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_ui->statusBar->addPermanentWidget(m_totals);
    m_totals->setTextFormat(Qt::PlainText);
    connect(m_ui->messageClose, &QToolButton::clicked, m_ui->messageBar, &QWidget::hide);
    QFont title = font();
    title.setPointSizeF(title.pointSizeF() * 1.4);
    m_ui->emptyTitle->setFont(title);

    setUpTables();
    setUpActions();
    setUpGroups();
    restoreLayout();

    connect(&m_summary, &models::StatusSummary::updated, this, &MainWindow::updateGroups);
    connect(&m_summary, &models::StatusSummary::updated, this, &MainWindow::updateTotals);
    connect(&m_jobs, &JobTableModel::progressed, this, &MainWindow::updateTotals);
    connect(&m_jobs, &JobTableModel::failed, this,
            [this](const core::Error &error) { showMessage(ErrorText::sentence(error)); });
    connect(&source, &models::JobSource::ledgerFailed, this, [this](const QString &) {
        showMessage(ErrorText::why(core::ErrorCode::LedgerError) + u' ' +
                    ErrorText::advice(core::ErrorCode::LedgerCorrupt));
    });
    connect(&source, &models::JobSource::ledgerPaused, this,
            [this](const core::Error &why) { showMessage(ErrorText::sentence(why)); });
    m_clock.setInterval(1000);
    connect(&m_clock, &QTimer::timeout, this, &MainWindow::tick);
    m_clock.start();
    m_actionUpdate.setSingleShot(true);
    m_actionUpdate.setInterval(0);
    connect(&m_actionUpdate, &QTimer::timeout, this, [this] {
        updateActions();
        updateDetails();
    });

    // Sorting by any column wants all rows; they come page by page behind the first.
    m_jobs.setBackgroundLoading(true);
    m_jobs.reload();
    m_summary.refresh();
    showPage();
    updateActions();
    updateDetails();
}

MainWindow::~MainWindow() = default;

void MainWindow::setUpTables()
{
    m_filtered.setSourceModel(&m_jobs);
    QTableView *table = m_ui->jobTable;
    table->setModel(&m_filtered);
    table->setItemDelegateForColumn(JobTableModel::NameColumn, new NameDelegate(table));
    table->setItemDelegateForColumn(JobTableModel::ProgressColumn, new ProgressDelegate(table));
    // One height for all rows: asking each of a million for its own would freeze the window.
    const int rowHeight = fontMetrics().height() + 10;
    QHeaderView *columns = table->horizontalHeader();
    columns->setSectionsMovable(true);
    columns->setHighlightSections(false);
    columns->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(columns, &QHeaderView::customContextMenuRequested, this, &MainWindow::showColumnMenu);
    const int em = fontMetrics().horizontalAdvance(u'0');
    constexpr int widths[] = {24, 22, 17, 10, 11, 11, 13, 10, 22, 18};
    static_assert(std::size(widths) == JobTableModel::ColumnCount);
    for (int column = 0; column < JobTableModel::ColumnCount; ++column)
        columns->resizeSection(column, widths[column] * em);
    table->sortByColumn(JobTableModel::AddedColumn, Qt::DescendingOrder);

    m_ui->opTable->setModel(&m_ops);
    for (QTableView *view : {table, m_ui->opTable}) {
        view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
        view->verticalHeader()->setMinimumSectionSize(1);
        view->verticalHeader()->setDefaultSectionSize(rowHeight);
    }
    constexpr int opWidths[] = {18, 12, 9, 24, 10, 12, 9, 14, 40};
    static_assert(std::size(opWidths) == models::OpTableModel::ColumnCount);
    for (int column = 0; column < models::OpTableModel::ColumnCount; ++column)
        m_ui->opTable->horizontalHeader()->resizeSection(column, opWidths[column] * em);

    connect(table, &QTableView::customContextMenuRequested, this, &MainWindow::showContextMenu);
    connect(table, &QTableView::doubleClicked, this, &MainWindow::openFile);
    connect(table->selectionModel(), &QItemSelectionModel::selectionChanged, &m_actionUpdate,
            qOverload<>(&QTimer::start));
    connect(table->selectionModel(), &QItemSelectionModel::currentChanged, &m_actionUpdate,
            qOverload<>(&QTimer::start));
    connect(&m_jobs, &JobTableModel::dataChanged, &m_actionUpdate, qOverload<>(&QTimer::start));
    connect(&m_ops, &QAbstractItemModel::rowsInserted, &m_actionUpdate, qOverload<>(&QTimer::start));
    connect(&m_jobs, &JobTableModel::firstPageLoaded, this, &MainWindow::showPage);
    for (QAbstractItemModel *model :
         {static_cast<QAbstractItemModel *>(&m_jobs), static_cast<QAbstractItemModel *>(&m_filtered)}) {
        connect(model, &QAbstractItemModel::rowsInserted, this, &MainWindow::showPage);
        connect(model, &QAbstractItemModel::rowsRemoved, this, &MainWindow::showPage);
        connect(model, &QAbstractItemModel::modelReset, this, &MainWindow::showPage);
    }
    connect(&m_jobs, &QAbstractItemModel::rowsInserted, this, [this] {
        if (!m_wantedJob.isEmpty())
            selectJob(m_wantedJob);
    });
}

void MainWindow::setUpGroups()
{
    m_ui->groupList->addItem(new QListWidgetItem(icon(QStringLiteral("state-all")), QString()));
    for (const JobGroup group : models::allJobGroups) {
        auto *item = new QListWidgetItem(groupIcon(group), QString());
        item->setData(Qt::UserRole, static_cast<int>(group));
        m_ui->groupList->addItem(item);
    }
    m_ui->groupList->setSpacing(2);
    m_ui->groupList->setIconSize(QSize(fontMetrics().height(), fontMetrics().height()));
    updateGroups();
    m_ui->groupList->setCurrentRow(0);
    connect(m_ui->groupList, &QListWidget::currentItemChanged, this, [this](QListWidgetItem *item) {
        const QVariant group = item ? item->data(Qt::UserRole) : QVariant();
        m_filtered.setGroup(group.isValid() ? std::optional(static_cast<JobGroup>(group.toInt()))
                                            : std::nullopt);
        showPage();
    });
}

void MainWindow::updateGroups()
{
    for (int row = 0; row < m_ui->groupList->count(); ++row) {
        QListWidgetItem *item = m_ui->groupList->item(row);
        const QVariant group = item->data(Qt::UserRole);
        const QString name =
            group.isValid() ? JobText::group(static_cast<JobGroup>(group.toInt())) : tr("All jobs");
        const qint64 count =
            group.isValid() ? m_summary.count(static_cast<JobGroup>(group.toInt())) : m_summary.total();
        item->setText(
            m_summary.isKnown()
                ? tr("%1 (%2)", "name of a list, number of jobs in it").arg(name, QLocale().toString(count))
                : name);
    }
}

void MainWindow::updateTotals()
{
    m_totals->setText(m_summary.text(m_jobs.totalSpeed()));
    const QStringList hindrances = m_summary.hindrances();
    m_hindrances->setText(hindrances.join(QStringLiteral(" · ")));
    // A folder's name may look like markup.
    m_hindrances->setToolTip(hindrances.isEmpty()
                                 ? QString()
                                 : QStringLiteral("<p style=\"white-space: pre-wrap\">%1</p>")
                                       .arg(hindrances.join(u'\n').toHtmlEscaped()));
}

void MainWindow::showPage()
{
    const bool hasJobs = m_jobs.rowCount() > 0;
    if (m_filtered.rowCount() > 0) {
        m_ui->pages->setCurrentWidget(m_ui->jobTable);
        return;
    }
    m_ui->emptyTitle->setText(!m_jobs.isFirstPageLoaded() ? tr("Reading the ledger…")
                              : hasJobs                   ? tr("No job matches")
                                                          : tr("Nothing here yet"));
    m_ui->emptyText->setText(
        !m_jobs.isFirstPageLoaded() ? QString()
        : hasJobs                   ? tr("There are jobs, but none that fits the search and the chosen list.")
                  : tr("Add web addresses with Ctrl+N, paste them, or drop links onto this window."));
    m_ui->emptyButton->setText(hasJobs ? tr("&Show all jobs") : tr("&Add downloads…"));
    m_ui->emptyButton->setAccessibleName(hasJobs ? tr("Show all jobs") : tr("Add downloads"));
    m_ui->emptyButton->setToolTip(hasJobs ? tr("Clear the search and show every job")
                                          : tr("Add downloads (Ctrl+N)"));
    m_ui->emptyButton->setVisible(m_jobs.isFirstPageLoaded());
    m_ui->pages->setCurrentWidget(m_ui->emptyPage);
}

void MainWindow::tick()
{
    m_ui->jobTable->viewport()->update();
    updateDetails();
}

void MainWindow::restoreLayout()
{
    restoreGeometry(m_settings.value(geometryKey).toByteArray());
    m_ui->jobTable->horizontalHeader()->restoreState(m_settings.value(columnsKey).toByteArray());
    if (!m_ui->sideSplitter->restoreState(m_settings.value(sideKey).toByteArray())) {
        // As wide as its names are in this language, with room for the counts that come later.
        const int side = m_ui->groupList->sizeHintForColumn(0) +
                         fontMetrics().horizontalAdvance(QStringLiteral(" (000,000)"));
        m_ui->sideSplitter->setSizes({side, width() - side});
    }
    if (!m_ui->detailSplitter->restoreState(m_settings.value(detailKey).toByteArray()))
        m_ui->detailSplitter->setSizes({420, 230});
    m_ui->sideSplitter->setStretchFactor(1, 1);
    m_ui->detailSplitter->setStretchFactor(0, 1);
    m_ui->tabs->setCurrentIndex(m_settings.value(tabKey, 0).toInt());
}

void MainWindow::saveLayout()
{
    m_settings.setValue(geometryKey, saveGeometry());
    m_settings.setValue(columnsKey, m_ui->jobTable->horizontalHeader()->saveState());
    m_settings.setValue(sideKey, m_ui->sideSplitter->saveState());
    m_settings.setValue(detailKey, m_ui->detailSplitter->saveState());
    m_settings.setValue(tabKey, m_ui->tabs->currentIndex());
    m_settings.setValue(folderKey, m_folder);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    saveLayout();
    QMainWindow::closeEvent(event);
}

void MainWindow::showMessage(const QString &text)
{
    m_ui->messageLabel->setText(text);
    m_ui->messageBar->show();
}

void MainWindow::bringToFront()
{
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!webAddresses(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    const QStringList urls = webAddresses(*event->mimeData());
    if (urls.isEmpty())
        return;
    event->acceptProposedAction();
    offerUrls(urls);
}

void MainWindow::offerUrls(const QStringList &urls)
{
    bringToFront();
    openAddDialog(urls);
}

void MainWindow::openAddDialog(const QStringList &urls)
{
    if (!m_addDialog) {
        m_addDialog = new AddDialog(m_source, m_folder, this);
        m_addDialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_addDialog, &AddDialog::added, this, &MainWindow::takeAdded);
        connect(m_addDialog, &QDialog::finished, this, [this] { m_addDialog = nullptr; });
        if (urls.isEmpty())
            m_addDialog->takeClipboard();
    }
    if (!urls.isEmpty())
        m_addDialog->setUrls(urls);
    m_addDialog->open();
}

void MainWindow::takeAdded(const QList<engine::AddAnswer> &answers)
{
    if (m_addDialog)
        m_folder = m_addDialog->folder();
    m_ui->statusBar->showMessage(JobText::addOutcome(answers), messageTime);
    if (!answers.isEmpty())
        selectJob(answers.first().job.id);
}

void MainWindow::addUrls(const QStringList &urls)
{
    QList<engine::AddRequest> requests;
    for (const QString &url : urls) {
        engine::AddRequest request;
        request.url = url;
        request.folder = m_folder;
        requests.append(request);
    }
    if (requests.isEmpty())
        return;
    models::whenDone(m_source.add(requests, true), this,
                     [this](const core::Result<QList<engine::AddAnswer>> &answers) {
                         if (!answers) {
                             showMessage(ErrorText::sentence(answers.error()));
                             return;
                         }
                         QStringList refused;
                         QList<engine::AddAnswer> accepted;
                         for (const engine::AddAnswer &answer : *answers) {
                             if (answer.outcome != engine::AddOutcome::Rejected)
                                 accepted.append(answer);
                             else if (answer.error)
                                 refused.append(tr("%1: %2", "an address, why it was refused")
                                                    .arg(answer.url, ErrorText::sentence(*answer.error)));
                         }
                         if (!refused.isEmpty())
                             showMessage(refused.join(u'\n'));
                         if (!accepted.isEmpty())
                             takeAdded(accepted);
                     });
}

void MainWindow::showOperations(const core::JobId &id)
{
    selectJob(id);
    m_ui->tabs->setCurrentWidget(m_ui->opsTab);
}

void MainWindow::selectJob(const core::JobId &id)
{
    const auto row = m_jobs.rowOf(id);
    m_wantedJob = row ? core::JobId() : id;
    if (!row)
        return;
    const QModelIndex index = m_filtered.mapFromSource(m_jobs.index(*row, JobTableModel::NameColumn));
    if (!index.isValid())
        return;
    m_ui->jobTable->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect |
                                                                 QItemSelectionModel::Rows);
    m_ui->jobTable->scrollTo(index);
}

} // namespace ingather::gui
