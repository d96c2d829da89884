// SPDX-License-Identifier: MIT
#include "engine/ledger_care.h"

#include "engine/engine_fixture.h"

#include <QThread>

using namespace ingather;
using namespace ingather::tests;
using namespace Qt::StringLiterals;
using core::FindingId;

namespace
{

template <typename T>
core::Result<T> answerOf(QFuture<core::Result<T>> future)
{
    future.waitForFinished();
    return future.result();
}

template <typename T>
QByteArray why(const core::Result<T> &result)
{
    return result ? QByteArray() : core::toLogText(result.error()).toUtf8();
}

bool hasFinding(const core::HealthReport &report, FindingId id)
{
    return std::any_of(report.checks.begin(), report.checks.end(),
                       [id](const core::Finding &finding) { return finding.id == id; });
}

} // namespace

/// The façade of care: what each piece of work does is tested where it is done.
class TestLedgerCare : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<EngineFixture>();
        QVERIFY(m_fixture->open());
        QList<engine::AddRequest> requests;
        for (int i = 0; i < 20; ++i)
            requests.append(m_fixture->request(u"/%1"_s.arg(i)));
        QCOMPARE(m_fixture->add(requests).size(), 20);
    }

    void aLedgerAtWorkIsHealthy()
    {
        engine::LedgerCare care(m_fixture->settings);
        const auto quick = answerOf(care.health({}));
        QVERIFY2(quick, why(quick));
        QCOMPARE(core::worstOf(quick->checks), core::Severity::Info); // no backup yet
        QVERIFY(!hasFinding(*quick, FindingId::FileMissing));
        const auto deep = answerOf(care.health({.isDeep = true}));
        QVERIFY2(deep, why(deep));
        QVERIFY(hasFinding(*deep, FindingId::FileMissing));
        QVERIFY(!hasFinding(*deep, FindingId::FileHashWrong));
        const auto hashed = answerOf(care.health({.isDeep = true, .hashFiles = true}));
        QVERIFY2(hashed, why(hashed));
        QVERIFY(hasFinding(*hashed, FindingId::FileHashWrong));
    }

    void anAbsentLedgerIsReportedAndNotMade()
    {
        engine::Settings settings = m_fixture->settings;
        settings.ledgerPath = m_fixture->dir.filePath(u"other.sqlite3"_s);
        engine::LedgerCare care(settings);
        const auto report = answerOf(care.health({.isDeep = true}));
        QVERIFY2(report, why(report));
        QCOMPARE(int(report->status), int(core::HealthStatus::Degraded));
        QVERIFY(!QFile::exists(settings.ledgerPath));
    }

    void progressComesOnTheThreadOfTheObject()
    {
        engine::LedgerCare care(m_fixture->settings);
        QList<QThread *> threads;
        connect(&care, &engine::LedgerCare::progress, this,
                [&threads](const core::WorkProgress &) { threads.append(QThread::currentThread()); });
        QVERIFY(answerOf(care.backup(m_fixture->dir.filePath(u"copy.sqlite3"_s))));
        QTRY_VERIFY(!threads.isEmpty());
        for (const QThread *thread : threads)
            QCOMPARE(thread, QThread::currentThread());
    }

    void whatIsCancelledEndsAndWhatComesLaterDoesNot()
    {
        engine::LedgerCare care(m_fixture->settings);
        auto first = care.health({.isDeep = true});
        auto second = care.health({.isDeep = true}); // waits for the first
        care.cancel();
        auto third = care.health({});
        const auto cancelled = answerOf(second);
        QVERIFY(!cancelled);
        QCOMPARE(core::errorCodeName(cancelled.error().code),
                 core::errorCodeName(core::ErrorCode::Cancelled));
        first.waitForFinished();
        QVERIFY(answerOf(third));
    }

    void aHealthyLedgerNeedsNoRepair()
    {
        m_fixture->engine.reset();
        engine::LedgerCare care(m_fixture->settings);
        const auto plan = answerOf(care.planRepair());
        QVERIFY2(plan, why(plan));
        QCOMPARE(int(plan->kind), int(core::RepairKind::Nothing));
        const auto report = answerOf(care.repair());
        QVERIFY2(report, why(report));
        QCOMPARE(int(report->kind), int(core::RepairKind::Nothing));
    }

    void aBackupComesBack()
    {
        engine::LedgerCare care(m_fixture->settings);
        const QString file = m_fixture->dir.filePath(u"copy.gz"_s);
        const auto backup = answerOf(care.backup(file));
        QVERIFY2(backup, why(backup));
        QCOMPARE(backup->jobs, 20);
        m_fixture->engine.reset();
        const auto restored = answerOf(care.restore(file));
        QVERIFY2(restored, why(restored));
        QCOMPARE(restored->jobsInBackup, 20);
        QVERIFY(m_fixture->open());
    }

    void migratingWhatIsCurrentDoesNothing()
    {
        engine::LedgerCare care(m_fixture->settings);
        const auto migrated = answerOf(care.migrate(0));
        QVERIFY2(migrated, why(migrated));
        QCOMPARE(migrated->from, 2);
        QCOMPARE(migrated->to, 2);
        QCOMPARE(migrated->backup, QString());
    }

private:
    std::unique_ptr<EngineFixture> m_fixture;
};

QTEST_GUILESS_MAIN(TestLedgerCare)
#include "tst_ledger_care.moc"
