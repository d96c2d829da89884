// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QByteArray>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace ingather::storage
{

class PartFile;

/// Writes the blocks of one body into their part, in order, on another thread, while their giver fetches the
/// next ones. The buffers go round, so that none is allocated for each block. Needs no event loop; give(),
/// buffer() and whenAtMost() are the giver's.
class PartFeed final : public std::enable_shared_from_this<PartFeed>
{
public:
    /// Has a function run on some thread, soon; one at a time is asked for.
    using Runner = std::function<void(std::function<void()>)>;

    static std::shared_ptr<PartFeed> make(std::shared_ptr<PartFile> part, Runner runner);

    /// A buffer to fill: one that was written already, if there is one.
    QByteArray buffer();
    /// The first `size` bytes of `block` are next. After a failure they are dropped.
    void give(QByteArray block, qsizetype size);
    /// Bytes given and not written yet.
    qint64 waiting() const;
    /// Calls `ready` once, when at most `bytes` wait to be written: at once, or on the writing thread.
    /// Nothing waits after a failure.
    void whenAtMost(qint64 bytes, std::function<void()> ready);
    /// Why a block could not be written; it and those after it are not in the part.
    std::optional<core::Error> failure() const;

private:
    struct Block {
        QByteArray bytes;
        qsizetype size = 0;
    };

    PartFeed(std::shared_ptr<PartFile> part, Runner runner);
    void writeAll();
    std::optional<Block> next();
    /// Puts a written block's buffer back; returns whom to tell.
    std::function<void()> done(Block block, const core::Result<> &written);

    const std::shared_ptr<PartFile> m_part;
    const Runner m_runner;
    mutable std::mutex m_mutex; ///< over all that follows
    std::deque<Block> m_waiting;
    std::vector<QByteArray> m_free;
    qint64 m_bytesWaiting = 0; ///< the block that is being written included
    bool m_isWriting = false;
    std::optional<core::Error> m_failure;
    qint64 m_readyAt = 0;
    std::function<void()> m_ready;
};

} // namespace ingather::storage
