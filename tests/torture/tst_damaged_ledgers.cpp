// SPDX-License-Identifier: MIT
#include "torture/damaged_ledger.h"
#include "torture/ledger_rows.h"
#include "torture/ledger_script.h"

#include "ledger/repair/repair.h"
#include "ledger/validation/drift.h"
#include "ledger/validation/row_checks.h"
#include "support/damage.h"
#include "support/faulty_vfs.h"

#include <QDir>
#include <QElapsedTimer>
#include <QLoggingCategory>

#include <random>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using support::LeafRow;

namespace
{

constexpr int pageSize = 4096;
constexpr int jobsInSmall = 120;
constexpr int jobsInLarge = 20'000;
constexpr int walHeader = 32;
constexpr int frameSize = 24 + pageSize;

/// One damaged ledger.
struct Patient {
    QByteArray file;
    QByteArray log;
    /// No bit of it lies: each row that SQL reads must be kept, whatever it says.
    bool isBitWhole = false;
};

struct Original {
    QByteArray file;
    QList<LeafRow> leaves;
    QList<int> roots;
    RowsByKey rows;
    RowsByKey signedJobs;                        ///< what the sums cover, by job id
    QHash<QString, QHash<qint64, QString>> keys; ///< by table and rowid
    qint64 largestRowid = 0;
};

const QString signedQuery = u"SELECT job_id, %1 FROM artifact_jobs"_s.arg(
    QString::fromLatin1(signedContent).replace(u", "_s, u" || '|' || "_s));

Original read(const Scratch &scratch)
{
    Original original;
    original.file = contentOf(scratch.path());
    original.leaves = support::leafRows(original.file);
    original.roots = support::rootPages(original.file);
    const SqlReader reader(scratch.path());
    original.rows = reader.rows();
    original.signedJobs = reader.pairs(signedQuery);
    for (const CheckedTable &table : checkedTables) {
        const QHash<qint64, QString> keys = reader.keys(table);
        for (auto it = keys.cbegin(); it != keys.cend(); ++it)
            original.largestRowid = std::max(original.largestRowid, it.key());
        original.keys.insert(QString::fromLatin1(table.name), keys);
    }
    return original;
}

/// The folder of a patient is emptied between two of them.
void empty(const QString &folder)
{
    const QFileInfoList entries =
        QDir(folder).entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    for (const QFileInfo &entry : entries) {
        if (entry.isDir())
            QDir(entry.filePath()).removeRecursively();
        else
            QFile::remove(entry.filePath());
    }
}

void flipBitsOfTableText(QByteArray &file, std::mt19937 &random)
{
    QList<qsizetype> texts;
    for (qsizetype at = 0; (at = file.indexOf("CREATE TABLE ", at)) >= 0; ++at)
        texts.append(at);
    const qsizetype text = texts.at(std::uniform_int_distribution<qsizetype>(0, texts.size() - 1)(random));
    QByteArray part = file.mid(text, 700); // the names of the first columns in any case
    support::flipBits(part, 2, random);
    file.replace(text, part.size(), part);
}

/// Statements that somebody's program may have run on a ledger.
QList<QStringList> meddlings(const QString &path)
{
    const OtherProgram program(path);
    QList<QStringList> all;
    const QStringList indexes =
        program.rows(u"SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"_s);
    for (const QString &name : indexes) {
        all.append({u"DROP INDEX \"%1\""_s.arg(name)});
        all.append({u"DROP INDEX \"%1\""_s.arg(name),
                    u"CREATE INDEX \"%1\" ON artifact_jobs(state, priority)"_s.arg(name)});
    }
    for (const QString &name : program.rows(u"SELECT name FROM sqlite_schema WHERE type = 'trigger'"_s))
        all.append({u"DROP TRIGGER \"%1\""_s.arg(name)});
    const QStringList tables = program.rows(u"SELECT name FROM sqlite_schema WHERE type = 'table' "
                                            "AND name LIKE 'ingather_%'"_s);
    for (const QString &name : tables)
        all.append({u"PRAGMA foreign_keys = OFF"_s, u"DROP TABLE \"%1\""_s.arg(name)});
    const auto rewrite = [](const QString &table, const QString &from, const QString &to) {
        return QStringList{u"PRAGMA writable_schema = ON"_s,
                           u"UPDATE sqlite_schema SET sql = replace(sql, '%2', '%3') WHERE name = '%1'"_s.arg(
                               table, QString(from).replace(u"'"_s, u"''"_s), to),
                           u"PRAGMA writable_schema = RESET"_s};
    };
    all.append(rewrite(u"artifact_jobs"_s, u"CHECK (attempts >= 0)"_s, {}));
    all.append(rewrite(u"artifact_jobs"_s, u"priority INTEGER NOT NULL"_s, u"priority TEXT NOT NULL"_s));
    all.append(rewrite(u"artifact_ops"_s, u" ON DELETE CASCADE"_s, {}));
    all.append(rewrite(u"ingather_parts"_s, u"CHECK (durable_length >= 0)"_s, {}));
    all.append({u"ALTER TABLE artifact_jobs ADD COLUMN theirs TEXT"_s});
    all.append({u"CREATE TABLE manifest(a, b)"_s, u"INSERT INTO manifest VALUES (1, 'kept')"_s});
    all.append({u"DELETE FROM ingather_counts"_s});
    all.append({u"UPDATE ingather_counts SET jobs = jobs + 5"_s});
    all.append({u"DELETE FROM ingather_meta"_s});
    all.append({u"UPDATE ingather_meta SET value = 'x' WHERE key = 'epoch'"_s});
    all.append({u"DELETE FROM __schema_version__"_s});
    all.append({u"DELETE FROM __schema_version__ WHERE schema_version = 2"_s});
    all.append({u"DROP TABLE __schema_version__"_s});
    all.append({u"DELETE FROM ingather_migrations"_s});
    all.append({u"PRAGMA foreign_keys = OFF"_s, u"DELETE FROM artifact_jobs WHERE rowid % 7 = 3"_s});
    all.append({u"PRAGMA foreign_keys = OFF"_s, u"DROP TABLE artifact_ops"_s});
    return all;
}

} // namespace

/// Damages ledgers in every way that comes to mind and repairs them. Afterwards the ledger is healthy; no row
/// is missing that stood whole in a leaf page or could be read by SQL; none is altered without being counted.
class TestDamagedLedgers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void losesNothing_data();
    void losesNothing();
    void yields_data();
    void yields();
    void cleanupTestCase();

private:
    void addDamaged();
    void addCutLogs();
    void addMeddled();
    void treat(const Original &original, const Patient &patient);
    RowsByKey required(const Original &original, const Patient &patient) const;
    void lookIsFine();
    void compare(const Original &original, const Patient &patient, const RowsByKey &wanted,
                 const core::RepairReport &report);

    // No power fails here: what SQLite syncs need not reach the disk.
    support::FaultyVfs m_vfs;
    Scratch m_scratch;
    Original m_small;
    Original m_large;
    std::vector<Patient> m_patients;
    int m_treated = 0;
};

void TestDamagedLedgers::initTestCase()
{
    QLoggingCategory::setFilterRules(u"ingather.*=false"_s);
    Scratch small;
    fillLedger(small, jobsInSmall);
    m_small = read(small);
    Scratch large;
    planLedger(large, jobsInLarge);
    m_large = read(large);
    m_scratch.clock.advance(3600); // no lease lives any more
}

void TestDamagedLedgers::cleanupTestCase()
{
    qInfo("%d damaged ledgers", m_treated);
}

void TestDamagedLedgers::losesNothing_data()
{
    QTest::addColumn<int>("patient");
    m_patients.clear(); // asked for again with each tag that is named
    addDamaged();
    addCutLogs();
    addMeddled();
}

void TestDamagedLedgers::addDamaged()
{
    const auto pages = static_cast<int>(m_small.file.size() / pageSize);
    const int firstSeed = 1 + qEnvironmentVariableIntValue("INGATHER_TORTURE_SEED"); // for other damage
    const int seeds = firstSeed + (isLongForm() ? 25 : 3);
    using Damage = std::function<void(QByteArray &, std::mt19937 &)>;
    const auto add = [&](const char *name, const Damage &damage, int number) {
        std::mt19937 random(static_cast<unsigned>(number));
        QByteArray file = m_small.file;
        damage(file, random);
        QTest::addRow("%s, number %d", name, number) << static_cast<int>(m_patients.size());
        m_patients.push_back({file, {}, false});
    };
    const auto flip = [](int bits) {
        return [bits](QByteArray &file, std::mt19937 &random) { support::flipBits(file, bits, random); };
    };
    const auto zero = [](double share) {
        return [share](QByteArray &file, std::mt19937 &random) {
            support::zeroShareOfPages(file, pageSize, share, random);
        };
    };
    for (int seed = firstSeed; seed < seeds; ++seed) {
        add("a bit flipped", flip(1), seed);
        add("8 bits flipped", flip(8), seed);
        add("64 bits flipped", flip(64), seed);
        add("400 bits flipped", flip(400), seed);
        add("2 bits of a table's text flipped", flipBitsOfTableText, seed);
        add("a page zeroed", zero(0), seed);
        add("2 % of the pages zeroed", zero(0.02), seed);
        add("20 % of the pages zeroed", zero(0.2), seed);
        add(
            "the header overwritten",
            [](QByteArray &file, std::mt19937 &random) { support::overwrite(file, 0, 100, random); }, seed);
        add(
            "a page overwritten",
            [pages](QByteArray &file, std::mt19937 &random) {
                const int page = std::uniform_int_distribution<int>(0, pages - 1)(random);
                support::overwrite(file, static_cast<qint64>(page) * pageSize, pageSize, random);
            },
            seed);
    }
    if (!isLongForm()) {
        // Once met in the long form: rowids that ran in circles, and a hit column name.
        add("64 bits flipped", flip(64), 8);
        add("400 bits flipped", flip(400), 6);
    }
    const int rootStep = isLongForm() ? 1 : 4;
    for (qsizetype i = 0; i < m_small.roots.size(); i += rootStep) {
        const int root = m_small.roots.at(i);
        add(
            "the root zeroed",
            [root](QByteArray &file, std::mt19937 &) { support::zeroPage(file, pageSize, root); }, root);
    }
    const int cutStep = isLongForm() ? 1 : std::max(1, pages / 8);
    for (int page = 0; page < pages; page += cutStep) {
        add(
            "cut off after pages",
            [page](QByteArray &file, std::mt19937 &) {
                support::truncateTo(file, static_cast<qint64>(page) * pageSize);
            },
            page);
    }
}

void TestDamagedLedgers::addCutLogs()
{
    // A ledger at work: a part of its rows lies in the log only. Copied as a killed process leaves it.
    Scratch scratch;
    writeFile(scratch.path(), m_small.file);
    const auto session = Session::open(scratch.options());
    if (!session)
        qFatal("%s", why(session).constData());
    sqlite3_wal_autocheckpoint(static_cast<sqlite3 *>((*session)->handle()), 0);
    for (int i = 0; i < 12; ++i)
        planned(**session, {request(1000 + i), request(2000 + i)});
    Patient patient{contentOf(scratch.path()), contentOf(scratch.path() + u"-wal"_s), true};
    const auto frames = static_cast<int>((patient.log.size() - walHeader) / frameSize);
    const int step = isLongForm() ? 1 : std::max(1, frames / 6);
    for (int frame = 0; frame <= frames; frame += step) {
        const QByteArray whole = patient.log.left(walHeader + static_cast<qint64>(frame) * frameSize);
        QTest::addRow("the log cut after frame %d", frame) << static_cast<int>(m_patients.size());
        m_patients.push_back({patient.file, whole, true});
        QTest::addRow("the log cut in the frame after %d", frame) << static_cast<int>(m_patients.size());
        m_patients.push_back({patient.file, whole + patient.log.mid(whole.size(), 999), true});
    }
}

void TestDamagedLedgers::addMeddled()
{
    Scratch scratch;
    writeFile(scratch.path(), m_small.file);
    const QList<QStringList> all = meddlings(scratch.path());
    for (qsizetype i = 0; i < all.size(); i += isLongForm() ? 1 : 3) {
        empty(scratch.dir.path());
        writeFile(scratch.path(), m_small.file);
        {
            const OtherProgram program(scratch.path());
            for (const QString &sql : all.at(i)) {
                if (program.run(sql) != SQLITE_OK)
                    qFatal("%ls", qUtf16Printable(sql));
            }
            program.rows(u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
        }
        QTest::addRow("meddled with: %s", qPrintable(all.at(i).join(u"; "_s)))
            << static_cast<int>(m_patients.size());
        m_patients.push_back({contentOf(scratch.path()), {}, true});
    }
}

void TestDamagedLedgers::losesNothing()
{
    QFETCH(int, patient);
    treat(m_small, m_patients.at(static_cast<std::size_t>(patient)));
}

/// What the oracles say has to be there after the repair.
RowsByKey TestDamagedLedgers::required(const Original &original, const Patient &patient) const
{
    Scratch copy;
    writeFile(copy.path(), patient.file);
    if (!patient.log.isEmpty())
        writeFile(copy.path() + u"-wal"_s, patient.log);
    const RowsByKey bySql = SqlReader(copy.path()).rows(original.largestRowid);
    RowsByKey wanted;
    for (auto it = bySql.cbegin(); it != bySql.cend(); ++it) {
        if (patient.isBitWhole || original.rows.value(it.key()) == it.value())
            wanted.insert(it.key(), it.value());
    }
    for (const LeafRow &leaf : original.leaves) {
        const QString key = original.keys.value(leaf.table).value(leaf.rowid);
        if (!patient.isBitWhole && !key.isEmpty() && leaf.standsWholeIn(patient.file, original.file))
            wanted.insert(key, original.rows.value(key));
    }
    return wanted;
}

void TestDamagedLedgers::treat(const Original &original, const Patient &patient)
{
    ++m_treated;
    const RowsByKey wanted = required(original, patient);
    empty(m_scratch.dir.path());
    writeFile(m_scratch.path(), patient.file);
    if (!patient.log.isEmpty())
        writeFile(m_scratch.path() + u"-wal"_s, patient.log);

    const Result<core::RepairReport> report = repairLedger(m_scratch.options(u"repairer"_s), {});
    if (!report && wanted.isEmpty()) {
        // Nothing was left to be repaired; it says so, and touches nothing.
        const ErrorCode code = report.error().code;
        QVERIFY2(code == ErrorCode::LedgerCorrupt || code == ErrorCode::LedgerUnmigrated, why(report));
        QCOMPARE(contentOf(m_scratch.path()), patient.file);
        return;
    }
    QVERIFY2(report.has_value(), why(report));
    lookIsFine();
    if (!QTest::currentTestFailed())
        compare(original, patient, wanted, *report);
}

/// The ledger opens, and a look of the three kinds finds nothing wrong.
void TestDamagedLedgers::lookIsFine()
{
    {
        const auto session = Session::open(m_scratch.options());
        QVERIFY2(session.has_value(), why(session));
    }
    SqliteConnection connection;
    VERIFY_OK(connection.open(m_scratch.path(), SqliteConnection::Mode::ReadWrite));
    const auto drift = compareSchema(connection.handle());
    VERIFY_OK(drift);
    const auto pages = checkPages(connection.handle(), {});
    VERIFY_OK(pages);
    const auto rows = checkRows(connection.handle(), {});
    VERIFY_OK(rows);
    for (const core::Finding &finding : drift->findings + *pages + *rows) {
        QVERIFY2(finding.severity <= core::Severity::Info,
                 qPrintable(core::findingName(finding.id) + u' ' + finding.place + u": "_s + finding.detail +
                            u' ' + finding.examples.join(u", "_s)));
    }
}

void TestDamagedLedgers::compare(const Original &original, const Patient &patient, const RowsByKey &wanted,
                                 const core::RepairReport &report)
{
    const SqlReader reader(m_scratch.path());
    const RowsByKey found = reader.rows();
    const OtherProgram program(m_scratch.path());
    const QString salvaged = program.rows(u"SELECT source, row_json FROM ingather_salvage"_s).join(u'\n');
    QStringList missing;
    for (auto it = wanted.cbegin(); it != wanted.cend(); ++it) {
        const QString key = it.key().section(u' ', 1);
        if (found.value(it.key()) != it.value() && !salvaged.contains(key))
            missing.append(it.key() + u": "_s + it.value() + u" became "_s + found.value(it.key()));
    }
    QVERIFY2(missing.isEmpty(),
             qPrintable(QString::number(missing.size()) + u" of "_s + QString::number(wanted.size()) +
                        u" rows, so "_s + missing.value(0) + u"; reasons: "_s +
                        report.reasons.join(u", "_s)));
    if (patient.isBitWhole)
        return;

    // Whatever is not as it was has been counted.
    qint64 different = 0;
    QString example;
    const RowsByKey jobs = reader.pairs(signedQuery + u" WHERE row_sum IS NOT NULL"_s);
    for (auto it = jobs.cbegin(); it != jobs.cend(); ++it) {
        if (original.signedJobs.value(it.key()) != it.value()) {
            ++different;
            example = it.key() + u": "_s + it.value() + u" was "_s + original.signedJobs.value(it.key());
        }
    }
    qint64 counted = 0;
    for (const core::TableAccount &account : report.tables) {
        if (account.table == u"artifact_jobs")
            counted = account.altered + account.rebuilt;
    }
    QVERIFY2(different <= counted,
             qPrintable(u"%1 differ, %2 are counted: %3"_s.arg(different).arg(counted).arg(example)));
}

void TestDamagedLedgers::yields_data()
{
    QTest::addColumn<int>("damage");
    QTest::addColumn<double>("least"); // jobs that are whole or named, of 20,000: the prototype's figures
    QTest::newRow("200 bits flipped") << 0 << 0.9953;
    QTest::newRow("a page zeroed") << 1 << 0.9993;
    QTest::newRow("2 % of the pages zeroed") << 2 << 0.9997;
    QTest::newRow("cut off at 60 %") << 3 << 0.602;
    QTest::newRow("page 1 zeroed") << 4 << 1.0;
    QTest::newRow("the root of the jobs zeroed") << 5 << 1.0;
    QTest::newRow("every leaf of the indexes damaged") << 6 << 1.0;
}

void TestDamagedLedgers::yields()
{
    QFETCH(int, damage);
    QFETCH(double, least);
    std::mt19937 random(1);
    QByteArray file = m_large.file;
    const auto pages = static_cast<int>(file.size() / pageSize);
    switch (damage) {
    case 0:
        support::flipBits(file, 200, random);
        break;
    case 1:
        support::zeroShareOfPages(file, pageSize, 0, random);
        break;
    case 2:
        support::zeroShareOfPages(file, pageSize, 0.02, random);
        break;
    case 3:
        support::truncateTo(file, static_cast<qint64>(pages) * 6 / 10 * pageSize);
        break;
    case 4:
        support::zeroPage(file, pageSize, 1);
        break;
    case 5: {
        Scratch scratch;
        writeFile(scratch.path(), file);
        const QString root = OtherProgram(scratch.path())
                                 .value(u"SELECT rootpage FROM sqlite_schema WHERE name = 'artifact_jobs'"_s);
        support::zeroPage(file, pageSize, root.toInt());
        break;
    }
    default:
        for (int page = 2; page <= pages; ++page) {
            const qint64 start = static_cast<qint64>(page - 1) * pageSize;
            if (file.at(start) == 0x0a) // the leaf of an index
                support::overwrite(file, start + 8, 100, random);
        }
    }
    empty(m_scratch.dir.path());
    writeFile(m_scratch.path(), file);
    QElapsedTimer timer;
    timer.start();
    const Result<core::RepairReport> report = repairLedger(m_scratch.options(u"repairer"_s), {});
    const qint64 took = timer.elapsed();
    VERIFY_OK(report);
    lookIsFine();
    if (QTest::currentTestFailed())
        return;
    const RowsByKey jobs = SqlReader(m_scratch.path()).pairs(signedQuery);
    qint64 named = 0;
    qint64 whole = 0;
    for (auto it = m_large.signedJobs.cbegin(); it != m_large.signedJobs.cend(); ++it) {
        named += jobs.contains(it.key()) ? 1 : 0;
        whole += jobs.value(it.key()) == it.value() ? 1 : 0;
    }
    qInfo("%.2f %% whole, %.2f %% with those that are only named, in %lld ms", 100.0 * whole / jobsInLarge,
          100.0 * named / jobsInLarge, took);
    QVERIFY2(static_cast<double>(named) >= least * jobsInLarge, qPrintable(QString::number(named)));
}

QTEST_GUILESS_MAIN(TestDamagedLedgers)
#include "tst_damaged_ledgers.moc"
