// SPDX-License-Identifier: MIT
#pragma once

#include "core/secret_store.h"
#include "engine/logins/login_list.h"
#include "transfer/login_source.h"

#include <QHash>
#include <QMutex>
#include <QString>
#include <QStringList>
#include <QThreadPool>

#include <chrono>
#include <stop_token>

namespace ingather::engine
{

/// The logins that downloads find in the keyring. It is asked on a thread of its own, once for each place of
/// the list, and again only after the list was written anew (`login` in another process). A keyring that is
/// locked or away costs the first job of a place its patience and is told in the log once; all go on without.
class KeptLogins final : public transfer::LoginSource
{
public:
    /// `listFile`: Settings::loginList. `store` outlives it.
    KeptLogins(core::SecretStore &store, const QString &listFile,
               std::chrono::milliseconds patience = std::chrono::seconds(10));
    ~KeptLogins() override;

    QFuture<transfer::KeptLogin> loginFor(const QUrl &hop) override;
    /// Answers every open question with none, now and from now on.
    void stop();

private:
    void followList();
    transfer::KeptLogin ask(const QString &place);
    void tellOnce(const core::Error &error);

    core::SecretStore &m_store;
    LoginList m_list;
    std::chrono::milliseconds m_patience;
    std::stop_source m_stop;
    QThreadPool m_thread; ///< one: a keyring asks its person one thing at a time
    QMutex m_mutex;       ///< guards what follows
    QByteArray m_listText;
    QStringList m_places;
    QHash<QString, QFuture<transfer::KeptLogin>> m_asked;
    bool m_hasTold = false;
};

} // namespace ingather::engine
