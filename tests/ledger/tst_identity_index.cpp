// SPDX-License-Identifier: MIT
#include "core/keys.h"
#include "ledger/repair/identity_index.h"
#include "ledger/schema.h"
#include "page_fixture.h"

#include <QUuid>

using namespace ingather;
using namespace page_fixture;

namespace
{

constexpr int pageSize = 4096;
constexpr int jobCount = 1000;

struct Job {
    core::JobId id;
    QString work;
    QString artifact;
    QString url;
    QString key;
};

/// A ledger of 1,000 jobs with three ops each, so that rowids of ops are not those of jobs.
struct Ledger {
    QByteArray file;
    QMap<qint64, Job> jobs;
    QHash<int, QString> indexOfRoot;
    int tableRoot = 0;
    int opsRoot = 0;

    /// `isOwn`: ids made from keys; else random ones, as another writer gives.
    explicit Ledger(bool isOwn)
    {
        Database database;
        for (const Migration &each : migrations())
            database.run(each.script);
        database.run("BEGIN");
        for (int i = 1; i <= jobCount; ++i)
            insert(database, i, isOwn);
        database.run("COMMIT");
        const Rows indexes = database.rows("SELECT rootpage, name FROM sqlite_schema WHERE type = 'index'");
        for (auto index = indexes.constBegin(); index != indexes.constEnd(); ++index)
            indexOfRoot.insert(int(index.key()), index.value()[0].text());
        tableRoot = database.rootOf("artifact_jobs");
        opsRoot = database.rootOf("artifact_ops");
        file = database.takeFile();
    }

private:
    void insert(Database &database, int number, bool isOwn)
    {
        Job job;
        job.work = QStringLiteral("wörk-%1").arg(number % 300);
        job.artifact = QStringLiteral("file");
        job.url = QStringLiteral("https://example.org/%1/paper-%2.pdf").arg(number * 7919 % 1009).arg(number);
        job.key = core::jobKey(job.work, job.artifact, job.url);
        const QUuid other = QUuid::createUuidV5(QUuid(), job.url);
        job.id = isOwn ? core::jobIdForKey(job.key) : core::JobId{other.toString(QUuid::WithoutBraces)};
        jobs.insert(number, job);
        const QStringList values{job.id.value, job.work, job.artifact, job.url, job.key};
        database.run("INSERT INTO artifact_jobs(job_id, work_id, artifact_id, canonical_url, idempotency_key,"
                     " created_at, updated_at) VALUES ('" +
                     values.join(QStringLiteral("','")).toUtf8() + "', 5, 6)");
        for (const core::OpType type : {core::OpType::Head, core::OpType::Stream, core::OpType::Index})
            database.run("INSERT INTO artifact_ops(op_key, job_id, op_type, started_at) VALUES ('" +
                         core::opKey(type, job.id, {}).toUtf8() + "', '" + job.id.value.toUtf8() + "', '" +
                         core::opTypeName(type).toUtf8() + "', 5)");
    }
};

/// The file without every n-th leaf of a table or index.
QByteArray withoutLeaves(const Ledger &ledger, int root, int every)
{
    QMap<int, bool> pages;
    const Scan scan(Image{ledger.file}, {root});
    for (const TableCell &cell : scan.tableCells)
        if (cell.source.root == root)
            pages.insert(cell.source.page, true);
    for (const IndexCell &cell : scan.indexCells)
        if (cell.source.root == root)
            pages.insert(cell.source.page, true);
    QByteArray file = ledger.file;
    int count = 0;
    for (const int page : pages.keys()) {
        if (++count % every == 0)
            file.replace(qsizetype{page - 1} * pageSize, pageSize, QByteArray(pageSize, '\0'));
    }
    return file;
}

struct Found {
    QMap<qint64, IndexedIdentity> identities;
    QMap<qint64, PartlyKnownJob> partly;
    QSet<qint64> known;
};

/// Scans twice: for rows, then for the identities of the others.
Found identify(const QByteArray &file, const QHash<int, QString> &indexOfRoot)
{
    Found result;
    const Scan scan(Image{file}, indexOfRoot.keys());
    QHash<qint64, QByteArray> known;
    for (const TableCell &cell : scan.tableCells) {
        if (cell.values.size() == 38)
            known.insert(cell.rowid, cell.values[0].bytes);
    }
    IdentityIndex index(indexOfRoot, known);
    for (const IndexCell &cell : scan.indexCells)
        index.add(cell);
    const QList<IndexedIdentity> identities = index.identities();
    for (const IndexedIdentity &identity : identities)
        result.identities.insert(identity.rowid, identity);
    const QList<PartlyKnownJob> partly = index.partlyKnown();
    for (const PartlyKnownJob &job : partly)
        result.partly.insert(job.rowid, job);
    result.known = QSet<qint64>(known.keyBegin(), known.keyEnd());
    return result;
}

int rootOfIndex(const Ledger &ledger, const QString &name)
{
    return ledger.indexOfRoot.key(name);
}

} // namespace

class TestIdentityIndex : public QObject
{
    Q_OBJECT

    const Ledger m_own{true};
    const Ledger m_given{false};

private Q_SLOTS:
    void namesEachJobThatIsGone_data()
    {
        QTest::addColumn<bool>("isOwn");
        QTest::addColumn<bool>("areRootsKnown");
        QTest::addColumn<int>("every");
        QTest::newRow("ids of ours, indexes known, all rows gone") << true << true << 1;
        QTest::newRow("ids of ours, indexes not known, all rows gone") << true << false << 1;
        QTest::newRow("ids of another writer, indexes known, all rows gone") << false << true << 1;
        QTest::newRow("ids of another writer, indexes not known, every fourth page gone")
            << false << false << 4;
    }
    void namesEachJobThatIsGone()
    {
        QFETCH(bool, isOwn);
        QFETCH(bool, areRootsKnown);
        QFETCH(int, every);
        const Ledger &ledger = isOwn ? m_own : m_given;
        const Found found = identify(withoutLeaves(ledger, ledger.tableRoot, every),
                                     areRootsKnown ? ledger.indexOfRoot : QHash<int, QString>());
        QVERIFY(found.known.size() < jobCount);
        QCOMPARE(found.identities.size() + found.known.size(), qsizetype(jobCount));
        QVERIFY(found.partly.isEmpty());
        for (const IndexedIdentity &identity : found.identities) {
            const Job &job = *m_own.jobs.constFind(identity.rowid);
            QVERIFY(identity.isProven);
            QCOMPARE(identity.workId, job.work);
            QCOMPARE(identity.artifactId, job.artifact);
            QCOMPARE(identity.canonicalUrl, job.url);
            QCOMPARE(identity.key, job.key);
            QCOMPARE(identity.jobId, ledger.jobs.value(identity.rowid).id);
        }
    }

    void doesNotTakeTheRowidOfAnOpForThatOfAJob()
    {
        // Without any row of jobs nothing tells the index of ids from those of ops: ids of another writer
        // are then made anew rather than taken from a wrong row.
        const Found found = identify(withoutLeaves(m_given, m_given.tableRoot, 1), {});
        QCOMPARE(found.identities.size(), qsizetype(jobCount));
        QVERIFY(found.partly.isEmpty());
        for (const IndexedIdentity &identity : found.identities)
            QCOMPARE(identity.jobId, m_own.jobs.value(identity.rowid).id);
    }

    void saysWhereProofIsMissing()
    {
        QByteArray file = withoutLeaves(m_given, m_given.tableRoot, 1);
        Ledger damaged = m_given;
        damaged.file = file;
        for (const char *index : {"sqlite_autoindex_artifact_jobs_3", "idx_artifact_jobs_idempotency"})
            damaged.file = withoutLeaves(damaged, rootOfIndex(m_given, QString::fromLatin1(index)), 1);
        const Found found = identify(damaged.file, m_given.indexOfRoot);
        QCOMPARE(found.identities.size(), qsizetype(jobCount));
        for (const IndexedIdentity &identity : found.identities) {
            QVERIFY(!identity.isProven);
            QCOMPARE(identity.jobId, m_given.jobs.value(identity.rowid).id);
            QCOMPARE(identity.canonicalUrl, m_given.jobs.value(identity.rowid).url);
        }
    }

    void provesByTheIdWhereTheKeysAreGone()
    {
        Ledger damaged = m_own;
        damaged.file = withoutLeaves(m_own, m_own.tableRoot, 1);
        for (const char *index : {"sqlite_autoindex_artifact_jobs_3", "idx_artifact_jobs_idempotency"})
            damaged.file = withoutLeaves(damaged, rootOfIndex(m_own, QString::fromLatin1(index)), 1);
        const Found found = identify(damaged.file, m_own.indexOfRoot);
        QCOMPARE(found.identities.size(), qsizetype(jobCount));
        for (const IndexedIdentity &identity : found.identities)
            QVERIFY(identity.isProven);
    }

    void knowsJobsInPartWhereTheirUrlIsGone()
    {
        Ledger damaged = m_given;
        damaged.file = withoutLeaves(m_given, m_given.tableRoot, 1);
        damaged.file = withoutLeaves(
            damaged, rootOfIndex(m_given, QStringLiteral("sqlite_autoindex_artifact_jobs_2")), 1);
        const Found found = identify(damaged.file, m_given.indexOfRoot);
        QVERIFY(found.identities.isEmpty());
        QCOMPARE(found.partly.size(), qsizetype(jobCount));
        for (const PartlyKnownJob &job : found.partly) {
            QCOMPARE(job.jobId, m_given.jobs.value(job.rowid).id);
            QCOMPARE(job.key, m_given.jobs.value(job.rowid).key);
        }
    }

    void forgetsNobodyWhereAFewPagesOfEachKindAreGone()
    {
        // Every 20th page of all that has more than one: 5 %.
        Ledger damaged = m_own;
        for (int page = 20; page <= m_own.file.size() / pageSize; page += 20)
            damaged.file.replace(qsizetype{page - 1} * pageSize, pageSize, QByteArray(pageSize, '\0'));
        const Found found = identify(damaged.file, m_own.indexOfRoot);
        qsizetype forgotten = 0;
        for (qint64 rowid = 1; rowid <= jobCount; ++rowid) {
            if (!found.known.contains(rowid) && !found.identities.contains(rowid) &&
                !found.partly.contains(rowid))
                ++forgotten;
        }
        QVERIFY(found.known.size() < jobCount);
        QVERIFY(!found.identities.isEmpty());
        QCOMPARE(forgotten, 0);
    }

    void passesOverEntriesOfOtherShapes()
    {
        IdentityIndex index({}, {});
        const CellSource source{5, 0, true, false};
        index.add({{}, source});
        index.add({{SqlValue::ofInteger(1)}, source});
        index.add({{SqlValue::ofText("PLANNED"), SqlValue::ofInteger(1)}, source});
        index.add({{SqlValue::ofText("a"), SqlValue::ofText("b"), SqlValue::ofText("no url"),
                    SqlValue::ofInteger(1)},
                   source});
        index.add(
            {{SqlValue::ofText("a"), SqlValue::ofText("b"), SqlValue::ofText("c:d"), SqlValue::ofInteger(1)},
             source});
        index.add(
            {{SqlValue::ofText("a"), SqlValue::ofText("b"), SqlValue::ofText("c:d"), SqlValue()}, source});
        index.add({{SqlValue::ofText(QByteArray(64, 'a')), SqlValue::ofInteger(1)}, source});
        QVERIFY(index.identities().isEmpty());
        QVERIFY(index.partlyKnown().isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestIdentityIndex)
#include "tst_identity_index.moc"
