// SPDX-License-Identifier: MIT
#include "storage/group_sync.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <latch>
#include <vector>

using namespace ingather;
using namespace ingather::storage;
using namespace Qt::StringLiterals;
using core::ErrorCode;

namespace
{

/// Notes what is synced; the first sync waits for `opened`.
struct ScriptedDisk {
    QStringList calls; ///< of the syncing thread; read after the GroupSync is gone
    std::latch begun{1};
    std::latch opened{1};
    bool isFirst = true;

    core::Result<> note(const QString &call)
    {
        calls.append(call);
        if (std::exchange(isFirst, false)) {
            begun.count_down();
            opened.wait();
        }
        return {};
    }
    GroupSync::Disk disk()
    {
        return {[this](const QString &root) { return note(u"volume "_s + root); },
                [this](const QString &file) { return note(u"file "_s + file); },
                [this](const QString &folder) { return note(u"folder "_s + folder); }};
    }
};

core::Error failure(ErrorCode code)
{
    return core::Error{code, u"sync"_s, 0, {}};
}

} // namespace

class TestGroupSync final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneAloneSyncsItsOwn();
    void whoeverAsksMeanwhileShares();
    void aFailureReachesTheWholeGroup();
    void aFolderThatIsGoneIsNoFailure();
    void manyThreadsAreAllAnswered();
};

void TestGroupSync::oneAloneSyncsItsOwn()
{
    ScriptedDisk script;
    script.opened.count_down();
    int answers = 0;
    {
        GroupSync group(script.disk());
        group.sync(u"/r"_s, {u"/r/a"_s}, {u"/r"_s, u"/r/p"_s}, [&answers](const core::Result<> &synced) {
            if (synced)
                ++answers;
        });
    }
    QCOMPARE(answers, 1);
    QCOMPARE(script.calls, (QStringList{u"file /r/a"_s, u"folder /r"_s, u"folder /r/p"_s}));
}

void TestGroupSync::whoeverAsksMeanwhileShares()
{
    ScriptedDisk script;
    int answers = 0;
    const GroupSync::Answer count = [&answers](const core::Result<> &) { ++answers; };
    {
        GroupSync group(script.disk());
        group.sync(u"/r"_s, {u"/r/first"_s}, {}, count);
        script.begun.wait();
        for (int i = 0; i < 5; ++i) {
            group.sync(u"/r"_s, {u"/r/%1"_s.arg(i)}, {}, count);
            group.sync(u"/other"_s, {u"/other/%1"_s.arg(i)}, {}, count);
        }
        script.opened.count_down();
    }
    QCOMPARE(answers, 11);
    QCOMPARE(script.calls, (QStringList{u"file /r/first"_s, u"volume /r"_s, u"volume /other"_s}));
}

void TestGroupSync::aFailureReachesTheWholeGroup()
{
    ScriptedDisk script;
    GroupSync::Disk disk = script.disk();
    disk.syncVolume = [](const QString &) { return failure(ErrorCode::VolumeFailing); };
    std::vector<ErrorCode> codes;
    {
        GroupSync group(disk);
        group.sync(u"/r"_s, {u"/r/first"_s}, {}, [](const core::Result<> &) {});
        script.begun.wait();
        for (int i = 0; i < 3; ++i) {
            group.sync(u"/r"_s, {u"/r/a"_s}, {}, [&codes](const core::Result<> &synced) {
                codes.push_back(synced ? ErrorCode::Internal : synced.error().code);
            });
        }
        script.opened.count_down();
    }
    QCOMPARE(codes, std::vector<ErrorCode>(3, ErrorCode::VolumeFailing));
}

void TestGroupSync::aFolderThatIsGoneIsNoFailure()
{
    const QTemporaryDir folder;
    std::vector<core::Result<>> answers;
    const auto keep = [&answers](const core::Result<> &synced) { answers.push_back(synced); };
    {
        GroupSync group;
        group.sync(folder.path(), {}, {folder.path(), folder.filePath(u"gone"_s)}, keep);
    }
    {
        GroupSync group;
        group.sync(folder.path(), {folder.filePath(u"gone"_s)}, {}, keep);
    }
    QCOMPARE(answers.size(), std::size_t(2));
    QVERIFY(answers[0]);
    QVERIFY(!answers[1]);
    QCOMPARE(answers[1].error().code, ErrorCode::FileMissing);
}

void TestGroupSync::manyThreadsAreAllAnswered()
{
    constexpr int threads = 4;
    constexpr int each = 500;
    std::atomic<int> asked = 0;
    std::atomic<int> answered = 0;
    std::atomic<int> calls = 0;
    {
        const auto called = [&calls](const QString &) {
            ++calls;
            return core::Result<>();
        };
        GroupSync group({called, called, called});
        std::vector<std::thread> askers;
        for (int i = 0; i < threads; ++i) {
            askers.emplace_back([&] {
                for (int n = 0; n < each; ++n) {
                    ++asked;
                    group.sync(u"/r"_s, {u"/r/a"_s}, {}, [&answered](const core::Result<> &) { ++answered; });
                }
            });
        }
        for (std::thread &asker : askers)
            asker.join();
    }
    QCOMPARE(asked.load(), threads * each);
    QCOMPARE(answered.load(), threads * each);
    QVERIFY(calls.load() <= threads * each);
}

QTEST_GUILESS_MAIN(TestGroupSync)
#include "tst_group_sync.moc"
