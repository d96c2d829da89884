// SPDX-License-Identifier: MIT
#include "engine/network/network_observer.h"

#include "ledger/records.h"
#include "support/manual_clock.h"
#include "transfer/http_client.h"

#include <QtTest>

using namespace ingather;
using namespace ingather::engine;
using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::NetworkState;

namespace
{

ledger::JobRecord jobAt(int host)
{
    ledger::JobRecord job;
    job.host = u"127.0.0.%1"_s.arg(host);
    job.id = {u"job-%1"_s.arg(host)};
    job.canonicalUrl = u"http://%1/a.pdf"_s.arg(job.host);
    return job;
}

core::Error refused()
{
    return {ErrorCode::ConnectionRefused, u"get"_s, 1, {}};
}

transfer::ResponseHead document(const ledger::JobRecord &job, const QByteArray &type = "application/pdf")
{
    transfer::ResponseHead head;
    head.status = 200;
    head.url = QUrl(job.canonicalUrl);
    head.contentType = type;
    return head;
}

transfer::ResponseHead redirected(const ledger::JobRecord &job, const QString &to)
{
    transfer::ResponseHead head = document(job);
    head.redirects = {head.url};
    head.url = QUrl(to);
    return head;
}

core::Sha256 hash(char fill)
{
    return *core::Sha256::fromHex(QString(64, QChar::fromLatin1(fill)));
}

} // namespace

class TestNetworkObserver : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void theThirdHostIsExcused();
    void whatWasChargedBeforeIsHandedOut();
    void whatIsRecordedLateIsHandedOutToo();
    void whatBeganBeforeTheEndIsExcused();
    void oldChargesStay();
    void errorsOfTheJobItselfAreNeverExcused_data();
    void errorsOfTheJobItselfAreNeverExcused();
    void aLongPauseExcusesWhatWasCut();
    void aBeatInTimeSuspectsNothing();
    void aPortalsRedirectIsRefused();
    void whatComesLateOfAPortalIsStillIts();
    void thePagesOfAPortalAreFound();
    void aPageThatWasNoDocumentIsTakenBack();
    void aPageOfOneHostIsADocument();
    void aWitnessIsBelieved();
    void aPortalsAnswerForAWitnessIsNone();
    void tellsOfEachChangeOnce();

private:
    /// Of a run that begins and ends at this moment.
    bool excuses(const ledger::JobRecord &job, const core::Error &error)
    {
        return m_network->excuses(job, error, m_clock->sinceBoot());
    }
    void charged(const ledger::JobRecord &job, core::Fence fence, const core::Error &error)
    {
        m_network->charged(job, fence, error, m_clock->sinceBoot());
    }
    void goOffline();

    std::unique_ptr<support::ManualClock> m_clock;
    QList<NetworkState> m_told;
    std::unique_ptr<NetworkObserver> m_network;
};

void TestNetworkObserver::init()
{
    m_told.clear();
    m_clock = std::make_unique<support::ManualClock>();
    m_network =
        std::make_unique<NetworkObserver>(*m_clock, [this](NetworkState state) { m_told.append(state); });
}

void TestNetworkObserver::goOffline()
{
    for (int host = 1; host <= 3; ++host)
        excuses(jobAt(host), refused());
    QCOMPARE(m_network->state(), NetworkState::Offline);
}

void TestNetworkObserver::theThirdHostIsExcused()
{
    QVERIFY(!excuses(jobAt(1), refused()));
    QVERIFY(!excuses(jobAt(2), refused()));
    QVERIFY(excuses(jobAt(3), refused()));
    QVERIFY(excuses(jobAt(1), refused()));
    QVERIFY(m_network->answered(jobAt(2), document(jobAt(2))));
    QVERIFY(!excuses(jobAt(1), refused()));
}

void TestNetworkObserver::whatWasChargedBeforeIsHandedOut()
{
    charged(jobAt(1), {7}, refused());
    charged(jobAt(1), {8}, {ErrorCode::Stalled, {}, 0, {}});
    charged(jobAt(2), {9}, {ErrorCode::HttpNotFound, {}, 404, {}}); // nobody's fault but its own
    QVERIFY(m_network->takeExcused().isEmpty());
    goOffline();
    const QList<ChargedFailure> excused = m_network->takeExcused();
    QCOMPARE(excused.size(), 2);
    QCOMPARE(excused[0].job, jobAt(1).id);
    QCOMPARE(excused[1].fence, core::Fence{8});
    QVERIFY(m_network->takeExcused().isEmpty());
}

/// A run asks, another finds the case, and the first one's record is committed only then.
void TestNetworkObserver::whatIsRecordedLateIsHandedOutToo()
{
    QVERIFY(!excuses(jobAt(1), refused()));
    goOffline();
    charged(jobAt(1), {7}, refused());
    QCOMPARE(m_network->takeExcused().size(), 1);
}

/// One lane finds the network back while others still wait for the end of what they began before.
void TestNetworkObserver::whatBeganBeforeTheEndIsExcused()
{
    const core::BootTime before = m_clock->sinceBoot();
    goOffline();
    m_clock->advance(1);
    m_network->beat();
    QVERIFY(m_network->answered(jobAt(2), document(jobAt(2))));
    QVERIFY(m_network->isOnline());
    const core::BootTime after = m_clock->sinceBoot();
    const core::Error cut{ErrorCode::Stalled, u"read body"_s, 0, {}};
    QVERIFY(m_network->excuses(jobAt(1), cut, before));
    QVERIFY(!m_network->excuses(jobAt(1), cut, after));
    QVERIFY(!m_network->excuses(jobAt(1), {ErrorCode::HttpNotFound, {}, 404, {}}, before));
    // A run that asked before anybody knew may record its failure only now.
    m_network->charged(jobAt(1), {7}, cut, after);
    QVERIFY(m_network->takeExcused().isEmpty());
    m_network->charged(jobAt(1), {8}, cut, before);
    QCOMPARE(m_network->takeExcused().size(), 1);
    for (int second = 0; second < 61; ++second) {
        m_clock->advance(1);
        m_network->beat();
    }
    QVERIFY(!m_network->excuses(jobAt(1), cut, before));
}

void TestNetworkObserver::oldChargesStay()
{
    charged(jobAt(1), {7}, refused());
    for (int second = 0; second < 61; ++second) {
        m_clock->advance(1);
        m_network->beat();
    }
    goOffline();
    QVERIFY(m_network->takeExcused().isEmpty());
}

void TestNetworkObserver::errorsOfTheJobItselfAreNeverExcused_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("the disk is full") << int(ErrorCode::DiskFull);
    QTest::newRow("another hash") << int(ErrorCode::DigestMismatch);
    QTest::newRow("not there") << int(ErrorCode::HttpNotFound);
    QTest::newRow("the server is overloaded") << int(ErrorCode::HttpUnavailable);
    QTest::newRow("paused") << int(ErrorCode::Paused);
    QTest::newRow("the ledger is full") << int(ErrorCode::LedgerFull);
}

void TestNetworkObserver::errorsOfTheJobItselfAreNeverExcused()
{
    QFETCH(int, code);
    goOffline();
    QVERIFY(!excuses(jobAt(4), {static_cast<ErrorCode>(code), {}, 0, {}}));
}

/// Whoever comes first after a SIGSTOP sees it: here a lane whose connection is gone.
void TestNetworkObserver::aLongPauseExcusesWhatWasCut()
{
    const core::Error cut{ErrorCode::ConnectionLost, u"read body"_s, 0, {}};
    QVERIFY(!excuses(jobAt(1), cut));
    m_clock->advance(31);
    QVERIFY(excuses(jobAt(1), cut));
    QCOMPARE(m_network->state(), NetworkState::Suspect);
    QVERIFY(m_network->isProbeDue());
    m_network->beat();
    QVERIFY(excuses(jobAt(2), cut));
    QVERIFY(m_network->answered(jobAt(3), document(jobAt(3))));
    QVERIFY(!excuses(jobAt(2), cut));
}

void TestNetworkObserver::aBeatInTimeSuspectsNothing()
{
    for (int beat = 0; beat < 100; ++beat) {
        m_clock->advance(2.9);
        m_network->beat();
        QVERIFY(m_network->isOnline());
    }
}

void TestNetworkObserver::aPortalsRedirectIsRefused()
{
    const QString login = u"http://portal.example/login?from=%1"_s;
    QVERIFY(m_network->answered(jobAt(1), redirected(jobAt(1), login.arg(1))));
    QVERIFY(m_network->answered(jobAt(2), redirected(jobAt(2), login.arg(2))));
    m_network->end(jobAt(1).id);
    const auto third = m_network->answered(jobAt(3), redirected(jobAt(3), login.arg(3)));
    QVERIFY(!third);
    QCOMPARE(third.error().code, ErrorCode::NetworkUnreachable);
    QCOMPARE(m_network->state(), NetworkState::Portal);
    QVERIFY(excuses(jobAt(3), third.error()));
    // The first one has filed the page by now, the second is about to.
    QCOMPARE(m_network->takeDeceived(), QList<core::JobId>{jobAt(1).id});
    m_network->end(jobAt(2).id);
    QCOMPARE(m_network->takeDeceived(), QList<core::JobId>{jobAt(2).id});
    QVERIFY(m_network->takeDeceived().isEmpty());
}

/// A proper answer of before the portal ends it at once, while runs still have its pages, and get more.
void TestNetworkObserver::whatComesLateOfAPortalIsStillIts()
{
    const QString login = u"http://portal.example/login"_s;
    const core::Error page{ErrorCode::BlockedPage, u"look at content"_s, 0, {}};
    for (int host = 1; host <= 2; ++host)
        QVERIFY(m_network->answered(jobAt(host), redirected(jobAt(host), login)));
    QVERIFY(!excuses(jobAt(2), page)); // nobody knows yet
    QVERIFY(!m_network->answered(jobAt(3), redirected(jobAt(3), login)));
    QVERIFY(m_network->answered(jobAt(4), document(jobAt(4))));
    QVERIFY(m_network->isOnline());

    QVERIFY(excuses(jobAt(1), page));
    charged(jobAt(2), {7}, page);
    QCOMPARE(m_network->takeExcused().size(), 1);
    const auto late = m_network->answered(jobAt(5), redirected(jobAt(5), login));
    QCOMPARE(late.error().code, ErrorCode::NetworkUnreachable);
    QVERIFY(excuses(jobAt(5), late.error()));
    QVERIFY(m_network->isOnline());

    m_clock->advance(61);
    m_network->beat();
    QVERIFY(m_network->answered(jobAt(6), redirected(jobAt(6), login)));
    QVERIFY(!excuses(jobAt(6), page));
}

void TestNetworkObserver::thePagesOfAPortalAreFound()
{
    for (int host = 1; host <= 3; ++host)
        QVERIFY(m_network->answered(jobAt(host), document(jobAt(host), "text/html; charset=utf-8")));
    QVERIFY(m_network->received(jobAt(1), hash('a')));
    QVERIFY(m_network->received(jobAt(2), hash('a')));
    QVERIFY(!m_network->received(jobAt(3), hash('a')));
    QCOMPARE(m_network->state(), NetworkState::Portal);
    m_network->end(jobAt(3).id);
    QVERIFY(m_network->answered(jobAt(3), document(jobAt(3), "text/html")));
    QCOMPARE(m_network->state(), NetworkState::Portal); // whose page this is remains to be seen
    QVERIFY(m_network->received(jobAt(3), hash('b')));  // it lets through
    QVERIFY(m_network->isOnline());
}

/// Whoever looks at contents may have refused a portal's page before it was known for one.
void TestNetworkObserver::aPageThatWasNoDocumentIsTakenBack()
{
    const core::Error wrong{ErrorCode::DigestMismatch, u"verify"_s, 0, {}};
    const auto page = [this](int host, char content) {
        (void)m_network->answered(jobAt(host), document(jobAt(host), "text/html"));
        return m_network->received(jobAt(host), hash(content));
    };
    QVERIFY(page(1, 'a'));
    QVERIFY(!excuses(jobAt(1), wrong));
    charged(jobAt(1), {7}, wrong);
    m_network->end(jobAt(1).id);
    QVERIFY(page(4, 'b')); // another page, of a host that has just that
    charged(jobAt(4), {8}, wrong);
    QVERIFY(page(2, 'a'));
    QVERIFY(!page(3, 'a'));
    QCOMPARE(m_network->state(), NetworkState::Portal);
    QVERIFY(excuses(jobAt(2), wrong)); // it was about to be
    const QList<ChargedFailure> excused = m_network->takeExcused();
    QCOMPARE(excused.size(), 1);
    QCOMPARE(excused.first().job, jobAt(1).id);
    QVERIFY(m_network->takeDeceived().isEmpty()); // it has filed nothing
}

void TestNetworkObserver::aPageOfOneHostIsADocument()
{
    for (int i = 0; i < 10; ++i) {
        QVERIFY(m_network->answered(jobAt(1), document(jobAt(1), "text/html")));
        QVERIFY(m_network->received(jobAt(1), hash('a')));
        m_network->end(jobAt(1).id);
    }
    // The same bytes of other hosts are no page and no case.
    for (int host = 2; host <= 5; ++host) {
        QVERIFY(m_network->answered(jobAt(host), document(jobAt(host))));
        QVERIFY(m_network->received(jobAt(host), hash('a')));
    }
    QVERIFY(m_network->isOnline());
    QVERIFY(m_network->takeDeceived().isEmpty());
}

/// One that has answered tells a dead network from dead hosts.
void TestNetworkObserver::aWitnessIsBelieved()
{
    QVERIFY(m_network->witnesses().isEmpty());
    QVERIFY(m_network->answered(jobAt(9), document(jobAt(9), "text/html"))); // anybody can show a page
    QVERIFY(m_network->witnesses().isEmpty());
    QVERIFY(m_network->answered(jobAt(9), document(jobAt(9))));
    const QUrl witness(jobAt(9).canonicalUrl);
    QCOMPARE(m_network->witnesses(), QList<QUrl>{witness});
    goOffline();
    m_network->witnessed(witness, refused());
    QCOMPARE(m_network->state(), NetworkState::Offline);
    m_network->witnessed(witness, core::Error{ErrorCode::HttpNotFound, {}, 404, {}});
    QCOMPARE(m_network->state(), NetworkState::Online);
    for (int host = 1; host <= 3; ++host)
        QVERIFY(!excuses(jobAt(host), refused())); // they are gone themselves
    for (int host = 4; host <= 6; ++host)
        excuses(jobAt(host), refused());
    QCOMPARE(m_network->state(), NetworkState::Offline);
    m_network->witnessed(witness, document(jobAt(9)));
    QCOMPARE(m_network->state(), NetworkState::Online);
    QVERIFY(m_network->takeDeceived().isEmpty());
}

void TestNetworkObserver::aPortalsAnswerForAWitnessIsNone()
{
    const QString login = u"http://portal.example/login"_s;
    for (int host = 1; host <= 3; ++host)
        (void)m_network->answered(jobAt(host), redirected(jobAt(host), login));
    QCOMPARE(m_network->state(), NetworkState::Portal);
    m_network->witnessed(QUrl(jobAt(9).canonicalUrl), redirected(jobAt(9), login));
    m_network->witnessed(QUrl(jobAt(9).canonicalUrl), document(jobAt(9), "text/html"));
    QCOMPARE(m_network->state(), NetworkState::Portal);
    m_network->witnessed(QUrl(jobAt(9).canonicalUrl), document(jobAt(9)));
    QCOMPARE(m_network->state(), NetworkState::Online);
}

void TestNetworkObserver::tellsOfEachChangeOnce()
{
    goOffline();
    excuses(jobAt(4), refused());
    QVERIFY(m_network->answered(jobAt(4), document(jobAt(4))));
    QVERIFY(m_network->answered(jobAt(4), document(jobAt(4))));
    QCOMPARE(m_told, (QList<NetworkState>{NetworkState::Offline, NetworkState::Online}));
}

QTEST_APPLESS_MAIN(TestNetworkObserver)
#include "tst_network_observer.moc"
