// SPDX-License-Identifier: MIT
#include "storage/content_gate.h"

#include "support/pdf_samples.h"
#include "scratch_root.h"

#include <QtTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace ingather;
using namespace ingather::storage;
using namespace ingather::tests;
using namespace Qt::StringLiterals;
using core::ErrorCode;

namespace
{

constexpr auto right = ContentVerdict::Right;
constexpr auto unusual = ContentVerdict::Unusual;
constexpr auto truncated = ContentVerdict::Truncated;
constexpr auto blocked = ContentVerdict::BlockedPage;
constexpr auto wrong = ContentVerdict::WrongType;

const QByteArray page = "<!DOCTYPE html>\n<html><head><title>Paper</title></head><body>Hello</body></html>\n";

QByteArray utf16(const QByteArray &text, bool isLittle, bool hasMark)
{
    QByteArray wide = hasMark ? (isLittle ? QByteArray("\xFF\xFE") : QByteArray("\xFE\xFF")) : QByteArray();
    for (const char c : text) {
        const char zero = '\0';
        wide.append(isLittle ? c : zero).append(isLittle ? zero : c);
    }
    return wide;
}

void little(QByteArray &bytes, quint32 value, int width)
{
    for (int i = 0; i < width; ++i)
        bytes += static_cast<char>(value >> (8 * i));
}

/// One stored member.
QByteArray zip(const QByteArray &name, const QByteArray &content, const QByteArray &comment = {},
               int flags = 0)
{
    const auto entry = [&](const QByteArray &signature, bool isCentral) {
        QByteArray bytes = signature;
        if (isCentral)
            little(bytes, 20, 2);
        little(bytes, 20, 2);
        little(bytes, quint32(flags), 2);
        bytes += QByteArray(10, '\0'); // stored; time, date and CRC left out
        little(bytes, quint32(content.size()), 4);
        little(bytes, quint32(content.size()), 4);
        little(bytes, quint32(name.size()), 2);
        bytes += QByteArray(isCentral ? 16 : 2, '\0');
        return bytes + name;
    };
    QByteArray bytes = entry("PK\3\4", false) + content;
    const QByteArray directory = entry("PK\1\2", true);
    const qsizetype at = bytes.size();
    bytes += directory + QByteArray("PK\5\6\0\0\0\0\1\0\1\0", 12);
    little(bytes, quint32(directory.size()), 4);
    little(bytes, quint32(at), 4);
    little(bytes, quint32(comment.size()), 2);
    return bytes + comment;
}

QByteArray tar(const QByteArray &content)
{
    QByteArray header(512, '\0');
    header.replace(0, 9, "paper.pdf").replace(257, 5, "ustar");
    return header + content + QByteArray(1024, '\0');
}

const QByteArray gzip("\x1F\x8B\x08\0\0\0\0\0\0\3\xCB\x48\xCD\xC9\xC9\7\0\x86\xA6\x10\x36\5\0\0\0", 25);
const QByteArray emptyZip = QByteArray("PK\5\6") + QByteArray(18, '\0');
const QByteArray compound = QByteArray("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") + QByteArray(504, '\0');

} // namespace

/// What a file must be, row by row: everything here was seen, or can be, behind a link to a paper.
class TestContentGate final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void judgesPdfs_data();
    void judgesPdfs();
    void judgesPagesInPlaceOfFiles_data();
    void judgesPagesInPlaceOfFiles();
    void judgesOtherTypes_data();
    void judgesOtherTypes();
    void everyCutOfAPdfIsFound_data();
    void everyCutOfAPdfIsFound();
    void everyCutOfAZipIsFound();
    void largeFilesAreReadInBoundedPieces();
    void filesAndDescriptorsAreJudgedAlike();
    void whatIsNoFileIsAnError();
    void refusalsHaveACode_data();
    void refusalsHaveACode();
    void flagsHaveNames();
};

void TestContentGate::judgesPdfs_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<ContentVerdict>("verdict");
    QTest::addColumn<QString>("flags");
    QTest::addColumn<bool>("isEncrypted");
    const auto row = [](const char *what, const QByteArray &content, ContentVerdict verdict,
                        const QString &flags = {}, bool isEncrypted = false) {
        QTest::newRow(what) << content << verdict << flags << isEncrypted;
    };
    const QByteArray plain = plainPdf();
    row("a table and a trailer", plain, right);
    row("a cross-reference stream", streamPdf(), right);
    row("linearised", linearizedPdf(), right);
    row("an update", updatedPdf(plain), right);
    row("two updates", updatedPdf(updatedPdf(plain)), right);
    row("an update of a linearised file", updatedPdf(linearizedPdf()), right);
    row("a stream updated by a table", updatedPdf(streamPdf()), right);
    row("encrypted", plainPdf(encryption), right, {}, true);
    row("encrypted, with a cross-reference stream", streamPdf(encryption), right, {}, true);
    row("encrypted, linearised: only the first trailer says so", linearizedPdf(encryption), right, {}, true);
    row("encrypted by reference", plainPdf("/Encrypt 6 0 R"), right, {}, true);
    row("an update of an encrypted file", updatedPdf(plainPdf(encryption), encryption), right, {}, true);
    row("a key that only starts like /Encrypt", plainPdf("/EncryptMetadata true"), right);
    row("/Encrypt in a string", plainPdf("/Info (\\) /Encrypt)"), right);
    row("/Encrypt in an inner dictionary", plainPdf("/Info << /Encrypt 1 >>"), right);
    row("/Encrypt on the page", plainPdf({}, "(trailer << /Encrypt >>)"), right);
    row("a page about HTML", plainPdf({}, "(<!DOCTYPE html><html><body>login</body></html>)"), right);
    row("no line break at the end", plain.chopped(1), right);
    row("DOS line breaks at the end", plain.chopped(1) + "\r\n\r\n", right);
    row("NUL bytes at the end", plain + QByteArray(3000, '\0'), right);
    row("more than 64 KiB of blanks at the end", plain + QByteArray(200'000, ' '), right);
    row("white space before", "\r\n" + plain, unusual, u"odd_start"_s);
    row("a byte-order mark before", "\xEF\xBB\xBF" + plain, unusual, u"odd_start"_s);
    row("junk before, offsets from the header", QByteArray(900, 'x') + plain, unusual, u"odd_start"_s);
    row("a mail's header before", "Content-Type: application/pdf\r\n\r\n" + plain, unusual, u"odd_start"_s);
    row("a header after 1024 bytes is none", QByteArray(1024, 'x') + plainPdf({}, "text"), wrong);
    row("warnings of a program before", "<br />\n<b>Warning</b>: cannot modify header<br />\n" + plain,
        unusual, u"odd_start"_s);
    row("a page with a whole PDF in it", "<html><body><pre>" + plain + "</pre></body></html>", blocked);
    row("a page that quotes a PDF's first line", "<html><body>%PDF-1.4 is a header</body></html>", blocked);
    row("XML that quotes a PDF's first line", "<?xml version=\"1.0\"?><a>%PDF-1.4</a>", wrong);
    row("junk after", plain + "<!-- served in 3 ms -->", unusual, u"bytes_after_end"_s);
    row("a page after", plain + page, unusual, u"bytes_after_end"_s);
    row("100 KiB of junk after", plain + QByteArray(100'000, 'x'), unusual, u"bytes_after_end"_s);
    row("2 MiB of junk after", plain + QByteArray(2'000'000, 'x'), truncated);
    row("junk before and after", "xx" + plain + "xx", unusual, u"odd_start bytes_after_end"_s);
    row("a startxref that leads nowhere", QByteArray(plain).replace("startxref\n", "startxref\n9"), unusual,
        u"index_misplaced"_s);
    row("a startxref without a number", plain.left(plain.lastIndexOf("startxref") + 10) + "%%EOF\n", unusual,
        u"index_misplaced"_s);
    row("bytes missing in the middle", plainPdf({}, QByteArray(4000, 'x')).remove(1000, 1000), unusual,
        u"index_misplaced"_s);
    row("linearised with another length", linearizedPdf({}, 9'999'999), unusual, u"length_differs"_s);
    row("no end mark", plain.left(plain.lastIndexOf("%%EOF")), truncated);
    row("half an end mark", plain.left(plain.lastIndexOf("%%EOF") + 3), truncated);
    row("no startxref", QByteArray(plain).replace("startxref", "xxxxxxxxx"), truncated);
    row("linearised, cut behind the first page's table",
        linearizedPdf().left(linearizedPdf().indexOf("%%EOF") + 6), truncated);
    row("an update that was cut", updatedPdf(plain).chopped(60), truncated);
    row("an update that was cut at its start", plain + "5 0 o", truncated);
    row("an update that was cut in its table", plain + "xre", truncated);
    row("the end filled with zeros", plain.left(plain.size() / 2) + QByteArray(70'000, '\0'), truncated);
    row("only the header", "%PDF-1.4\n", truncated);
    row("half a header", "%PD", truncated);
    row("nothing", {}, truncated);
    row("JSON", "{\"error\": \"not found\"}", wrong);
    row("JSON that quotes a PDF", "{\"data\": \"%PDF-1.4 %%EOF\"}", wrong);
    row("XML of an error", "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", wrong);
    row("text of an error", "Rate limit exceeded\n", wrong);
    row("a picture", QByteArray("\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16), wrong);
    row("PostScript", "%!PS-Adobe-3.0\n%%EOF\n", wrong);
    row("a PDF in gzip", gzip, wrong);
    row("a PDF stored in a zip", zip("paper.pdf", plain), wrong);
    row("a PDF in a tar", tar(plain), wrong);
    row("a PDF that holds the mark of a tar", plainPdf({}, QByteArray(400, 'x')).replace(257, 5, "ustar"),
        right);
    row("the first line of a PDF in UTF-16", utf16("%PDF-1.7 startxref 5 %%EOF", true, true), wrong);
    row("zeros", QByteArray(5000, '\0'), wrong);
    row("a text that speaks of %%EOF and startxref", "startxref 5 %%EOF", wrong);
}

void TestContentGate::judgesPdfs()
{
    QFETCH(QByteArray, content);
    const ContentReport report = judgeBytes(content, ExpectedContent::Pdf);
    QTEST(report.verdict, "verdict");
    QTEST(contentFlagNames(report.flags).join(u' '), "flags");
    QTEST(report.isEncrypted, "isEncrypted");
    QCOMPARE(report.reason.isEmpty(), report.verdict == right);
    if (report.verdict == right || report.verdict == unusual)
        QCOMPARE(report.found, ContentType::Pdf);
}

void TestContentGate::judgesPagesInPlaceOfFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("reason");
    const QString other = u"a web page"_s;
    const auto row = [](const char *what, const QByteArray &content, const QString &reason) {
        QTest::newRow(what) << content << reason;
    };
    row("HTML", page, other);
    row("without a document type", "<html><body>x</body></html>", other);
    row("in capitals", "<HTML><BODY>x</BODY></HTML>", other);
    row("an old document type", "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"\n \"x\">\n<html>",
        other);
    row("behind white space", " \r\n\t\n" + page, other);
    row("behind a byte-order mark", "\xEF\xBB\xBF" + page, other);
    row("behind a byte-order mark and white space", "\xEF\xBB\xBF\n\n" + page, other);
    row("behind comments", "<!-- a --><!-- b > c -->\n" + page, other);
    row("behind a comment that does not end", "<!-- " + QByteArray(20'000, 'x'), other);
    row("XHTML with an XML prolog",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"x\" \"y\">\n<html "
        "xmlns=\"http://www.w3.org/1999/xhtml\">",
        other);
    row("XHTML without a document type", "<?xml version='1.0'?><html xmlns='x'><body/></html>", other);
    row("UTF-16, little-endian", utf16(page, true, true), other);
    row("UTF-16, big-endian", utf16(page, false, true), other);
    row("UTF-16 without a mark, little-endian", utf16(page, true, false), other);
    row("UTF-16 without a mark, big-endian", utf16(page, false, false), other);
    row("UTF-32", QByteArray("\xFF\xFE\0\0<\0\0\0h\0\0\0t\0\0\0m\0\0\0l\0\0\0>\0\0\0", 28), other);
    row("only a script", "<script>location.href='/login'</script>", other);
    row("only a refresh", "<meta http-equiv=\"refresh\" content=\"0;url=/\">", other);
    row("a frame set", "<frameset><frame src=\"a\"></frameset>", other);
    row("a heading", "<h1>Service Unavailable</h1>", other);
    row("text before the page", "Notice: undefined index\n" + page, other);
    row("a page cut short", page.left(40), other);
    row("a challenge",
        "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
        "<script src=\"/cdn-cgi/challenge-platform/h/b\"></script></body></html>",
        u"a test for robots"_s);
    row("a captcha", "<html><body><div class=\"g-recaptcha\"></div></body></html>", u"a test for robots"_s);
    row("a browser check", "<html><body>Checking your browser before accessing</body></html>",
        u"a test for robots"_s);
    row("a challenge in UTF-16", utf16("<html><body>CAPTCHA</body></html>", true, true),
        u"a test for robots"_s);
    row("a login", "<html><form><input type=\"password\" name=\"p\"></form></html>", u"a login page"_s);
    row("a login that posts itself", "<html><form><input name=\"SAMLRequest\" value=\"x\"></form></html>",
        u"a login page"_s);
    row("a login by its title", "<html><title>Sign in - Library</title></html>", u"a login page"_s);
    row("not found", "<html><head><title>404 Not Found</title></head></html>",
        u"a page that says not found"_s);
    row("gone", "<html><body>This item is no longer available.</body></html>",
        u"a page that says not found"_s);
    row("access denied", "<html><body><h1>Access Denied</h1></body></html>", u"a page that refuses access"_s);
    row("a paywall", "<html><body>Purchase this article</body></html>", u"a page that refuses access"_s);
}

void TestContentGate::judgesPagesInPlaceOfFiles()
{
    QFETCH(QByteArray, content);
    for (const auto expected : {ExpectedContent::Pdf, ExpectedContent::Binary, ExpectedContent::Gzip,
                                ExpectedContent::Zip, ExpectedContent::Json}) {
        const ContentReport report = judgeBytes(content, expected);
        QCOMPARE(report.verdict, blocked);
        QCOMPARE(report.found, ContentType::Html);
        QTEST(report.reason, "reason");
    }
    QCOMPARE(judgeBytes(content, ExpectedContent::Anything).verdict, right);
}

void TestContentGate::judgesOtherTypes_data()
{
    QTest::addColumn<ExpectedContent>("expected");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<ContentVerdict>("verdict");
    QTest::addColumn<QString>("notes"); // found type, flags, encrypted
    const auto row = [](const char *what, ExpectedContent expected, const QByteArray &content,
                        ContentVerdict verdict, const QString &notes) {
        QTest::newRow(what) << expected << content << verdict << notes;
    };
    using enum ExpectedContent;
    row("gzip", Gzip, gzip, right, u"gzip"_s);
    row("gzip without its end", Gzip, gzip.left(12), truncated, u"gzip"_s);
    row("half a signature of gzip", Gzip, gzip.left(2), truncated, u"binary"_s);
    row("gzip: empty", Gzip, {}, truncated, u"empty"_s);
    row("gzip: a zip", Gzip, zip("a", "b"), wrong, u"zip"_s);
    row("gzip: text", Gzip, "a,b\n1,2\n", wrong, u"text"_s);
    row("gzip: an unknown method", Gzip, QByteArray("\x1F\x8B\x07") + QByteArray(40, 'x'), wrong,
        u"binary"_s);

    row("zip", Zip, zip("a.txt", "hello"), right, u"zip"_s);
    row("zip with a comment", Zip, zip("a.txt", "hello", "made by hand"), right, u"zip"_s);
    row("zip with the longest comment", Zip, zip("a.txt", "hello", QByteArray(65'535, 'c')), right, u"zip"_s);
    row("zip with a comment like an end", Zip, zip("a.txt", "hello", "PK\5\6" + QByteArray(30, '\xFF')),
        right, u"zip"_s);
    row("zip without members", Zip, emptyZip, right, u"zip"_s);
    row("zip with a password", Zip, zip("a.txt", "hello", {}, 1), right, u"zip encrypted"_s);
    row("zip with junk after", Zip, zip("a.txt", "hello") + "junk", unusual, u"zip bytes_after_end"_s);
    row("zip that unpacks itself", Zip, QByteArray("MZ\x90\0", 4) + zip("a", "b"), unusual,
        u"zip odd_start"_s);
    row("zip with bytes missing in the middle", Zip, zip("a.txt", QByteArray(500, 'x')).remove(100, 50),
        truncated, u"zip"_s);
    row("zip without its directory", Zip, zip("a.txt", "hello").left(30), truncated, u"zip"_s);
    row("zip: empty", Zip, {}, truncated, u"empty"_s);
    row("zip: one byte", Zip, "P", truncated, u"text"_s);
    row("zip: an office file with a password", Zip, compound, unusual,
        u"compound other_container encrypted"_s);
    row("zip: something binary", Zip, QByteArray("\x89PNG\r\n\x1A\n\0", 9), wrong, u"binary"_s);
    row("zip: JSON", Zip, "{\"error\":1}", wrong, u"json"_s);

    row("XML", Xml, "<?xml version=\"1.0\"?>\n<doc><b/></doc>\n", right, u"xml"_s);
    row("XML without a prolog", Xml, "<article>text</article>", right, u"xml"_s);
    row("XML behind a byte-order mark", Xml, "\xEF\xBB\xBF<?xml version=\"1.0\"?><doc></doc>", right,
        u"xml"_s);
    row("XML behind white space", Xml, "\n <doc></doc>", right, u"xml"_s);
    row("XML in UTF-16", Xml, utf16("<?xml version=\"1.0\"?><doc>b</doc>", true, true), right, u"xml"_s);
    row("XML in UTF-16, long", Xml, utf16("<doc>" + QByteArray(50'001, 'x') + "</doc>", false, true), right,
        u"xml"_s);
    row("XML in UTF-16, cut", Xml, utf16("<doc>" + QByteArray(50'001, 'x') + "</", false, true), truncated,
        u"xml"_s);
    row("XML of one element", Xml, "<?xml version=\"1.0\"?><doc b=\"c\" />", right, u"xml"_s);
    row("XML with a comment at the end", Xml, "<doc></doc><!-- x -->\n<?y z?>", right, u"xml"_s);
    row("XML with elements of a page", Xml, "<?xml version=\"1.0\"?><title>x</title>", right, u"xml"_s);
    row("XML with a document type of its own", Xml, "<!DOCTYPE doc [<!ENTITY b \"c>\">]>\n<doc></doc>", right,
        u"xml"_s);
    row("XML with a prefix", Xml, "<oai:record xmlns:oai=\"x\"></oai:record >", right, u"xml"_s);
    row("XML that was cut", Xml, "<?xml version=\"1.0\"?><doc><b></b>", truncated, u"xml"_s);
    row("XML that was cut in an end tag", Xml, "<doc><b></b></doc", truncated, u"xml"_s);
    row("XML with text after", Xml, "<doc></doc>\nFatal error: memory", unusual, u"xml bytes_after_end"_s);
    row("XML: XHTML", Xml, "<?xml version=\"1.0\"?><html xmlns=\"x\"><body/></html>", unusual,
        u"html page_as_data"_s);
    row("XML: XHTML that is a login", Xml, "<?xml version=\"1.0\"?><html><input type=\"password\"/></html>",
        blocked, u"html"_s);
    row("XML: a page", Xml, page, blocked, u"html"_s);
    row("XML: JSON", Xml, "[1]", wrong, u"json"_s);
    row("XML: empty", Xml, {}, truncated, u"empty"_s);

    row("JSON", Json, "{\"a\": [1, 2]}\n", right, u"json"_s);
    row("a JSON array", Json, " [ {\"a\": 1} ] ", right, u"json"_s);
    row("JSON lines", Json, "{\"a\":1}\n{\"a\":2}\n", right, u"json"_s);
    row("an empty JSON object", Json, "{}", right, u"json"_s);
    row("a JSON number", Json, "42\n", right, u"json"_s);
    row("a JSON word", Json, "null", right, u"json"_s);
    row("JSON behind a byte-order mark", Json, "\xEF\xBB\xBF{\"a\":1}", right, u"json"_s);
    row("JSON that was cut", Json, "{\"a\": [1, 2]", truncated, u"json"_s);
    row("JSON that was cut after a bracket", Json, "[{\"a\": 1}", truncated, u"json"_s);
    row("JSON: text", Json, "not available", wrong, u"text"_s);
    row("JSON: white space", Json, " \n", wrong, u"text"_s);
    row("JSON: XML", Json, "<?xml version=\"1.0\"?><a/>", wrong, u"xml"_s);
    row("JSON: empty", Json, {}, truncated, u"empty"_s);

    row("a picture", Binary, QByteArray("\x89PNG\r\n\x1A\n\0", 9), right, u"binary"_s);
    row("a tar with a PDF in front", Binary, tar(plainPdf()), right, u"binary"_s);
    row("a page within binary data", Binary, QByteArray("\0\1\2", 3) + page, right, u"binary"_s);
    row("an empty picture", Binary, {}, unusual, u"empty no_content"_s);

    row("anything: empty", Anything, {}, right, u"empty"_s);
    row("anything: text", Anything, "hello", right, u"text"_s);
    row("anything: binary", Anything, QByteArray(100, '\0'), right, u"binary"_s);
    row("anything: a PDF", Anything, plainPdf(encryption), right, u"pdf encrypted"_s);
    row("anything: a PDF that was cut", Anything, plainPdf().left(300), unusual, u"pdf incomplete"_s);
    row("anything: a zip that was cut", Anything, zip("a", "b").left(20), unusual, u"zip incomplete"_s);
    row("anything: a tar with a PDF in front", Anything, tar(plainPdf()), right, u"binary"_s);
    row("anything: RTF", Anything, "{\\rtf1 x}", right, u"text"_s);
}

void TestContentGate::judgesOtherTypes()
{
    QFETCH(ExpectedContent, expected);
    QFETCH(QByteArray, content);
    const ContentReport report = judgeBytes(content, expected);
    QTEST(report.verdict, "verdict");
    QStringList notes{contentTypeName(report.found)};
    notes += contentFlagNames(report.flags);
    if (report.isEncrypted)
        notes += u"encrypted"_s;
    QTEST(notes.join(u' '), "notes");
    QCOMPARE(report.reason.isEmpty(), report.verdict == right);
}

void TestContentGate::everyCutOfAPdfIsFound_data()
{
    QTest::addColumn<QByteArray>("whole");
    QTest::addColumn<qsizetype>("olderSize"); // a cut there leaves a whole older revision
    const QByteArray none;
    QTest::newRow("a table") << plainPdf() << qsizetype(0);
    QTest::newRow("a cross-reference stream") << streamPdf() << qsizetype(0);
    QTest::newRow("linearised") << linearizedPdf() << qsizetype(0);
    QTest::newRow("encrypted") << plainPdf(encryption) << qsizetype(0);
    QTest::newRow("an update") << updatedPdf(plainPdf()) << plainPdf().size();
    QTest::newRow("a large one") << plainPdf({}, testBytes(300'000)) << qsizetype(0);
}

void TestContentGate::everyCutOfAPdfIsFound()
{
    QFETCH(QByteArray, whole);
    QFETCH(qsizetype, olderSize);
    QCOMPARE(judgeBytes(whole, ExpectedContent::Pdf).verdict, right);
    const qsizetype step = whole.size() > 10'000 ? whole.size() / 10 : 1;
    int cuts = 0;
    for (qsizetype length = 0; length < whole.size() - 1; length += step) {
        if (olderSize > 0 && (length == olderSize || length == olderSize - 1))
            continue;
        const ContentReport report = judgeBytes(whole.left(length), ExpectedContent::Pdf);
        if (report.verdict != truncated)
            QFAIL(qPrintable(u"%1 of %2 bytes: %3"_s.arg(length).arg(whole.size()).arg(int(report.verdict))));
        ++cuts;
    }
    QVERIFY(cuts >= 10);
}

void TestContentGate::everyCutOfAZipIsFound()
{
    const QByteArray whole = zip("paper.pdf", testBytes(2000), "comment");
    for (qsizetype length = 0; length < whole.size(); ++length) {
        const ContentReport report = judgeBytes(whole.left(length), ExpectedContent::Zip);
        QVERIFY2(report.verdict == truncated, QByteArray::number(length));
    }
}

void TestContentGate::largeFilesAreReadInBoundedPieces()
{
    // A hole takes no room; whoever reads it as a whole takes minutes and gigabytes.
    const ScratchRoot root;
    const QString path = root.at(u"large.pdf"_s);
    root.write(u"large.pdf"_s, plainPdf());
    const qint64 gibibytes = 64;
    QCOMPARE(::truncate(QFile::encodeName(path).constData(), gibibytes << 30), 0);
    QElapsedTimer timer;
    timer.start();
    const core::Result<ContentReport> cut = judgeFile(path, ExpectedContent::Pdf);
    QVERIFY(cut.has_value());
    QCOMPARE(cut->verdict, truncated);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(file.size()));
    file.write("startxref\n9\n%%EOF\n");
    file.close();
    const core::Result<ContentReport> whole = judgeFile(path, ExpectedContent::Pdf);
    QVERIFY(whole.has_value());
    QCOMPARE(whole->verdict, unusual);
    QVERIFY2(timer.elapsed() < 2000, QByteArray::number(timer.elapsed()));
}

void TestContentGate::filesAndDescriptorsAreJudgedAlike()
{
    const ScratchRoot root;
    const QString path = root.at(u"paper.pdf"_s);
    root.write(u"paper.pdf"_s, plainPdf(encryption));
    const core::Result<ContentReport> byPath = judgeFile(path, ExpectedContent::Pdf);
    QVERIFY(byPath.has_value());
    QCOMPARE(byPath->verdict, right);
    QVERIFY(byPath->isEncrypted);
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    QCOMPARE(::lseek(descriptor, 7, SEEK_SET), 7);
    const core::Result<ContentReport> byDescriptor = judgeDescriptor(descriptor, ExpectedContent::Pdf);
    QVERIFY(byDescriptor.has_value());
    QCOMPARE(byDescriptor->verdict, right);
    QCOMPARE(::lseek(descriptor, 0, SEEK_CUR), 7);
    ::close(descriptor);
}

void TestContentGate::whatIsNoFileIsAnError()
{
    const ScratchRoot root;
    QCOMPARE(judgeFile(root.at(u"missing"_s), ExpectedContent::Pdf).error().code, ErrorCode::FileMissing);
    QCOMPARE(judgeFile(root.path(), ExpectedContent::Pdf).error().code, ErrorCode::FileError);
    QVERIFY(!judgeDescriptor(-1, ExpectedContent::Pdf).has_value());
}

void TestContentGate::refusalsHaveACode_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("code");
    QTest::newRow("a right file is not refused") << plainPdf() << QString();
    QTest::newRow("an unusual file is not refused") << plainPdf() + "x" << QString();
    QTest::newRow("a cut file") << plainPdf().left(400) << u"content_truncated"_s;
    QTest::newRow("a page") << page << u"blocked_page"_s;
    QTest::newRow("another type") << gzip << u"wrong_content"_s;
}

void TestContentGate::refusalsHaveACode()
{
    QFETCH(QByteArray, content);
    const ContentReport report = judgeBytes(content, ExpectedContent::Pdf);
    const std::optional<core::Error> refusal = refusalOf(report);
    QTEST(refusal ? core::errorCodeName(refusal->code) : QString(), "code");
    if (refusal)
        QCOMPARE(refusal->detail, report.reason);
}

void TestContentGate::flagsHaveNames()
{
    QCOMPARE(contentFlagNames({}), QStringList());
    QCOMPARE(contentFlagNames(ContentFlags::fromInt(0xFF)).size(), 8);
    QCOMPARE(contentFlagNames(ContentFlag::LengthDiffers | ContentFlag::OddStart),
             (QStringList{u"odd_start"_s, u"length_differs"_s}));
}

QTEST_GUILESS_MAIN(TestContentGate)
#include "tst_content_gate.moc"
