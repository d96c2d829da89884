// SPDX-License-Identifier: MIT
#include "storage/part_writer.h"

#include "platform/descriptor.h"
#include "scratch_root.h"
#include "support/file_size_limit.h"

#include <QtTest>

#include <cerrno>

#include <fcntl.h>

using namespace ingather;
using namespace ingather::storage;
using namespace ingather::tests;
using core::ErrorCode;

/// Appending and syncing on devices that really refuse.
class TestPartWriter final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesArriveInOrder();
    void aRefusingDeviceLeavesLengthAndHash_data();
    void aRefusingDeviceLeavesLengthAndHash();
    void aWriteCutShortCanBeRepeated();
    void nothingGoesOnAfterAFailedSync();
};

namespace
{

platform::Descriptor opened(const QString &path, int flags)
{
    core::Result<platform::Descriptor> file = platform::openFile(path, flags, QStringLiteral("open"));
    if (!file)
        qFatal("cannot open");
    return std::move(*file);
}

} // namespace

void TestPartWriter::bytesArriveInOrder()
{
    const ScratchRoot root;
    const platform::Descriptor file = opened(root.at(QStringLiteral("file")), O_RDWR | O_CREAT);
    PartWriter writer(file.number(), Hasher(), 0);
    const QByteArray bytes = testBytes(20 << 20); // past two write-back steps
    for (qsizetype at = 0; at < bytes.size(); at += 300'000)
        QVERIFY(writer.append(QByteArrayView(bytes).sliced(at, qMin<qsizetype>(300'000, bytes.size() - at))));
    QVERIFY(writer.append(QByteArrayView())); // nothing is something that can be appended
    QCOMPARE(writer.length(), bytes.size());
    QCOMPARE(writer.durableLength(), qint64(0));
    QCOMPARE(writer.digest(), sha256Of(bytes));
    QVERIFY(writer.sync().has_value());
    QCOMPARE(writer.durableLength(), bytes.size());
    QVERIFY(root.read(QStringLiteral("file")) == bytes);
}

void TestPartWriter::aRefusingDeviceLeavesLengthAndHash_data()
{
    QTest::addColumn<QString>("device");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("no space left") << QStringLiteral("/dev/full") << ErrorCode::DiskFull;
    // This process's memory, which has nothing at the lowest addresses: EIO.
    QTest::newRow("input/output error") << QStringLiteral("/proc/self/mem") << ErrorCode::VolumeFailing;
}

void TestPartWriter::aRefusingDeviceLeavesLengthAndHash()
{
    QFETCH(QString, device);
    QFETCH(ErrorCode, code);
    const platform::Descriptor full = opened(device, O_RDWR);
    Hasher before;
    before.add("seven b");
    PartWriter writer(full.number(), std::move(before), 7);
    for (int i = 0; i < 3; ++i) {
        const core::Result<> refused = writer.append("ytes");
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, code);
        QCOMPARE(refused.error().operation, QStringLiteral("write part"));
        QCOMPARE(writer.length(), qint64(7));
        QCOMPARE(writer.digest(), sha256Of("seven b"));
    }
}

void TestPartWriter::aWriteCutShortCanBeRepeated()
{
    const ScratchRoot root;
    const platform::Descriptor file = opened(root.at(QStringLiteral("file")), O_RDWR | O_CREAT);
    PartWriter writer(file.number(), Hasher(), 0);
    const QByteArray first = testBytes(60'000, 1);
    const QByteArray second = testBytes(60'000, 2);
    {
        const support::FileSizeLimit limit(100'000);
        QVERIFY(writer.append(first).has_value());
        const core::Result<> cut = writer.append(second);
        QVERIFY(!cut);
        QCOMPARE(cut.error().native, EFBIG);
        QCOMPARE(root.read(QStringLiteral("file")).size(), 100'000); // 40,000 bytes of it did arrive
        QCOMPARE(writer.length(), first.size());
        QCOMPARE(writer.digest(), sha256Of(first));
    }
    QVERIFY(writer.append(second).has_value());
    QCOMPARE(writer.digest(), sha256Of(first + second));
    QVERIFY(root.read(QStringLiteral("file")) == first + second);
}

void TestPartWriter::nothingGoesOnAfterAFailedSync()
{
    // /dev/null takes every byte and cannot be synced.
    const platform::Descriptor null = opened(QStringLiteral("/dev/null"), O_RDWR);
    PartWriter writer(null.number(), Hasher(), 0);
    QVERIFY(writer.append("abc").has_value());
    const core::Result<> failed = writer.sync();
    QVERIFY(!failed);
    QCOMPARE(failed.error().operation, QStringLiteral("sync part"));
    QCOMPARE(writer.durableLength(), qint64(0));
    QCOMPARE(writer.length(), qint64(3));
    QVERIFY(!writer.append("def"));
    QCOMPARE(writer.append("def").error(), failed.error());
    QCOMPARE(writer.sync().error(), failed.error());
    QCOMPARE(writer.length(), qint64(3));
}

QTEST_GUILESS_MAIN(TestPartWriter)
#include "tst_part_writer.moc"
