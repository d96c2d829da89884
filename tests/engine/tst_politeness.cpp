// SPDX-License-Identifier: MIT
#include "engine/engine_fixture.h"

#include <QElapsedTimer>
#include <QMutex>

using namespace ingather;
using namespace ingather::tests;
using namespace Qt::StringLiterals;

namespace
{

/// Answers with a small document, and with 429 as often as asked; notes when each request came. Only the
/// least time between requests is tested: a busy machine is slower for many reasons.
class PoliteServer
{
public:
    explicit PoliteServer(EngineFixture &fixture) : m_fixture(fixture) { m_time.start(); }

    QList<engine::AddRequest> serve(int documents)
    {
        QList<engine::AddRequest> requests;
        for (int i = 0; i < documents; ++i) {
            const QString path = u"/%1.bin"_s.arg(i);
            m_fixture.server.handle(path, [this](const support::RecordedRequest &) { return answer(); });
            requests.append(m_fixture.request(path));
        }
        return requests;
    }
    void refuse(int times, const support::Headers &headers = {})
    {
        const QMutexLocker lock(&m_mutex);
        m_refusals = times;
        m_headers = headers;
    }
    /// Milliseconds since the object was made.
    QList<qint64> times() const
    {
        const QMutexLocker lock(&m_mutex);
        return m_times;
    }

private:
    support::Script answer()
    {
        const QMutexLocker lock(&m_mutex);
        m_times.append(m_time.elapsed());
        support::Script script;
        if (m_refusals > 0) {
            --m_refusals;
            return script.head(429, m_headers + support::Headers{{"Content-Length", "0"}});
        }
        return script.head(200, {{"Content-Length", "4"}}).send("text");
    }

    EngineFixture &m_fixture;
    QElapsedTimer m_time;
    mutable QMutex m_mutex;
    QList<qint64> m_times;
    int m_refusals = 0;
    support::Headers m_headers;
};

QList<core::JobId> idsOf(const QList<engine::AddAnswer> &answers)
{
    QList<core::JobId> ids;
    for (const engine::AddAnswer &answer : answers)
        ids.append(answer.job.id);
    return ids;
}

QList<engine::HostSnapshot> hostsOf(EngineFixture &fixture)
{
    auto future = fixture.engine->hosts();
    future.waitForFinished();
    return future.result().value_or(QList<engine::HostSnapshot>());
}

} // namespace

class TestPoliteness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void retryAfterHoldsForTheWholeHost();
    void aRefusalSlowsDown();
    void theIntervalOfTheSettingsIsKept();
    void whatIsRememberedCanBeForgotten();
};

void TestPoliteness::retryAfterHoldsForTheWholeHost()
{
    EngineFixture fixture;
    fixture.settings.connectionsPerHost = 1;
    PoliteServer server(fixture);
    const QList<engine::AddRequest> requests = server.serve(6);
    QVERIFY(fixture.open());
    server.refuse(1, {{"Retry-After", "2"}});
    const QList<core::JobId> ids = idsOf(fixture.add(requests));
    QVERIFY(fixture.work(ids));
    int attempts = 0;
    for (const core::JobId &id : ids) {
        QCOMPARE(fixture.job(id).state, core::JobState::Indexed);
        attempts += fixture.job(id).attempts;
    }
    QCOMPARE(attempts, 1); // nobody else has paid for it
    const QList<qint64> times = server.times();
    QCOMPARE(times.size(), 7);
    QVERIFY2(times[1] - times[0] >= 1900, QByteArray::number(times[1] - times[0]));
}

void TestPoliteness::aRefusalSlowsDown()
{
    EngineFixture fixture;
    PoliteServer server(fixture);
    const QList<engine::AddRequest> requests = server.serve(2);
    QVERIFY(fixture.open());
    server.refuse(3);
    QVERIFY(fixture.work(idsOf(fixture.add({requests.first()}))));
    const QList<qint64> times = server.times();
    QCOMPARE(times.size(), 4);
    QVERIFY2(times[1] - times[0] >= 240, QByteArray::number(times[1] - times[0]));
    QVERIFY2(times[2] - times[1] >= 490, QByteArray::number(times[2] - times[1]));
    QVERIFY2(times[3] - times[2] >= 990, QByteArray::number(times[3] - times[2]));
    const QList<engine::HostSnapshot> hosts = hostsOf(fixture);
    QCOMPARE(hosts.size(), 1);
    QCOMPARE(hosts.first().host, u"127.0.0.1"_s);
    QCOMPARE(hosts.first().failures, 2); // three, less the file that came
    QCOMPARE(hosts.first().errorCode, u"http_too_many_requests"_s);
}

void TestPoliteness::theIntervalOfTheSettingsIsKept()
{
    EngineFixture fixture;
    fixture.settings.hostInterval = std::chrono::milliseconds(200);
    PoliteServer server(fixture);
    const QList<engine::AddRequest> requests = server.serve(5);
    QVERIFY(fixture.open());
    QVERIFY(fixture.work(idsOf(fixture.add(requests))));
    const QList<qint64> times = server.times();
    QCOMPARE(times.size(), 5);
    QVERIFY2(times.last() - times.first() >= 4 * 200 - 50, QByteArray::number(times.last() - times.first()));
}

void TestPoliteness::whatIsRememberedCanBeForgotten()
{
    EngineFixture fixture;
    PoliteServer server(fixture);
    const QList<engine::AddRequest> requests = server.serve(1);
    fixture.settings.maxAttempts = 1;
    QVERIFY(fixture.open());
    server.refuse(1, {{"Retry-After", "3600"}});
    const QList<core::JobId> ids = idsOf(fixture.add(requests));
    QVERIFY(fixture.work(ids));
    QVERIFY(fixture.job(ids.first()).isFailedForGood());
    QVERIFY(hostsOf(fixture).first().notBefore.seconds > fixture.engine->now().seconds + 3000);
    auto reset = fixture.engine->resetHosts({u"127.0.0.1"_s});
    reset.waitForFinished();
    QCOMPARE(reset.result().value_or(-1), 1);
    QVERIFY(hostsOf(fixture).isEmpty());
    QVERIFY(fixture.work(idsOf(fixture.add(requests)))); // asked for again: at once
    QCOMPARE(fixture.job(ids.first()).state, core::JobState::Indexed);
}

QTEST_GUILESS_MAIN(TestPoliteness)
#include "tst_politeness.moc"
