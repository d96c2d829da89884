// SPDX-License-Identifier: MIT
#pragma once

#include "core/digest.h"
#include "core/result.h"
#include "storage/hasher.h"

#include <QList>
#include <QString>

#include <optional>

namespace ingather::storage
{

struct DigestVerdict {
    enum Kind {
        Verified, ///< at least one digest is as expected, none differs
        Unknown,  ///< nothing was expected, or by no algorithm that was computed
        Wrong,    ///< at least one differs
    };

    Kind kind = Unknown;
    /// Verified: the strongest expected digest that was right. Wrong: the strongest that was not.
    std::optional<core::Digest> expected;
    std::optional<core::Digest> computed; ///< by the same algorithm
};

DigestVerdict judgeDigests(const QList<core::Digest> &expected, const QList<core::Digest> &computed);

/// What has to be computed to judge by `expected`, each algorithm once: for Hasher, PartFile and
/// digestsOfFile().
QList<core::DigestAlgorithm> algorithmsOf(const QList<core::Digest> &expected);

/// Reads the file once and judges it. Errors as hashFile().
core::Result<DigestVerdict> judgeFileDigests(const QString &path, const QList<core::Digest> &expected,
                                             const StopAsked &stopAsked = {});

} // namespace ingather::storage
