// SPDX-License-Identifier: MIT
#include "app/screenshot.h"

#include "gui/main_window.h"

#include <QCoreApplication>
#include <QPixmap>

namespace ingather::app
{

using models::JobTableModel;

namespace
{

constexpr int lookInterval = 50;     // ms
constexpr int settleTime = 300;      // ms: operations of the selected job arrive, one progress merge
constexpr int longestWait = 120'000; // ms
constexpr double enoughProgress = 0.4;

} // namespace

Screenshot::Screenshot(gui::MainWindow &window, const QString &file, const QString &moment, QObject *parent)
    : QObject(parent), m_window(window), m_file(file),
      m_isProgressWanted(moment == QLatin1StringView("progress"))
{
    bool isNumber = false;
    const int wait = moment.toInt(&isNumber);
    if (isNumber) {
        QTimer::singleShot(wait, this, &Screenshot::take);
        return;
    }
    m_look.setInterval(lookInterval);
    connect(&m_look, &QTimer::timeout, this, &Screenshot::look);
    m_look.start();
    QTimer::singleShot(longestWait, this, [] { QCoreApplication::exit(1); });
}

void Screenshot::look()
{
    const JobTableModel &jobs = m_window.jobs();
    bool haveAllEnded = jobs.isComplete() && jobs.rowCount() > 0;
    for (int row = 0; row < jobs.rowCount(); ++row) {
        haveAllEnded = haveAllEnded && jobs.jobAt(row).hasEnded();
        const double fraction =
            jobs.index(row, JobTableModel::NameColumn).data(JobTableModel::FractionRole).toDouble();
        if (m_isProgressWanted && jobs.progressAt(row) && fraction >= enoughProgress) {
            m_look.stop();
            m_window.showOperations(jobs.jobAt(row).id);
            QTimer::singleShot(settleTime, this, &Screenshot::take);
            return;
        }
    }
    if (!haveAllEnded)
        return;
    m_look.stop();
    m_window.showOperations(jobs.jobAt(0).id);
    QTimer::singleShot(settleTime, this, &Screenshot::take);
}

void Screenshot::take()
{
    QCoreApplication::exit(m_window.grab().save(m_file) ? 0 : 1);
}

} // namespace ingather::app
