// SPDX-License-Identifier: MIT
#include "ledger/repair/record.h"

#include <QTest>

#include <limits>

using namespace ingather::ledger;

class TestRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsVarints_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<quint64>("value");
        QTest::addColumn<int>("length");
        QTest::addColumn<bool>("isShortest");
        QTest::newRow("one byte") << QByteArray::fromHex("7f") << quint64(127) << 1 << true;
        QTest::newRow("zero") << QByteArray::fromHex("00") << quint64(0) << 1 << true;
        QTest::newRow("the first of two bytes") << QByteArray::fromHex("8100") << quint64(128) << 2 << true;
        QTest::newRow("the last of two bytes") << QByteArray::fromHex("ff7f") << quint64(16383) << 2 << true;
        QTest::newRow("zero in two bytes is longer than it needs")
            << QByteArray::fromHex("8000") << quint64(0) << 2 << false;
        QTest::newRow("the ninth byte counts as a whole")
            << QByteArray::fromHex("ffffffffffffffffff") << std::numeric_limits<quint64>::max() << 9 << true;
        QTest::newRow("nine bytes where eight are enough")
            << QByteArray::fromHex("808080808080808001") << quint64(1) << 9 << false;
        QTest::newRow("the bytes end inside it") << QByteArray::fromHex("ffff") << quint64(0) << 0 << false;
        QTest::newRow("no bytes at all") << QByteArray() << quint64(0) << 0 << false;
    }
    void readsVarints()
    {
        QFETCH(QByteArray, bytes);
        const Varint varint = readVarint(bytes, 0);
        QTEST(varint.value, "value");
        QTEST(varint.length, "length");
        QTEST(varint.isShortest(), "isShortest");
    }

    void readsEachType_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QByteArray>("json");
        const auto row = [](const char *name, const char *hex, const char *json) {
            QTest::newRow(name) << QByteArray::fromHex(hex) << QByteArray(json);
        };
        row("NULL", "0200", "null");
        row("a byte below zero", "0201ff", "-1");
        row("two bytes", "02028000", "-32768");
        row("three bytes", "02037fffff", "8388607");
        row("four bytes", "020480000000", "-2147483648");
        row("six bytes", "0205800000000000", "-140737488355328");
        row("eight bytes", "02060000000100000000", "4294967296");
        row("a real", "02073ff8000000000000", "1.5");
        row("a NaN is NULL, as SQLite reads it", "02077ff8000000000001", "null");
        row("the constant 0", "0208", "0");
        row("the constant 1", "0209", "1");
        row("an empty blob", "020c", "blob:");
        row("an empty text", "020d", "text:");
        row("a blob", "0210ff00", "blob:ff00");
        row("a text", "02134142ff", "text:4142ff");
    }
    void readsEachType()
    {
        QFETCH(QByteArray, payload);
        const std::optional<SqlRow> row = decodeRecord(payload);
        QVERIFY(row);
        QCOMPARE(row->size(), 1);
        const SqlValue &value = row->first();
        QByteArray json;
        switch (value.type) {
        case SqlValue::Type::Null:
            json = "null";
            break;
        case SqlValue::Type::Integer:
            json = QByteArray::number(value.integer);
            break;
        case SqlValue::Type::Real:
            json = QByteArray::number(value.real);
            break;
        case SqlValue::Type::Text:
            json = "text:" + value.bytes.toHex();
            break;
        case SqlValue::Type::Blob:
            json = "blob:" + value.bytes.toHex();
            break;
        }
        QTEST(json, "json");
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("payload");
        const auto row = [](const char *name, const char *hex) {
            QTest::newRow(name) << QByteArray::fromHex(hex);
        };
        row("nothing", "");
        row("a record without columns", "01");
        row("the reserved type 10", "020a");
        row("the reserved type 11", "020b");
        row("a value that ends too early", "021341");
        row("bytes after the last value", "020100ff");
        row("a header that is longer than the payload", "0501");
        row("a header that ends inside a type", "0281");
        row("a header of no length", "0000");
        row("a text of 2^62 bytes", "0ac08080808080808d");
        row("a type that takes all 64 bits", "0affffffffffffffffff");
    }
    void refuses()
    {
        QFETCH(QByteArray, payload);
        QVERIFY(!decodeRecord(payload));
    }

    void refusesMoreColumnsThanSqliteCanHave()
    {
        const auto payloadOf = [](int columns) {
            const int size = columns + 3; // the size itself takes three bytes
            QByteArray payload;
            payload.append(static_cast<char>(0x80 | (size >> 14)));
            payload.append(static_cast<char>(0x80 | ((size >> 7) & 0x7f)));
            payload.append(static_cast<char>(size & 0x7f));
            return payload + QByteArray(columns, '\0');
        };
        QCOMPARE(decodeRecord(payloadOf(32767))->size(), 32767);
        QVERIFY(!decodeRecord(payloadOf(32768)));
    }

    void tellsALayoutFromTheStartOfThePayload()
    {
        const QByteArray start = QByteArray::fromHex("03018f4d"); // one byte, then a text of 1,000
        RecordLayout layout;
        QVERIFY(layout.read(QByteArray::fromHex("04018f5d00"), 4 + 1 + 1000));
        QCOMPARE(layout.columns(), 2);
        QVERIFY(layout.isInteger(0));
        QVERIFY(layout.isText(1));
        QVERIFY(!layout.read(QByteArray::fromHex("04018f5d00"), 4 + 1 + 999));
        QVERIFY(!layout.read(QByteArray::fromHex("04018f"), 4 + 1 + 1000));
    }
};

QTEST_APPLESS_MAIN(TestRecord)
#include "tst_record.moc"
