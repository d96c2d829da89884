// SPDX-License-Identifier: MIT
#include "core/network_state.h"

#include <algorithm>

namespace ingather::core
{

QString networkStateName(NetworkState state)
{
    switch (state) {
    case NetworkState::Online:
        return QStringLiteral("online");
    case NetworkState::Offline:
        return QStringLiteral("offline");
    case NetworkState::Portal:
        return QStringLiteral("portal");
    case NetworkState::Suspect:
        return QStringLiteral("suspect");
    }
    Q_UNREACHABLE();
}

void NetworkWatch::enter(NetworkState state, BootTime now)
{
    if (state == m_state)
        return;
    if (m_state == NetworkState::Portal) {
        m_formerPortalMark = m_portalMark;
        m_portalEndedAt = now;
    }
    if (state == NetworkState::Online)
        m_backAt = now;
    m_state = state;
    m_since = now;
    m_probeWait = firstProbe;
    m_nextProbe = state == NetworkState::Suspect ? now : now + m_probeWait;
    if (state != NetworkState::Portal)
        m_portalMark.clear();
    if (state != NetworkState::Offline)
        m_isSystemsWord = false;
}

bool NetworkWatch::isRefused(const QString &mark) const
{
    const bool isPortals = m_state == NetworkState::Portal && mark == m_portalMark;
    return isPortals || m_refused.contains(mark);
}

bool NetworkWatch::wasAwaySince(BootTime begin, BootTime now) const
{
    return !isOnline() || (begin < m_backAt && now - m_backAt <= memory);
}

bool NetworkWatch::wasPortals(const QString &mark, BootTime now) const
{
    return !mark.isEmpty() && mark == m_formerPortalMark && now - m_portalEndedAt <= memory;
}

void NetworkWatch::note(const NetworkOutcome &outcome, BootTime now)
{
    using Kind = NetworkOutcome::Kind;
    switch (outcome.kind) {
    case Kind::Answered:
        return noteAnswer(outcome.host, now);
    case Kind::Somebody:
        return noteSomebody(outcome.host, now);
    case Kind::Unreachable:
        return noteUnreachable(outcome.host, now);
    case Kind::Doubtful:
    case Kind::Captive:
        return noteMark(outcome, now);
    }
}

void NetworkWatch::noteAnswer(const QString &host, BootTime now)
{
    m_hasAnswered = true;
    blameUnreachable();
    blameMarked(now);
    m_blamed.remove(host);
    enter(NetworkState::Online, now);
}

void NetworkWatch::noteSomebody(const QString &host, BootTime now)
{
    m_hasAnswered = true;
    m_unreachable.remove(host);
    blameUnreachable();
    if (m_state != NetworkState::Portal)
        enter(NetworkState::Online, now);
}

void NetworkWatch::noteUnreachable(const QString &host, BootTime now)
{
    if (isBlamed(host, QString()))
        return;
    m_unreachable.insert(host, now);
    if (m_unreachable.size() >= hostsOfACase)
        enter(NetworkState::Offline, now);
}

void NetworkWatch::noteMark(const NetworkOutcome &outcome, BootTime now)
{
    const bool isCertain = outcome.kind == NetworkOutcome::Kind::Captive;
    if (isRefused(outcome.mark))
        return;
    // Another answer than the portal's: it lets through.
    if (m_state == NetworkState::Portal && !isCertain)
        return noteAnswer(outcome.host, now);
    if (!isCertain)
        noteSomebody(outcome.host, now);
    if (isBlamed(outcome.host, outcome.mark))
        return;
    forgetOldMarks(now);
    Hosts &hosts = m_marks[outcome.mark];
    hosts.insert(outcome.host, now);
    hosts.removeIf([now](Hosts::iterator seen) { return now - seen.value() > memory; });
    if (hosts.size() < hostsOfACase)
        return;
    enter(NetworkState::Portal, now);
    m_portalMark = outcome.mark;
    m_isPortalCertain = isCertain;
}

/// Where every answer is doubtful (pages, resolvers that redirect) marks come by the thousand; a portal has
/// few.
void NetworkWatch::forgetOldMarks(BootTime now)
{
    constexpr std::chrono::seconds interval{10};
    constexpr qsizetype mostMarks = 10'000;
    if (m_marks.size() < mostMarks && now - m_marksLookedAt < interval)
        return;
    m_marksLookedAt = now;
    m_marks.removeIf([now](QHash<QString, Hosts>::iterator mark) {
        return std::all_of(mark->cbegin(), mark->cend(),
                           [now](BootTime seen) { return now - seen > memory; });
    });
    if (m_marks.size() >= mostMarks)
        m_marks.clear();
}

void NetworkWatch::blameUnreachable()
{
    for (auto host = m_unreachable.keyBegin(); host != m_unreachable.keyEnd(); ++host)
        m_blamed[*host].insert(QString());
    m_unreachable.clear();
}

/// What only one host has shown is nearly always its own, and not worth remembering. Nor is an answer that
/// was on its way already a witness against anybody: those of a portal's first moments would keep it from
/// being seen ever after.
void NetworkWatch::blameMarked(BootTime now)
{
    const bool isPortal = m_state == NetworkState::Portal;
    for (auto mark = m_marks.cbegin(); mark != m_marks.cend(); ++mark) {
        for (auto host = mark->cbegin(); mark->size() > 1 && host != mark->cend(); ++host) {
            if (now - (isPortal ? m_since : host.value()) >= firstProbe)
                m_blamed[host.key()].insert(mark.key());
        }
    }
    m_marks.clear();
}

bool NetworkWatch::isBlamed(const QString &host, const QString &mark) const
{
    const auto marks = m_blamed.constFind(host);
    return marks != m_blamed.cend() && marks->contains(mark);
}

void NetworkWatch::wokeUp(BootTime now)
{
    // What was seen before the sleep tells of another place, perhaps.
    m_unreachable.clear();
    m_marks.clear();
    if (isOnline())
        enter(NetworkState::Suspect, now);
    else
        m_nextProbe = now;
    m_since = now;
}

void NetworkWatch::systemSays(bool hasNetwork, BootTime now)
{
    if (!hasNetwork) {
        enter(NetworkState::Offline, now);
        m_isSystemsWord = true;
    } else if (m_isSystemsWord) {
        enter(NetworkState::Suspect, now);
    }
}

void NetworkWatch::tick(BootTime now)
{
    const bool isLong = now - m_since >= patience;
    const bool isLongForNewcomer = !m_hasWitness && now - m_since >= patienceOfANewcomer;
    switch (m_state) {
    case NetworkState::Online:
        break;
    case NetworkState::Suspect:
        if (now - m_since >= suspicion)
            enter(NetworkState::Online, now);
        break;
    case NetworkState::Offline:
        if ((isLong || isLongForNewcomer) && !m_hasAnswered && !m_isSystemsWord) {
            blameUnreachable();
            enter(NetworkState::Online, now);
        }
        break;
    case NetworkState::Portal:
        if (isLong && !m_isPortalCertain) {
            m_refused.insert(m_portalMark);
            m_marks.clear();
            enter(NetworkState::Online, now);
        }
        break;
    }
}

void NetworkWatch::probeBegan(BootTime now)
{
    m_nextProbe = now + m_probeWait;
    m_probeWait = std::min<BootTime>(m_probeWait * 2, longestProbe);
}

} // namespace ingather::core
