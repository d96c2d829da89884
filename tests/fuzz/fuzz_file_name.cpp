// SPDX-License-Identifier: MIT
#include "core/file_name.h"
#include "core/title_name.h"

#include "fuzzing.h"

#include <QString>

using namespace ingather::core;
using ingather::tests::require;

namespace
{

void requireSafe(const QString &name)
{
    require(safeFileName(name) == name, "a safe name stays as it is");
    require(name.toUtf8().size() <= 200, "a safe name leaves room");
    for (const QChar c : name) {
        require(!QStringView(u"<>:\"/\\|?*").contains(c), "no separators and nothing that Windows refuses");
        require(c.category() != QChar::Other_Control, "no control characters");
        require(!(c >= QChar(0x202A) && c <= QChar(0x202E)), "no bidi overrides");
    }
    if (name.isEmpty())
        return;
    require(!QStringView(u".~ ").contains(name.front()), "no dot, tilde or blank in front");
    require(!QStringView(u". ").contains(name.back()), "no dot or blank at the end");
    require(name == name.normalized(QString::NormalizationForm_C), "composed");
    const QString upper = name.section(u'.', 0, 0).trimmed().toUpper();
    require(upper != u"CON" && upper != u"NUL" && upper != u"COM1" && upper != u"LPT9", "no device");
    const QString numbered = numberedFileName(name, 12);
    require(numbered.toUtf8().size() <= 255 && numbered != name, "a number fits");
    require(numbered.contains(QStringLiteral(" (12)")), "a number is there");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = ingather::tests::toBytes(data, size);
    const QString text = QString::fromUtf8(bytes);
    requireSafe(fileNameFromContentDisposition(bytes));
    requireSafe(safeFileName(text));
    // With lone surrogates, which UTF-8 can't bring.
    requireSafe(safeFileName(QString(reinterpret_cast<const QChar *>(bytes.constData()), bytes.size() / 2)));
    requireSafe(fileNameFromUrl(QStringLiteral("https://example.org/") + text));
    requireSafe(fileNameFromTitle(text, QStringLiteral("pdf")));
    return 0;
}
