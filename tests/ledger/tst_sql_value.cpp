// SPDX-License-Identifier: MIT
#include "ledger/sql_value.h"
#include "ledger/sqlite.h"

#include <QJsonObject>
#include <QTest>

#include <sqlite3.h>

#include <cmath>
#include <limits>

using namespace ingather::ledger;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(ingather::ledger::SqlValue)

class TestSqlValue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBackAsItWas_data()
    {
        QTest::addColumn<SqlValue>("value");
        QTest::newRow("nothing") << SqlValue();
        QTest::newRow("the smallest integer") << SqlValue::ofInteger(std::numeric_limits<qint64>::min());
        QTest::newRow("minus zero") << SqlValue::ofReal(-0.0);
        QTest::newRow("infinity") << SqlValue::ofReal(std::numeric_limits<double>::infinity());
        QTest::newRow("empty text") << SqlValue::ofText({});
        QTest::newRow("text with a NUL") << SqlValue::ofText(QByteArray("a\0b", 3));
        QTest::newRow("text that is no UTF-8") << SqlValue::ofText("\xff\xfe");
        QTest::newRow("an empty blob") << SqlValue::ofBlob(QByteArray(""));
        QTest::newRow("bytes") << SqlValue::ofBlob(QByteArray("\0\1\2", 3));
    }
    void comesBackAsItWas()
    {
        QFETCH(SqlValue, value);
        sqlite3 *connection = nullptr;
        QCOMPARE(sqlite3_open(":memory:", &connection), SQLITE_OK);
        sqlite3_stmt *statement = nullptr;
        QCOMPARE(sqlite3_prepare_v2(connection, "SELECT ?1", -1, &statement, nullptr), SQLITE_OK);
        QCOMPARE(bindValue(statement, 1, value), SQLITE_OK);
        QCOMPARE(sqlite3_step(statement), SQLITE_ROW);
        QVERIFY(valueAt(statement, 0) == value);
        sqlite3_finalize(statement);
        sqlite3_close(connection);
    }

    void differsByTypeAndByBits()
    {
        QVERIFY(!(SqlValue::ofInteger(1) == SqlValue::ofReal(1)));
        QVERIFY(!(SqlValue::ofReal(0.0) == SqlValue::ofReal(-0.0)));
        QVERIFY(!(SqlValue::ofText("a") == SqlValue::ofBlob("a")));
        const double none = std::nan("");
        QVERIFY(SqlValue::ofReal(none) == SqlValue::ofReal(none));
    }

    void standsInJsonWithoutLoss()
    {
        QCOMPARE(toJson(SqlValue()), QJsonValue(QJsonValue::Null));
        QCOMPARE(toJson(SqlValue::ofInteger(7)), QJsonValue(7));
        QCOMPARE(toJson(SqlValue::ofInteger((qint64(1) << 60) + 1)),
                 QJsonValue(QJsonObject{{u"number"_s, u"1152921504606846977"_s}}));
        QCOMPARE(toJson(SqlValue::ofText("Grüße")), QJsonValue(u"Grüße"_s));
        QCOMPARE(toJson(SqlValue::ofText("\xff")), QJsonValue(QJsonObject{{u"hex"_s, u"ff"_s}}));
    }

    void namesAreQuoted() { QCOMPARE(quotedName(u"a\"b"_s), QByteArray("\"a\"\"b\"")); }
};

QTEST_APPLESS_MAIN(TestSqlValue)
#include "tst_sql_value.moc"
