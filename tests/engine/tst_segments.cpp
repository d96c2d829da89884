// SPDX-License-Identifier: MIT
#include "engine_fixture.h"

#include <QJsonObject>
#include <QTest>

#include <atomic>

using namespace ingather;
using namespace ingather::tests;
using namespace Qt::StringLiterals;
using support::FakeHttpServer;
using support::RecordedRequest;
using support::Script;

namespace
{

constexpr qint64 mebibyte = 1024 * 1024;
constexpr qint64 size = 24 * mebibyte;
const QByteArray tag = "\"v1\"";

struct Asked {
    qint64 first = 0;
    qint64 last = size - 1;
};

Asked asked(const RecordedRequest &request)
{
    const QByteArray range = request.header("Range");
    if (range.isNull())
        return {};
    const QList<QByteArray> ends = range.mid(6).split('-');
    return {ends[0].toLongLong(), ends[1].isEmpty() ? size - 1 : ends[1].toLongLong()};
}

Script head(const RecordedRequest &request)
{
    const Asked span = asked(request);
    const support::Headers common{{"Content-Length", QByteArray::number(span.last - span.first + 1)},
                                  {"Accept-Ranges", "bytes"},
                                  {"ETag", tag}};
    if (!request.hasHeader("Range"))
        return Script().head(200, common);
    return Script().head(
        206, common + support::Headers{{"Content-Range", "bytes " + QByteArray::number(span.first) + '-' +
                                                             QByteArray::number(span.last) + '/' +
                                                             QByteArray::number(size)}});
}

Script honest(const RecordedRequest &request)
{
    const Asked span = asked(request);
    return head(request).sendPattern(span.first, span.last - span.first + 1);
}

} // namespace

/// One large file over several connections.
class TestSegments final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void rangesMakeTheWhole();
    void aServerWithoutRangesIsReadToTheEnd();
    void aRangeOfAnotherFileIsNotTaken();
    void aPieceOfAnotherDateIsNotTaken();
    void aPartInPiecesIsNotAdopted();
    void brokenConnectionsAreMadeUpFor();
    void whatIsThereIsNotFetchedAgain();
    void withoutASureConditionThereIsOneConnection();

private:
    core::JobId add(const support::Handler &handler);
    void verifyFile(const core::JobId &id);

    std::unique_ptr<EngineFixture> m_fixture;
};

void TestSegments::init()
{
    m_fixture = std::make_unique<EngineFixture>();
    QVERIFY(m_fixture->open());
}

core::JobId TestSegments::add(const support::Handler &handler)
{
    m_fixture->server.handle(u"/large.bin"_s, handler);
    engine::AddRequest request = m_fixture->request(u"/large.bin"_s);
    request.segments = 4;
    return m_fixture->add({request}).first().job.id;
}

void TestSegments::verifyFile(const core::JobId &id)
{
    QCOMPARE(core::jobStateName(m_fixture->job(id).state), u"INDEXED"_s);
    QVERIFY(m_fixture->fileContent(u"large.bin"_s) == FakeHttpServer::pattern(0, size));
    QCOMPARE(m_fixture->folderEntries(), QStringList{u"large.bin"_s});
}

void TestSegments::rangesMakeTheWhole()
{
    const core::JobId id = add(honest);
    QVERIFY(m_fixture->work({id}));
    verifyFile(id);
    const auto requests = m_fixture->server.requests(u"/large.bin"_s);
    QVERIFY(requests.size() >= 4);
    for (qsizetype i = 1; i < requests.size(); ++i)
        QCOMPARE(requests[i].header("If-Range"), tag);
}

void TestSegments::aServerWithoutRangesIsReadToTheEnd()
{
    const core::JobId id = add([](const RecordedRequest &) {
        return Script()
            .head(200,
                  {{"Content-Length", QByteArray::number(size)}, {"Accept-Ranges", "bytes"}, {"ETag", tag}})
            .sendPattern(0, size);
    });
    QVERIFY(m_fixture->work({id}));
    verifyFile(id);
    QVERIFY(m_fixture->server.requests(u"/large.bin"_s).size() > 1);

    // The host is known for it by now.
    m_fixture->server.handle(u"/other.bin"_s, [](const RecordedRequest &) {
        return Script()
            .head(200,
                  {{"Content-Length", QByteArray::number(size)}, {"Accept-Ranges", "bytes"}, {"ETag", tag}})
            .sendPattern(0, size);
    });
    engine::AddRequest other = m_fixture->request(u"/other.bin"_s);
    other.segments = 4;
    QVERIFY(m_fixture->work({m_fixture->add({other}).first().job.id}));
    QCOMPARE(m_fixture->server.requests(u"/other.bin"_s).size(), 1);
}

void TestSegments::aRangeOfAnotherFileIsNotTaken()
{
    const core::JobId id = add([](const RecordedRequest &request) {
        if (!request.hasHeader("Range"))
            return honest(request);
        const Asked span = asked(request);
        return Script()
            .head(206,
                  {{"Content-Length", QByteArray::number(span.last - span.first + 1)},
                   {"ETag", "\"other\""},
                   {"Content-Range", "bytes " + QByteArray::number(span.first) + '-' +
                                         QByteArray::number(span.last) + '/' + QByteArray::number(size)}})
            .sendPattern(span.first + 7, span.last - span.first + 1);
    });
    QVERIFY(m_fixture->work({id}));
    verifyFile(id);
}

/// No tag, a server that does not look at If-Range, and a file that was replaced by one of the same length.
void TestSegments::aPieceOfAnotherDateIsNotTaken()
{
    const QByteArray before = "Sun, 06 Nov 1994 08:49:37 GMT";
    const QByteArray after = "Mon, 07 Nov 1994 08:49:37 GMT";
    auto isReplaced = std::make_shared<std::atomic<bool>>(false);
    const core::JobId id = add([=](const RecordedRequest &request) {
        const Asked span = asked(request);
        const bool isNew = request.hasHeader("Range") || *isReplaced;
        *isReplaced = isNew;
        support::Headers headers{{"Content-Length", QByteArray::number(span.last - span.first + 1)},
                                 {"Accept-Ranges", "bytes"},
                                 {"Date", "Tue, 08 Nov 1994 08:49:37 GMT"},
                                 {"Last-Modified", isNew ? after : before}};
        const qint64 shift = isNew ? 7 : 0;
        if (!request.hasHeader("Range"))
            return Script().head(200, headers).sendPattern(shift, isNew ? size : mebibyte).stall();
        headers.append({"Content-Range", "bytes " + QByteArray::number(span.first) + '-' +
                                             QByteArray::number(span.last) + '/' + QByteArray::number(size)});
        return Script().head(206, headers).sendPattern(shift + span.first, span.last - span.first + 1);
    });
    QVERIFY(m_fixture->startWorker({id}));
    // All other lanes have got an answer, and have taken nothing of it.
    QTRY_VERIFY(m_fixture->server.requests(u"/large.bin"_s).size() >= 4);
    QVERIFY(m_fixture->stopWorker());
    QVERIFY2(m_fixture->job(id).bytesDone <= mebibyte, QByteArray::number(m_fixture->job(id).bytesDone));
    auto hosts = m_fixture->engine->hosts();
    hosts.waitForFinished();
    QVERIFY(hosts.result().has_value());
    QVERIFY(hosts.result()->isEmpty()); // it did nothing wrong

    QVERIFY(m_fixture->work({id}));
    QVERIFY(m_fixture->fileContent(u"large.bin"_s) == FakeHttpServer::pattern(7, size));
}

/// Neither name nor size of such a part shows its holes to a ledger that finds it.
void TestSegments::aPartInPiecesIsNotAdopted()
{
    auto isCut = std::make_shared<std::atomic<bool>>(true);
    const core::JobId id = add([isCut](const RecordedRequest &request) {
        if (*isCut && !request.hasHeader("Range"))
            return head(request).sendPattern(0, mebibyte).stall();
        return honest(request);
    });
    QVERIFY(m_fixture->startWorker({id}));
    QTRY_VERIFY(!m_fixture->engine->progress().isEmpty() &&
                m_fixture->engine->progress().first().bytesDone > 12 * mebibyte);
    QVERIFY(m_fixture->stopWorker());
    QVERIFY(m_fixture->job(id).bytesDone < size);

    *isCut = false;
    m_fixture->engine.reset();
    m_fixture->settings.ledgerPath = m_fixture->dir.filePath(u"other.sqlite3"_s);
    QVERIFY(m_fixture->open());
    QCOMPARE(m_fixture->add({m_fixture->request(u"/large.bin"_s)}).first().job.id, id);
    QVERIFY(m_fixture->work({id}));
    QCOMPARE(core::jobStateName(m_fixture->job(id).state), u"INDEXED"_s);
    QVERIFY(m_fixture->fileContent(u"large.bin"_s) == FakeHttpServer::pattern(0, size));
}

void TestSegments::brokenConnectionsAreMadeUpFor()
{
    auto count = std::make_shared<std::atomic<int>>(0);
    const core::JobId id = add([count](const RecordedRequest &request) {
        const Asked span = asked(request);
        const qint64 length = span.last - span.first + 1;
        // Every second connection breaks in the middle of its range.
        if ((*count)++ % 2 == 0)
            return head(request).sendPattern(span.first, length / 2).reset();
        return honest(request);
    });
    QVERIFY(m_fixture->work({id}));
    verifyFile(id);
}

void TestSegments::whatIsThereIsNotFetchedAgain()
{
    auto isHeld = std::make_shared<std::atomic<bool>>(true);
    const core::JobId id = add([isHeld](const RecordedRequest &request) {
        const Asked span = asked(request);
        const qint64 length = span.last - span.first + 1;
        if (!*isHeld)
            return honest(request);
        return head(request).sendPattern(span.first, std::min(length, mebibyte)).stall();
    });
    QVERIFY(m_fixture->startWorker({id}));
    QTRY_VERIFY(m_fixture->server.requests(u"/large.bin"_s).size() >= 4);
    QTRY_VERIFY(!m_fixture->engine->progress().isEmpty() &&
                m_fixture->engine->progress().first().bytesDone >= 4 * mebibyte);
    QVERIFY(m_fixture->stopWorker());
    QVERIFY(QFile::exists(m_fixture->folder() + u"/.ingather"_s));
    QVERIFY(m_fixture->job(id).bytesDone >= 4 * mebibyte);

    *isHeld = false;
    m_fixture->server.clearRequests();
    const qint64 before = m_fixture->server.bytesWritten();
    QVERIFY(m_fixture->open());
    QVERIFY(m_fixture->work({id}));
    verifyFile(id);
    // Four pieces of one mebibyte were there; open-ended and shortened ranges send some bytes too many.
    qint64 asked = 0;
    for (const RecordedRequest &request : m_fixture->server.requests(u"/large.bin"_s))
        asked = std::max(asked, ::asked(request).first);
    QVERIFY(asked > 0);
    QVERIFY2(m_fixture->server.bytesWritten() - before < size + 8 * mebibyte,
             qPrintable(QString::number(m_fixture->server.bytesWritten() - before)));
    QVERIFY(m_fixture->server.requests(u"/large.bin"_s).first().hasHeader("Range"));
}

void TestSegments::withoutASureConditionThereIsOneConnection()
{
    const core::JobId id = add([](const RecordedRequest &) {
        return Script()
            .head(200, {{"Content-Length", QByteArray::number(size)}, {"Accept-Ranges", "bytes"}})
            .sendPattern(0, size);
    });
    QVERIFY(m_fixture->work({id}));
    verifyFile(id);
    QCOMPARE(m_fixture->server.requests(u"/large.bin"_s).size(), 1);
}

QTEST_GUILESS_MAIN(TestSegments)
#include "tst_segments.moc"
