// SPDX-License-Identifier: MIT
#include "ledger/repair/page_scanner.h"

#include "core/error.h"
#include "ledger/repair/page_scan.h"
#include "ledger/repair/tree_walk.h"

#include <QElapsedTimer>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

constexpr qint64 reportEveryMs = 250;

class ScanProgress final
{
public:
    ScanProgress(const core::WorkControl &control, int pages) : m_control(control), m_pages(pages)
    {
        m_sinceReport.start();
    }

    /// False: a stop was requested.
    bool goOn(int page)
    {
        if (m_sinceReport.hasExpired(reportEveryMs)) {
            m_control.report(core::WorkStep::ReadingPages, page, m_pages);
            m_sinceReport.start();
        }
        return !m_control.isStopped();
    }

private:
    const core::WorkControl &m_control;
    const int m_pages;
    QElapsedTimer m_sinceReport;
};

} // namespace

Result<ScanCounts> scanPages(const PageImage &image, const QList<int> &roots, const ScanSink &sink,
                             const core::WorkControl &control)
{
    const Error cancelled{ErrorCode::Cancelled, QStringLiteral("read pages")};
    PageScan scan(image, rootsOfPages(image, roots), sink);
    ScanProgress progress(control, image.pageCount());
    for (int page = 1; page <= image.pageCount(); ++page) {
        if (!progress.goOn(page))
            return cancelled;
        scan.readList(page);
    }
    for (const int page : scan.pagesInDoubt()) {
        if (!progress.goOn(image.pageCount()))
            return cancelled;
        scan.search(page);
    }
    control.report(core::WorkStep::ReadingPages, image.pageCount(), image.pageCount());
    return scan.counts();
}

} // namespace ingather::ledger
