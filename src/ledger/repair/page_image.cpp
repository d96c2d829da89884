// SPDX-License-Identifier: MIT
#include "ledger/repair/page_image.h"

#include "core/error.h"
#include "ledger/repair/btree_page.h"
#include "ledger/repair/page_geometry.h"
#include "ledger/repair/wal_frames.h"

#include <QFile>
#include <QHash>
#include <QtEndian>

#include <algorithm>
#include <limits>

namespace ingather::ledger
{

using core::Error;
using core::Result;

namespace
{

constexpr qint64 gapAllowed = qint64{1} << 20; // pages
constexpr qint64 gapFactor = 64;

/// The bytes of a file: mapped where the file system can, else read.
class FileBytes final
{
public:
    FileBytes() = default;
    Q_DISABLE_COPY_MOVE(FileBytes)

    Result<> open(const QString &path)
    {
        m_file.setFileName(path);
        if (!m_file.open(QIODevice::ReadOnly))
            return failure();
        const qint64 size = m_file.size();
        if (size == 0)
            return {};
        if (const uchar *mapped = m_file.map(0, size)) {
            m_bytes = QByteArrayView(mapped, size);
            return {};
        }
        m_read = m_file.readAll();
        if (m_file.error() != QFileDevice::NoError)
            return failure();
        m_bytes = m_read;
        return {};
    }
    QByteArrayView bytes() const { return m_bytes; }

private:
    Error failure() const
    {
        return {core::ErrorCode::LedgerCannotOpen, QStringLiteral("read pages"), 0,
                m_file.fileName() + QStringLiteral(": ") + m_file.errorString()};
    }

    QFile m_file;
    QByteArray m_read;
    QByteArrayView m_bytes;
};

} // namespace

class PageImage::Private
{
public:
    FileBytes database;
    FileBytes wal;
    WalFrames frames;
    PageGeometry geometry;
    bool isHeaderWhole = false;
    int filePages = 0; ///< the last one may be there in part only
    int pageCount = 0;
    QByteArray zeros;
    QByteArray partialPage; ///< the last one of a file that ends inside it, filled up
    QSet<int> freePages;

    void findGeometry();
    void countPages();
    void followFreelist();
    QByteArrayView page(int number) const;
    quint32 headerWord(int offset) const { return qFromBigEndian<quint32>(page(1).data() + offset); }
};

void PageImage::Private::findGeometry()
{
    const QByteArrayView file = database.bytes();
    const bool hasLog = frames.commits > 0;
    const std::optional<PageGeometry> named = geometryInHeader(file);
    std::optional<int> size = named ? std::optional(named->pageSize) : guessPageSize(file);
    // The log's own size has a checksum. Where the file knows better, the log belongs to another file.
    const bool differs = hasLog && size && *size != frames.pageSize;
    if (differs && bytesExplained(file, *size) > bytesExplained(file, frames.pageSize))
        frames = {};
    else if (hasLog)
        size = frames.pageSize;
    geometry.pageSize = size.value_or(geometry.pageSize);
    // Hardly a file reserves anything. Where the header says so, cells that lie there tell otherwise.
    geometry.reserved = named ? named->reserved : 0;
    if (!named || named->reserved != 0) {
        const std::optional<int> seen = guessReserved(file, geometry.pageSize);
        if (seen && (!named || *seen < named->reserved))
            geometry.reserved = *seen;
    }
}

void PageImage::Private::countPages()
{
    const QByteArrayView file = database.bytes();
    const qint64 size = geometry.pageSize;
    constexpr qint64 most = std::numeric_limits<int>::max() - 1;
    filePages = static_cast<int>(std::min((file.size() + size - 1) / size, most));
    // A log may name any page and any size. Pages that were free when the file grew are in neither file nor
    // log, but not without end.
    const qint64 written = qint64{filePages} + frames.pageOffsets.size();
    const qint64 named = frames.commits > 0 ? std::min<qint64>(frames.databasePages, frames.highestPage) : 0;
    const qint64 there = std::max<qint64>(filePages, std::min(named, gapAllowed + gapFactor * written));
    pageCount = static_cast<int>(frames.commits > 0 ? std::min(frames.databasePages, there) : there);
    zeros = QByteArray(size, '\0');
    const qint64 rest = file.size() % size;
    if (rest != 0 && filePages * size > file.size())
        partialPage = file.last(rest).toByteArray() + zeros.first(size - rest);
}

QByteArrayView PageImage::Private::page(int number) const
{
    const auto logged = frames.pageOffsets.constFind(number);
    if (logged != frames.pageOffsets.constEnd())
        return wal.bytes().sliced(*logged, geometry.pageSize);
    if (number < 1 || number > filePages)
        return zeros;
    if (number == filePages && !partialPage.isEmpty())
        return partialPage;
    return database.bytes().sliced(qint64{number - 1} * geometry.pageSize, geometry.pageSize);
}

/// fileformat2.html, 1.5. A page that does not look like a trunk ends it.
void PageImage::Private::followFreelist()
{
    constexpr int firstTrunkAt = 32;
    const auto isThere = [this](quint32 number) { return number >= 2 && number <= quint32(pageCount); };
    const auto mostLeaves = static_cast<quint32>(geometry.usableSize() / 4 - 2);
    quint32 trunk = isHeaderWhole ? headerWord(firstTrunkAt) : 0;
    while (isThere(trunk) && !freePages.contains(static_cast<int>(trunk))) {
        const QByteArrayView bytes = page(static_cast<int>(trunk));
        const auto next = qFromBigEndian<quint32>(bytes.data());
        const auto leaves = qFromBigEndian<quint32>(bytes.data() + 4);
        if (leaves > mostLeaves || (next != 0 && !isThere(next)))
            return;
        freePages.insert(static_cast<int>(trunk));
        for (quint32 i = 0; i < leaves; ++i) {
            const auto leaf = qFromBigEndian<quint32>(bytes.data() + 8 + 4 * i);
            if (isThere(leaf))
                freePages.insert(static_cast<int>(leaf));
        }
        trunk = next;
    }
}

Result<std::unique_ptr<PageImage>> PageImage::open(const QString &databasePath, const QString &walPath)
{
    auto d = std::make_unique<Private>();
    Result<> opened = d->database.open(databasePath);
    if (opened && QFile::exists(walPath))
        opened = d->wal.open(walPath);
    if (!opened)
        return opened.error();
    d->frames = readWal(d->wal.bytes());
    d->findGeometry();
    d->countPages();
    d->isHeaderWhole = geometryInHeader(d->page(1)).has_value();
    d->followFreelist();
    return std::unique_ptr<PageImage>(new PageImage(std::move(d)));
}

PageImage::PageImage(std::unique_ptr<Private> opened) : d(std::move(opened)) {}
PageImage::~PageImage() = default;

int PageImage::pageSize() const
{
    return d->geometry.pageSize;
}
int PageImage::usableSize() const
{
    return d->geometry.usableSize();
}
int PageImage::pageCount() const
{
    return d->pageCount;
}
QByteArrayView PageImage::page(int number) const
{
    return d->page(number);
}
bool PageImage::isHeaderWhole() const
{
    return d->isHeaderWhole;
}

bool PageImage::isTextUtf8() const
{
    const quint32 encoding = d->headerWord(56);
    return encoding != 2 && encoding != 3;
}

qint64 PageImage::userVersion() const
{
    return static_cast<qint32>(d->headerWord(60));
}
qint64 PageImage::applicationId() const
{
    return static_cast<qint32>(d->headerWord(68));
}
qint64 PageImage::schemaCookie() const
{
    return static_cast<qint32>(d->headerWord(40));
}
const QSet<int> &PageImage::freePages() const
{
    return d->freePages;
}

bool PageImage::isPointerMap(int number) const
{
    constexpr int largestRootAt = 52;
    constexpr qint64 lockByte = qint64{1} << 30; // its page is never used, and a map there moves on by one
    if (!d->isHeaderWhole || d->headerWord(largestRootAt) == 0 || number < 2)
        return false;
    const int group = usableSize() / 5 + 1;
    const int map = (number - 2) / group * group + 2;
    const qint64 lockPage = lockByte / pageSize() + 1;
    return number == (map == lockPage ? map + 1 : map);
}

int PageImage::walCommits() const
{
    return d->frames.commits;
}
bool PageImage::isWalCutShort() const
{
    return d->frames.isCutShort;
}

} // namespace ingather::ledger
