// SPDX-License-Identifier: MIT
#include "e2e/cli.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

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

private:
    void plan(int jobs) const;

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

QTEST_GUILESS_MAIN(TestCareCommands)
#include "tst_care_commands.moc"
