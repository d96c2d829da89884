// SPDX-License-Identifier: MIT
#pragma once

#include "models/job_filter_model.h"
#include "models/job_source.h"
#include "models/job_table_model.h"
#include "models/op_table_model.h"
#include "models/status_summary.h"

#include <QMainWindow>
#include <QTimer>

#include <memory>

class QLabel;
class QLineEdit;
class QSettings;

namespace ingather::gui
{

class AddDialog;

namespace Ui
{
class MainWindow;
}

/// The jobs of one ledger, and what can be wished for them. Asks and shows; whatever reads or writes
/// happens behind the JobSource.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MainWindow)

public:
    /// `source` and `settings` must outlive the window. `downloadFolder` is offered for new jobs until
    /// another one was used. Geometry and columns come from `settings` and go back there.
    MainWindow(models::JobSource &source, QSettings &settings, const QString &downloadFolder,
               QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Opens the Add dialog with these addresses in it; brings the window to the front.
    void offerUrls(const QStringList &urls);
    /// Puts the addresses into the ledger without a dialog (command line, second instance). What is
    /// refused is told in the message bar.
    void addUrls(const QStringList &urls);
    /// Shows a text above the table until it is dismissed.
    void showMessage(const QString &text);
    void bringToFront();

    /// Selects the job and shows its operations.
    void showOperations(const core::JobId &id);

    models::JobTableModel &jobs() { return m_jobs; }
    /// The open Add dialog, if there is one.
    AddDialog *addDialog() const { return m_addDialog; }

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    void setUpTables();
    void setUpActions();
    void setUpGroups();
    void restoreLayout();
    void saveLayout();

    void showPage();
    void updateGroups();
    void updateTotals();
    void updateActions();
    void updateDetails();
    void tick();

    void openAddDialog(const QStringList &urls);
    void takeAdded(const QList<engine::AddAnswer> &answers);
    void selectJob(const core::JobId &id);

    // main_window_jobs.cpp: what is done with the selected jobs
    QList<int> selectedRows() const;
    QList<core::JobId> selectedIds(bool (*isMeant)(const engine::JobSnapshot &)) const;
    void wish(engine::Wish wish, const QList<core::JobId> &ids);
    void toggle();
    void askToCancel();
    void openFile();
    void openFolder();
    void copySelected(QString (*textOf)(const engine::JobSnapshot &));
    void showContextMenu(const QPoint &position);
    void showColumnMenu(const QPoint &position);
    std::optional<int> currentRow() const;

    std::unique_ptr<Ui::MainWindow> m_ui;
    models::JobSource &m_source;
    QSettings &m_settings;
    QString m_folder;
    models::JobTableModel m_jobs;
    models::JobFilterModel m_filtered;
    models::OpTableModel m_ops;
    models::StatusSummary m_summary;
    QLineEdit *m_search;
    QLabel *m_hindrances;
    QLabel *m_totals;
    AddDialog *m_addDialog = nullptr;
    QTimer m_clock;          ///< texts that count down
    QTimer m_actionUpdate;   ///< many selection and data changes, one look
    core::JobId m_wantedJob; ///< to be selected as soon as it has been read
};

} // namespace ingather::gui
