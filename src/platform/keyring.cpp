// SPDX-License-Identifier: MIT
#include "platform/keyring.h"

#include <QMetaObject>
#include <QObject>
#include <QThread>
#include <qt6keychain/keychain.h>

#include <condition_variable>
#include <functional>
#include <mutex>

namespace ingather::platform
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

const QString service = QStringLiteral("ingather");
constexpr std::chrono::milliseconds patienceAtTheEnd{500};

Error unavailable(const QString &why)
{
    return {ErrorCode::KeyringUnavailable, QStringLiteral("ask keyring"), 0, why};
}

QString reasonOf(const QKeychain::Job &job)
{
    switch (job.error()) {
    case QKeychain::NoBackendAvailable:
        return QStringLiteral("there is no keyring service");
    case QKeychain::AccessDeniedByUser:
        return QStringLiteral("it was not unlocked");
    default:
        return job.errorString();
    }
}

using Answer = std::optional<Result<std::optional<QString>>>;

Result<std::optional<QString>> answerOf(const QKeychain::Job &job)
{
    if (job.error() == QKeychain::EntryNotFound)
        return std::optional<QString>();
    if (job.error() != QKeychain::NoError)
        return unavailable(reasonOf(job));
    const auto *reading = qobject_cast<const QKeychain::ReadPasswordJob *>(&job);
    return std::optional<QString>(reading ? reading->textData() : QString());
}

/// What the keyring's thread and those who wait for it share; it lives as long as any of them.
struct Waiting {
    std::mutex mutex;
    std::condition_variable_any answered;
    bool isSilent = false; ///< somebody's patience has ended, and nothing was heard since
};

} // namespace

class Keyring::Private
{
public:
    Result<std::optional<QString>> ask(std::function<QKeychain::Job *()> makeJob,
                                       const core::SecretPatience &patience);
    void start();

    std::shared_ptr<Waiting> waiting = std::make_shared<Waiting>();
    std::mutex startMutex;
    QThread *thread = nullptr;
    QObject *context = nullptr; ///< lives on it
};

void Keyring::Private::start()
{
    const std::lock_guard lock(startMutex);
    if (thread)
        return;
    thread = new QThread;
    thread->setObjectName(QStringLiteral("ingather-keyring"));
    context = new QObject;
    context->moveToThread(thread);
    thread->start();
}

Result<std::optional<QString>> Keyring::Private::ask(std::function<QKeychain::Job *()> makeJob,
                                                     const core::SecretPatience &patience)
{
    start();
    const auto shared = waiting;
    auto answer = std::make_shared<Answer>();
    std::unique_lock lock(shared->mutex);
    if (shared->isSilent)
        return unavailable(QStringLiteral("it has not answered the question before"));
    QMetaObject::invokeMethod(
        context,
        [shared, answer, makeJob = std::move(makeJob)] {
            QKeychain::Job *job = makeJob(); // deletes itself when it has finished
            QObject::connect(job, &QKeychain::Job::finished, job, [shared, answer](QKeychain::Job *done) {
                const std::lock_guard guard(shared->mutex);
                answer->emplace(answerOf(*done));
                shared->isSilent = false;
                shared->answered.notify_all();
            });
            job->start();
        },
        Qt::QueuedConnection);
    const bool hasAnswered = shared->answered.wait_for(lock, patience.stop, patience.limit,
                                                       [&answer] { return answer->has_value(); });
    if (hasAnswered)
        return **answer;
    shared->isSilent = true;
    if (patience.stop.stop_requested())
        return Error{ErrorCode::Stopped, QStringLiteral("ask keyring"), 0, {}};
    return unavailable(QStringLiteral("it does not answer"));
}

Keyring::Keyring() : d(std::make_unique<Private>()) {}

Keyring::~Keyring()
{
    if (!d->thread)
        return;
    d->thread->quit();
    if (!d->thread->wait(QDeadlineTimer(patienceAtTheEnd)))
        return;
    delete d->context;
    delete d->thread;
}

Result<std::optional<QString>> Keyring::find(const QString &name, const core::SecretPatience &patience)
{
    return d->ask(
        [name]() -> QKeychain::Job * {
            auto *job = new QKeychain::ReadPasswordJob(service);
            job->setKey(name);
            return job;
        },
        patience);
}

Result<> Keyring::keep(const QString &name, const QString &secret, const core::SecretPatience &patience)
{
    const auto kept = d->ask(
        [name, secret]() -> QKeychain::Job * {
            auto *job = new QKeychain::WritePasswordJob(service);
            job->setKey(name);
            job->setTextData(secret);
            return job;
        },
        patience);
    return kept ? Result<>() : Result<>(kept.error());
}

Result<> Keyring::forget(const QString &name, const core::SecretPatience &patience)
{
    const auto forgotten = d->ask(
        [name]() -> QKeychain::Job * {
            auto *job = new QKeychain::DeletePasswordJob(service);
            job->setKey(name);
            return job;
        },
        patience);
    return forgotten ? Result<>() : Result<>(forgotten.error());
}

} // namespace ingather::platform
