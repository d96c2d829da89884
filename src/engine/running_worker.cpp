// SPDX-License-Identifier: MIT
#include "engine/running_worker.h"

#include "engine/settings.h"

namespace ingather::engine
{

RunningWorker::RunningWorker(const Surroundings &around, const QString &owner, const WorkerScope &scope)
    : m_limits(around.clock, around.settings.limitRate, around.settings.limitTimetable),
      m_rooms(around.settings.minFreeMebibytes * 1024 * 1024), m_mounts(around.clock),
      m_network(around.clock,
                [this](core::NetworkState) {
                    // Some lane has told; the worker is there as long as lanes are.
                    QMetaObject::invokeMethod(m_worker.get(), &Worker::followNetwork, Qt::QueuedConnection);
                }),
      m_reconciliation(around.writer, around.reader, around.settings)
{
    if (around.secrets)
        m_logins = std::make_shared<KeptLogins>(*around.secrets, around.settings.loginList);
    m_worker = std::make_unique<Worker>(
        SharedServices{around.writer, around.reader, around.blocking, m_groupSync, around.progress, m_limits,
                       m_network, m_rooms, m_mounts, around.credentials, around.clock, around.settings},
        m_logins, owner, scope);
    m_thread.setObjectName(QStringLiteral("ingather-worker"));
    m_worker->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::started, m_worker.get(), &Worker::start);
    if (around.settings.backups) {
        m_backups = std::make_unique<BackupKeeper>(around.settings.ledgerPath, around.clock);
        QObject::connect(m_worker.get(), &Worker::deadOwnersFound, m_backups.get(),
                         &BackupKeeper::backUpSoon);
    }
}

RunningWorker::~RunningWorker()
{
    stop();
    m_thread.wait();
}

void RunningWorker::start()
{
    m_thread.start();
}

void RunningWorker::stop()
{
    if (m_backups)
        m_backups->stop();
    m_reconciliation.stop();
    if (m_logins)
        m_logins->stop();
    QMetaObject::invokeMethod(m_worker.get(), &Worker::stop, Qt::QueuedConnection);
}

} // namespace ingather::engine
