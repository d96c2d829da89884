// SPDX-License-Identifier: MIT
#include "core/digest.h"
#include "engine_fixture.h"
#include "support/pdf_samples.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include <atomic>

using namespace ingather;
using namespace ingather::tests;
using namespace Qt::StringLiterals;
using support::Headers;
using support::RecordedRequest;
using support::Script;

namespace
{

Script answer(const QByteArray &body, const Headers &more = {})
{
    return Script().head(200, Headers{{"Content-Length", QByteArray::number(body.size())}} + more).send(body);
}

QByteArray base64(const QByteArray &body, QCryptographicHash::Algorithm algorithm)
{
    return QCryptographicHash::hash(body, algorithm).toBase64();
}

const QByteArray loginPage = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>"
                             "<body><form><input type=\"password\"></form></body></html>";

} // namespace

/// What a server sends is not always the file. Judged before it is filed, by what it is and by the digests
/// that go with it.
class TestVerification final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void content_data();
    void content();
    void whatAUserSaysComesFirst();
    void digests_data();
    void digests();
    void aCutFileIsFetchedAgain();
    void digestsAreRememberedForAResume();
    void whatWasRefusedCanBeKept_data();
    void whatWasRefusedCanBeKept();

private:
    QJsonObject resultOf(EngineFixture &fixture, const core::JobId &id, core::OpType type);
    static QStringList quarantined(const EngineFixture &fixture, const core::JobId &id);
};

QJsonObject TestVerification::resultOf(EngineFixture &fixture, const core::JobId &id, core::OpType type)
{
    for (const engine::OpSnapshot &op : fixture.ops(id)) {
        if (op.type == type)
            return op.result;
    }
    return {};
}

QStringList TestVerification::quarantined(const EngineFixture &fixture, const core::JobId &id)
{
    return QDir(fixture.settings.quarantineFolder + u'/' + id.value).entryList(QDir::Files | QDir::Hidden);
}

void TestVerification::content_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QString>("errorCode"); ///< empty: filed
    QTest::addColumn<QStringList>("flags");
    const auto row = [](const char *name, const QString &path, const QByteArray &body, const QByteArray &type,
                        const QString &errorCode, const QStringList &flags = {}) {
        QTest::newRow(name) << path << body << type << errorCode << flags;
    };
    const QString pdf = u"/a.pdf"_s;
    row("a PDF", pdf, plainPdf(), "application/pdf", {});
    row("a PDF, told as text", pdf, plainPdf(), "text/html", {});
    row("a PDF with bytes behind its end", pdf, plainPdf() + QByteArray(200, 'x'), "application/pdf", {},
        {u"bytes_after_end"_s});
    row("a PDF with bytes before its start", pdf, "junk\n" + plainPdf(), "application/pdf", {},
        {u"odd_start"_s});
    row("a login page for a PDF", pdf, loginPage, "text/html", u"blocked_page"_s);
    row("a login page, told as a PDF", pdf, loginPage, "application/pdf", u"blocked_page"_s);
    row("a login page for a PDF by its type", u"/get?id=7"_s, loginPage, "application/pdf",
        u"blocked_page"_s);
    row("JSON for a PDF", pdf, "{\"error\": \"not found\"}", "application/json", u"wrong_content"_s);
    row("a page where one was asked for", u"/index.html"_s, loginPage, "text/html", {});
    row("a page where nothing was said", u"/page"_s, loginPage, "text/html", {});
    row("a page for an archive", u"/data.zip"_s, loginPage, "text/html", u"blocked_page"_s);
    row("a cut PDF", pdf, plainPdf().chopped(30), "application/pdf", u"content_truncated"_s);
}

void TestVerification::content()
{
    QFETCH(QString, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, type);
    QFETCH(QString, errorCode);
    QFETCH(QStringList, flags);
    EngineFixture fixture;
    fixture.settings.maxAttempts = 2;
    QVERIFY(fixture.open());
    fixture.server.handle(path.section(u'?', 0, 0), [=](const RecordedRequest &) {
        return answer(body, {{"Content-Type", type}});
    });
    const core::JobId id = fixture.add({fixture.request(path)}).first().job.id;
    QVERIFY(fixture.work({id}));

    const engine::JobSnapshot job = fixture.job(id);
    QCOMPARE(job.errorCode, errorCode);
    const bool isFiled = errorCode.isEmpty();
    QCOMPARE(core::jobStateName(job.state), isFiled ? u"INDEXED"_s : u"FAILED"_s);
    if (!isFiled) {
        QVERIFY(job.isFailedForGood());
        QCOMPARE(fixture.folderEntries(), QStringList());
        QCOMPARE(quarantined(fixture, id).size(), 1);
        return;
    }
    QVERIFY(fixture.fileContent(job.finalPath) == body);
    QCOMPARE(quarantined(fixture, id), QStringList());
    const QJsonObject found = resultOf(fixture, id, core::OpType::Finalize).value(u"content"_s).toObject();
    QStringList seen;
    for (const QJsonValue &flag : found.value(u"flags"_s).toArray())
        seen.append(flag.toString());
    QCOMPARE(seen, flags);
}

/// The user names the file: a page under that name is what was wished.
void TestVerification::whatAUserSaysComesFirst()
{
    EngineFixture fixture;
    QVERIFY(fixture.open());
    fixture.server.handle(u"/a.pdf"_s, [](const RecordedRequest &) { return answer(loginPage); });
    engine::AddRequest request = fixture.request(u"/a.pdf"_s);
    request.fileName = u"page.html"_s;
    const core::JobId id = fixture.add({request}).first().job.id;
    QVERIFY(fixture.work({id}));
    QCOMPARE(fixture.folderEntries(), QStringList{u"page.html"_s});
}

void TestVerification::digests_data()
{
    QTest::addColumn<Headers>("headers");
    QTest::addColumn<QString>("wished"); ///< what the user expects; "+" stands for the right SHA-256
    QTest::addColumn<QString>("outcome");
    const QByteArray body = "the body";
    const QByteArray other = "another body";
    const auto row = [](const char *name, const Headers &headers, const QString &wished,
                        const QString &outcome) { QTest::newRow(name) << headers << wished << outcome; };
    const QString unknown = u"unknown"_s;
    const QString verified = u"verified"_s;
    const QString wrong = u"digest_mismatch"_s;
    const auto sha256 = [](const QByteArray &of) { return base64(of, QCryptographicHash::Sha256); };
    const auto sha512 = [](const QByteArray &of) { return base64(of, QCryptographicHash::Sha512); };
    const auto md5 = [](const QByteArray &of) { return base64(of, QCryptographicHash::Md5); };
    row("none", {}, {}, unknown);
    row("the user's", {}, u"+"_s, verified);
    row("Repr-Digest", {{"Repr-Digest", "sha-256=:" + sha256(body) + ":"}}, {}, verified);
    row("Repr-Digest, SHA-512", {{"Repr-Digest", "sha-512=:" + sha512(body) + ":"}}, {}, verified);
    row("Repr-Digest, wrong", {{"Repr-Digest", "sha-256=:" + sha256(other) + ":"}}, {}, wrong);
    row("Repr-Digest, one of two wrong",
        {{"Repr-Digest", "sha-256=:" + sha256(body) + ":, sha-512=:" + sha512(other) + ":"}}, {}, wrong);
    row("Repr-Digest, nonsense", {{"Repr-Digest", "sha-256=:abc:"}}, {}, unknown);
    row("Repr-Digest, unknown algorithm", {{"Repr-Digest", "crc32c=:AAAAAA==:"}}, {}, unknown);
    row("Content-Digest", {{"Content-Digest", "sha-256=:" + sha256(body) + ":"}}, {}, verified);
    row("Digest", {{"Digest", "SHA-256=" + sha256(body)}}, {}, verified);
    row("Digest, MD5, wrong", {{"Digest", "MD5=" + md5(other)}}, {}, wrong);
    row("Content-MD5", {{"Content-MD5", md5(body)}}, {}, verified);
    row("Content-MD5, wrong", {{"Content-MD5", md5(other)}}, {}, wrong);
    row("right for the user, wrong for the server", {{"Content-MD5", md5(other)}}, u"+"_s, wrong);
}

void TestVerification::digests()
{
    QFETCH(Headers, headers);
    QFETCH(QString, wished);
    QFETCH(QString, outcome);
    const QByteArray body = "the body";
    EngineFixture fixture;
    QVERIFY(fixture.open());
    fixture.server.handle(u"/a.bin"_s, [=](const RecordedRequest &) { return answer(body, headers); });
    engine::AddRequest request = fixture.request(u"/a.bin"_s);
    if (!wished.isEmpty())
        request.sha256 =
            QString::fromLatin1(QCryptographicHash::hash(body, QCryptographicHash::Sha256).toHex());
    const core::JobId id = fixture.add({request}).first().job.id;
    QVERIFY(fixture.work({id}));
    const engine::JobSnapshot job = fixture.job(id);
    QCOMPARE(job.errorCode.isEmpty() ? job.verification : job.errorCode, outcome);
    QCOMPARE(fixture.folderEntries().isEmpty(), !job.errorCode.isEmpty());
}

void TestVerification::aCutFileIsFetchedAgain()
{
    EngineFixture fixture;
    QVERIFY(fixture.open());
    auto count = std::make_shared<std::atomic<int>>(0);
    fixture.server.handle(u"/a.pdf"_s, [count](const RecordedRequest &) {
        return answer((*count)++ == 0 ? plainPdf().chopped(30) : plainPdf(), {{"ETag", "\"v1\""}});
    });
    const core::JobId id = fixture.add({fixture.request(u"/a.pdf"_s)}).first().job.id;
    QVERIFY(fixture.work({id}));
    QCOMPARE(core::jobStateName(fixture.job(id).state), u"INDEXED"_s);
    QVERIFY(fixture.fileContent(u"a.pdf"_s) == plainPdf());
    QCOMPARE(fixture.folderEntries(), QStringList{u"a.pdf"_s});
    QCOMPARE(quarantined(fixture, id), QStringList());
    const auto requests = fixture.server.requests(u"/a.pdf"_s);
    QCOMPARE(requests.size(), 2);
    QVERIFY(!requests[1].hasHeader("Range"));
}

void TestVerification::digestsAreRememberedForAResume()
{
    EngineFixture fixture;
    QVERIFY(fixture.open());
    const QByteArray body(300'000, 'x');
    const QByteArray digest = "sha-512=:" + base64(body, QCryptographicHash::Sha512) + ":";
    fixture.server.handle(u"/a.bin"_s, [=](const RecordedRequest &request) {
        if (!request.hasHeader("Range"))
            return Script()
                .head(200, {{"Content-Length", "300000"}, {"ETag", "\"v1\""}, {"Repr-Digest", digest}})
                .send(body.first(200'000))
                .close();
        const qint64 from = request.header("Range").mid(6).chopped(1).toLongLong();
        return Script()
            .head(206, {{"Content-Length", QByteArray::number(300'000 - from)},
                        {"ETag", "\"v1\""},
                        {"Content-Range", "bytes " + QByteArray::number(from) + "-299999/300000"}})
            .send(body.mid(from));
    });
    const core::JobId id = fixture.add({fixture.request(u"/a.bin"_s)}).first().job.id;
    QVERIFY(fixture.work({id}));
    QCOMPARE(fixture.job(id).verification, u"verified"_s);
    QVERIFY(fixture.fileContent(u"a.bin"_s) == body);
}

void TestVerification::whatWasRefusedCanBeKept_data()
{
    QTest::addColumn<QByteArray>("digest");
    QTest::newRow("a page") << QByteArray();
    QTest::newRow("a wrong digest") << QByteArray("sha-256=:" + base64("other", QCryptographicHash::Sha256) +
                                                  ":");
}

void TestVerification::whatWasRefusedCanBeKept()
{
    QFETCH(QByteArray, digest);
    EngineFixture fixture;
    QVERIFY(fixture.open());
    fixture.server.handle(u"/a.pdf"_s, [digest](const RecordedRequest &) {
        return answer(loginPage, digest.isEmpty() ? Headers{} : Headers{{"Repr-Digest", digest}});
    });
    const core::JobId id = fixture.add({fixture.request(u"/a.pdf"_s)}).first().job.id;
    QVERIFY(fixture.work({id}));
    QVERIFY(fixture.job(id).isFailedForGood());
    const auto accepted = [&fixture, id] {
        auto future = fixture.engine->acceptRefused({id});
        future.waitForFinished();
        return future.result()->changed;
    };
    QCOMPARE(accepted(), QList<core::JobId>{id});
    QCOMPARE(accepted(), QList<core::JobId>()); // it is planned by now
    fixture.server.clearRequests();
    QVERIFY(fixture.work({id}));
    QCOMPARE(core::jobStateName(fixture.job(id).state), u"INDEXED"_s);
    QVERIFY(fixture.fileContent(u"a.pdf"_s) == loginPage);
    QCOMPARE(fixture.folderEntries(), QStringList{u"a.pdf"_s});
    QCOMPARE(fixture.server.requests().size(), 0);
    QCOMPARE(fixture.job(id).verification, u"unknown"_s);
}

QTEST_GUILESS_MAIN(TestVerification)
#include "tst_verification.moc"
