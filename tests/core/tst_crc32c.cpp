// SPDX-License-Identifier: MIT
#include "core/crc32c.h"

#include <QByteArray>
#include <QTest>

using namespace ingather::core;

namespace
{

QByteArray counted(int from, int step)
{
    QByteArray bytes;
    for (int i = 0; i < 32; ++i)
        bytes += static_cast<char>(from + i * step);
    return bytes;
}

} // namespace

class TestCrc32c final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// RFC 3720 appendix B.4, and the check value of the CRC catalogues.
    void matchesPublishedValues_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<quint32>("sum");
        QTest::newRow("nothing") << QByteArray() << 0x00000000U;
        QTest::newRow("the digits 1 to 9") << QByteArray("123456789") << 0xE3069283U;
        QTest::newRow("32 zeros") << QByteArray(32, '\0') << 0x8A9136AAU;
        QTest::newRow("32 bytes of all bits set") << QByteArray(32, '\xFF') << 0x62A8AB43U;
        QTest::newRow("32 bytes that rise") << counted(0, 1) << 0x46DD794EU;
        QTest::newRow("32 bytes that fall") << counted(31, -1) << 0x113FDB5CU;
    }

    void matchesPublishedValues()
    {
        QFETCH(QByteArray, bytes);
        QTEST(crc32c(bytes), "sum");
    }

    void goesOnFromASeed()
    {
        const QByteArray bytes = counted(0, 1);
        for (qsizetype cut = 0; cut <= bytes.size(); ++cut)
            QCOMPARE(crc32c(bytes.sliced(cut), crc32c(bytes.first(cut))), 0x46DD794EU);
    }

    void seesEveryFlippedBit()
    {
        const QByteArray bytes = counted(0, 7);
        for (qsizetype i = 0; i < bytes.size(); ++i) {
            for (int bit = 0; bit < 8; ++bit) {
                QByteArray flipped = bytes;
                flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
                QVERIFY(crc32c(flipped) != crc32c(bytes));
                const auto place = locateFlippedBit(bytes.size(), crc32c(flipped), crc32c(bytes));
                QVERIFY(place.has_value());
                QCOMPARE(*place, (BitPosition{i, bit}));
            }
        }
    }

    void tellsThatNoSingleBitExplainsIt()
    {
        const QByteArray bytes = counted(0, 7);
        QVERIFY(!locateFlippedBit(bytes.size(), crc32c(bytes), crc32c(bytes)));
        QByteArray twice = bytes;
        twice[3] = static_cast<char>(twice[3] ^ 1);
        twice[20] = static_cast<char>(twice[20] ^ 64);
        QVERIFY(!locateFlippedBit(bytes.size(), crc32c(twice), crc32c(bytes)));
    }
};

QTEST_APPLESS_MAIN(TestCrc32c)
#include "tst_crc32c.moc"
