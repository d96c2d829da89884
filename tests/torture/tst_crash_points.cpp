// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "platform/crash_point.h"
#include "support/fake_http_server.h"

#include <QDir>
#include <QFile>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace ingather;
using namespace Qt::StringLiterals;
using support::FakeHttpServer;

namespace
{

/// Past the first checkpoint of a stream (16 MiB), so that there is something to resume.
constexpr qint64 cut = 17'500'000;
constexpr qint64 sizeWhenCut = 18'000'000;
constexpr qint64 sizeOtherwise = 1'500'000;
/// Of a part without a sidecar.
constexpr qint64 sizeWhenSmall = 40'000;

/// One way of getting a file, in which many points are passed.
struct Scenario {
    const char *name;
    bool isCut = false;      ///< the first reply breaks off; the rest comes by range
    bool isRefused = false;  ///< the first reply is a server error
    bool isHeld = false;     ///< the file lies in another folder already
    bool isDone = false;     ///< it lies in the same folder, and is asked for again with --refresh
    bool isWrong = false;    ///< the digest will not fit
    bool hasChanged = false; ///< the second reply is another file
    bool isSmall = false;

    qint64 size() const { return isCut ? sizeWhenCut : isSmall ? sizeWhenSmall : sizeOtherwise; }
};

const Scenario scenarios[] = {
    {.name = "a file from the start"},
    {.name = "a small file from the start", .isSmall = true},
    {.name = "a file whose transfer broke off", .isCut = true},
    {.name = "a file that changed while its transfer was broken off", .isCut = true, .hasChanged = true},
    {.name = "a file that the server refused once", .isRefused = true},
    {.name = "a copy of a held file", .isHeld = true},
    {.name = "a file with another digest than promised", .isWrong = true},
    {.name = "a held file that has not changed", .isDone = true},
    {.name = "a held file that has changed", .isDone = true, .hasChanged = true},
};

/// Answers a path by the scenario: what is special happens to the first request only.
void serve(FakeHttpServer &server, const QString &path, const Scenario &scenario)
{
    auto count = std::make_shared<std::atomic<int>>(0);
    server.handle(path, [scenario, count](const support::RecordedRequest &request) {
        support::Script script;
        const qint64 size = scenario.size();
        const bool isFirst = (*count)++ == 0;
        if (isFirst && scenario.isRefused)
            return script.head(500, {{"Content-Length", "0"}});
        const bool isOther = scenario.hasChanged && !isFirst;
        const qint64 start = isOther ? 77 : 0;
        const QByteArray tag = isOther ? "\"v2\"" : "\"v1\"";
        const QByteArray range = request.header("Range");
        if (request.header("If-None-Match") == tag)
            return script.head(304, {{"ETag", tag}});
        if (range.isEmpty() || request.header("If-Range") != tag) {
            script.head(200, {{"Content-Length", QByteArray::number(size)}, {"ETag", tag}});
            if (isFirst && scenario.isCut)
                return script.sendPattern(start, cut).reset();
            return script.sendPattern(start, size);
        }
        const qint64 from = range.mid(6, range.size() - 7).toLongLong();
        script.head(206,
                    {{"Content-Length", QByteArray::number(size - from)},
                     {"Content-Range", "bytes " + QByteArray::number(from) + '-' +
                                           QByteArray::number(size - 1) + '/' + QByteArray::number(size)},
                     {"ETag", tag}});
        return script.sendPattern(start + from, size - from);
    });
}

QStringList entries(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
}

} // namespace

/// Kills ingather-cli at every crash point, the first and the second time it is passed, in every scenario;
/// afterwards a plain `get` must end as if nothing had happened.
class TestCrashPoints : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void killedAnywhereNothingIsLost_data();
    void killedAnywhereNothingIsLost();
    void everyPointWasReached();

private:
    QSet<QString> m_reached;
};

void TestCrashPoints::killedAnywhereNothingIsLost_data()
{
    QTest::addColumn<int>("scenario");
    for (int i = 0; i < static_cast<int>(std::size(scenarios)); ++i)
        QTest::newRow(scenarios[i].name) << i;
}

void TestCrashPoints::killedAnywhereNothingIsLost()
{
    QFETCH(int, scenario);
    const Scenario &what = scenarios[scenario];
    const QByteArray expected = FakeHttpServer::pattern(what.hasChanged ? 77 : 0, what.size());
    for (const platform::CrashPointName &point : platform::crashPoints) {
        for (int passage = 1; passage <= 2; ++passage) {
            const QString crashAt = QString::fromLatin1(point.name) + u':' + QString::number(passage);
            const auto because = [&](const e2e::CommandResult &result) {
                return "killed at " + crashAt.toUtf8() + ": " + result.report();
            };
            QTemporaryDir home;
            FakeHttpServer server;
            serve(server, u"/data.bin"_s, what);
            e2e::Cli cli(home.path());
            const QString folder = home.filePath(u"files"_s);
            QVERIFY(QDir().mkdir(folder));
            QStringList get{u"get"_s, u"-d"_s, folder, server.url(u"/data.bin"_s).toString()};
            if (what.isWrong)
                get << u"--sha256"_s << QString(64, u'a');
            if (what.isHeld || what.isDone) {
                const QString held = what.isDone ? folder : home.filePath(u"held"_s);
                QVERIFY(QDir().mkpath(held));
                const e2e::CommandResult first =
                    cli.run({u"get"_s, u"-d"_s, held, server.url(u"/data.bin"_s).toString()});
                QVERIFY2(first.exitCode == 0, because(first).constData());
            }

            if (what.isDone)
                get << u"--refresh"_s;

            cli.setVariable(u"INGATHER_CRASH_AT"_s, crashAt);
            const e2e::CommandResult killed = cli.run(get);
            cli.setVariable(u"INGATHER_CRASH_AT"_s, {});
            if (killed.exitCode == -1)
                m_reached.insert(QString::fromLatin1(point.name));
            else
                break; // not passed, or not again: the run was an ordinary one

            // Care may come first, and settle what it finds in its own way: here there is most to be found.
            if (passage == 2 && what.isCut && what.hasChanged) {
                const e2e::CommandResult care = cli.run({u"reconcile"_s});
                QVERIFY2(care.exitCode != -1, because(care).constData()); // 3: nothing is migrated yet
            }
            const e2e::CommandResult again = cli.run(get);
            QVERIFY2(again.exitCode == (what.isWrong ? 1 : 0), because(again).constData());
            for (const QJsonObject &job : cli.jobs()) {
                const QString state = job.value(u"state"_s).toString();
                const QStringList right =
                    what.isWrong ? QStringList{u"FAILED"_s}
                                 : QStringList{u"INDEXED"_s, u"DEDUPED"_s, u"SKIPPED_DUPLICATE"_s};
                QVERIFY2(right.contains(state), because(again) + state.toUtf8());
                QVERIFY2(job.value(u"lease_owner"_s).isNull(), because(again).constData());
                for (const QJsonObject &op : cli.ops(job.value(u"job_id"_s).toString()))
                    QVERIFY2(op.value(u"phase"_s).toString() != u"INTENT", because(again).constData());
            }
            const bool isSecondFile = what.isDone && what.hasChanged;
            QStringList right;
            if (isSecondFile)
                right.append(u"data (2).bin"_s);
            if (!what.isWrong)
                right.append(u"data.bin"_s);
            const QStringList left = entries(folder) + entries(folder + u"/.ingather"_s);
            QVERIFY2(left == right, because(again) + left.join(u", "_s).toUtf8());
            if (!what.isWrong) {
                QFile file(folder + (isSecondFile ? u"/data (2).bin"_s : u"/data.bin"_s));
                QVERIFY(file.open(QIODevice::ReadOnly));
                QVERIFY2(file.readAll() == expected, because(again).constData());
            }
        }
    }
}

/// A point that no scenario passes would never be tested. The adoption of a part needs a zombie that holds
/// its lock; its two points are killed by tests/storage/tst_storage_crashes.cpp. A backup is made beside all
/// that, if there is time: its two are killed by tests/ledger/tst_online_backup.cpp. Those of a swap are
/// killed by tests/ledger/tst_repair.cpp, those of a cure by tests/ledger/tst_startup.cpp, those of care and
/// of the deletion of a file by tst_reconcile_kills.cpp.
void TestCrashPoints::everyPointWasReached()
{
    const QSet<QString> elsewhere{
        u"adopt.before_rename"_s, u"adopt.after_rename"_s,   u"backup.before_rename"_s,
        u"backup.after_rename"_s, u"swap.before_decision"_s, u"swap.after_decision"_s,
        u"swap.before_rename"_s,  u"swap.after_rename"_s,    u"swap.after_generation"_s,
        u"cure.before_commit"_s,  u"cure.after_commit"_s,    u"care.before_commit"_s,
        u"care.after_commit"_s,   u"removal.before"_s,       u"removal.after"_s};
    QStringList missed;
    for (const platform::CrashPointName &point : platform::crashPoints) {
        const QString name = QString::fromLatin1(point.name);
        if (!m_reached.contains(name) && !elsewhere.contains(name))
            missed.append(name);
    }
    QVERIFY2(missed.isEmpty(), qPrintable(missed.join(u", "_s)));
}

QTEST_GUILESS_MAIN(TestCrashPoints)
#include "tst_crash_points.moc"
