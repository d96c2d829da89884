// SPDX-License-Identifier: MIT
#include "storage/expected_content.h"

#include <QTest>

using namespace ingather::storage;
using namespace Qt::StringLiterals;

/// Who says what a file must be, and who is believed.
class TestExpectedContent final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theStrongestWordCounts_data()
    {
        QTest::addColumn<ContentRequest>("request");
        QTest::addColumn<ExpectedContent>("expected");
        const auto row = [](const char *what, const ContentRequest &request, ExpectedContent expected) {
            QTest::newRow(what) << request << expected;
        };
        using enum ExpectedContent;
        const QString pdf = u"https://example.org/paper.pdf"_s;
        const QString bare = u"https://example.org/download"_s;
        row("nothing is known", {}, Anything);
        row("an address without an extension", {{}, {}, bare, {}, {}}, Anything);
        row("the address ends in .pdf", {{}, {}, pdf, {}, {}}, Pdf);
        row("in capitals", {{}, {}, u"https://example.org/PAPER.PDF"_s, {}, {}}, Pdf);
        row("with a query", {{}, {}, pdf + u"?download=1.html"_s, {}, {}}, Pdf);
        row("with a fragment", {{}, {}, pdf + u"#page=2.zip"_s, {}, {}}, Pdf);
        row("with a path parameter", {{}, {}, pdf + u";jsessionid=1.2"_s, {}, {}}, Pdf);
        row("an extension in the query only", {{}, {}, bare + u"?file=a.pdf"_s, {}, {}}, Anything);
        row("a host that ends like a file", {{}, {}, u"https://example.zip"_s, {}, {}}, Anything);
        row("a folder that ends like a file", {{}, {}, u"https://example.org/a.pdf/"_s, {}, {}}, Anything);
        row("a version is no extension", {{}, {}, u"https://example.org/2101.00001v2"_s, {}, {}}, Anything);
        row("text/html does not make a page right for a .pdf", {{}, {}, pdf, {}, "text/html"}, Pdf);
        row("nor does a suggested name", {{}, {}, pdf, u"login.html"_s, "text/html"}, Pdf);
        row("nor do bytes of any kind", {{}, {}, pdf, {}, "application/octet-stream"}, Pdf);
        row("a page's address may deliver a PDF by name",
            {{}, {}, u"https://example.org/view.html"_s, u"paper.pdf"_s, {}}, Pdf);
        row("the suggested name", {{}, {}, bare, u"data.zip"_s, "application/octet-stream"}, Zip);
        row("the server's word, where nothing else is known", {{}, {}, bare, {}, "application/pdf"}, Pdf);
        row("the server's word with parameters", {{}, {}, bare, {}, "Application/PDF; charset=binary"}, Pdf);
        row("the server says text/html", {{}, {}, bare, {}, "text/html"}, Anything);
        row("the server says XML", {{}, {}, bare, {}, "text/xml"}, Anything);
        row("the server says JSON", {{}, {}, bare, {}, "application/json"}, Anything);
        row("the server says it is a picture", {{}, {}, bare, {}, "image/png"}, Binary);
        row("the server says a drawing", {{}, {}, bare, {}, "image/svg+xml"}, Anything);
        row("the server's type is nonsense", {{}, {}, bare, {}, "pdf; ;;/"}, Anything);
        row("the user's name", {{}, u"a.json"_s, bare, {}, {}}, Json);
        row("the user's name before the address", {{}, u"a.zip"_s, pdf, {}, {}}, Zip);
        row("the user's name for a page", {{}, u"a.html"_s, pdf, {}, {}}, Anything);
        row("the user's name without an extension", {{}, u"paper"_s, pdf, {}, {}}, Pdf);
        row("the job's type before everything", {u"xml"_s, u"a.zip"_s, pdf, {}, "text/html"}, Xml);
        row("the job's type with a dot", {u".PDF"_s, {}, bare, {}, {}}, Pdf);
        row("the job's type as a media type", {u"application/pdf"_s, {}, bare, {}, {}}, Pdf);
        row("the job asks for a page", {u"html"_s, {}, pdf, {}, {}}, Anything);
        row("the job asks for anything", {u"any"_s, {}, pdf, {}, {}}, Anything);
        row("the job asks for what is unknown", {u"unicorn"_s, {}, pdf, {}, {}}, Pdf);
    }

    void theStrongestWordCounts()
    {
        QFETCH(ContentRequest, request);
        QTEST(expectedContent(request), "expected");
    }

    void extensionsStandForTypes_data()
    {
        QTest::addColumn<QString>("extensions");
        QTest::addColumn<std::optional<ExpectedContent>>("expected");
        using Expected = std::optional<ExpectedContent>;
        QTest::newRow("pdf") << u"pdf PDF"_s << Expected(ExpectedContent::Pdf);
        QTest::newRow("gzip") << u"gz tgz"_s << Expected(ExpectedContent::Gzip);
        QTest::newRow("zip") << u"zip epub docx xlsx npz"_s << Expected(ExpectedContent::Zip);
        QTest::newRow("xml") << u"xml svg rdf"_s << Expected(ExpectedContent::Xml);
        QTest::newRow("json") << u"json geojson"_s << Expected(ExpectedContent::Json);
        QTest::newRow("clearly binary")
            << u"xz bz2 zst 7z tar djvu png jpg mp4 parquet nc h5"_s << Expected(ExpectedContent::Binary);
        QTest::newRow("pages and text") << u"html htm txt"_s << Expected(ExpectedContent::Anything);
        // Programs write HTML under the first two.
        QTest::newRow("not told") << u"doc xls csv php bib tex"_s << Expected();
    }

    void extensionsStandForTypes()
    {
        QFETCH(QString, extensions);
        for (const QString &extension : extensions.split(u' '))
            QTEST(expectedByExtension(extension), "expected");
        QCOMPARE(expectedByExtension(u""), std::nullopt);
    }
};

QTEST_APPLESS_MAIN(TestExpectedContent)
#include "tst_expected_content.moc"
