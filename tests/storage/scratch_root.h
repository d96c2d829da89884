// SPDX-License-Identifier: MIT
#pragma once

#include "core/sha256.h"
#include "storage/part_file.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QStringList>
#include <QTemporaryDir>

namespace ingather::tests
{

/// A destination folder of its own for one test, and looks into it that bypass the code under test.
class ScratchRoot final
{
public:
    ScratchRoot()
    {
        if (!m_folder.isValid())
            qFatal("cannot make a temporary folder");
    }

    QString path() const { return m_folder.path(); }
    QString at(const QString &relative) const { return m_folder.filePath(relative); }
    QString part(const QString &name) const { return at(QStringLiteral(".ingather/") + name); }

    void write(const QString &relative, const QByteArray &content) const
    {
        QDir(path()).mkpath(QFileInfo(at(relative)).path());
        QFile file(at(relative));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write a test file");
    }
    QByteArray read(const QString &relative) const
    {
        QFile file(at(relative));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be read)");
    }
    /// Everything in the root (or a folder of it), hidden or not, sorted.
    QStringList entries(const QString &relative = QStringLiteral(".")) const
    {
        return QDir(at(relative))
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
    }

private:
    QTemporaryDir m_folder;
};

/// By another implementation than the one under test.
inline core::Sha256 sha256Of(const QByteArray &bytes)
{
    return *core::Sha256::fromBytes(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256));
}

/// Bytes without a short period, so that a wrong offset shows.
inline QByteArray testBytes(qsizetype size, quint32 seed = 1)
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint32 state = seed * 2654435761u + 1;
    for (char &byte : bytes) {
        state = state * 1664525u + 1013904223u;
        byte = static_cast<char>(state >> 24);
    }
    return bytes;
}

inline storage::PartDescription description(std::optional<qint64> size = {})
{
    return {core::JobId{QStringLiteral("6f9619ff-8b86-5d01-b42d-00cf4fc964ff")},
            QStringLiteral("https://example.org/paper.pdf"),
            {QStringLiteral("\"v1\""), QStringLiteral("Tue, 01 Jul 2025 10:00:00 GMT"), size}};
}

} // namespace ingather::tests
