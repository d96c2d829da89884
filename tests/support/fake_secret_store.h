// SPDX-License-Identifier: MIT
#pragma once

#include "core/secret_store.h"

#include <QHash>
#include <QMutex>
#include <QString>
#include <QStringList>

#include <condition_variable>
#include <mutex>

namespace ingather::support
{

/// A keyring in memory, which may also be away, or say nothing at all.
class FakeSecretStore final : public core::SecretStore
{
public:
    enum class Mood { Answers, IsAway, IsSilent };

    void setMood(Mood mood)
    {
        const QMutexLocker lock(&m_mutex);
        m_mood = mood;
    }
    void put(const QString &name, const QString &secret)
    {
        const QMutexLocker lock(&m_mutex);
        m_secrets.insert(name, secret);
    }
    QHash<QString, QString> secrets() const
    {
        const QMutexLocker lock(&m_mutex);
        return m_secrets;
    }
    /// The names that were looked for, in order.
    QStringList looks() const
    {
        const QMutexLocker lock(&m_mutex);
        return m_looks;
    }

    core::Result<std::optional<QString>> find(const QString &name,
                                              const core::SecretPatience &patience) override
    {
        {
            const QMutexLocker lock(&m_mutex);
            m_looks.append(name);
        }
        if (const core::Result<> there = answer(patience); !there)
            return there.error();
        const QMutexLocker lock(&m_mutex);
        const auto secret = m_secrets.constFind(name);
        return secret == m_secrets.cend() ? std::optional<QString>() : std::optional(*secret);
    }
    core::Result<> keep(const QString &name, const QString &secret,
                        const core::SecretPatience &patience) override
    {
        if (const core::Result<> there = answer(patience); !there)
            return there;
        put(name, secret);
        return {};
    }
    core::Result<> forget(const QString &name, const core::SecretPatience &patience) override
    {
        if (const core::Result<> there = answer(patience); !there)
            return there;
        const QMutexLocker lock(&m_mutex);
        m_secrets.remove(name);
        return {};
    }

private:
    core::Result<> answer(const core::SecretPatience &patience)
    {
        const Mood mood = [this] {
            const QMutexLocker lock(&m_mutex);
            return m_mood;
        }();
        if (mood == Mood::Answers)
            return {};
        if (mood == Mood::IsSilent) {
            std::mutex mutex;
            std::condition_variable_any never;
            std::unique_lock lock(mutex);
            never.wait_for(lock, patience.stop, patience.limit, [] { return false; });
            if (patience.stop.stop_requested())
                return core::Error{core::ErrorCode::Stopped, QStringLiteral("ask keyring"), 0, {}};
        }
        return core::Error{core::ErrorCode::KeyringUnavailable, QStringLiteral("ask keyring"), 0,
                           QStringLiteral("it is away")};
    }

    mutable QMutex m_mutex;
    Mood m_mood = Mood::Answers;
    QHash<QString, QString> m_secrets;
    QStringList m_looks;
};

} // namespace ingather::support
