// SPDX-License-Identifier: MIT
#include "storage/sidecar.h"

#include "platform/descriptor.h"
#include "platform/file_system.h"
#include "storage/file_reader.h"
#include "storage/parts_folder.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <fcntl.h>
#include <unistd.h>

namespace ingather::storage
{

namespace
{

using core::ErrorCode;

constexpr qint64 longestText = 1 << 20;
constexpr qint64 formatVersion = 1;

const QString versionKey = QStringLiteral("v");
const QString jobKey = QStringLiteral("job");
const QString urlKey = QStringLiteral("url");
const QString etagKey = QStringLiteral("etag");
const QString lastModifiedKey = QStringLiteral("last_modified");
const QString sizeKey = QStringLiteral("size");

} // namespace

QByteArray sidecarText(const PartDescription &description)
{
    QJsonObject object{
        {versionKey, formatVersion},
        {jobKey, description.job.value},
        {urlKey, description.sourceUrl},
        {etagKey, description.validators.etag},
        {lastModifiedKey, description.validators.lastModified},
    };
    if (description.validators.size)
        object.insert(sizeKey, *description.validators.size);
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

std::optional<PartDescription> parseSidecar(const QByteArray &text)
{
    const QJsonObject object = QJsonDocument::fromJson(text).object();
    if (object.value(versionKey).toInteger() != formatVersion)
        return std::nullopt;
    for (const QString &key : {jobKey, urlKey, etagKey, lastModifiedKey}) {
        if (!object.value(key).isString())
            return std::nullopt;
    }
    PartDescription description;
    description.job.value = object.value(jobKey).toString();
    description.sourceUrl = object.value(urlKey).toString();
    description.validators.etag = object.value(etagKey).toString();
    description.validators.lastModified = object.value(lastModifiedKey).toString();
    if (object.contains(sizeKey)) {
        const qint64 size = object.value(sizeKey).toInteger(-1); // -1 for fractions and texts, too
        if (size < 0)
            return std::nullopt;
        description.validators.size = size;
    }
    if (description.job.isEmpty())
        return std::nullopt;
    return description;
}

core::Result<QByteArray> readSidecarText(const QString &root, const QString &name)
{
    const QString operation = QStringLiteral("read sidecar");
    if (core::Result<> valid = checkPartArguments(root, name, operation); !valid)
        return valid.error();
    const QString path = sidecarPath(root, name);
    const core::Result<OpenedFile> file = openForReading(path, operation);
    if (!file) {
        core::Error error = withVolumeInMind(file.error(), root);
        if (error.code == ErrorCode::FileError)
            error.code = ErrorCode::PartDamaged;
        return error;
    }
    if (file->size > longestText)
        return core::Error{ErrorCode::PartDamaged, operation, 0, path + QStringLiteral(": too long")};
    QByteArray text(longestText, Qt::Uninitialized);
    const core::Result<qint64> count =
        platform::readAt(file->descriptor.number(), text.data(), text.size(), 0, operation);
    if (!count)
        return count.error();
    text.truncate(*count);
    return text;
}

core::Result<PartDescription> readSidecar(const QString &root, const QString &name)
{
    const core::Result<QByteArray> text = readSidecarText(root, name);
    if (!text)
        return text.error();
    const std::optional<PartDescription> description = parseSidecar(*text);
    if (!description)
        return core::Error{ErrorCode::PartDamaged, QStringLiteral("read sidecar"), 0,
                           sidecarPath(root, name) + QStringLiteral(": not a part's description")};
    return *description;
}

core::Result<> writeSidecarText(const QString &root, const QString &name, const QByteArray &text)
{
    const QString operation = QStringLiteral("write sidecar");
    // Only for the owner: a URL's query may hold what opens the document.
    const core::Result<platform::Descriptor> file =
        createInPartsFolder(root, QFileInfo(sidecarPath(root, name)).fileName(), 0600, operation);
    if (!file)
        return file.error();
    core::Result<> written = platform::writeAt(file->number(), text, 0, operation);
    if (!written)
        removeSidecar(root, name);
    return written;
}

core::Result<> syncSidecar(const QString &root, const QString &name)
{
    const core::Result<platform::Descriptor> file =
        platform::openFile(sidecarPath(root, name), O_RDONLY | O_NOFOLLOW, QStringLiteral("sync sidecar"));
    if (!file)
        return file.error().code == ErrorCode::FileMissing ? core::Result<>() : file.error();
    return platform::syncData(file->number());
}

void removeSidecar(const QString &root, const QString &name)
{
    ::unlink(QFile::encodeName(sidecarPath(root, name)).constData());
}

core::Result<> withdrawSidecar(const QString &root, const QString &name)
{
    const QString operation = QStringLiteral("withdraw sidecar");
    if (const core::Result<> valid = checkPartArguments(root, name, operation); !valid)
        return valid;
    const QString path = sidecarPath(root, name);
    removeSidecar(root, name);
    const core::Result<std::optional<platform::FileFacts>> left = platform::fileFacts(path);
    if (!left)
        return left.error();
    if (*left)
        return core::Error{ErrorCode::FileError, operation, 0, path};
    return platform::syncDirectory(partsFolder(root));
}

} // namespace ingather::storage
