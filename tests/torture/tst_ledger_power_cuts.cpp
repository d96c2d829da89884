// SPDX-License-Identifier: MIT
#include "torture/ledger_script.h"

#include "support/faulty_vfs.h"
#include "support/volatile_disk.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QLoggingCategory>

#include <algorithm>
#include <random>
#include <vector>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using support::DiskState;
using support::FaultyVfs;
using support::VolatileDisk;

namespace
{

/// A moment at which the power may fail.
struct Moment {
    DiskState disk;
    std::size_t acknowledged = 0; ///< steps that had returned
    /// What got its name past SQLite (a backup that was complete and synced): durable.
    QStringList others;
};

struct Recording {
    std::vector<Moment> moments;
    std::vector<LedgerContent> after; ///< each step
    QMap<QString, QByteArray> others; ///< contents; they do not change any more
};

void writeImage(const QString &folder, const QMap<QString, QByteArray> &files)
{
    QDir(folder).removeRecursively();
    for (auto it = files.cbegin(); it != files.cend(); ++it) {
        const QString path = folder + u'/' + it.key();
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(it.value()) != it.value().size())
            qFatal("cannot write %ls", qUtf16Printable(path));
    }
}

QStringList othersIn(const QTemporaryDir &folder, const DiskState &disk)
{
    QStringList names;
    QDirIterator files(folder.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString name = files.next().mid(folder.path().size() + 1);
        if (!disk.entries.contains(name) && !name.endsWith(u"-shm"_s) && !name.endsWith(u".wlock"_s))
            names.append(name);
    }
    return names;
}

/// The index of the log, as a power cut may leave it: not at all, or with anything in it.
void leaveSharedMemory(QMap<QString, QByteArray> &files, std::mt19937 &random)
{
    if (std::bernoulli_distribution(0.5)(random))
        return;
    QByteArray bytes(32768, '\0');
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(random()); });
    files.insert(u"ledger.sqlite3-shm"_s, bytes);
}

} // namespace

/// Records what the script writes, and lets the power fail before every sync and after every step: with none
/// of the sectors that were not synced on the disk, with all, and with any subset.
class TestLedgerPowerCuts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void losesNothingAcknowledged_data();
    void losesNothingAcknowledged();

private:
    Recording record(Beginning beginning);
    void check(const Recording &recording, const Moment &moment, const QMap<QString, QByteArray> &files,
               const QByteArray &what);

    FaultyVfs m_vfs;
    std::unique_ptr<Scratch> m_scratch; ///< the images lie where the ledger lay: it names its own backup
};

void TestLedgerPowerCuts::initTestCase()
{
    QLoggingCategory::setFilterRules(u"ingather.*=false"_s);
}

Recording TestLedgerPowerCuts::record(Beginning beginning)
{
    m_scratch = std::make_unique<Scratch>();
    prepare(*m_scratch, beginning);
    Recording recording;
    VolatileDisk disk(m_scratch->dir.path());
    std::size_t acknowledged = 0;
    const auto note = [&] {
        recording.moments.push_back({disk.state(), acknowledged, othersIn(m_scratch->dir, disk.state())});
    };
    disk.setBeforeSync(note);
    m_vfs.setObserver(&disk);
    {
        LedgerScript script(m_scratch->options());
        for (std::size_t i = 0; i < LedgerScript::steps.size(); ++i) {
            const Result<> done = script.run(i);
            if (!done)
                qFatal("%s: %s", LedgerScript::steps[i].name, why(done).constData());
            acknowledged = i + 1;
            note();
        }
    }
    m_vfs.setObserver(nullptr);
    for (const QString &name : recording.moments.back().others)
        recording.others.insert(name, test::contentOf(m_scratch->dir.filePath(name)));

    Scratch again;
    prepare(again, beginning);
    LedgerScript script(again.options());
    for (std::size_t i = 0; i < LedgerScript::steps.size(); ++i) {
        const Result<> done = script.run(i);
        Q_ASSERT(done.has_value());
        recording.after.push_back(contentOfLedger(again.path()));
    }
    return recording;
}

void TestLedgerPowerCuts::losesNothingAcknowledged_data()
{
    QTest::addColumn<int>("beginning");
    QTest::newRow("from nothing") << static_cast<int>(Beginning::Nothing);
    QTest::newRow("from a ledger of v1") << static_cast<int>(Beginning::ReferenceV1);
}

void TestLedgerPowerCuts::losesNothingAcknowledged()
{
    QFETCH(int, beginning);
    const Recording recording = record(static_cast<Beginning>(beginning));
    QVERIFY(recording.moments.size() > LedgerScript::steps.size());
    const int subsets = isLongForm() ? 200 : 2;
    std::mt19937 random(20261123);
    int images = 0;
    for (std::size_t at = 0; at < recording.moments.size(); ++at) {
        const Moment &moment = recording.moments[at];
        const QByteArray where = "moment " + QByteArray::number(static_cast<qulonglong>(at)) + ", after " +
                                 QByteArray::number(static_cast<qulonglong>(moment.acknowledged)) +
                                 " steps, ";
        const auto examine = [&](const support::Survival &survival, const QByteArray &what) {
            QMap<QString, QByteArray> files = moment.disk.afterPowerCut(survival);
            for (const QString &name : moment.others)
                files.insert(name, recording.others.value(name));
            leaveSharedMemory(files, random);
            check(recording, moment, files, where + what);
            ++images;
            return !QTest::currentTestFailed();
        };
        if (!examine([] { return true; }, "all is there") || !examine([] { return false; }, "nothing is"))
            return;
        const int choices = moment.disk.choices();
        if (choices == 0)
            continue; // nothing was at stake
        for (int i = 0; i < subsets; ++i) {
            // Subsets of every density, not only halves.
            const double share = std::uniform_real_distribution<>(0, 1)(random);
            std::bernoulli_distribution survives(share);
            if (!examine([&] { return survives(random); }, "subset " + QByteArray::number(i)))
                return;
        }
        const int stride = isLongForm() ? 1 : std::max(1, choices / 2);
        for (int one = 0; one < choices; one += stride) {
            for (const bool isAlone : {true, false}) {
                int asked = 0;
                const auto survival = [&] { return (asked++ == one) == isAlone; };
                if (!examine(survival,
                             (isAlone ? "only choice " : "all but choice ") + QByteArray::number(one)))
                    return;
            }
        }
    }
    qInfo("%d images of %zu moments", images, recording.moments.size());
}

void TestLedgerPowerCuts::check(const Recording &recording, const Moment &moment,
                                const QMap<QString, QByteArray> &files, const QByteArray &what)
{
    writeImage(m_scratch->dir.path(), files);
    {
        const Result<std::unique_ptr<Session>> reopened = Session::open(m_scratch->options());
        QVERIFY2(reopened.has_value(), (what + ": " + why(reopened)).constData());
    }
    const LedgerContent found = contentOfLedger(m_scratch->path());
    const std::size_t old = std::max<std::size_t>(moment.acknowledged, 1) - 1;
    const std::size_t next = std::min(moment.acknowledged, recording.after.size() - 1);
    const bool isRight = found == recording.after[old] || found == recording.after[next];
    QVERIFY2(isRight,
             (what + ": differs in " + found.differences(recording.after[old]).join(u", "_s).toUtf8() +
              " or in " + found.differences(recording.after[next]).join(u", "_s).toUtf8())
                 .constData());

    // Who migrated has a backup that is whole.
    const QString backup = OtherProgram(m_scratch->path())
                               .value(u"SELECT backup FROM ingather_migrations ORDER BY version DESC"_s);
    if (backup == u"NULL")
        return;
    QVERIFY2(QFileInfo::exists(backup), (what + ": no backup").constData());
    const LedgerContent saved = contentOfLedger(backup);
    QVERIFY2(saved.damage.isEmpty(), (what + ": backup").constData());
    QVERIFY2(saved.tables.contains(u"artifact_jobs"_s), (what + ": backup is empty").constData());
}

QTEST_GUILESS_MAIN(TestLedgerPowerCuts)
#include "tst_ledger_power_cuts.moc"
