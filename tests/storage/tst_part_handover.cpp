// SPDX-License-Identifier: MIT
#include "storage/leftovers.h"
#include "storage/part_file.h"

#include "scratch_root.h"
#include "support/file_size_limit.h"

#include <QtTest>

using namespace ingather;
using namespace ingather::storage;
using namespace ingather::tests;
using core::ErrorCode;

/// Parts of earlier claims: taken over, or thrown away.
class TestPartHandover final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFreePartIsRenamed();
    void aZombiesPartIsCopied();
    void aZombieThatComesBackFindsItsPartGone();
    void aPartWithoutASidecarIsAdoptedToo_data();
    void aPartWithoutASidecarIsAdoptedToo();
    void adoptionReplacesNothing_data();
    void adoptionReplacesNothing();
    void adoptionReportsWhatIsMissing();
    void aFailedCopyLeavesNothing();
    void discardingRemovesPartSidecarAndFolder();
    void discardingLeavesOthersAlone();
    void discardingNothingIsSuccess();
    void leftoversAreListedByTheNameToDiscard();
};

namespace
{

const QString older = QStringLiteral("job.1-1.part");
const QString newer = QStringLiteral("job.2-1.part");
const QString folder = QStringLiteral(".ingather");

template <typename T>
T must(core::Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(core::toLogText(result.error())));
    return std::move(*result);
}

/// A part with 50,000 bytes, 40,000 of them durable, still open.
PartFile startedPart(const ScratchRoot &root)
{
    PartFile part = must(PartFile::create(root.path(), older, description(100'000)));
    if (!part.append(testBytes(40'000)) || !part.checkpoint() || !part.append(QByteArray(10'000, '?')))
        qFatal("cannot write the part");
    return part;
}

QStringList withSidecar(const QString &name)
{
    return {name, name + QStringLiteral(".json")};
}

} // namespace

void TestPartHandover::aFreePartIsRenamed()
{
    const ScratchRoot root;
    {
        const PartFile crashed = startedPart(root);
    }
    QVERIFY(adoptPart(root.path(), older, newer, 40'000).has_value());
    QCOMPARE(root.entries(folder), withSidecar(newer));
    QVERIFY(must(readSidecar(root.path(), newer)) == description(100'000));
    const PartFile part = must(PartFile::resume(root.path(), newer, 40'000));
    QCOMPARE(part.digest(), sha256Of(testBytes(40'000)));
}

void TestPartHandover::aZombiesPartIsCopied()
{
    const ScratchRoot root;
    PartFile zombie = startedPart(root);
    QVERIFY(adoptPart(root.path(), older, newer, 40'000).has_value());
    QCOMPARE(root.entries(folder), withSidecar(older) + withSidecar(newer));
    QCOMPARE(QFileInfo(root.part(newer)).size(), qint64(40'000));

    // Neither hears of the other any more.
    PartFile part = must(PartFile::resume(root.path(), newer, 40'000));
    QVERIFY(zombie.append(QByteArray(70'000, 'z')).has_value());
    QVERIFY(part.append(testBytes(60'000, 2)).has_value());
    QVERIFY(zombie.close().has_value());
    QVERIFY(part.close().has_value());
    QVERIFY(root.read(folder + u'/' + newer) == testBytes(40'000) + testBytes(60'000, 2));
    QVERIFY(discardPart(root.path(), older).has_value());
    QCOMPARE(root.entries(folder), withSidecar(newer));
}

void TestPartHandover::aZombieThatComesBackFindsItsPartGone()
{
    const ScratchRoot root;
    {
        const PartFile crashed = startedPart(root);
    }
    QVERIFY(adoptPart(root.path(), older, newer, 40'000).has_value());
    QCOMPARE(PartFile::resume(root.path(), older, 40'000).error().code, ErrorCode::PartMissing);
    QCOMPARE(adoptPart(root.path(), older, QStringLiteral("x.part"), 40'000).error().code,
             ErrorCode::PartMissing);
}

void TestPartHandover::aPartWithoutASidecarIsAdoptedToo_data()
{
    QTest::addColumn<std::optional<QByteArray>>("sidecar");
    QTest::newRow("no sidecar") << std::optional<QByteArray>();
    QTest::newRow("an empty one") << std::optional<QByteArray>(QByteArray());
    QTest::newRow("a huge one") << std::optional<QByteArray>(QByteArray(2 << 20, 'x'));
}

void TestPartHandover::aPartWithoutASidecarIsAdoptedToo()
{
    QFETCH(std::optional<QByteArray>, sidecar);
    const ScratchRoot root;
    root.write(folder + u'/' + older, testBytes(1000));
    if (sidecar)
        root.write(folder + u'/' + older + QStringLiteral(".json"), *sidecar);
    QVERIFY(adoptPart(root.path(), older, newer, 500).has_value());
    QVERIFY(!QFile::exists(root.part(older)));
    const PartFile part = must(PartFile::resume(root.path(), newer, 500));
    QCOMPARE(part.digest(), sha256Of(testBytes(1000).left(500)));
}

void TestPartHandover::adoptionReplacesNothing_data()
{
    QTest::addColumn<bool>("isHeld");
    QTest::addColumn<bool>("hasSidecar");
    QTest::newRow("renamed over a part") << false << false;
    QTest::newRow("copied over a part") << true << false;
    QTest::newRow("renamed over a part with a sidecar") << false << true;
    QTest::newRow("copied over a part with a sidecar") << true << true;
}

void TestPartHandover::adoptionReplacesNothing()
{
    QFETCH(bool, isHeld);
    QFETCH(bool, hasSidecar);
    const ScratchRoot root;
    std::optional<PartFile> holder = startedPart(root);
    if (!isHeld)
        holder.reset();
    root.write(folder + u'/' + newer, "somebody's");
    if (hasSidecar)
        root.write(folder + u'/' + newer + QStringLiteral(".json"), "somebody's, too");
    const QStringList before = root.entries(folder);
    QCOMPARE(adoptPart(root.path(), older, newer, 40'000).error().code, ErrorCode::FileExists);
    QCOMPARE(root.entries(folder), before);
    QCOMPARE(root.read(folder + u'/' + newer), QByteArray("somebody's"));
    if (hasSidecar)
        QCOMPARE(root.read(folder + u'/' + newer + QStringLiteral(".json")), QByteArray("somebody's, too"));
}

void TestPartHandover::adoptionReportsWhatIsMissing()
{
    const ScratchRoot root;
    QCOMPARE(adoptPart(root.path(), older, newer, 0).error().code, ErrorCode::PartMissing);
    QCOMPARE(adoptPart(root.at(QStringLiteral("gone")), older, newer, 0).error().code,
             ErrorCode::VolumeAbsent);
    QVERIFY(root.entries().isEmpty());
    {
        const PartFile crashed = startedPart(root);
    }
    QCOMPARE(adoptPart(root.path(), older, older, 0).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(adoptPart(root.path(), older, newer, -1).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(root.entries(folder), withSidecar(older));
}

void TestPartHandover::aFailedCopyLeavesNothing()
{
    const ScratchRoot root;
    const PartFile zombie = startedPart(root);
    QCOMPARE(adoptPart(root.path(), older, newer, 60'000).error().code, ErrorCode::PartDamaged); // shorter
    QCOMPARE(root.entries(folder), withSidecar(older));
    {
        const support::FileSizeLimit limit(20'000);
        QVERIFY(!adoptPart(root.path(), older, newer, 40'000));
    }
    QCOMPARE(root.entries(folder), withSidecar(older));
    QVERIFY(adoptPart(root.path(), older, newer, 40'000).has_value());
}

void TestPartHandover::discardingRemovesPartSidecarAndFolder()
{
    const ScratchRoot root;
    {
        const PartFile crashed = startedPart(root);
    }
    QVERIFY(discardPart(root.path(), older).has_value());
    QVERIFY(root.entries().isEmpty());

    // An orphaned sidecar goes the same way, and so does a link.
    root.write(folder + u'/' + older + QStringLiteral(".json"), "x");
    QVERIFY(discardPart(root.path(), older).has_value());
    QVERIFY(root.entries().isEmpty());
    root.write(QStringLiteral("document"), "x");
    QVERIFY(QDir(root.path()).mkdir(folder));
    QVERIFY(QFile::link(root.at(QStringLiteral("document")), root.part(older)));
    QVERIFY(discardPart(root.path(), older).has_value());
    QCOMPARE(root.entries(), QStringList{QStringLiteral("document")});
    QCOMPARE(root.read(QStringLiteral("document")), QByteArray("x"));
}

void TestPartHandover::discardingLeavesOthersAlone()
{
    const ScratchRoot root;
    {
        const PartFile crashed = startedPart(root);
    }
    root.write(folder + u'/' + newer, "another's");
    QVERIFY(discardPart(root.path(), older).has_value());
    QCOMPARE(root.entries(folder), QStringList{newer});
    QCOMPARE(root.read(folder + u'/' + newer), QByteArray("another's"));
}

void TestPartHandover::discardingNothingIsSuccess()
{
    const ScratchRoot root;
    QVERIFY(discardPart(root.path(), older).has_value());
    QVERIFY(root.entries().isEmpty());
    QCOMPARE(discardPart(root.at(QStringLiteral("gone")), older).error().code, ErrorCode::VolumeAbsent);
}

void TestPartHandover::leftoversAreListedByTheNameToDiscard()
{
    const ScratchRoot root;
    QVERIFY(must(leftoversIn(root.path())).isEmpty());
    {
        const PartFile crashed = startedPart(root);
    }
    root.write(folder + QStringLiteral("/orphan.part.json"), "x");
    root.write(folder + QStringLiteral("/0123456789abcdef.copy"), "x");
    QVERIFY(QFile::link(QStringLiteral("/nowhere"), root.part(QStringLiteral("link.part"))));
    const QStringList names = must(leftoversIn(root.path()));
    QCOMPARE(names, (QStringList{QStringLiteral("0123456789abcdef.copy"), older, QStringLiteral("link.part"),
                                 QStringLiteral("orphan.part")}));
    for (const QString &name : names)
        QVERIFY(discardPart(root.path(), name).has_value());
    QVERIFY(root.entries().isEmpty());
    root.write(QStringLiteral("file"), "x");
    QVERIFY(!leftoversIn(root.at(QStringLiteral("file"))));
}

QTEST_GUILESS_MAIN(TestPartHandover)
#include "tst_part_handover.moc"
