// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "ledger/leases.h"
#include "ledger/planning.h"
#include "ledger/queries.h"
#include "ledger/session.h"
#include "support/manual_clock.h"
#include "support/other_program.h"

#include <QByteArray>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

#include <memory>

namespace ingather::ledger::test
{

using core::ErrorCode;
using core::JobState;
using core::Result;

template <typename T>
QByteArray why(const Result<T> &result)
{
    return result ? QByteArray() : core::toLogText(result.error()).toUtf8();
}

template <typename T>
ErrorCode codeOf(const Result<T> &result)
{
    return result ? ErrorCode::Internal : result.error().code;
}

#define VERIFY_OK(result)                                                                                    \
    do {                                                                                                     \
        const auto &checked_ = (result);                                                                     \
        QVERIFY2(checked_.has_value(), ::ingather::ledger::test::why(checked_).constData());                 \
    } while (false)
#define COMPARE_ERROR(result, expected)                                                                      \
    do {                                                                                                     \
        const auto &checked_ = (result);                                                                     \
        QVERIFY(!checked_.has_value());                                                                      \
        QCOMPARE(::ingather::core::errorCodeName(checked_.error().code),                                     \
                 ::ingather::core::errorCodeName(expected));                                                 \
    } while (false)

/// A ledger of its own in a folder of its own, with a clock that stands still.
class Scratch
{
public:
    QString path() const { return dir.filePath(QStringLiteral("ledger.sqlite3")); }

    OpenOptions options(const QString &owner = QStringLiteral("owner-a")) const
    {
        OpenOptions open;
        open.path = path();
        open.clock = &clock;
        open.owner = owner;
        return open;
    }
    OpenOptions readOptions() const
    {
        OpenOptions open = options(QStringLiteral("reader"));
        open.access = OpenOptions::Access::ReadOnly;
        return open;
    }
    std::unique_ptr<Session> open(const QString &owner = QStringLiteral("owner-a")) const
    {
        Result<std::unique_ptr<Session>> session = Session::open(options(owner));
        if (!session)
            qFatal("%s", why(session).constData());
        return std::move(*session);
    }

    QTemporaryDir dir;
    mutable support::ManualClock clock;
};

/// begin, the function, commit; or its error and a rollback.
template <typename Function>
auto transact(Session &session, Function function) -> decltype(function(session))
{
    const Result<> begun = session.begin();
    if (!begun)
        return begun.error();
    auto outcome = function(session);
    if (!outcome) {
        qInfo("%s", why(outcome).constData());
        session.rollback();
        return outcome;
    }
    const Result<> committed = session.commit();
    if (!committed)
        return committed.error();
    return outcome;
}

inline JobRequest request(int number, const QString &rootPath = QStringLiteral("/root"))
{
    JobRequest job;
    job.canonicalUrl = QStringLiteral("https://example.org/%1.pdf").arg(number);
    job.sourceUrl = job.canonicalUrl;
    job.host = QStringLiteral("example.org");
    job.rootPath = rootPath;
    return job;
}

inline QList<PlannedJob> planned(Session &session, const QList<JobRequest> &requests)
{
    Result<QList<PlannedJob>> jobs = transact(session, [&](Session &s) { return plan(s, requests); });
    if (!jobs)
        qFatal("%s", why(jobs).constData());
    return std::move(*jobs);
}

inline core::JobId plannedId(Session &session, const JobRequest &wanted)
{
    return planned(session, {wanted}).first().job.id;
}

inline Result<QList<ClaimedJob>> claimed(Session &session, const ClaimRequest &wanted = {})
{
    return transact(session, [&](Session &s) { return claim(s, wanted); });
}

/// Plans one job and claims it.
inline ClaimedJob claimOne(Session &session, int number = 1)
{
    ClaimRequest wanted;
    wanted.onlyThese = {plannedId(session, request(number))};
    Result<QList<ClaimedJob>> jobs = claimed(session, wanted);
    if (!jobs || jobs->size() != 1)
        qFatal("not claimed: %s", why(jobs).constData());
    return jobs->first();
}

inline JobRecord reread(Session &session, const core::JobId &id)
{
    const Result<std::optional<JobRecord>> found = job(session, id);
    if (!found || !*found)
        qFatal("job is not there: %s", why(found).constData());
    return **found;
}

using support::OtherProgram;

/// The statements of a session as they go to SQLite, caught there, so that no copy of one in a test can
/// differ.
class StatementLog
{
public:
    explicit StatementLog(const Session &session) : m_connection(static_cast<sqlite3 *>(session.handle()))
    {
        const auto note = [](unsigned, void *list, void *statement, void *) {
            static_cast<QStringList *>(list)->append(
                QString::fromUtf8(sqlite3_sql(static_cast<sqlite3_stmt *>(statement))));
            return 0;
        };
        sqlite3_trace_v2(m_connection, SQLITE_TRACE_STMT, note, &m_seen);
    }
    ~StatementLog() { sqlite3_trace_v2(m_connection, 0, nullptr, nullptr); }
    Q_DISABLE_COPY_MOVE(StatementLog)

    /// How SQLite goes about the first statement with that part; empty if there was none.
    QString planOf(const QString &part, const OtherProgram &program) const
    {
        for (QString sql : m_seen) {
            if (!sql.contains(part))
                continue;
            static const QRegularExpression parameter(QStringLiteral("\\?[0-9]*"));
            return program
                .rows(QStringLiteral("EXPLAIN QUERY PLAN ") + sql.replace(parameter, QStringLiteral("1")))
                .join(u'\n');
        }
        return {};
    }

private:
    sqlite3 *m_connection;
    QStringList m_seen;
};

inline QByteArray contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %ls", qUtf16Printable(path));
    return file.readAll();
}

} // namespace ingather::ledger::test
