// SPDX-License-Identifier: MIT
#pragma once

#include "models/job_source.h"

#include <QTextBrowser>

#include <optional>

namespace ingather::gui
{

/// What is known about one job, as text that can be selected and copied.
class JobDetails final : public QTextBrowser
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobDetails)

public:
    explicit JobDetails(QWidget *parent = nullptr);

    /// nullopt: no job is selected.
    void show(const std::optional<engine::JobSnapshot> &job, core::UnixTime now, const QString &validators);

private:
    QString m_html;
};

} // namespace ingather::gui
