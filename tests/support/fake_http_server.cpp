// SPDX-License-Identifier: MIT
#include "support/fake_http_server.h"

#include "support/fake_http_connection.h"

#include <QHostAddress>
#include <QMutexLocker>

#include <cstring>

namespace ingather::support
{

namespace
{

struct Bounds {
    qint64 first = 0;
    qint64 last = 0;
};

/// The first range of "bytes=a-b", "a-" or "-n"; nullopt if it is not one, a `first` behind the end if
/// it cannot be satisfied.
std::optional<Bounds> parseRange(const QByteArray &value, qint64 size)
{
    if (!value.startsWith("bytes=") || value.contains(','))
        return std::nullopt;
    const QList<QByteArray> ends = value.mid(6).split('-');
    if (ends.size() != 2)
        return std::nullopt;
    if (ends[0].isEmpty()) {
        const qint64 suffix = ends[1].toLongLong();
        return Bounds{suffix > 0 ? std::max<qint64>(0, size - suffix) : size, size - 1};
    }
    const qint64 last = ends[1].isEmpty() ? size - 1 : std::min(ends[1].toLongLong(), size - 1);
    return Bounds{ends[0].toLongLong(), last};
}

Script answerWithFile(const ServedFile &file, const RecordedRequest &request)
{
    const qint64 size = file.patternSize.value_or(file.body.size());
    Headers headers = file.headers;
    headers.append(Header{"Content-Type", file.contentType});
    if (!file.etag.isEmpty())
        headers.append(Header{"ETag", file.etag});
    if (!file.lastModified.isEmpty())
        headers.append(Header{"Last-Modified", file.lastModified});
    if (file.acceptsRanges)
        headers.append(Header{"Accept-Ranges", "bytes"});

    const bool isHead = request.method == "HEAD";
    if (!file.etag.isEmpty() && request.header("If-None-Match") == file.etag)
        return Script().head(304, headers);

    const QByteArray ifRange = request.header("If-Range");
    const bool isSame = ifRange.isEmpty() || (ifRange == file.etag && !ifRange.startsWith("W/")) ||
                        (ifRange == file.lastModified);
    Bounds bounds{0, size - 1};
    int status = 200;
    if (file.acceptsRanges && !isHead && isSame && request.hasHeader("Range")) {
        if (const auto range = parseRange(request.header("Range"), size)) {
            if (range->first >= size || range->last < range->first) {
                return Script().head(
                    416, {{"Content-Range", "bytes */" + QByteArray::number(size)}, {"Content-Length", "0"}});
            }
            bounds = *range;
            status = 206;
            headers.append(Header{"Content-Range", "bytes " + QByteArray::number(bounds.first) + '-' +
                                                       QByteArray::number(bounds.last) + '/' +
                                                       QByteArray::number(size)});
        }
    }
    const qint64 length = bounds.last - bounds.first + 1;
    headers.append(Header{"Content-Length", QByteArray::number(length)});
    Script script;
    script.head(status, headers);
    if (isHead)
        return script;
    if (file.patternSize)
        return script.sendPattern(bounds.first, length);
    return script.send(file.body.mid(bounds.first, length));
}

QByteArray reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 206:
        return "Partial Content";
    case 302:
        return "Found";
    case 404:
        return "Not Found";
    case 416:
        return "Range Not Satisfiable";
    default:
        return "Status";
    }
}

} // namespace

QByteArray RecordedRequest::header(QByteArrayView name) const
{
    for (const auto &[key, value] : headers) {
        if (QByteArrayView(key).compare(name, Qt::CaseInsensitive) == 0)
            return value.isNull() ? QByteArray("") : value;
    }
    return QByteArray();
}

Script &Script::head(int status, const Headers &headers)
{
    QByteArray text = "HTTP/1.1 " + QByteArray::number(status) + ' ' + reason(status) + "\r\n";
    for (const auto &[name, value] : headers)
        text += name + ": " + value + "\r\n";
    return send(text + "\r\n");
}

FakeHttpServer::FakeHttpServer(std::optional<TlsFiles> tls, const Endpoint &endpoint)
    : m_shared(std::make_shared<Shared>()), m_address(endpoint.address), m_isTls(tls.has_value())
{
    m_thread.setObjectName(QStringLiteral("fake http server"));
    m_listener = new FakeHttpListener(m_shared, std::move(tls));
    if (!m_listener->listen(QHostAddress(endpoint.address), endpoint.port))
        qFatal("the fake server cannot listen: %s", qPrintable(m_listener->errorString()));
    m_port = m_listener->serverPort();
    m_listener->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_listener, &QObject::deleteLater);
    m_thread.start();
}

FakeHttpServer::~FakeHttpServer()
{
    m_thread.quit();
    m_thread.wait();
}

QUrl FakeHttpServer::url(const QString &path) const
{
    return QUrl(QStringLiteral("%1://%2:%3%4")
                    .arg(m_isTls ? QStringLiteral("https") : QStringLiteral("http"), m_address)
                    .arg(m_port)
                    .arg(path));
}

void FakeHttpServer::handle(const QString &path, Handler handler)
{
    const QMutexLocker lock(&m_shared->mutex);
    m_shared->handlers.insert(path.toUtf8(), std::move(handler));
}

void FakeHttpServer::raw(const QString &path, Script script)
{
    handle(path, [script = std::move(script)](const RecordedRequest &) { return script; });
}

void FakeHttpServer::serve(const QString &path, ServedFile file)
{
    handle(path, [file = std::move(file)](const RecordedRequest &request) {
        return answerWithFile(file, request);
    });
}

void FakeHttpServer::serve(const QString &path, const QByteArray &body)
{
    ServedFile file;
    file.body = body;
    serve(path, file);
}

void FakeHttpServer::redirect(const QString &path, int status, const QByteArray &location)
{
    raw(path, Script().head(status, {{"Location", location}, {"Content-Length", "0"}}));
}

void FakeHttpServer::status(const QString &path, int status, Headers headers, const QByteArray &body)
{
    headers.append(Header{"Content-Length", QByteArray::number(body.size())});
    raw(path, Script().head(status, headers).send(body));
}

void FakeHttpServer::release(const QString &gate)
{
    {
        const QMutexLocker lock(&m_shared->mutex);
        m_shared->openGates.insert(gate);
    }
    QMetaObject::invokeMethod(m_listener, &FakeHttpListener::openGates, Qt::QueuedConnection);
}

int FakeHttpServer::waitingAt(const QString &gate) const
{
    const QMutexLocker lock(&m_shared->mutex);
    return m_shared->waiting.value(gate);
}

QList<RecordedRequest> FakeHttpServer::requests() const
{
    const QMutexLocker lock(&m_shared->mutex);
    return m_shared->requests;
}

QList<RecordedRequest> FakeHttpServer::requests(const QString &path) const
{
    QList<RecordedRequest> matching;
    for (const RecordedRequest &request : requests()) {
        if (request.path == path.toUtf8())
            matching.append(request);
    }
    return matching;
}

void FakeHttpServer::clearRequests()
{
    const QMutexLocker lock(&m_shared->mutex);
    m_shared->requests.clear();
}

int FakeHttpServer::connectionCount() const
{
    return m_shared->accepted;
}

int FakeHttpServer::openConnections() const
{
    return m_shared->open;
}

qint64 FakeHttpServer::bytesWritten() const
{
    return m_shared->written;
}

QByteArray FakeHttpServer::pattern(qint64 first, qint64 count)
{
    const qint64 firstWord = first / 8;
    const qint64 words = (first + count + 7) / 8 - firstWord;
    QByteArray bytes(words * 8, Qt::Uninitialized);
    for (qint64 i = 0; i < words; ++i) {
        quint64 word = static_cast<quint64>(firstWord + i + 1) * 0x9E3779B97F4A7C15ULL;
        word ^= word >> 29;
        std::memcpy(bytes.data() + i * 8, &word, sizeof word);
    }
    return bytes.mid(first - firstWord * 8, count);
}

} // namespace ingather::support
