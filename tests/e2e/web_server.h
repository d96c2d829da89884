// SPDX-License-Identifier: MIT
#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace ingather::e2e
{

/// A program of Debian's that serves files, or stands between.
struct ServerKind {
    const char *name;
    const char *package; ///< for the message where it is missing
    const char *program;
    const char *module; ///< a further file that its TLS needs, of `modulePackage`; or nullptr
    const char *modulePackage;
    const char *configuration; ///< with @folder@, @documents@, @port@, @tls@, @certificate@, @key@
    const char *arguments;     ///< separated by blanks, with the same marks
};

ServerKind nginxKind();
ServerKind apacheKind();
ServerKind lighttpdKind();
ServerKind caddyKind();
ServerKind squidKind();
ServerKind microsocksKind();

/// One of them in the foreground, on free loopback ports, with a configuration in a folder of its own, as
/// whoever runs the test. It ends with this object or with the test program, whatever comes first.
/// Web servers give the files below `documents`, and a redirect from /old to /big.bin; over TLS, too.
class WebServer final
{
public:
    explicit WebServer(const ServerKind &kind) : m_kind(kind) {}
    ~WebServer();
    Q_DISABLE_COPY_MOVE(WebServer)

    /// Empty if everything it needs is installed, else the package to install.
    QString missingPackage() const;
    /// `documents`, `certificate` and `key` are of no use to proxies. False: errorText() says why.
    [[nodiscard]] bool start(const QString &documents = {}, const QString &certificate = {},
                             const QString &key = {});
    QString errorText() const { return m_errorText; }

    /// Of nginx: a line an answer, "HTTP/1.1 200". Others keep none.
    QByteArray accessLog() const;

    quint16 port() const { return m_port; }
    quint16 tlsPort() const { return m_tlsPort; }

private:
    bool startOnce();
    QString filled(const char *text) const;

    ServerKind m_kind;
    QTemporaryDir m_folder;
    QString m_documents;
    QString m_certificate;
    QString m_key;
    QString m_errorText;
    quint16 m_port = 0;
    quint16 m_tlsPort = 0;
    QProcess m_process;
};

} // namespace ingather::e2e
