// SPDX-License-Identifier: MIT
#include "core/shareable_url.h"

#include <QTest>

using namespace ingather::core;
using namespace Qt::StringLiterals;

/// What of an address may be read by whoever gets the file.
class TestShareableUrl final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void secretsStayHome_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("shared");
        const auto row = [](const char *what, const QString &url, const QString &shared) {
            QTest::newRow(what) << url << shared;
        };
        const QString plain = u"https://example.org/a/paper.pdf"_s;
        const auto query = [&plain](const QString &text) { return plain + u'?' + text; };
        row("a plain address", plain, plain);
        row("http", u"http://example.org/"_s, u"http://example.org/"_s);
        row("no path", u"https://example.org"_s, u"https://example.org"_s);
        row("a port", u"https://example.org:8443/a"_s, u"https://example.org:8443/a"_s);
        row("an IPv6 address", u"https://[::1]:80/a"_s, u"https://[::1]:80/a"_s);
        row("a fragment", plain + u"#page=2"_s, plain);
        row("userinfo", u"https://me:pw@example.org/a"_s, u"https://example.org/a"_s);
        row("a user alone", u"https://me@example.org/a"_s, u"https://example.org/a"_s);
        row("userinfo with an at sign", u"https://me:p@w@example.org/a"_s, u"https://example.org/a"_s);
        row("an at sign in the path", u"https://example.org/@me/a"_s, u"https://example.org/@me/a"_s);
        row("an at sign in the query", query(u"q=a@b"_s), query(u"q=a@b"_s));
        row("what tells documents apart stays", query(u"id=42&version=3"_s), query(u"id=42&version=3"_s));
        row("a DOI stays", query(u"doi=10.1000/182"_s), query(u"doi=10.1000/182"_s));
        row("a name stays", query(u"file=annual.report.of.2024.pdf"_s),
            query(u"file=annual.report.of.2024.pdf"_s));
        row("a key alone stays", query(u"download"_s), query(u"download"_s));
        row("an empty query stays", query({}), query({}));
        row("a token", query(u"id=1&token=abc"_s), query(u"id=1&token=***"_s));
        row("a token in capitals", query(u"ACCESS_TOKEN=abc&id=1"_s), query(u"ACCESS_TOKEN=***&id=1"_s));
        row("a name that is escaped", query(u"t%6Fken=abc"_s), query(u"t%6Fken=***"_s));
        row("semicolons", query(u"id=1;password=x;v=2"_s), query(u"id=1;password=***;v=2"_s));
        row("an empty token", query(u"token=&id=1"_s), query(u"token=&id=1"_s));
        row("a presigned address",
            query(u"X-Amz-Credential=AK%2F2&X-Amz-Date=20240101T000000Z&X-Amz-Signature=0a"_s),
            query(u"X-Amz-Credential=***&X-Amz-Date=20240101T000000Z&X-Amz-Signature=***"_s));
        row("another presigned address", query(u"se=2024-01-01&sp=r&sig=ab%3D"_s),
            query(u"se=2024-01-01&sp=r&sig=***"_s));
        row("a session", query(u"sid=1&jsessionid=2"_s), query(u"sid=***&jsessionid=***"_s));
        row("a key", query(u"key=1&apiKey=2"_s), query(u"key=***&apiKey=***"_s));
        row("somebody's address", query(u"email=me"_s), query(u"email=***"_s));
        row("a value like a token", query(u"x=3f2b8c9d0a1e4f5b6c7d8e9f"_s), query(u"x=***"_s));
        row("a value like a JSON web token", query(u"x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0"_s),
            query(u"x=***"_s));
        row("a token without a name", query(u"3f2b8c9d0a1e4f5b6c7d8e9f"_s), query(u"***"_s));
        row("long words are no token", query(u"title=internationalisation-of-everything"_s),
            query(u"title=internationalisation-of-everything"_s));
        row("long numbers are no token", query(u"id=12345678901234567890123"_s),
            query(u"id=12345678901234567890123"_s));
        row("a second question mark", query(u"a=1?token=x"_s), query(u"a=1?token=x"_s));
        row("another scheme", u"file:///home/me/secret"_s, {});
        row("no scheme", u"example.org/a"_s, {});
        row("only a scheme", u"https://"_s, {});
        row("only userinfo", u"https://me:pw@"_s, {});
        row("nothing", {}, {});
    }

    void secretsStayHome()
    {
        QFETCH(QString, url);
        const QString shared = shareableUrl(url);
        QTEST(shared, "shared");
        QCOMPARE(shareableUrl(shared), shared);
    }
};

QTEST_APPLESS_MAIN(TestShareableUrl)
#include "tst_shareable_url.moc"
