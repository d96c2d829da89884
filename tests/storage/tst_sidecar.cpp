// SPDX-License-Identifier: MIT
#include "storage/sidecar.h"

#include "scratch_root.h"

#include <QtTest>

#include <sys/stat.h>

using namespace ingather;
using namespace ingather::storage;
using namespace ingather::tests;
using core::ErrorCode;

/// The sidecar's text, friendly and hostile.
class TestSidecar final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void descriptionsRoundTrip_data();
    void descriptionsRoundTrip();
    void hostileTextsAreRefused_data();
    void hostileTextsAreRefused();
    void whatIsNoFileIsRefused();
    void aMissingSidecarIsToldFromAMissingVolume();
    void sidecarsAreForTheOwnerOnly();
};

namespace
{

const QString name = QStringLiteral("job.1-1.part");
const QString sidecar = QStringLiteral(".ingather/job.1-1.part.json");

} // namespace

void TestSidecar::descriptionsRoundTrip_data()
{
    QTest::addColumn<PartDescription>("original");
    QTest::newRow("everything known") << description(123);
    QTest::newRow("no size") << description();
    QTest::newRow("an empty document") << description(0);
    QTest::newRow("a size beyond what a double can count") << description((qint64(1) << 62) + 1);
    QTest::newRow("no validators") << PartDescription{core::JobId{QStringLiteral("x")}, {}, {}};
    QTest::newRow("quotes, controls and letters of the world")
        << PartDescription{core::JobId{QStringLiteral("a\"b\\c\n/ü€😀")},
                           QStringLiteral("https://example.org/ü?q=\"1\"\u2028"),
                           {QStringLiteral("W/\"a\tb\""), {}, 1}};
}

void TestSidecar::descriptionsRoundTrip()
{
    QFETCH(PartDescription, original);
    const std::optional<PartDescription> parsed = parseSidecar(sidecarText(original));
    QVERIFY(parsed.has_value());
    QVERIFY(*parsed == original);

    const ScratchRoot root;
    QVERIFY(writeSidecarText(root.path(), name, sidecarText(original)).has_value());
    const core::Result<PartDescription> read = readSidecar(root.path(), name);
    QVERIFY(read.has_value());
    QVERIFY(*read == original);
    // What is there is never replaced.
    QCOMPARE(writeSidecarText(root.path(), name, "x").error().code, ErrorCode::FileExists);
    QCOMPARE(root.read(sidecar), sidecarText(original));
}

void TestSidecar::hostileTextsAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray good = sidecarText(description(5));
    const auto with = [&good](const QByteArray &before, const QByteArray &after) {
        QByteArray changed = good;
        changed.replace(before, after);
        return changed == good ? QByteArray("(the replacement found nothing)") + good : changed;
    };
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("not JSON") << QByteArray("<html>");
    QTest::newRow("zeros after a power cut") << QByteArray(good.size(), '\0');
    QTest::newRow("cut in the middle") << good.left(good.size() / 2);
    QTest::newRow("JSON with something after it") << good + "}";
    QTest::newRow("an array") << QByteArray("[1,2]");
    QTest::newRow("a number") << QByteArray("7");
    QTest::newRow("an empty object") << QByteArray("{}");
    QTest::newRow("another version") << with("\"v\":1", "\"v\":2");
    QTest::newRow("a version that is text") << with("\"v\":1", "\"v\":\"1\"");
    QTest::newRow("a size that is text") << with("\"size\":5", "\"size\":\"5\"");
    QTest::newRow("a negative size") << with("\"size\":5", "\"size\":-5");
    QTest::newRow("a fraction of a byte") << with("\"size\":5", "\"size\":5.5");
    QTest::newRow("a size beyond 64 bits") << with("\"size\":5", "\"size\":1e300");
    QTest::newRow("a size of null") << with("\"size\":5", "\"size\":null");
    QTest::newRow("a job that is a number") << with("\"6f9619ff-8b86-5d01-b42d-00cf4fc964ff\"", "6");
    QTest::newRow("no job") << with("6f9619ff-8b86-5d01-b42d-00cf4fc964ff", "");
    QTest::newRow("a URL that is an object") << with("\"https://example.org/paper.pdf\"", "{}");
    QTest::newRow("a tower of arrays") << QByteArray(200'000, '[');
    QTest::newRow("longer than any sidecar") << good + QByteArray(2 << 20, ' ');
}

void TestSidecar::hostileTextsAreRefused()
{
    QFETCH(QByteArray, text);
    const ScratchRoot root;
    root.write(sidecar, text);
    const core::Result<PartDescription> read = readSidecar(root.path(), name);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::PartDamaged);
    QCOMPARE(root.read(sidecar), text);
}

void TestSidecar::whatIsNoFileIsRefused()
{
    const ScratchRoot root;
    QVERIFY(QDir(root.path()).mkpath(sidecar));
    QCOMPARE(readSidecar(root.path(), name).error().code, ErrorCode::PartDamaged);
    QVERIFY(QDir(root.path()).rmdir(sidecar));
    QCOMPARE(mkfifo(QFile::encodeName(root.at(sidecar)).constData(), 0600), 0);
    QCOMPARE(readSidecar(root.path(), name).error().code, ErrorCode::PartDamaged);
}

void TestSidecar::aMissingSidecarIsToldFromAMissingVolume()
{
    const ScratchRoot root;
    QCOMPARE(readSidecar(root.path(), name).error().code, ErrorCode::FileMissing);
    QCOMPARE(readSidecar(root.at(QStringLiteral("gone")), name).error().code, ErrorCode::VolumeAbsent);
    QCOMPARE(readSidecar(root.path(), QStringLiteral("../x")).error().code, ErrorCode::InvalidArgument);
}

void TestSidecar::sidecarsAreForTheOwnerOnly()
{
    const ScratchRoot root;
    QVERIFY(writeSidecarText(root.path(), name, "x").has_value());
    const QFile::Permissions others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QCOMPARE(QFile::permissions(root.at(sidecar)) & others, QFile::Permissions());
}

QTEST_GUILESS_MAIN(TestSidecar)
#include "tst_sidecar.moc"
