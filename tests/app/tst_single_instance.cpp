// SPDX-License-Identifier: MIT
#include "app/single_instance.h"

#include <QDir>
#include <QFile>
#include <QLocalServer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <memory>

using namespace ingather;
using app::SingleInstance;

namespace
{

/// A second program: its start() waits for the first one's event loop, hence a thread of its own.
SingleInstance::Role startElsewhere(const QString &folder, const QString &ledger, const QStringList &urls)
{
    auto role = SingleInstance::Role::Alone;
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        SingleInstance second(folder, ledger);
        role = second.start(urls);
    }));
    thread->start();
    if (!QTest::qWaitFor([&] { return thread->isFinished(); }, 10'000))
        qFatal("the second program hangs");
    thread->wait();
    return role;
}

} // namespace

class TestSingleInstance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSecondHandsOverItsAddresses()
    {
        QTemporaryDir dir;
        const QString ledger = QStringLiteral("/data/ledger.sqlite3");
        SingleInstance first(dir.path(), ledger);
        QSignalSpy handed(&first, &SingleInstance::handedOver);
        QCOMPARE(first.start({QStringLiteral("https://example.org/own")}), SingleInstance::Role::First);
        QStringList urls;
        for (int i = 0; i < 20'000; ++i) // more than one read
            urls.append(QStringLiteral("https://example.org/%1/ä").arg(i));
        QCOMPARE(startElsewhere(dir.path(), ledger, urls), SingleInstance::Role::Second);
        QCOMPARE(handed.count(), 1);
        QCOMPARE(handed.first().first().toStringList(), urls);
        QCOMPARE(startElsewhere(dir.path(), ledger, {}), SingleInstance::Role::Second);
        QCOMPARE(handed.count(), 2);
    }

    void anotherLedgerIsAnotherProgram()
    {
        QTemporaryDir dir;
        SingleInstance first(dir.path(), QStringLiteral("/a"));
        SingleInstance other(dir.path(), QStringLiteral("/b"));
        QCOMPARE(first.start({}), SingleInstance::Role::First);
        QCOMPARE(other.start({}), SingleInstance::Role::First);
    }

    void aSocketThatACrashLeftIsReplaced()
    {
        QTemporaryDir dir;
        const QString ledger = QStringLiteral("/data/ledger.sqlite3");
        QString path;
        {
            SingleInstance first(dir.path(), ledger);
            QCOMPARE(first.start({}), SingleInstance::Role::First);
            const QStringList left = QDir(dir.path()).entryList(QDir::System | QDir::Files);
            for (const QString &name : left) {
                if (!name.endsWith(QLatin1StringView(".lock")))
                    path = dir.filePath(name);
            }
        }
        QVERIFY(!path.isEmpty());
        QFile corpse(path); // something in the way that nobody listens on
        QVERIFY(corpse.open(QIODevice::WriteOnly));
        corpse.close();
        SingleInstance next(dir.path(), ledger);
        QCOMPARE(next.start({}), SingleInstance::Role::First);
        QSignalSpy handed(&next, &SingleInstance::handedOver);
        QCOMPARE(startElsewhere(dir.path(), ledger, {QStringLiteral("x")}), SingleInstance::Role::Second);
        QCOMPARE(handed.count(), 1);
    }

    void aFolderThatCannotBeUsedDoesNotStopTheProgram()
    {
        SingleInstance first(QStringLiteral("/proc/no/such/folder"), QStringLiteral("/a"));
        QCOMPARE(first.start({}), SingleInstance::Role::Alone);
    }
};

QTEST_GUILESS_MAIN(TestSingleInstance)
#include "tst_single_instance.moc"
