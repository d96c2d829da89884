// SPDX-License-Identifier: MIT
#include "platform/log_sink.h"

#include "support/manual_clock.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

#include <unistd.h>

using namespace ingather;
using namespace ingather::platform;
using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(logTest, "ingather.test", QtInfoMsg)
Q_LOGGING_CATEGORY(logQt, "qt.test")

namespace
{

const support::ManualClock aClock(1767323045.678);

QByteArrayList caughtByOld;

void oldHandler(QtMsgType, const QMessageLogContext &, const QString &text)
{
    caughtByOld += text.toUtf8();
}

QByteArrayList linesOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArrayList lines = file.readAll().split('\n');
    lines.removeLast();
    return lines;
}

/// While it lives, what goes to stderr goes to a file.
class CapturedStandardError final
{
public:
    explicit CapturedStandardError(const QString &path) : m_saved(::dup(STDERR_FILENO)), m_file(path)
    {
        if (m_file.open(QIODevice::WriteOnly))
            ::dup2(m_file.handle(), STDERR_FILENO);
    }
    ~CapturedStandardError()
    {
        ::dup2(m_saved, STDERR_FILENO);
        ::close(m_saved);
    }
    Q_DISABLE_COPY_MOVE(CapturedStandardError)

private:
    int m_saved;
    QFile m_file;
};

void logEverything()
{
    qCDebug(logTest) << "debug";
    qCInfo(logTest) << "info";
    qCWarning(logTest) << "warning";
    qCCritical(logTest) << "critical";
    qDebug() << "plain debug";
    qInfo() << "plain info";
    qWarning() << "plain warning";
    qCDebug(logQt) << "qt debug";
    qCInfo(logQt) << "qt info";
    qCWarning(logQt) << "qt warning";
}

} // namespace

class TestLogSink final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(u"log"_s);
    }

    void writesToTheFile()
    {
        {
            const core::Result<std::unique_ptr<LogSink>> sink = install({.toStandardError = false});
            QVERIFY(sink);
            const core::LogContext context{core::JobId{u"8f14e45f-ceea"_s}, core::OpType::Stream, 2,
                                           core::Fence{7}};
            qCInfo(logTest).noquote() << context << "resumes at" << 5;
            qCWarning(logTest, "GET %s", "https://u:hunter2@example.org/?t=hunter2");
            // Written when the call returns, not when the sink goes.
            QCOMPARE(linesOf(m_path).size(), 2);
        }
        const QByteArray pid = QByteArray::number(QCoreApplication::applicationPid());
        QCOMPARE(linesOf(m_path),
                 (QByteArrayList{"2026-01-02T03:04:05.678Z info ingather.test[" + pid +
                                     "] job=8f14e45f op=STREAM attempt=2 fence=7: resumes at 5",
                                 "2026-01-02T03:04:05.678Z warning ingather.test[" + pid +
                                     "]: GET https://***@example.org/?t=***"}));
    }

    void writesJson()
    {
        const core::Result<std::unique_ptr<LogSink>> sink =
            install({.format = core::LogFormat::Json, .toStandardError = false});
        QVERIFY(sink);
        qCWarning(logTest) << core::LogContext().with({core::ErrorCode::DiskFull, {}, 0, {}}) << "a\nb";
        const QByteArrayList lines = linesOf(m_path);
        QCOMPARE(lines.size(), 1);
        const QJsonObject object = QJsonDocument::fromJson(lines.first()).object();
        QCOMPARE(object[u"error_code"_s].toString(), u"disk_full"_s);
        QCOMPARE(object[u"message"_s].toString(), u"a\nb"_s);
        QCOMPARE(object[u"pid"_s].toInteger(), QCoreApplication::applicationPid());
    }

    void speaksFromTheMinimumOn_data()
    {
        QTest::addColumn<core::LogLevel>("minimum");
        QTest::addColumn<QString>("messages");
        QTest::newRow("debug: all of ours, warnings of others")
            << core::LogLevel::Debug
            << u"debug,info,warning,critical,plain debug,plain info,plain warning,qt warning"_s;
        QTest::newRow("info") << core::LogLevel::Info
                              << u"info,warning,critical,plain info,plain warning,qt warning"_s;
        QTest::newRow("warning") << core::LogLevel::Warning << u"warning,critical,plain warning,qt warning"_s;
        QTest::newRow("critical") << core::LogLevel::Critical << u"critical"_s;
    }

    void speaksFromTheMinimumOn()
    {
        QFETCH(core::LogLevel, minimum);
        const core::Result<std::unique_ptr<LogSink>> sink =
            install({.minimum = minimum, .toStandardError = false});
        QVERIFY(sink);
        logEverything();
        QStringList messages;
        for (const QByteArray &line : linesOf(m_path))
            messages += QString::fromUtf8(line.mid(line.indexOf("]: ") + 3));
        QTEST(messages.join(u','), "messages");
    }

    void leavesEverythingAsItWas()
    {
        caughtByOld.clear();
        const QtMessageHandler tests = qInstallMessageHandler(oldHandler);
        {
            const core::Result<std::unique_ptr<LogSink>> sink =
                install({.minimum = core::LogLevel::Critical, .toStandardError = false});
            qCWarning(logTest) << "into the sink";
        }
        qCInfo(logTest).noquote() << "info again";
        qCDebug(logTest).noquote() << "no debug, as before";
        QVERIFY(qInstallMessageHandler(tests) == oldHandler);
        QCOMPARE(caughtByOld, (QByteArrayList{"info again"}));
    }

    void writesToStandardError()
    {
        const QString captured = m_folder->filePath(u"stderr"_s);
        {
            const CapturedStandardError capture(captured);
            const core::Result<std::unique_ptr<LogSink>> sink = LogSink::install({}, aClock);
            qCInfo(logTest) << "hello";
        }
        QCOMPARE(linesOf(captured).size(), 1);
        QVERIFY(linesOf(captured).first().endsWith("]: hello"));
    }

    void writesToBoth()
    {
        const QString captured = m_folder->filePath(u"stderr"_s);
        {
            const CapturedStandardError capture(captured);
            const core::Result<std::unique_ptr<LogSink>> sink = install({});
            qCInfo(logTest) << "hello";
        }
        QCOMPARE(linesOf(captured).size(), 1);
        QCOMPARE(linesOf(captured), linesOf(m_path));
    }

    void aFullDiskCostsNoLine()
    {
        const QString captured = m_folder->filePath(u"stderr"_s);
        {
            const CapturedStandardError capture(captured);
            m_path = u"/dev/full"_s;
            const core::Result<std::unique_ptr<LogSink>> sink = install({.toStandardError = false});
            qCInfo(logTest) << "one";
            qCInfo(logTest) << "two";
        }
        const QByteArrayList lines = linesOf(captured);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].contains("error=disk_full: disk_full while: write log"));
        QVERIFY(lines[1].endsWith("]: one"));
        QVERIFY(lines[2].endsWith("]: two"));
    }

    void saysWhyItCannotStart()
    {
        m_path = m_folder->path();
        const core::Result<std::unique_ptr<LogSink>> sink = install({.toStandardError = false});
        QVERIFY(!sink);
        // And has installed nothing: another can be.
        m_path = m_folder->filePath(u"log"_s);
        QVERIFY(install({.toStandardError = false}));
    }

    void putsFullFilesAside()
    {
        const core::Result<std::unique_ptr<LogSink>> sink =
            install({.toStandardError = false, .fileSize = 1000, .fileCount = 3});
        for (int i = 0; i < 200; ++i)
            qCInfo(logTest) << i;
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files, QDir::Name),
                 (QStringList{u"log"_s, u"log.1"_s, u"log.2"_s}));
        QVERIFY(linesOf(m_path).last().endsWith("]: 199"));
    }

    void takesLinesOfManyThreads()
    {
        constexpr int threadCount = 8;
        constexpr int each = 250;
        const core::Result<std::unique_ptr<LogSink>> sink = install({.toStandardError = false});
        std::vector<std::thread> threads;
        for (int t = 0; t < threadCount; ++t) {
            threads.emplace_back([t] {
                for (int i = 0; i < each; ++i)
                    qCInfo(logTest).nospace() << "line " << t * each + i << " end";
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QSet<int> seen;
        for (const QByteArray &line : linesOf(m_path)) {
            QVERIFY2(line.startsWith("2026-") && line.endsWith(" end"), line.constData());
            seen.insert(line.mid(line.indexOf("]: line ") + 8).chopped(4).toInt());
        }
        QCOMPARE(seen.size(), threadCount * each);
        QCOMPARE(linesOf(m_path).size(), threadCount * each);
    }

    /// A thread that logs while the sink goes away meets the sink or what was before, never a corpse.
    void goesAwayUnderFire()
    {
        const QString captured = m_folder->filePath(u"stderr"_s);
        const CapturedStandardError capture(captured);
        const QtMessageHandler tests =
            qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &) {});
        std::atomic<bool> isOver = false;
        std::thread thread([&isOver] {
            while (!isOver)
                qCWarning(logTest) << "shot";
        });
        int installed = 0;
        for (int i = 0; i < 50; ++i)
            installed += install({.toStandardError = false}) ? 1 : 0;
        isOver = true;
        thread.join();
        qInstallMessageHandler(tests);
        QCOMPARE(installed, 50);
    }

private:
    core::Result<std::unique_ptr<LogSink>> install(LogSettings settings)
    {
        settings.file = m_path;
        return LogSink::install(settings, aClock);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

QTEST_GUILESS_MAIN(TestLogSink)
#include "tst_log_sink.moc"
