// SPDX-License-Identifier: MIT
#include "storage/part_feed.h"

#include "storage/part_file.h"

#include <utility>

namespace ingather::storage
{

PartFeed::PartFeed(std::shared_ptr<PartFile> part, Runner runner)
    : m_part(std::move(part)), m_runner(std::move(runner))
{
}

std::shared_ptr<PartFeed> PartFeed::make(std::shared_ptr<PartFile> part, Runner runner)
{
    return std::shared_ptr<PartFeed>(new PartFeed(std::move(part), std::move(runner)));
}

QByteArray PartFeed::buffer()
{
    const std::lock_guard lock(m_mutex);
    if (m_free.empty())
        return {};
    QByteArray buffer = std::move(m_free.back());
    m_free.pop_back();
    return buffer;
}

void PartFeed::give(QByteArray block, qsizetype size)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_failure)
            return;
        m_bytesWaiting += size;
        m_waiting.push_back(Block{std::move(block), size});
        if (std::exchange(m_isWriting, true))
            return;
    }
    m_runner([self = shared_from_this()] { self->writeAll(); });
}

qint64 PartFeed::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return m_bytesWaiting;
}

void PartFeed::whenAtMost(qint64 bytes, std::function<void()> ready)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_bytesWaiting > bytes) {
            m_readyAt = bytes;
            m_ready = std::move(ready);
            return;
        }
    }
    ready();
}

std::optional<core::Error> PartFeed::failure() const
{
    const std::lock_guard lock(m_mutex);
    return m_failure;
}

void PartFeed::writeAll()
{
    while (std::optional<Block> block = next()) {
        const core::Result<> written = m_part->append(QByteArrayView(block->bytes.constData(), block->size));
        if (const std::function<void()> ready = done(std::move(*block), written))
            ready();
    }
}

std::optional<PartFeed::Block> PartFeed::next()
{
    const std::lock_guard lock(m_mutex);
    if (m_waiting.empty()) {
        m_isWriting = false;
        return std::nullopt;
    }
    Block block = std::move(m_waiting.front());
    m_waiting.pop_front();
    return block;
}

std::function<void()> PartFeed::done(Block block, const core::Result<> &written)
{
    const std::lock_guard lock(m_mutex);
    m_bytesWaiting -= block.size;
    m_free.push_back(std::move(block.bytes));
    if (!written) {
        m_failure = written.error();
        m_waiting.clear();
        m_bytesWaiting = 0;
    }
    if (!m_ready || m_bytesWaiting > m_readyAt)
        return {};
    return std::exchange(m_ready, nullptr);
}

} // namespace ingather::storage
