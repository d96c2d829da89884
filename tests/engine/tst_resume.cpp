// SPDX-License-Identifier: MIT
#include "core/sha256.h"
#include "engine_fixture.h"
#include "storage/hasher.h"

#include <QJsonObject>
#include <QTest>

using namespace ingather;
using namespace ingather::tests;
using namespace Qt::StringLiterals;
using support::FakeHttpServer;
using support::Headers;
using support::RecordedRequest;
using support::Script;

namespace
{

constexpr qint64 size = 300'000;
constexpr qint64 cut = 200'000;
constexpr qint64 overlapFrom = cut - 64 * 1024;
const QByteArray date = "Tue, 01 Jul 2025 10:00:00 GMT";
const QByteArray strongSince = "Tue, 01 Jul 2025 09:00:00 GMT";

/// Answers the requests after the first one; `n` counts from 1.
using Later = std::function<Script(const RecordedRequest &request, int n)>;

Headers with(const Headers &validators, const Headers &more)
{
    return validators + more;
}

Script whole(const Headers &validators, qint64 shift = 0)
{
    return Script()
        .head(200, with(validators, {{"Content-Length", QByteArray::number(size)}}))
        .sendPattern(shift, size);
}

Script partFrom(qint64 first, const Headers &validators, qint64 shift = 0)
{
    return Script()
        .head(206, with(validators, {{"Content-Length", QByteArray::number(size - first)},
                                     {"Content-Range", "bytes " + QByteArray::number(first) + '-' +
                                                           QByteArray::number(size - 1) + '/' +
                                                           QByteArray::number(size)}}))
        .sendPattern(first + shift, size - first);
}

qint64 asked(const RecordedRequest &request)
{
    const QByteArray range = request.header("Range");
    return range.isNull() ? -1 : range.mid(6, range.size() - 7).toLongLong();
}

const Headers tag{{"ETag", "\"v1\""}};
const Headers weakTag{{"ETag", "W/\"v1\""}};
const Headers oldDate{{"Date", date}, {"Last-Modified", strongSince}};
const Headers freshDate{{"Date", date}, {"Last-Modified", date}};

} // namespace

Q_DECLARE_METATYPE(Later)

/// A body that is cut off after its first 200,000 bytes, then every way in which a server may answer to the
/// wish for the rest. Whatever it does, the file is right in the end.
class TestResume final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers_data();
    void answers();
    void theOlderPartIsKeptUntilTheNewOneIsComplete();
    void anotherLedgersPartIsAdopted();
};

void TestResume::answers_data()
{
    QTest::addColumn<Headers>("validators");
    QTest::addColumn<Later>("later");
    QTest::addColumn<QStringList>("requests"); ///< Range and If-Range of those after the first
    QTest::addColumn<QString>("decision");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<qint64>("shift"); ///< of the pattern that the file is in the end

    const auto row = [](const char *name, const Headers &validators, const Later &later,
                        const QStringList &requests, const QString &decision, const QString &reason,
                        qint64 shift = 0) {
        QTest::newRow(name) << validators << later << requests << decision << reason << shift;
    };
    const QString rest = u"200000-"_s;
    const QString tail = QString::number(overlapFrom) + u'-';
    const QString ifTag = rest + u" \"v1\""_s;
    const QString ifDate = rest + u' ' + QString::fromLatin1(strongSince);
    const QString none = u"whole"_s;
    const QString continued = u"continued"_s;
    const QString overlapped = u"continued, overlap-checked"_s;
    const QString anew = u"started anew"_s;
    const QString unsure = u"no validator vouches for it"_s;

    const auto honest = [](const Headers &validators) {
        return [validators](const RecordedRequest &request, int) {
            return asked(request) < 0 ? whole(validators) : partFrom(asked(request), validators);
        };
    };
    row("strong tag", tag, honest(tag), {ifTag}, continued, u"same strong entity tag"_s);
    row("strong date", oldDate, honest(oldDate), {ifDate}, continued, u"same date and length"_s);
    row("weak tag", weakTag, honest(weakTag), {tail}, overlapped, unsure);
    row("date too fresh to be strong", freshDate, honest(freshDate), {tail}, overlapped, unsure);
    row("no validator", {}, honest({}), {tail}, overlapped, unsure);

    const auto ignoresCondition = [](const Headers &validators) {
        return [validators](const RecordedRequest &request, int) {
            return request.hasHeader("If-Range") || asked(request) < 0 ? whole(validators)
                                                                       : partFrom(asked(request), validators);
        };
    };
    row("200 to the condition, same tag", tag, ignoresCondition(tag), {ifTag, rest}, continued,
        u"same strong entity tag"_s);
    row("200 to the condition, same date", oldDate, ignoresCondition(oldDate), {ifDate, rest}, continued,
        u"same date and length"_s);
    row(
        "200 to everything", tag, [](const RecordedRequest &, int) { return whole(tag); }, {ifTag, rest},
        anew, u"the server gives no ranges"_s);
    row(
        "200 with another tag", tag,
        [](const RecordedRequest &, int) {
            return whole({{"ETag", "\"v2\""}}, 7);
        },
        {ifTag}, anew, u"the entity tag changed"_s, 7);
    row(
        "200 without any validator", tag, [](const RecordedRequest &, int) { return whole({}, 7); },
        {ifTag, rest}, anew, u"the server gives no ranges"_s, 7);
    row(
        "206 with another tag", tag,
        [](const RecordedRequest &request, int) {
            const Headers changed{{"ETag", "\"v2\""}};
            return asked(request) < 0 ? whole(changed, 7) : partFrom(asked(request), changed, 7);
        },
        {ifTag, none}, anew, u"the entity tag changed"_s, 7);
    row("206 without the tag, same bytes", tag, honest({}), {ifTag, tail}, overlapped, unsure);
    row(
        "206 without the tag, other bytes", tag,
        [](const RecordedRequest &request, int) {
            return asked(request) < 0 ? whole({}, 7) : partFrom(asked(request), {}, 7);
        },
        {ifTag, tail, none}, anew, u"bytes before the end of the part differ"_s, 7);
    row(
        "no validator, other bytes", {},
        [](const RecordedRequest &request, int) {
            return asked(request) < 0 ? whole({}, 7) : partFrom(asked(request), {}, 7);
        },
        {tail, none}, anew, u"bytes before the end of the part differ"_s, 7);
    row(
        "no validator, no ranges", {}, [](const RecordedRequest &, int) { return whole({}, 7); }, {tail},
        anew, u"the server gives no ranges"_s, 7);
    row(
        "weak tag changed", weakTag,
        [](const RecordedRequest &request, int) {
            const Headers changed{{"ETag", "W/\"v2\""}};
            return asked(request) < 0 ? whole(changed, 7) : partFrom(asked(request), changed, 7);
        },
        {tail, none}, anew, u"the entity tag changed"_s, 7);
    row(
        "date changed", oldDate,
        [](const RecordedRequest &request, int) {
            const Headers changed{{"Date", date}, {"Last-Modified", "Tue, 01 Jul 2025 09:30:00 GMT"}};
            return asked(request) < 0 ? whole(changed, 7) : partFrom(asked(request), changed, 7);
        },
        {ifDate, none}, anew, u"the date changed"_s, 7);
    row(
        "206 that starts earlier", tag,
        [](const RecordedRequest &request, int) {
            return asked(request) < 0 ? whole(tag) : partFrom(1000, tag);
        },
        {ifTag}, overlapped, unsure);
    row(
        "206 that starts earlier, other bytes", tag,
        [](const RecordedRequest &request, int) {
            return asked(request) < 0 ? whole(tag, 7) : partFrom(1000, tag, 7);
        },
        {ifTag, none}, anew, u"bytes before the end of the part differ"_s, 7);
    row(
        "206 that starts later", tag,
        [](const RecordedRequest &request, int) {
            return asked(request) < 0 ? whole(tag) : partFrom(cut + 1, tag);
        },
        {ifTag, none}, anew, u"the server's answer to the range was wrong: range_mismatch"_s);
    row(
        "206 without Content-Range", tag,
        [](const RecordedRequest &request, int) {
            return asked(request) < 0
                       ? whole(tag)
                       : Script()
                             .head(206, with(tag, {{"Content-Length", QByteArray::number(size - cut)}}))
                             .sendPattern(cut, size - cut);
        },
        {ifTag, none}, anew, u"the server's answer to the range was wrong: range_mismatch"_s);
    row(
        "206 of several ranges", tag,
        [](const RecordedRequest &request, int) {
            return asked(request) < 0
                       ? whole(tag)
                       : Script()
                             .head(206, with(tag, {{"Content-Length", "100000"},
                                                   {"Content-Type", "multipart/byteranges; boundary=x"}}))
                             .sendPattern(cut, size - cut);
        },
        {ifTag, none}, anew, u"the server's answer to the range was wrong: range_mismatch"_s);
    row(
        "206 of another total", tag,
        [](const RecordedRequest &request, int) {
            if (asked(request) < 0)
                return whole(tag);
            return Script()
                .head(206, with(tag, {{"Content-Length", "100001"},
                                      {"Content-Range", "bytes 200000-300000/300001"}}))
                .sendPattern(cut, size - cut + 1);
        },
        {ifTag, none}, anew, u"the length changed"_s);
    row(
        "206 that is gzipped", tag,
        [](const RecordedRequest &request, int) {
            return asked(request) < 0
                       ? whole(tag)
                       : Script()
                             .head(206, with(tag, {{"Content-Length", "100000"},
                                                   {"Content-Encoding", "gzip"},
                                                   {"Content-Range", "bytes 200000-299999/300000"}}))
                             .sendPattern(cut, size - cut);
        },
        {ifTag, none}, anew, u"the server's answer to the range was wrong: content_encoded"_s);
    row(
        "416 without a total", tag,
        [](const RecordedRequest &request, int) {
            return asked(request) < 0 ? whole(tag) : Script().head(416, {{"Content-Length", "0"}});
        },
        {ifTag, none}, anew, u"the server refused the range"_s);
    row(
        "416 with another total", tag,
        [](const RecordedRequest &request, int) {
            return asked(request) < 0
                       ? whole(tag)
                       : Script().head(416, {{"Content-Length", "0"}, {"Content-Range", "bytes */300000"}});
        },
        {ifTag, none}, anew, u"the server has 300000 bytes"_s);
}

void TestResume::answers()
{
    QFETCH(Headers, validators);
    QFETCH(Later, later);
    QFETCH(QStringList, requests);
    QFETCH(qint64, shift);

    EngineFixture fixture;
    QVERIFY(fixture.open());
    auto count = std::make_shared<std::atomic<int>>(0);
    fixture.server.handle(u"/data.bin"_s, [=](const RecordedRequest &request) {
        const int n = (*count)++;
        if (n > 0)
            return later(request, n);
        return Script()
            .head(200, with(validators, {{"Content-Length", QByteArray::number(size)}}))
            .sendPattern(0, cut)
            .close();
    });
    const core::JobId id = fixture.add({fixture.request(u"/data.bin"_s)}).first().job.id;
    QVERIFY(fixture.work({id}));

    QStringList seen;
    const auto recorded = fixture.server.requests(u"/data.bin"_s);
    for (qsizetype i = 1; i < recorded.size(); ++i) {
        QString line = asked(recorded[i]) < 0 ? u"whole"_s : QString::number(asked(recorded[i])) + u'-';
        if (recorded[i].hasHeader("If-Range"))
            line += u' ' + QString::fromLatin1(recorded[i].header("If-Range"));
        seen.append(line);
    }
    QCOMPARE(seen, requests);
    const engine::JobSnapshot job = fixture.job(id);
    QCOMPARE(core::jobStateName(job.state), u"INDEXED"_s);
    QVERIFY(fixture.fileContent(u"data.bin"_s) == FakeHttpServer::pattern(shift, size));
    QCOMPARE(fixture.folderEntries(), QStringList{u"data.bin"_s});
    QCOMPARE(job.attempts, 1);
    QJsonObject resume;
    for (const engine::OpSnapshot &op : fixture.ops(id)) {
        if (op.type == core::OpType::Resume)
            resume = op.result;
    }
    QTEST(resume.value(u"decision"_s).toString(), "decision");
    QTEST(resume.value(u"reason"_s).toString(), "reason");
}

void TestResume::theOlderPartIsKeptUntilTheNewOneIsComplete()
{
    EngineFixture fixture;
    QVERIFY(fixture.open());
    auto count = std::make_shared<std::atomic<int>>(0);
    fixture.server.handle(u"/data.bin"_s, [=](const RecordedRequest &) {
        const int n = (*count)++;
        const Headers now{{"ETag", n == 0 ? "\"v1\"" : "\"v2\""}};
        if (n >= 2)
            return whole(now, 7);
        Script script;
        script.head(200, with(now, {{"Content-Length", QByteArray::number(size)}}));
        script.sendPattern(n == 0 ? 0 : 7, n == 0 ? cut : 1000);
        if (n == 1)
            script.pause(u"half"_s);
        return script.close();
    });
    const core::JobId id = fixture.add({fixture.request(u"/data.bin"_s)}).first().job.id;
    QVERIFY(fixture.startWorker({id}));
    QTRY_COMPARE(fixture.server.waitingAt(u"half"_s), 1);
    const auto parts = [&fixture] {
        return QDir(fixture.folder() + u"/.ingather"_s).entryList({u"*.part"_s}, QDir::Files).size();
    };
    QTRY_COMPARE(parts(), 2);
    fixture.server.release(u"half"_s);
    QTRY_VERIFY(fixture.job(id).hasEnded());
    QVERIFY(fixture.stopWorker());
    QVERIFY(fixture.fileContent(u"data.bin"_s) == FakeHttpServer::pattern(7, size));
    QCOMPARE(fixture.folderEntries(), QStringList{u"data.bin"_s});
}

void TestResume::anotherLedgersPartIsAdopted()
{
    constexpr qint64 large = 24 * 1024 * 1024;
    EngineFixture fixture;
    fixture.server.handle(u"/data.bin"_s, [](const RecordedRequest &request) {
        const qint64 from = std::max<qint64>(asked(request), 0);
        const Headers length{{"Content-Length", QByteArray::number(large - from)}, {"ETag", "\"v1\""}};
        if (from == 0)
            return Script().head(200, length).sendPattern(0, large - 1'000'000).stall();
        return Script()
            .head(206, length + Headers{{"Content-Range", "bytes " + QByteArray::number(from) + '-' +
                                                              QByteArray::number(large - 1) + '/' +
                                                              QByteArray::number(large)}})
            .sendPattern(from, large - from);
    });
    QVERIFY(fixture.open());
    const core::JobId id = fixture.add({fixture.request(u"/data.bin"_s)}).first().job.id;
    QVERIFY(fixture.startWorker({id}));
    QTRY_VERIFY(!fixture.engine->progress().isEmpty() &&
                fixture.engine->progress().first().bytesDone == large - 1'000'000);
    QVERIFY(fixture.stopWorker());

    fixture.engine.reset();
    fixture.settings.ledgerPath = fixture.dir.filePath(u"other.sqlite3"_s);
    QVERIFY(fixture.open());
    QCOMPARE(fixture.add({fixture.request(u"/data.bin"_s)}).first().job.id, id);
    fixture.server.clearRequests();
    QVERIFY(fixture.work({id}));
    QVERIFY(fixture.fileContent(u"data.bin"_s) == FakeHttpServer::pattern(0, large));
    QCOMPARE(fixture.folderEntries(), QStringList{u"data.bin"_s});
    // All but the last 16 MiB of it were believed.
    const auto requests = fixture.server.requests(u"/data.bin"_s);
    QCOMPARE(requests.size(), 1);
    QCOMPARE(asked(requests.first()), large - 1'000'000 - 16 * 1024 * 1024);
}

QTEST_GUILESS_MAIN(TestResume)
#include "tst_resume.moc"
