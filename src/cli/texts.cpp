// SPDX-License-Identifier: MIT
#include "cli/texts.h"

#include "core/keys.h"
#include "models/error_text.h"
#include "models/format.h"

#include <QCoreApplication>

#include <algorithm>

namespace ingather::cli
{

namespace
{

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ingather::cli::Text)
};

QString reason(QString why, const QString &codeName, const QString &detail)
{
    // It goes on in brackets: the name to search for, and what only this error knows.
    if (why.endsWith(u'.'))
        why.chop(1);
    return detail.isEmpty() ? QStringLiteral("%1 (%2)").arg(why, codeName)
                            : QStringLiteral("%1 (%2: %3)").arg(why, codeName, detail);
}

bool isWide(char32_t c)
{
    // The blocks of East Asian Width W and F that file names really use (Unicode Annex 11).
    return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf && c != 0x303f) ||
           (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) ||
           (c >= 0xff00 && c <= 0xff60) || (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
           (c >= 0x20000 && c <= 0x3fffd);
}

int columnsOf(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Mark_NonSpacing:
    case QChar::Mark_Enclosing:
    case QChar::Other_Format:
        return 0;
    default:
        return isWide(c) ? 2 : 1;
    }
}

} // namespace

QString reasonText(const core::Error &error)
{
    return reason(models::ErrorText::why(error.code), core::errorCodeName(error.code), error.detail);
}

QString reasonText(const engine::JobSnapshot &job)
{
    if (job.errorCode.isEmpty())
        return job.errorDetail;
    return reason(models::ErrorText::whyForName(job.errorCode), job.errorCode, job.errorDetail);
}

QString filedPath(const engine::JobSnapshot &job)
{
    if (job.finalPath.isEmpty())
        return {};
    return job.folder.isEmpty() ? job.finalPath : job.folder + u'/' + job.finalPath;
}

QString shortName(const engine::JobSnapshot &job)
{
    return job.fileName.isEmpty() ? job.url : job.fileName;
}

QString stateText(const engine::JobSnapshot &job)
{
    const QString state = core::jobStateName(job.state);
    switch (job.hold) {
    case core::Hold::Paused:
        return Text::tr("%1, paused").arg(state);
    case core::Hold::Cancelled:
        return Text::tr("%1, cancelled").arg(state);
    case core::Hold::None:
        break;
    }
    return state;
}

QString endText(const engine::JobSnapshot &job)
{
    if (core::isTerminal(job.state)) {
        const QString path = filedPath(job);
        QStringList facts;
        if (job.bytesTotal)
            facts.append(models::Format::bytes(*job.bytesTotal));
        if (job.verification == QLatin1StringView("verified"))
            facts.append(Text::tr("SHA-256 as expected"));
        else if (job.verification == QLatin1StringView("legacy"))
            facts.append(Text::tr("recorded by another program"));
        else
            facts.append(Text::tr("received whole"));
        if (job.state == core::JobState::Deduped)
            facts.append(Text::tr("filed from the copy held already"));
        if (job.state == core::JobState::SkippedDuplicate)
            facts.append(core::isLaterVersion(job.artifactId) ? Text::tr("has not changed")
                                                              : Text::tr("was there already"));
        const QString where = path.isEmpty() ? job.url : path;
        return facts.isEmpty() ? Text::tr("done: %1").arg(where)
                               : Text::tr("done: %1 (%2)").arg(where, facts.join(QStringLiteral(", ")));
    }
    const QString name = shortName(job);
    if (job.hold == core::Hold::Paused)
        return Text::tr("paused: %1; goes on with: ingather-cli resume %2").arg(name, job.id.value);
    if (job.hold == core::Hold::Cancelled)
        return Text::tr("cancelled: %1; starts again with: ingather-cli retry %2").arg(name, job.id.value);
    const QString why = reasonText(job);
    if (job.isFailedForGood()) {
        return Text::
            tr("failed: %1: %2. Tried: %3. It is not tried again by itself, but with: ingather-cli retry %4")
                .arg(job.url, why.isEmpty() ? Text::tr("no reason was recorded") : why)
                .arg(job.attempts)
                .arg(job.id.value);
    }
    return Text::tr("unfinished: %1 (%2)").arg(name, stateText(job));
}

QString shellQuoted(const QString &argument)
{
    const auto isHarmless = [](QChar c) {
        return c.unicode() < 128 && (c.isLetterOrNumber() || QStringLiteral("-_./:@%+=,").contains(c));
    };
    if (!argument.isEmpty() && std::all_of(argument.begin(), argument.end(), isHarmless))
        return argument;
    QString quoted = argument;
    quoted.replace(u'\'', QStringLiteral("'\\''"));
    return u'\'' + quoted + u'\'';
}

QString printable(const QString &text)
{
    QString result;
    result.reserve(text.size());
    for (const char32_t c : text.toUcs4()) {
        const QChar::Category category = QChar::category(c);
        const bool isHidden = category == QChar::Other_Control || category == QChar::Other_Format ||
                              category == QChar::Other_Surrogate || category == QChar::Separator_Line ||
                              category == QChar::Separator_Paragraph;
        if (isHidden)
            result.append(c == U'\t' ? QChar(u' ') : QChar(QChar::ReplacementCharacter));
        else
            result.append(QString::fromUcs4(&c, 1));
    }
    return result;
}

int columns(const QString &text)
{
    int sum = 0;
    for (const char32_t c : text.toUcs4())
        sum += columnsOf(c);
    return sum;
}

QString elided(const QString &text, int width)
{
    if (columns(text) <= width)
        return text;
    if (width < 1)
        return {};
    // More of the end than of the beginning: that is where names differ and the suffix is.
    const int forHead = (width - 1) * 2 / 5;
    const int forTail = width - 1 - forHead;
    const QList<uint> points = text.toUcs4();
    qsizetype head = 0;
    for (int used = 0; head < points.size(); ++head) {
        used += columnsOf(points[head]);
        if (used > forHead)
            break;
    }
    qsizetype tail = points.size();
    for (int used = 0; tail > head; --tail) {
        used += columnsOf(points[tail - 1]);
        if (used > forTail)
            break;
    }
    const auto part = [&points](qsizetype from, qsizetype to) {
        QString result;
        for (qsizetype i = from; i < to; ++i) {
            const char32_t c = points[i];
            result.append(QString::fromUcs4(&c, 1));
        }
        return result;
    };
    return part(0, head) + QChar(0x2026) + part(tail, points.size());
}

} // namespace ingather::cli
