// SPDX-License-Identifier: MIT
#include "engine/file_checks.h"

#include "engine/engine_fixture.h"
#include "storage/part_file.h"

#include <QDateTime>

#include <functional>

using namespace ingather;
using namespace ingather::tests;
using namespace Qt::StringLiterals;
using core::Finding;
using core::FindingId;
using core::Severity;

namespace
{

bool write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(content) == content.size();
}

/// As damage does it: the content changes and the time stays.
bool spoil(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite))
        return false;
    const QDateTime before = file.fileTime(QFileDevice::FileModificationTime);
    return file.resize(0) && file.write(content) == content.size() && file.flush() &&
           file.setFileTime(before, QFileDevice::FileModificationTime);
}

bool touch(const QString &path, int seconds)
{
    QFile file(path);
    return file.open(QIODevice::ReadWrite) &&
           file.setFileTime(QDateTime::currentDateTimeUtc().addSecs(seconds),
                            QFileDevice::FileModificationTime);
}

} // namespace

class TestFileChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void whatHappenedToAFile_data();
    void whatHappenedToAFile();
    void aRootThatIsAwayIsToldOnce();
    void partsOfNobodyAreTold();
    void itCanBeCancelled();

private:
    QList<Finding> look(bool hashFiles = false)
    {
        const core::Result<QList<Finding>> findings =
            engine::checkFiles(m_fixture->settings.ledgerPath, hashFiles, {});
        if (!findings)
            qFatal("%s", qPrintable(core::toLogText(findings.error())));
        return *findings;
    }
    static QString notWell(const QList<Finding> &findings)
    {
        QStringList names;
        for (const Finding &finding : findings) {
            if (finding.severity != Severity::Ok)
                names.append(u"%1:%2"_s.arg(core::findingName(finding.id)).arg(finding.count));
        }
        return names.join(u' ');
    }
    QString filed(const QString &name) const { return m_fixture->folder() + u'/' + name; }

    std::unique_ptr<EngineFixture> m_fixture;
    QList<core::JobId> m_jobs;
};

void TestFileChecks::init()
{
    m_fixture = std::make_unique<EngineFixture>();
    m_jobs.clear();
    QList<engine::AddRequest> requests;
    for (const QString &name : {u"a.bin"_s, u"b.bin"_s}) {
        m_fixture->server.serve(u'/' + name, name.toUtf8().repeated(100));
        requests.append(m_fixture->request(u'/' + name));
    }
    QVERIFY(m_fixture->open());
    const QList<engine::AddAnswer> answers = m_fixture->add(requests);
    for (const engine::AddAnswer &answer : answers)
        m_jobs.append(answer.job.id);
    QCOMPARE(m_jobs.size(), 2);
    QVERIFY(m_fixture->work(m_jobs));
    for (const core::JobId &id : m_jobs)
        QCOMPARE(m_fixture->job(id).state, core::JobState::Indexed);
}

void TestFileChecks::whatHappenedToAFile_data()
{
    QTest::addColumn<std::function<bool(const QString &)>>("happen");
    QTest::addColumn<QString>("quick");
    QTest::addColumn<QString>("hashed");
    using Happen = std::function<bool(const QString &)>;
    QTest::newRow("nothing") << Happen([](const QString &) { return true; }) << QString() << QString();
    QTest::newRow("it was deleted") << Happen([](const QString &path) { return QFile::remove(path); })
                                    << u"files.missing:1"_s << u"files.missing:1"_s;
    QTest::newRow("a folder took its place")
        << Happen([](const QString &path) { return QFile::remove(path) && QDir().mkdir(path); })
        << u"files.missing:1"_s << u"files.missing:1"_s;
    QTest::newRow("it was cut, and its time says nothing of it")
        << Happen([](const QString &path) { return spoil(path, "short"); }) << u"files.size:1"_s
        << u"files.size:1"_s;
    QTest::newRow("bytes have changed, and its time says nothing of it")
        << Happen([](const QString &path) { return spoil(path, QByteArray(500, 'x')); }) << QString()
        << u"files.hash:1"_s;
    QTest::newRow("somebody wrote more into it")
        << Happen([](const QString &path) { return write(path, "annotated") && touch(path, 60); })
        << u"files.changed:1"_s << u"files.changed:1"_s;
    QTest::newRow("somebody wrote other bytes into it")
        << Happen([](const QString &path) { return write(path, QByteArray(500, 'y')) && touch(path, 60); })
        << QString() << u"files.changed:1"_s;
    QTest::newRow("it was only touched")
        << Happen([](const QString &path) { return touch(path, 60); }) << QString() << QString();
}

void TestFileChecks::whatHappenedToAFile()
{
    QFETCH(std::function<bool(const QString &)>, happen);
    QFETCH(QString, quick);
    QFETCH(QString, hashed);
    QVERIFY(happen(filed(u"b.bin"_s)));
    const QList<Finding> findings = look();
    QCOMPARE(notWell(findings), quick);
    for (const Finding &finding : findings) {
        if (finding.severity != Severity::Ok)
            QCOMPARE(finding.examples, QStringList{m_jobs.at(1).value});
    }
    QCOMPARE(notWell(look(true)), hashed);
}

void TestFileChecks::aRootThatIsAwayIsToldOnce()
{
    QVERIFY(QDir().rename(m_fixture->folder(), m_fixture->folder() + u"-away"_s));
    QCOMPARE(notWell(look(true)), u"files.volume:2"_s);
    QCOMPARE(core::worstOf(look(true)), Severity::Info);
}

void TestFileChecks::partsOfNobodyAreTold()
{
    const engine::AddAnswer open = m_fixture->add({m_fixture->request(u"/never"_s)}).first();
    const QString parts = storage::partsFolder(m_fixture->folder());
    QVERIFY(QDir().mkpath(parts));
    const QString wanted = storage::partName(open.job.id, {1}, 1);
    const QString ofDone = storage::partName(m_jobs.first(), {1}, 1);
    for (const QString &name : {wanted, ofDone, u"something"_s})
        QVERIFY(write(parts + u'/' + name, "part"));
    const QList<Finding> findings = look();
    QCOMPARE(notWell(findings), u"parts.orphaned:2"_s);
    QVERIFY(findings.last().examples.contains(ofDone));
    QVERIFY(!findings.last().examples.contains(wanted));
}

void TestFileChecks::itCanBeCancelled()
{
    std::stop_source stop;
    stop.request_stop();
    const auto cancelled = engine::checkFiles(m_fixture->settings.ledgerPath, false, {stop.get_token(), {}});
    QVERIFY(!cancelled);
    QCOMPARE(core::errorCodeName(cancelled.error().code), core::errorCodeName(core::ErrorCode::Cancelled));
}

QTEST_GUILESS_MAIN(TestFileChecks)
#include "tst_file_checks.moc"
