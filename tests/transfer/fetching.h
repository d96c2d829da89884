// SPDX-License-Identifier: MIT
#pragma once

#include "transfer/http_client.h"

#include <QCoroTask>

#include <memory>
#include <optional>
#include <utility>

namespace ingather::test
{

/// What became of one request and its body.
struct Fetched {
    std::optional<transfer::ResponseHead> head;
    QByteArray body;
    std::optional<core::Error> error;

    /// "get <code>", "<status> <body>", or "<status> <n> bytes, then <code>".
    QString summary() const
    {
        if (!head)
            return QStringLiteral("get ") + core::errorCodeName(error->code);
        const QString status = QString::number(head->status);
        if (!error)
            return status + u' ' + QString::fromLatin1(body);
        return QStringLiteral("%1 %2 bytes, then %3")
            .arg(status)
            .arg(body.size())
            .arg(core::errorCodeName(error->code));
    }
};

inline QCoro::Task<Fetched> fetch(transfer::HttpClient *client, transfer::HttpRequest request,
                                  std::stop_token stop, qint64 chunk)
{
    Fetched fetched;
    auto answer = co_await client->get(std::move(request), std::move(stop));
    if (!answer) {
        fetched.error = answer.error();
        co_return fetched;
    }
    const std::unique_ptr<transfer::Exchange> exchange = std::move(*answer);
    fetched.head = exchange->head();
    QByteArray buffer;
    for (;;) {
        const auto got = co_await exchange->read(&buffer, chunk);
        if (!got) {
            fetched.error = got.error();
            break;
        }
        if (*got == 0)
            break;
        fetched.body += buffer;
    }
    co_return fetched;
}

/// The whole of it, in a nested event loop.
inline Fetched fetchNow(transfer::HttpClient *client, const transfer::HttpRequest &request,
                        std::stop_token stop = {}, qint64 chunk = 64 * 1024)
{
    return QCoro::waitFor(fetch(client, request, std::move(stop), chunk));
}

inline transfer::HttpRequest requestFor(const QUrl &url, std::optional<qint64> rangeStart = std::nullopt)
{
    transfer::HttpRequest request;
    request.url = url;
    request.rangeStart = rangeStart;
    return request;
}

} // namespace ingather::test
