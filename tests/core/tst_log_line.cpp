// SPDX-License-Identifier: MIT
#include "core/log_line.h"

#include <QDebug>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <limits>

using namespace ingather::core;
using namespace Qt::StringLiterals;

namespace
{

const UnixTime aTime{1767323045.678};

const LogContext full{JobId{u"8f14e45f-ceea-5671-8a1e-0123456789ab"_s}, OpType::Stream, 2, Fence{4294967301},
                      ErrorCode::DiskFull};

LogLine lineOf(const QString &message, const LogContext &context = {})
{
    return {aTime, LogLevel::Warning, u"ingather.engine"_s, 1234, context, message};
}

QString streamed(const LogContext &context)
{
    QString text;
    QDebug(&text) << context << "resumes at" << 5 << u"x"_s;
    return text;
}

} // namespace

class TestLogLine final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesText_data()
    {
        QTest::addColumn<QString>("message");
        QTest::addColumn<LogContext>("context");
        QTest::addColumn<QString>("text");
        const QString head = u"2026-01-02T03:04:05.678Z warning ingather.engine[1234]"_s;
        QTest::newRow("a message alone") << u"started"_s << LogContext() << head + u": started"_s;
        QTest::newRow("everything that is known")
            << u"write part"_s << full
            << head + u" job=8f14e45f op=STREAM attempt=2 fence=4294967301 error=disk_full: write part"_s;
        QTest::newRow("a job alone") << u"x"_s << LogContext{JobId{u"w1"_s}} << head + u" job=w1: x"_s;
        QTest::newRow("secrets are redacted")
            << u"GET https://u:hunter2@example.org/?t=hunter2"_s << LogContext()
            << head + u": GET https://***@example.org/?t=***"_s;
        QTest::newRow("line breaks are escaped")
            << u"a\r\n2026-01-02T03:04:05.678Z info forged"_s << LogContext()
            << head + u": a\\r\\n2026-01-02T03:04:05.678Z info forged"_s;
        QTest::newRow("escape sequences of terminals are escaped")
            << u"\u001B[2J\u0007\u009B"_s << LogContext() << head + u": \\u001b[2J\\u0007\\u009b"_s;
        QTest::newRow("what turns a line around is escaped")
            << u"a\u202Eb\u2028c"_s << LogContext() << head + u": a\\u202eb\\u2028c"_s;
        QTest::newRow("a foreign job id forges nothing")
            << u"x"_s << LogContext{JobId{u"a\nb\u001Ec"_s}} << head + u" job=abc: x"_s;
        QTest::newRow("an empty message") << u""_s << LogContext() << head + u": "_s;
    }

    void writesText()
    {
        QFETCH(QString, message);
        QFETCH(LogContext, context);
        QTEST(formatLogLine(lineOf(message, context), LogFormat::Text), "text");
    }

    void writesJson()
    {
        const QString text =
            formatLogLine(lineOf(u"\"a\"\nhttps://h.example/?t=hunter2"_s, full), LogFormat::Json);
        QVERIFY(!text.contains(u'\n'));
        const QJsonObject expected{
            {u"time"_s, u"2026-01-02T03:04:05.678Z"_s},
            {u"level"_s, u"warning"_s},
            {u"category"_s, u"ingather.engine"_s},
            {u"pid"_s, 1234},
            {u"job"_s, u"8f14e45f"_s},
            {u"op"_s, u"STREAM"_s},
            {u"attempt"_s, 2},
            {u"fence"_s, qint64(4294967301)},
            {u"error_code"_s, u"disk_full"_s},
            {u"message"_s, u"\"a\"\nhttps://h.example/?t=***"_s},
        };
        QCOMPARE(QJsonDocument::fromJson(text.toUtf8()).object(), expected);
    }

    void jsonLeavesOutWhatIsNotKnown()
    {
        const QString text = formatLogLine(lineOf(u"x"_s), LogFormat::Json);
        const QStringList keys = QJsonDocument::fromJson(text.toUtf8()).object().keys();
        QCOMPARE(keys.join(u' '), u"category level message pid time"_s);
    }

    void contextTravelsWithTheMessage_data()
    {
        QTest::addColumn<LogContext>("context");
        QTest::newRow("nothing known") << LogContext();
        QTest::newRow("everything known")
            << LogContext{JobId{u"8f14e45f"_s}, full.op, 2, full.fence, full.errorCode};
        QTest::newRow("a job alone") << LogContext{JobId{u"8f14e45f"_s}};
        QTest::newRow("an operation alone") << LogContext{{}, OpType::Dedupe};
        QTest::newRow("an attempt alone") << LogContext{{}, std::nullopt, 7};
        QTest::newRow("a fence alone")
            << LogContext{{}, std::nullopt, 0, Fence{std::numeric_limits<qint64>::max()}};
        QTest::newRow("an error alone") << LogContext().with({ErrorCode::Stalled, {}, 0, {}});
    }

    void contextTravelsWithTheMessage()
    {
        QFETCH(LogContext, context);
        const ContextAndMessage parts = splitLogPrefix(streamed(context).trimmed());
        QCOMPARE(parts.context, context);
        QCOMPARE(parts.message, u"resumes at 5 \"x\""_s);
        QCOMPARE(splitLogPrefix(logPrefix(context) + u"message"_s).message, u"message"_s);
        QCOMPARE(splitLogPrefix(logPrefix(context) + u"message"_s).context, context);
    }

    void everyOpAndErrorTravels()
    {
        for (const OpType op : allOpTypes)
            QCOMPARE(splitLogPrefix(logPrefix({{}, op})).context.op, op);
        for (int i = 0; i <= int(ErrorCode::Internal); ++i) {
            const auto code = static_cast<ErrorCode>(i);
            QCOMPARE(splitLogPrefix(logPrefix({{}, std::nullopt, 0, {}, code})).context.errorCode, code);
        }
    }

    void aJobTravelsShortened()
    {
        QCOMPARE(splitLogPrefix(logPrefix(full)).context.job.value, u"8f14e45f"_s);
        // An id of another writer can't break out of the prefix.
        const LogContext hostile{JobId{u"\u001Ea\u001Fb"_s}, OpType::Head};
        QCOMPARE(splitLogPrefix(logPrefix(hostile) + u"x"_s).context.op, OpType::Head);
        QCOMPARE(splitLogPrefix(logPrefix(hostile) + u"x"_s).message, u"x"_s);
    }

    void otherTextsAreLeftAlone_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << u""_s;
        QTest::newRow("a plain message") << u" a message "_s;
        QTest::newRow("a prefix that never ends") << u"\u001Ea\u001Fb"_s;
        QTest::newRow("a prefix with too few fields") << u"\u001Ea\u001Fb\u001Ex"_s;
        QTest::newRow("a prefix with too many fields")
            << u"\u001E1\u001F2\u001F3\u001F4\u001F5\u001F6\u001Ex"_s;
        QTest::newRow("a prefix behind a message") << u"x "_s + logPrefix(full);
        QTest::newRow("one separator") << u"\u001E"_s;
    }

    void otherTextsAreLeftAlone()
    {
        QFETCH(QString, text);
        const ContextAndMessage parts = splitLogPrefix(text);
        QCOMPARE(parts.message, text);
        QCOMPARE(parts.context, LogContext());
    }

    void streamingKeepsTheStateOfTheStream()
    {
        QString text;
        QDebug(&text).nospace().noquote() << full << u"a"_s << 1;
        QVERIFY(text.endsWith(QChar(0x1E) + u"a1"_s));
    }

    void writesUtc_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("the epoch") << 0.0 << u"1970-01-01T00:00:00.000Z"_s;
        QTest::newRow("a leap day") << 1709164799.5 << u"2024-02-28T23:59:59.500Z"_s;
        QTest::newRow("after a leap day") << 1709251200.0 << u"2024-03-01T00:00:00.000Z"_s;
        QTest::newRow("a fraction that doubles can't hold")
            << 1760000000.123 << u"2025-10-09T08:53:20.123Z"_s;
        QTest::newRow("milliseconds are cut, not rounded up")
            << 1760000000.9999 << u"2025-10-09T08:53:20.999Z"_s;
        QTest::newRow("before the epoch") << -1.0 << u"1970-01-01T00:00:00.000Z"_s;
        QTest::newRow("beyond four digits") << 1e18 << u"9999-12-31T23:59:59.999Z"_s;
        QTest::newRow("not a number")
            << std::numeric_limits<double>::quiet_NaN() << u"1970-01-01T00:00:00.000Z"_s;
    }

    void writesUtc()
    {
        QFETCH(double, seconds);
        QTEST(utcText({seconds}), "text");
    }

    void levelsHaveNames()
    {
        QStringList names;
        for (const LogLevel level :
             {LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Critical, LogLevel::Fatal})
            names += logLevelName(level);
        QCOMPARE(names.join(u' '), u"debug info warning critical fatal"_s);
    }
};

QTEST_APPLESS_MAIN(TestLogLine)
#include "tst_log_line.moc"
