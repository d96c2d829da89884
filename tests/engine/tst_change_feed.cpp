// SPDX-License-Identifier: MIT
#include "engine/engine_fixture.h"

using namespace ingather;
using engine::Facade;
using engine::JobSnapshot;
using tests::EngineFixture;

namespace
{

constexpr int deadline = 20'000; ///< generous: it is looked every half second

/// Two engines over one ledger, as two processes have them: `engine` looks on, `other` changes.
class Onlooker : public EngineFixture
{
public:
    explicit Onlooker(Facade::Access access)
    {
        if (!open())
            qFatal("no engine");
        other = std::move(engine);
        auto opened = Facade::open(settings, access);
        if (!opened)
            qFatal("%s", qPrintable(core::toLogText(opened.error())));
        engine = std::move(*opened);
    }

    /// What the other one adds.
    core::JobId addBehindItsBack(const QString &path)
    {
        std::swap(engine, other);
        const auto answers = add({request(path)});
        std::swap(engine, other);
        return answers.value(0).job.id;
    }

    /// Changes since the last look, all pages of them.
    QList<JobSnapshot> news(int limit = 100)
    {
        QList<JobSnapshot> all;
        for (;;) {
            auto future = engine->changedSince(cursor, limit);
            future.waitForFinished();
            const auto page = future.result();
            if (!page || page->isEmpty())
                return all;
            cursor = page->last().updatedAt;
            all.append(*page);
        }
    }

    std::unique_ptr<Facade> other;
    core::UnixTime cursor;
};

QList<core::JobId> idsOf(const QList<JobSnapshot> &jobs)
{
    QList<core::JobId> ids;
    for (const JobSnapshot &job : jobs)
        ids.append(job.id);
    return ids;
}

} // namespace

/// What one process does to the ledger shows in another.
class TstChangeFeed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void othersChangesAreTold_data()
    {
        QTest::addColumn<Facade::Access>("access");
        QTest::addColumn<bool>("hasWorker");
        QTest::newRow("who only reads") << Facade::Access::ReadOnly << false;
        QTest::newRow("who might write") << Facade::Access::ReadWrite << false;
        QTest::newRow("whose worker runs") << Facade::Access::ReadWrite << true;
    }

    void othersChangesAreTold()
    {
        QFETCH(Facade::Access, access);
        QFETCH(bool, hasWorker);
        Onlooker fixture(access);
        const core::JobId old = fixture.addBehindItsBack(QStringLiteral("/old"));
        QSignalSpy changed(fixture.engine.get(), &Facade::changed);
        if (hasWorker)
            QVERIFY(fixture.startWorker({core::JobId{QStringLiteral("nobody")}}));
        QCOMPARE(idsOf(fixture.news()), QList{old});

        const auto showsSoon = [&](const core::JobId &id) {
            return QTest::qWaitFor(
                [&] {
                    // Only what was announced is looked for: nobody asks the ledger on the off chance.
                    return !changed.isEmpty() && (changed.clear(), idsOf(fixture.news()).contains(id));
                },
                deadline);
        };
        const core::JobId added = fixture.addBehindItsBack(QStringLiteral("/new"));
        QVERIFY(showsSoon(added));
        QCOMPARE(fixture.job(added).hold, core::Hold::None);
        auto wish = fixture.other->wish(engine::Wish::Pause, {.ids = {added}});
        wish.waitForFinished();
        QVERIFY(showsSoon(added));
        QCOMPARE(fixture.job(added).hold, core::Hold::Paused);
        if (hasWorker)
            QVERIFY(fixture.stopWorker());
    }

    void pagesSkipNoneOfOneTransaction()
    {
        Onlooker fixture(Facade::Access::ReadOnly);
        QList<core::JobId> ids;
        for (int i = 0; i < 7; ++i)
            ids.append(fixture.addBehindItsBack(QStringLiteral("/%1").arg(i)));
        QCOMPARE(idsOf(fixture.news(2)), ids);
        auto wish = fixture.other->wish(engine::Wish::Pause, {.ids = ids}); // one time for all of them
        wish.waitForFinished();
        const QList<core::JobId> seen = idsOf(fixture.news(2));
        QCOMPARE(QSet<core::JobId>(seen.begin(), seen.end()), QSet<core::JobId>(ids.begin(), ids.end()));
        QCOMPARE(seen.size(), ids.size());
        QCOMPARE(fixture.news(2).size(), 0);
    }
};

QTEST_GUILESS_MAIN(TstChangeFeed)
#include "tst_change_feed.moc"
