// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QPair>

namespace ingather::transfer
{

/// One challenge of a WWW-Authenticate field (RFC 9110 §11.6.1).
struct AuthChallenge {
    QByteArray scheme;                               ///< lower case
    QList<QPair<QByteArray, QByteArray>> parameters; ///< names in lower case, values without quotes
    QByteArray token;                                ///< a token68 in place of parameters

    /// The first value of that name; null if there is none.
    QByteArray parameter(QByteArrayView name) const;
};

/// The challenges of one field, or of several joined by ", ". What breaks the grammar ends the list: what
/// stood before is returned. At most 16 challenges with 32 parameters each.
QList<AuthChallenge> parseWwwAuthenticate(const QByteArray &field);

} // namespace ingather::transfer
