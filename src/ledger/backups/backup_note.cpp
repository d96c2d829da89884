// SPDX-License-Identifier: MIT
#include "ledger/backups/backup_note.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace ingather::ledger
{

namespace
{

const QLatin1StringView schemaVersionKey("schema_version");
const QLatin1StringView jobsKey("jobs");
const QLatin1StringView fingerprintKey("fingerprint");
const QLatin1StringView appKey("ingather");

QString printable(QString text)
{
    std::replace_if(
        text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x20 || c.unicode() > 0x7e; },
        QLatin1Char('?'));
    return text;
}

} // namespace

QByteArray backupNote(const LedgerDescription &ledger, const QString &appVersion)
{
    const QJsonObject note{{appKey, printable(appVersion)},
                           {schemaVersionKey, ledger.schemaVersion},
                           {jobsKey, ledger.jobs},
                           {fingerprintKey, ledger.fingerprint}};
    return QJsonDocument(note).toJson(QJsonDocument::Compact);
}

void readBackupNote(const QByteArray &note, BackupInfo &info)
{
    const QJsonObject object = QJsonDocument::fromJson(note).object();
    if (const QJsonValue version = object.value(schemaVersionKey); version.isDouble())
        info.schemaVersion = version.toInt();
    if (const QJsonValue jobs = object.value(jobsKey); jobs.isDouble())
        info.jobs = jobs.toInteger();
    info.fingerprint = object.value(fingerprintKey).toString();
    info.appVersion = object.value(appKey).toString();
}

QString stampOf(core::UnixTime time)
{
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(time.seconds * 1000), Qt::UTC)
        .toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"));
}

std::optional<core::UnixTime> timeOfStamp(QStringView stamp)
{
    // Not as a whole: that would be read as local time, of which an hour is missing once a year.
    constexpr int length = 16; // "20261123T081500Z"
    if (stamp.size() != length || stamp[8] != u'T' || stamp[15] != u'Z')
        return std::nullopt;
    const QDate date = QDate::fromString(stamp.first(8).toString(), QStringLiteral("yyyyMMdd"));
    const QTime ofDay = QTime::fromString(stamp.sliced(9, 6).toString(), QStringLiteral("HHmmss"));
    if (!date.isValid() || !ofDay.isValid())
        return std::nullopt;
    const QDateTime time(date, ofDay, Qt::UTC);
    return core::UnixTime{static_cast<double>(time.toSecsSinceEpoch())};
}

} // namespace ingather::ledger
