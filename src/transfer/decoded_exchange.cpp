// SPDX-License-Identifier: MIT
#include "transfer/decoded_exchange.h"

#include "transfer/body_decoder.h"

#include <QString>

namespace ingather::transfer
{

using core::Error;
using core::ErrorCode;

namespace
{

/// Small, because what it blows up to is given out without a look at the network in between.
constexpr qint64 codedChunk = 16 * 1024;

Error failure(ErrorCode code, const QString &why)
{
    return Error{code, QStringLiteral("read body"), 0, why};
}

} // namespace

struct DecodedExchange::State {
    State(std::unique_ptr<Exchange> exchange, ContentCoding coding, std::stop_token token)
        : coded(std::move(exchange)), decoder(coding), stop(std::move(token))
    {
    }

    /// The outcome of every read from now on.
    core::Result<qint64> end(core::Result<qint64> outcome)
    {
        ended = std::move(outcome);
        coded.reset();
        return *ended;
    }

    std::unique_ptr<Exchange> coded;
    BodyDecoder decoder;
    std::stop_token stop;
    QByteArray piece;
    std::optional<core::Result<qint64>> ended;
};

DecodedExchange::DecodedExchange(std::unique_ptr<Exchange> coded, ContentCoding coding, std::stop_token stop)
    : m_head(coded->head()), m_state(std::make_shared<State>(std::move(coded), coding, std::move(stop)))
{
    m_head.isCloseDelimited = false;
}

DecodedExchange::~DecodedExchange()
{
    // Resumes a read() that is still waiting, with Stopped; it holds its own share of the state.
    m_state->coded.reset();
}

QCoro::Task<core::Result<qint64>> DecodedExchange::read(QByteArray *into, qint64 maxBytes)
{
    Q_ASSERT(into && maxBytes > 0);
    return readSome(m_state, into, maxBytes);
}

QCoro::Task<core::Result<qint64>> DecodedExchange::readSome(std::shared_ptr<State> state, QByteArray *into,
                                                            qint64 maxBytes)
{
    for (;;) {
        if (state->ended) {
            into->resize(0);
            co_return *state->ended;
        }
        if (state->stop.stop_requested())
            co_return state->end(failure(ErrorCode::Stopped, QString()));
        core::Result<qint64> made = state->decoder.take(into, maxBytes);
        if (!made)
            co_return state->end(made);
        if (*made > 0)
            co_return made;

        auto reading = state->coded->read(&state->piece, codedChunk);
        const core::Result<qint64> arrived = co_await std::move(reading);
        if (!arrived)
            co_return state->end(arrived);
        if (*arrived > 0) {
            state->decoder.feed(state->piece);
            continue;
        }
        // Nothing at all, and said to be that: servers mark empty files as coded too.
        const bool isEmpty = state->decoder.isUntouched() && !state->coded->head().isCloseDelimited;
        if (state->decoder.isComplete() || isEmpty)
            co_return state->end(0);
        co_return state->end(failure(ErrorCode::BodyTooShort, QStringLiteral("the coded body has no end")));
    }
}

} // namespace ingather::transfer
