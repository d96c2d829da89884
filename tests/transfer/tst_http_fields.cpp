// SPDX-License-Identifier: MIT
// Parsers of single header fields, and the mapping of errors: no network.
#include "transfer/http_date.h"
#include "transfer/http_fields.h"
#include "transfer/network_error.h"
#include "transfer/response_rules.h"

#include <QTest>

using namespace ingather;
using namespace ingather::transfer;

class TestHttpFields : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void contentLength_data();
    void contentLength();
    void contentRange_data();
    void contentRange();
    void httpDate_data();
    void httpDate();
    void strongDate_data();
    void strongDate();
    void retryAfter_data();
    void retryAfter();
    void entityTag_data();
    void entityTag();
    void headerSize();
    void networkErrors_data();
    void networkErrors();
    void networkErrorsBehindAProxy();

private:
    const QDateTime m_now = QDateTime(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC);
};

void TestHttpFields::contentLength_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("outcome");
    const auto row = [](const char *name, const char *value, const char *outcome) {
        QTest::newRow(name) << QByteArray(value) << QString::fromLatin1(outcome);
    };
    row("a number", "5", "5");
    row("zero", "0", "0");
    row("leading zeros are legal", "005", "5");
    row("the largest size", "9223372036854775807", "9223372036854775807");
    row("one more than that", "9223372036854775808", "protocol_error");
    row("empty", "", "protocol_error");
    row("a sign is not part of the grammar", "+5", "protocol_error");
    row("negative", "-5", "protocol_error");
    row("hexadecimal", "0x5", "protocol_error");
    row("with a fraction", "5.0", "protocol_error");
    row("the same twice", "5, 5", "5");
    row("different ones", "5, 11", "length_conflict");
    row("different ones that begin alike", "5,55", "length_conflict");
    row("a number and nothing", "5,", "protocol_error");
}

void TestHttpFields::contentLength()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, outcome);
    const auto length = parseContentLength(value);
    QCOMPARE(length ? QString::number(length.value()) : core::errorCodeName(length.error().code), outcome);
}

void TestHttpFields::contentRange_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("outcome");
    const auto row = [](const char *name, const char *value, const char *outcome) {
        QTest::newRow(name) << QByteArray(value) << QString::fromLatin1(outcome);
    };
    row("a range with its total", "bytes 0-499/1234", "0-499/1234");
    row("the last byte", "bytes 1233-1233/1234", "1233-1233/1234");
    row("an unknown total", "bytes 42-1233/*", "42-1233/*");
    row("the unsatisfied form", "bytes */1234", "none/1234");
    row("the unit in capitals", "Bytes 0-4/5", "0-4/5");
    row("space around it", "  bytes   0-4/5 ", "0-4/5");
    row("the unsatisfied form without total", "bytes */*", "refused");
    row("an end before the start", "bytes 5-4/10", "refused");
    row("an end at the total", "bytes 0-5/5", "refused");
    row("no total", "bytes 0-4", "refused");
    row("two totals", "bytes 0-4/5/5", "refused");
    row("a suffix", "bytes -5/10", "refused");
    row("an open end", "bytes 5-/10", "refused");
    row("two ranges", "bytes 0-1,3-4/5", "refused");
    row("two fields joined", "bytes 0-4/5, bytes 0-4/5", "refused");
    row("another unit", "items 0-4/5", "refused");
    row("an equals sign as in requests", "bytes=0-4/5", "refused");
    row("beyond 63 bits", "bytes 0-9223372036854775808/*", "refused");
    row("a length that would overflow", "bytes 0-9223372036854775807/*", "refused");
    row("empty", "", "refused");
}

void TestHttpFields::contentRange()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, outcome);
    const auto field = parseContentRange(value);
    QString text = QStringLiteral("refused");
    if (field) {
        text = field->range ? QStringLiteral("%1-%2").arg(field->range->first).arg(field->range->last)
                            : QStringLiteral("none");
        text += u'/' + (field->total ? QString::number(*field->total) : QStringLiteral("*"));
    }
    QCOMPARE(text, outcome);
}

void TestHttpFields::httpDate_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("outcome");
    const auto row = [](const char *name, const char *text, const char *outcome) {
        QTest::newRow(name) << QByteArray(text) << QString::fromLatin1(outcome);
    };
    row("the preferred form", "Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z");
    row("the RFC 850 form", "Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z");
    row("the asctime form", "Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z");
    row("two digits of a year near", "Sunday, 06-Nov-30 08:49:37 GMT", "2030-11-06T08:49:37Z");
    row("two digits of a year far ahead", "Sunday, 06-Nov-77 08:49:37 GMT", "1977-11-06T08:49:37Z");
    row("a leap second", "Sat, 31 Dec 2016 23:59:60 GMT", "2016-12-31T23:59:59Z");
    row("a day that does not exist", "Sun, 31 Feb 2016 08:49:37 GMT", "");
    row("another zone", "Sun, 06 Nov 1994 08:49:37 CET", "");
    row("no zone", "Sun, 06 Nov 1994 08:49:37", "");
    row("a month in another language", "Sun, 06 Okt 1994 08:49:37 GMT", "");
    row("hour 24", "Sun, 06 Nov 1994 24:00:00 GMT", "");
    row("second 61", "Sun, 06 Nov 1994 08:49:61 GMT", "");
    row("a number", "120", "");
    row("empty", "", "");
}

void TestHttpFields::httpDate()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, outcome);
    const auto date = parseHttpDate(text, m_now);
    QCOMPARE(date ? date->toString(Qt::ISODate) : QString(), outcome);
}

void TestHttpFields::strongDate_data()
{
    QTest::addColumn<QByteArray>("lastModified");
    QTest::addColumn<QByteArray>("date");
    QTest::addColumn<bool>("isStrong");
    const QByteArray modified = "Sun, 06 Nov 1994 08:49:37 GMT";
    QTest::newRow("answered a second later")
        << modified << QByteArray("Sun, 06 Nov 1994 08:49:38 GMT") << true;
    QTest::newRow("answered years later") << modified << QByteArray("Sun, 01 Mar 2026 08:49:38 GMT") << true;
    QTest::newRow("answered in the same second") << modified << modified << false;
    QTest::newRow("answered before it was modified")
        << modified << QByteArray("Sun, 06 Nov 1994 08:49:36 GMT") << false;
    QTest::newRow("in two forms of a date") << modified << QByteArray("Sun Nov  6 08:50:00 1994") << true;
    QTest::newRow("an answer without Date") << modified << QByteArray() << false;
    QTest::newRow("an answer with a Date that is none") << modified << QByteArray("today") << false;
    QTest::newRow("no Last-Modified") << QByteArray() << modified << false;
}

void TestHttpFields::strongDate()
{
    QFETCH(QByteArray, lastModified);
    QFETCH(QByteArray, date);
    QFETCH(bool, isStrong);
    QCOMPARE(isStrongDate(lastModified, date, m_now), isStrong);
    const auto head =
        readHead({200, {{"Last-Modified", lastModified}, {"Date", date}}}, HttpRequest(), QUrl(), m_now);
    QCOMPARE(head.value().isLastModifiedStrong, isStrong);
    QCOMPARE(head.value().date, date);
}

void TestHttpFields::retryAfter_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("date");
    QTest::addColumn<int>("seconds");
    const auto row = [](const char *name, const char *value, const char *date, int seconds) {
        QTest::newRow(name) << QByteArray(value) << QByteArray(date) << seconds;
    };
    constexpr int none = -1;
    row("seconds", "120", "", 120);
    row("none", "0", "", 0);
    row("negative seconds are none", "-30", "", 0);
    row("a day is the most", "86401", "", 86400);
    row("more digits than fit are a day too", "123456789012345678901234567890", "", 86400);
    row("a date counts from the answer's Date", "Sun, 06 Nov 1994 08:51:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT", 120);
    row("without a Date it counts from now", "Sun, 01 Mar 2026 12:01:00 GMT", "", 60);
    row("with a broken Date as well", "Sun, 01 Mar 2026 12:01:00 GMT", "yesterday", 60);
    row("a date that has passed is none", "Sun, 01 Mar 2026 11:00:00 GMT", "", 0);
    row("a date next year is a day", "Mon, 01 Mar 2027 12:00:00 GMT", "", 86400);
    row("absent", "", "", none);
    row("a word", "later", "", none);
    row("two values joined", "5, 10", "", none);
    row("a fraction", "1.5", "", none);
    row("only a minus sign", "-", "", none);
}

void TestHttpFields::retryAfter()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, date);
    QFETCH(int, seconds);
    const auto wait = parseRetryAfter(value, date, m_now);
    QCOMPARE(wait.value_or(std::chrono::seconds(-1)).count(), seconds);
}

void TestHttpFields::entityTag_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("etag");
    QTest::addColumn<bool>("isStrong");
    QTest::newRow("strong") << QByteArray("\"a\"") << QStringLiteral("\"a\"") << true;
    QTest::newRow("trimmed") << QByteArray("  \"a\" ") << QStringLiteral("\"a\"") << true;
    QTest::newRow("weak") << QByteArray("W/\"a\"") << QStringLiteral("W/\"a\"") << false;
    QTest::newRow("without quotes") << QByteArray("a") << QStringLiteral("a") << false;
    QTest::newRow("two joined look strong and are none") << QByteArray("\"a\", \"b\"") << QString() << false;
    QTest::newRow("a lonely quote") << QByteArray("\"") << QString() << false;
    QTest::newRow("empty") << QByteArray("") << QString() << false;
}

void TestHttpFields::entityTag()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, etag);
    QFETCH(bool, isStrong);
    const auto head = readHead({200, {{"Etag", value}}}, HttpRequest(), QUrl(), m_now);
    QCOMPARE(head.value().validators.etag, etag);
    QCOMPARE(head.value().validators.hasStrongEtag(), isStrong);
}

void TestHttpFields::headerSize()
{
    ReceivedFields received{200, {}};
    for (int i = 0; i < mostHeaderFields; ++i)
        received.fields.append(HttpHeader{"X-" + QByteArray::number(i), "1"});
    QVERIFY(checkHeaderSize(received).has_value());
    received.fields.append(HttpHeader{"X", "1"});
    QCOMPARE(checkHeaderSize(received).error().code, core::ErrorCode::ProtocolError);
    const ReceivedFields big{200, {{"X", QByteArray(mostHeaderBytes, 'x')}}};
    QCOMPARE(checkHeaderSize(big).error().code, core::ErrorCode::ProtocolError);
}

void TestHttpFields::networkErrors_data()
{
    QTest::addColumn<QNetworkReply::NetworkError>("native");
    QTest::addColumn<QString>("beforeHeaders");
    QTest::addColumn<QString>("inTheBody");
    const auto row = [](const char *name, QNetworkReply::NetworkError native, const char *before,
                        const char *in) {
        QTest::newRow(name) << native << QString::fromLatin1(before) << QString::fromLatin1(in);
    };
    using Reply = QNetworkReply;
    row("refused", Reply::ConnectionRefusedError, "connection_refused", "connection_refused");
    row("closed", Reply::RemoteHostClosedError, "connection_lost", "connection_lost");
    row("no such host", Reply::HostNotFoundError, "host_not_found", "host_not_found");
    row("the socket timed out", Reply::TimeoutError, "header_timeout", "connection_lost");
    row("no route", Reply::UnknownNetworkError, "network_unreachable", "connection_lost");
    row("the network went", Reply::TemporaryNetworkFailureError, "network_unreachable",
        "network_unreachable");
    row("certificates", Reply::SslHandshakeFailedError, "tls_failed", "tls_failed");
    row("aborted", Reply::OperationCanceledError, "stopped", "stopped");
    row("proxy refuses", Reply::ProxyConnectionRefusedError, "proxy_failed", "proxy_failed");
    row("proxy wants a login", Reply::ProxyAuthenticationRequiredError, "proxy_failed", "proxy_failed");
    row("proxy unknown", Reply::ProxyNotFoundError, "proxy_failed", "proxy_failed");
    row("not understood", Reply::ProtocolFailure, "protocol_error", "protocol_error");
    row("anything else", Reply::UnknownContentError, "protocol_error", "protocol_error");
}

void TestHttpFields::networkErrors()
{
    QFETCH(QNetworkReply::NetworkError, native);
    QFETCH(QString, beforeHeaders);
    QFETCH(QString, inTheBody);
    QCOMPARE(core::errorCodeName(codeOfNetworkError(native, ExchangePhase::Head, Route::Direct)),
             beforeHeaders);
    QCOMPARE(core::errorCodeName(codeOfNetworkError(native, ExchangePhase::Body, Route::Direct)), inTheBody);
}

// Who relays is the one that was not found or refused; through a tunnel it may be the server.
void TestHttpFields::networkErrorsBehindAProxy()
{
    using Reply = QNetworkReply;
    using core::ErrorCode;
    const auto head = [](Reply::NetworkError native, Route route) {
        return codeOfNetworkError(native, ExchangePhase::Head, route);
    };
    QCOMPARE(head(Reply::ConnectionRefusedError, Route::Relayed), ErrorCode::ProxyFailed);
    QCOMPARE(head(Reply::HostNotFoundError, Route::Relayed), ErrorCode::ProxyFailed);
    QCOMPARE(head(Reply::RemoteHostClosedError, Route::Relayed), ErrorCode::ConnectionLost);
    QCOMPARE(head(Reply::ConnectionRefusedError, Route::Socks), ErrorCode::ConnectionRefused);
    QCOMPARE(head(Reply::HostNotFoundError, Route::HttpTunnel), ErrorCode::HostNotFound);
    for (const Route route : {Route::Relayed, Route::HttpTunnel, Route::Socks}) {
        QCOMPARE(head(Reply::UnknownNetworkError, route), ErrorCode::ProxyFailed);
        QCOMPARE(codeOfNetworkError(Reply::UnknownNetworkError, ExchangePhase::Body, route),
                 ErrorCode::ConnectionLost);
    }
}

QTEST_APPLESS_MAIN(TestHttpFields)
#include "tst_http_fields.moc"
