// SPDX-License-Identifier: MIT
#include "e2e/web_server.h"

#include "e2e/nginx_server.h"

#include <QFile>
#include <QTcpSocket>
#include <QTest>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace ingather::e2e
{

using namespace Qt::StringLiterals;

namespace
{

constexpr char nginxText[] = R"(
daemon off;
master_process off;
pid @folder@/pid;
error_log @folder@/error.log warn;
events { worker_connections 1024; }
http {
    log_format protocols '$server_protocol $status';
    access_log @folder@/access.log protocols;
    client_body_temp_path @folder@/a;
    proxy_temp_path @folder@/b;
    fastcgi_temp_path @folder@/c;
    uwsgi_temp_path @folder@/d;
    scgi_temp_path @folder@/e;
    default_type application/octet-stream;
    sendfile on;
    server {
        listen 127.0.0.1:@port@;
        listen 127.0.0.1:@tls@ ssl http2;
        ssl_certificate @certificate@;
        ssl_certificate_key @key@;
        root @documents@;
        location = /old { return 301 /big.bin; }
    }
}
)";

// It refuses to serve as root, so root lets it change its user; the documents can be read by all.
constexpr char apacheText[] = R"(
ServerRoot @folder@
ServerName 127.0.0.1
PidFile @folder@/pid
ErrorLog @folder@/error.log
DefaultRuntimeDir @folder@
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
LoadModule socache_shmcb_module /usr/lib/apache2/modules/mod_socache_shmcb.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
StartServers 1
@user@
Listen 127.0.0.1:@port@
Listen 127.0.0.1:@tls@
DocumentRoot @documents@
Redirect 301 /old /big.bin
<VirtualHost 127.0.0.1:@tls@>
    SSLEngine on
    SSLCertificateFile @certificate@
    SSLCertificateKeyFile @key@
    Redirect 301 /old /big.bin
</VirtualHost>
)";

constexpr char lighttpdText[] = R"(
server.modules = ( "mod_redirect", "mod_openssl" )
server.bind = "127.0.0.1"
server.port = @port@
server.document-root = "@documents@"
server.errorlog = "@folder@/error.log"
server.upload-dirs = ( "@folder@" )
url.redirect = ( "^/old$" => "/big.bin" )
$SERVER["socket"] == "127.0.0.1:@tls@" {
    ssl.engine = "enable"
    ssl.pemfile = "@certificate@"
    ssl.privkey = "@key@"
}
)";

constexpr char caddyText[] = R"(
{
    admin off
    auto_https off
    storage file_system @folder@/storage
}
(files) {
    bind 127.0.0.1
    redir /old /big.bin 301
    root * @documents@
    file_server
}
http://127.0.0.1:@port@ {
    import files
}
https://127.0.0.1:@tls@ {
    tls @certificate@ @key@
    import files
}
)";

constexpr char squidText[] = R"(
http_port 127.0.0.1:@port@
http_access allow all
cache deny all
access_log none
cache_store_log none
cache_log /dev/null
pid_filename none
netdb_filename none
pinger_enable off
shutdown_lifetime 0 seconds
)";

bool answers(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, port);
    return socket.waitForConnected(200);
}

} // namespace

ServerKind nginxKind()
{
    return {"nginx",
            "nginx",
            "/usr/sbin/nginx",
            nullptr,
            nullptr,
            nginxText,
            "-p @folder@ -e @folder@/error.log -c @folder@/configuration"};
}

ServerKind apacheKind()
{
    return {"apache2",
            "apache2",
            "/usr/sbin/apache2",
            nullptr,
            nullptr,
            apacheText,
            "-D FOREGROUND -f @folder@/configuration"};
}

ServerKind lighttpdKind()
{
    return {"lighttpd",
            "lighttpd",
            "/usr/sbin/lighttpd",
            "/usr/lib/lighttpd/mod_openssl.so",
            "lighttpd-mod-openssl",
            lighttpdText,
            "-D -f @folder@/configuration"};
}

ServerKind caddyKind()
{
    return {"caddy",
            "caddy",
            "/usr/bin/caddy",
            nullptr,
            nullptr,
            caddyText,
            "run --adapter caddyfile --config @folder@/configuration"};
}

ServerKind squidKind()
{
    return {"squid", "squid", "/usr/sbin/squid", nullptr, nullptr, squidText, "-N -f @folder@/configuration"};
}

ServerKind microsocksKind()
{
    return {"microsocks", "microsocks", "/usr/bin/microsocks",   nullptr,
            nullptr,      "",           "-i 127.0.0.1 -p @port@"};
}

WebServer::~WebServer()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(5'000)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

QString WebServer::missingPackage() const
{
    if (!QFile::exists(QString::fromLatin1(m_kind.program)))
        return QString::fromLatin1(m_kind.package);
    if (m_kind.module && !QFile::exists(QString::fromLatin1(m_kind.module)))
        return QString::fromLatin1(m_kind.modulePackage);
    return {};
}

bool WebServer::start(const QString &documents, const QString &certificate, const QString &key)
{
    m_documents = documents;
    m_certificate = certificate;
    m_key = key;
    QFile::setPermissions(m_folder.path(),
                          QFile::permissions(m_folder.path()) | QFile::ReadOther | QFile::ExeOther);
    // Somebody else may take a port between asking for it and the server listening on it.
    for (int attempt = 0; attempt < 5; ++attempt) {
        if (startOnce())
            return true;
    }
    return false;
}

bool WebServer::startOnce()
{
    m_port = freePort();
    m_tlsPort = freePort();
    QFile file(m_folder.filePath(u"configuration"_s));
    const QByteArray text = filled(m_kind.configuration).toUtf8();
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(text) != text.size()) {
        m_errorText = u"cannot write the configuration"_s;
        return false;
    }
    file.close();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"HOME"_s, m_folder.path());
    environment.insert(u"XDG_DATA_HOME"_s, m_folder.path());
    environment.insert(u"XDG_CONFIG_HOME"_s, m_folder.path());
    m_process.setProcessEnvironment(environment);
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(QString::fromLatin1(m_kind.program), filled(m_kind.arguments).split(u' '));
    // A quick one listens before anybody has seen that it runs.
    const bool hasStarted = m_process.waitForStarted();
    const bool hasTls = !m_certificate.isEmpty();
    const bool isUp = hasStarted && QTest::qWaitFor(
                                        [&] {
                                            return m_process.state() == QProcess::NotRunning ||
                                                   (answers(m_port) && (!hasTls || answers(m_tlsPort)));
                                        },
                                        10'000);
    if (isUp && m_process.state() == QProcess::Running)
        return true;
    m_errorText = u"%1 does not run: %2, exit code %3 of %4: %5"_s
                      .arg(QString::fromLatin1(m_kind.name), m_process.errorString())
                      .arg(m_process.exitCode())
                      .arg(m_process.exitStatus() == QProcess::CrashExit ? u"a crash"_s : u"an end"_s,
                           QString::fromUtf8(m_process.readAll()));
    m_process.kill();
    m_process.waitForFinished();
    return false;
}

QByteArray WebServer::accessLog() const
{
    QFile file(m_folder.filePath(u"access.log"_s));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString WebServer::filled(const char *text) const
{
    QString result = QString::fromLatin1(text);
    const bool isRoot = ::geteuid() == 0;
    result.replace(u"@user@"_s, isRoot ? u"User www-data\nGroup www-data"_s : QString());
    result.replace(u"@folder@"_s, m_folder.path());
    result.replace(u"@documents@"_s, m_documents);
    result.replace(u"@certificate@"_s, m_certificate);
    result.replace(u"@key@"_s, m_key);
    result.replace(u"@port@"_s, QString::number(m_port));
    result.replace(u"@tls@"_s, QString::number(m_tlsPort));
    return result;
}

} // namespace ingather::e2e
