// SPDX-License-Identifier: MIT
#pragma once

#include "support/fake_http_server.h"

#include <QPair>
#include <QStringList>

namespace ingather::e2e
{

/// The operations of a job whose file came in one go, and of one that went on with a part. `ops` lists what
/// began at the same moment in the order in which it was first tried.
inline constexpr char inOneGo[] = "HEAD DONE, STREAM DONE, FINALIZE DONE, INDEX DONE";
inline constexpr char withResume[] = "HEAD DONE, STREAM DONE, RESUME DONE, FINALIZE DONE, INDEX DONE";
/// The same where the rest is of another representation: streaming that is an operation of its own.
inline constexpr char anew[] =
    "HEAD DONE, STREAM FAILED, RESUME DONE, STREAM DONE, FINALIZE DONE, INDEX DONE";

/// How a download must end, as seen from outside.
struct Ending {
    QString error;              ///< error_code; empty: INDEXED, exit 0; else FAILED, exit 1
    int attempts = 0;           ///< failures that counted
    QString ops;                ///< "HEAD DONE, …", oldest first
    QByteArray body;            ///< of the file, if there is one
    QString name = {};          ///< of the file; empty: the last segment of the path
    int parts = 0;              ///< part files that are kept
    int quarantined = 0;        ///< files that are kept apart
    QStringList requests = {};  ///< their ranges and conditions in order; empty: not looked at
    qint64 leastMs = 0;         ///< it may not be over before
    QString verification = {};  ///< empty: not looked at
    bool isOnlyTheFile = false; ///< attempts, history and parts are a matter of who comes first
};

/// Filed in one go, or after `attempts` failures.
Ending filed(const QByteArray &body, int attempts = 0, const char *ops = inOneGo);
/// Given up after `attempts`; "ops" of those that got as far as an answer.
Ending failed(const char *error, int attempts = 1, const char *ops = "");

/// What a server does, how it is asked, and how that must end.
struct Behaviour {
    support::Handler handler; ///< of `path`
    Ending ending;
    QString path = QStringLiteral("/data.bin");
    QStringList options = {};                            ///< of `get`
    QList<QPair<QString, support::Handler>> others = {}; ///< at other paths
    QByteArray settings = {};                            ///< the INI file
};

/// Every request gets the same.
support::Handler always(const support::Script &script);
/// One after the other; the last one for good.
support::Handler inTurn(const QList<support::Script> &scripts);
/// `first`, then whatever `later` says.
support::Handler firstThen(const support::Script &first, const support::Handler &later);

/// A whole answer: its length, `more` and the body.
support::Script answer(const QByteArray &body, const support::Headers &more = {}, int status = 200);
/// Status and fields as they are given, and the body.
support::Script exactly(int status, const support::Headers &headers, const QByteArray &body = {});

/// The rows of one test function.
using Table = QList<QPair<QByteArray, Behaviour>>;

/// For the _data function: makes `get` fetch from a server that behaves so, for each row in a folder and with
/// a ledger of its own, several rows at a time because most of their time is waiting.
void addRows(const Table &table);
/// For the test function: fails it if anything was not as the row says.
void verifyRow();

} // namespace ingather::e2e
