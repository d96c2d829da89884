// SPDX-License-Identifier: MIT
#pragma once

#include "engine/facade.h"
#include "support/fake_http_server.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

namespace ingather::tests
{

/// A ledger, a download folder and a server of their own, and the engine over them.
class EngineFixture
{
public:
    EngineFixture()
    {
        QDir(dir.path()).mkdir(QStringLiteral("downloads"));
        settings.ledgerPath = dir.filePath(QStringLiteral("ledger.sqlite3"));
        settings.downloadFolder = folder();
        settings.quarantineFolder = dir.filePath(QStringLiteral("quarantine"));
        settings.backoffCeiling = std::chrono::milliseconds(1);
        settings.threads = 1;
    }

    QString folder() const { return dir.filePath(QStringLiteral("downloads")); }

    /// (Re)opens the engine; false with a message of the test if it can't.
    bool open()
    {
        engine.reset();
        auto opened = engine::Facade::open(settings, engine::Facade::Access::ReadWrite, secrets);
        if (!opened) {
            qWarning().noquote() << core::toLogText(opened.error());
            return false;
        }
        engine = std::move(*opened);
        return true;
    }

    engine::AddRequest request(const QString &path, const QString &intoFolder = {}) const
    {
        engine::AddRequest request;
        request.url = server.url(path).toString();
        request.folder = intoFolder.isEmpty() ? folder() : intoFolder;
        return request;
    }

    QList<engine::AddAnswer> add(const QList<engine::AddRequest> &requests, bool retryEnded = true)
    {
        auto future = engine->add(requests, retryEnded);
        future.waitForFinished();
        const auto answers = future.result();
        if (!answers) {
            qWarning().noquote() << core::toLogText(answers.error());
            return {};
        }
        return *answers;
    }

    engine::JobSnapshot job(const core::JobId &id)
    {
        auto future = engine->job(id.value);
        future.waitForFinished();
        const auto job = future.result();
        return job ? *job : engine::JobSnapshot();
    }

    QList<engine::OpSnapshot> ops(const core::JobId &id)
    {
        auto future = engine->ops(id);
        future.waitForFinished();
        const auto ops = future.result();
        return ops ? *ops : QList<engine::OpSnapshot>();
    }

    /// "HEAD DONE, STREAM DONE, …", oldest first.
    QString history(const core::JobId &id)
    {
        QStringList lines;
        const QList<engine::OpSnapshot> all = ops(id);
        for (const engine::OpSnapshot &op : all)
            lines.append(core::opTypeName(op.type) + u' ' + core::opPhaseName(op.phase));
        return lines.join(QStringLiteral(", "));
    }

    /// Runs a worker on just these jobs until each has ended; false if that takes too long.
    bool work(const QList<core::JobId> &ids)
    {
        if (!startWorker(ids))
            return false;
        const bool haveEnded = QTest::qWaitFor(
            [this, &ids] {
                return std::all_of(ids.begin(), ids.end(),
                                   [this](const core::JobId &id) { return job(id).hasEnded(); });
            },
            20'000);
        return stopWorker() && haveEnded;
    }

    bool startWorker(const QList<core::JobId> &ids)
    {
        return engine->startWorker({.onlyThese = ids, .defaultFolder = folder()}).has_value();
    }

    bool stopWorker()
    {
        QSignalSpy stopped(engine.get(), &engine::Facade::workerStopped);
        engine->stopWorker();
        return stopped.wait(10'000);
    }

    QByteArray fileContent(const QString &name) const
    {
        QFile file(QDir(folder()).filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("<no such file>");
    }

    /// All entries of the download folder, hidden ones too.
    QStringList folderEntries() const
    {
        return QDir(folder()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }

    QTemporaryDir dir;
    support::FakeHttpServer server;
    engine::Settings settings;
    core::SecretStore *secrets = nullptr; ///< for the engine that is opened next; outlives it
    std::unique_ptr<engine::Facade> engine;
};

} // namespace ingather::tests
