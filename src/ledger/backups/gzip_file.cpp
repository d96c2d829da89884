// SPDX-License-Identifier: MIT
#include "ledger/backups/gzip_file.h"

#include "core/error.h"
#include "ledger/backups/paced_progress.h"
#include "platform/descriptor.h"
#include "platform/file_system.h"

#include <zlib.h>

#include <fcntl.h>
#include <unistd.h>

namespace ingather::ledger
{

using core::Error;
using core::ErrorCode;
using core::Result;
using core::WorkControl;
using core::WorkStep;

namespace
{

constexpr qint64 blockSize = 256 * 1024;
constexpr qint64 headSize = 8 * 1024;
constexpr qsizetype longestComment = 4 * 1024;
constexpr qint64 bytesBetweenSyncs = 8 * 1024 * 1024;
// Largest window, with gzip's header and check sum around it (zlib.h, deflateInit2 and inflateInit2).
constexpr int gzipWindow = MAX_WBITS + 16;
constexpr int memoryLevel = 8;
// A ledger shrinks to a quarter at the fastest level; the slower ones take four times as long for a little
// more.
constexpr int level = Z_BEST_SPEED;

const QString &packing()
{
    static const QString text = QStringLiteral("compress backup");
    return text;
}

const QString &unpacking()
{
    static const QString text = QStringLiteral("unpack backup");
    return text;
}

Bytef *bytesOf(QByteArray &buffer)
{
    return reinterpret_cast<Bytef *>(buffer.data());
}

class Deflater final
{
public:
    explicit Deflater(const QByteArray &comment) : m_comment(comment)
    {
        m_isReady =
            deflateInit2(&stream, level, Z_DEFLATED, gzipWindow, memoryLevel, Z_DEFAULT_STRATEGY) == Z_OK;
        m_header.comment = bytesOf(m_comment);
        m_header.os = 3; // Unix
        m_isReady = m_isReady && deflateSetHeader(&stream, &m_header) == Z_OK;
    }
    ~Deflater() { deflateEnd(&stream); }
    Q_DISABLE_COPY_MOVE(Deflater)
    bool isReady() const { return m_isReady; }

    z_stream stream{};

private:
    QByteArray m_comment;
    gz_header m_header{};
    bool m_isReady = false;
};

class Inflater final
{
public:
    Inflater() { m_isReady = inflateInit2(&stream, gzipWindow) == Z_OK; }
    ~Inflater() { inflateEnd(&stream); }
    Q_DISABLE_COPY_MOVE(Inflater)
    bool isReady() const { return m_isReady; }

    z_stream stream{};

private:
    bool m_isReady = false;
};

Error noMemory(const QString &operation)
{
    return {ErrorCode::Internal, operation, Z_MEM_ERROR, QStringLiteral("zlib could not be set up")};
}

/// Appends to a file, and keeps the disk busy with it from the beginning.
class Sink final
{
public:
    explicit Sink(int descriptor) : m_descriptor(descriptor) {}

    Result<> append(QByteArrayView bytes, const QString &operation)
    {
        if (m_descriptor >= 0) {
            const Result<> written = platform::writeAt(m_descriptor, bytes, m_size, operation);
            if (!written)
                return written;
        }
        m_size += bytes.size();
        if (m_descriptor < 0 || m_size - m_synced < bytesBetweenSyncs)
            return {};
        m_synced = m_size;
        return platform::syncData(m_descriptor);
    }
    qint64 size() const { return m_size; }

private:
    int m_descriptor;
    qint64 m_size = 0;
    qint64 m_synced = 0;
};

Result<> deflateBlock(z_stream &stream, QByteArray &output, bool isLast, Sink &sink)
{
    do {
        stream.next_out = bytesOf(output);
        stream.avail_out = static_cast<uInt>(output.size());
        deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH); // can't fail with room to write
        const Result<> written =
            sink.append(QByteArrayView(output).first(output.size() - stream.avail_out), packing());
        if (!written)
            return written;
    } while (stream.avail_out == 0);
    return {};
}

Error damaged(const QString &path, const char *what)
{
    return {ErrorCode::BackupUnusable, unpacking(), Z_DATA_ERROR,
            path + QStringLiteral(": ") + QString::fromLatin1(what)};
}

} // namespace

Result<> compress(int source, int target, const QByteArray &comment, const WorkControl &control)
{
    Q_ASSERT(comment.size() < longestComment && !comment.contains('\0'));
    Deflater deflater(comment);
    if (!deflater.isReady())
        return noMemory(packing());
    const qint64 total = ::lseek(source, 0, SEEK_END);
    PacedProgress progress(control, WorkStep::Compressing);
    QByteArray input(blockSize, Qt::Uninitialized);
    QByteArray output(blockSize, Qt::Uninitialized);
    Sink sink(target);
    for (qint64 done = 0;;) {
        if (control.isStopped())
            return Error{ErrorCode::Cancelled, packing()};
        const Result<qint64> count = platform::readAt(source, input.data(), input.size(), done, packing());
        if (!count)
            return count.error();
        done += *count;
        deflater.stream.next_in = bytesOf(input);
        deflater.stream.avail_in = static_cast<uInt>(*count);
        const bool isLast = *count < input.size();
        const Result<> written = deflateBlock(deflater.stream, output, isLast, sink);
        if (!written)
            return written;
        progress.tell(done, total);
        if (isLast)
            return {};
    }
}

Result<std::optional<QByteArray>> gzipComment(const QString &path)
{
    const Result<platform::Descriptor> file = platform::openFile(path, O_RDONLY, unpacking());
    if (!file)
        return file.error();
    QByteArray head(headSize, Qt::Uninitialized);
    const Result<qint64> count = platform::readAt(file->number(), head.data(), head.size(), 0, unpacking());
    if (!count)
        return count.error();
    Inflater inflater;
    if (!inflater.isReady())
        return noMemory(unpacking());
    QByteArray comment(longestComment, '\0');
    gz_header header{};
    header.comment = bytesOf(comment);
    header.comm_max = static_cast<uInt>(comment.size() - 1);
    inflateGetHeader(&inflater.stream, &header);
    QByteArray output(1, '\0');
    inflater.stream.next_in = bytesOf(head);
    inflater.stream.avail_in = static_cast<uInt>(*count);
    inflater.stream.next_out = bytesOf(output);
    inflater.stream.avail_out = static_cast<uInt>(output.size());
    inflate(&inflater.stream, Z_BLOCK); // stops behind the header
    // zlib sets the pointer to null if there was no comment.
    if (header.done != 1 || header.comment == nullptr)
        return std::optional<QByteArray>();
    return std::optional(QByteArray(comment.constData()));
}

Result<qint64> decompress(const QString &path, int target, const WorkControl &control)
{
    const Result<platform::Descriptor> file = platform::openFile(path, O_RDONLY, unpacking());
    if (!file)
        return file.error();
    Inflater inflater;
    if (!inflater.isReady())
        return noMemory(unpacking());
    const qint64 total = ::lseek(file->number(), 0, SEEK_END);
    PacedProgress progress(control, target < 0 ? WorkStep::VerifyingLedger : WorkStep::CopyingLedger);
    QByteArray input(blockSize, Qt::Uninitialized);
    QByteArray output(blockSize, Qt::Uninitialized);
    Sink sink(target);
    z_stream &stream = inflater.stream;
    int code = Z_OK;
    for (qint64 done = 0;;) {
        if (control.isStopped())
            return Error{ErrorCode::Cancelled, unpacking()};
        const Result<qint64> count =
            platform::readAt(file->number(), input.data(), input.size(), done, unpacking());
        if (!count)
            return count.error();
        if (*count == 0)
            break;
        done += *count;
        stream.next_in = bytesOf(input);
        stream.avail_in = static_cast<uInt>(*count);
        do {
            // A file may be several packed ones in a row (RFC 1952, 2.2).
            if (code == Z_STREAM_END)
                inflateReset(&stream);
            stream.next_out = bytesOf(output);
            stream.avail_out = static_cast<uInt>(output.size());
            code = inflate(&stream, Z_NO_FLUSH);
            if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
                return damaged(path, stream.msg != nullptr ? stream.msg : "damaged");
            const Result<> written =
                sink.append(QByteArrayView(output).first(output.size() - stream.avail_out), unpacking());
            if (!written)
                return written.error();
        } while (stream.avail_in > 0 || (stream.avail_out == 0 && code != Z_STREAM_END));
        progress.tell(done, total);
    }
    if (code != Z_STREAM_END)
        return damaged(path, "cut short");
    return sink.size();
}

} // namespace ingather::ledger
