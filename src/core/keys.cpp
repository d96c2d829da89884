// SPDX-License-Identifier: MIT
#include "core/keys.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonValue>
#include <QUuid>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace ingather::core
{

namespace
{

/// The namespace of our job ids: a random UUID, drawn once. Changing it would give every known URL a
/// second id, so it never changes.
constexpr QUuid jobNamespace(0xedcfcab8, 0x2739, 0x4fbe, 0xb6, 0xe6, 0x05, 0x26, 0x9c, 0xb0, 0xda, 0xfc);

constexpr QLatin1StringView versionMark("@v");

void appendEscape(QByteArray &out, char16_t unit)
{
    constexpr char digits[] = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        out += digits[(unit >> shift) & 0xF];
}

void appendString(QByteArray &out, const QString &text)
{
    out += '"';
    for (const QChar c : text) {
        const char16_t unit = c.unicode();
        switch (unit) {
        case u'"':
            out += "\\\"";
            break;
        case u'\\':
            out += "\\\\";
            break;
        case u'\b':
            out += "\\b";
            break;
        case u'\f':
            out += "\\f";
            break;
        case u'\n':
            out += "\\n";
            break;
        case u'\r':
            out += "\\r";
            break;
        case u'\t':
            out += "\\t";
            break;
        default:
            if (unit >= 0x20 && unit < 0x7F)
                out += static_cast<char>(unit);
            else
                appendEscape(out, unit);
        }
    }
    out += '"';
}

/// The shortest decimal number that reads back as `number`, laid out as the reference does it: with an
/// exponent of at least two digits below 1e-4 and from 1e16 on, else with a decimal point.
void appendNumber(QByteArray &out, double number)
{
    std::array<char, 32> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific);
    const QByteArrayView shortest(buffer.data(), end.ptr - buffer.data());
    const qsizetype e = shortest.indexOf('e');
    const int exponent = shortest.sliced(e + 1).toByteArray().toInt();
    if (exponent < -4 || exponent >= 16) {
        out += shortest;
        return;
    }
    QByteArray digits = shortest.first(e).toByteArray();
    if (digits.startsWith('-')) {
        out += '-';
        digits.remove(0, 1);
    }
    digits.replace(".", "");
    if (exponent < 0) {
        out += "0." + QByteArray(-exponent - 1, '0') + digits;
        return;
    }
    const qsizetype whole = exponent + 1;
    digits = digits.leftJustified(whole, '0');
    const QByteArray fraction = digits.sliced(whole);
    out += digits.first(whole) + '.' + (fraction.isEmpty() ? QByteArrayLiteral("0") : fraction);
}

/// Order by code point: in UTF-16, surrogates (code points above the BMP) must come last.
bool isBefore(const QString &a, const QString &b)
{
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](QChar x, QChar y) {
        return x.isSurrogate() == y.isSurrogate() ? x.unicode() < y.unicode() : y.isSurrogate();
    });
}

void appendObject(QByteArray &out, const QJsonObject &object);

void appendValue(QByteArray &out, const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        out += "null";
        break;
    case QJsonValue::Bool:
        out += value.toBool() ? "true" : "false";
        break;
    case QJsonValue::Double:
        // QJsonValue keeps 64-bit integers apart from doubles, but tells only through QVariant.
        if (const QVariant variant = value.toVariant(); variant.metaType().id() == QMetaType::LongLong)
            out += QByteArray::number(variant.toLongLong());
        else
            appendNumber(out, value.toDouble());
        break;
    case QJsonValue::String:
        appendString(out, value.toString());
        break;
    case QJsonValue::Array: {
        out += '[';
        bool isFirst = true;
        for (const QJsonValue &element : value.toArray()) {
            if (!std::exchange(isFirst, false))
                out += ',';
            appendValue(out, element);
        }
        out += ']';
        break;
    }
    case QJsonValue::Object:
        appendObject(out, value.toObject());
        break;
    }
}

void appendObject(QByteArray &out, const QJsonObject &object)
{
    QStringList keys = object.keys();
    std::sort(keys.begin(), keys.end(), isBefore);
    out += '{';
    bool isFirst = true;
    for (const QString &key : std::as_const(keys)) {
        if (!std::exchange(isFirst, false))
            out += ',';
        appendString(out, key);
        out += ':';
        appendValue(out, object.value(key));
    }
    out += '}';
}

QString sha256Hex(const QByteArray &bytes)
{
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

} // namespace

QByteArray canonicalJson(const QJsonObject &object)
{
    QByteArray out;
    appendObject(out, object);
    return out;
}

QString jobKey(const QString &workId, const QString &artifactId, const QString &canonicalUrl)
{
    // canonicalJson() of those six members, written directly: a deep look at a ledger makes the key of each
    // job.
    QByteArray json;
    json.reserve(96 + workId.size() + artifactId.size() + canonicalUrl.size());
    json += R"({"artifact_id":)";
    appendString(json, artifactId);
    json += R"(,"kind":"JOB","role":"artifact","url":)";
    appendString(json, canonicalUrl);
    json += R"(,"v":1,"work_id":)";
    appendString(json, workId);
    json += '}';
    return sha256Hex(json);
}

QString opKey(OpType type, const JobId &job, const QJsonObject &context)
{
    QJsonObject object = context;
    const auto add = [&object](const QString &name, const QJsonValue &value) {
        Q_ASSERT_X(!object.contains(name), "opKey", "the context holds a name of the key itself");
        object.insert(name, value);
    };
    add(QStringLiteral("v"), 1);
    add(QStringLiteral("kind"), opTypeName(type));
    add(QStringLiteral("job_id"), job.value);
    return sha256Hex(canonicalJson(object));
}

JobId jobIdForKey(const QString &idempotencyKey)
{
    const QUuid id = QUuid::createUuidV5(jobNamespace, idempotencyKey.toUtf8());
    return {id.toString(QUuid::WithoutBraces)};
}

QString defaultWorkId(const QString &canonicalUrl)
{
    return QStringLiteral("url:") + sha256Hex(canonicalUrl.toUtf8()).first(32);
}

QString defaultArtifactId()
{
    return QStringLiteral("file");
}

QString artifactIdForFolder(const QString &absoluteFolder)
{
    return QStringLiteral("file@") + sha256Hex(absoluteFolder.toUtf8()).first(8);
}

QString artifactIdForVersion(const QString &artifactId, int version)
{
    Q_ASSERT(version >= 2);
    return artifactId + versionMark + QString::number(version);
}

bool isLaterVersion(const QString &artifactId)
{
    const qsizetype mark = artifactId.lastIndexOf(versionMark);
    if (mark < 0)
        return false;
    const QStringView digits = QStringView(artifactId).mid(mark + versionMark.size());
    bool isNumber = false;
    const int version = digits.toInt(&isNumber);
    return isNumber && version >= 2 && digits == QString::number(version);
}

} // namespace ingather::core
