// SPDX-License-Identifier: MIT
#pragma once

#include "transfer/content_coding.h"
#include "transfer/http_client.h"

#include <memory>

namespace ingather::transfer
{

/// An exchange whose body comes out without its content coding. Its end is certain: the coding marks it, and
/// a body that stops before it is BodyTooShort, one that is damaged ContentUndecodable.
class DecodedExchange final : public Exchange
{
public:
    /// `coded` is a GET whose head says isDecoded; `coding` is Gzip or Deflate.
    DecodedExchange(std::unique_ptr<Exchange> coded, ContentCoding coding, std::stop_token stop);
    ~DecodedExchange() override;

    const ResponseHead &head() const override { return m_head; }
    QCoro::Task<core::Result<qint64>> read(QByteArray *into, qint64 maxBytes) override;

private:
    struct State;

    static QCoro::Task<core::Result<qint64>> readSome(std::shared_ptr<State> state, QByteArray *into,
                                                      qint64 maxBytes);

    ResponseHead m_head;
    std::shared_ptr<State> m_state;
};

} // namespace ingather::transfer
