// SPDX-License-Identifier: MIT
#pragma once

#include "transfer/flight.h"
#include "transfer/http_client.h"

#include <memory>
#include <optional>

namespace ingather::transfer
{

/// The exchange over a QNetworkReply: counts the body against what its headers promised. Answers without
/// a body of use (to a HEAD, 304, 416) end at once and leave their connection to others.
class BodyReader final : public Exchange
{
public:
    BodyReader(std::shared_ptr<Flight> flight, HttpMethod method, ResponseHead head,
               std::chrono::milliseconds stallTimeout);
    ~BodyReader() override;

    const ResponseHead &head() const override { return m_head; }
    QCoro::Task<core::Result<qint64>> read(QByteArray *into, qint64 maxBytes) override;

private:
    struct Progress;

    static QCoro::Task<core::Result<qint64>> readSome(std::shared_ptr<Flight> flight,
                                                      std::shared_ptr<Progress> progress, QByteArray *into,
                                                      qint64 maxBytes);

    ResponseHead m_head;
    std::shared_ptr<Flight> m_flight;
    std::shared_ptr<Progress> m_progress;
};

} // namespace ingather::transfer
