// SPDX-License-Identifier: MIT
// Transfers that break off, and every way in which a server may answer to the wish for the rest.
#include "e2e/behaviour.h"

#include <QTest>

#include <atomic>

using namespace ingather::e2e;
using namespace Qt::StringLiterals;
using ingather::support::FakeHttpServer;
using ingather::support::Handler;
using ingather::support::Headers;
using ingather::support::RecordedRequest;
using ingather::support::Script;

class TestBehavioursRanges : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ladder_data();
    void ladder() { verifyRow(); }
    void everyTenthOfAFile_data();
    void everyTenthOfAFile() { verifyRow(); }
    void segments_data();
    void segments() { verifyRow(); }
};

namespace
{

constexpr qint64 size = 300'000;
constexpr qint64 cut = 200'000;
constexpr qint64 overlap = 64 * 1024;
/// Another version of the same file: every byte of it differs in place.
constexpr qint64 shifted = 7;

const QByteArray date = "Tue, 01 Jul 2025 10:00:00 GMT";
const QByteArray earlier = "Tue, 01 Jul 2025 09:00:00 GMT";
const Headers tag{{"ETag", "\"v1\""}};
const Headers otherTag{{"ETag", "\"v2\""}};
const Headers weakTag{{"ETag", "W/\"v1\""}};
const Headers strongDate{{"Date", date}, {"Last-Modified", earlier}};
const Headers freshDate{{"Date", date}, {"Last-Modified", date}};

QByteArray number(qint64 value)
{
    return QByteArray::number(value);
}

/// The first byte that is asked for; -1: the whole.
qint64 asked(const RecordedRequest &request)
{
    const QByteArray range = request.header("Range");
    return range.isNull() ? -1 : range.mid(6).split('-').first().toLongLong();
}

Script whole(const Headers &validators, qint64 shift = 0)
{
    return Script()
        .head(200, validators + Headers{{"Content-Length", number(size)}})
        .sendPattern(shift, size);
}

/// The bytes from `first` on, as `total` says and with `more`.
Script rest(qint64 first, const Headers &more, qint64 shift = 0, qint64 total = size)
{
    return Script()
        .head(206, more + Headers{{"Content-Length", number(total - first)},
                                  {"Content-Range",
                                   "bytes " + number(first) + '-' + number(total - 1) + '/' + number(total)}})
        .sendPattern(first + shift, total - first);
}

/// Ranges as asked for, whatever the condition.
Handler giving(const Headers &validators, qint64 shift = 0)
{
    return [=](const RecordedRequest &request) {
        return asked(request) < 0 ? whole(validators, shift) : rest(asked(request), validators, shift);
    };
}

/// 200 to any request with If-Range.
Handler refusingConditions(const Headers &validators)
{
    return [=](const RecordedRequest &request) {
        const bool isPlain = !request.hasHeader("If-Range") && asked(request) >= 0;
        return isPlain ? rest(asked(request), validators) : whole(validators);
    };
}

/// `script` for every range, and the whole with the tag where no range is asked for.
Handler toRanges(const Script &script)
{
    return [=](const RecordedRequest &request) { return asked(request) < 0 ? whole(tag) : script; };
}

/// A body that breaks off after 200,000 bytes, then `later`. `requests` are those after the first.
void row(Table &table, const char *name, const Headers &validators, const Handler &later,
         QStringList requests, qint64 shift = 0, const char *ops = withResume)
{
    const Script first = Script()
                             .head(200, validators + Headers{{"Content-Length", number(size)}})
                             .sendPattern(0, cut)
                             .close();
    Behaviour behaviour{.handler = firstThen(first, later),
                        .ending = filed(FakeHttpServer::pattern(shift, size), 1, ops)};
    requests.prepend(u"whole"_s);
    behaviour.ending.requests = requests;
    table.append({name, behaviour});
}

const QString fromEnd = u"200000-"_s;
const QString fromOverlap = QString::number(cut - overlap) + u'-';
const QString ifTag = fromEnd + u" \"v1\""_s;
const QString ifDate = fromEnd + u' ' + QString::fromLatin1(earlier);
const QString all = u"whole"_s;

void addHonestRows(Table &table)
{
    row(table, "strong tag", tag, giving(tag), {ifTag});
    row(table, "strong date", strongDate, giving(strongDate), {ifDate});
    row(table, "weak tag: the last bytes are compared", weakTag, giving(weakTag), {fromOverlap});
    row(table, "date too fresh to be strong", freshDate, giving(freshDate), {fromOverlap});
    row(table, "no validator at all", {}, giving({}), {fromOverlap});
    row(table, "200 to the condition, 206 without it, by tag", tag, refusingConditions(tag),
        {ifTag, fromEnd});
    row(table, "200 to the condition, 206 without it, by date", strongDate, refusingConditions(strongDate),
        {ifDate, fromEnd});
    row(table, "no ranges for anybody", tag, always(whole(tag)), {ifTag, fromEnd});
}

void addChangedRows(Table &table)
{
    const Headers otherDate{{"Date", date}, {"Last-Modified", "Tue, 01 Jul 2025 09:30:00 GMT"}};
    const Headers otherWeakTag{{"ETag", "W/\"v2\""}};
    row(table, "200 with another tag", tag, always(whole(otherTag, shifted)), {ifTag}, shifted, anew);
    row(table, "200 without any validator", tag, always(whole({}, shifted)), {ifTag, fromEnd}, shifted, anew);
    row(table, "206 with another tag", tag, giving(otherTag, shifted), {ifTag, all}, shifted, anew);
    row(table, "206 with another date", strongDate, giving(otherDate, shifted), {ifDate, all}, shifted);
    row(table, "206 with another weak tag", weakTag, giving(otherWeakTag, shifted), {fromOverlap, all},
        shifted, anew);
    row(table, "206 whose validator is gone, same bytes", tag, giving({}), {ifTag, fromOverlap});
    row(table, "206 whose validator is gone, other bytes", tag, giving({}, shifted),
        {ifTag, fromOverlap, all}, shifted, anew);
    row(table, "no validator, other bytes", {}, giving({}, shifted), {fromOverlap, all}, shifted);
    row(table, "no validator, no ranges, other bytes", {}, always(whole({}, shifted)), {fromOverlap},
        shifted);
}

/// A server without ranges that breaks off three times: each time there is a new part beside the older ones.
void addHopelessRow(Table &table)
{
    const Script broken =
        Script().head(200, tag + Headers{{"Content-Length", number(size)}}).sendPattern(0, cut).close();
    const auto tries = std::make_shared<std::atomic<int>>(0);
    const Handler later = [broken, tries](const RecordedRequest &request) {
        const bool isLastTry = !request.hasHeader("If-Range") && ++*tries == 3;
        return isLastTry ? whole(tag) : broken;
    };
    Ending ending = filed(FakeHttpServer::pattern(0, size), 3,
                          "HEAD DONE, RESUME DONE, STREAM DONE, FINALIZE DONE, INDEX DONE");
    table.append({"no ranges, and broken off three times",
                  Behaviour{.handler = firstThen(broken, later), .ending = ending}});
}

void addWrongRows(Table &table)
{
    const Headers length{{"Content-Length", number(size - cut)}};
    const Headers range{{"Content-Range", "bytes 200000-299999/300000"}};
    const auto bytes = [](Script script) { return script.sendPattern(cut, size - cut); };
    row(table, "206 that starts earlier", tag, toRanges(rest(1000, tag)), {ifTag});
    row(table, "206 that starts later", tag, toRanges(rest(cut + 1, tag)), {ifTag, all});
    row(table, "206 of a longer file", tag, toRanges(rest(cut, tag, 0, size + 1)), {ifTag, all});
    row(table, "206 of a shorter file", tag, toRanges(rest(cut, tag, 0, size - 1)), {ifTag, all});
    row(table, "206 without Content-Range", tag, toRanges(bytes(Script().head(206, tag + length))),
        {ifTag, all});
    row(table, "206 in lines instead of bytes", tag,
        toRanges(bytes(Script().head(206, tag + length + Headers{{"Content-Range", "lines 1-2/3"}}))),
        {ifTag, all});
    row(table, "206 of several ranges", tag,
        toRanges(bytes(Script().head(
            206, tag + length + Headers{{"Content-Type", "multipart/byteranges; boundary=x"}}))),
        {ifTag, all});
    row(table, "206 that is gzipped", tag,
        toRanges(bytes(Script().head(206, tag + length + range + Headers{{"Content-Encoding", "gzip"}}))),
        {ifTag, all});
    row(table, "416 without a total", tag, toRanges(exactly(416, {{"Content-Length", "0"}})), {ifTag, all});
    row(table, "416 with the same total", tag,
        toRanges(exactly(416, {{"Content-Length", "0"}, {"Content-Range", "bytes */300000"}})), {ifTag, all});
}

} // namespace

void TestBehavioursRanges::ladder_data()
{
    Table table;
    addHonestRows(table);
    addChangedRows(table);
    addWrongRows(table);
    addHopelessRow(table);
    addRows(table);
}

void TestBehavioursRanges::everyTenthOfAFile_data()
{
    Table table;
    for (int tenth = 0; tenth < 10; ++tenth) {
        const Script first = Script()
                                 .head(200, tag + Headers{{"Content-Length", number(size)}})
                                 .sendPattern(0, size / 10 * tenth)
                                 .reset();
        // Without a byte there is no part, so there is nothing to go on with.
        const Ending ending = filed(FakeHttpServer::pattern(0, size), 1, tenth == 0 ? inOneGo : withResume);
        table.append({"reset after " + number(tenth) + " tenths",
                      Behaviour{.handler = firstThen(first, giving(tag)), .ending = ending}});
    }
    addRows(table);
}

namespace
{

constexpr qint64 large = 6 * 1024 * 1024;

Script piece(const RecordedRequest &request, const Headers &validators, qint64 shift = 0, bool isCut = false)
{
    const QByteArray range = request.header("Range");
    const qint64 first = std::max<qint64>(asked(request), 0);
    const QByteArray end = range.mid(6).split('-').value(1);
    const qint64 last = end.isEmpty() ? large - 1 : end.toLongLong();
    Headers headers =
        validators + Headers{{"Content-Length", number(last - first + 1)}, {"Accept-Ranges", "bytes"}};
    if (!range.isNull())
        headers.append(
            {"Content-Range", "bytes " + number(first) + '-' + number(last) + '/' + number(large)});
    Script script;
    script.head(range.isNull() ? 200 : 206, headers);
    const qint64 length = last - first + 1;
    return isCut ? script.sendPattern(first + shift, length / 2).reset()
                 : script.sendPattern(first + shift, length);
}

void segmentRow(Table &table, const char *name, const Handler &handler, bool isOnlyTheFile = false)
{
    Behaviour behaviour{.handler = handler,
                        .ending = filed(FakeHttpServer::pattern(0, large)),
                        .options = {u"--segments"_s, u"4"_s}};
    behaviour.ending.isOnlyTheFile = isOnlyTheFile;
    table.append({name, behaviour});
}

} // namespace

void TestBehavioursRanges::segments_data()
{
    Table table;
    segmentRow(table, "a server that likes ranges",
               [](const RecordedRequest &request) { return piece(request, tag); });
    segmentRow(table, "ranges by a strong date",
               [](const RecordedRequest &request) { return piece(request, strongDate); });
    // Where lanes are refused while another still reads, it is chance whether that one can go on to the end
    // by itself or an attempt is lost. The file has to be right either way.
    segmentRow(
        table, "a server that says it likes them and does not",
        [](const RecordedRequest &) {
            return Script()
                .head(200, tag + Headers{{"Content-Length", number(large)}, {"Accept-Ranges", "bytes"}})
                .sendPattern(0, large);
        },
        true);
    segmentRow(table, "a server that says none", [](const RecordedRequest &) {
        return Script()
            .head(200, tag + Headers{{"Content-Length", number(large)}, {"Accept-Ranges", "none"}})
            .sendPattern(0, large);
    });
    segmentRow(
        table, "a server whose ranges are of another version",
        [](const RecordedRequest &request) {
            return request.hasHeader("Range") ? piece(request, otherTag, shifted) : piece(request, tag);
        },
        true);
    segmentRow(table, "no validator, so one connection",
               [](const RecordedRequest &request) { return piece(request, {}); });
    segmentRow(
        table, "a server that refuses three more connections for a moment",
        [refused = std::make_shared<std::atomic<int>>(0)](const RecordedRequest &request) {
            const bool isMore = request.hasHeader("Range") && (*refused)++ < 3;
            return isMore ? exactly(503, {{"Content-Length", "0"}}) : piece(request, tag);
        },
        true);
    segmentRow(table, "ranges that break off in their middle",
               [broken = std::make_shared<std::atomic<int>>(0)](const RecordedRequest &request) {
                   const bool isCut = request.hasHeader("Range") && (*broken)++ % 2 == 0;
                   return piece(request, tag, 0, isCut);
               });
    addRows(table);
}

QTEST_GUILESS_MAIN(TestBehavioursRanges)
#include "tst_behaviours_ranges.moc"
