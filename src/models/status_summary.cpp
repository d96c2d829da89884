// SPDX-License-Identifier: MIT
#include "models/status_summary.h"

#include "models/format.h"
#include "models/volume_text.h"
#include "models/when_done.h"

#include <QLocale>

#include <algorithm>

namespace ingather::models
{

using core::JobState;

namespace
{

int pluralOf(qint64 count)
{
    return static_cast<int>(std::min<qint64>(count, 2'000'000'000));
}

} // namespace

StatusSummary::StatusSummary(JobSource &source, QObject *parent) : QObject(parent), m_source(source)
{
    connect(&source, &JobSource::changed, this, &StatusSummary::refresh);
}

void StatusSummary::refresh()
{
    if (m_isUnderWay) {
        m_isChangedAgain = true;
        return;
    }
    m_isUnderWay = true;
    m_isChangedAgain = false;
    whenDone(m_source.status(), this, [this](const core::Result<engine::StatusSnapshot> &status) {
        m_isUnderWay = false;
        if (status) {
            m_status = *status;
            Q_EMIT updated();
        }
        if (m_isChangedAgain)
            QMetaObject::invokeMethod(this, &StatusSummary::refresh, Qt::QueuedConnection);
    });
}

qint64 StatusSummary::count(JobGroup group) const
{
    if (!m_status)
        return 0;
    const qint64 done = m_status->states.value(JobState::Indexed) +
                        m_status->states.value(JobState::Deduped) +
                        m_status->states.value(JobState::SkippedDuplicate);
    switch (group) {
    case JobGroup::Active:
        return m_status->activeLeases;
    case JobGroup::Waiting:
        return std::max<qint64>(0, m_status->unfinished - m_status->activeLeases);
    case JobGroup::Done:
        return done;
    case JobGroup::Failed:
        return m_status->failedForGood;
    case JobGroup::Held:
        return m_status->held;
    }
    Q_UNREACHABLE();
}

qint64 StatusSummary::total() const
{
    qint64 sum = 0;
    if (m_status) {
        for (const qint64 count : m_status->states)
            sum += count;
    }
    return sum;
}

QString StatusSummary::text(double bytesPerSecond) const
{
    if (!m_status)
        return {};
    const QLocale locale;
    const auto say = [this](JobGroup group, auto make, QStringList &parts) {
        if (const qint64 n = count(group); n > 0)
            parts.append(make(n));
    };
    QStringList parts;
    say(
        JobGroup::Active, [&](qint64 n) { return tr("%1 active", "jobs").arg(locale.toString(n)); }, parts);
    say(
        JobGroup::Waiting, [&](qint64 n) { return tr("%1 waiting", "jobs").arg(locale.toString(n)); }, parts);
    say(
        JobGroup::Done, [&](qint64 n) { return tr("%1 done", "jobs").arg(locale.toString(n)); }, parts);
    say(
        JobGroup::Failed, [&](qint64 n) { return tr("%1 failed", "jobs").arg(locale.toString(n)); }, parts);
    say(
        JobGroup::Held,
        [&](qint64 n) { return tr("%1 paused or cancelled", "jobs").arg(locale.toString(n)); }, parts);
    const qint64 all = total();
    QString text = all == 0 ? tr("No jobs") : tr("%Ln job(s)", nullptr, pluralOf(all));
    if (!parts.isEmpty())
        text += QStringLiteral(": ") + parts.join(QStringLiteral(", "));
    if (bytesPerSecond >= 1)
        text += QStringLiteral(" · ") + Format::speed(bytesPerSecond);
    return text;
}

QStringList StatusSummary::hindrances() const
{
    QStringList texts;
    if (!m_status)
        return texts;
    if (m_status->waitingForNetwork > 0)
        texts.append(tr("%Ln job(s) waiting for the network, no attempt is counted", nullptr,
                        pluralOf(m_status->waitingForNetwork)));
    for (const engine::VolumeSnapshot &volume : m_status->volumes)
        texts.append(VolumeText::sentence(volume));
    return texts;
}

} // namespace ingather::models
