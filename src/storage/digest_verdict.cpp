// SPDX-License-Identifier: MIT
#include "storage/digest_verdict.h"

#include <algorithm>

namespace ingather::storage
{

DigestVerdict judgeDigests(const QList<core::Digest> &expected, const QList<core::Digest> &computed)
{
    DigestVerdict verdict;
    for (const core::Digest &wanted : expected) {
        const auto found =
            std::find_if(computed.cbegin(), computed.cend(), [&wanted](const core::Digest &digest) {
                return digest.algorithm() == wanted.algorithm();
            });
        if (found == computed.cend())
            continue;
        const auto kind = *found == wanted ? DigestVerdict::Verified : DigestVerdict::Wrong;
        const bool isStronger = !verdict.expected || wanted.algorithm() > verdict.expected->algorithm();
        // One that differs outweighs any that is right.
        if (kind > verdict.kind || verdict.kind == DigestVerdict::Unknown ||
            (kind == verdict.kind && isStronger))
            verdict = {kind, wanted, *found};
    }
    return verdict;
}

QList<core::DigestAlgorithm> algorithmsOf(const QList<core::Digest> &expected)
{
    QList<core::DigestAlgorithm> algorithms;
    for (const core::Digest &digest : expected) {
        if (!algorithms.contains(digest.algorithm()))
            algorithms.append(digest.algorithm());
    }
    return algorithms;
}

core::Result<DigestVerdict> judgeFileDigests(const QString &path, const QList<core::Digest> &expected,
                                             const StopAsked &stopAsked)
{
    const core::Result<QList<core::Digest>> computed =
        digestsOfFile(path, algorithmsOf(expected), -1, stopAsked);
    if (!computed)
        return computed.error();
    return judgeDigests(expected, *computed);
}

} // namespace ingather::storage
