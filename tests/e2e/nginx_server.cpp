// SPDX-License-Identifier: MIT
#include "e2e/nginx_server.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <csignal>
#include <sys/prctl.h>

namespace ingather::e2e
{

using namespace Qt::StringLiterals;

namespace
{

// One process without a master: nothing is left behind when it ends, and it never changes its user,
// so that it can read a temporary folder of whoever runs the tests.
constexpr char configurationText[] = R"(
daemon off;
master_process off;
worker_processes 1;
pid @folder@/nginx.pid;
error_log @folder@/error.log warn;
events { worker_connections 1024; }
http {
    log_format plain '$request_method\t$request_uri\t$status\t$body_bytes_sent\t$http_range';
    access_log @folder@/access.log plain;
    client_body_temp_path @folder@/tmp_body;
    proxy_temp_path @folder@/tmp_proxy;
    fastcgi_temp_path @folder@/tmp_fastcgi;
    uwsgi_temp_path @folder@/tmp_uwsgi;
    scgi_temp_path @folder@/tmp_scgi;
    types { text/plain txt; application/pdf pdf; }
    default_type application/octet-stream;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000;
    map $http_range $rate { "" 2m; default 0; }
    server {
        listen 127.0.0.1:@port@;
        root @folder@/documents;
        location /slow/ {
            alias @folder@/documents/;
            limit_rate $rate;
        }
    }
}
)";

QString readAll(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString nginxProgram()
{
    // /usr/sbin is on no ordinary user's PATH.
    const QString found = QStandardPaths::findExecutable(u"nginx"_s);
    return found.isEmpty() ? u"/usr/sbin/nginx"_s : found;
}

bool answers(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, port);
    return socket.waitForConnected(200);
}

} // namespace

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : quint16(0);
}

NginxServer::~NginxServer()
{
    stop();
}

bool NginxServer::start()
{
    if (!m_folder.isValid() || !QDir(m_folder.path()).mkpath(u"documents"_s)) {
        m_errorText = u"no temporary folder: "_s + m_folder.errorString();
        return false;
    }
    // Somebody else may take the port between asking for it and nginx listening on it.
    for (int attempt = 0; attempt < 5; ++attempt) {
        if (startOn(freePort()))
            return true;
    }
    return false;
}

bool NginxServer::startOn(quint16 port)
{
    if (!writeConfiguration(port)) {
        m_errorText = u"cannot write the configuration of nginx"_s;
        return false;
    }
    const QString pidFile = m_folder.filePath(u"nginx.pid"_s);
    QFile::remove(pidFile);
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(nginxProgram(), {u"-p"_s, m_folder.path(), u"-e"_s, m_folder.filePath(u"error.log"_s),
                                     u"-c"_s, m_folder.filePath(u"nginx.conf"_s)});
    // The pid file is written after the port was taken: the answer is ours and not a stranger's.
    const bool isUp = QTest::qWaitFor(
        [&] {
            return m_process.state() == QProcess::NotRunning || (QFile::exists(pidFile) && answers(port));
        },
        10'000);
    if (isUp && m_process.state() == QProcess::Running) {
        m_port = port;
        m_errorText.clear();
        return true;
    }
    m_errorText =
        u"nginx does not run: %1 %2 %3"_s.arg(m_process.errorString(), QString::fromUtf8(m_process.readAll()),
                                              readAll(m_folder.filePath(u"error.log"_s)));
    stop();
    return false;
}

bool NginxServer::writeConfiguration(quint16 port) const
{
    QByteArray text(configurationText);
    text.replace("@folder@", m_folder.path().toUtf8());
    text.replace("@port@", QByteArray::number(port));
    QFile file(m_folder.filePath(u"nginx.conf"_s));
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(text) == text.size();
}

void NginxServer::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(5'000)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

QString NginxServer::documents() const
{
    return m_folder.filePath(u"documents"_s);
}

QString NginxServer::url(const QString &path) const
{
    return u"http://127.0.0.1:%1%2"_s.arg(m_port).arg(path);
}

QList<LoggedRequest> NginxServer::requests() const
{
    QList<LoggedRequest> requests;
    const QStringList lines = readAll(m_folder.filePath(u"access.log"_s)).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        const QStringList fields = line.split(u'\t');
        if (fields.size() != 5)
            continue;
        requests.append({fields[0], fields[1], fields[2].toInt(), fields[3].toLongLong(),
                         fields[4] == u"-"_s ? QString() : fields[4]});
    }
    return requests;
}

} // namespace ingather::e2e
