// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace ingather::e2e
{

/// One finished request as nginx logged it.
struct LoggedRequest {
    QString method;
    QString path; ///< with query, as it was sent
    int status = 0;
    qint64 bodyBytes = 0;
    QString range; ///< value of the Range field; empty if there was none
};

/// Debian's nginx on a free loopback port with its own configuration, files and log in a temporary
/// folder. One process, ended with this object or with the test program, whatever comes first.
///
/// /…            the files of documents()
/// /slow/…       the same files at 2 MiB/s from the beginning, at full speed for a range: there is
///               time to interrupt, and what was interrupted is soon done
class NginxServer final
{
public:
    NginxServer() = default;
    ~NginxServer();
    Q_DISABLE_COPY_MOVE(NginxServer)

    /// False if nginx could not be started; errorText() says why.
    [[nodiscard]] bool start();
    void stop();
    QString errorText() const { return m_errorText; }

    /// Folder of the files that are served.
    QString documents() const;
    /// `path` begins with a slash.
    QString url(const QString &path) const;
    quint16 port() const { return m_port; }

    /// Requests that have ended so far, oldest first.
    QList<LoggedRequest> requests() const;

private:
    bool startOn(quint16 port);
    bool writeConfiguration(quint16 port) const;

    QTemporaryDir m_folder;
    QProcess m_process;
    QString m_errorText;
    quint16 m_port = 0;
};

/// A loopback port on which nobody listens at this moment.
quint16 freePort();

} // namespace ingather::e2e
