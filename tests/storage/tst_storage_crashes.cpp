// SPDX-License-Identifier: MIT
#include "platform/crash_point.h"
#include "platform/file_system.h"
#include "scratch_root.h"
#include "storage/filing.h"
#include "storage/leftovers.h"

#include <QProcess>
#include <QtTest>

#include <csignal>
#include <cstdio>

using namespace ingather;
using namespace ingather::storage;
using namespace ingather::tests;
using platform::CrashPoint;

/// A child process (this program again) is killed at each of the storage's crash points, and what it left
/// is carried to the end: the document whole, and nothing beside it.
class TestStorageCrashes final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCrashIsRecoveredFrom_data();
    void everyCrashIsRecoveredFrom();
};

namespace
{

const QString older = QStringLiteral("job.1-1.part");
const QString newer = QStringLiteral("job.2-1.part");
const QString paper = QStringLiteral("paper.pdf");
const QString copied = QStringLiteral("copy.pdf");
constexpr qint64 size = 3'000'000;
constexpr qint64 firstCheckpoint = 2'000'000;

/// What the child does in each of its roles; true if all went well.
bool live(const QString &role, const QString &root)
{
    const QByteArray bytes = testBytes(size);
    if (role == u"copy") {
        return fileCopy(root + u'/' + paper, root, QStringLiteral("j.1-1.copy"), copied, sha256Of(bytes))
            .has_value();
    }
    core::Result<PartFile> part = PartFile::create(root, older, description(size));
    if (!part || !part->append(QByteArrayView(bytes).first(firstCheckpoint)) || !part->checkpoint())
        return false;
    std::puts("durable"); // what the ledger would have recorded
    std::fflush(stdout);
    if (!part->append(QByteArrayView(bytes).sliced(firstCheckpoint)) || !part->close())
        return false;
    if (role == u"adopt")
        return adoptPart(root, older, newer, firstCheckpoint).has_value();
    if (role == u"discard")
        return discardPart(root, older).has_value();
    if (role == u"quarantine")
        return quarantinePart(root, older, root + QStringLiteral("/quarantine"), paper).has_value();
    const bool isFiled = filePart(root, older, paper).has_value();
    return role == u"removal" ? isFiled && removeFiled(root, paper).has_value() : isFiled;
}

/// Takes up what a crash left, as the engine does: the document, else the older part, else anew.
core::Result<> finish(const QString &root, qint64 durable)
{
    const QByteArray bytes = testBytes(size);
    if (!verifyFile(root + u'/' + paper, size, sha256Of(bytes))) {
        const QString next = QStringLiteral("job.3-1.part");
        core::Result<> adopted = adoptPart(root, older, next, durable);
        if (!adopted)
            adopted = adoptPart(root, newer, next, durable);
        core::Result<PartFile> part =
            adopted ? PartFile::resume(root, next, durable) : PartFile::create(root, next, description(size));
        if (!part)
            return part.error();
        if (core::Result<> written = part->append(QByteArrayView(bytes).sliced(part->length())); !written)
            return written;
        if (core::Result<> closed = part->close(); !closed)
            return closed;
        if (part->digest() != sha256Of(bytes))
            return core::Error{core::ErrorCode::DigestMismatch, {}, 0, {}};
        if (core::Result<> filed = filePart(root, next, paper); !filed)
            return filed;
    }
    const core::Result<QStringList> leftovers = leftoversIn(root);
    if (!leftovers)
        return leftovers.error();
    for (const QString &name : *leftovers) {
        if (core::Result<> discarded = discardPart(root, name); !discarded)
            return discarded;
    }
    // A crash between the last two steps leaves an empty folder, which goes with the next part.
    return discardPart(root, older);
}

} // namespace

void TestStorageCrashes::everyCrashIsRecoveredFrom_data()
{
    QTest::addColumn<QString>("point");
    QTest::addColumn<QString>("role");
    for (const platform::CrashPointName &row : platform::crashPoints) {
        if (row.point >= CrashPoint::ClaimBeforeCommit)
            break;
        const QString point = QString::fromLatin1(row.name);
        QString role = point.section(u'.', 0, 0);
        if (role == u"part" || role == u"filing")
            role = QStringLiteral("life");
        QTest::newRow(row.name) << point << role;
    }
}

void TestStorageCrashes::everyCrashIsRecoveredFrom()
{
    QFETCH(QString, point);
    QFETCH(QString, role);
    const ScratchRoot root;
    const QByteArray bytes = testBytes(size);
    if (role == u"copy")
        root.write(paper, bytes);

    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("INGATHER_CRASH_AT"), point);
    QProcess child;
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--child"), role, root.path()});
    QVERIFY(child.waitForFinished());
    QCOMPARE(child.exitStatus(), QProcess::CrashExit); // every point of the table is really passed
    QCOMPARE(child.exitCode(), SIGKILL);

    const qint64 durable = child.readAllStandardOutput().contains("durable") ? firstCheckpoint : 0;
    const core::Result<> finished = finish(root.path(), durable);
    QVERIFY2(finished.has_value(), finished ? "" : qPrintable(core::toLogText(finished.error())));
    QVERIFY(root.read(paper) == bytes);
    QStringList expected{paper};
    if (role == u"copy" && QFile::exists(root.at(copied))) {
        expected.prepend(copied);
        QVERIFY(root.read(copied) == bytes);
    }
    if (role == u"quarantine") {
        expected.append(QStringLiteral("quarantine"));
        for (const QString &entry : root.entries(QStringLiteral("quarantine")))
            QVERIFY(root.read(QStringLiteral("quarantine/") + entry) == bytes);
    }
    QCOMPARE(root.entries(), expected);
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments.at(1) == u"--child")
        return live(arguments.at(2), arguments.at(3)) ? 0 : 1;
    TestStorageCrashes test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_storage_crashes.moc"
