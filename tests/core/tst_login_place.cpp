// SPDX-License-Identifier: MIT
#include "core/login_place.h"

#include <QTest>

using namespace ingather;
using namespace Qt::StringLiterals;

class TestLoginPlace final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void typed_data();
    void typed();
    void refused_data();
    void refused();
    void urls_data();
    void urls();
};

void TestLoginPlace::typed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("place");
    QTest::newRow("a host is one of https") << u"example.org"_s << u"https://example.org"_s;
    QTest::newRow("a host without a dot, too") << u"intranet"_s << u"https://intranet"_s;
    QTest::newRow("a port") << u"example.org:8443"_s << u"https://example.org:8443"_s;
    QTest::newRow("a port of a host without a dot") << u"intranet:8443"_s << u"https://intranet:8443"_s;
    QTest::newRow("the usual port") << u"https://example.org:443/"_s << u"https://example.org"_s;
    QTest::newRow("http if it is said") << u"http://example.org"_s << u"http://example.org"_s;
    QTest::newRow("port 80 of https") << u"example.org:80"_s << u"https://example.org:80"_s;
    QTest::newRow("a URL is its origin") << u"https://example.org/a/b?c=d"_s << u"https://example.org"_s;
    QTest::newRow("capitals and blanks") << u" EXAMPLE.org "_s << u"https://example.org"_s;
    QTest::newRow("an international name") << u"bücher.example"_s << u"https://xn--bcher-kva.example"_s;
    QTest::newRow("an IPv6 address") << u"[::1]:8443"_s << u"https://[::1]:8443"_s;
}

void TestLoginPlace::typed()
{
    QFETCH(QString, text);
    const auto place = core::loginPlace(text);
    QVERIFY(place);
    QTEST(*place, "place");
}

void TestLoginPlace::refused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<core::ErrorCode>("code");
    QTest::newRow("nothing") << u""_s << core::ErrorCode::InvalidUrl;
    QTest::newRow("another scheme") << u"ftp://example.org"_s << core::ErrorCode::UnsupportedScheme;
    QTest::newRow("a password") << u"https://u:hush@example.org"_s << core::ErrorCode::InvalidUrl;
    QTest::newRow("a user name") << u"u@example.org"_s << core::ErrorCode::InvalidUrl;
    QTest::newRow("a blank inside") << u"example .org"_s << core::ErrorCode::InvalidUrl;
    QTest::newRow("a port that is none") << u"example.org:x"_s << core::ErrorCode::InvalidUrl;
}

void TestLoginPlace::refused()
{
    QFETCH(QString, text);
    const auto place = core::loginPlace(text);
    QVERIFY(!place);
    QTEST(place.error().code, "code");
    QVERIFY2(!place.error().detail.contains(u"hush"_s), qPrintable(place.error().detail));
}

void TestLoginPlace::urls_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::addColumn<QString>("place");
    QTest::newRow("https") << QUrl(u"https://example.org/a"_s) << u"https://example.org"_s;
    QTest::newRow("http") << QUrl(u"http://example.org:80/a"_s) << u"http://example.org"_s;
    QTest::newRow("a port") << QUrl(u"http://example.org:8080/a"_s) << u"http://example.org:8080"_s;
    QTest::newRow("IPv6") << QUrl(u"https://[::1]/a"_s) << u"https://[::1]"_s;
    QTest::newRow("none") << QUrl() << QString();
}

void TestLoginPlace::urls()
{
    QFETCH(QUrl, url);
    QTEST(core::loginPlace(url), "place");
}

QTEST_GUILESS_MAIN(TestLoginPlace)
#include "tst_login_place.moc"
