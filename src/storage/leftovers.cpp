// SPDX-License-Identifier: MIT
#include "storage/leftovers.h"

#include "platform/file_system.h"
#include "storage/part_file.h"
#include "storage/parts_folder.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

namespace ingather::storage
{

core::Result<QStringList> leftoversIn(const QString &root)
{
    const QString operation = QStringLiteral("list parts");
    const QString folder = partsFolder(root);
    const core::Result<std::optional<platform::FileFacts>> facts = platform::fileFacts(folder);
    if (!facts)
        return facts.error();
    if (!*facts) {
        const core::Error missing{core::ErrorCode::FileMissing, operation, 0, folder};
        const core::Error error = withVolumeInMind(missing, root);
        return error.code == core::ErrorCode::FileMissing ? core::Result<QStringList>(QStringList()) : error;
    }
    if (!(*facts)->isFolder)
        return core::Error{core::ErrorCode::NotAFolder, operation, 0, folder};

    const QString sidecarSuffix = QFileInfo(sidecarPath(root, QString())).fileName();
    QStringList names;
    const QStringList entries = QDir(folder).entryList(QDir::Files | QDir::Hidden | QDir::System);
    for (const QString &entry : entries) {
        const QString name = entry.endsWith(sidecarSuffix) ? entry.chopped(sidecarSuffix.size()) : entry;
        if (!name.isEmpty())
            names.append(name);
    }
    names.sort();
    names.removeDuplicates();
    return names;
}

core::Result<std::optional<LeftPart>> leftPartOf(const QString &root, const core::JobId &job,
                                                 const QString &sourceUrl)
{
    std::optional<LeftPart> longest;
    QDirIterator parts(partsFolder(root), QDir::Files | QDir::Hidden | QDir::NoSymLinks);
    while (parts.hasNext()) {
        parts.next();
        const QString name = parts.fileName();
        // Asked for each new job, among the parts of all lanes: most are told by the beginning of their name.
        if (!name.startsWith(job.value) || jobOfPart(name) != job)
            continue;
        const core::Result<PartDescription> description = readSidecar(root, name);
        if (!description || description->job != job || description->sourceUrl != sourceUrl)
            continue;
        const core::Result<std::optional<platform::FileFacts>> facts =
            platform::fileFacts(partPath(root, name));
        if (!facts || !*facts || !(*facts)->isRegular)
            continue;
        if (!longest || (*facts)->size > longest->size)
            longest = LeftPart{name, *description, (*facts)->size};
    }
    return longest;
}

} // namespace ingather::storage
