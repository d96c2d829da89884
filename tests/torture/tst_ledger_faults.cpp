// SPDX-License-Identifier: MIT
#include "torture/ledger_script.h"

#include "support/faulty_vfs.h"

#include <QLoggingCategory>

#include <algorithm>
#include <random>
#include <vector>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;
using support::FaultyVfs;
using support::FileCall;
using support::FileFault;

namespace
{

struct FaultKind {
    const char *name;
    FileCall call;
    int code;
    QList<ErrorCode> expected; ///< what a step may fail with
};

const QList<FaultKind> &kinds()
{
    using enum ErrorCode;
    static const QList<FaultKind> all{
        {"a write finds the disk full", FileCall::Write, SQLITE_FULL, {LedgerFull}},
        {"a write fails", FileCall::Write, SQLITE_IOERR_WRITE, {LedgerIoError}},
        {"a sync fails", FileCall::Sync, SQLITE_IOERR_FSYNC, {LedgerIoError}},
        {"a truncation fails", FileCall::Truncate, SQLITE_IOERR_TRUNCATE, {LedgerIoError}},
        // PRAGMA quick_check reports what it could not read as damage: of a backup, which is then not kept.
        {"a read fails", FileCall::Read, SQLITE_IOERR_READ, {LedgerIoError, LedgerCorrupt}},
        {"a read gives zeros",
         FileCall::Read,
         SQLITE_IOERR_SHORT_READ,
         {LedgerCorrupt, LedgerNotADatabase, LedgerIoError}},
        {"a file lock is busy", FileCall::Lock, SQLITE_BUSY, {LedgerBusy}},
        {"a file lock fails", FileCall::Lock, SQLITE_IOERR_LOCK, {LedgerIoError}},
        {"a lock of the log is busy", FileCall::ShmLock, SQLITE_BUSY, {LedgerBusy}},
        {"a lock of the log fails", FileCall::ShmLock, SQLITE_IOERR_SHMLOCK, {LedgerIoError}},
        {"the shared memory cannot be mapped", FileCall::ShmMap, SQLITE_IOERR_SHMMAP, {LedgerIoError}},
        {"the shared memory finds the disk full", FileCall::ShmMap, SQLITE_FULL, {LedgerFull}},
        {"a file cannot be opened", FileCall::Open, SQLITE_CANTOPEN, {LedgerCannotOpen}},
        {"a file cannot be deleted", FileCall::Delete, SQLITE_IOERR_DELETE, {LedgerIoError}},
        {"a size cannot be told", FileCall::Size, SQLITE_IOERR_FSTAT, {LedgerIoError}},
        {"a look for a file fails", FileCall::Access, SQLITE_IOERR_ACCESS, {LedgerIoError}},
    };
    return all;
}

struct Beginner {
    const char *name;
    Beginning beginning;
};
constexpr std::array beginners{Beginner{"from nothing", Beginning::Nothing},
                               Beginner{"from a ledger of v1", Beginning::ReferenceV1}};

/// What an undisturbed run leaves after each step.
struct Reference {
    std::vector<LedgerContent> after;
    QHash<FileCall, int> calls;
};

} // namespace

/// Fails the n-th call of SQLite's file layer, for every n, while the script runs; then looks at what is
/// left.
class TestLedgerFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void oldStateOrNewState_data();
    void oldStateOrNewState();

private:
    Reference undisturbed(Beginning beginning);
    void disturbed(const FaultKind &kind, const FileFault &fault, Beginning beginning);

    FaultyVfs m_vfs;
    QHash<int, Reference> m_references;
};

Reference TestLedgerFaults::undisturbed(Beginning beginning)
{
    Reference reference;
    Scratch scratch;
    prepare(scratch, beginning);
    m_vfs.arm({.call = FileCall::Write, .nth = 0});
    {
        LedgerScript script(scratch.options());
        for (std::size_t i = 0; i < LedgerScript::steps.size(); ++i) {
            const Result<> done = script.run(i);
            if (!done)
                qFatal("%s: %s", LedgerScript::steps[i].name, why(done).constData());
        }
        script.close();
    }
    for (int call = 0; call <= static_cast<int>(FileCall::ShmLock); ++call)
        reference.calls.insert(static_cast<FileCall>(call), m_vfs.count(static_cast<FileCall>(call)));
    m_vfs.disarm();

    Scratch again;
    prepare(again, beginning);
    LedgerScript script(again.options());
    for (std::size_t i = 0; i < LedgerScript::steps.size(); ++i) {
        const Result<> done = script.run(i);
        Q_ASSERT(done.has_value());
        reference.after.push_back(contentOfLedger(again.path()));
    }
    return reference;
}

void TestLedgerFaults::initTestCase()
{
    QLoggingCategory::setFilterRules(u"ingather.*=false"_s); // thousands of errors, all of them wanted
    for (const Beginner &beginner : beginners) {
        const Reference reference = undisturbed(beginner.beginning);
        for (const LedgerContent &content : reference.after)
            QCOMPARE(content.damage, QStringList());
        m_references.insert(static_cast<int>(beginner.beginning), reference);
    }
}

void TestLedgerFaults::oldStateOrNewState_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("isForEver");
    QTest::addColumn<int>("beginning");
    for (const Beginner &beginner : beginners) {
        for (int kind = 0; kind < kinds().size(); ++kind) {
            for (const bool isForEver : {false, true}) {
                QTest::addRow("%s %s, %s", kinds()[kind].name, isForEver ? "for ever" : "once", beginner.name)
                    << kind << isForEver << static_cast<int>(beginner.beginning);
            }
        }
    }
}

void TestLedgerFaults::oldStateOrNewState()
{
    QFETCH(int, kind);
    QFETCH(bool, isForEver);
    QFETCH(int, beginning);
    const FaultKind &what = kinds()[kind];
    constexpr int runsOfShortForm = 4;
    const int calls = m_references[beginning].calls.value(what.call);
    QVERIFY(calls > 0);
    // The short form takes some of them, other ones in each row.
    const int stride = isLongForm() ? 1 : std::max(1, calls / runsOfShortForm);
    int n = 1 + (isLongForm() ? 0 : (kind * 7 + (isForEver ? 3 : 0)) % stride);
    for (;; n += stride) {
        disturbed(what, {.call = what.call, .nth = n, .isForEver = isForEver, .code = what.code},
                  static_cast<Beginning>(beginning));
        if (QTest::currentTestFailed())
            return;
        if (!m_vfs.hasStruck())
            break;
    }
}

void TestLedgerFaults::disturbed(const FaultKind &kind, const FileFault &fault, Beginning beginning)
{
    const std::vector<LedgerContent> &after = m_references[static_cast<int>(beginning)].after;
    Scratch scratch;
    prepare(scratch, beginning);
    std::size_t acknowledged = 0;
    QByteArray story = "call " + QByteArray::number(fault.nth) + ": ";
    bool isOver = false;
    m_vfs.arm(fault);
    LedgerScript script(scratch.options());
    while (!isOver && acknowledged < LedgerScript::steps.size()) {
        Result<> done = script.run(acknowledged);
        if (!done) {
            story += QByteArray(LedgerScript::steps[acknowledged].name) + ": " + why(done) + "; ";
            QVERIFY2(kind.expected.contains(done.error().code), story.constData());
            isOver = fault.isForEver;
            if (!fault.isForEver) {
                // Nothing has happened, so the same again does it. What was read wrong stays in the cache.
                if (done.error().code == ErrorCode::LedgerCorrupt)
                    script.close();
                done = script.run(acknowledged);
                QVERIFY2(done.has_value(), (story + "again: " + why(done)).constData());
            }
        }
        if (done)
            ++acknowledged;
    }
    script.close();
    m_vfs.disarm();

    // The next program that opens it finds what was acknowledged; of the step that failed all or nothing.
    {
        const Result<std::unique_ptr<Session>> reopened = Session::open(scratch.options());
        QVERIFY2(reopened.has_value(), (story + "reopened: " + why(reopened)).constData());
    }
    const LedgerContent found = contentOfLedger(scratch.path());
    const std::size_t old = std::max<std::size_t>(acknowledged, 1) - 1; // opening it has finished step 0
    const std::size_t next = std::min(acknowledged, after.size() - 1);
    const bool isRight = found == after[old] || found == after[next];
    QVERIFY2(isRight, (story + "differs in " + found.differences(after[old]).join(u", "_s).toUtf8() +
                       " or in " + found.differences(after[next]).join(u", "_s).toUtf8())
                          .constData());
}

QTEST_GUILESS_MAIN(TestLedgerFaults)
#include "tst_ledger_faults.moc"
