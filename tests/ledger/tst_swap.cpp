// SPDX-License-Identifier: MIT
#include "ledger_fixture.h"

#include "ledger/connections.h"
#include "ledger/ledger_thread.h"
#include "ledger/write_lock.h"

#include <QDir>
#include <QThread>

using namespace Qt::StringLiterals;
using namespace ingather;
using namespace ingather::ledger;
using namespace ingather::ledger::test;

namespace
{

using Planned = QList<PlannedJob>;

QStringList urls(const QList<JobRecord> &list)
{
    QStringList found;
    for (const JobRecord &job : list)
        found.append(job.canonicalUrl);
    found.sort();
    return found;
}

QStringList urlsOf(std::initializer_list<int> numbers)
{
    QStringList found;
    for (const int number : numbers)
        found.append(request(number).canonicalUrl);
    found.sort();
    return found;
}

/// A ledger with one job in a single file, as a repair makes it.
void makeReplacement(const Scratch &elsewhere, int job)
{
    planned(*elsewhere.open(), {request(job)});
    const OtherProgram program(elsewhere.path());
    QCOMPARE(program.value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s), u"0|0|0"_s);
}

void swapIn(const Scratch &scratch, const Scratch &replacement)
{
    WriteLock lock;
    VERIFY_OK(lock.open(scratch.path(), true));
    VERIFY_OK(lock.acquire(std::chrono::seconds(5), u"repair"_s, 1));
    const QString aside = scratch.dir.filePath(u"aside"_s);
    QVERIFY(QDir().mkdir(aside));
    for (const QString &suffix : {u""_s, u"-wal"_s, u"-shm"_s}) {
        const QString old = scratch.path() + suffix;
        if (QFile::exists(old))
            QVERIFY(QFile::rename(old, aside + u"/ledger.sqlite3"_s + suffix));
    }
    QVERIFY(QFile::rename(replacement.path(), scratch.path()));
    VERIFY_OK(lock.raiseGeneration(u"repair"_s, 2));
}

QByteArray contentAside(const Scratch &scratch)
{
    const QString aside = scratch.dir.filePath(u"aside/ledger.sqlite3"_s);
    return contentOf(aside) + contentOf(aside + u"-wal"_s);
}

QStringList filesAside(const Scratch &scratch)
{
    return QDir(scratch.dir.filePath(u"aside"_s)).entryList(QDir::Files);
}

} // namespace

/// What a repair or a restore does to programs that have the ledger open: they go on with the new file, and
/// the old one is neither read nor written any more.
class TestSwap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writerGoesOnInTheNewFile();
    void readerGoesOnInTheNewFile();
    void readerWithoutALockFileNotices();
    void openersWaitForTheSwap();
    void connectionsHandOutANewSession();
    void changeFeedSeesTheSwap();
};

void TestSwap::writerGoesOnInTheNewFile()
{
    Scratch scratch;
    Scratch replacement;
    makeReplacement(replacement, 77);
    auto writer = LedgerThread::start(LedgerThread::Kind::Writer, scratch.options());
    VERIFY_OK(writer);
    const auto add = [&](int number) {
        return (*writer)->post<Planned>([number](Session &s) { return plan(s, {request(number)}); });
    };
    VERIFY_OK(add(1).result());
    swapIn(scratch, replacement);
    const QByteArray before = contentAside(scratch);
    const QStringList filesBefore = filesAside(scratch);

    QList<QFuture<Result<Planned>>> futures;
    for (int number = 2; number < 5; ++number)
        futures.append(add(number));
    for (auto &future : futures)
        VERIFY_OK(future.result());
    QCOMPARE(urls(*jobs(*scratch.open(), {})), urlsOf({77, 2, 3, 4}));
    QCOMPARE(contentAside(scratch), before);
    (*writer)->stop();
    QCOMPARE(contentAside(scratch), before);
    QCOMPARE(filesAside(scratch), filesBefore);
}

void TestSwap::readerGoesOnInTheNewFile()
{
    Scratch scratch;
    Scratch replacement;
    makeReplacement(replacement, 77);
    planned(*scratch.open(), {request(1)});
    auto reader = LedgerThread::start(LedgerThread::Kind::Reader, scratch.options());
    VERIFY_OK(reader);
    const auto read = [&] {
        return (*reader)->post<QList<JobRecord>>([](Session &s) { return jobs(s, {}); }).result();
    };
    QCOMPARE(urls(*read()), urlsOf({1}));
    swapIn(scratch, replacement);
    const QByteArray before = contentAside(scratch);
    QCOMPARE(urls(*read()), urlsOf({77}));
    QCOMPARE(urls(*read()), urlsOf({77}));
    (*reader)->stop();
    QCOMPARE(contentAside(scratch), before);
}

void TestSwap::readerWithoutALockFileNotices()
{
    Scratch scratch;
    Scratch replacement;
    makeReplacement(replacement, 77);
    planned(*scratch.open(), {request(1)});
    QVERIFY(QFile::remove(WriteLock::pathFor(scratch.path())));
    const auto reader = Session::open(scratch.readOptions());
    VERIFY_OK(reader);
    QVERIFY(!(*reader)->isSwapped());
    swapIn(scratch, replacement);
    QVERIFY((*reader)->isSwapped());
}

/// Between the two renames there is no ledger: who opens it then must not make an empty one.
void TestSwap::openersWaitForTheSwap()
{
    Scratch scratch;
    Scratch replacement;
    makeReplacement(replacement, 77);
    planned(*scratch.open(), {request(1)});
    for (const bool isReader : {false, true}) {
        WriteLock lock;
        VERIFY_OK(lock.open(scratch.path(), true));
        VERIFY_OK(lock.acquire(std::chrono::seconds(5), u"repair"_s, 1));
        const QString away = scratch.dir.filePath(isReader ? u"away-2"_s : u"away-1"_s);
        QVERIFY(QFile::rename(scratch.path(), away));
        std::unique_ptr<QThread> opener;
        QByteArray failure;
        QStringList seen;
        opener.reset(QThread::create([&] {
            const auto session = Session::open(isReader ? scratch.readOptions() : scratch.options());
            failure = why(session);
            if (session)
                seen = urls(*jobs(**session, {}));
        }));
        opener->start();
        QVERIFY(!opener->wait(100)); // whatever it does, it must not be done while the file is away
        QVERIFY(!QFile::exists(scratch.path()));
        QVERIFY(QFile::rename(isReader ? away : replacement.path(), scratch.path()));
        for (const char *suffix : {"-wal", "-shm"})
            QFile::remove(scratch.path() + QLatin1StringView(suffix));
        VERIFY_OK(lock.raiseGeneration(u"repair"_s, 2));
        lock.release();
        opener->wait();
        QCOMPARE(failure, QByteArray());
        QCOMPARE(seen, urlsOf({77}));
    }
}

void TestSwap::connectionsHandOutANewSession()
{
    Scratch scratch;
    Scratch replacement;
    makeReplacement(replacement, 77);
    Connections connections(scratch.options(), 1);
    const auto first = connections.session();
    VERIFY_OK(first);
    planned(**first, {request(1)});
    swapIn(scratch, replacement);
    const auto second = connections.session();
    VERIFY_OK(second);
    QCOMPARE(connections.count(), 1);
    QCOMPARE(urls(*jobs(**second, {})), urlsOf({77}));
    QCOMPARE(*connections.session(), *second);
    planned(**second, {request(2)});
}

void TestSwap::changeFeedSeesTheSwap()
{
    Scratch scratch;
    Scratch replacement;
    makeReplacement(replacement, 77);
    planned(*scratch.open(), {request(1)});
    auto reader = LedgerThread::start(LedgerThread::Kind::Reader, scratch.options());
    VERIFY_OK(reader);
    const auto version = [&] {
        return (*reader)->post<qint64>([](Session &s) { return dataVersion(s); }).result();
    };
    const auto before = version();
    VERIFY_OK(before);
    QCOMPARE(*version(), *before);
    swapIn(scratch, replacement);
    const auto after = version();
    VERIFY_OK(after);
    QVERIFY(*after != *before);
}

QTEST_GUILESS_MAIN(TestSwap)
#include "tst_swap.moc"
