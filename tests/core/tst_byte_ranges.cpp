// SPDX-License-Identifier: MIT
#include "core/byte_ranges.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <vector>

using namespace ingather::core;
using namespace Qt::StringLiterals;

class TestByteRanges final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spansGrowTogether_data();
    void spansGrowTogether();
    void agreesWithABitmap();
    void textsOfOthersAreRefused_data();
    void textsOfOthersAreRefused();
};

void TestByteRanges::spansGrowTogether_data()
{
    QTest::addColumn<QList<ByteSpan>>("added");
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("prefix");
    const auto row = [](const char *name, const QList<ByteSpan> &added, const QString &text, qint64 prefix) {
        QTest::newRow(name) << added << text << prefix;
    };
    row("nothing", {}, u"[]"_s, 0);
    row("empty spans", {{5, 5}, {7, 3}}, u"[]"_s, 0);
    row("from the start", {{0, 10}}, u"[[0,10]]"_s, 10);
    row("not from the start", {{1, 10}}, u"[[1,10]]"_s, 0);
    row("apart", {{20, 30}, {0, 10}}, u"[[0,10],[20,30]]"_s, 10);
    row("touching", {{0, 10}, {10, 20}}, u"[[0,20]]"_s, 20);
    row("touching from behind", {{10, 20}, {0, 10}}, u"[[0,20]]"_s, 20);
    row("overlapping", {{0, 10}, {5, 20}}, u"[[0,20]]"_s, 20);
    row("within", {{0, 20}, {5, 10}}, u"[[0,20]]"_s, 20);
    row("around", {{5, 10}, {0, 20}}, u"[[0,20]]"_s, 20);
    row("closing a gap", {{0, 10}, {20, 30}, {10, 20}}, u"[[0,30]]"_s, 30);
    row("over many", {{0, 1}, {2, 3}, {4, 5}, {8, 9}, {1, 6}}, u"[[0,6],[8,9]]"_s, 6);
}

void TestByteRanges::spansGrowTogether()
{
    QFETCH(QList<ByteSpan>, added);
    ByteRanges ranges;
    for (const ByteSpan &span : added)
        ranges.add(span);
    QTEST(ranges.toText(), "text");
    QTEST(ranges.prefix(), "prefix");
    QCOMPARE(ByteRanges::fromText(ranges.toText()), ranges);
}

void TestByteRanges::agreesWithABitmap()
{
    const quint32 seed = std::random_device{}();
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    constexpr int size = 60;
    for (int round = 0; round < 2000; ++round) {
        ByteRanges ranges;
        std::vector<bool> bitmap(size, false);
        for (int i = 0; i < 8; ++i) {
            const auto first = static_cast<int>(random() % size);
            const auto end = std::min<int>(size, first + static_cast<int>(random() % 12));
            ranges.add({first, end});
            std::fill(bitmap.begin() + first, bitmap.begin() + end, true);
        }
        std::vector<bool> shown(size, false);
        qint64 total = 0;
        for (const ByteSpan &span : ranges.spans()) {
            std::fill(shown.begin() + span.first, shown.begin() + span.end, true);
            total += span.size();
        }
        QVERIFY(shown == bitmap);
        QCOMPARE(ranges.total(), total);
        for (const ByteSpan &gap : ranges.missing(size))
            std::fill(shown.begin() + gap.first, shown.begin() + gap.end, true);
        QVERIFY(std::find(shown.begin(), shown.end(), false) == shown.end());
        QCOMPARE(ByteRanges::fromText(ranges.toText()), ranges);
    }
}

void TestByteRanges::textsOfOthersAreRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text :
         {"", "null", "{}", "[1,2]", "[[1]]", "[[1,2,3]]", "[[2,1]]", "[[-1,2]]", "[[1,1]]", "[[5,9],[1,2]]",
          "[[0,5],[5,9]]", "[[0,5],[4,9]]", "[[0.5,2]]", "[[\"0\",2]]"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void TestByteRanges::textsOfOthersAreRefused()
{
    QFETCH(QString, text);
    QVERIFY(!ByteRanges::fromText(text));
}

QTEST_APPLESS_MAIN(TestByteRanges)
#include "tst_byte_ranges.moc"
