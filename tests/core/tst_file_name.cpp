// SPDX-License-Identifier: MIT
#include "core/file_name.h"
#include "core/title_name.h"

#include <QRandomGenerator>
#include <QTest>

using namespace ingather::core;
using namespace Qt::StringLiterals;

namespace
{

const QString eAcute(1, QChar(0xE9));
const QString family = u"👨\u200D👩\u200D👧"_s;

bool isSafe(const QString &name)
{
    for (const QChar c : name) {
        if (QStringView(u"<>:\"/\\|?*").contains(c) || c.category() == QChar::Other_Control)
            return false;
    }
    return name.toUtf8().size() <= 200 && !name.startsWith(u'.') && !name.endsWith(u'.') &&
           !name.startsWith(u' ') && !name.endsWith(u' ') && !name.startsWith(u'~');
}

} // namespace

class TestFileName final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesSafe_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("safe");
        const auto row = [](const char *what, const QString &name, const QString &safe) {
            QTest::newRow(what) << name << safe;
        };
        const QString persian = u"می\u200Cخواهم.pdf"_s;
        const QString hindi = u"क्\u200Dष.pdf"_s;
        row("a joiner within a Persian word stays", persian, persian);
        row("a joiner within a Hindi word stays", hindi, hindi);
        row("two joiners become one", u"می\u200C\u200Cخ"_s, u"می\u200Cخ"_s);
        row("a joiner between Latin letters goes", u"pay\u200Dpal\u200C.pdf"_s, u"paypal.pdf"_s);
        row("a joiner at an end goes", u"\u200Dخم\u200C"_s, u"خم"_s);
        row("a joiner at a cut goes", QString(u"م\u200C"_s).repeated(60) + u".pdf"_s,
            QString(u"م\u200C"_s).repeated(38) + u"م.pdf"_s);
        row("fillers that nobody sees go", u"a\u3164b\u115Fc\u034Fd\uFFA0e\u2800f.pdf"_s, u"abcdef.pdf"_s);
        row("only fillers are nothing", u"\u3164\u2800"_s, u""_s);
        row("tags of Unicode go", u"a"_s + QString::fromUcs4(U"\U000E0041\U000E007F", 2) + u"b"_s, u"ab"_s);
        row("an interlinear annotation goes", u"a\uFFF9b\uFFFAc\uFFFBd"_s, u"abcd"_s);
        row("a tilde in front", u"~root.pdf"_s, u"_root.pdf"_s);
        row("a tilde behind dots", u". ~x"_s, u"_x"_s);
        row("a tilde within and at the end", u"a~1.b~"_s, u"a~1.b~"_s);
        row("a lock file of an office program", u"~$paper.docx"_s, u"_$paper.docx"_s);
        row("a stream of NTFS", u"paper.pdf::$DATA"_s, u"paper.pdf__$DATA"_s);
        row("a drive", u"C:paper.pdf"_s, u"C_paper.pdf"_s);
        row("escaped separators are letters", u"..%2F..%5Ca.pdf"_s, u"%2F..%5Ca.pdf"_s);
        row("fullwidth separators stay letters", u"a\uFF0Fb\uFF3Cc"_s, u"a\uFF0Fb\uFF3Cc"_s);
        row("a device with a colon", u"CON:"_s, u"CON_"_s);
        row("a device behind blanks", u"  aux . "_s, u"_aux"_s);
        row("a device with an invisible letter", u"N\u200BUL.pdf"_s, u"_NUL.pdf"_s);
        row("a device in fullwidth letters is none", u"ＣＯＮ"_s, u"ＣＯＮ"_s);
        row("the other superscripts of devices", u"com\u00B9.txt"_s, u"_com\u00B9.txt"_s);
        row("a superscript that is no device's", u"COM\u2074.txt"_s, u"COM\u2074.txt"_s);
        row("CONOUT$ with an extension", u"CONOUT$.log"_s, u"_CONOUT$.log"_s);
        row("a Kelvin sign is a K", u"\u212A.pdf"_s, u"K.pdf"_s);
        row("a plain name stays", u"paper.pdf"_s, u"paper.pdf"_s);
        row("blanks and brackets stay", u"My Paper (final) [v2].pdf"_s, u"My Paper (final) [v2].pdf"_s);
        row("letters of any script stay", u"Übung 作品 работа.pdf"_s, u"Übung 作品 работа.pdf"_s);
        row("emoji with joiners stay", family + u".png"_s, family + u".png"_s);
        row("separators become underscores", u"AC/DC\\report.pdf"_s, u"AC_DC_report.pdf"_s);
        row("what Windows refuses becomes underscores", u"a<b>c:d\"e|f?g*h.txt"_s, u"a_b_c_d_e_f_g_h.txt"_s);
        row("a way up is no way up", u"../../etc/passwd"_s, u"_.._etc_passwd"_s);
        row("one dot is nothing", u"."_s, u""_s);
        row("two dots are nothing", u".."_s, u""_s);
        row("dots and separators are nothing", u"../.."_s, u""_s);
        row("blanks are nothing", u" \t\n "_s, u""_s);
        row("empty is empty", u""_s, u""_s);
        row("only forbidden characters are nothing", u"///???"_s, u""_s);
        row("only invisible characters are nothing", u"\u200B\u200D\u202E"_s, u""_s);
        row("an underscore is a name", u"_"_s, u"_"_s);
        row("leading dots go", u"..bashrc"_s, u"bashrc"_s);
        row("leading blanks and dots go", u" . .x"_s, u"x"_s);
        row("trailing dots and blanks go", u"paper.pdf. . "_s, u"paper.pdf"_s);
        row("line breaks and tabs become one blank", u"a\r\n\tb.pdf"_s, u"a b.pdf"_s);
        row("a no-break space becomes a blank", u"a\u00A0b.pdf"_s, u"a b.pdf"_s);
        row("control characters go", u"a\u0001\u001B\u007F\u0085b.pdf"_s, u"ab.pdf"_s);
        row("a NUL goes", u"a.pdf"_s + QChar(0) + u".exe"_s, u"a.pdf.exe"_s);
        row("a right-to-left override goes", u"invoice\u202Efdp.exe"_s, u"invoicefdp.exe"_s);
        row("bidi isolates and marks go", u"\u2066a\u2069\u200E\u200F.pdf"_s, u"a.pdf"_s);
        row("zero-width blanks and soft hyphens go", u"a\u200B\uFEFF\u00ADb.pdf"_s, u"ab.pdf"_s);
        row("separators of lines and paragraphs become blanks", u"a\u2028b\u2029c"_s, u"a b c"_s);
        row("lone surrogates go or are replaced", u"a"_s + QChar(0xD800) + u"b.pdf"_s, u"a\uFFFDb.pdf"_s);
        row("non-characters go", u"a\uFFFEb\uFDD0c"_s, u"abc"_s);
        row("decomposed letters are composed", u"e\u0301.pdf"_s, eAcute + u".pdf"_s);
        row("letters that meet only after a removal are composed", u"e\u200B\u0301.pdf"_s,
            eAcute + u".pdf"_s);
        row("a device name is no longer one", u"CON"_s, u"_CON"_s);
        row("a device name in small letters with an extension", u"nul.txt"_s, u"_nul.txt"_s);
        row("a device name with two extensions", u"aux.tar.gz"_s, u"_aux.tar.gz"_s);
        row("a device name with a blank", u"prn .pdf"_s, u"_prn .pdf"_s);
        row("a numbered device", u"Com7.pdf"_s, u"_Com7.pdf"_s);
        row("a device numbered by a superscript", u"LPT\u00B2"_s, u"_LPT\u00B2"_s);
        row("a device behind a dot", u".con"_s, u"_con"_s);
        row("a console device", u"conin$"_s, u"_conin$"_s);
        row("a name that only starts like a device", u"console.pdf"_s, u"console.pdf"_s);
        row("a name like a two-digit device", u"com12.pdf"_s, u"com12.pdf"_s);
        row("200 bytes are kept", QString(196, u'a') + u".pdf"_s, QString(196, u'a') + u".pdf"_s);
        row("255 bytes are cut, the extension stays", QString(251, u'a') + u".pdf"_s,
            QString(196, u'a') + u".pdf"_s);
        row("a compound extension stays whole", QString(300, u'a') + u".tar.gz"_s,
            QString(193, u'a') + u".tar.gz"_s);
        row("a cut falls between letters of two bytes", QString(300, QChar(0xE9)) + u".p"_s,
            QString(99, QChar(0xE9)) + u".p"_s);
        row("a cut falls between letters of two bytes, odd room", QString(300, QChar(0xE9)) + u".pd"_s,
            QString(98, QChar(0xE9)) + u".pd"_s);
        row("a cut falls between surrogate pairs", QString(u"😀"_s).repeated(100) + u".pdf"_s,
            QString(u"😀"_s).repeated(49) + u".pdf"_s);
        row("a cut falls between visible characters", QString(190, u'a') + family + u".pdf"_s,
            QString(190, u'a') + u".pdf"_s);
        row("a cut falls beside an emoji behind a letter of Myanmar",
            QString(u"\u100D😀"_s).repeated(29) + u".pdf"_s, QString(u"\u100D😀"_s).repeated(28) + u".pdf"_s);
        row("one letter under many marks is cut all the same", u"x"_s + QString(300, QChar(0x0335)),
            u"x"_s + QString(99, QChar(0x0335)));
        row("a long sentence behind a dot is no extension", u"a."_s + QString(300, u'b'),
            u"a."_s + QString(198, u'b'));
        row("blanks before a cut go", QString(194, u'a') + u"   "_s + QString(60, u'b') + u".pdf"_s,
            QString(194, u'a') + u" b.pdf"_s);
    }

    void makesSafe()
    {
        QFETCH(QString, name);
        const QString safe = safeFileName(name);
        QTEST(safe, "safe");
        QVERIFY2(isSafe(safe), qPrintable(safe));
        QCOMPARE(safeFileName(safe), safe);
    }

    void survivesEveryCharacter()
    {
        for (char32_t c = 0; c <= 0x10FFFF; ++c) {
            const QString name = safeFileName(u"a"_s + QString::fromUcs4(&c, 1) + u"b"_s);
            if (!isSafe(name) || !name.endsWith(u'b'))
                QFAIL(qPrintable(QStringLiteral("U+%1").arg(uint(c), 4, 16)));
        }
    }

    void survivesRandomTexts()
    {
        const QString marks = u"./\\ _-()aA1\u0301\u200D\u202E:\u00E9\u3000"_s;
        QRandomGenerator random(20261123);
        for (int i = 0; i < 20'000; ++i) {
            QString name;
            for (int n = random.bounded(random.bounded(10) ? 12 : 300); n > 0; --n)
                name +=
                    random.bounded(8) ? marks[random.bounded(marks.size())] : QChar(random.bounded(0x3000));
            const QString safe = safeFileName(name);
            if (!isSafe(safe) || safeFileName(safe) != safe)
                QFAIL(name.toUtf8().toPercentEncoding() + " -> " + safe.toUtf8().toPercentEncoding());
            if (!isSafe(fileNameFromContentDisposition("attachment; filename=" + name.toUtf8())))
                QFAIL(name.toUtf8().toPercentEncoding());
        }
    }

    void readsUrls_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("name");
        const auto row = [](const char *what, const QString &url, const QString &name) {
            QTest::newRow(what) << url << name;
        };
        row("the last segment", u"https://example.org/a/paper.pdf"_s, u"paper.pdf"_s);
        row("without its query", u"https://example.org/a/paper.pdf?v=1/2.zip"_s, u"paper.pdf"_s);
        row("without its fragment", u"https://example.org/paper.pdf#a/b"_s, u"paper.pdf"_s);
        row("percent-decoded", u"https://example.org/%C3%BCber%20alles.pdf"_s, u"über alles.pdf"_s);
        row("bytes that are not UTF-8 are taken as ISO 8859-1", u"https://example.org/caf%E9.pdf"_s,
            u"café.pdf"_s);
        row("an escaped slash is no way out", u"https://example.org/..%2F..%2Fetc%2Fpasswd"_s,
            u"_.._etc_passwd"_s);
        row("a DOI with an escaped slash", u"https://doi.example/10.1000%2Fxyz.pdf"_s, u"10.1000_xyz.pdf"_s);
        row("an escaped NUL", u"https://example.org/a.pdf%00.exe"_s, u"a.pdf.exe"_s);
        row("the root", u"https://example.org/"_s, u"download"_s);
        row("a folder", u"https://example.org/a/"_s, u"download"_s);
        row("the root with a query", u"https://example.org/?file=a.pdf"_s, u"download"_s);
        row("no path at all", u"https://example.org"_s, u"download"_s);
        row("nothing usable", u"https://example.org/%2E%2E%2F"_s, u"download"_s);
        row("an incomplete escape is left as it is", u"https://example.org/100%.pdf"_s, u"100%.pdf"_s);
    }

    void readsUrls()
    {
        QFETCH(QString, url);
        QTEST(fileNameFromUrl(url), "name");
    }

    void readsContentDisposition_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<QString>("name");
        const auto row = [](const char *what, const QByteArray &field, const QString &name) {
            QTest::newRow(what) << field << name;
        };
        row("a quoted name", "attachment; filename=\"paper.pdf\"", u"paper.pdf"_s);
        row("a token", "attachment; filename=paper.pdf", u"paper.pdf"_s);
        row("inline counts too", "inline; filename=paper.pdf", u"paper.pdf"_s);
        row("names are compared without case", "ATTACHMENT; FileName=paper.pdf", u"paper.pdf"_s);
        row("blanks around", "attachment ;  filename = \t\"paper.pdf\"  ; size=3", u"paper.pdf"_s);
        row("no type", "filename=paper.pdf", u"paper.pdf"_s);
        row("no name", "attachment", u""_s);
        row("nothing", "", u""_s);
        row("only delimiters", ";;;=;=;", u""_s);
        row("an empty name", "attachment; filename=\"\"", u""_s);
        row("no value", "attachment; filename=", u""_s);
        row("a quoted semicolon", "attachment; filename=\"a;b=c.pdf\"", u"a;b=c.pdf"_s);
        row("an escaped quote", "attachment; filename=\"a\\\"b.pdf\"", u"a_b.pdf"_s);
        row("a name that is never closed", "attachment; filename=\"paper.pdf", u"paper.pdf"_s);
        row("an escape at the very end", "attachment; filename=\"paper.pdf\\", u"paper.pdf"_s);
        row("blanks without quotes", "attachment; filename=my paper.pdf; size=3", u"my paper.pdf"_s);
        row("a path of Unix", "attachment; filename=\"/etc/passwd\"", u"passwd"_s);
        row("a path of Windows", "attachment; filename=\"C:\\docs\\paper.pdf\"", u"paper.pdf"_s);
        row("a path of Windows, escaped", "attachment; filename=\"C:\\\\docs\\\\paper.pdf\"", u"paper.pdf"_s);
        row("a way up", "attachment; filename=\"../../.ssh/authorized_keys\"", u"authorized_keys"_s);
        row("only a way up", "attachment; filename=\"../..\"", u""_s);
        row("UTF-8 in a plain name", "attachment; filename=\"caf\xC3\xA9.pdf\"", u"café.pdf"_s);
        row("ISO 8859-1 in a plain name", "attachment; filename=\"caf\xE9.pdf\"", u"café.pdf"_s);
        row("escapes in a plain name are letters", "attachment; filename=\"a%20b.pdf\"", u"a%20b.pdf"_s);
        row("a quoted apostrophe", "attachment; filename=\"it\\'s a \\(draft\\).pdf\"",
            u"it's a (draft).pdf"_s);
        row("a way up that is escaped", "attachment; filename=\"..\\/..\\/etc\\/passwd\"", u"passwd"_s);
        row("UTF-8 encoded twice", "attachment; filename=\"caf\xC3\x83\xC2\xA9.pdf\"", u"café.pdf"_s);
        row("ISO 8859-1 that only looks like it", "attachment; filename=\"\xC3\x84\xC3\x96.pdf\"",
            u"ÄÖ.pdf"_s);
        row("an encoded word, base64", "attachment; filename=\"=?UTF-8?B?w5xidW5nLnBkZg==?=\"",
            u"Übung.pdf"_s);
        row("an encoded word, Q", "attachment; filename=\"=?iso-8859-1?Q?=DCbung_1.pdf?=\"",
            u"Übung 1.pdf"_s);
        row("an encoded word without quotes", "attachment; filename==?utf-8?q?a=5Fb.pdf?=", u"a_b.pdf"_s);
        row("an encoded word with a language", "attachment; filename=\"=?utf-8*de?q?=C3=BC.pdf?=\"",
            u"ü.pdf"_s);
        row("two encoded words, a letter split between them",
            "attachment; filename=\"=?UTF-8?Q?a=C3?= =?UTF-8?Q?=BC.pdf?=\"", u"aü.pdf"_s);
        row("an encoded word with a path in it", "attachment; filename=\"=?UTF-8?B?Li4vLi4vYi5wZGY=?=\"",
            u"b.pdf"_s);
        row("an encoded word and its extension", "attachment; filename=\"=?UTF-8?Q?=C3=BC?=.pdf\"",
            u"ü.pdf"_s);
        row("an encoded word in an unknown charset", "attachment; filename=\"=?koi8-r?Q?=C1?=.pdf\"",
            u"=_koi8-r_Q_=C1_=.pdf"_s);
        row("an encoded word that is broken", "attachment; filename=\"=?UTF-8?B?!!?=.pdf\"",
            u"=_UTF-8_B_!!_=.pdf"_s);
        row("an encoded word that is not closed", "attachment; filename=\"=?UTF-8?Q?a.pdf\"",
            u"=_UTF-8_Q_a.pdf"_s);
        row("bidi characters in an extended name", "attachment; filename*=UTF-8''a%E2%80%AEfdp.exe",
            u"afdp.exe"_s);
        row("a device", "attachment; filename=\"NUL\"", u"_NUL"_s);
        row("an extended name", "attachment; filename*=UTF-8''%e2%82%ac%20rates.pdf", u"€ rates.pdf"_s);
        row("an extended name with a language", "attachment; filename*=utf-8'de'%C3%BC.pdf", u"ü.pdf"_s);
        row("an extended name in ISO 8859-1", "attachment; filename*=iso-8859-1'en'%A3.pdf", u"£.pdf"_s);
        row("the extended name wins", "attachment; filename=a.pdf; filename*=UTF-8''b.pdf", u"b.pdf"_s);
        row("the extended name wins when it comes first",
            "attachment; filename*=UTF-8''b.pdf; filename=a.pdf", u"b.pdf"_s);
        row("an extended name in quotes", "attachment; filename*=\"UTF-8''b.pdf\"", u"b.pdf"_s);
        row("an unknown charset falls back", "attachment; filename=a.pdf; filename*=klingon''b.pdf",
            u"a.pdf"_s);
        row("a broken escape falls back", "attachment; filename=a.pdf; filename*=UTF-8''b%zz.pdf",
            u"a.pdf"_s);
        row("a cut escape falls back", "attachment; filename=a.pdf; filename*=UTF-8''b%4", u"a.pdf"_s);
        row("invalid UTF-8 falls back", "attachment; filename=a.pdf; filename*=UTF-8''%FF.pdf", u"a.pdf"_s);
        row("missing apostrophes fall back", "attachment; filename=a.pdf; filename*=b.pdf", u"a.pdf"_s);
        row("one apostrophe falls back", "attachment; filename=a.pdf; filename*=UTF-8'b.pdf", u"a.pdf"_s);
        row("no charset falls back", "attachment; filename=a.pdf; filename*=''b.pdf", u"a.pdf"_s);
        row("an unusable extended name falls back", "attachment; filename=a.pdf; filename*=UTF-8''%2E%2E",
            u"a.pdf"_s);
        row("a malformed extended name alone", "attachment; filename*=UTF-8''%", u""_s);
        row("escaped separators in an extended name", "attachment; filename*=UTF-8''..%2F..%5Cb.pdf",
            u"b.pdf"_s);
        row("the first of two names", "attachment; filename=a.pdf; filename=b.pdf", u"a.pdf"_s);
        row("a name hidden in another parameter", "attachment; x=\"; filename=evil.exe\"; filename=a.pdf",
            u"a.pdf"_s);
        row("a parameter that only ends like ours", "attachment; xfilename=b.pdf", u""_s);
        row("a line break", "attachment; filename=\"a\r\nb.pdf\"", u"a b.pdf"_s);
    }

    void readsContentDisposition()
    {
        QFETCH(QByteArray, field);
        QTEST(fileNameFromContentDisposition(field), "name");
    }

    void namesTitles_data()
    {
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("name");
        const auto row = [](const char *what, const QString &title, const QString &name) {
            QTest::newRow(what) << title << name;
        };
        row("a title", u"Attention Is All You Need"_s, u"Attention Is All You Need.pdf"_s);
        row("a subtitle", u"Graphs: A Survey"_s, u"Graphs - A Survey.pdf"_s);
        row("a question", u"Who is \"we\"?"_s, u"Who is 'we'.pdf"_s);
        row("a full stop", u"A study."_s, u"A study.pdf"_s);
        row("separators", u"TCP/IP and and\\or"_s, u"TCP-IP and and-or.pdf"_s);
        row("a way up", u"../../etc/passwd"_s, u"-..-etc-passwd.pdf"_s);
        row("line breaks", u"One\n  two"_s, u"One two.pdf"_s);
        row("markup", u"<i>E. coli</i> and H<sub>2</sub>O"_s, u"E. coli and H2O.pdf"_s);
        row("markup of JATS and MathML", u"<jats:p>The <mml:mi mathvariant=\"b\">x</mml:mi> ray</jats:p>"_s,
            u"The x ray.pdf"_s);
        row("escaped markup", u"&lt;i&gt;Salmonella&lt;/i&gt; &amp;amp; co"_s, u"Salmonella & co.pdf"_s);
        row("comparisons are no markup", u"Effects with p<0.05 and q>3"_s,
            u"Effects with p_0.05 and q_3.pdf"_s);
        row("an unknown tag is text", u"The <blink> element"_s, u"The _blink_ element.pdf"_s);
        row("any script", u"深度学习：综述"_s, u"深度学习：综述.pdf"_s);
        row("a device", u"Con"_s, u"_Con.pdf"_s);
        row("a title that is a file name", u"Paper.PDF"_s, u"Paper.PDF"_s);
        row("a long title ends with a word", QString(u"sixteen letters "_s).repeated(20),
            QString(u"sixteen letters "_s).repeated(9).chopped(1) + u".pdf"_s);
        row("one long word is cut", QString(400, u'x'), QString(150, u'x') + u".pdf"_s);
        row("nothing usable", u" ?*. "_s, {});
        row("nothing", {}, {});
    }

    void namesTitles()
    {
        QFETCH(QString, title);
        const QString name = fileNameFromTitle(title, u"pdf"_s);
        QTEST(name, "name");
        QCOMPARE(fileNameFromTitle(title, u".pdf"_s), name);
        QVERIFY(name.isEmpty() || isSafe(name));
        QCOMPARE(safeFileName(name), name);
    }

    void titlesTakeOnlyRealExtensions_data()
    {
        QTest::addColumn<QString>("extension");
        QTest::addColumn<QString>("name");
        QTest::newRow("none") << QString() << u"A title"_s;
        QTest::newRow("compound") << u"tar.gz"_s << u"A title.tar.gz"_s;
        QTest::newRow("a path") << u"/../x"_s << u"A title"_s;
        QTest::newRow("a sentence") << u"and many words"_s << u"A title"_s;
        QTest::newRow("too long") << QString(17, u'x') << u"A title"_s;
    }

    void titlesTakeOnlyRealExtensions()
    {
        QFETCH(QString, extension);
        QTEST(fileNameFromTitle(u"A title"_s, extension), "name");
    }

    void numbers_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("n");
        QTest::addColumn<QString>("numbered");
        const auto row = [](const char *what, const QString &name, int n, const QString &numbered) {
            QTest::newRow(what) << name << n << numbered;
        };
        row("before the extension", u"name.pdf"_s, 2, u"name (2).pdf"_s);
        row("a large number", u"name.pdf"_s, 1234567, u"name (1234567).pdf"_s);
        row("no extension", u"README"_s, 2, u"README (2)"_s);
        row("a compressed archive", u"data.tar.gz"_s, 2, u"data (2).tar.gz"_s);
        row("a compressed table", u"data.csv.xz"_s, 3, u"data (3).csv.xz"_s);
        row("a version is no extension", u"v1.2.gz"_s, 2, u"v1.2 (2).gz"_s);
        row("a version alone is no extension", u"release 1.2"_s, 2, u"release 1.2 (2)"_s);
        row("two dots without compression", u"a.b.pdf"_s, 2, u"a.b (2).pdf"_s);
        row("a compressed file without a name", u".tar.gz"_s, 2, u".tar (2).gz"_s);
        row("a hidden file", u".profile"_s, 2, u".profile (2)"_s);
        row("a name that was numbered", u"name (2).pdf"_s, 3, u"name (2) (3).pdf"_s);
        row("a sentence", u"See p. 3 of this text"_s, 2, u"See p. 3 of this text (2)"_s);
        row("255 bytes stay 255 bytes", QString(251, u'a') + u".pdf"_s, 2,
            QString(247, u'a') + u" (2).pdf"_s);
        row("255 bytes of long letters", QString(125, QChar(0xE9)) + u".pdf"_s, 10,
            QString(123, QChar(0xE9)) + u" (10).pdf"_s);
    }

    void numbers()
    {
        QFETCH(QString, name);
        QFETCH(int, n);
        const QString numbered = numberedFileName(name, n);
        QTEST(numbered, "numbered");
        QVERIFY(numbered.toUtf8().size() <= 255);
    }
};

QTEST_APPLESS_MAIN(TestFileName)
#include "tst_file_name.moc"
