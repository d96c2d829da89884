// SPDX-License-Identifier: MIT
#include "e2e/cli.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

#include <functional>

using namespace ingather::e2e;
using namespace Qt::StringLiterals;

namespace
{

bool write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("<no such file>");
}

QStringList entriesOf(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
}

QJsonObject checkNamed(const QJsonObject &health, const QString &id)
{
    for (const QJsonValue &check : health.value(u"checks"_s).toArray()) {
        if (check.toObject().value(u"id"_s).toString() == id)
            return check.toObject();
    }
    return {};
}

} // namespace

/// The commands that care for the ledger: their exit codes, their JSON, and what they leave alone.
class TestCareCommands : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void healthOfWhatIsNoLedgerCreatesNothing_data();
    void healthOfWhatIsNoLedgerCreatesNothing();
    void healthOfALedgerInOrder_data();
    void healthOfALedgerInOrder();
    void healthOfALedgerOfVersion1MigratesNothing();
    void healthTellsADamagedLedger();
    void careOfAnAbsentLedgerCreatesNothing_data();
    void careOfAnAbsentLedgerCreatesNothing();
    void aHealthyLedgerNeedsNoRepair();
    void aPlanWritesNothing();
    void aDamagedLedgerIsRepaired();
    void addMayRepairBeforehand();
    void aBackupIsRestored_data();
    void aBackupIsRestored();
    void aBackupReplacesNoFile();
    void whatIsNoBackupIsRefused();
    void migrateSaysFromWhereToWhere();
    void aNewerLedgerIsLookedAtWithANotice();

private:
    /// Turns every third page to rubbish, beginning with the twentieth.
    void damage() const;
    void sql(const char *statements) const;
    qint64 jobCount() const { return m_cli->jobs().size(); }
    void plan(int jobs) const;

    QTemporaryDir m_dir; ///< stays empty
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<Cli> m_cli;
};

void TestCareCommands::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_cli = std::make_unique<Cli>(m_home->path());
}

void TestCareCommands::plan(int jobs) const
{
    QByteArray list;
    for (int i = 0; i < jobs; ++i)
        list += "http://localhost:9/" + QByteArray::number(i) + ".pdf\n";
    QVERIFY(write(m_home->filePath(u"list.txt"_s), list));
    const CommandResult result = m_cli->run({u"import"_s, m_home->filePath(u"list.txt"_s)});
    QVERIFY2(result.exitCode == 0, result.report().constData());
}

void TestCareCommands::healthOfWhatIsNoLedgerCreatesNothing_data()
{
    QTest::addColumn<std::function<void(const QString &)>>("make");
    QTest::addColumn<QString>("check");
    QTest::addColumn<QString>("status");
    QTest::addColumn<int>("exitCode");
    using Make = std::function<void(const QString &)>;
    QTest::newRow("an absent file is degraded")
        << Make([](const QString &) {}) << u"file.absent"_s << u"degraded"_s << 1;
    QTest::newRow("an empty file is degraded") << Make([](const QString &path) { QVERIFY(write(path, {})); })
                                               << u"file.empty"_s << u"degraded"_s << 1;
    QTest::newRow("something else is broken")
        << Make([](const QString &path) { QVERIFY(write(path, QByteArray(4096, '#'))); })
        << u"file.not_a_database"_s << u"broken"_s << 3;
}

void TestCareCommands::healthOfWhatIsNoLedgerCreatesNothing()
{
    QFETCH(std::function<void(const QString &)>, make);
    QFETCH(QString, check);
    QFETCH(QString, status);
    QFETCH(int, exitCode);
    make(m_cli->ledger());
    const QStringList entries = entriesOf(m_home->path());
    const QByteArray content = contentOf(m_cli->ledger());
    for (const QStringList &arguments : {QStringList{u"health"_s}, QStringList{u"health"_s, u"--deep"_s}}) {
        const CommandResult result = m_cli->json(arguments);
        QVERIFY2(result.exitCode == exitCode, result.report().constData());
        const QJsonObject health = result.object();
        QCOMPARE(health.value(u"status"_s).toString(), status);
        QCOMPARE(health.value(u"schema_version"_s).toInt(-1), 0);
        QVERIFY2(!checkNamed(health, check).isEmpty(), result.report().constData());
        QCOMPARE(entriesOf(m_home->path()), entries);
        QCOMPARE(contentOf(m_cli->ledger()), content);
    }
}

void TestCareCommands::healthOfALedgerInOrder_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("at a quick look") << QStringList{u"health"_s};
    QTest::newRow("at a deep look") << QStringList{u"health"_s, u"--deep"_s};
    QTest::newRow("with its files hashed") << QStringList{u"health"_s, u"--deep"_s, u"--hash-files"_s};
}

void TestCareCommands::healthOfALedgerInOrder()
{
    QFETCH(QStringList, arguments);
    plan(3);
    const QStringList entries = entriesOf(m_home->path());
    const CommandResult result = m_cli->json(arguments);
    QVERIFY2(result.exitCode == 0, result.report().constData());
    const QJsonObject health = result.object();
    QCOMPARE(health.value(u"status"_s).toString(), u"healthy"_s);
    QCOMPARE(health.value(u"schema_version"_s).toInt(), 2);
    QCOMPARE(health.value(u"tables"_s).toObject().value(u"artifact_jobs"_s).toObject().value(u"row_count"_s),
             QJsonValue(3));
    QCOMPARE(health.value(u"states"_s).toObject().value(u"PLANNED"_s), QJsonValue(3));
    QCOMPARE(health.value(u"errors"_s).toArray().size(), 0);
    QVERIFY(health.value(u"elapsed_ms"_s).isDouble());
    QCOMPARE(entriesOf(m_home->path()), entries);

    const CommandResult forPeople = m_cli->run(arguments);
    QCOMPARE(forPeople.exitCode, 0);
    QVERIFY2(forPeople.out.startsWith("healthy: " + m_cli->ledger().toUtf8()),
             forPeople.report().constData());
}

void TestCareCommands::healthOfALedgerOfVersion1MigratesNothing()
{
    QVERIFY(QFile::copy(QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3"), m_cli->ledger()));
    const QByteArray content = contentOf(m_cli->ledger());
    const CommandResult result = m_cli->json({u"health"_s, u"--deep"_s});
    QVERIFY2(result.exitCode == 1, result.report().constData());
    QCOMPARE(result.object().value(u"status"_s).toString(), u"degraded"_s);
    QCOMPARE(result.object().value(u"schema_version"_s).toInt(), 1);
    QCOMPARE(entriesOf(m_home->path()), QStringList{u"ledger.sqlite3"_s});
    QCOMPARE(contentOf(m_cli->ledger()), content);
}

void TestCareCommands::damage() const
{
    // What is in the log is no part of the file yet.
    sql("PRAGMA wal_checkpoint(TRUNCATE)");
    QByteArray content = contentOf(m_cli->ledger());
    QVERIFY(content.size() > 30 * 4096);
    for (qsizetype page = 20; page < content.size() / 4096; page += 3)
        content.replace(page * 4096, 4096, QByteArray(4096, '\x5a'));
    QVERIFY(write(m_cli->ledger(), content));
}

void TestCareCommands::sql(const char *statements) const
{
    sqlite3 *connection = nullptr;
    QCOMPARE(sqlite3_open(m_cli->ledger().toUtf8().constData(), &connection), SQLITE_OK);
    const int code = sqlite3_exec(connection, statements, nullptr, nullptr, nullptr);
    sqlite3_close(connection);
    QCOMPARE(code, SQLITE_OK);
}

void TestCareCommands::healthTellsADamagedLedger()
{
    plan(500);
    damage();
    const CommandResult result = m_cli->json({u"health"_s, u"--deep"_s});
    QVERIFY2(result.exitCode == 3, result.report().constData());
    QCOMPARE(result.object().value(u"status"_s).toString(), u"broken"_s);
    QVERIFY(!result.object().value(u"errors"_s).toArray().isEmpty());
    QCOMPARE(checkNamed(result.object(), u"pages.damaged"_s).value(u"severity"_s).toString(), u"error"_s);
}

void TestCareCommands::careOfAnAbsentLedgerCreatesNothing_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("repair") << QStringList{u"repair"_s};
    QTest::newRow("repair --plan") << QStringList{u"repair"_s, u"--plan"_s};
    QTest::newRow("backup") << QStringList{u"backup"_s, m_dir.filePath(u"copy.sqlite3"_s)};
}

void TestCareCommands::careOfAnAbsentLedgerCreatesNothing()
{
    QFETCH(QStringList, arguments);
    const CommandResult result = m_cli->run(arguments);
    QVERIFY2(result.exitCode == 3, result.report().constData());
    QVERIFY(!result.err.isEmpty());
    QCOMPARE(entriesOf(m_home->path()), QStringList());
    QCOMPARE(entriesOf(m_dir.path()), QStringList());
}

void TestCareCommands::aHealthyLedgerNeedsNoRepair()
{
    plan(3);
    for (const QStringList &arguments : {QStringList{u"repair"_s, u"--plan"_s}, QStringList{u"repair"_s}}) {
        const CommandResult result = m_cli->json(arguments);
        QVERIFY2(result.exitCode == 0, result.report().constData());
        QCOMPARE(result.object().value(u"kind"_s).toString(), u"nothing"_s);
    }
    QCOMPARE(jobCount(), 3);
}

void TestCareCommands::aPlanWritesNothing()
{
    plan(500);
    damage();
    const QStringList entries = entriesOf(m_home->path());
    const QByteArray content = contentOf(m_cli->ledger());
    const CommandResult result = m_cli->json({u"repair"_s, u"--plan"_s});
    QVERIFY2(result.exitCode == 0, result.report().constData());
    QCOMPARE(result.object().value(u"kind"_s).toString(), u"salvage"_s);
    QVERIFY(!result.object().value(u"findings"_s).toArray().isEmpty());
    QVERIFY(!result.object().value(u"steps"_s).toArray().isEmpty());
    QVERIFY(result.object().value(u"bytes_needed"_s).toDouble() > 0);
    QCOMPARE(entriesOf(m_home->path()), entries);
    QCOMPARE(contentOf(m_cli->ledger()), content);
}

void TestCareCommands::aDamagedLedgerIsRepaired()
{
    plan(500);
    damage();
    const CommandResult repaired = m_cli->json({u"repair"_s});
    QVERIFY2(repaired.exitCode == 0 || repaired.exitCode == 1, repaired.report().constData());
    const QJsonObject report = repaired.object();
    QCOMPARE(report.value(u"kind"_s).toString(), u"salvage"_s);
    qint64 missed = 0;
    for (const QJsonValue &table : report.value(u"tables"_s).toArray())
        missed += table[u"rejected"_s].toInteger() + table[u"lost"_s].toInteger();
    QCOMPARE(repaired.exitCode, missed > 0 ? 1 : 0);
    QVERIFY(QFileInfo(report.value(u"set_aside"_s).toString()).isDir());

    const CommandResult health = m_cli->json({u"health"_s, u"--deep"_s});
    QVERIFY2(health.exitCode != 3, health.report().constData());
    // Every job stands in the indexes over its ids as well.
    QVERIFY2(jobCount() > 400, repaired.report().constData());
}

void TestCareCommands::addMayRepairBeforehand()
{
    plan(3);
    // A change of a table's text is a person's to mend.
    sql("CREATE TABLE t AS SELECT * FROM ingather_batches; DROP TABLE ingather_batches; "
        "ALTER TABLE t RENAME TO ingather_batches");
    const QStringList add{u"add"_s, u"http://localhost:9/one-more.pdf"_s};
    const CommandResult refused = m_cli->run(add);
    QVERIFY2(refused.exitCode == 3, refused.report().constData());
    QVERIFY2(refused.err.contains("ingather-cli repair"), refused.report().constData());
    const CommandResult added = m_cli->run(add + QStringList{u"--auto-repair"_s});
    QVERIFY2(added.exitCode == 0, added.report().constData());
    QCOMPARE(jobCount(), 4);
    QCOMPARE(m_cli->run({u"health"_s, u"--deep"_s}).exitCode, 0);
}

void TestCareCommands::aBackupIsRestored_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << u"copy.sqlite3"_s;
    QTest::newRow("compressed") << u"copy.sqlite3.gz"_s;
}

void TestCareCommands::aBackupIsRestored()
{
    QFETCH(QString, name);
    const QTemporaryDir folder;
    const QString file = folder.filePath(name);
    plan(3);
    const CommandResult backup = m_cli->json({u"backup"_s, file});
    QVERIFY2(backup.exitCode == 0, backup.report().constData());
    QCOMPARE(backup.object().value(u"path"_s).toString(), file);
    QCOMPARE(backup.object().value(u"jobs"_s).toInt(), 3);
    QCOMPARE(backup.object().value(u"bytes"_s).toInteger(), QFileInfo(file).size());
    QCOMPARE(entriesOf(folder.path()), QStringList{name});

    plan(5);
    const CommandResult restored = m_cli->json({u"restore"_s, file});
    QVERIFY2(restored.exitCode == 0, restored.report().constData());
    QCOMPARE(restored.object().value(u"jobs_in_backup"_s).toInt(), 3);
    QCOMPARE(restored.object().value(u"jobs_before"_s).toInt(), 5);
    QCOMPARE(restored.object().value(u"jobs_only_before"_s).toInt(), 2);
    QVERIFY(QFileInfo(restored.object().value(u"set_aside"_s).toString()).isDir());
    QCOMPARE(jobCount(), 3);
    QCOMPARE(m_cli->run({u"health"_s, u"--deep"_s}).exitCode, 0);
}

void TestCareCommands::aBackupReplacesNoFile()
{
    plan(1);
    const QString file = m_home->filePath(u"mine"_s);
    QVERIFY(write(file, "mine"));
    const CommandResult result = m_cli->run({u"backup"_s, file});
    QVERIFY2(result.exitCode == 2, result.report().constData());
    QCOMPARE(contentOf(file), QByteArray("mine"));
}

void TestCareCommands::whatIsNoBackupIsRefused()
{
    plan(2);
    const CommandResult absent = m_cli->run({u"restore"_s, m_home->filePath(u"nothing"_s)});
    QVERIFY2(absent.exitCode == 2, absent.report().constData());
    const QString file = m_home->filePath(u"mine"_s);
    QVERIFY(write(file, "mine"));
    const CommandResult result = m_cli->run({u"restore"_s, file});
    QVERIFY2(result.exitCode == 3, result.report().constData());
    QVERIFY2(result.err.contains("backup_unusable"), result.report().constData());
    QCOMPARE(jobCount(), 2);
}

void TestCareCommands::migrateSaysFromWhereToWhere()
{
    QVERIFY(QFile::copy(QStringLiteral(INGATHER_TEST_DATA "/reference-v1.sqlite3"), m_cli->ledger()));
    const CommandResult migrated = m_cli->json({u"migrate"_s});
    QVERIFY2(migrated.exitCode == 0, migrated.report().constData());
    QCOMPARE(migrated.object().value(u"from"_s).toInt(), 1);
    QCOMPARE(migrated.object().value(u"to"_s).toInt(), 2);
    QVERIFY(QFile::exists(migrated.object().value(u"backup"_s).toString()));
    QCOMPARE(jobCount(), 300);

    const CommandResult again = m_cli->json({u"migrate"_s});
    QCOMPARE(again.exitCode, 0);
    QCOMPARE(again.object().value(u"from"_s).toInt(), 2);
    QVERIFY(again.object().value(u"backup"_s).isNull());
    QCOMPARE(m_cli->run({u"migrate"_s, u"--to"_s, u"99"_s}).exitCode, 2);
    QCOMPARE(m_cli->run({u"migrate"_s, u"--to"_s, u"1"_s}).exitCode, 2);
}

void TestCareCommands::aNewerLedgerIsLookedAtWithANotice()
{
    plan(2);
    sql("INSERT INTO __schema_version__ VALUES (3, 0); "
        "INSERT INTO ingather_migrations VALUES (3, '003', 'x', 1, '9', 0, NULL)");
    const CommandResult status = m_cli->run({u"status"_s});
    QVERIFY2(status.exitCode == 0, status.report().constData());
    QVERIFY2(status.err.contains("newer version of Ingather"), status.report().constData());
    const CommandResult add = m_cli->run({u"add"_s, u"http://localhost:9/x"_s});
    QVERIFY2(add.exitCode == 3, add.report().constData());
    QVERIFY2(add.err.contains("ledger_newer"), add.report().constData());
}

QTEST_GUILESS_MAIN(TestCareCommands)
#include "tst_care_commands.moc"
