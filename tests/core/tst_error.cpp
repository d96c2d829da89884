// SPDX-License-Identifier: MIT
#include "core/error.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace ingather::core;
using namespace Qt::StringLiterals;

class TestError final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCodeHasAUniqueNameThatReadsBack()
    {
        QSet<QString> names;
        for (int i = 0; i <= int(ErrorCode::Internal); ++i) {
            const auto code = static_cast<ErrorCode>(i);
            const QString name = errorCodeName(code);
            static const QRegularExpression form(u"\\A[a-z]+(_[a-z]+)*\\z"_s);
            QVERIFY2(form.match(name).hasMatch(), qPrintable(name));
            QVERIFY2(!names.contains(name), qPrintable(name));
            names.insert(name);
            QCOMPARE(errorCodeFromName(name), code);
        }
        QCOMPARE(names.size(), int(ErrorCode::Internal) + 1);
    }

    void unknownNamesAreNoCodes_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("empty") << u""_s;
        QTest::newRow("upper case") << u"DISK_FULL"_s;
        QTest::newRow("a name of a later version") << u"moon_in_the_way"_s;
        QTest::newRow("a prefix") << u"disk"_s;
        QTest::newRow("a blank behind") << u"disk_full "_s;
    }

    void unknownNamesAreNoCodes()
    {
        QFETCH(QString, name);
        QVERIFY(!errorCodeFromName(name));
    }

    /// These names lie in people's ledgers and scripts.
    void storedNamesNeverChange_data()
    {
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("name");
        QTest::newRow("a host that does not exist") << ErrorCode::HostNotFound << u"host_not_found"_s;
        QTest::newRow("404") << ErrorCode::HttpNotFound << u"http_not_found"_s;
        QTest::newRow("a wrong digest") << ErrorCode::DigestMismatch << u"digest_mismatch"_s;
        QTest::newRow("a page instead of the file") << ErrorCode::BlockedPage << u"blocked_page"_s;
        QTest::newRow("a file that ends too early") << ErrorCode::ContentTruncated << u"content_truncated"_s;
        QTest::newRow("another kind of file") << ErrorCode::WrongContent << u"wrong_content"_s;
        QTest::newRow("a full disk") << ErrorCode::DiskFull << u"disk_full"_s;
        QTest::newRow("a damaged ledger") << ErrorCode::LedgerCorrupt << u"ledger_corrupt"_s;
        QTest::newRow("a lost lease") << ErrorCode::LeaseLost << u"lease_lost"_s;
    }

    void storedNamesNeverChange()
    {
        QFETCH(ErrorCode, code);
        QTEST(errorCodeName(code), "name");
    }

    void classesSayWhatToDo_data()
    {
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<ErrorClass>("errorClass");
        QTest::newRow("401: other source") << ErrorCode::HttpUnauthorized << ErrorClass::OtherSource;
        QTest::newRow("403: other source") << ErrorCode::HttpForbidden << ErrorClass::OtherSource;
        QTest::newRow("404: other source") << ErrorCode::HttpNotFound << ErrorClass::OtherSource;
        QTest::newRow("410: other source") << ErrorCode::HttpGone << ErrorClass::OtherSource;
        QTest::newRow("429: when the server says") << ErrorCode::HttpTooManyRequests << ErrorClass::RetryAt;
        QTest::newRow("503: when the server says") << ErrorCode::HttpUnavailable << ErrorClass::RetryAt;
        QTest::newRow("a blocked page: other source") << ErrorCode::BlockedPage << ErrorClass::OtherSource;
        QTest::newRow("another kind of file: other source")
            << ErrorCode::WrongContent << ErrorClass::OtherSource;
        QTest::newRow("a file that ends too early: again")
            << ErrorCode::ContentTruncated << ErrorClass::Retry;
        QTest::newRow("500: again") << ErrorCode::HttpServerError << ErrorClass::Retry;
        QTest::newRow("a full disk: wait") << ErrorCode::DiskFull << ErrorClass::Wait;
        QTest::newRow("an absent volume: wait") << ErrorCode::VolumeAbsent << ErrorClass::Wait;
        QTest::newRow("a failing volume: wait") << ErrorCode::VolumeFailing << ErrorClass::Wait;
        QTest::newRow("a bad URL: never") << ErrorCode::InvalidUrl << ErrorClass::Permanent;
        QTest::newRow("a pause: somebody's wish") << ErrorCode::Paused << ErrorClass::Control;
        QTest::newRow("a lost lease: nobody's failure") << ErrorCode::LeaseLost << ErrorClass::Control;
        QTest::newRow("internal: a bug") << ErrorCode::Internal << ErrorClass::Bug;
    }

    void classesSayWhatToDo()
    {
        QFETCH(ErrorCode, code);
        QTEST(errorClass(code), "errorClass");
    }

    void logTextHasWhatIsKnown()
    {
        QCOMPARE(toLogText({}), u"internal"_s);
        QCOMPARE(toLogText({ErrorCode::DiskFull, u"write part"_s, 28, u"/a"_s}),
                 u"disk_full while: write part (native 28): /a"_s);
        QCOMPARE(toLogText({ErrorCode::DiskFull, {}, -1, {}}), u"disk_full (native -1)"_s);
    }
};

QTEST_APPLESS_MAIN(TestError)
#include "tst_error.moc"
