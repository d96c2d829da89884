// SPDX-License-Identifier: MIT
//
// usage: ledger_bench [--runs N] [--folder DIR] [--jobs N] [ROW…]
//
// The rows of the design's table of numbers that are about the ledger; without names all of them. Medians
// over the runs. The peer of a row is the same statements with the same values, recorded from the ledger's
// own connection, and played through the C interface on a copy of the same file.
#include "bench/bench_ledger.h"
#include "bench/lanes.h"
#include "bench/statement_tape.h"
#include "ledger/backups/online_backup.h"
#include "ledger/health/health.h"
#include "ledger/leases.h"
#include "ledger/ledger_thread.h"
#include "ledger/life_step.h"
#include "ledger/sqlite.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QLoggingCategory>
#include <QProcess>
#include <QSet>
#include <QTextStream>

#include <fcntl.h>
#include <unistd.h>

using namespace ingather;
using namespace ingather::bench;
using ledger::ClaimedJob;
using ledger::Session;

namespace
{

struct Bench {
    QString folder;
    int runs = 5;
    qint64 jobs = 1'000'000;
    platform::SystemClock clock;

    QString path(const char *name) const { return folder + u'/' + QString::fromLatin1(name); }
};

void print(const QString &row, const QString &value, const QString &goal)
{
    QTextStream(stdout) << row.leftJustified(52) << value.leftJustified(60) << goal << Qt::endl;
}

QString perSecond(double count, double took)
{
    return QStringLiteral("%1/s").arg(count / took, 0, 'f', 0);
}

QString milliseconds(double took)
{
    return QStringLiteral("%1 ms").arg(took * 1e3, 0, 'f', 3);
}

/// Runs `work` on fresh copies of a ledger of `jobs` jobs, in turns with the peer.
void besideThePeer(const Bench &bench, const QString &row, qint64 jobs,
                   const std::function<void(const QString &ledger, StatementTape *tape)> &work,
                   const QString &goal)
{
    const QString origin = bench.path("origin.sqlite3");
    const QString ledger = bench.path("ledger.sqlite3");
    const QString peer = bench.path("peer.sqlite3");
    makeLedger(origin, jobs + 64, bench.clock);
    StatementTape tape;
    copyLedger(origin, ledger);
    work(ledger, &tape);

    std::vector<double> ours;
    std::vector<double> theirs;
    std::vector<double> ratios;
    for (int run = 0; run < bench.runs; ++run) {
        copyLedger(origin, ledger);
        ours.push_back(seconds([&] { work(ledger, nullptr); }));
        copyLedger(origin, peer);
        theirs.push_back(tape.play(peer));
        ratios.push_back(theirs.back() / ours.back());
    }
    const auto count = static_cast<double>(jobs);
    print(row,
          perSecond(count, median(ours)) + QStringLiteral("  (C API %1; ratio %2; %3 statements a job)")
                                               .arg(perSecond(count, median(theirs)))
                                               .arg(median(ratios), 0, 'f', 2)
                                               .arg(static_cast<double>(tape.size()) / count, 0, 'f', 1),
          goal);
    removeLedger(origin);
    removeLedger(ledger);
    removeLedger(peer);
}

void claimAndFinish(const Bench &bench, const QString &ledger, qint64 jobs, int batch, StatementTape *tape)
{
    const auto session = openLedger(ledger, bench.clock);
    auto *connection = static_cast<sqlite3 *>(session->handle());
    if (tape != nullptr)
        tape->record(connection);
    for (qint64 done = 0; done < jobs;) {
        ledger::ClaimRequest wanted;
        wanted.limit = batch;
        const auto claimed = transact(*session, [&](Session &s) { return ledger::claim(s, wanted); });
        transact(*session, [&](Session &s) -> core::Result<int> {
            for (const ClaimedJob &job : claimed) {
                ledger::LifeStep end;
                end.lease = job.lease;
                end.path = {core::JobState::SkippedDuplicate};
                const auto applied = ledger::apply(s, end);
                if (!applied)
                    return applied.error();
            }
            return 0;
        });
        if (claimed.isEmpty())
            qFatal("nothing to claim");
        done += claimed.size();
    }
    if (tape != nullptr)
        StatementTape::stop(connection);
}

void claimRows(const Bench &bench, int batch, qint64 jobs, const QString &goal)
{
    besideThePeer(
        bench, QStringLiteral("claim + finish, batch %1").arg(batch), jobs,
        [&](const QString &ledger, StatementTape *tape) { claimAndFinish(bench, ledger, jobs, batch, tape); },
        goal);
}

/// How often a page is written in place and synced: what a commit costs before it holds anything.
double syncedPagesPerSecond(const Bench &bench)
{
    constexpr int writes = 500;
    constexpr off_t pages = 1000; // as many as the log has before it starts anew
    const QByteArray page(4096, 'x');
    const QString path = bench.path("synced");
    const int file = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const auto write = [&](off_t number) {
        if (::pwrite(file, page.constData(), static_cast<size_t>(page.size()), number * page.size()) !=
            page.size())
            qFatal("cannot write %ls", qUtf16Printable(path));
    };
    for (off_t number = 0; number < pages; ++number)
        write(number);
    std::vector<double> took;
    for (int i = 0; ::fdatasync(file) == 0 && i < writes; ++i) {
        took.push_back(seconds([&] {
            write(i % pages);
            ::fdatasync(file);
        }));
    }
    ::close(file);
    QFile::remove(path);
    return 1 / median(took);
}

/// Where the goals of the claim end: at the disk, and at what the schema keeps beside the jobs themselves.
void bounds(const Bench &bench)
{
    const double synced = syncedPagesPerSecond(bench);
    print(QStringLiteral("bound: two synced pages, as claim + finish, batch 1"),
          QStringLiteral("%1/s  (one synced page %2/s)").arg(synced / 2, 0, 'f', 0).arg(synced, 0, 'f', 0),
          {});

    constexpr qint64 jobs = 20'000;
    const QString origin = bench.path("origin.sqlite3");
    const QString ledger = bench.path("ledger.sqlite3");
    makeLedger(origin, jobs + 64, bench.clock);
    copyLedger(origin, ledger);
    StatementTape tape;
    claimAndFinish(bench, ledger, jobs, 50, &tape);
#define NO_TRIGGERS                                                                                          \
    "DROP TRIGGER ingather_count_update; DROP TRIGGER ingather_done_by_update; "                             \
    "DROP TRIGGER ingather_count_insert; DROP TRIGGER ingather_done_by_insert; "                             \
    "DROP TRIGGER ingather_count_delete;"
    struct Variant {
        const char *name;
        const char *prelude;
        std::vector<double> took = {};
    };
    Variant variants[]{
        {"as it is", ""},
        {"no triggers", NO_TRIGGERS},
        {"no index of events by job", "DROP INDEX ingather_events_of_job"},
        {"neither", NO_TRIGGERS "DROP INDEX ingather_events_of_job"},
    };
#undef NO_TRIGGERS
    for (int run = 0; run < bench.runs; ++run) {
        for (Variant &variant : variants) {
            copyLedger(origin, ledger);
            variant.took.push_back(tape.play(ledger, variant.prelude));
        }
    }
    for (const Variant &variant : variants) {
        print(QStringLiteral("bound: C API, batch 50, %1").arg(QLatin1StringView(variant.name)),
              perSecond(static_cast<double>(jobs), median(variant.took)), {});
    }
    removeLedger(origin);
    removeLedger(ledger);
}

void wholeLives(const Bench &bench)
{
    constexpr qint64 jobs = 3200;
    constexpr int lanes = 32;
    besideThePeer(
        bench, QStringLiteral("whole life in 3 grouped transactions, 32 lanes"), jobs,
        [&](const QString &ledger, StatementTape *tape) {
            auto writer = expect(
                ledger::LedgerThread::start(ledger::LedgerThread::Kind::Writer, options(ledger, bench.clock)),
                "start writer");
            if (tape != nullptr) {
                // From the next batch on.
                writer
                    ->post<int>([tape](Session &s) -> core::Result<int> {
                        tape->record(static_cast<sqlite3 *>(s.handle()));
                        return 0;
                    })
                    .waitForFinished();
            }
            Lanes lives(*writer, jobs, lanes);
            lives.run();
            writer->stop(); // before the lanes go: a claim ahead may be under way
        },
        QStringLiteral("ratio >= 0.7"));
}

void singleUpdate(const Bench &bench)
{
    const QString path = bench.path("ledger.sqlite3");
    makeLedger(path, 10'000, bench.clock);
    const auto session = openLedger(path, bench.clock);
    std::vector<double> took;
    for (qint64 i = 1; i <= 2000; ++i) {
        took.push_back(seconds([&] {
            transact(*session, [&](Session &s) -> core::Result<int> {
                const auto update =
                    s.statement("UPDATE artifact_jobs SET bytes_done = ?1, updated_at = ?2 WHERE rowid = ?3");
                if (!update)
                    return update.error();
                (*update)->bind(1, i);
                (*update)->bind(2, s.stamp().seconds);
                (*update)->bind(3, i);
                const auto done = (*update)->run("update");
                return done ? core::Result<int>(0) : core::Result<int>(done.error());
            });
        }));
    }
    print(QStringLiteral("one update in its own transaction, lock included"),
          QStringLiteral("median %1, p99 %2")
              .arg(milliseconds(median(took)), milliseconds(quantile(took, 0.99))),
          QStringLiteral("median < 1 ms"));
    removeLedger(path);
}

void claimsAtMany(const Bench &bench)
{
    const QString path = bench.path("many.sqlite3");
    makeLedger(path, bench.jobs, bench.clock);
    const auto session = openLedger(path, bench.clock);
    std::vector<double> took;
    for (int i = 0; i < 5000; ++i) {
        ledger::ClaimRequest wanted;
        transact(*session, [&](Session &s) {
            core::Result<QList<ClaimedJob>> claimed = QList<ClaimedJob>();
            took.push_back(seconds([&] { claimed = ledger::claim(s, wanted); }));
            return claimed;
        });
    }
    print(QStringLiteral("a claim at %1 jobs, its SQL").arg(bench.jobs),
          QStringLiteral("median %1, p99 %2")
              .arg(milliseconds(median(took)), milliseconds(quantile(took, 0.99))),
          QStringLiteral("p99 < 1 ms"));
    removeLedger(path);
}

/// Nearly all jobs are of a root whose volume is full: what a claim costs that finds none or one that is not.
void claimsPastAFullVolume(const Bench &bench)
{
    const QString path = bench.path("many.sqlite3");
    makeLedger(path, bench.jobs, bench.clock);
    const auto session = openLedger(path, bench.clock);
    ledger::ClaimRequest wanted;
    wanted.limit = 16;
    wanted.perHost = 12;
    wanted.leftOfRoot = {{1, 0}};
    std::vector<double> took;
    int passes = 0;
    for (int i = 0; i < 5000; ++i) {
        transact(*session, [&](Session &s) {
            core::Result<ledger::ClaimAnswer> answer = ledger::ClaimAnswer();
            took.push_back(seconds([&] { answer = ledger::claimSome(s, wanted); }));
            if (answer)
                wanted.from = answer->stoppedAt.value_or(ledger::ReadyPlace());
            passes += answer && !answer->stoppedAt ? 1 : 0;
            return answer;
        });
    }
    print(QStringLiteral("a claim past %1 jobs of a full volume, its SQL").arg(bench.jobs),
          QStringLiteral("median %1, p99 %2, %3 passes in 5000 claims")
              .arg(milliseconds(median(took)), milliseconds(quantile(took, 0.99)))
              .arg(passes),
          QStringLiteral("p99 < 1 ms"));
    removeLedger(path);
}

void startUps(const Bench &bench)
{
    const QString path = bench.path("ledger.sqlite3");
    std::vector<double> first;
    std::vector<double> later;
    for (int run = 0; run < bench.runs * 4; ++run) {
        removeLedger(path);
        first.push_back(seconds([&] { openLedger(path, bench.clock); }));
        later.push_back(seconds([&] { openLedger(path, bench.clock); }));
    }
    print(QStringLiteral("first start, ledger made"), milliseconds(median(first)), QStringLiteral("< 50 ms"));
    print(QStringLiteral("a current ledger opened, all of it"), milliseconds(median(later)),
          QStringLiteral("schema work < 1 ms"));
    removeLedger(path);
}

void healthLooks(const Bench &bench)
{
    constexpr int opsPerJob = 4;
    const QString path = bench.path("health.sqlite3");
    makeLedger(path, bench.jobs, bench.clock);
    addOps(path, opsPerJob);
    ledger::HealthRequest request;
    request.path = path;
    request.clock = &bench.clock;
    const auto look = [&] {
        return seconds([&] { expect(ledger::checkHealth(request, {}), "look at ledger"); });
    };
    std::vector<double> quick;
    look(); // reads what the others find in memory
    for (int run = 0; run < bench.runs; ++run)
        quick.push_back(look());
    request.isDeep = true;
    std::vector<double> deep;
    for (int run = 0; run < std::min(bench.runs, 3); ++run)
        deep.push_back(look());
    const QString size = QStringLiteral("%1 jobs, %2 ops").arg(bench.jobs).arg(bench.jobs * opsPerJob);
    print(QStringLiteral("quick health, %1").arg(size), milliseconds(median(quick)),
          QStringLiteral("< 100 ms"));
    print(QStringLiteral("deep health, %1").arg(size), QStringLiteral("%1 s").arg(median(deep), 0, 'f', 1),
          QStringLiteral("<= 60 s"));
    removeLedger(path);
}

void migrations(const Bench &bench)
{
    for (const int opsPerJob : {0, 4}) {
        const QString path = bench.path("v1.sqlite3");
        std::vector<double> total;
        std::vector<double> backup;
        for (int run = 0; run < std::min(bench.runs, 3); ++run) {
            makeV1(path, bench.jobs, opsPerJob);
            backup.push_back(seconds([&] {
                ledger::SqliteConnection v1;
                expect(v1.open(path, ledger::SqliteConnection::Mode::ReadOnly), "open v1");
                expect(ledger::backupTo(v1.handle(), path + QStringLiteral(".copy")), "back up");
            }));
            total.push_back(seconds([&] { openLedger(path, bench.clock); }));
        }
        print(QStringLiteral("migrate v1 to v2, %1 jobs, %2 ops").arg(bench.jobs).arg(bench.jobs * opsPerJob),
              QStringLiteral("%1 s, and its backup %2 s")
                  .arg(median(total) - median(backup), 0, 'f', 1)
                  .arg(median(backup), 0, 'f', 1),
              opsPerJob == 0 ? QStringLiteral("<= 15 s") : QStringLiteral("<= 25 s"));
        removeLedger(path);
    }
}

/// One of the processes of claimsByProcesses(): claims until nothing is left; prints each claim, and last the
/// longest wait in milliseconds.
int claimUntilEmpty(const QString &path, const QString &owner)
{
    platform::SystemClock clock;
    const auto session = expect(Session::open(options(path, clock, owner)), "open ledger");
    QTextStream out(stdout);
    double longest = 0;
    for (;;) {
        longest = std::max(longest, seconds([&] { expect(session->begin(), "begin"); }));
        ledger::ClaimRequest wanted;
        wanted.limit = 16;
        wanted.ttl = std::chrono::hours(24);
        const auto claimed = expect(ledger::claim(*session, wanted), "claim");
        expect(session->commit(), "commit");
        if (claimed.isEmpty())
            break;
        for (const ClaimedJob &job : claimed)
            out << job.job.id.value << '\n';
    }
    out << "longest " << longest * 1e3 << '\n';
    return 0;
}

/// Processes of this program at work on one ledger, each with a file for what it prints.
class Processes
{
public:
    Processes(const Bench &bench, const QString &work, const QString &ledger, int count)
        : m_bench(bench), m_count(count)
    {
        took = seconds([&] {
            std::vector<std::unique_ptr<QProcess>> running;
            for (int i = 0; i < count; ++i) {
                auto process = std::make_unique<QProcess>();
                process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
                process->setStandardOutputFile(outputOf(i));
                process->start(QCoreApplication::applicationFilePath(),
                               {work, ledger, QStringLiteral("process-%1").arg(i)});
                running.push_back(std::move(process));
            }
            for (const auto &process : running) {
                if (!process->waitForFinished(-1) || process->exitCode() != 0)
                    qFatal("a process failed");
            }
        });
    }
    ~Processes()
    {
        for (int i = 0; i < m_count; ++i)
            QFile::remove(outputOf(i));
    }
    Q_DISABLE_COPY_MOVE(Processes)

    QString outputOf(int process) const
    {
        return m_bench.folder + QStringLiteral("/process-%1").arg(process);
    }

    double took = 0;

private:
    const Bench &m_bench;
    int m_count;
};

void claimsByProcesses(const Bench &bench)
{
    constexpr int processes = 8;
    const QString path = bench.path("shared.sqlite3");
    makeLedger(path, bench.jobs, bench.clock);
    const Processes run(bench, QStringLiteral("--claimer"), path, processes);
    QSet<QByteArray> seen;
    qint64 doubled = 0;
    double longest = 0;
    for (int i = 0; i < processes; ++i) {
        QFile file(run.outputOf(i));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("a claiming process printed nothing");
        while (!file.atEnd()) {
            const QByteArray line = file.readLine().trimmed();
            if (line.startsWith("longest "))
                longest = std::max(longest, line.mid(8).toDouble());
            else if (seen.contains(line))
                ++doubled;
            else
                seen.insert(line);
        }
    }
    print(QStringLiteral("8 processes, %1 claims in batches of 16").arg(bench.jobs),
          QStringLiteral("%1 double, %2 missing; longest wait %3 ms; %4")
              .arg(doubled)
              .arg(bench.jobs - seen.size())
              .arg(longest, 0, 'f', 0)
              .arg(perSecond(static_cast<double>(bench.jobs), run.took)),
          QStringLiteral("0 double; < 500 ms"));
    removeLedger(path);
}

/// One of the processes of livesByProcesses(): claims in batches and brings each job to its end.
int workUntilEmpty(const QString &path, const QString &owner)
{
    platform::SystemClock clock;
    const auto session = expect(Session::open(options(path, clock, owner)), "open ledger");
    for (;;) {
        ledger::ClaimRequest wanted;
        wanted.limit = 16;
        wanted.ttl = std::chrono::hours(24);
        const auto claimed = transact(*session, [&](Session &s) { return ledger::claim(s, wanted); });
        if (claimed.isEmpty())
            return 0;
        for (const auto &part : {announcement, filing, ending}) {
            transact(*session, [&](Session &s) -> core::Result<int> {
                for (const ClaimedJob &job : claimed)
                    expect(ledger::apply(s, part(job)), "apply step");
                return 0;
            });
        }
    }
}

/// Whole lives by several processes at once. The events tell how often each job was claimed and ended.
void livesByProcesses(const Bench &bench)
{
    const qint64 jobs = std::min<qint64>(bench.jobs, 100'000);
    const QString origin = bench.path("origin.sqlite3");
    const QString path = bench.path("shared.sqlite3");
    makeLedger(origin, jobs, bench.clock);
    for (const int processes : {1, 2, 4, 8}) {
        copyLedger(origin, path);
        const Processes run(bench, QStringLiteral("--worker"), path, processes);
        ledger::SqliteConnection connection;
        expect(connection.open(path, ledger::SqliteConnection::Mode::ReadOnly), "open ledger");
        const auto count = [&connection](const char *sql) {
            ledger::SqliteStatement statement;
            expect(statement.prepare(connection.handle(), sql), "count");
            expect(statement.step("count"), "count");
            return statement.integer(0);
        };
        const qint64 claims = count("SELECT count(*) FROM ingather_events WHERE event = 'CLAIM'");
        const qint64 claimed =
            count("SELECT count(DISTINCT job_id) FROM ingather_events WHERE event = 'CLAIM'");
        const qint64 ends =
            count("SELECT count(*) FROM ingather_events WHERE event = 'RESULT' AND op_type = 'INDEX'");
        const qint64 indexed = count("SELECT count(*) FROM artifact_jobs WHERE state = 'INDEXED'");
        print(QStringLiteral("whole lives of %1 jobs by %2 processes").arg(jobs).arg(processes),
              QStringLiteral("%1; %2 claims of %3 jobs, %4 ends of %5")
                  .arg(perSecond(static_cast<double>(jobs), run.took))
                  .arg(claims)
                  .arg(claimed)
                  .arg(ends)
                  .arg(indexed),
              QStringLiteral("each once"));
        if (claims != jobs || claimed != jobs || ends != jobs || indexed != jobs)
            qFatal("a job was claimed or ended twice, or not at all");
    }
    removeLedger(origin);
    removeLedger(path);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QLoggingCategory::setFilterRules(QStringLiteral("ingather.*=false"));
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments[1] == QStringLiteral("--claimer"))
        return claimUntilEmpty(arguments[2], arguments[3]);
    if (arguments.size() == 4 && arguments[1] == QStringLiteral("--worker"))
        return workUntilEmpty(arguments[2], arguments[3]);

    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({{QStringLiteral("runs"), QStringLiteral("Runs of each row."), QStringLiteral("n"),
                        QStringLiteral("5")},
                       {QStringLiteral("jobs"), QStringLiteral("Jobs of the large rows."),
                        QStringLiteral("n"), QStringLiteral("1000000")},
                       {QStringLiteral("folder"), QStringLiteral("Where the ledgers lie; it is made."),
                        QStringLiteral("dir"), QStringLiteral("bench-ledgers")}});
    parser.addPositionalArgument(QStringLiteral("rows"),
                                 QStringLiteral("claim-1 claim-50 bounds life update claim-many claim-past "
                                                "start health migrate processes workers"));
    parser.process(application);

    Bench bench;
    bench.runs = parser.value(QStringLiteral("runs")).toInt();
    bench.jobs = parser.value(QStringLiteral("jobs")).toLongLong();
    bench.folder = QDir(parser.value(QStringLiteral("folder"))).absolutePath();
    if (bench.runs < 1 || bench.jobs < 5000 || !QDir().mkpath(bench.folder))
        parser.showHelp(2);
    const QStringList rows = parser.positionalArguments();
    const auto wants = [&](const char *row) {
        return rows.isEmpty() || rows.contains(QString::fromLatin1(row));
    };
    if (wants("claim-1"))
        claimRows(bench, 1, 2000, QStringLiteral(">= 2,000/s; ratio >= 0.7"));
    if (wants("claim-50"))
        claimRows(bench, 50, 20'000, QStringLiteral(">= 30,000/s; ratio >= 0.7"));
    if (wants("bounds"))
        bounds(bench);
    if (wants("life"))
        wholeLives(bench);
    if (wants("update"))
        singleUpdate(bench);
    if (wants("claim-many"))
        claimsAtMany(bench);
    if (wants("claim-past"))
        claimsPastAFullVolume(bench);
    if (wants("start"))
        startUps(bench);
    if (wants("health"))
        healthLooks(bench);
    if (wants("migrate"))
        migrations(bench);
    if (wants("processes"))
        claimsByProcesses(bench);
    if (wants("workers"))
        livesByProcesses(bench);
    return 0;
}
