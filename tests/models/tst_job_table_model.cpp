// SPDX-License-Identifier: MIT
#include "models/job_filter_model.h"
#include "models/job_table_model.h"

#include "models/fake_source.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace ingather;
using core::JobState;
using models::JobFilterModel;
using models::JobTableModel;
using tests::FakeSource;

class TestJobTableModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void anEmptyLedgerIsLoadedAndComplete()
    {
        FakeSource source;
        JobTableModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy loaded(&model, &JobTableModel::firstPageLoaded);
        model.reload();
        QTRY_COMPARE(loaded.count(), 1);
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(model.isComplete());
        QVERIFY(!model.canFetchMore({}));
    }

    void cellsHoldTextAndRawValueApart()
    {
        FakeSource source;
        auto &job = source.append(QStringLiteral("a.pdf"), JobState::Streaming);
        job.bytesTotal = 4096;
        job.bytesDone = 1024;
        job.leaseOwner = source.own;
        job.leaseUntil = core::UnixTime{source.time + 25};
        source.underWay = {{job.id, 2048, 4096, 1024.0}};
        JobTableModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 1);
        QTRY_VERIFY(model.progressAt(0).has_value());

        const auto text = [&](int column) { return model.index(0, column).data().toString(); };
        const auto raw = [&](int column) { return model.index(0, column).data(JobTableModel::SortRole); };
        QCOMPARE(text(JobTableModel::NameColumn), QStringLiteral("a.pdf"));
        QCOMPARE(text(JobTableModel::StateColumn), QStringLiteral("Receiving"));
        QCOMPARE(text(JobTableModel::ProgressColumn), QStringLiteral("50 %"));
        QCOMPARE(raw(JobTableModel::ProgressColumn), QVariant(0.5));
        QCOMPARE(text(JobTableModel::SizeColumn), QStringLiteral("4.0 KiB"));
        QCOMPARE(raw(JobTableModel::SizeColumn), QVariant(qint64(4096)));
        QCOMPARE(text(JobTableModel::SpeedColumn), QStringLiteral("1.0 KiB/s"));
        QCOMPARE(text(JobTableModel::RemainingColumn), QStringLiteral("2 s"));
        QCOMPARE(raw(JobTableModel::RemainingColumn), QVariant(2.0));
        QCOMPARE(text(JobTableModel::OwnerColumn), QStringLiteral("this program"));
        QCOMPARE(text(JobTableModel::LeaseColumn), QStringLiteral("25 s"));
        QCOMPARE(raw(JobTableModel::LeaseColumn), QVariant(source.time + 25));
        QCOMPARE(text(JobTableModel::HostColumn), QStringLiteral("files.example.org"));
        QCOMPARE(model.totalSpeed(), 1024.0);
        for (int column = 0; column < JobTableModel::ColumnCount; ++column)
            QVERIFY(!model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().isEmpty());
    }

    void anUnknownSizeShowsBytesAndNoFraction()
    {
        FakeSource source;
        auto &job = source.append(QStringLiteral("a.bin"), JobState::Streaming);
        job.leaseOwner = source.own;
        source.underWay = {{job.id, 2048, std::nullopt, 10.0}};
        JobTableModel model(source);
        model.reload();
        QTRY_COMPARE(model.index(0, JobTableModel::ProgressColumn).data().toString(),
                     QStringLiteral("2.0 KiB"));
        QVERIFY(!model.index(0, 0).data(JobTableModel::FractionRole).isValid());
        QVERIFY(!model.index(0, JobTableModel::RemainingColumn).data(JobTableModel::SortRole).isValid());
    }

    void anEmptyFileThatIsDoneIsAllThere()
    {
        FakeSource source;
        source.append(QStringLiteral("empty"), JobState::Indexed).bytesTotal = 0;
        JobTableModel model(source);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0, JobTableModel::ProgressColumn).data().toString(), QStringLiteral("100 %"));
    }

    void changesUpdateTheirRowAndNoOther()
    {
        FakeSource source;
        for (int i = 0; i < 10; ++i)
            source.append(QStringLiteral("%1.pdf").arg(i));
        JobTableModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 10);
        QSignalSpy changed(&model, &JobTableModel::dataChanged);
        QSignalSpy inserted(&model, &JobTableModel::rowsInserted);
        QSignalSpy reset(&model, &JobTableModel::modelReset);

        source.all[3].state = JobState::Indexed;
        source.touch(source.all[3]);
        QTRY_COMPARE(changed.count(), 1);
        const int row = *model.rowOf(source.all[3].id);
        QCOMPARE(changed.first().at(0).toModelIndex().row(), row);
        QCOMPARE(changed.first().at(1).toModelIndex().row(), row);
        QCOMPARE(model.jobAt(row).state, JobState::Indexed);

        Q_EMIT source.changed(); // nothing new
        QTRY_COMPARE(source.changesAsked, 3);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(inserted.count(), 0);
        QCOMPARE(reset.count(), 0);
    }

    void newJobsAreInsertedByTheFeed()
    {
        FakeSource source;
        source.append(QStringLiteral("a"));
        JobTableModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 1);
        source.append(QStringLiteral("b"));
        Q_EMIT source.changed();
        QTRY_COMPARE(model.rowCount(), 2);
        QCOMPARE(model.jobAt(1).fileName, QStringLiteral("b"));
    }

    void changesBehindALongPageAreNotLost()
    {
        FakeSource source;
        JobTableModel model(source);
        QSignalSpy loaded(&model, &JobTableModel::firstPageLoaded);
        model.reload();
        QTRY_COMPARE(loaded.count(), 1);
        for (int i = 0; i < 1200; ++i)
            source.append(QString::number(i));
        for (int i = 990; i < 1010; ++i) // changed by one transaction, across the end of a page
            source.all[i].updatedAt = source.all[990].updatedAt;
        Q_EMIT source.changed();
        QTRY_COMPARE(model.rowCount(), 1200);
    }

    void aChangeDuringARequestIsNotLost()
    {
        FakeSource source;
        source.append(QStringLiteral("a"));
        JobTableModel model(source);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 1);
        source.isHolding = true;
        source.append(QStringLiteral("b"));
        Q_EMIT source.changed();
        QTRY_COMPARE(source.heldCount(), 1);
        source.append(QStringLiteral("c")); // the held answer was made before this one
        Q_EMIT source.changed();
        QCOMPARE(source.heldCount(), 1); // one at a time
        source.release();
        QTRY_COMPARE(model.rowCount(), 3);
    }

    void aLatePageDoesNotOverwriteANewerChange()
    {
        FakeSource source;
        for (int i = 0; i < 300; ++i)
            source.append(QString::number(i));
        JobTableModel model(source);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 200);
        source.isHolding = true;
        model.fetchMore({});
        source.isHolding = false;
        source.all[5].state = JobState::Indexed; // on the second page, which was read before
        source.touch(source.all[5]);
        QTRY_COMPARE(model.rowCount(), 201);
        source.release();
        QTRY_COMPARE(model.rowCount(), 300);
        QCOMPARE(model.jobAt(*model.rowOf(source.all[5].id)).state, JobState::Indexed);
    }

    void aReloadDropsAnswersToEarlierRequests()
    {
        FakeSource source;
        source.append(QStringLiteral("a"));
        source.isHolding = true;
        JobTableModel model(source);
        model.reload();
        model.reload();
        QCOMPARE(source.heldCount(), 2);
        source.release();
        QTRY_COMPARE(model.rowCount(), 1);
        QCOMPARE(model.rowCount(), 1);
    }

    void aFailedReadIsToldAndTriedAgainWithTheNextChange()
    {
        FakeSource source;
        source.append(QStringLiteral("a"));
        core::Error busy;
        busy.code = core::ErrorCode::LedgerBusy;
        source.readError = busy;
        JobTableModel model(source);
        QSignalSpy failed(&model, &JobTableModel::failed);
        model.reload();
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(!model.isFirstPageLoaded());
        source.readError.reset();
        Q_EMIT source.changed();
        QTRY_COMPARE(model.rowCount(), 1);
    }

    void progressTouchesItsColumnsOnly()
    {
        FakeSource source;
        for (int i = 0; i < 3; ++i) {
            auto &job = source.append(QString::number(i), JobState::Streaming);
            job.leaseOwner = source.own;
            job.bytesTotal = 100;
        }
        JobTableModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 3);
        QSignalSpy changed(&model, &JobTableModel::dataChanged);
        source.underWay = {{source.all[0].id, 10, 100, 5.0}, {source.all[1].id, 20, 100, 5.0}};
        QTRY_COMPARE(changed.count(), 1); // two neighbours, one signal
        QCOMPARE(changed.first().at(0).toModelIndex().column(), int(JobTableModel::ProgressColumn));
        QCOMPARE(changed.first().at(1).toModelIndex().column(), int(JobTableModel::RemainingColumn));

        QSignalSpy ticks(&model, &JobTableModel::progressed);
        QTRY_VERIFY(ticks.count() >= 2); // same numbers: nothing to announce
        QCOMPARE(changed.count(), 1);

        source.underWay.clear(); // what ended loses its speed
        QTRY_COMPARE(changed.count(), 2);
        QVERIFY(!model.progressAt(0));
        QCOMPARE(model.totalSpeed(), 0.0);
    }

    void rowsSortByRawValueWithUnknownOnesLast()
    {
        FakeSource source;
        const QList<std::optional<qint64>> sizes{900, 10240, std::nullopt, 1 << 20, 5};
        for (int i = 0; i < sizes.size(); ++i)
            source.append(QStringLiteral("paper %1").arg(i * 5)).bytesTotal = sizes.at(i);
        JobTableModel model(source);
        JobFilterModel proxy;
        proxy.setSourceModel(&model);
        const QAbstractItemModelTester tester(&proxy, QAbstractItemModelTester::FailureReportingMode::QtTest);
        proxy.sort(JobTableModel::SizeColumn);
        model.reload();
        QTRY_COMPARE(proxy.rowCount(), 5);
        const auto names = [&] {
            QStringList list;
            for (int row = 0; row < proxy.rowCount(); ++row)
                list.append(proxy.index(row, 0).data().toString().mid(6));
            return list.join(u' ');
        };
        QCOMPARE(names(), QStringLiteral("20 0 5 15 10"));
        proxy.sort(JobTableModel::NameColumn);
        QCOMPARE(names(), QStringLiteral("0 5 10 15 20")); // numbers in names as numbers
        proxy.sort(JobTableModel::AddedColumn, Qt::DescendingOrder);
        QCOMPARE(names(), QStringLiteral("20 15 10 5 0"));
        proxy.sort(JobTableModel::SpeedColumn, Qt::AscendingOrder); // all unknown: newest first
        QCOMPARE(names(), QStringLiteral("20 15 10 5 0"));
    }

    void filtersByWordsAndGroup()
    {
        FakeSource source;
        source.append(QStringLiteral("Alpha one.pdf"), JobState::Indexed);
        source.append(QStringLiteral("alpha two.pdf"));
        source.append(QStringLiteral("beta.csv"));
        JobTableModel model(source);
        JobFilterModel proxy;
        proxy.setSourceModel(&model);
        const QAbstractItemModelTester tester(&proxy, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.reload();
        QTRY_COMPARE(proxy.rowCount(), 3);
        proxy.setText(QStringLiteral("ALPHA"));
        QCOMPARE(proxy.rowCount(), 2);
        proxy.setText(QStringLiteral(" two  alpha "));
        QCOMPARE(proxy.rowCount(), 1);
        proxy.setText(QStringLiteral("files.example.org"));
        QCOMPARE(proxy.rowCount(), 3);
        proxy.setText({});
        proxy.setGroup(models::JobGroup::Waiting);
        QCOMPARE(proxy.rowCount(), 2);
        QVERIFY(proxy.isFiltering());

        source.all[1].state = JobState::Deduped; // leaves the group by itself
        source.touch(source.all[1]);
        QTRY_COMPARE(proxy.rowCount(), 1);
        proxy.setGroup(std::nullopt);
        QCOMPARE(proxy.rowCount(), 3);
    }

    void aHundredThousandJobsArePagedQuickly()
    {
        FakeSource few;
        FakeSource source;
        for (int i = 0; i < 10'000; ++i)
            few.append(QStringLiteral("%1.pdf").arg(i)).bytesTotal = i % 977;
        source.all.reserve(100'000);
        for (int i = 0; i < 100'000; ++i)
            source.append(QStringLiteral("%1.pdf").arg(i)).bytesTotal = i % 977;
        JobTableModel small(few);
        JobFilterModel smallProxy;
        smallProxy.setSourceModel(&small);
        smallProxy.sort(JobTableModel::AddedColumn, Qt::DescendingOrder);
        JobTableModel model(source);
        JobFilterModel proxy;
        proxy.setSourceModel(&model);
        proxy.sort(JobTableModel::AddedColumn, Qt::DescendingOrder);

        constexpr int patience = 120'000; // only against a hang
        QElapsedTimer timer;
        timer.start();
        small.setBackgroundLoading(true);
        small.reload();
        QTRY_COMPARE_WITH_TIMEOUT(smallProxy.rowCount(), 10'000, patience);
        const qint64 tenth = timer.restart();
        model.reload();
        QTRY_VERIFY_WITH_TIMEOUT(model.isFirstPageLoaded(), patience);
        const qint64 firstPage = timer.elapsed();
        QVERIFY(model.rowCount() <= 1000); // the first page is small
        model.setBackgroundLoading(true);
        QTRY_COMPARE_WITH_TIMEOUT(proxy.rowCount(), 100'000, patience);
        QVERIFY(model.isComplete());
        const qint64 whole = timer.elapsed();
        qInfo("100,000 jobs paged in %lld ms with %d requests, the first page in %lld; 10,000 in %lld", whole,
              source.pagesAsked, firstPage, tenth);
        QVERIFY2(whole < 40 * tenth, "paging is not near linear");
        QVERIFY2(firstPage < whole / 4, "the first page waits for others");
        QCOMPARE(proxy.index(0, 0).data().toString(), QStringLiteral("99999.pdf"));
        timer.restart();
        proxy.sort(JobTableModel::SizeColumn, Qt::AscendingOrder);
        qInfo("sorted by size in %lld ms", timer.elapsed());
        QCOMPARE(proxy.index(0, JobTableModel::SizeColumn).data().toString(), QStringLiteral("0 B"));
    }
};

QTEST_GUILESS_MAIN(TestJobTableModel)
#include "tst_job_table_model.moc"
