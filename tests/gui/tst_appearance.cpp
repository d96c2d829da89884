// SPDX-License-Identifier: MIT
// How the window looks: light, dark and mirrored. With INGATHER_PICTURES set to a folder, the
// pictures are kept there for a person to look at.
#include "gui/add_dialog.h"
#include "gui/icons.h"
#include "gui/main_window.h"
#include "gui/palettes.h"
#include "models/job_table_model.h"

#include "models/fake_source.h"

#include <QApplication>
#include <QListWidget>
#include <QLocale>
#include <QSettings>
#include <QStyleFactory>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace ingather;
using core::JobState;
using gui::MainWindow;
using tests::FakeSource;

namespace
{

void fill(FakeSource &source)
{
    source.append(QStringLiteral("2019-sea-level-reconstruction.pdf"), JobState::Indexed).bytesTotal =
        4'823'113;
    source.append(QStringLiteral("era5-monthly-means-1940-2023.nc"), JobState::Deduped).bytesTotal =
        2'147'483'648;
    auto &failed = source.append(QStringLiteral("supplement-table-s4.xlsx"), JobState::Failed);
    failed.errorCode = QStringLiteral("http_forbidden");
    failed.doneAt = failed.updatedAt;
    auto &retry = source.append(QStringLiteral("core-samples.tar.gz"), JobState::Failed);
    retry.errorCode = QStringLiteral("connection_lost");
    retry.nextAttemptAt = {source.time + 14};
    retry.attempts = 2;
    retry.maxAttempts = 5;
    retry.bytesTotal = 734'003'200;
    retry.bytesDone = 201'326'592;
    auto &paused = source.append(QStringLiteral("thesis.pdf"), JobState::Streaming);
    paused.hold = core::Hold::Paused;
    paused.bytesTotal = 18'874'368;
    paused.bytesDone = 5'242'880;
    source.append(QStringLiteral("appendix-b.pdf"));
    for (const int percent : {86, 42, 0}) {
        auto &job =
            source.append(QStringLiteral("gravity-field-model-r%1.nc").arg(percent + 7), JobState::Streaming);
        job.leaseOwner = source.own;
        job.leaseUntil = core::UnixTime{source.time + 24};
        job.bytesTotal = 402'653'184;
        job.folder = QStringLiteral("/home/ada/papers");
        source.underWay.append(
            {job.id, 402'653'184LL * percent / 100, percent ? job.bytesTotal : std::nullopt, 13'631'488.0});
        engine::OpSnapshot op;
        op.opKey = QStringLiteral("1");
        op.type = core::OpType::Head;
        op.phase = core::OpPhase::Done;
        op.startedAt = {source.time - 20};
        op.finishedAt = core::UnixTime{source.time - 19.8};
        op.fence = {(qint64(1) << 32) + 41};
        op.owner = source.own;
        op.resultCode = QStringLiteral("OK");
        op.result = {{QStringLiteral("etag"), QStringLiteral("\"5f3a-1c9\"")},
                     {QStringLiteral("size"), 402653184}};
        auto stream = op;
        stream.opKey = QStringLiteral("2");
        stream.type = core::OpType::Stream;
        stream.phase = core::OpPhase::Intent;
        stream.finishedAt.reset();
        stream.resultCode.clear();
        stream.result = {};
        stream.intent = {{QStringLiteral("size"), 402653184}, {QStringLiteral("offset"), 0}};
        source.operations[job.id] = {op, stream};
    }
}

void keep(const QPixmap &picture, const QString &name)
{
    const QString folder = qEnvironmentVariable("INGATHER_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(picture.save(folder + u'/' + name + QStringLiteral(".png")));
}

/// How many pixels of the picture are close to that colour.
int pixelsNear(const QImage &picture, const QColor &color)
{
    int count = 0;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            const QColor here = picture.pixelColor(x, y);
            if (std::abs(here.red() - color.red()) + std::abs(here.green() - color.green()) +
                    std::abs(here.blue() - color.blue()) <
                12)
                ++count;
        }
    }
    return count;
}

} // namespace

class TestAppearance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        m_light = QApplication::palette();
    }
    void cleanup()
    {
        QApplication::setPalette(m_light);
        QApplication::setLayoutDirection(Qt::LeftToRight);
    }

    void looks_data()
    {
        QTest::addColumn<bool>("isDark");
        QTest::addColumn<Qt::LayoutDirection>("direction");
        QTest::newRow("light") << false << Qt::LeftToRight;
        QTest::newRow("dark") << true << Qt::LeftToRight;
        QTest::newRow("mirrored") << false << Qt::RightToLeft;
    }
    void looks()
    {
        QFETCH(bool, isDark);
        QFETCH(Qt::LayoutDirection, direction);
        if (isDark)
            QApplication::setPalette(gui::darkPalette());
        QApplication::setLayoutDirection(direction);
        const QString name = QString::fromLatin1(QTest::currentDataTag());
        QTemporaryDir dir;
        QSettings settings(dir.filePath(QStringLiteral("w.ini")), QSettings::IniFormat);
        FakeSource source;
        MainWindow empty(source, settings, QStringLiteral("/home/ada/papers"));
        empty.show();
        QTRY_VERIFY(empty.jobs().isFirstPageLoaded());
        keep(empty.grab(), name + QStringLiteral("-empty"));

        fill(source);
        MainWindow window(source, settings, QStringLiteral("/home/ada/papers"));
        window.show();
        auto *table = window.findChild<QTableView *>(QStringLiteral("jobTable"));
        QTRY_COMPARE(table->model()->rowCount(), 9);
        QTRY_VERIFY(window.jobs().totalSpeed() > 0);
        // Not selectRow(): in a mirrored table of Qt 6.4 it selects nothing.
        const auto select = [table](int row) {
            table->selectionModel()->setCurrentIndex(table->model()->index(row, 0),
                                                     QItemSelectionModel::ClearAndSelect |
                                                         QItemSelectionModel::Rows);
        };
        select(1);
        auto *ops = window.findChild<QTableView *>(QStringLiteral("opTable"));
        QTRY_COMPARE(ops->model()->rowCount(), 2);
        keep(window.grab(), name + QStringLiteral("-details"));
        window.findChild<QTabWidget *>(QStringLiteral("tabs"))->setCurrentIndex(1);
        select(0);
        const QPixmap picture = window.grab();
        keep(picture, name + QStringLiteral("-operations"));

        // The bars of 86 % and 42 % and the done ones are there, in the colours of this palette.
        const QImage image = picture.toImage();
        QVERIFY(pixelsNear(image, gui::groupColor(models::JobGroup::Active, QApplication::palette())) > 500);
        QVERIFY(pixelsNear(image, gui::groupColor(models::JobGroup::Done, QApplication::palette())) > 500);

        window.offerUrls({QStringLiteral("https://example.org/a.pdf"),
                          QStringLiteral("ftp://example.org/b.pdf"),
                          QStringLiteral("https://example.org/c.pdf")});
        keep(window.addDialog()->grab(), name + QStringLiteral("-add"));
    }

    void theBarGrowsWithTheFractionFromTheLeadingEdge()
    {
        QTemporaryDir dir;
        QSettings settings(dir.filePath(QStringLiteral("w.ini")), QSettings::IniFormat);
        const auto coloured = [&](int percent, Qt::LayoutDirection direction, bool isLeadingHalf) {
            QApplication::setLayoutDirection(direction);
            FakeSource source;
            auto &job = source.append(QStringLiteral("a"), JobState::Streaming);
            job.leaseOwner = source.own;
            job.bytesTotal = 100;
            job.bytesDone = percent;
            MainWindow window(source, settings, {});
            window.show();
            auto *table = window.findChild<QTableView *>(QStringLiteral("jobTable"));
            if (!QTest::qWaitFor([&] { return table->model()->rowCount() == 1; }))
                return -1;
            const QRect cell =
                table->visualRect(table->model()->index(0, models::JobTableModel::ProgressColumn));
            QRect bar = cell;
            bar.setWidth(cell.width() / 4);
            if (isLeadingHalf == (direction == Qt::RightToLeft))
                bar.moveRight(cell.right());
            return pixelsNear(table->viewport()->grab(bar).toImage(),
                              gui::groupColor(models::JobGroup::Active, QApplication::palette()));
        };
        const int tenth = coloured(10, Qt::LeftToRight, true);
        const int most = coloured(90, Qt::LeftToRight, true);
        QVERIFY2(tenth > 0 && most > 2 * tenth, qPrintable(QStringLiteral("%1 %2").arg(tenth).arg(most)));
        QCOMPARE(coloured(10, Qt::LeftToRight, false), 0);
        QVERIFY(coloured(10, Qt::RightToLeft, true) > 0);
        QCOMPARE(coloured(10, Qt::RightToLeft, false), 0);
    }

private:
    QPalette m_light;
};

QTEST_MAIN(TestAppearance)
#include "tst_appearance.moc"
