// SPDX-License-Identifier: MIT
#include "core/log_line.h"
#include "engine/engine_fixture.h"

#include <QLoggingCategory>

#include <algorithm>
#include <mutex>

using namespace ingather;
using core::ErrorCode;
using core::OpType;
using support::FakeHttpServer;
using tests::EngineFixture;

namespace
{

struct Logged {
    QtMsgType type;
    QString category;
    core::LogContext context;
    QString message;
};

std::mutex mutex;
QList<Logged> logged;

void collect(QtMsgType type, const QMessageLogContext &context, const QString &text)
{
    const core::ContextAndMessage parts = core::splitLogPrefix(text);
    const std::lock_guard guard(mutex);
    logged.append({type, QString::fromUtf8(context.category), parts.context, parts.message});
}

QList<Logged> ofEngine()
{
    const std::lock_guard guard(mutex);
    QList<Logged> lines = logged;
    lines.removeIf([](const Logged &line) { return line.category != QStringLiteral("ingather.engine"); });
    return lines;
}

/// "STREAM INTENT", … in the order in which they were logged.
QStringList opPhases(const QList<Logged> &lines)
{
    QStringList phases;
    for (const Logged &line : lines) {
        if (line.context.op)
            phases.append(core::opTypeName(*line.context.op) + u' ' + line.message);
    }
    return phases;
}

} // namespace

class TstLogging : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        logged.clear();
        QLoggingCategory::setFilterRules(QStringLiteral("ingather.*=true"));
        m_previous = qInstallMessageHandler(collect);
    }

    void cleanup()
    {
        qInstallMessageHandler(m_previous);
        QLoggingCategory::setFilterRules(QString());
    }

    void aLifeIsToldOpByOp()
    {
        EngineFixture fixture;
        fixture.server.serve(QStringLiteral("/paper.bin"), QByteArray("content"));
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/paper.bin"))})[0].job.id;
        QVERIFY(fixture.work({id}));

        QList<Logged> lines = ofEngine();
        lines.removeIf([](const Logged &line) { return line.context.job.isEmpty(); });
        QCOMPARE(opPhases(lines),
                 (QStringList{QStringLiteral("HEAD DONE"), QStringLiteral("STREAM INTENT"),
                              QStringLiteral("STREAM DONE"), QStringLiteral("FINALIZE INTENT"),
                              QStringLiteral("FINALIZE DONE"), QStringLiteral("INDEX DONE")}));
        for (const Logged &line : std::as_const(lines)) {
            QCOMPARE(line.context.job.value, id.value.left(8));
            QCOMPARE(line.context.attempt, 1);
            QVERIFY(line.context.fence.value > 0);
        }
        QCOMPARE(lines.last().type, QtInfoMsg);
        QCOMPARE(lines.last().message, QStringLiteral("INDEXED paper.bin"));
    }

    void aFailureIsToldOnceWithItsCode()
    {
        EngineFixture fixture;
        QVERIFY(fixture.open());
        const core::JobId id = fixture.add({fixture.request(QStringLiteral("/nowhere.pdf"))})[0].job.id;
        QVERIFY(fixture.work({id}));

        QList<Logged> lines = ofEngine();
        lines.removeIf([](const Logged &line) { return !line.context.errorCode; });
        QCOMPARE(lines.size(), 1);
        QCOMPARE(lines[0].type, QtInfoMsg);
        QCOMPARE(*lines[0].context.errorCode, ErrorCode::HttpNotFound);
        QCOMPARE(lines[0].context.job.value, id.value.left(8));
        QVERIFY(lines[0].context.fence.value > 0);
    }

private:
    QtMessageHandler m_previous = nullptr;
};

QTEST_GUILESS_MAIN(TstLogging)
#include "tst_logging.moc"
