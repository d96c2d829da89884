// SPDX-License-Identifier: MIT
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QStringList>

class QLocalSocket;

namespace ingather::app
{

/// One window a user and ledger. The first program listens on a socket in the user's runtime folder
/// that is named after the ledger; later ones hand it what they were given and end. Only this user may
/// connect. A socket that a crashed program has left behind is recognised and replaced.
class SingleInstance final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SingleInstance)

public:
    /// `runtimeFolder`: private to the user, such as $XDG_RUNTIME_DIR. `ledgerPath`: absolute.
    SingleInstance(const QString &runtimeFolder, const QString &ledgerPath, QObject *parent = nullptr);

    enum class Role {
        First,  ///< this program; handedOver() tells what later ones bring
        Second, ///< another one is running and has taken `urls`
        Alone,  ///< no socket could be made: the program runs, but later ones won't find it
    };
    /// Waits at most about 2 s for the other program's answer.
    Role start(const QStringList &urls);

Q_SIGNALS:
    /// A later program was started with these addresses, possibly none: the window should come forward.
    void handedOver(const QStringList &urls);

private:
    bool handOver(const QStringList &urls) const;
    void serve();
    void take(QLocalSocket *socket);

    QString m_path;
    QLocalServer m_server;
};

} // namespace ingather::app
