// SPDX-License-Identifier: MIT
#include "engine/engine_fixture.h"
#include "engine/login_keeper.h"
#include "engine/logins/kept_logins.h"
#include "engine/logins/login_list.h"
#include "support/fake_secret_store.h"

#include <QElapsedTimer>

using namespace ingather;
using namespace ingather::tests;
using namespace Qt::StringLiterals;
using support::FakeSecretStore;
using support::RecordedRequest;
using support::Script;

/// Logins of the keyring: how they get there, and which downloads get them.
class TestLogins : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theKeeperKeepsAndForgets();
    void theListHoldsNoSecretAndIsPrivate();
    void whatCantBeSentIsNotKept_data();
    void whatCantBeSentIsNotKept();
    void aKeyringThatIsAwayChangesNothing();

    void aKeptLoginIsSent();
    void whoComesFirst_data();
    void whoComesFirst();
    void theKeyringIsAskedOnceAPlace();
    void nobodyIsAskedAboutPlacesThatAreNotListed();
    void aRefusedLoginIsNamed();
    void aKeyringThatIsAwayIsToldOnce();
    void aSilentKeyringHoldsNobody();
    void aStopDoesNotWaitForTheKeyring();
    void aLoginThatComesLaterIsFound();

private:
    static QByteArray basic(const QByteArray &login) { return "Basic " + login.toBase64(); }
    /// A file for whoever has that login.
    static void guard(EngineFixture &fixture, const QString &path, const QByteArray &login)
    {
        fixture.server.handle(path, [login](const RecordedRequest &request) {
            if (request.header("Authorization") == basic(login))
                return Script().head(200, {{"Content-Length", "5"}}).send("hello");
            return Script().head(401, {{"WWW-Authenticate", "Basic realm=\"x\""}, {"Content-Length", "0"}});
        });
    }
    static QString placeOf(const EngineFixture &fixture)
    {
        return u"http://127.0.0.1:%1"_s.arg(fixture.server.port());
    }
    /// With a keyring that has this login for the fixture's server.
    void prepare(EngineFixture &fixture, FakeSecretStore &store, const QString &secret)
    {
        fixture.settings.loginList = fixture.dir.filePath(u"logins"_s);
        fixture.settings.maxAttempts = 1;
        fixture.secrets = &store;
        store.put(placeOf(fixture), secret);
        QVERIFY(engine::LoginList(fixture.settings.loginList).add(placeOf(fixture)));
    }
    static core::JobId fetched(EngineFixture &fixture, const QString &path)
    {
        const core::JobId id = fixture.add({fixture.request(path)}).first().job.id;
        if (!fixture.work({id}))
            qWarning("the job has not ended");
        return id;
    }

    const core::SecretPatience patient{std::chrono::seconds(5), {}};
};

void TestLogins::theKeeperKeepsAndForgets()
{
    const QTemporaryDir folder;
    FakeSecretStore store;
    engine::LoginKeeper keeper(store, folder.filePath(u"new/logins"_s), patient);
    QCOMPARE(*keeper.places(), QStringList());
    QVERIFY(keeper.keep(u"https://b.example"_s, u"ada"_s, u"a:b c"_s));
    QVERIFY(keeper.keep(u"https://a.example"_s, u"ada"_s, u"x"_s));
    QVERIFY(keeper.keep(u"https://b.example"_s, u"bob"_s, QString()));
    QCOMPARE(*keeper.places(), (QStringList{u"https://a.example"_s, u"https://b.example"_s}));
    QCOMPARE(store.secrets().value(u"https://a.example"_s), u"ada:x"_s);
    QCOMPARE(store.secrets().value(u"https://b.example"_s), u"bob:"_s);
    QCOMPARE(*keeper.forget(u"https://b.example"_s), true);
    QCOMPARE(*keeper.forget(u"https://b.example"_s), false);
    QCOMPARE(*keeper.places(), QStringList{u"https://a.example"_s});
    QCOMPARE(store.secrets().size(), 1);
}

void TestLogins::theListHoldsNoSecretAndIsPrivate()
{
    const QTemporaryDir folder;
    FakeSecretStore store;
    const QString path = folder.filePath(u"logins"_s);
    QVERIFY(engine::LoginKeeper(store, path, patient).keep(u"https://a.example"_s, u"ada"_s, u"hush"_s));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(text.contains("https://a.example\n"));
    QVERIFY(!text.contains("ada"));
    QVERIFY(!text.contains("hush"));
    QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{u"logins"_s});
}

void TestLogins::whatCantBeSentIsNotKept_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("password");
    QTest::newRow("a colon in the user name") << u"a:b"_s << u"hush"_s;
    QTest::newRow("a line break in the password") << u"a"_s << u"hush\n"_s;
    QTest::newRow("a tab in the user name") << u"a\tb"_s << u"hush"_s;
    QTest::newRow("neither") << QString() << QString();
}

void TestLogins::whatCantBeSentIsNotKept()
{
    QFETCH(QString, user);
    QFETCH(QString, password);
    const QTemporaryDir folder;
    FakeSecretStore store;
    engine::LoginKeeper keeper(store, folder.filePath(u"logins"_s), patient);
    const auto kept = keeper.keep(u"https://a.example"_s, user, password);
    QVERIFY(!kept);
    QCOMPARE(kept.error().code, core::ErrorCode::InvalidArgument);
    QVERIFY(!kept.error().detail.contains(u"hush"_s));
    QVERIFY(store.secrets().isEmpty());
    QVERIFY(keeper.places()->isEmpty());
}

void TestLogins::aKeyringThatIsAwayChangesNothing()
{
    const QTemporaryDir folder;
    FakeSecretStore store;
    engine::LoginKeeper keeper(store, folder.filePath(u"logins"_s), patient);
    QVERIFY(keeper.keep(u"https://a.example"_s, u"ada"_s, u"x"_s));
    store.setMood(FakeSecretStore::Mood::IsAway);
    QCOMPARE(keeper.keep(u"https://b.example"_s, u"ada"_s, u"x"_s).error().code,
             core::ErrorCode::KeyringUnavailable);
    QCOMPARE(keeper.forget(u"https://a.example"_s).error().code, core::ErrorCode::KeyringUnavailable);
    QCOMPARE(*keeper.places(), QStringList{u"https://a.example"_s});
}

void TestLogins::aKeptLoginIsSent()
{
    EngineFixture fixture;
    FakeSecretStore store;
    prepare(fixture, store, u"ada:päss:wörd"_s);
    guard(fixture, u"/a.bin"_s, "ada:p\xC3\xA4ss:w\xC3\xB6rd");
    QVERIFY(fixture.open());
    QCOMPARE(fixture.job(fetched(fixture, u"/a.bin"_s)).state, core::JobState::Indexed);
    QCOMPARE(fixture.server.requests().size(), 1); // sent along, not after a 401
    fixture.engine.reset();
}

void TestLogins::whoComesFirst_data()
{
    QTest::addColumn<bool>("isInUrl");
    QTest::addColumn<bool>("isInKeyring");
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("the URL's before all") << true << true << QByteArray("url:u");
    QTest::newRow("the keyring's before the netrc's") << false << true << QByteArray("key:k");
    QTest::newRow("the netrc's if there is no other") << false << false << QByteArray("net:n");
}

void TestLogins::whoComesFirst()
{
    QFETCH(bool, isInUrl);
    QFETCH(bool, isInKeyring);
    EngineFixture fixture;
    FakeSecretStore store;
    prepare(fixture, store, u"key:k"_s);
    if (!isInKeyring)
        QVERIFY(store.forget(placeOf(fixture), patient));
    fixture.settings.netrc = "machine 127.0.0.1 login net password n";
    fixture.server.serve(u"/a.bin"_s, "hello");
    QVERIFY(fixture.open());
    engine::AddRequest request = fixture.request(u"/a.bin"_s);
    if (isInUrl)
        request.url.replace(u"://"_s, u"://url:u@"_s);
    const core::JobId id = fixture.add({request}).first().job.id;
    QVERIFY(fixture.work({id}));
    QFETCH(QByteArray, sent);
    QCOMPARE(fixture.server.requests().size(), 1);
    QCOMPARE(fixture.server.requests().first().header("Authorization"), basic(sent));
    fixture.engine.reset();
}

void TestLogins::theKeyringIsAskedOnceAPlace()
{
    EngineFixture fixture;
    FakeSecretStore store;
    prepare(fixture, store, u"ada:x"_s);
    QList<engine::AddRequest> requests;
    for (int i = 0; i < 20; ++i) {
        const QString path = u"/%1.bin"_s.arg(i);
        guard(fixture, path, "ada:x");
        requests.append(fixture.request(path));
    }
    QVERIFY(fixture.open());
    QList<core::JobId> ids;
    for (const engine::AddAnswer &answer : fixture.add(requests))
        ids.append(answer.job.id);
    QVERIFY(fixture.work(ids));
    for (const core::JobId &id : ids)
        QCOMPARE(fixture.job(id).state, core::JobState::Indexed);
    QCOMPARE(store.looks(), QStringList{placeOf(fixture)});
    fixture.engine.reset();
}

void TestLogins::nobodyIsAskedAboutPlacesThatAreNotListed()
{
    EngineFixture fixture;
    FakeSecretStore store;
    prepare(fixture, store, u"ada:x"_s);
    // The same host, over https: another place. And what the keyring has is not what the list has.
    engine::LoginList list(fixture.settings.loginList);
    QVERIFY(list.remove(placeOf(fixture)));
    QVERIFY(list.add(u"https://127.0.0.1:%1"_s.arg(fixture.server.port())));
    fixture.server.serve(u"/a.bin"_s, "hello");
    QVERIFY(fixture.open());
    QCOMPARE(fixture.job(fetched(fixture, u"/a.bin"_s)).state, core::JobState::Indexed);
    QCOMPARE(store.looks(), QStringList());
    QVERIFY(!fixture.server.requests().first().hasHeader("Authorization"));
    fixture.engine.reset();
}

void TestLogins::aRefusedLoginIsNamed()
{
    EngineFixture fixture;
    FakeSecretStore store;
    prepare(fixture, store, u"ada:old"_s);
    guard(fixture, u"/a.bin"_s, "ada:new");
    QVERIFY(fixture.open());
    const engine::JobSnapshot job = fixture.job(fetched(fixture, u"/a.bin"_s));
    QCOMPARE(job.errorCode, u"http_unauthorized"_s);
    QVERIFY2(job.errorDetail.contains(u"the login of the keyring was refused"_s),
             qPrintable(job.errorDetail));
    QVERIFY(!job.errorDetail.contains(u"old"_s));
    fixture.engine.reset();
}

void TestLogins::aKeyringThatIsAwayIsToldOnce()
{
    EngineFixture fixture;
    FakeSecretStore store;
    prepare(fixture, store, u"ada:x"_s);
    store.setMood(FakeSecretStore::Mood::IsAway);
    guard(fixture, u"/a.bin"_s, "ada:x");
    fixture.server.serve(u"/open.bin"_s, "hello");
    QVERIFY(fixture.open());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"goes on without the logins of the keyring"_s));
    QTest::failOnWarning(QRegularExpression(u"keyring"_s));
    const core::JobId open = fixture.add({fixture.request(u"/open.bin"_s)}).first().job.id;
    const core::JobId guarded = fixture.add({fixture.request(u"/a.bin"_s)}).first().job.id;
    QVERIFY(fixture.work({open, guarded}));
    QCOMPARE(fixture.job(open).state, core::JobState::Indexed);
    const engine::JobSnapshot refused = fixture.job(guarded);
    QCOMPARE(refused.errorCode, u"http_unauthorized"_s);
    QVERIFY2(refused.errorDetail.contains(u"the keyring could not be asked: it is away"_s),
             qPrintable(refused.errorDetail));
    fixture.engine.reset();
}

void TestLogins::aSilentKeyringHoldsNobody()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"logins"_s);
    QVERIFY(engine::LoginList(path).add(u"https://a.example"_s));
    FakeSecretStore store;
    store.setMood(FakeSecretStore::Mood::IsSilent);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"goes on without the logins of the keyring"_s));
    engine::KeptLogins logins(store, path, std::chrono::milliseconds(20));
    QFuture<transfer::KeptLogin> first = logins.loginFor(QUrl(u"https://a.example/x"_s));
    QFuture<transfer::KeptLogin> second = logins.loginFor(QUrl(u"https://a.example/y"_s));
    first.waitForFinished();
    second.waitForFinished();
    QVERIFY(first.result().userInfo.isEmpty());
    QVERIFY(!first.result().trouble.isEmpty());
    QCOMPARE(store.looks().size(), 1);
}

void TestLogins::aStopDoesNotWaitForTheKeyring()
{
    EngineFixture fixture;
    FakeSecretStore store;
    prepare(fixture, store, u"ada:x"_s);
    store.setMood(FakeSecretStore::Mood::IsSilent);
    fixture.server.serve(u"/a.bin"_s, "hello");
    QVERIFY(fixture.open());
    const core::JobId id = fixture.add({fixture.request(u"/a.bin"_s)}).first().job.id;
    QVERIFY(fixture.startWorker({id}));
    QTRY_COMPARE(store.looks().size(), 1);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(fixture.stopWorker());
    QVERIFY2(timer.elapsed() < 5'000, QByteArray::number(timer.elapsed()).constData());
    QCOMPARE(fixture.server.requests().size(), 0);
    QVERIFY(!fixture.job(id).hasEnded());
    fixture.engine.reset();
}

void TestLogins::aLoginThatComesLaterIsFound()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"logins"_s);
    const QString place = u"https://a.example"_s;
    const QUrl url(place + u"/x"_s);
    FakeSecretStore store;
    engine::KeptLogins logins(store, path);
    QCOMPARE(logins.loginFor(url).result().userInfo, QByteArray());
    engine::LoginKeeper keeper(store, path, patient);
    QVERIFY(keeper.keep(place, u"ada"_s, u"old"_s));
    QCOMPARE(logins.loginFor(url).result().userInfo, QByteArray("ada:old"));
    QVERIFY(keeper.keep(place, u"ada"_s, u"new"_s));
    QCOMPARE(logins.loginFor(url).result().userInfo, QByteArray("ada:new"));
    QVERIFY(*keeper.forget(place));
    QCOMPARE(logins.loginFor(url).result().userInfo, QByteArray());
    QCOMPARE(store.looks().size(), 2);
}

QTEST_GUILESS_MAIN(TestLogins)
#include "tst_logins.moc"
