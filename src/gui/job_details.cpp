// SPDX-License-Identifier: MIT
#include "gui/job_details.h"

#include "models/format.h"
#include "models/job_text.h"

#include <QScrollBar>

namespace ingather::gui
{

using models::Format;
using models::JobText;

JobDetails::JobDetails(QWidget *parent) : QTextBrowser(parent)
{
    setOpenLinks(false); // nothing here is loaded from anywhere
    setUndoRedoEnabled(false);
    setTabChangesFocus(true);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
}

void JobDetails::show(const std::optional<engine::JobSnapshot> &job, core::UnixTime now,
                      const QString &validators)
{
    QString html;
    const auto row = [&html](const QString &caption, const QString &value) {
        if (!value.isEmpty())
            html += QStringLiteral(
                        "<tr><td style='white-space:nowrap; padding-right:12px'>%1</td><td>%2</td></tr>")
                        .arg(caption.toHtmlEscaped(), value.toHtmlEscaped());
    };
    if (job) {
        html = QStringLiteral("<p><b>%1</b><br>%2</p><table>")
                   .arg(JobText::name(*job).toHtmlEscaped(), JobText::explanation(*job, now).toHtmlEscaped());
        row(tr("Address:"), job->url);
        row(tr("As entered:"), job->sourceUrl == job->url ? QString() : job->sourceUrl);
        row(tr("Folder:"), job->folder);
        row(tr("File:"), JobText::filePath(*job));
        if (job->bytesTotal)
            row(tr("Size:"), tr("%1 (%L2 bytes)").arg(Format::bytes(*job->bytesTotal)).arg(*job->bytesTotal));
        row(tr("SHA-256:"), job->sha256);
        row(tr("Expected:"), job->expectedDigest);
        row(tr("Content:"), JobText::verification(*job));
        row(tr("Content type:"), job->contentType);
        row(tr("Validators:"), validators);
        row(tr("Error:"), job->errorCode);
        row(tr("Error detail:"), job->errorDetail);
        if (job->attempts > 0)
            row(tr("Failed attempts:"), QString::number(job->attempts));
        row(tr("Added:"), Format::exactTime(job->createdAt));
        row(tr("Changed:"), Format::exactTime(job->updatedAt));
        if (job->doneAt)
            row(tr("Ended:"), Format::exactTime(*job->doneAt));
        row(tr("Worker:"), job->leaseOwner);
        row(tr("State in the ledger:"), core::jobStateName(job->state));
        row(tr("Job:"), job->id.value);
        html += QStringLiteral("</table>");
    } else {
        html = QStringLiteral("<p>%1</p>")
                   .arg(tr("Select a job to see what is known about it.").toHtmlEscaped());
    }
    // A new text would take away the reader's selection and place.
    if (html == m_html || (job && textCursor().hasSelection() && m_html.contains(job->id.value)))
        return;
    const bool isSameJob = job && m_html.contains(job->id.value);
    const int place = verticalScrollBar()->value();
    m_html = html;
    setHtml(html);
    if (isSameJob)
        verticalScrollBar()->setValue(place);
}

} // namespace ingather::gui
