// SPDX-License-Identifier: MIT
#include "e2e/cli.h"
#include "e2e/content.h"
#include "e2e/nginx_server.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace ingather::e2e;
using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 mebibyte = 1024 * 1024;

/// 200 sizes from 0 B to 64 MiB, each 16/15 of the one before, 1 GiB in all.
QList<qint64> logSpreadSizes()
{
    QList<qint64> sizes;
    double size = 64.0 * mebibyte;
    for (int i = 0; i < 198; ++i, size *= 15.0 / 16.0)
        sizes.prepend(std::llround(size));
    sizes.prepend(1);
    sizes.prepend(0);
    qint64 sum = 0;
    for (const qint64 one : sizes)
        sum += one;
    sizes[100] += 1024 * mebibyte - sum;
    return sizes;
}

struct Original {
    QString name;
    qint64 size = 0;
    QString sha256;
};

} // namespace

class TestDownloadAll : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void getFetchesEveryFile();
    void aWorkerFetchesAnImportedList();

private:
    /// Every promise that is made about a job that is done.
    void checkLedgerAndFolder(const Cli &cli, const QString &folder, const QList<Original> &expected);

    QElapsedTimer m_total;
    NginxServer m_server;
    QList<Original> m_originals;
};

void TestDownloadAll::initTestCase()
{
    m_total.start();
    QVERIFY2(m_server.start(), qPrintable(m_server.errorText()));
    const QList<qint64> sizes = logSpreadSizes();
    QCOMPARE(sizes.size(), 200);
    QCOMPARE(*std::min_element(sizes.begin(), sizes.end()), 0);
    QCOMPARE(*std::max_element(sizes.begin(), sizes.end()), 64 * mebibyte);
    QStringList paths;
    for (qsizetype i = 0; i < sizes.size(); ++i) {
        const QString name =
            u"paper-%1.%2"_s.arg(i, 3, 10, QLatin1Char('0')).arg(i % 3 == 0 ? u"dat"_s : u"bin"_s);
        paths.append(m_server.documents() + u'/' + name);
        QVERIFY(writeContent(paths.last(), sizes[i], static_cast<std::uint64_t>(i) + 1));
        m_originals.append({name, sizes[i], {}});
    }
    const QStringList digests = sha256OfAll(paths);
    for (qsizetype i = 0; i < digests.size(); ++i) {
        QCOMPARE(digests[i].size(), 64);
        m_originals[i].sha256 = digests[i];
    }
}

void TestDownloadAll::getFetchesEveryFile()
{
    QTemporaryDir home;
    QTemporaryDir folder;
    const Cli cli(home.path());
    QStringList arguments{u"get"_s, u"-d"_s, folder.path()};
    for (const Original &original : m_originals)
        arguments.append(m_server.url(u'/' + original.name));

    const CommandResult result = cli.json(arguments, 80'000);
    QVERIFY2(result.exitCode == 0, result.report().constData());
    QCOMPARE(result.object().value(u"jobs"_s).toArray().size(), m_originals.size());
    checkLedgerAndFolder(cli, folder.path(), m_originals);
    if (QTest::currentTestFailed())
        return;

    QHash<QString, int> requestsPerPath;
    for (const LoggedRequest &request : m_server.requests()) {
        if (request.method == u"GET"_s)
            ++requestsPerPath[request.path];
    }
    for (const Original &original : m_originals)
        QCOMPARE(requestsPerPath.value(u'/' + original.name), 1);
    QVERIFY2(m_total.elapsed() < 90'000, qPrintable(u"%1 ms"_s.arg(m_total.elapsed())));
}

void TestDownloadAll::aWorkerFetchesAnImportedList()
{
    QTemporaryDir home;
    QTemporaryDir folder;
    const Cli cli(home.path());
    QList<Original> some;
    QByteArray list("# a list of papers\n\n");
    for (qsizetype i = 0; i < m_originals.size(); i += 4) {
        some.append(m_originals[i]);
        list += m_server.url(u'/' + m_originals[i].name).toUtf8() + '\n';
    }
    QFile file(home.filePath(u"list.txt"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(list), list.size());
    file.close();

    const CommandResult imported = cli.json({u"import"_s, file.fileName(), u"-d"_s, folder.path()});
    QVERIFY2(imported.exitCode == 0, imported.report().constData());
    QCOMPARE(imported.object().value(u"added"_s).toInt(), some.size());
    QCOMPARE(imported.object().value(u"existing"_s).toInt(), 0);
    QVERIFY(imported.object().value(u"rejected"_s).toArray().isEmpty());
    QCOMPARE(entriesOf(folder.path()), QStringList());

    const CommandResult ran = cli.json({u"run"_s, u"--until-idle"_s}, 60'000);
    QVERIFY2(ran.exitCode == 0, ran.report().constData());
    checkLedgerAndFolder(cli, folder.path(), some);
}

void TestDownloadAll::checkLedgerAndFolder(const Cli &cli, const QString &folder,
                                           const QList<Original> &expected)
{
    QStringList expectedNames;
    QStringList paths;
    QHash<QString, Original> byName;
    for (const Original &original : expected) {
        expectedNames.append(original.name);
        paths.append(folder + u'/' + original.name);
        byName.insert(original.name, original);
    }
    QCOMPARE(entriesOf(folder), expectedNames);
    const QStringList digests = sha256OfAll(paths);
    for (qsizetype i = 0; i < expected.size(); ++i) {
        QCOMPARE(QFileInfo(paths[i]).size(), expected[i].size);
        QCOMPARE(digests[i], expected[i].sha256);
    }

    const QList<QJsonObject> jobs = cli.jobs();
    QCOMPARE(jobs.size(), expected.size());
    for (const QJsonObject &job : jobs) {
        const QString state = job.value(u"state"_s).toString();
        QVERIFY2(state == u"INDEXED"_s || state == u"DEDUPED"_s, qPrintable(state));
        QVERIFY(job.value(u"lease_owner"_s).isNull());
        const QString name = QFileInfo(job.value(u"final_path"_s).toString()).fileName();
        QVERIFY2(byName.contains(name), qPrintable(name));
        QCOMPARE(job.value(u"sha256"_s).toString(), byName.value(name).sha256);
        QCOMPARE(job.value(u"bytes_total"_s).toInteger(-1), byName.value(name).size);

        QStringList types;
        double lastStart = 0;
        for (const QJsonObject &op : cli.ops(job.value(u"job_id"_s).toString())) {
            types.append(op.value(u"op_type"_s).toString());
            QCOMPARE(op.value(u"phase"_s).toString(), u"DONE"_s);
            QVERIFY(op.value(u"started_at"_s).toDouble() >= lastStart);
            QVERIFY(op.value(u"finished_at"_s).toDouble() >= op.value(u"started_at"_s).toDouble());
            lastStart = op.value(u"started_at"_s).toDouble();
        }
        if (state == u"INDEXED"_s)
            QCOMPARE(types, (QStringList{u"HEAD"_s, u"STREAM"_s, u"FINALIZE"_s, u"INDEX"_s}));
        else
            QCOMPARE(types.mid(types.size() - 1), QStringList{u"DEDUPE"_s});
    }
}

QTEST_GUILESS_MAIN(TestDownloadAll)
#include "tst_download_all.moc"
