// SPDX-License-Identifier: MIT
#include <QByteArray>
#include <QCommandLineParser>
#include <QCoreApplication>
#include <QCryptographicHash>
#include <QList>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTextStream>

#include <algorithm>
#include <cstdint>
#include <optional>

// A small HTTP server for the demonstration of packaging/quickstart.sh: a handful of files made up on
// the spot, on loopback only. It prints one URL a line and an empty line, then serves until it is
// ended. It knows what the demonstration needs: GET and HEAD, one open range, strong entity tags.

using namespace Qt::StringLiterals;

namespace
{

struct SampleFile {
    QByteArray name;
    QByteArray type;
    QByteArray body;
    QByteArray etag;
};

/// Pseudo-random numbers that are the same in every run, so that a second run meets the same files.
class Noise
{
public:
    explicit Noise(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next()
    {
        m_state ^= m_state << 13;
        m_state ^= m_state >> 7;
        m_state ^= m_state << 17;
        return m_state;
    }

private:
    std::uint64_t m_state;
};

QByteArray measurements(int rows)
{
    Noise noise(2024);
    QByteArray csv("sample,wavelength_nm,absorbance\r\n");
    for (int row = 0; row < rows; ++row) {
        csv += QByteArray::number(row + 1) + ',' + QByteArray::number(380 + row % 400) + ',' +
               QByteArray::number(static_cast<double>(noise.next() % 10'000) / 10'000.0, 'f', 4) + "\r\n";
    }
    return csv;
}

QByteArray recording(qsizetype bytes)
{
    Noise noise(static_cast<std::uint64_t>(bytes));
    QByteArray data;
    data.reserve(bytes + 8);
    while (data.size() < bytes) {
        const std::uint64_t word = noise.next();
        data.append(reinterpret_cast<const char *>(&word), sizeof word);
    }
    data.truncate(bytes);
    return data;
}

QList<SampleFile> sampleFiles()
{
    QList<SampleFile> files{
        {"read-me-first.txt",
         "text/plain; charset=utf-8",
         "These files were made on this machine to show Ingather at work. They mean nothing.\n",
         {}},
        {"absorbance.csv", "text/csv", measurements(40'000), {}},
        {"recording-1.bin", "application/octet-stream", recording(8 * 1024 * 1024), {}},
        {"recording-2.bin", "application/octet-stream", recording(24 * 1024 * 1024), {}},
        {"an%20empty%20file.dat", "application/octet-stream", {}, {}},
    };
    for (SampleFile &file : files)
        file.etag =
            '"' + QCryptographicHash::hash(file.body, QCryptographicHash::Sha256).toHex().left(20) + '"';
    return files;
}

/// "bytes=N-" with N inside the file; anything else is answered with the whole file, as RFC 9110 §14.2
/// allows.
std::optional<qsizetype> rangeStart(const QByteArray &value, qsizetype size)
{
    if (!value.startsWith("bytes=") || !value.endsWith('-'))
        return std::nullopt;
    bool ok = false;
    const qint64 start = value.sliced(6).chopped(1).toLongLong(&ok);
    return ok && start >= 0 && start < size ? std::optional(qsizetype(start)) : std::nullopt;
}

/// Value of a header field of the request, or an empty array.
QByteArray field(const QList<QByteArray> &lines, const QByteArray &name)
{
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.first(colon).compare(name, Qt::CaseInsensitive) == 0)
            return line.sliced(colon + 1).trimmed();
    }
    return {};
}

void answer(QTcpSocket *socket, const QByteArray &request, const QList<SampleFile> &files)
{
    const QList<QByteArray> lines = request.split('\n');
    const QList<QByteArray> words = lines.first().trimmed().split(' ');
    const bool isHead = words.first() == "HEAD";
    if (words.size() != 3 || (!isHead && words.first() != "GET")) {
        socket->write("HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    const auto file = std::find_if(files.begin(), files.end(),
                                   [&](const SampleFile &f) { return words[1] == '/' + f.name; });
    if (file == files.end()) {
        socket->write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    const QByteArray ifRange = field(lines, "If-Range");
    std::optional<qsizetype> start;
    if (ifRange.isEmpty() || ifRange == file->etag)
        start = rangeStart(field(lines, "Range"), file->body.size());
    QByteArray head = start ? "HTTP/1.1 206 Partial Content\r\n" : "HTTP/1.1 200 OK\r\n";
    if (start) {
        head += "Content-Range: bytes " + QByteArray::number(*start) + '-' +
                QByteArray::number(file->body.size() - 1) + '/' + QByteArray::number(file->body.size()) +
                "\r\n";
    }
    head += "Content-Length: " + QByteArray::number(file->body.size() - start.value_or(0)) +
            "\r\nContent-Type: " + file->type + "\r\nETag: " + file->etag +
            "\r\nAccept-Ranges: bytes\r\n\r\n";
    socket->write(head);
    if (!isHead)
        socket->write(file->body.constData() + start.value_or(0), file->body.size() - start.value_or(0));
}

void serve(QTcpSocket *socket, const QList<SampleFile> &files)
{
    constexpr qint64 longestHead = 32 * 1024;
    QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket, &files] {
        for (;;) {
            const qsizetype end = socket->peek(longestHead).indexOf("\r\n\r\n");
            if (end < 0)
                break;
            answer(socket, socket->read(end + 4), files);
        }
        if (socket->bytesAvailable() >= longestHead)
            socket->abort();
    });
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"ingather-sample-server"_s);
    QCommandLineParser parser;
    parser.addHelpOption();
    const QCommandLineOption portOption(u"port"_s, u"Port to use if it is free; any other if not."_s, u"N"_s,
                                        u"0"_s);
    parser.addOption(portOption);
    parser.process(application);

    QTextStream err(stderr);
    bool isNumber = false;
    const quint16 port = parser.value(portOption).toUShort(&isNumber);
    if (!isNumber) {
        err << "--port wants a number from 0 to 65535\n";
        return 2;
    }

    const QList<SampleFile> files = sampleFiles();
    QTcpServer server;
    QObject::connect(&server, &QTcpServer::newConnection, &server, [&server, &files] {
        while (QTcpSocket *socket = server.nextPendingConnection())
            serve(socket, files);
    });
    if (!server.listen(QHostAddress::LocalHost, port) && !server.listen(QHostAddress::LocalHost)) {
        err << "Cannot listen on 127.0.0.1: " << server.errorString() << '\n';
        return 1;
    }

    QTextStream out(stdout);
    for (const SampleFile &file : files)
        out << "http://127.0.0.1:" << server.serverPort() << '/' << file.name << '\n';
    out << Qt::endl;
    return QCoreApplication::exec();
}
