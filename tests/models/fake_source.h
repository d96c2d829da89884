// SPDX-License-Identifier: MIT
#pragma once

#include "models/job_source.h"

#include <QPromise>

#include <algorithm>
#include <functional>
#include <memory>

namespace ingather::tests
{

/// A ledger in memory, behind the interface that models and windows use. It answers at once, or,
/// while `isHolding`, when release() is called.
class FakeSource final : public models::JobSource
{
public:
    QList<engine::JobSnapshot> all; ///< in the order added
    QHash<core::JobId, QList<engine::OpSnapshot>> operations;
    QList<engine::ProgressSnapshot> underWay;
    std::function<core::Result<QList<engine::AddAnswer>>(const QList<engine::AddRequest> &)> onAdd;
    std::optional<core::Error> readError;
    qint64 waitingForNetwork = 0;
    QList<engine::VolumeSnapshot> volumes;
    double time = 1'760'000'000.0;
    QString own = QStringLiteral("desk/boot/4026/4711/99/0123456789abcdef");

    QList<QPair<engine::Wish, QList<core::JobId>>> wishes;
    QList<engine::AddRequest> added;
    QList<bool> retryEnded;
    int pagesAsked = 0;
    int changesAsked = 0;
    int opsAsked = 0;
    bool isHolding = false;

    /// A job with the next time stamp.
    engine::JobSnapshot &append(const QString &name, core::JobState state = core::JobState::Planned)
    {
        engine::JobSnapshot job;
        job.id = core::JobId{QStringLiteral("job-%1").arg(all.size(), 7, 10, QLatin1Char('0'))};
        job.fileName = name;
        job.url = QStringLiteral("https://files.example.org/") + name;
        job.sourceUrl = job.url;
        job.host = QStringLiteral("files.example.org");
        job.folder = QStringLiteral("/srv/papers");
        job.state = state;
        job.createdAt = job.updatedAt = {m_stamp += 1};
        if (core::isTerminal(state)) {
            job.finalPath = name;
            job.doneAt = job.updatedAt;
        }
        all.append(job);
        return all.last();
    }
    /// To be called after a job was changed by hand: gives it a new stamp and tells the models.
    void touch(engine::JobSnapshot &job)
    {
        job.updatedAt = {m_stamp += 1};
        Q_EMIT changed();
    }

    void release()
    {
        isHolding = false;
        for (const auto &answer : std::exchange(m_held, {}))
            answer();
    }
    qsizetype heldCount() const { return m_held.size(); }

    QFuture<core::Result<QList<engine::JobSnapshot>>> jobs(const engine::JobQuery &query) override
    {
        ++pagesAsked;
        if (readError)
            return answer(core::Result<QList<engine::JobSnapshot>>(*readError));
        QList<engine::JobSnapshot> page;
        // Newest first, as the models ask.
        qsizetype from = all.size() - 1;
        if (!query.after.isEmpty()) {
            while (from >= 0 && all.at(from).id != query.after)
                --from;
            --from;
        }
        for (; from >= 0 && (query.limit == 0 || page.size() < query.limit); --from)
            page.append(all.at(from));
        return answer(core::Result<QList<engine::JobSnapshot>>(page));
    }
    QFuture<core::Result<QList<engine::JobSnapshot>>> changedSince(core::UnixTime cursor, int limit) override
    {
        ++changesAsked;
        QList<engine::JobSnapshot> jobs;
        for (const engine::JobSnapshot &job : std::as_const(all)) {
            if (job.updatedAt > cursor)
                jobs.append(job);
        }
        std::sort(jobs.begin(), jobs.end(),
                  [](const auto &a, const auto &b) { return a.updatedAt < b.updatedAt; });
        // As the ledger does it: jobs that changed together come together.
        qsizetype end = std::min<qsizetype>(limit, jobs.size());
        while (end > 0 && end < jobs.size() && jobs.at(end).updatedAt == jobs.at(end - 1).updatedAt)
            ++end;
        jobs.resize(end);
        return answer(core::Result<QList<engine::JobSnapshot>>(jobs));
    }
    QFuture<core::Result<QList<engine::OpSnapshot>>> ops(const core::JobId &id) override
    {
        ++opsAsked;
        return answer(core::Result<QList<engine::OpSnapshot>>(operations.value(id)));
    }
    QFuture<core::Result<engine::StatusSnapshot>> status() override
    {
        engine::StatusSnapshot status;
        status.waitingForNetwork = waitingForNetwork;
        status.volumes = volumes;
        for (const engine::JobSnapshot &job : std::as_const(all)) {
            ++status.states[job.state];
            if (!job.hasEnded())
                ++status.unfinished;
            if (!job.leaseOwner.isEmpty())
                ++status.activeLeases;
            if (job.hold != core::Hold::None)
                ++status.held;
            if (job.isFailedForGood())
                ++status.failedForGood;
        }
        return answer(core::Result<engine::StatusSnapshot>(status));
    }
    QFuture<core::Result<QList<engine::AddAnswer>>> add(const QList<engine::AddRequest> &requests,
                                                        bool retry) override
    {
        added.append(requests);
        retryEnded.append(retry);
        if (onAdd)
            return answer(onAdd(requests));
        QList<engine::AddAnswer> answers;
        for (const engine::AddRequest &request : requests) {
            engine::AddAnswer one;
            one.url = request.url;
            one.outcome = engine::AddOutcome::Added;
            one.job = append(request.url.mid(request.url.lastIndexOf(u'/') + 1));
            answers.append(one);
        }
        const auto future = answer(core::Result<QList<engine::AddAnswer>>(answers));
        Q_EMIT changed();
        return future;
    }
    QFuture<core::Result<engine::WishAnswer>> wish(engine::Wish wish,
                                                   const engine::JobSelection &selection) override
    {
        wishes.append({wish, selection.ids});
        engine::WishAnswer made;
        made.changed = selection.ids;
        return answer(core::Result<engine::WishAnswer>(made));
    }
    QList<engine::ProgressSnapshot> progress() const override { return underWay; }
    core::UnixTime now() const override { return {time}; }
    QString ownOwner() const override { return own; }

private:
    template <typename T>
    QFuture<T> answer(T value)
    {
        auto promise = std::make_shared<QPromise<T>>();
        promise->start();
        const QFuture<T> future = promise->future();
        const auto give = [promise, value] {
            promise->addResult(value);
            promise->finish();
        };
        if (isHolding)
            m_held.append(give);
        else
            give();
        return future;
    }

    double m_stamp = 1'759'000'000.0;
    QList<std::function<void()>> m_held;
};

} // namespace ingather::tests
