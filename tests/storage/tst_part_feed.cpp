// SPDX-License-Identifier: MIT
#include "storage/part_feed.h"

#include "scratch_root.h"
#include "storage/part_file.h"
#include "support/file_size_limit.h"

#include <QTest>

#include <algorithm>
#include <functional>
#include <latch>
#include <thread>
#include <vector>

using namespace ingather;
using namespace ingather::storage;
using namespace ingather::tests;
using namespace Qt::StringLiterals;

namespace
{

/// Runs each function on a thread of its own; all have ended when it goes.
class Threads final
{
public:
    ~Threads()
    {
        for (std::thread &thread : m_threads)
            thread.join();
    }
    PartFeed::Runner runner()
    {
        return [this](std::function<void()> work) { m_threads.emplace_back(std::move(work)); };
    }

private:
    std::vector<std::thread> m_threads;
};

std::shared_ptr<PartFile> newPart(const ScratchRoot &root)
{
    auto part = PartFile::create(root.path(), u"x.1-1.part"_s, description());
    if (!part)
        qFatal("cannot make a part");
    return std::make_shared<PartFile>(std::move(*part));
}

void waitUntilWritten(PartFeed &feed)
{
    std::latch written(1);
    feed.whenAtMost(0, [&written] { written.count_down(); });
    written.wait();
}

} // namespace

class TestPartFeed final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void blocksArriveInOrder();
    void buffersGoRound();
    void aBlockThatCannotBeWrittenEndsIt();
    void checkpointsMayRunMeanwhile();
    void whoWaitsForNothingIsAnsweredAtOnce();
};

void TestPartFeed::blocksArriveInOrder()
{
    const ScratchRoot root;
    const auto part = newPart(root);
    const QByteArray bytes = testBytes(5'000'000);
    {
        Threads threads;
        const auto feed = PartFeed::make(part, threads.runner());
        for (qsizetype at = 0; at < bytes.size(); at += 70'001) {
            const qsizetype size = std::min<qsizetype>(70'001, bytes.size() - at);
            feed->give(bytes.mid(at, size) + "beyond the size", size);
        }
        waitUntilWritten(*feed);
        QCOMPARE(feed->waiting(), qint64(0));
        QVERIFY(!feed->failure());
    }
    QCOMPARE(part->length(), bytes.size());
    QCOMPARE(part->digest(), sha256Of(bytes));
    QVERIFY(part->close());
    QVERIFY(root.read(u".ingather/x.1-1.part"_s) == bytes);
}

void TestPartFeed::buffersGoRound()
{
    const ScratchRoot root;
    const auto part = newPart(root);
    Threads threads;
    const auto feed = PartFeed::make(part, threads.runner());
    QVERIFY(feed->buffer().isNull());
    QByteArray block = testBytes(1000);
    const char *memory = block.constData();
    feed->give(std::move(block), 1000);
    waitUntilWritten(*feed);
    const QByteArray again = feed->buffer();
    QCOMPARE(static_cast<const void *>(again.constData()), static_cast<const void *>(memory));
    QVERIFY(feed->buffer().isNull());
}

void TestPartFeed::aBlockThatCannotBeWrittenEndsIt()
{
    const ScratchRoot root;
    const auto part = newPart(root);
    const QByteArray bytes = testBytes(100'000);
    const support::FileSizeLimit limit(150'000);
    Threads threads;
    const auto feed = PartFeed::make(part, threads.runner());
    for (int i = 0; i < 4; ++i)
        feed->give(bytes, bytes.size());
    waitUntilWritten(*feed);
    QVERIFY(feed->failure());
    QCOMPARE(part->length(), bytes.size());
    QCOMPARE(part->digest(), sha256Of(bytes));
    feed->give(bytes, bytes.size());
    QCOMPARE(feed->waiting(), qint64(0));
}

void TestPartFeed::checkpointsMayRunMeanwhile()
{
    const ScratchRoot root;
    const auto part = newPart(root);
    const QByteArray block = testBytes(64 * 1024);
    constexpr int blocks = 200;
    QByteArray all;
    {
        Threads threads;
        const auto feed = PartFeed::make(part, threads.runner());
        qint64 durable = 0;
        for (int i = 0; i < blocks; ++i) {
            feed->give(block, block.size());
            all += block;
            if (i % 20 != 0)
                continue;
            QVERIFY(part->checkpoint());
            QVERIFY(part->durableLength() >= durable && part->durableLength() <= part->length());
            durable = part->durableLength();
        }
        waitUntilWritten(*feed);
    }
    QVERIFY(part->checkpoint());
    QCOMPARE(part->durableLength(), qint64(blocks) * block.size());
    QCOMPARE(part->digest(), sha256Of(all));
}

void TestPartFeed::whoWaitsForNothingIsAnsweredAtOnce()
{
    const ScratchRoot root;
    Threads threads;
    const auto feed = PartFeed::make(newPart(root), threads.runner());
    bool isAnswered = false;
    feed->whenAtMost(0, [&isAnswered] { isAnswered = true; });
    QVERIFY(isAnswered);
}

QTEST_GUILESS_MAIN(TestPartFeed)
#include "tst_part_feed.moc"
