// SPDX-License-Identifier: MIT
#include "engine/network/network_observer.h"

#include "ledger/records.h"
#include "platform/network_interfaces.h"
#include "transfer/http_client.h"

#include <QUrl>

#include <utility>

namespace ingather::engine
{

using core::BootTime;
using core::Error;
using core::ErrorCode;
using core::NetworkState;
using core::NetworkWatch;
using core::Result;

namespace
{

/// The worker beats four times a second; whoever is this late was stopped.
constexpr std::chrono::seconds longestBeat{3};
constexpr std::chrono::seconds forgetInterval{5};
constexpr qsizetype mostWitnesses = 3;
/// RFC 6585 §6
constexpr int statusNetworkAuthenticationRequired = 511;

Error portalError()
{
    return {ErrorCode::NetworkUnreachable, QStringLiteral("look at answer"),
            statusNetworkAuthenticationRequired,
            QStringLiteral("the answer is a portal's, not the server's")};
}

bool isPortalError(const Error &error)
{
    return error.native == statusNetworkAuthenticationRequired &&
           (error.code == ErrorCode::NetworkUnreachable || error.code == ErrorCode::HttpServerError);
}

/// Nobody was there, as far as can be told.
bool isUnreachable(ErrorCode code)
{
    switch (code) {
    case ErrorCode::HostNotFound:
    case ErrorCode::ConnectionRefused:
    case ErrorCode::NetworkUnreachable:
    case ErrorCode::ProxyFailed:
    case ErrorCode::HeaderTimeout:
        return true;
    default:
        return false;
    }
}

/// An exchange that broke off: no case by itself, but nobody's fault while there is one.
bool isCutOff(ErrorCode code)
{
    switch (code) {
    case ErrorCode::ConnectionLost:
    case ErrorCode::TlsFailed:
    case ErrorCode::Stalled:
    case ErrorCode::ProtocolError:
    case ErrorCode::BodyTooShort:
        return true;
    default:
        return false;
    }
}

bool isAnswer(ErrorCode code)
{
    return code >= ErrorCode::TooManyRedirects && code <= ErrorCode::LengthConflict;
}

bool isLoopback(const QString &host)
{
    return host.startsWith(QLatin1StringView("127.")) || host == QLatin1StringView("localhost") ||
           host == QLatin1StringView("[::1]");
}

bool isPage(const transfer::ResponseHead &head)
{
    const QByteArray type = head.contentType.trimmed().toLower();
    return type.startsWith("text/html") || type.startsWith("application/xhtml");
}

/// Where a portal sends everybody: without the query, in which it notes where they came from.
QString markOfRedirect(const QUrl &url)
{
    return QStringLiteral("redirect ") +
           url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

} // namespace

NetworkObserver::NetworkObserver(const core::Clock &clock, Changed changed)
    : m_clock(clock), m_changed(std::move(changed)), m_lastBeat(clock.sinceBoot())
{
}

void NetworkObserver::tell(NetworkState before, NetworkState after)
{
    if (before != after && m_changed)
        m_changed(after);
}

bool NetworkObserver::isNetworks(const Charge &charge) const
{
    const bool isAway = m_watch.state() == NetworkState::Offline || m_watch.state() == NetworkState::Portal;
    return charge.mark.isEmpty() ? isAway : m_watch.isRefused(charge.mark);
}

NetworkState NetworkObserver::reconsider(NetworkState before, BootTime now)
{
    const NetworkState after = m_watch.state();
    const bool isAway = after == NetworkState::Offline || after == NetworkState::Portal;
    if (after == before || !isAway)
        return after;
    m_charges.removeIf([this, now](const Charge &charge) {
        if (now - charge.at > NetworkWatch::memory || !isNetworks(charge))
            return false;
        m_excused.append(charge.failure);
        return true;
    });
    for (Deceit &deceit : m_doubtful)
        deceit.isKnown = deceit.isKnown || m_watch.isRefused(deceit.mark);
    return after;
}

/// Seen by whoever comes first: after a stop that may well be a lane whose connection is gone.
void NetworkObserver::noteGap(BootTime now)
{
    if (now - m_lastBeat < longestBeat)
        return;
    m_lastBeat = now;
    m_watch.wokeUp(now);
}

Result<> NetworkObserver::noteDoubtful(const ledger::JobRecord &job, const QString &mark, BootTime now)
{
    m_watch.note({Kind::Doubtful, job.host, mark}, now);
    if (m_watch.isRefused(mark)) {
        m_doubtful.remove(job.id);
        return portalError();
    }
    Deceit deceit{mark, now};
    deceit.isKnown = m_watch.wasPortals(mark, now);
    m_doubtful.insert(job.id, deceit);
    return deceit.isKnown ? Result<>(portalError()) : Result<>();
}

Result<> NetworkObserver::answered(const ledger::JobRecord &job, const transfer::ResponseHead &head)
{
    Result<> outcome;
    NetworkState before{};
    NetworkState after{};
    {
        const std::lock_guard lock(m_mutex);
        const BootTime now = m_clock.sinceBoot();
        before = m_watch.state();
        noteGap(now);
        forgetOld(now);
        const bool isForeign = !head.redirects.isEmpty() && head.url.host() != head.redirects.first().host();
        m_doubtful.remove(job.id); // of an earlier run
        if (isPage(head))
            m_pages.insert(job.id);
        if (isForeign)
            outcome = noteDoubtful(job, markOfRedirect(head.url), now);
        else
            m_watch.note({isPage(head) ? Kind::Somebody : Kind::Answered, job.host, {}}, now);
        if (!isForeign && !isPage(head))
            keepWitness(job.host, head.url);
        after = reconsider(before, now);
    }
    tell(before, after);
    return outcome;
}

Result<> NetworkObserver::received(const ledger::JobRecord &job, const core::Sha256 &sha256)
{
    Result<> outcome;
    NetworkState before{};
    NetworkState after{};
    {
        const std::lock_guard lock(m_mutex);
        const BootTime now = m_clock.sinceBoot();
        before = m_watch.state();
        // Where it was led to tells more than what it got there.
        if (m_pages.contains(job.id) && !m_doubtful.contains(job.id))
            outcome = noteDoubtful(job, QStringLiteral("body ") + sha256.toHex(), now);
        after = reconsider(before, now);
    }
    tell(before, after);
    return outcome;
}

bool NetworkObserver::excuses(const ledger::JobRecord &job, const Error &error, BootTime begin)
{
    NetworkState before{};
    NetworkState after{};
    bool isExcused = false;
    const bool isAway = isUnreachable(error.code) && !isPortalError(error);
    const bool isAwayForAll = isAway && !isLoopback(job.host) && !platform::hasNetworkInterface();
    {
        const std::lock_guard lock(m_mutex);
        const BootTime now = m_clock.sinceBoot();
        before = m_watch.state();
        noteGap(now);
        if (error.code == ErrorCode::HttpServerError && isPortalError(error))
            m_watch.note({Kind::Captive, job.host, QStringLiteral("511")}, now);
        else if (isAwayForAll)
            m_watch.systemSays(false, now);
        else if (isAway)
            m_watch.note({Kind::Unreachable, job.host, {}}, now);
        else if (isAnswer(error.code))
            m_watch.note({Kind::Answered, job.host, {}}, now);
        after = reconsider(before, now);
        const bool isOfNetwork = isAway || isPortalError(error) || isCutOff(error.code);
        const auto doubtful = m_doubtful.constFind(job.id);
        const bool isPortals =
            doubtful != m_doubtful.cend() && (doubtful->isKnown || m_watch.isRefused(doubtful->mark));
        isExcused = isPortals || (isOfNetwork && m_watch.wasAwaySince(begin, now));
    }
    tell(before, after);
    return isExcused;
}

void NetworkObserver::charged(const ledger::JobRecord &job, core::Fence fence, const Error &error,
                              BootTime begin)
{
    const std::lock_guard lock(m_mutex);
    const BootTime now = m_clock.sinceBoot();
    forgetOld(now);
    const bool isOfNetwork = isUnreachable(error.code) || isCutOff(error.code) || isPortalError(error);
    // A page that was refused for what it is would have been refused of a portal, too.
    const Deceit deceit = m_doubtful.take(job.id);
    if (!isOfNetwork && deceit.mark.isEmpty())
        return;
    const Charge charge{{job.id, fence}, now, isOfNetwork ? QString() : deceit.mark};
    const bool isKnown = deceit.isKnown || (isOfNetwork && m_watch.wasAwaySince(begin, now));
    if (isKnown || isNetworks(charge))
        m_excused.append(charge.failure);
    else
        m_charges.append(charge);
}

void NetworkObserver::end(const core::JobId &job)
{
    const std::lock_guard lock(m_mutex);
    m_pages.remove(job);
    if (const auto doubtful = m_doubtful.find(job); doubtful != m_doubtful.end())
        doubtful->isRunning = false;
}

void NetworkObserver::forgetOld(BootTime now)
{
    if (now - m_forgotAt < forgetInterval)
        return;
    m_forgotAt = now;
    m_charges.removeIf([now](const Charge &charge) { return now - charge.at > NetworkWatch::memory; });
    m_doubtful.removeIf([now](QHash<core::JobId, Deceit>::iterator job) {
        return !job->isKnown && !job->isRunning && now - job->at > NetworkWatch::memory;
    });
}

void NetworkObserver::keepWitness(const QString &host, const QUrl &url)
{
    if (!m_witnesses.isEmpty() && m_witnesses.first().host == host)
        return;
    m_witnesses.removeIf([&host](const Witness &witness) { return witness.host == host; });
    m_witnesses.prepend({host, url});
    if (m_witnesses.size() > mostWitnesses)
        m_witnesses.removeLast();
    m_watch.hasWitness();
}

void NetworkObserver::remember(const QString &host, const QUrl &url)
{
    const std::lock_guard lock(m_mutex);
    keepWitness(host, url);
}

QList<QUrl> NetworkObserver::witnesses()
{
    const std::lock_guard lock(m_mutex);
    QList<QUrl> urls;
    for (const Witness &witness : std::as_const(m_witnesses))
        urls.append(witness.url);
    return urls;
}

void NetworkObserver::witnessed(const QUrl &asked, const transfer::ResponseHead &head)
{
    ledger::JobRecord witness;
    witness.host = asked.host(QUrl::FullyEncoded);
    // A portal's answer is noted as such; there is no job whose answer it would be.
    [[maybe_unused]] const Result<> genuine = answered(witness, head);
    end(witness.id);
    const std::lock_guard lock(m_mutex);
    m_doubtful.remove(witness.id);
}

void NetworkObserver::witnessed(const QUrl &asked, const Error &error)
{
    if (!isAnswer(error.code))
        return; // that it is not there either is no news, and no case
    ledger::JobRecord witness;
    witness.host = asked.host(QUrl::FullyEncoded);
    excuses(witness, error, m_clock.sinceBoot());
}

void NetworkObserver::beginBeats()
{
    const std::lock_guard lock(m_mutex);
    m_lastBeat = m_clock.sinceBoot();
}

NetworkState NetworkObserver::state()
{
    const std::lock_guard lock(m_mutex);
    return m_watch.state();
}

void NetworkObserver::beat()
{
    NetworkState before{};
    NetworkState after{};
    {
        const std::lock_guard lock(m_mutex);
        const BootTime now = m_clock.sinceBoot();
        before = m_watch.state();
        noteGap(now);
        m_lastBeat = now;
        if (before == NetworkState::Offline && platform::hasNetworkInterface())
            m_watch.systemSays(true, now);
        m_watch.tick(now);
        after = reconsider(before, now);
    }
    tell(before, after);
}

bool NetworkObserver::isProbeDue()
{
    const std::lock_guard lock(m_mutex);
    return m_watch.isProbeDue(m_clock.sinceBoot());
}

void NetworkObserver::probeBegan()
{
    const std::lock_guard lock(m_mutex);
    m_watch.probeBegan(m_clock.sinceBoot());
}

QList<ChargedFailure> NetworkObserver::takeExcused()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_excused, {});
}

QList<core::JobId> NetworkObserver::takeDeceived()
{
    const std::lock_guard lock(m_mutex);
    QList<core::JobId> jobs;
    m_doubtful.removeIf([&jobs](QHash<core::JobId, Deceit>::iterator job) {
        const bool isOver = job->isKnown && !job->isRunning;
        if (isOver)
            jobs.append(job.key());
        return isOver;
    });
    return jobs;
}

} // namespace ingather::engine
