// SPDX-License-Identifier: MIT
#include "torture/damaged_ledger.h"
#include "torture/ledger_script.h"

#include "ledger/repair/page_image.h"
#include "ledger/repair/page_scanner.h"
#include "support/damage.h"

#include <QElapsedTimer>
#include <QLoggingCategory>
#include <QSet>

#include <random>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using support::LeafRow;

namespace
{

constexpr int pageSize = 4096;
constexpr int jobsInLarge = 20'000;
constexpr int jobsInSmall = 120;

/// A ledger's file without damage, and its rows by an oracle that shares no code with the scanner.
struct Original {
    QByteArray file;
    QList<LeafRow> rows;
    QList<int> roots;
};

/// What two decoders of the same record must agree on. A whole number in a REAL column is stored as an
/// integer.
void addNumber(QByteArray &key, double value)
{
    key += 'R' + QByteArray::number(value, 'g', 17);
}

QByteArray keyOf(const LeafRow &row)
{
    QByteArray key = QByteArray::number(row.rowid);
    for (const QVariant &value : row.values) {
        key += '|';
        if (value.typeId() == QMetaType::LongLong)
            addNumber(key, static_cast<double>(value.toLongLong()));
        else if (value.typeId() == QMetaType::Double)
            addNumber(key, value.toDouble());
        else if (value.typeId() == QMetaType::QString)
            key += 'T' + value.toString().toUtf8();
        else if (value.isValid())
            key += 'B' + value.toByteArray();
    }
    return key;
}

QByteArray keyOf(const TableCell &cell)
{
    QByteArray key = QByteArray::number(cell.rowid);
    for (const SqlValue &value : cell.values) {
        key += '|';
        if (value.isNumber())
            addNumber(key, value.number());
        else if (value.isText())
            key += 'T' + value.bytes;
        else if (!value.isNull())
            key += 'B' + value.bytes;
    }
    return key;
}

Original read(const Scratch &scratch)
{
    Original original;
    original.file = contentOf(scratch.path());
    original.rows = support::leafRows(original.file);
    original.roots = support::rootPages(original.file);
    return original;
}

using Damage = std::function<void(QByteArray &file, std::mt19937 &random)>;

} // namespace

/// Damages files at the level of their pages; the scanner must hand over every row that still stands whole in
/// a leaf, and its yields must be those of the prototype at least.
class TestDamagedPages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theOracleSeesEveryRow();
    void findsWhatStandsWhole_data();
    void findsWhatStandsWhole();
    void yields_data();
    void yields();

private:
    /// Rows of artifact_jobs that came back; fails the test if one is missing that stands whole.
    qsizetype scan(const Original &original, const QByteArray &damaged, double *took = nullptr);

    Original m_small;
    Original m_large;
};

void TestDamagedPages::initTestCase()
{
    QLoggingCategory::setFilterRules(u"ingather.*=false"_s);
    Scratch small;
    fillLedger(small, jobsInSmall);
    m_small = read(small);
    Scratch large;
    planLedger(large, jobsInLarge);
    m_large = read(large);
}

void TestDamagedPages::theOracleSeesEveryRow()
{
    Scratch scratch;
    writeFile(scratch.path(), m_small.file);
    const OtherProgram program(scratch.path());
    QHash<QString, qsizetype> counts;
    for (const LeafRow &row : m_small.rows) {
        ++counts[row.table];
        QVERIFY(row.standsWholeIn(m_small.file, m_small.file));
    }
    for (auto it = counts.cbegin(); it != counts.cend(); ++it) {
        const QString count = program.value(u"SELECT count(*) FROM \"%1\""_s.arg(it.key()));
        QCOMPARE(QString::number(it.value()), count);
    }
    QVERIFY(counts.value(u"artifact_jobs"_s) == jobsInSmall);
    QVERIFY(counts.value(u"artifact_ops"_s) > jobsInSmall);

    QByteArray damaged = m_small.file;
    const int victim = static_cast<int>(m_small.rows.last().spans.first().offset / pageSize) + 1;
    support::zeroPage(damaged, pageSize, victim);
    QVERIFY(!m_small.rows.last().standsWholeIn(damaged, m_small.file));
}

qsizetype TestDamagedPages::scan(const Original &original, const QByteArray &damaged, double *took)
{
    Scratch scratch;
    writeFile(scratch.path(), damaged);
    QSet<QByteArray> found;
    QElapsedTimer timer;
    timer.start();
    const auto image = PageImage::open(scratch.path(), scratch.path() + u"-wal"_s);
    if (!image) {
        QTest::qFail(why(image).constData(), __FILE__, __LINE__);
        return 0;
    }
    QList<TableCell> cells;
    const ScanSink sink{[&cells](TableCell &&cell) { cells.append(std::move(cell)); }, {}, {}, {}};
    const Result<ScanCounts> counts = scanPages(**image, {}, sink, {});
    if (took != nullptr)
        *took = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    if (!counts) {
        QTest::qFail(why(counts).constData(), __FILE__, __LINE__);
        return 0;
    }
    for (const TableCell &cell : cells)
        found.insert(keyOf(cell));

    qsizetype kept = 0;
    qsizetype missed = 0;
    QByteArray example;
    for (const LeafRow &row : original.rows) {
        const bool isFound = found.contains(keyOf(row));
        if (isFound && row.table == u"artifact_jobs")
            ++kept;
        if (!isFound && row.standsWholeIn(damaged, original.file)) {
            ++missed;
            example = row.table.toUtf8() + " row " + QByteArray::number(row.rowid) + " at " +
                      QByteArray::number(row.spans.last().offset);
        }
    }
    if (missed > 0) {
        const QByteArray what =
            QByteArray::number(missed) + " rows that stand whole were missed, so " + example;
        QTest::qFail(what.constData(), __FILE__, __LINE__);
    }
    return kept;
}

void TestDamagedPages::findsWhatStandsWhole_data()
{
    QTest::addColumn<QByteArray>("damaged");
    const auto pages = static_cast<int>(m_small.file.size() / pageSize);
    const int seeds = isLongForm() ? 50 : 5;
    const auto add = [&](const QByteArray &name, const Damage &damage, int number) {
        std::mt19937 random(static_cast<unsigned>(number));
        QByteArray file = m_small.file;
        damage(file, random);
        QTest::addRow("%s, number %d", name.constData(), number) << file;
    };
    for (int seed = 1; seed <= seeds; ++seed) {
        for (const int bits : {1, 8, 64, 400}) {
            add(
                QByteArray::number(bits) + " bits flipped",
                [bits](QByteArray &file, std::mt19937 &random) { support::flipBits(file, bits, random); },
                seed);
        }
        for (const int percent : {1, 2, 20}) {
            add(
                QByteArray::number(percent) + " % of the pages zeroed",
                [percent](QByteArray &file, std::mt19937 &random) {
                    support::zeroShareOfPages(file, pageSize, percent / 100.0, random);
                },
                seed);
        }
        add(
            "the header overwritten",
            [](QByteArray &file, std::mt19937 &random) { support::overwrite(file, 0, 100, random); }, seed);
        add(
            "a page overwritten",
            [pages](QByteArray &file, std::mt19937 &random) {
                support::overwrite(file,
                                   pageSize * std::uniform_int_distribution<qint64>(0, pages - 1)(random),
                                   pageSize, random);
            },
            seed);
    }
    const int step = isLongForm() ? 1 : std::max(1, pages / 12);
    for (int page = 0; page <= pages; page += step) {
        add(
            "cut off after pages",
            [page](QByteArray &file, std::mt19937 &) {
                support::truncateTo(file, static_cast<qint64>(page) * pageSize);
            },
            page);
        add(
            "cut off in the page",
            [page](QByteArray &file, std::mt19937 &) {
                support::truncateTo(file, static_cast<qint64>(page) * pageSize + 1234);
            },
            page);
    }
    for (const int root : m_small.roots) {
        add(
            "the root zeroed",
            [root](QByteArray &file, std::mt19937 &) { support::zeroPage(file, pageSize, root); }, root);
    }
}

void TestDamagedPages::findsWhatStandsWhole()
{
    QFETCH(QByteArray, damaged);
    scan(m_small, damaged);
}

void TestDamagedPages::yields_data()
{
    QTest::addColumn<int>("damage");
    QTest::addColumn<double>("least");
    // Every row that stands whole comes back, whatever these say. What 2 % of the pages and the end of a file
    // take with them is chance and layout: on average as much of the jobs as of the file.
    QTest::newRow("200 bits flipped: 99.5 %") << 0 << 0.9950;
    QTest::newRow("a page zeroed: 99.93 %") << 1 << 0.9993;
    QTest::newRow("2 % of the pages zeroed: about 98 %") << 2 << 0.975;
    QTest::newRow("cut off at 60 %: about 60 %") << 3 << 0.59;
    QTest::newRow("page 1 zeroed: all") << 4 << 1.0;
    QTest::newRow("the root of the jobs zeroed: all") << 5 << 1.0;
    QTest::newRow("every page of the indexes damaged: all") << 6 << 1.0;
}

void TestDamagedPages::yields()
{
    QFETCH(int, damage);
    QFETCH(double, least);
    const int seeds = damage <= 2 ? (isLongForm() ? 20 : 3) : 1;
    double sum = 0;
    double longest = 0;
    for (int seed = 1; seed <= seeds; ++seed) {
        std::mt19937 random(static_cast<unsigned>(seed));
        QByteArray file = m_large.file;
        const auto pages = static_cast<int>(file.size() / pageSize);
        switch (damage) {
        case 0:
            support::flipBits(file, 200, random);
            break;
        case 1:
            support::zeroPage(file, pageSize, std::uniform_int_distribution<int>(2, pages)(random));
            break;
        case 2:
            support::zeroShareOfPages(file, pageSize, 0.02, random);
            break;
        case 3:
            support::truncateTo(file, pages * 6 / 10 * pageSize);
            break;
        case 4:
            support::zeroPage(file, pageSize, 1);
            break;
        case 5: {
            Scratch scratch;
            writeFile(scratch.path(), file);
            const int root = OtherProgram(scratch.path())
                                 .value(u"SELECT rootpage FROM sqlite_schema WHERE name = 'artifact_jobs'"_s)
                                 .toInt();
            support::zeroPage(file, pageSize, root);
            break;
        }
        default:
            for (int page = 2; page <= pages; ++page) {
                const auto kind = static_cast<quint8>(file.at((page - 1) * pageSize));
                if (kind == 0x0a) // the leaf of an index
                    support::overwrite(file, (page - 1) * pageSize + 8, 100, random);
            }
        }
        double took = 0;
        const qsizetype kept = scan(m_large, file, &took);
        if (QTest::currentTestFailed())
            return;
        sum += static_cast<double>(kept) / jobsInLarge;
        longest = std::max(longest, took);
    }
    qInfo("%.2f %% of the jobs in %.0f ms", 100 * sum / seeds, longest * 1e3);
    QVERIFY2(sum / seeds >= least, qPrintable(QString::number(sum / seeds)));
}

QTEST_GUILESS_MAIN(TestDamagedPages)
#include "tst_damaged_pages.moc"
