// SPDX-License-Identifier: MIT
#include "cli/order_text.h"

#include <QtTest>

using namespace ingather;
using namespace ingather::cli;

namespace
{

engine::AddAnswer answer(engine::AddOutcome outcome)
{
    engine::AddAnswer result;
    result.url = QStringLiteral("http://a/b.pdf");
    result.outcome = outcome;
    result.job.id = {QStringLiteral("id-1")};
    result.job.url = result.url;
    result.job.folder = QStringLiteral("/d");
    return result;
}

} // namespace

Q_DECLARE_METATYPE(ingather::engine::AddAnswer)

class TestOrderText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void badUrlsAreNamedWithTheReason_data();
    void badUrlsAreNamedWithTheReason();
    void goodUrlsHaveNoFault();
    void secretsOfBadUrlsStaySecret();
    void everyAnswerIsTold_data();
    void everyAnswerIsTold();
    void requestsCarryTheWholeOrder();
    void theWayOnCanBeCopied();
};

void TestOrderText::badUrlsAreNamedWithTheReason_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("reason");
    const QString scheme = QStringLiteral("unsupported_scheme");
    const QString invalid = QStringLiteral("invalid_url");
    QTest::newRow("a file") << QStringLiteral("file:///etc/passwd") << scheme;
    QTest::newRow("FTP") << QStringLiteral("ftp://a/b") << scheme;
    QTest::newRow("a script") << QStringLiteral("javascript:alert(1)") << scheme;
    QTest::newRow("data") << QStringLiteral("data:text/plain,x") << scheme;
    QTest::newRow("no host") << QStringLiteral("http:///x") << invalid;
    QTest::newRow("a bad escape") << QStringLiteral("http://a/%zz") << invalid;
    QTest::newRow("nothing") << QString() << invalid;
}

void TestOrderText::badUrlsAreNamedWithTheReason()
{
    QFETCH(QString, url);
    QFETCH(QString, reason);
    const QStringList faults = urlFaults({QStringLiteral("http://good/x"), url});
    QCOMPARE(faults.size(), 1);
    QVERIFY2(faults[0].contains(reason), qPrintable(faults[0]));
    QVERIFY2(faults[0].startsWith(u'"' + url + u'"'), qPrintable(faults[0]));
}

void TestOrderText::goodUrlsHaveNoFault()
{
    QVERIFY(urlFaults({QStringLiteral("http://a/b"), QStringLiteral("HTTPS://example.org:443/x?y#z"),
                       QStringLiteral("example.org/x")})
                .isEmpty());
}

void TestOrderText::secretsOfBadUrlsStaySecret()
{
    const QStringList faults = urlFaults({QStringLiteral("ftp://ada:lovelace@a/b")});
    QCOMPARE(faults.size(), 1);
    QVERIFY2(!faults[0].contains(QStringLiteral("lovelace")), qPrintable(faults[0]));
}

void TestOrderText::everyAnswerIsTold_data()
{
    using engine::AddOutcome;
    QTest::addColumn<engine::AddAnswer>("given");
    QTest::addColumn<bool>("isFetching");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const engine::AddAnswer &given, bool isFetching, const char *says) {
        QTest::newRow(name) << given << isFetching << QString::fromUtf8(says);
    };
    row("a new one", answer(AddOutcome::Added), true, "added: http://a/b.pdf");
    row("one that is planned", answer(AddOutcome::Known), true, "planned already");
    engine::AddAnswer leased = answer(AddOutcome::Known);
    leased.job.leaseOwner = QStringLiteral("somebody");
    row("one that a worker has", leased, true, "being fetched already");
    row("one held elsewhere", answer(AddOutcome::AddedFromHeld), true, "filed from that copy");
    engine::AddAnswer done = answer(AddOutcome::AlreadyDone);
    done.job.finalPath = QStringLiteral("b.pdf");
    row("one that is there", done, true, "already here: /d/b.pdf, nothing fetched");
    row("one whose file is gone, on add", answer(AddOutcome::FileGone), false, "retry id-1");
    engine::AddAnswer gone = answer(AddOutcome::Retried);
    gone.error = core::Error{core::ErrorCode::FileMissing, {}, 0, {}};
    row("one whose file is gone, on get", gone, true,
        "fetching again, because the file is gone: http://a/b.pdf");
    engine::AddAnswer changed = answer(AddOutcome::Retried);
    changed.job.finalPath = QStringLiteral("b.pdf");
    changed.error = core::Error{core::ErrorCode::FileChanged, {}, 0, {}};
    row("one whose file was changed, on get", changed, true,
        "fetching again, because the file was changed: http://a/b.pdf");
    engine::AddAnswer failed = answer(AddOutcome::Retried);
    failed.job.errorCode = QStringLiteral("http_not_found");
    row("one that failed, on get", failed, true,
        "it had failed: The server does not have this file (404) (http_not_found)");
    row("one that is planned again for no known reason", answer(AddOutcome::Retried), true,
        "fetching again:");
    engine::AddAnswer repeated = answer(AddOutcome::Added);
    repeated.isRepeated = true;
    row("one named twice", repeated, true, "named twice, one job");
    engine::AddAnswer paused = answer(AddOutcome::Held);
    paused.job.hold = core::Hold::Paused;
    row("one that is paused, on add", paused, false, "resume id-1");
    engine::AddAnswer rejected = answer(AddOutcome::Rejected);
    rejected.error = core::Error{core::ErrorCode::NotAFolder, {}, 0, QStringLiteral("/d")};
    row("one that is refused", rejected, true, "not_a_folder: /d");
}

void TestOrderText::everyAnswerIsTold()
{
    QFETCH(engine::AddAnswer, given);
    QFETCH(bool, isFetching);
    QFETCH(QString, says);
    const QString text = answerText(given, isFetching);
    QVERIFY2(text.contains(says), qPrintable(text));
}

void TestOrderText::requestsCarryTheWholeOrder()
{
    Order order;
    order.urls = {QStringLiteral("http://a/b"), QStringLiteral("http://a/c")};
    order.folder = QStringLiteral("/d");
    order.fileName = QStringLiteral("n");
    order.sha256 = QStringLiteral("ab");
    order.workId = QStringLiteral("W");
    order.artifactId = QStringLiteral("A");
    order.priority = 3;
    order.segments = 4;
    order.maxAttempts = 5;
    const QList<engine::AddRequest> requests = requestsOf(order);
    QCOMPARE(requests.size(), 2);
    QCOMPARE(requests[1].url, order.urls[1]);
    QCOMPARE(requests[1].folder, order.folder);
    QCOMPARE(requests[1].fileName, order.fileName);
    QCOMPARE(requests[1].sha256, order.sha256);
    QCOMPARE(requests[1].workId, order.workId);
    QCOMPARE(requests[1].artifactId, order.artifactId);
    QCOMPARE(requests[1].priority, 3);
    QCOMPARE(requests[1].segments, 4);
    QCOMPARE(requests[1].maxAttempts, std::optional(5));
}

void TestOrderText::theWayOnCanBeCopied()
{
    const QString call = QStringLiteral("ingather-cli --ledger '/a b' ");
    QCOMPARE(goOnText({{QStringLiteral("x")}, {QStringLiteral("y")}}, call),
             QStringLiteral("ingather-cli --ledger '/a b' resume x y && ingather-cli --ledger '/a b' run "
                            "--until-idle"));
    const QList<core::JobId> many(5, core::JobId{QStringLiteral("x")});
    QVERIFY(goOnText(many, call).contains(QStringLiteral("resume --all &&")));
}

QTEST_GUILESS_MAIN(TestOrderText)
#include "tst_order_text.moc"
