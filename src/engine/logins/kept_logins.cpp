// SPDX-License-Identifier: MIT
#include "engine/logins/kept_logins.h"

#include "core/log_line.h"
#include "core/login_place.h"
#include "engine/blocking.h"
#include "engine/log.h"

#include <QDebug>

#include <utility>

namespace ingather::engine
{

using transfer::KeptLogin;

namespace
{

QFuture<KeptLogin> none()
{
    QPromise<KeptLogin> promise;
    promise.start();
    promise.addResult(KeptLogin());
    promise.finish();
    return promise.future();
}

} // namespace

KeptLogins::KeptLogins(core::SecretStore &store, const QString &listFile, std::chrono::milliseconds patience)
    : m_store(store), m_list(listFile), m_patience(patience)
{
    m_thread.setMaxThreadCount(1);
}

KeptLogins::~KeptLogins()
{
    stop();
    m_thread.waitForDone();
}

void KeptLogins::stop()
{
    m_stop.request_stop();
}

QFuture<KeptLogin> KeptLogins::loginFor(const QUrl &hop)
{
    const QMutexLocker lock(&m_mutex);
    followList();
    if (m_places.isEmpty() || m_stop.stop_requested())
        return none();
    const QString place = core::loginPlace(hop);
    if (!m_places.contains(place))
        return none();
    const auto asked = m_asked.constFind(place);
    if (asked != m_asked.cend())
        return *asked;
    QFuture<KeptLogin> future = runBlocking(m_thread, [this, place] { return ask(place); });
    m_asked.insert(place, future);
    return future;
}

/// A look for each request, at a file that most people do not have: somebody may have stored the right
/// password meanwhile.
void KeptLogins::followList()
{
    QByteArray text = m_list.text();
    if (text == m_listText)
        return;
    m_listText = std::move(text);
    m_asked.clear();
    core::Result<QStringList> places = m_list.places();
    if (places)
        m_places = std::move(*places);
    else
        qCWarning(logEngine).noquote() << core::LogContext().with(places.error())
                                       << "goes on without the keyring:" << core::toLogText(places.error());
}

KeptLogin KeptLogins::ask(const QString &place)
{
    if (m_stop.stop_requested())
        return {};
    const auto found = m_store.find(place, {m_patience, m_stop.get_token()});
    if (found)
        return {found->value_or(QString()).toUtf8(), {}};
    if (found.error().code == core::ErrorCode::Stopped)
        return {};
    tellOnce(found.error());
    return {{}, found.error().detail};
}

void KeptLogins::tellOnce(const core::Error &error)
{
    const QMutexLocker lock(&m_mutex);
    if (!std::exchange(m_hasTold, true)) {
        qCWarning(logEngine).noquote()
            << core::LogContext().with(error) << "goes on without the logins of the keyring:" << error.detail;
    }
}

} // namespace ingather::engine
