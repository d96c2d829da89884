// SPDX-License-Identifier: MIT
#include "ledger/startup/page_check.h"

#include "core/error.h"
#include "ledger/living_owners.h"
#include "ledger/log.h"
#include "ledger/sql_value.h"
#include "ledger/sqlite.h"
#include "ledger/validation/row_checks.h"

#include <QCryptographicHash>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace ingather::ledger
{

using core::ErrorCode;
using core::Finding;
using core::FindingId;
using core::Result;

namespace
{

/// Requests a stop when its time has come, unless it is gone by then.
class TimeLimit final
{
public:
    explicit TimeLimit(std::chrono::milliseconds span)
        : m_thread([this, span](const std::stop_token &gone) {
              std::unique_lock guard(m_mutex);
              if (!m_changed.wait_for(guard, gone, span, [&gone] { return gone.stop_requested(); }))
                  m_stop.request_stop();
          })
    {
    }
    Q_DISABLE_COPY_MOVE(TimeLimit)

    std::stop_token token() const { return m_stop.get_token(); }

private:
    std::stop_source m_stop;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::jthread m_thread; // last: it uses the others
};

QString noteOf(QStringList deadOwners)
{
    deadOwners.sort();
    const QByteArray hash =
        QCryptographicHash::hash(deadOwners.join(u'\n').toUtf8(), QCryptographicHash::Sha256);
    return QString::fromLatin1(hash.toHex());
}

} // namespace

Result<QList<Finding>> checkPagesWithin(std::chrono::milliseconds span, sqlite3 *connection)
{
    const TimeLimit limit(span);
    core::WorkControl control;
    control.stop = limit.token();
    Result<QList<Finding>> findings = checkPages(connection, control);
    if (!findings && findings.error().code == ErrorCode::Cancelled) {
        qCInfo(logLedger, "the ledger is too large for a look at its pages at start");
        return QList<Finding>();
    }
    if (!findings)
        return findings;
    findings->removeIf([](const Finding &finding) {
        const bool isOfPages = finding.id == FindingId::PageDamaged || finding.id == FindingId::IndexDamaged;
        return !isOfPages || finding.severity <= core::Severity::Info;
    });
    return findings;
}

Result<QStringList> reindex(sqlite3 *connection, const QList<Finding> &findings)
{
    QStringList done;
    for (const Finding &finding : findings) {
        if (finding.id != FindingId::IndexDamaged)
            continue;
        const QString statement = QStringLiteral("REINDEX ") + finding.place;
        const Result<> made = runScript(connection, "REINDEX " + quotedName(finding.place), statement);
        if (!made)
            return made.error();
        done.append(statement);
    }
    return done;
}

Result<QStringList> ownersToCheckAfter(sqlite3 *connection, const QString &self, core::UnixTime now)
{
    const Result<OwnersFound> owners = findOwners(connection, self, now);
    if (!owners)
        return owners.error();
    if (owners->dead.isEmpty() || !owners->living.isEmpty())
        return QStringList();
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(
        connection, "SELECT 1 FROM ingather_meta WHERE key = 'pages_checked_after' AND value = ?1");
    if (!prepared)
        return prepared.error();
    statement.bind(1, noteOf(owners->dead));
    const Result<bool> isChecked = statement.step("read note of page check");
    if (!isChecked)
        return isChecked.error();
    return *isChecked ? QStringList() : owners->dead;
}

Result<> noteCheckedAfter(sqlite3 *connection, const QStringList &deadOwners)
{
    SqliteStatement statement;
    const Result<> prepared = statement.prepare(
        connection, "INSERT INTO ingather_meta(key, value) VALUES ('pages_checked_after', ?1) "
                    "ON CONFLICT(key) DO UPDATE SET value = excluded.value");
    if (!prepared)
        return prepared;
    statement.bind(1, noteOf(deadOwners));
    return statement.run("note page check");
}

} // namespace ingather::ledger
