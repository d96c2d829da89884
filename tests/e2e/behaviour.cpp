// SPDX-License-Identifier: MIT
#include "e2e/behaviour.h"

#include "e2e/cli.h"
#include "e2e/content.h"

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <atomic>
#include <memory>
#include <vector>

namespace ingather::e2e
{

using namespace Qt::StringLiterals;
using support::FakeHttpServer;
using support::Handler;
using support::Headers;
using support::RecordedRequest;
using support::Script;

namespace
{

QString opsOf(const Cli &cli, const QString &jobId)
{
    QStringList ops;
    for (const QJsonObject &op : cli.json({u"ops"_s, jobId}).lines())
        ops.append(op[u"op_type"_s].toString() + u' ' + op[u"phase"_s].toString());
    return ops.join(u", "_s);
}

int filesBelow(const QString &folder, const QString &pattern)
{
    int count = 0;
    QDirIterator files(folder, {pattern}, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        files.next();
        ++count;
    }
    return count;
}

/// One line, so that a failed comparison shows everything at once.
QString line(int exitCode, const QString &state, const QString &error, int attempts, const QString &ops,
             const QStringList &entries, int parts, int quarantined)
{
    return u"exit %1, %2 %3, %4 attempts, [%5], folder [%6], %7 parts, %8 in quarantine"_s.arg(exitCode)
        .arg(state, error)
        .arg(attempts)
        .arg(ops, entries.join(u'|'))
        .arg(parts)
        .arg(quarantined);
}

QString nameOf(const Behaviour &behaviour)
{
    const QString path = behaviour.path.section(u'?', 0, 0);
    return behaviour.ending.name.isEmpty() ? path.section(u'/', -1) : behaviour.ending.name;
}

QString expected(const Behaviour &behaviour)
{
    const Ending &ending = behaviour.ending;
    const bool isFiled = ending.error.isEmpty();
    QStringList entries;
    if (ending.parts > 0)
        entries.append(u".ingather"_s);
    if (isFiled)
        entries.append(nameOf(behaviour));
    return line(isFiled ? 0 : 1, isFiled ? u"INDEXED"_s : u"FAILED"_s, ending.error, ending.attempts,
                ending.ops, entries, ending.parts, ending.quarantined);
}

QStringList rangesOf(const QList<RecordedRequest> &requests)
{
    QStringList ranges;
    for (const RecordedRequest &request : requests) {
        QString text =
            request.hasHeader("Range") ? QString::fromLatin1(request.header("Range").mid(6)) : u"whole"_s;
        if (request.hasHeader("If-Range"))
            text += u' ' + QString::fromLatin1(request.header("If-Range"));
        ranges.append(text);
    }
    return ranges;
}

bool writeSettings(const QString &home, const QByteArray &text)
{
    const QString folder = home + u"/xdg_config_home/ingather"_s;
    QFile file(folder + u"/ingather.ini"_s);
    return QDir().mkpath(folder) && file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

/// What was found when it was over.
struct Found {
    QString line = {};
    QJsonObject job = {};
    QString sha256 = {}; ///< of the file at the place where it must be
    QStringList requests = {};
    CommandResult got = {};
};

Found play(const Behaviour &behaviour)
{
    const QTemporaryDir home;
    const QString folder = home.filePath(u"files"_s);
    if (!QDir().mkpath(folder) || !writeSettings(home.path(), behaviour.settings))
        return {.line = u"no folder to play in"_s};
    const QString path = behaviour.path.section(u'?', 0, 0);
    FakeHttpServer server;
    server.handle(path, behaviour.handler);
    for (const auto &[other, handler] : behaviour.others)
        server.handle(other, handler);

    const Cli cli(home.path());
    Found found;
    found.got = cli.json(QStringList{u"get"_s, u"-d"_s, folder} + behaviour.options +
                             QStringList{server.url({}).toString() + behaviour.path},
                         30'000);
    const QList<QJsonObject> jobs = cli.json({u"list"_s}).lines();
    if (jobs.size() != 1)
        return {.line = u"%1 jobs"_s.arg(jobs.size()), .got = found.got};
    found.job = jobs.first();
    found.line =
        line(found.got.exitCode, found.job[u"state"_s].toString(), found.job[u"error_code"_s].toString(),
             found.job[u"attempts"_s].toInt(), opsOf(cli, found.job[u"job_id"_s].toString()),
             entriesOf(folder), filesBelow(folder, u"*.part"_s),
             filesBelow(home.filePath(u"xdg_data_home/ingather/quarantine"_s), u"*"_s));
    found.sha256 = sha256Of(folder + u'/' + nameOf(behaviour));
    found.requests = rangesOf(server.requests(path));
    return found;
}

/// The file, what the ledger says of it, and what the row says must be one and the same.
void compareFile(const Behaviour &behaviour, const Found &found)
{
    const QString digest = QString::fromLatin1(
        QCryptographicHash::hash(behaviour.ending.body, QCryptographicHash::Sha256).toHex());
    QCOMPARE(found.sha256, digest);
    QCOMPARE(found.job[u"sha256"_s].toString(), digest);
    QCOMPARE(found.job[u"final_path"_s].toString(), nameOf(behaviour));
    QCOMPARE(found.job[u"bytes_done"_s].toInteger(), behaviour.ending.body.size());
    if (!behaviour.ending.verification.isEmpty())
        QCOMPARE(found.job[u"verification"_s].toString(), behaviour.ending.verification);
}

} // namespace

Ending filed(const QByteArray &body, int attempts, const char *ops)
{
    return {.error = {}, .attempts = attempts, .ops = QString::fromLatin1(ops), .body = body};
}

Ending failed(const char *error, int attempts, const char *ops)
{
    return {.error = QString::fromLatin1(error),
            .attempts = attempts,
            .ops = QString::fromLatin1(ops),
            .body = {}};
}

Handler always(const Script &script)
{
    return [script](const RecordedRequest &) { return script; };
}

Handler inTurn(const QList<Script> &scripts)
{
    const auto next = std::make_shared<std::atomic<int>>(0);
    return [scripts, next](const RecordedRequest &) {
        return scripts[std::min<qsizetype>((*next)++, scripts.size() - 1)];
    };
}

Handler firstThen(const Script &first, const Handler &later)
{
    const auto isFirst = std::make_shared<std::atomic<bool>>(true);
    return [first, later, isFirst](const RecordedRequest &request) {
        return isFirst->exchange(false) ? first : later(request);
    };
}

Script answer(const QByteArray &body, const Headers &more, int status)
{
    return exactly(status, Headers{{"Content-Length", QByteArray::number(body.size())}} + more, body);
}

Script exactly(int status, const Headers &headers, const QByteArray &body)
{
    return Script().head(status, headers).send(body);
}

void addRows(const Table &table)
{
    QTest::addColumn<Behaviour>("behaviour");
    QTest::addColumn<Found>("found");
    std::vector<Found> found(static_cast<std::size_t>(table.size()));
    std::atomic<qsizetype> next = 0;
    const auto work = [&] {
        for (qsizetype i = next++; i < table.size(); i = next++)
            found[static_cast<std::size_t>(i)] = play(table[i].second);
    };
    // Threads of Qt: in others a server can't listen.
    std::vector<std::unique_ptr<QThread>> threads(6);
    for (std::unique_ptr<QThread> &thread : threads) {
        thread.reset(QThread::create(work));
        thread->start();
    }
    for (const std::unique_ptr<QThread> &thread : threads)
        thread->wait();
    for (qsizetype i = 0; i < table.size(); ++i)
        QTest::newRow(table[i].first.constData()) << table[i].second << found[static_cast<std::size_t>(i)];
}

void verifyRow()
{
    QFETCH(Behaviour, behaviour);
    QFETCH(Found, found);
    if (behaviour.ending.isOnlyTheFile) {
        QVERIFY2(found.got.exitCode == 0, found.got.report());
        QCOMPARE(found.job[u"state"_s].toString(), u"INDEXED"_s);
        return compareFile(behaviour, found);
    }
    if (found.line != expected(behaviour))
        qWarning("%s", found.got.report().constData());
    QCOMPARE(found.line, expected(behaviour));
    if (!behaviour.ending.requests.isEmpty())
        QCOMPARE(found.requests, behaviour.ending.requests);
    QVERIFY2(found.got.elapsedMs >= behaviour.ending.leastMs, QByteArray::number(found.got.elapsedMs));
    if (behaviour.ending.error.isEmpty())
        compareFile(behaviour, found);
}

} // namespace ingather::e2e
