// SPDX-License-Identifier: MIT
#include "core/canonical_url.h"

#include <QRandomGenerator>
#include <QTest>
#include <QUrl>

using namespace ingather::core;
using namespace Qt::StringLiterals;

namespace
{

struct Accepted {
    const char *name;
    QString typed;
    QString url;
    QString host;
    QString userInfo = {};
};

struct Refused {
    const char *name;
    QString typed;
    ErrorCode code = ErrorCode::InvalidUrl;
};

const QString pathOfOnes(16 * 1024 - 20, u'1');

const QList<Accepted> accepted{
    {"a canonical URL stays as it is", u"https://example.org/a/b.pdf?x=1&y=2"_s,
     u"https://example.org/a/b.pdf?x=1&y=2"_s, u"example.org"_s},
    {"scheme and host become lower case, the path does not", u"HTTPS://Example.ORG/A/B.pdf"_s,
     u"https://example.org/A/B.pdf"_s, u"example.org"_s},
    {"http stays http", u"http://example.org/a"_s, u"http://example.org/a"_s, u"example.org"_s},
    {"an empty path becomes a slash", u"https://example.org"_s, u"https://example.org/"_s, u"example.org"_s},
    {"an empty path before a query becomes a slash", u"https://example.org?q=1"_s,
     u"https://example.org/?q=1"_s, u"example.org"_s},
    {"an empty path before a fragment becomes a slash", u"https://example.org#top"_s,
     u"https://example.org/"_s, u"example.org"_s},
    {"the fragment is dropped", u"https://example.org/a.pdf#page=3"_s, u"https://example.org/a.pdf"_s,
     u"example.org"_s},
    {"a fragment may hold anything", u"https://example.org/a.pdf#100%/?#@:"_s, u"https://example.org/a.pdf"_s,
     u"example.org"_s},
    {"the order of the query is kept", u"https://example.org/?b=2&a=1&b=1"_s,
     u"https://example.org/?b=2&a=1&b=1"_s, u"example.org"_s},
    {"an empty query is not no query", u"https://example.org/a?"_s, u"https://example.org/a?"_s,
     u"example.org"_s},
    {"a query may hold slashes and question marks", u"https://example.org/a?u=/b/../c?d"_s,
     u"https://example.org/a?u=/b/../c?d"_s, u"example.org"_s},
    {"blanks around are trimmed", u"  \thttps://example.org/a \r\n"_s, u"https://example.org/a"_s,
     u"example.org"_s},
    // ports
    {"the default port of https is dropped", u"https://example.org:443/a"_s, u"https://example.org/a"_s,
     u"example.org"_s},
    {"the default port of http is dropped", u"http://example.org:80/a"_s, u"http://example.org/a"_s,
     u"example.org"_s},
    {"the default port of the other scheme is kept", u"http://example.org:443/a"_s,
     u"http://example.org:443/a"_s, u"example.org"_s},
    {"an empty port is dropped", u"http://example.org:/a"_s, u"http://example.org/a"_s, u"example.org"_s},
    {"leading zeros of a port are dropped", u"http://example.org:0008080/a"_s, u"http://example.org:8080/a"_s,
     u"example.org"_s},
    {"port 0 is a port", u"http://example.org:0/a"_s, u"http://example.org:0/a"_s, u"example.org"_s},
    {"port 65535 is the last", u"http://example.org:65535/a"_s, u"http://example.org:65535/a"_s,
     u"example.org"_s},
    // dot segments
    {"a single dot goes", u"https://example.org/a/./b"_s, u"https://example.org/a/b"_s, u"example.org"_s},
    {"two dots take the segment before them", u"https://example.org/a/b/../c"_s, u"https://example.org/a/c"_s,
     u"example.org"_s},
    {"two dots never climb over the root", u"https://example.org/../../a"_s, u"https://example.org/a"_s,
     u"example.org"_s},
    {"two dots at the end leave a slash", u"https://example.org/a/b/.."_s, u"https://example.org/a/"_s,
     u"example.org"_s},
    {"one dot at the end leaves a slash", u"https://example.org/a/."_s, u"https://example.org/a/"_s,
     u"example.org"_s},
    {"nothing but two dots is the root", u"https://example.org/.."_s, u"https://example.org/"_s,
     u"example.org"_s},
    {"escaped dots are dots", u"https://example.org/a/%2e%2E/b"_s, u"https://example.org/b"_s,
     u"example.org"_s},
    {"three dots are a name", u"https://example.org/a/.../b"_s, u"https://example.org/a/.../b"_s,
     u"example.org"_s},
    {"empty segments are kept", u"https://example.org//a///b//"_s, u"https://example.org//a///b//"_s,
     u"example.org"_s},
    {"two dots take an empty segment like any other", u"https://example.org/a//../b"_s,
     u"https://example.org/a/b"_s, u"example.org"_s},
    {"dots in a query are left alone", u"https://example.org/a?/../b"_s, u"https://example.org/a?/../b"_s,
     u"example.org"_s},
    {"a URL inside a path keeps its two slashes", u"https://web.example/web/2020/https://example.org/a"_s,
     u"https://web.example/web/2020/https://example.org/a"_s, u"web.example"_s},
    // escapes
    {"escapes become upper case", u"https://example.org/%c3%a9%2f"_s, u"https://example.org/%C3%A9%2F"_s,
     u"example.org"_s},
    {"escaped unreserved characters are decoded", u"https://example.org/%41%7a%30%2D%5F%7E?%61=%62"_s,
     u"https://example.org/Az0-_~?a=b"_s, u"example.org"_s},
    {"escaped delimiters stay escaped", u"https://example.org/a%3Fb%23c?x=%26%3D"_s,
     u"https://example.org/a%3Fb%23c?x=%26%3D"_s, u"example.org"_s},
    {"an escaped percent sign is not decoded twice", u"https://example.org/%2541"_s,
     u"https://example.org/%2541"_s, u"example.org"_s},
    {"non-ASCII characters are escaped as UTF-8", u"https://example.org/é?ü=1"_s,
     u"https://example.org/%C3%A9?%C3%BC=1"_s, u"example.org"_s},
    {"characters above the BMP are escaped as UTF-8", u"https://example.org/😀.pdf"_s,
     u"https://example.org/%F0%9F%98%80.pdf"_s, u"example.org"_s},
    {"composed and decomposed letters stay different", u"https://example.org/e\u0301"_s,
     u"https://example.org/e%CC%81"_s, u"example.org"_s},
    {"characters that may not stand in a URL are escaped", u"https://example.org/a\"<>\\^`{|}[]b"_s,
     u"https://example.org/a%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5Db"_s, u"example.org"_s},
    {"sub-delimiters are left alone", u"https://example.org/a!$&'()*+,;=:@b?a!$&'()*+,;=:@b"_s,
     u"https://example.org/a!$&'()*+,;=:@b?a!$&'()*+,;=:@b"_s, u"example.org"_s},
    {"escaped bytes that are not UTF-8 are kept", u"https://example.org/%e9.pdf"_s,
     u"https://example.org/%E9.pdf"_s, u"example.org"_s},
    {"an escaped slash is no separator", u"https://doi.example/10.1000%2fabc%2f..%2fd"_s,
     u"https://doi.example/10.1000%2Fabc%2F..%2Fd"_s, u"doi.example"_s},
    // hosts
    {"an international name becomes ASCII", u"https://MÜNCHEN.example/ä"_s,
     u"https://xn--mnchen-3ya.example/%C3%A4"_s, u"xn--mnchen-3ya.example"_s},
    {"an international name in ASCII form stays", u"https://XN--MNCHEN-3YA.example/"_s,
     u"https://xn--mnchen-3ya.example/"_s, u"xn--mnchen-3ya.example"_s},
    {"an escaped host is decoded first", u"https://m%C3%BCnchen.ex%61mple/"_s,
     u"https://xn--mnchen-3ya.example/"_s, u"xn--mnchen-3ya.example"_s},
    {"full-width letters are letters", u"https://ｅｘａｍｐｌｅ.org/"_s, u"https://example.org/"_s,
     u"example.org"_s},
    {"a host without a dot is fine with a scheme", u"http://intranet/a"_s, u"http://intranet/a"_s,
     u"intranet"_s},
    {"an underscore in a host is allowed", u"https://my_bucket.example.org/a"_s,
     u"https://my_bucket.example.org/a"_s, u"my_bucket.example.org"_s},
    {"a final dot of the host is kept", u"https://example.org./a"_s, u"https://example.org./a"_s,
     u"example.org."_s},
    {"an IPv4 address is a host", u"http://127.0.0.1:8080/a"_s, u"http://127.0.0.1:8080/a"_s, u"127.0.0.1"_s},
    {"an IPv6 address keeps its brackets", u"http://[::1]:8080/a"_s, u"http://[::1]:8080/a"_s, u"[::1]"_s},
    {"an IPv6 address gets its shortest form", u"http://[2001:0DB8:0:0:0:0:0:0001]/"_s,
     u"http://[2001:db8::1]/"_s, u"[2001:db8::1]"_s},
    {"an IPv6 address with the default port", u"https://[2001:db8::1]:443"_s, u"https://[2001:db8::1]/"_s,
     u"[2001:db8::1]"_s},
    {"an IPv6 address may end in an IPv4 one", u"http://[::ffff:192.0.2.1]/"_s,
     u"http://[::ffff:192.0.2.1]/"_s, u"[::ffff:192.0.2.1]"_s},
    // userinfo
    {"userinfo is separated", u"https://user:secret@example.org/a"_s, u"https://example.org/a"_s,
     u"example.org"_s, u"user:secret"_s},
    {"a user without a password", u"https://user@example.org/a"_s, u"https://example.org/a"_s,
     u"example.org"_s, u"user"_s},
    {"empty userinfo is none", u"https://@example.org/a"_s, u"https://example.org/a"_s, u"example.org"_s},
    {"userinfo is percent-encoded", u"https://us er:pä%40s@example.org/a"_s.remove(u' '),
     u"https://example.org/a"_s, u"example.org"_s, u"user:p%C3%A4%40s"_s},
    {"an @ in a password belongs to it", u"https://user:p@ss@example.org/a"_s, u"https://example.org/a"_s,
     u"example.org"_s, u"user:p%40ss"_s},
    {"an @ in the path is no userinfo", u"https://example.org/@user/a"_s, u"https://example.org/@user/a"_s,
     u"example.org"_s},
    {"an @ in the query is no userinfo", u"https://example.org?q=a@b.example"_s,
     u"https://example.org/?q=a@b.example"_s, u"example.org"_s},
    // without a scheme
    {"a host with a dot is https", u"example.org/a.pdf"_s, u"https://example.org/a.pdf"_s, u"example.org"_s},
    {"a host with a dot and a port is https", u"example.org:8443/a"_s, u"https://example.org:8443/a"_s,
     u"example.org"_s},
    {"localhost is https", u"localhost/a"_s, u"https://localhost/a"_s, u"localhost"_s},
    {"localhost with a port is https", u"LocalHost:8080/a"_s, u"https://localhost:8080/a"_s, u"localhost"_s},
    {"an IPv4 address is https", u"192.0.2.7/a"_s, u"https://192.0.2.7/a"_s, u"192.0.2.7"_s},
    {"an IPv6 address is https", u"[2001:db8::7]:8443/a"_s, u"https://[2001:db8::7]:8443/a"_s,
     u"[2001:db8::7]"_s},
    {"two slashes before the host are no part of it", u"//example.org/a"_s, u"https://example.org/a"_s,
     u"example.org"_s},
    {"a colon behind the host is none of a scheme", u"example.org/a:b"_s, u"https://example.org/a:b"_s,
     u"example.org"_s},
    {"a user before the host, without a scheme", u"user@example.org/a"_s, u"https://example.org/a"_s,
     u"example.org"_s, u"user"_s},
    {"a URL in a query makes no scheme", u"example.org?u=http://other.example/"_s,
     u"https://example.org/?u=http://other.example/"_s, u"example.org"_s},
    {"a URL just short enough", u"https://example.org/"_s + pathOfOnes,
     u"https://example.org/"_s + pathOfOnes, u"example.org"_s},
};

const QList<Refused> refusals{
    {"nothing", u""_s},
    {"only blanks", u" \t "_s},
    {"only a scheme", u"https://"_s},
    {"a scheme and a slash", u"https:///a"_s},
    {"a scheme without slashes", u"https:example.org/a"_s},
    {"a scheme with one slash", u"https:/example.org/a"_s},
    {"only a path", u"/home/user/a.pdf"_s},
    {"a word", u"paper"_s},
    {"a word with a port", u"paper:80"_s},
    {"a word with a path", u"papers/a.pdf"_s},
    {"a blank inside", u"https://example.org/a b"_s},
    {"a tab inside", u"https://example.org/a\tb"_s},
    {"a line break inside", u"https://example.org/a\nhttps://example.org/b"_s},
    {"a no-break space inside", u"https://example.org/a\u00A0b"_s},
    {"a NUL inside", u"https://example.org/a"_s + QChar(0) + u"b"_s},
    {"an escape character inside", u"https://example.org/\u001b[31m"_s},
    {"a C1 control character inside", u"https://example.org/a\u0085b"_s},
    {"a lone surrogate", u"https://example.org/"_s + QChar(0xD800)},
    {"a percent sign at the end", u"https://example.org/100%"_s},
    {"a percent sign with one digit", u"https://example.org/%4"_s},
    {"a percent sign before something else", u"https://example.org/%zz"_s},
    {"an invalid percent sign in the query", u"https://example.org/?q=100%"_s},
    {"an invalid percent sign in the host", u"https://ex%zzample.org/"_s},
    {"an invalid percent sign in the userinfo", u"https://user:100%@example.org/"_s},
    {"a port above 65535", u"https://example.org:65536/"_s},
    {"a port beyond every number", u"https://example.org:99999999999999999999/"_s},
    {"a port that is no number", u"https://example.org:http/"_s},
    {"a negative port", u"https://example.org:-1/"_s},
    {"a port with a sign", u"https://example.org:+80/"_s},
    {"a host that is empty before a port", u"https://:8080/"_s},
    {"userinfo without a host", u"https://user:secret@/a"_s},
    {"an empty label", u"https://example..org/"_s},
    {"a host that starts with a dot", u"https://.example.org/"_s},
    {"a host that is a dot", u"https://./"_s},
    {"a label of 64 letters", u"https://"_s + QString(64, u'a') + u".org/"_s},
    {"a host of 254 letters", u"https://"_s + QString(u"abcdefghi."_s).repeated(25) + u"abcd/"_s},
    {"a host with a delimiter", u"https://exa$mple.org/"_s},
    {"a host with an escaped slash", u"https://example.org%2F.evil.example/"_s},
    {"a host with an escaped NUL", u"https://example.org%00.evil.example/"_s},
    {"a host with a backslash", u"https://example.org\\evil.example/"_s},
    {"a host whose escapes are not UTF-8", u"https://ex%FFample.org/"_s},
    {"a punycode label that is not the shortest", u"https://xn--80/"_s},
    {"an IPv4 address out of range", u"http://127.0.0.256/"_s},
    {"an IPv4 address of three numbers", u"http://127.0.1/"_s},
    {"an IPv4 address with leading zeros", u"http://127.0.0.010/"_s},
    {"an IPv4 address in hexadecimal", u"http://0x7f.0.0.1/"_s},
    {"an IPv4 address as one number", u"http://2130706433/"_s},
    {"an IPv4 address that ends in a hexadecimal number", u"http://127.0.0.0x1/"_s},
    {"an IPv6 address that is not closed", u"http://[::1/"_s},
    {"an IPv6 address with too many groups", u"http://[1:2:3:4:5:6:7:8:9]/"_s},
    {"an IPv6 address with two gaps", u"http://[1::2::3]/"_s},
    {"an IPv6 address with a zone", u"http://[fe80::1%25eth0]/"_s},
    {"brackets around a name", u"http://[example.org]/"_s},
    {"brackets around nothing", u"http://[]/"_s},
    {"text behind the brackets", u"http://[::1]x/"_s},
    {"a bare IPv6 address with a path", u"::1/a"_s},
    {"a URL longer than 16 KiB", u"https://example.org/"_s + pathOfOnes + u"1"_s},
    {"a URL that grows beyond 16 KiB when escaped", u"https://example.org/"_s + QString(6000, u'ä')},
    {"another scheme", u"ftp://example.org/a"_s, ErrorCode::UnsupportedScheme},
    {"a file", u"file:///etc/passwd"_s, ErrorCode::UnsupportedScheme},
    {"a mail address", u"mailto:someone@example.org"_s, ErrorCode::UnsupportedScheme},
    {"a script", u"javascript:alert(1)"_s, ErrorCode::UnsupportedScheme},
    {"data", u"data:text/plain,x"_s, ErrorCode::UnsupportedScheme},
    {"a drive letter", u"C:\\papers\\a.pdf"_s, ErrorCode::UnsupportedScheme},
    {"a magnet link", u"magnet:?xt=urn:btih:0"_s, ErrorCode::UnsupportedScheme},
    {"a name and a password without a scheme", u"user:secret@example.org/a"_s, ErrorCode::UnsupportedScheme},
    {"a scheme that only ends like ours", u"xhttp://example.org/"_s, ErrorCode::UnsupportedScheme},
};

} // namespace

class TestCanonicalUrl final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void accepts_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("userInfo");
        for (const Accepted &row : accepted)
            QTest::newRow(row.name) << row.typed << row.url << row.host << row.userInfo;
    }

    void accepts()
    {
        QFETCH(QString, typed);
        const Result<CanonicalUrl> result = canonicalUrl(typed);
        QVERIFY2(result, result ? "" : qPrintable(toLogText(result.error())));
        QTEST(result->url, "url");
        QTEST(result->host, "host");
        QTEST(result->userInfo, "userInfo");

        // The form is a fixed point, and what QUrl sends is what the ledger says.
        const Result<CanonicalUrl> again = canonicalUrl(result->url);
        QVERIFY(again);
        QCOMPARE(again->url, result->url);
        QCOMPARE(QString::fromLatin1(QUrl(result->url, QUrl::StrictMode).toEncoded()), result->url);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<ErrorCode>("code");
        for (const Refused &row : refusals)
            QTest::newRow(row.name) << row.typed << row.code;
    }

    void refuses()
    {
        QFETCH(QString, typed);
        const Result<CanonicalUrl> result = canonicalUrl(typed);
        QVERIFY2(!result, result ? qPrintable(result->url) : "");
        QTEST(result.error().code, "code");
        QVERIFY(!result.error().detail.isEmpty());
        QVERIFY2(!result.error().detail.contains(u"secret"_s), qPrintable(result.error().detail));
        QVERIFY2(!result.error().detail.contains(u"user"_s), qPrintable(result.error().detail));
    }

    /// What is accepted is canonical, can be asked for, and holds no userinfo: for texts that nobody thought
    /// of.
    void holdsForRandomTexts()
    {
        const QStringList parts{
            u"http"_s, u"https"_s, u"://"_s, u":"_s,   u"/"_s,     u"//"_s,  u"."_s,      u".."_s,
            u"/./"_s,  u"/../"_s,  u"%2e"_s, u"%2F"_s, u"%c3"_s,   u"%A9"_s, u"%"_s,      u"?"_s,
            u"#"_s,    u"@"_s,     u"&"_s,   u"="_s,   u"[::1]"_s, u"["_s,   u"]"_s,      u"127.0.0.1"_s,
            u"80"_s,   u"443"_s,   u"a"_s,   u"B"_s,   u"é"_s,     u"ß"_s,   u"😀"_s,      u"example.org"_s,
            u"xn--"_s, u"-"_s,     u"_"_s,   u"~"_s,   u"|"_s,     u"\\"_s,  u"\u3002"_s, u"\u200D"_s};
        QRandomGenerator random(20261123);
        int count = 0;
        for (int i = 0; i < 100'000; ++i) {
            QString text = random.bounded(2) ? u"https://"_s : QString();
            for (int n = random.bounded(1, 9); n > 0; --n)
                text += parts[random.bounded(parts.size())];
            const Result<CanonicalUrl> url = canonicalUrl(text);
            if (!url)
                continue;
            ++count;
            const QUrl sent(url->url, QUrl::StrictMode);
            const Result<CanonicalUrl> again = canonicalUrl(url->url);
            const bool isGood = again && again->url == url->url && again->userInfo.isEmpty() &&
                                QString::fromLatin1(sent.toEncoded()) == url->url && !sent.hasFragment() &&
                                sent.userInfo().isEmpty();
            if (!isGood)
                QFAIL(qPrintable(text + u" -> "_s + url->url + u" -> "_s +
                                 QString::fromLatin1(sent.toEncoded())));
        }
        QVERIFY2(count > 5'000, qPrintable(QString::number(count)));
    }

    void namesTheSchemeItRefuses()
    {
        QVERIFY(canonicalUrl(u"ftp://example.org/"_s).error().detail.contains(u"ftp"_s));
    }
};

QTEST_APPLESS_MAIN(TestCanonicalUrl)
#include "tst_canonical_url.moc"
