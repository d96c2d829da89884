// SPDX-License-Identifier: MIT
// What a body may look like: its length, its framing, its coding, its digests, and what it is.
#include "e2e/behaviour.h"
#include "support/pdf_samples.h"

#include <QCryptographicHash>
#include <QTest>

#include <zlib.h>

using namespace ingather::e2e;
using namespace ingather::tests;
using namespace Qt::StringLiterals;
using ingather::support::Headers;
using ingather::support::Script;

class TestBehavioursBodies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void framing_data();
    void framing() { verifyRow(); }
    void codings_data();
    void codings() { verifyRow(); }
    void digests_data();
    void digests() { verifyRow(); }
    void content_data();
    void content() { verifyRow(); }
};

namespace
{

const QByteArray hello = "hello";
const QByteArray good = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const QStringList once{u"--max-attempts"_s, u"1"_s};
constexpr char cutStream[] = "HEAD DONE, STREAM FAILED";

void row(Table &table, const char *name, const Script &script, const Ending &ending,
         const QString &path = u"/data.bin"_s)
{
    table.append(
        {name, Behaviour{.handler = always(script), .ending = ending, .path = path, .options = once}});
}

/// A failure that leaves nothing of use.
Ending useless(const char *error)
{
    Ending ending = failed(error, 1, cutStream);
    return ending;
}

/// A failure that leaves a part to go on with.
Ending cut(const char *error)
{
    Ending ending = failed(error, 1, cutStream);
    ending.parts = 1;
    return ending;
}

Script chunked(const QByteArray &chunks, const Headers &more = {})
{
    return exactly(200, Headers{{"Transfer-Encoding", "chunked"}} + more, chunks);
}

} // namespace

void TestBehavioursBodies::framing_data()
{
    Table table;
    const Ending whole = filed(hello);
    row(table, "as long as said", answer(hello), whole);
    row(table, "longer than said: it ends where it was said to",
        exactly(200, {{"Content-Length", "5"}}, "hello world"), whole);
    row(table, "shorter than said", exactly(200, {{"Content-Length", "11"}}, hello).close(),
        cut("body_too_short"));
    row(table, "nothing of what was said", exactly(200, {{"Content-Length", "11"}}).close(),
        useless("body_too_short"));
    row(table, "two equal lengths", exactly(200, {{"Content-Length", "5"}, {"Content-Length", "5"}}, hello),
        whole);
    row(table, "two lengths that differ",
        exactly(200, {{"Content-Length", "5"}, {"Content-Length", "11"}}, "hello world"),
        failed("length_conflict"));
    row(table, "a length that is no number", exactly(200, {{"Content-Length", "five"}}, hello).close(),
        failed("protocol_error"));
    row(table, "a length beyond 63 bits",
        exactly(200, {{"Content-Length", "9999999999999999999"}}, hello).close(), failed("protocol_error"));
    row(table, "chunked", chunked("3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"), whole);
    row(table, "chunked, with extensions and a trailer", chunked("5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"),
        whole);
    row(table, "chunked, with a Content-Length that does not count",
        chunked("5\r\nhello\r\n0\r\n\r\n", {{"Content-Length", "99"}}), whole);
    row(table, "chunked, cut between chunks", chunked("5\r\nhello\r\n").close(), cut("connection_lost"));
    row(table, "chunked, cut inside a chunk", chunked("b\r\nhello").close(), cut("connection_lost"));
    row(table, "chunked, without the last blank line", chunked("5\r\nhello\r\n0\r\n").close(),
        cut("connection_lost"));
    row(table, "two transfer codings", exactly(200, {{"Transfer-Encoding", "gzip, chunked"}}, hello).close(),
        failed("protocol_error"));
    row(table, "ended by closing", exactly(200, {{"Server", "x"}}, hello).close(), whole);
    row(table, "HTTP/1.0, ended by closing", Script("HTTP/1.0 200 OK\r\nServer: x\r\n\r\nhello").close(),
        whole);
    row(table, "100 before the answer", Script("HTTP/1.1 100 Continue\r\n\r\n" + good), whole);
    row(table, "100 twice before the answer",
        Script("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + good), whole);
    row(table, "103 before the answer",
        Script("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + good),
        failed("protocol_error"));
    row(table, "an empty file", answer({}), filed({}));
    addRows(table);
}

namespace
{

/// As RFC 1952 (`bits` 31) or RFC 1950 (15) frames it.
QByteArray deflated(const QByteArray &bytes, int bits)
{
    z_stream stream{};
    QByteArray out(bytes.size() + 1000, '\0');
    deflateInit2(&stream, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY);
    QByteArray in = bytes;
    stream.next_in = reinterpret_cast<Bytef *>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.truncate(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return out;
}

} // namespace

void TestBehavioursBodies::codings_data()
{
    Table table;
    const QByteArray text = QByteArray("a line of text\n").repeated(1000);
    const QByteArray gzip = deflated(text, 31);
    const Headers said{{"Content-Encoding", "gzip"}};
    row(table, "gzip, although identity was asked", answer(gzip, said), filed(text));
    row(table, "deflate, although identity was asked",
        answer(deflated(text, 15), {{"Content-Encoding", "deflate"}}), filed(text));
    row(table, "identity said aloud", answer(text, {{"Content-Encoding", "identity"}}), filed(text));
    row(table, "an archive that is marked as gzip stays packed",
        answer(gzip, said + Headers{{"Content-Type", "application/x-tar"}}), filed(gzip), u"/data.tar.gz"_s);
    row(table, "gzip whose own end is missing", answer(gzip.chopped(3), said), cut("body_too_short"));
    row(table, "gzip with a wrong check sum", answer(gzip.chopped(8) + QByteArray(8, 'x'), said),
        useless("content_undecodable"));
    row(table, "not gzip at all", answer(text, said), useless("content_undecodable"));
    row(table, "a coding that nobody here can undo", answer(text, {{"Content-Encoding", "br"}}),
        failed("content_encoded"));
    row(table, "two codings", answer(text, {{"Content-Encoding", "gzip, gzip"}}), failed("content_encoded"));
    addRows(table);
}

void TestBehavioursBodies::digests_data()
{
    Table table;
    const auto base64 = [](const QByteArray &bytes, QCryptographicHash::Algorithm algorithm) {
        return QCryptographicHash::hash(bytes, algorithm).toBase64();
    };
    const auto sha256 = [base64](const QByteArray &bytes) {
        return base64(bytes, QCryptographicHash::Sha256);
    };
    Ending right = filed(hello);
    right.verification = u"verified"_s;
    Ending unknown = filed(hello);
    unknown.verification = u"unknown"_s;
    Ending wrong = failed("digest_mismatch", 1, cutStream);
    wrong.quarantined = 1;
    const auto said = [&](const char *name, const QByteArray &field, const QByteArray &value,
                          const Ending &ending) {
        row(table, name, answer(hello, {{field, value}}), ending);
    };
    said("Repr-Digest, right", "Repr-Digest", "sha-256=:" + sha256(hello) + ':', right);
    said("Repr-Digest, wrong", "Repr-Digest", "sha-256=:" + sha256("other") + ':', wrong);
    said("Repr-Digest, nonsense", "Repr-Digest", "sha-256=:abc:", unknown);
    said("Content-Digest, right", "Content-Digest", "sha-256=:" + sha256(hello) + ':', right);
    said("Digest, right", "Digest", "SHA-256=" + sha256(hello), right);
    said("Digest, wrong", "Digest", "MD5=" + base64("other", QCryptographicHash::Md5), wrong);
    said("Content-MD5, right", "Content-MD5", base64(hello, QCryptographicHash::Md5), right);
    said("Content-MD5, wrong", "Content-MD5", base64("other", QCryptographicHash::Md5), wrong);
    for (const bool isRight : {true, false}) {
        const QByteArray digest =
            QCryptographicHash::hash(isRight ? hello : "other", QCryptographicHash::Sha256).toHex();
        table.append({isRight ? "the user's, right" : "the user's, wrong",
                      Behaviour{.handler = always(answer(hello)),
                                .ending = isRight ? right : wrong,
                                .options = QStringList{u"--sha256"_s, QString::fromLatin1(digest)} + once}});
    }
    addRows(table);
}

void TestBehavioursBodies::content_data()
{
    Table table;
    const QString pdf = u"/paper.pdf"_s;
    const Headers typed{{"Content-Type", "application/pdf"}};
    const QByteArray page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>"
                            "<body><form><input type=\"password\"></form></body></html>";
    const auto refused = [](const char *error) {
        Ending ending = failed(error, 1, cutStream);
        ending.quarantined = 1;
        return ending;
    };
    row(table, "a PDF", answer(plainPdf(), typed), filed(plainPdf()), pdf);
    row(table, "a PDF told as bytes", answer(plainPdf(), {{"Content-Type", "application/octet-stream"}}),
        filed(plainPdf()), pdf);
    row(table, "a PDF that is longer than said: the end of the body decides",
        exactly(200, typed + Headers{{"Content-Length", QByteArray::number(plainPdf().size())}},
                plainPdf() + "more"),
        filed(plainPdf()), pdf);
    row(table, "a PDF without its end", answer(plainPdf().chopped(30), typed), refused("content_truncated"),
        pdf);
    row(table, "a PDF that closing ended too early", exactly(200, typed, plainPdf().chopped(30)).close(),
        refused("content_truncated"), pdf);
    row(table, "a login page for a PDF", answer(page, {{"Content-Type", "text/html"}}),
        refused("blocked_page"), pdf);
    row(table, "a login page told as a PDF", answer(page, typed), refused("blocked_page"), pdf);
    row(table, "a login page for an archive", answer(page, {{"Content-Type", "text/html"}}),
        refused("blocked_page"), u"/data.zip"_s);
    row(table, "a page where one was asked for", answer(page, {{"Content-Type", "text/html"}}), filed(page),
        u"/index.html"_s);
    row(table, "JSON for a PDF", answer("{\"error\": \"not found\"}", {{"Content-Type", "application/json"}}),
        refused("wrong_content"), pdf);
    row(table, "nothing for a PDF", answer({}, typed), refused("content_truncated"), pdf);
    table.append(
        {"a PDF without its end, whole the second time",
         Behaviour{.handler = inTurn({answer(plainPdf().chopped(30), typed), answer(plainPdf(), typed)}),
                   .ending = filed(plainPdf(), 1,
                                   "HEAD DONE, STREAM FAILED, STREAM DONE, FINALIZE DONE, INDEX DONE"),
                   .path = pdf}});
    addRows(table);
}

QTEST_GUILESS_MAIN(TestBehavioursBodies)
#include "tst_behaviours_bodies.moc"
