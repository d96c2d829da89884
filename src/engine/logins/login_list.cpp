// SPDX-License-Identifier: MIT
#include "engine/logins/login_list.h"

#include "platform/file_system.h"
#include "platform/nonce.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>

#include <algorithm>

namespace ingather::engine
{

using core::Error;
using core::ErrorCode;
using core::Result;

namespace
{

constexpr qint64 longestList = 4 * 1024 * 1024;
constexpr std::chrono::seconds patience{5};

Error failed(const QString &path, const QString &why)
{
    return {ErrorCode::FileError, QStringLiteral("list of logins"), 0, path + QStringLiteral(": ") + why};
}

} // namespace

Result<QStringList> LoginList::places() const
{
    QFile file(m_path);
    if (m_path.isEmpty() || !file.exists())
        return QStringList();
    if (!file.open(QIODevice::ReadOnly))
        return failed(m_path, file.errorString());
    QStringList places;
    for (const QByteArray &line : file.read(longestList).split('\n')) {
        if (const QByteArray place = line.trimmed(); !place.isEmpty() && !place.startsWith('#'))
            places.append(QString::fromUtf8(place));
    }
    places.sort();
    places.removeDuplicates();
    return places;
}

Result<> LoginList::add(const QString &place)
{
    return change(place, true);
}

Result<> LoginList::remove(const QString &place)
{
    return change(place, false);
}

Result<> LoginList::change(const QString &place, bool isAdded)
{
    QDir().mkpath(QFileInfo(m_path).path());
    QLockFile lock(m_path + QStringLiteral(".lock"));
    if (!lock.tryLock(std::chrono::milliseconds(patience).count()))
        return failed(m_path, QStringLiteral("somebody else is writing it"));
    Result<QStringList> places = this->places();
    if (!places)
        return places.error();
    places->removeAll(place);
    if (isAdded)
        places->append(place);
    places->sort();
    QByteArray text = "# Places whose logins are in the keyring; written by ingather-cli login and logout.\n"
                      "# Change " +
                      platform::newNonce().toLatin1() + '\n';
    for (const QString &kept : std::as_const(*places))
        text += kept.toUtf8() + '\n';
    const Result<> written = platform::replaceFileDurably(m_path, text);
    if (written)
        QFile::setPermissions(m_path, QFile::ReadOwner | QFile::WriteOwner);
    return written;
}

QByteArray LoginList::text() const
{
    QFile file(m_path);
    return !m_path.isEmpty() && file.open(QIODevice::ReadOnly) ? file.read(longestList) : QByteArray();
}

} // namespace ingather::engine
