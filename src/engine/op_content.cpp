// SPDX-License-Identifier: MIT
#include "engine/op_content.h"

#include "engine/op_fields.h"

#include <QJsonArray>
#include <QUrl>

namespace ingather::engine
{

namespace
{

constexpr auto shownUrl = QUrl::FullyEncoded | QUrl::RemoveUserInfo | QUrl::RemoveQuery;

QJsonValue sizeOrNull(const std::optional<qint64> &size)
{
    return size ? QJsonValue(*size) : QJsonValue();
}

} // namespace

QJsonObject headResult(const transfer::ResponseHead &head)
{
    QJsonArray redirects;
    for (const QUrl &url : head.redirects)
        redirects.append(url.toString(QUrl::FormattingOptions(shownUrl)));
    QJsonObject result{
        {field::status, head.status},
        {field::url, head.url.toString(QUrl::FormattingOptions(shownUrl))},
        {field::redirects, redirects},
        {field::size, sizeOrNull(head.validators.size)},
        {field::etag, head.validators.etag},
        {field::lastModified, head.validators.lastModified},
        {field::contentType, QString::fromLatin1(head.contentType)},
        {field::acceptsRanges, head.acceptsRanges},
    };
    if (head.isDecoded)
        result.insert(field::isDecoded, true);
    if (head.isCloseDelimited)
        result.insert(field::isCloseDelimited, true);
    return result;
}

core::Validators validatorsOfHead(const QJsonObject &result)
{
    return {.etag = result.value(field::etag).toString(),
            .lastModified = result.value(field::lastModified).toString(),
            .size = {}};
}

QJsonObject resumeResult(const QString &decision, const QString &reason, qint64 from)
{
    return {{field::decision, decision}, {field::reason, reason}, {field::from, from}};
}

QJsonObject streamIntent(const StreamPlan &plan)
{
    QJsonObject intent{
        {field::part, plan.part},
        {field::etag, plan.validators.etag},
        {field::lastModified, plan.validators.lastModified},
        {field::isDateStrong, plan.isDateStrong},
        {field::size, sizeOrNull(plan.validators.size)},
        {field::suggestedName, plan.suggestedName},
        {field::from, plan.from},
    };
    QJsonArray digests;
    for (const core::Digest &digest : plan.digests)
        digests.append(digest.toText());
    if (!digests.isEmpty())
        intent.insert(field::digests, digests);
    if (!plan.olderParts.isEmpty())
        intent.insert(field::olderParts, QJsonArray::fromStringList(plan.olderParts));
    return intent;
}

QJsonObject streamResult(const QString &part, qint64 size, const core::Sha256 &sha256, qint64 bytesFetched)
{
    return {{field::part, part},
            {field::size, size},
            {field::sha256, sha256.toHex()},
            {field::bytesFetched, bytesFetched}};
}

QJsonObject contentFound(const storage::ContentReport &report)
{
    QJsonObject found{{field::contentType, storage::contentTypeName(report.found)}};
    if (report.flags)
        found.insert(field::contentFlags,
                     QJsonArray::fromStringList(storage::contentFlagNames(report.flags)));
    if (report.isEncrypted)
        found.insert(field::isEncrypted, true);
    return found;
}

QJsonObject filingIntent(const FilingPlan &plan)
{
    return {{field::part, plan.source}, {field::sha256, plan.sha256.toHex()}, {field::size, plan.size},
            {field::name, QString()},   {field::isVerified, plan.isVerified}, {field::content, plan.content}};
}

QJsonObject filingResult(const FilingPlan &plan)
{
    QJsonObject result{
        {field::path, plan.target}, {field::sha256, plan.sha256.toHex()}, {field::size, plan.size}};
    if (!plan.content.isEmpty())
        result.insert(field::content, plan.content);
    return result;
}

QJsonObject copyIntent(const FilingPlan &plan)
{
    return {{field::source, plan.source},
            {field::copy, plan.copy},
            {field::sha256, plan.sha256.toHex()},
            {field::size, plan.size},
            {field::name, QString()}};
}

QJsonObject copyResult(const FilingPlan &plan, const QString &method)
{
    return {{field::source, plan.source},
            {field::path, plan.target},
            {field::sha256, plan.sha256.toHex()},
            {field::method, method}};
}

QJsonObject indexResult(const FilingPlan &plan, const QString &sameContentAs)
{
    QJsonObject result{{field::sha256, plan.sha256.toHex()}, {field::path, plan.target}};
    if (!sameContentAs.isEmpty())
        result.insert(field::sameContentAs, sameContentAs);
    return result;
}

} // namespace ingather::engine
