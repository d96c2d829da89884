// SPDX-License-Identifier: MIT
#include "platform/system_clock.h"

#include <QDateTime>
#include <QFile>
#include <QtTest>

using namespace ingather;

/// The machine's clocks against what the machine says elsewhere.
class TestSystemClock final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wallClockIsUnixTime();
    void bootClockIsUptimeAndNeverRunsBackwards();
};

void TestSystemClock::wallClockIsUnixTime()
{
    const platform::SystemClock clock;
    const double before = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
    const double now = clock.now().seconds;
    const double after = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
    QVERIFY(now >= before);
    QVERIFY(now <= after + 0.001);
}

void TestSystemClock::bootClockIsUptimeAndNeverRunsBackwards()
{
    const platform::SystemClock clock;
    QFile uptime(QStringLiteral("/proc/uptime"));
    QVERIFY(uptime.open(QIODevice::ReadOnly));
    const double expected = uptime.readAll().split(' ').first().toDouble();
    core::BootTime last = clock.sinceBoot();
    const double seconds = std::chrono::duration<double>(last).count();
    QVERIFY2(qAbs(seconds - expected) < 5, qPrintable(QString::number(seconds)));
    for (int i = 0; i < 1000; ++i) {
        const core::BootTime next = clock.sinceBoot();
        QVERIFY(next >= last);
        last = next;
    }
}

QTEST_GUILESS_MAIN(TestSystemClock)
#include "tst_system_clock.moc"
