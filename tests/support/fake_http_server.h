// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QMutex>
#include <QPair>
#include <QSet>
#include <QString>
#include <QThread>
#include <QUrl>

#include <functional>
#include <memory>
#include <optional>
#include <variant>

namespace ingather::support
{

using Header = QPair<QByteArray, QByteArray>;
using Headers = QList<Header>;

/// A request as it came over the wire.
struct RecordedRequest {
    int connection = 0; ///< counts from 1 in the order of accepting
    QByteArray method;
    QByteArray target; ///< path and query as sent
    QByteArray path;   ///< the target up to its query
    Headers headers;

    /// Value of the first header of that name, in any case; null if there is none.
    QByteArray header(QByteArrayView name) const;
    bool hasHeader(QByteArrayView name) const { return !header(name).isNull(); }
};

/// What the server does on a connection in answer to one request, step by step. Bytes are sent as they
/// are: nothing is added, completed or corrected. After the last step the connection waits for its next
/// request, unless it was closed.
class Script
{
public:
    struct Send {
        QByteArray bytes;
    };
    struct SendPattern {
        qint64 first = 0;
        qint64 count = 0;
    };
    struct Pause {
        QString gate;
    };
    struct Close {
    };
    struct Reset {
    };
    struct Stall {
    };
    using Step = std::variant<Send, SendPattern, Pause, Close, Reset, Stall>;

    Script() = default;
    explicit Script(QByteArray bytes) { send(std::move(bytes)); }

    /// Status line and headers; the blank line is added, nothing else.
    Script &head(int status, const Headers &headers = {});
    Script &send(QByteArray bytes) { return add(Send{std::move(bytes)}); }
    /// `count` bytes of FakeHttpServer::pattern() from `first` on, made while they are sent.
    Script &sendPattern(qint64 first, qint64 count) { return add(SendPattern{first, count}); }
    /// Waits for FakeHttpServer::release() of that gate.
    Script &pause(const QString &gate) { return add(Pause{gate}); }
    /// Sends what is left, then FIN (over TLS: close_notify first).
    Script &close() { return add(Close{}); }
    /// Sends what is left, then RST.
    Script &reset() { return add(Reset{}); }
    /// Nothing more, until the client goes away.
    Script &stall() { return add(Stall{}); }

    const QList<Step> &steps() const { return m_steps; }

private:
    Script &add(Step step)
    {
        m_steps.append(std::move(step));
        return *this;
    }
    QList<Step> m_steps;
};

/// Answers one request. Called on the server's thread.
using Handler = std::function<Script(const RecordedRequest &)>;

/// A file to be served the way a correct server does.
struct ServedFile {
    QByteArray body;
    QByteArray etag; ///< with quotes
    QByteArray lastModified;
    QByteArray contentType = "application/octet-stream";
    bool acceptsRanges = true;
    Headers headers;                   ///< added to 200 and 206
    std::optional<qint64> patternSize; ///< the body is pattern(0, patternSize) instead
};

/// Certificate chain and key of a server, as PEM files.
struct TlsFiles {
    QString certificate;
    QString key;
};

/// Where a server listens: another loopback address is another host; port 0 is any free one.
struct Endpoint {
    QString address = QStringLiteral("127.0.0.1");
    quint16 port = 0;
};

/// An HTTP/1.1 server on 127.0.0.1 that does exactly what a test tells it to, wrong things above all.
/// It has a thread of its own, so that it serves other processes, blocking clients and tests without an
/// event loop alike. All functions are thread-safe; scripts can be changed while it runs. Unknown paths get
/// a 404. Nothing in it waits for time: a script pauses at a named gate until the test releases it.
class FakeHttpServer final
{
public:
    explicit FakeHttpServer(std::optional<TlsFiles> tls = std::nullopt, const Endpoint &endpoint = {});
    ~FakeHttpServer();
    Q_DISABLE_COPY_MOVE(FakeHttpServer)

    quint16 port() const { return m_port; }
    /// "http(s)://address:port" + path
    QUrl url(const QString &path) const;

    void handle(const QString &path, Handler handler);
    /// The same script for every request.
    void raw(const QString &path, Script script);
    /// GET and HEAD with Range, If-Range, If-None-Match and 416 as RFC 9110 wants them.
    void serve(const QString &path, ServedFile file);
    void serve(const QString &path, const QByteArray &body);
    /// An empty answer with that Location.
    void redirect(const QString &path, int status, const QByteArray &location);
    void status(const QString &path, int status, Headers headers = {}, const QByteArray &body = {});

    /// Opens a gate for good.
    void release(const QString &gate);
    /// How many connections are waiting at a gate now.
    int waitingAt(const QString &gate) const;

    QList<RecordedRequest> requests() const;
    QList<RecordedRequest> requests(const QString &path) const;
    void clearRequests();
    /// Connections accepted so far, and those that are open now.
    int connectionCount() const;
    int openConnections() const;
    /// Bytes that the kernel has taken from us so far, over all connections.
    qint64 bytesWritten() const;

    /// Deterministic bytes without a short period: a shifted or repeated block never looks right.
    static QByteArray pattern(qint64 first, qint64 count);

private:
    friend class FakeHttpListener;
    friend class FakeHttpConnection;
    struct Shared;

    std::shared_ptr<Shared> m_shared;
    QThread m_thread;
    QString m_address;
    quint16 m_port = 0;
    bool m_isTls = false;
    class FakeHttpListener *m_listener = nullptr;
};

} // namespace ingather::support
