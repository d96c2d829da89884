// SPDX-License-Identifier: MIT
#include "platform/crash_point.h"

#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QtTest>

#include <csignal>
#include <cstdio>

using namespace ingather::platform;

/// The table, and a child process (this program again) that is killed where it was told to.
class TestCrashPoint final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAreUniqueAndSpeakable();
    void theChildDiesAtThePassageAskedFor_data();
    void theChildDiesAtThePassageAskedFor();
};

namespace
{

/// What the child does: three rounds of two points, telling how far it came.
int runChild()
{
    for (int round = 1; round <= 3; ++round) {
        passCrashPoint(CrashPoint::PartCreated);
        std::printf("created %d\n", round);
        std::fflush(stdout);
        passCrashPoint(CrashPoint::PlanAfterCommit);
        std::printf("planned %d\n", round);
        std::fflush(stdout);
    }
    return 0;
}

} // namespace

void TestCrashPoint::namesAreUniqueAndSpeakable()
{
    QSet<QByteArray> names;
    const QRegularExpression form(QStringLiteral("^[a-z_]+(\\.[a-z_]+)+$"));
    for (const CrashPointName &row : crashPoints) {
        QVERIFY2(form.match(QString::fromLatin1(row.name)).hasMatch(), row.name);
        names.insert(row.name);
    }
    QCOMPARE(names.size(), qsizetype(crashPoints.size()));
}

void TestCrashPoint::theChildDiesAtThePassageAskedFor_data()
{
    QTest::addColumn<QString>("wish");
    QTest::addColumn<QByteArray>("lastLine");
    QTest::addColumn<bool>("isKilled");
    QTest::addColumn<bool>("isRefused");
    const QByteArray end = "planned 3";
    QTest::newRow("no wish: nothing happens") << QString() << end << false << false;
    QTest::newRow("the first passage without a number")
        << QStringLiteral("plan.after_commit") << QByteArray("created 1") << true << false;
    QTest::newRow("the second passage")
        << QStringLiteral("part.created:2") << QByteArray("planned 1") << true << false;
    QTest::newRow("the third passage")
        << QStringLiteral("plan.after_commit:3") << QByteArray("created 3") << true << false;
    QTest::newRow("a passage that never comes") << QStringLiteral("part.created:4") << end << false << false;
    QTest::newRow("a point that is not passed") << QStringLiteral("discard.after") << end << false << false;
    QTest::newRow("an unknown name") << QStringLiteral("part.create") << end << false << true;
    QTest::newRow("a number that is none") << QStringLiteral("part.created:x") << end << false << true;
    QTest::newRow("passage zero") << QStringLiteral("part.created:0") << end << false << true;
}

void TestCrashPoint::theChildDiesAtThePassageAskedFor()
{
    QFETCH(QString, wish);
    QFETCH(QByteArray, lastLine);
    QFETCH(bool, isKilled);
    QFETCH(bool, isRefused);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("INGATHER_CRASH_AT"), wish);
    QProcess child;
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--child")});
    QVERIFY(child.waitForFinished());
    QCOMPARE(child.readAllStandardOutput().trimmed().split('\n').last(), lastLine);
    QCOMPARE(child.exitStatus() == QProcess::CrashExit, isKilled);
    QCOMPARE(child.exitCode(), isKilled ? SIGKILL : 0);
    QCOMPARE(child.readAllStandardError().contains("no such crash point"), isRefused);
}

int main(int argc, char **argv)
{
    if (argc == 2 && qstrcmp(argv[1], "--child") == 0)
        return runChild();
    QCoreApplication application(argc, argv);
    TestCrashPoint test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_crash_point.moc"
