// SPDX-License-Identifier: MIT
#pragma once

#include "support/fake_http_server.h"
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

template <typename T>
QCoro::Task<> store(QCoro::Task<T> task, std::optional<T> *result)
{
    result->emplace(co_await task);
}

/// The task's result, waited for in a nested event loop. QCoro::waitFor wants a default-constructible one.
template <typename T>
T await(QCoro::Task<T> task)
{
    std::optional<T> result;
    QCoro::waitFor(store(std::move(task), &result));
    return std::move(*result);
}

/// `received`, if given, is set to 0 by the headers, then follows the body; it must outlive the task.
inline QCoro::Task<Fetched> fetch(transfer::HttpClient *client, transfer::HttpRequest request,
                                  std::stop_token stop, qint64 chunk, qint64 *received = nullptr)
{
    Fetched fetched;
    auto answer = co_await client->get(std::move(request), std::move(stop));
    if (!answer) {
        fetched.error = answer.error();
        co_return fetched;
    }
    const std::unique_ptr<transfer::Exchange> exchange = std::move(*answer);
    fetched.head = exchange->head();
    if (received)
        *received = 0;
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
        if (received)
            *received = fetched.body.size();
    }
    co_return fetched;
}

/// The whole of it, in a nested event loop.
inline Fetched fetchNow(transfer::HttpClient *client, const transfer::HttpRequest &request,
                        std::stop_token stop = {}, qint64 chunk = 64 * 1024)
{
    return await(fetch(client, request, std::move(stop), chunk));
}

inline transfer::HttpRequest requestFor(const QUrl &url, std::optional<qint64> rangeStart = std::nullopt)
{
    transfer::HttpRequest request;
    request.url = url;
    if (rangeStart)
        request.range = transfer::ByteRange{*rangeStart};
    return request;
}

/// Bytes that `server` has written once it writes no more. The measure of "no more" is not time but work:
/// a hundred other answers of the same server went out meanwhile without one of these bytes.
inline qint64 writtenAtHalt(transfer::HttpClient *client, support::FakeHttpServer *server)
{
    constexpr qint64 mostOfAnswers = 100 * 512; // what the answers themselves and their TLS frames take
    server->serve(QStringLiteral("/other"), "x");
    for (qint64 before = -mostOfAnswers;;) {
        const qint64 now = server->bytesWritten();
        if (now - before < mostOfAnswers)
            return now;
        before = now;
        for (int i = 0; i < 100; ++i)
            fetchNow(client, requestFor(server->url(QStringLiteral("/other"))));
    }
}

} // namespace ingather::test
