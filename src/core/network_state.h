// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.h"

#include <QHash>
#include <QSet>
#include <QString>

namespace ingather::core
{

/// How a process finds the network.
enum class NetworkState {
    Online,  ///< as it should be: what fails is the host's fault
    Offline, ///< nobody can be reached
    Portal,  ///< somebody else answers for everybody (a login page of a hotel)
    Suspect, ///< this machine slept, and nothing has answered since
};

/// "online", "offline", "portal", "suspect": for logs.
QString networkStateName(NetworkState state);

/// What one request tells of the network.
struct NetworkOutcome {
    enum class Kind {
        Answered,    ///< the host, by something that only it could have said
        Somebody,    ///< whether it was the host is not known yet
        Doubtful,    ///< somebody: a portal would answer like this too. `mark` says with what
        Captive,     ///< a portal says that it is one (511, RFC 6585 §6); `mark` likewise
        Unreachable, ///< no name, no connection, no answer
    };
    Kind kind = Kind::Answered;
    QString host;
    QString mark; ///< the same for all hosts that a portal answers for
};

/// Decides from the outcomes of a process in which state the network is. Three different hosts make a case:
/// so many that can't be reached, or that answer with the same mark, and none that answered properly in
/// between. With fewer hosts nobody can tell a dead server from a dead network, so one or two never do:
/// theirs fail as ever. Any answer ends OFFLINE and SUSPECT, a proper one PORTAL.
///
/// A host that is in trouble while another one answers is itself the cause: from then on it makes no case
/// with the same trouble, until it has answered properly. Else a list of dead links would look like a dead
/// network as soon as they are all that is left.
///
/// A value without a clock of its own; all times come from one Clock's sinceBoot().
class NetworkWatch final
{
public:
    static constexpr int hostsOfACase = 3;
    /// Marks are compared over this time, and failures of so long ago may be the network's.
    static constexpr std::chrono::seconds memory{60};
    /// Without any case nothing more is suspected of a network that was slept over.
    static constexpr std::chrono::seconds suspicion{60};
    /// A process to which nobody has ever answered, and which knows nobody that has, takes its hosts for dead
    /// after this time.
    static constexpr std::chrono::minutes patienceOfANewcomer{1};
    /// The same for one that knows somebody (hasWitness()), who is not there either. A mark that is
    /// all that is seen for so long, and may be that of parked domains, is refused from then on as the hosts'
    /// own fault.
    static constexpr std::chrono::minutes patience{10};
    static constexpr std::chrono::seconds firstProbe{2};
    static constexpr std::chrono::seconds longestProbe{60};

    NetworkState state() const { return m_state; }
    bool isOnline() const { return m_state == NetworkState::Online; }
    /// What bears this mark is a portal's, and no document.
    bool isRefused(const QString &mark) const;
    /// The network is not as it should be, or was not for a part of the time since then; what is over for
    /// more than a minute is forgotten.
    bool wasAwaySince(BootTime begin, BootTime now) const;
    /// A portal that has let through since gave this mark: what bears it was on its way, and is no document.
    bool wasPortals(const QString &mark, BootTime now) const;

    void note(const NetworkOutcome &outcome, BootTime now);
    /// The machine or this process stood still.
    void wokeUp(BootTime now);
    /// The system's word, which needs no case.
    void systemSays(bool hasNetwork, BootTime now);
    /// There is a host that is known to have answered once, and it is asked when in doubt.
    void hasWitness() { m_hasWitness = true; }
    /// To be called now and then: what ends by time ends here.
    void tick(BootTime now);

    /// While not online: one request at a time is tried, after 2, 4 … 60 s; after a sleep at once.
    bool isProbeDue(BootTime now) const { return !isOnline() && now >= m_nextProbe; }
    void probeBegan(BootTime now);

private:
    using Hosts = QHash<QString, BootTime>;
    void enter(NetworkState state, BootTime now);
    void noteAnswer(const QString &host, BootTime now);
    void noteSomebody(const QString &host, BootTime now);
    void noteUnreachable(const QString &host, BootTime now);
    void noteMark(const NetworkOutcome &outcome, BootTime now);
    void forgetOldMarks(BootTime now);
    void blameUnreachable();
    void blameMarked(BootTime now);
    bool isBlamed(const QString &host, const QString &mark) const;

    NetworkState m_state = NetworkState::Online;
    BootTime m_since{};
    BootTime m_nextProbe{};
    BootTime m_probeWait{};
    Hosts m_unreachable;           ///< since anybody answered
    QHash<QString, Hosts> m_marks; ///< by mark, since the last proper answer
    BootTime m_marksLookedAt{};
    QHash<QString, QSet<QString>> m_blamed; ///< marks by host; the empty one: unreachable
    QSet<QString> m_refused;
    QString m_portalMark;
    QString m_formerPortalMark;
    BootTime m_portalEndedAt{};
    BootTime m_backAt{}; ///< when it was online again
    bool m_isPortalCertain = false;
    bool m_hasAnswered = false;
    bool m_hasWitness = false;
    bool m_isSystemsWord = false;
};

} // namespace ingather::core
