// SPDX-License-Identifier: MIT
#pragma once

#include "models/job_source.h"

#include <QDialog>
#include <QHash>

#include <memory>

namespace ingather::gui
{

namespace Ui
{
class AddDialog;
}

/// Takes addresses, a folder and, for a single address, the expected SHA-256. Every bad line is named
/// while it is typed; the folder is looked at by the engine, not here (a folder on a sleeping disk or a
/// dead network share would freeze the window). Stays open until everything has been accepted.
class AddDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AddDialog)

public:
    /// `source` must outlive the dialog.
    AddDialog(models::JobSource &source, const QString &folder, QWidget *parent = nullptr);
    ~AddDialog() override;

    void setUrls(const QStringList &urls);
    /// Takes what the clipboard holds if that is web addresses and nothing else.
    void takeClipboard();
    QString folder() const;

Q_SIGNALS:
    /// Committed. Holds the answers for the accepted addresses; the refused ones stay in the dialog.
    void added(const QList<ingather::engine::AddAnswer> &answers);

protected:
    void changeEvent(QEvent *event) override;

private:
    void validate();
    void submit();
    void takeAnswers(const core::Result<QList<engine::AddAnswer>> &result);
    void chooseFolder();
    void setBusy(bool isBusy);
    /// The reason why that line can't be added; empty if it can.
    QString problemOf(const QString &line);
    void showLineProblems(const QStringList &problems);

    std::unique_ptr<Ui::AddDialog> m_ui;
    models::JobSource &m_source;
    QHash<QString, QString> m_problems; ///< line → reason: a list of thousands is not judged anew at each key
    QStringList m_goodLines;
    bool m_isBusy = false;
};

} // namespace ingather::gui
