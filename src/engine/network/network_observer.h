// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "core/fence.h"
#include "core/job_id.h"
#include "core/network_state.h"
#include "core/result.h"
#include "core/sha256.h"

#include <QHash>
#include <QList>
#include <QSet>
#include <QUrl>

#include <functional>
#include <mutex>

namespace ingather::ledger
{
struct JobRecord;
}
namespace ingather::transfer
{
struct ResponseHead;
}

namespace ingather::engine
{

/// A failure that is in the ledger, and may prove to have been the network's.
struct ChargedFailure {
    core::JobId job;
    core::Fence fence;
};

/// What the lanes of this process have seen of the network, and what follows from it: whether a failure is
/// the job's own, and which ones were not. The rules are core::NetworkWatch's. Thread-safe; lanes tell what
/// happened, the worker asks what to do.
class NetworkObserver final
{
public:
    /// Called after the state has changed, on the thread of whoever told what changed it, without any lock.
    using Changed = std::function<void(core::NetworkState state)>;
    NetworkObserver(const core::Clock &clock, Changed changed);
    Q_DISABLE_COPY_MOVE(NetworkObserver)

    // Of the lanes.
    /// The headers of an answer are in. NetworkUnreachable if it is a portal's: nothing of it may be kept.
    core::Result<> answered(const ledger::JobRecord &job, const transfer::ResponseHead &head);
    /// The whole body is in. NetworkUnreachable likewise.
    core::Result<> received(const ledger::JobRecord &job, const core::Sha256 &sha256);
    /// A run that began then ended with this error: true if it is not the job's fault, as the network stands
    /// now or stood while it ran.
    bool excuses(const ledger::JobRecord &job, const core::Error &error, core::BootTime begin);
    /// The failure of a run that began then was recorded: it is taken back if it turns out within a minute
    /// that it was the network's, or has turned out since the run was not excused.
    void charged(const ledger::JobRecord &job, core::Fence fence, const core::Error &error,
                 core::BootTime begin);
    /// The run is over.
    void end(const core::JobId &job);

    // Of the worker.
    /// Somebody is about to beat.
    void beginBeats();
    /// An address that has answered properly once, of an earlier process, too.
    void remember(const QString &host, const QUrl &url);
    /// Who is to be asked when in doubt: addresses of hosts that have answered, the last one first.
    QList<QUrl> witnesses();
    /// A witness has answered: with these headers, or with a typed error of HTTP.
    void witnessed(const QUrl &asked, const transfer::ResponseHead &head);
    void witnessed(const QUrl &asked, const core::Error &error);
    core::NetworkState state();
    bool isOnline() { return state() == core::NetworkState::Online; }
    /// To be called several times a second: a long pause between two calls was a sleep of the machine, or a
    /// SIGSTOP.
    void beat();
    bool isProbeDue();
    void probeBegan();
    /// Failures that were recorded in the minute before the network was known to be away, or meanwhile. Each
    /// is handed out once.
    QList<ChargedFailure> takeExcused();
    /// Jobs that have got a portal's page for a document before it was recognised, and are not running any
    /// more. Each is handed out once.
    QList<core::JobId> takeDeceived();

private:
    using Kind = core::NetworkOutcome::Kind;
    struct Charge {
        ChargedFailure failure;
        core::BootTime at{};
        QString mark; ///< not empty: the network's only if this proves to be a portal's
    };
    struct Witness {
        QString host;
        QUrl url;
    };
    struct Deceit {
        QString mark;
        core::BootTime at{};
        bool isRunning = true;
        bool isKnown = false; ///< the mark proved to be a portal's
    };
    void noteGap(core::BootTime now);
    void keepWitness(const QString &host, const QUrl &url);
    core::Result<> noteDoubtful(const ledger::JobRecord &job, const QString &mark, core::BootTime now);
    void forgetOld(core::BootTime now);
    bool isNetworks(const Charge &charge) const;
    /// What a change since `before` casts another light on; returns the state now.
    core::NetworkState reconsider(core::NetworkState before, core::BootTime now);
    /// Tells of a change; after the lock is gone.
    void tell(core::NetworkState before, core::NetworkState after);

    const core::Clock &m_clock;
    const Changed m_changed;
    std::mutex m_mutex; ///< of all below
    core::NetworkWatch m_watch;
    core::BootTime m_lastBeat{};
    core::BootTime m_forgotAt{};
    QList<Charge> m_charges;
    QList<Witness> m_witnesses; ///< newest first, a few hosts
    QList<ChargedFailure> m_excused;
    QHash<core::JobId, Deceit> m_doubtful; ///< answers that a portal could have given
    QSet<core::JobId> m_pages;             ///< runs that are receiving a web page
};

} // namespace ingather::engine
