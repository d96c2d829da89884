// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/validators.h"
#include "engine/segments/segment_plan.h"
#include "storage/part_file.h"
#include "transfer/http_client.h"

#include <QCoroTask>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

class QThreadPool;

namespace ingather::engine
{

/// Fetches what is missing of one part over several connections at once. Each range is a request of its own,
/// with a condition that names the representation, and its answer is checked on its own; the hash follows as
/// the ranges close. A lane that fails leaves its piece to the others; where the server gives no ranges, the
/// first answer, which is of the whole rest, is read to its end. One thread; outlives its lanes: run() is
/// awaited to its end.
class SegmentedBody final
{
public:
    struct Services {
        transfer::HttpClient &http;
        QThreadPool &blocking;
        std::function<core::Result<>()> mayGoOn;
        /// Bytes were received for this job: the limits' say.
        std::function<QCoro::Task<void>(qint64 bytes)> admit;
        std::function<void(qint64 done)> advanced;
        /// Everything written so far is to be made durable, and recorded with these ranges.
        std::function<QCoro::Task<core::Result<>>(core::ByteRanges done)> save;
    };
    struct Order {
        transfer::HttpRequest request; ///< for the whole; ranges are added
        core::Validators validators;
        QByteArray condition; ///< for If-Range: a strong tag or date
        std::stop_token stop;
        int lanes = 1;
    };

    SegmentedBody(const Services &services, Order order, std::shared_ptr<storage::PartFile> part,
                  core::ByteRanges done);
    Q_DISABLE_COPY_MOVE(SegmentedBody)

    /// `first` answers for the first gap, from its first byte on. Returns when the part is whole and hashed,
    /// or the error of the last lane that gave up; all is saved by then either way.
    QCoro::Task<core::Result<>> run(std::unique_ptr<transfer::Exchange> first);

    /// A range was refused or answered with something else.
    bool dislikesRanges() const { return m_dislikesRanges; }

private:
    std::optional<core::ByteSpan> nextPiece(int lane, std::optional<qint64> at);
    QCoro::Task<void> work(int lane, std::unique_ptr<transfer::Exchange> exchange);
    QCoro::Task<core::Result<>> takePiece(int lane, transfer::Exchange &exchange);
    QCoro::Task<core::Result<std::unique_ptr<transfer::Exchange>>> ask(core::ByteSpan piece);
    /// Starts hashing and saving where it is due and none is under way.
    void follow();
    QCoro::Task<void> hash();
    QCoro::Task<void> save();
    QCoro::Task<core::Result<>> finish();

    Services m_services;
    Order m_order;
    std::shared_ptr<storage::PartFile> m_part;
    SegmentPlan m_plan;
    bool m_dislikesRanges = false;
    bool m_hasRangeWorked = false;          ///< some lane was given exactly what it had asked for
    std::optional<core::Error> m_laneError; ///< of the last lane that gave up
    std::optional<core::Error> m_fileError; ///< of hashing or saving: the end of all
    std::optional<QCoro::Task<void>> m_hashing;
    std::optional<QCoro::Task<void>> m_saving;
    qint64 m_savedTotal = 0;
    qint64 m_savedAt = 0; ///< ms on a clock that only goes on
};

} // namespace ingather::engine
