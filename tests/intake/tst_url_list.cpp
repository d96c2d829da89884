// SPDX-License-Identifier: MIT
#include "intake/url_list.h"

#include "support/own_memory.h"

#include <QBuffer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace ingather;
using namespace ingather::intake;
using namespace Qt::StringLiterals;

namespace
{

/// Gives `total` bytes of one endless pattern in reads of at most `step`, then ends or fails.
class Stream final : public QIODevice
{
public:
    enum class End { Closes, Fails };

    Stream(QByteArray content, qint64 step, bool isSequential, End end = End::Closes)
        : m_content(std::move(content)), m_step(step), m_isSequential(isSequential), m_end(end)
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    bool isSequential() const override { return m_isSequential; }
    qint64 size() const override { return m_isSequential ? QIODevice::size() : m_content.size() + 1; }

protected:
    qint64 readData(char *data, qint64 maxSize) override
    {
        const qint64 count = std::min({maxSize, m_step, m_content.size() - m_given});
        if (count == 0) {
            setErrorString(u"the cable was pulled"_s);
            return m_end == End::Fails || m_isSequential ? -1 : 0;
        }
        memcpy(data, m_content.constData() + m_given, size_t(count));
        m_given += count;
        return count;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_content;
    qint64 m_step;
    bool m_isSequential;
    End m_end;
    qint64 m_given = 0;
};

/// The letter "a", `total` times, and not once in memory.
class Endless final : public QIODevice
{
public:
    explicit Endless(qint64 total) : m_left(total) { open(QIODevice::ReadOnly | QIODevice::Unbuffered); }
    bool isSequential() const override { return true; }

protected:
    qint64 readData(char *data, qint64 maxSize) override
    {
        const qint64 count = std::min(maxSize, m_left);
        memset(data, 'a', size_t(count));
        m_left -= count;
        return count > 0 ? count : -1;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    qint64 m_left;
};

/// Every line that came out, "3 https://…" for an entry, "4! reason | text" for a rejection.
QStringList linesOf(QIODevice &device)
{
    UrlListReader reader(device);
    QStringList lines;
    for (;;) {
        const core::Result<std::optional<ListItem>> item = reader.next();
        if (!item) {
            lines += u"error: "_s + core::toLogText(item.error());
            continue;
        }
        if (!item->has_value())
            return lines;
        if (const auto *entry = std::get_if<ListEntry>(&**item)) {
            lines += u"%1 %2"_s.arg(entry->line).arg(entry->url.url);
            continue;
        }
        const auto &rejection = std::get<ListRejection>(**item);
        lines +=
            u"%1! %2 | %3"_s.arg(QString::number(rejection.line), rejection.error.detail, rejection.text);
    }
}

QStringList linesOf(QByteArray list)
{
    QBuffer buffer(&list);
    buffer.open(QIODevice::ReadOnly);
    return linesOf(buffer);
}

const QString behind = u"there is text behind the URL; one URL a line"_s;
const QString secret = u"a name or password is not taken from a list"_s;
const QString tooLong = u"the line is longer than 64 KiB"_s;

} // namespace

class TestUrlList final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QStringList>("lines");
        const auto row = [](const char *what, const QByteArray &list, const QStringList &lines) {
            QTest::newRow(what) << list << lines;
        };
        row("an empty list", "", {});
        row("one URL", "https://example.org/a\n", {u"1 https://example.org/a"_s});
        row("one URL without a line end", "https://example.org/a", {u"1 https://example.org/a"_s});
        row("several", "https://example.org/a\nhttp://example.org/b\n",
            {u"1 https://example.org/a"_s, u"2 http://example.org/b"_s});
        row("blank lines and comments are skipped but counted",
            "# papers\n\n   \nhttps://example.org/a\n\t# more\n#\nhttps://example.org/b\n\n",
            {u"4 https://example.org/a"_s, u"7 https://example.org/b"_s});
        row("line ends of Windows", "https://example.org/a\r\n\r\n# x\r\nhttps://example.org/b\r\n",
            {u"1 https://example.org/a"_s, u"4 https://example.org/b"_s});
        row("a byte order mark", "\xEF\xBB\xBFhttps://example.org/a\n", {u"1 https://example.org/a"_s});
        row("a byte order mark before a comment", "\xEF\xBB\xBF# x\nhttps://example.org/a\n",
            {u"2 https://example.org/a"_s});
        row("nothing but a byte order mark", "\xEF\xBB\xBF", {});
        row("blanks around", "  https://example.org/a\t \n", {u"1 https://example.org/a"_s});
        row("URLs are canonical", "EXAMPLE.org/b/../\xC3\xA9#top\n", {u"1 https://example.org/%C3%A9"_s});
        row("a number sign inside a URL is no comment", "https://example.org/a#b\n",
            {u"1 https://example.org/a"_s});
        row("the same URL twice comes twice", "https://example.org/a\nhttps://example.org/a\n",
            {u"1 https://example.org/a"_s, u"2 https://example.org/a"_s});
        row("a bad line spoils no other", "https://example.org/a\nnonsense\nhttps://example.org/b\n",
            {u"1 https://example.org/a"_s,
             u"2! there is no scheme, and what would be the host has no dot | nonsense"_s,
             u"3 https://example.org/b"_s});
        row("another scheme", "ftp://example.org/a\n",
            {u"1! the scheme ftp is neither http nor https | ftp://example.org/a"_s});
        row("text behind the URL", "https://example.org/a A paper\n",
            {u"1! "_s + behind + u" | https://example.org/a A paper"_s});
        row("two URLs in a line", "https://example.org/a\thttps://example.org/b\n",
            {u"1! "_s + behind + u" | https://example.org/a\uFFFDhttps://example.org/b"_s});
        row("a comment behind the URL", "https://example.org/a # good\n",
            {u"1! "_s + behind + u" | https://example.org/a # good"_s});
        row("text before the URL", "see https://example.org/a\n",
            {u"1! there is no scheme, and what would be the host has no dot | see https://example.org/a"_s});
        row("userinfo is refused and not shown", "https://user:hunter2@example.org/a\n",
            {u"1! "_s + secret + u" | https://***@example.org/a"_s});
        row("a name alone is refused too", "https://user@example.org/a\n",
            {u"1! "_s + secret + u" | https://***@example.org/a"_s});
        row("secrets of a refused line are not shown", "https://example.org/?token=hunter2 x\n",
            {u"1! "_s + behind + u" | https://example.org/?token=*** x"_s});
        row("invalid UTF-8", "https://example.org/\xFF\nhttps://example.org/b\n",
            {u"1! the line is not valid UTF-8 | https://example.org/\uFFFD"_s, u"2 https://example.org/b"_s});
        row("UTF-8 that is cut off", "https://example.org/\xC3",
            {u"1! the line is not valid UTF-8 | https://example.org/\uFFFD"_s});
        row("a control character is not shown", "https://example.org/\x1B[31m\n",
            {u"1! there is a control character inside | https://example.org/\uFFFD[31m"_s});
        row("a NUL", QByteArray("https://example.org/a\0b\n", 24),
            {u"1! there is a control character inside | https://example.org/a\uFFFDb"_s});
        row("a line of exactly 64 KiB is read", "#\n" + QByteArray(64 * 1024, 'a') + "\n",
            {u"2! it is longer than 16 KiB | "_s + QString(199, u'a') + u'…'});
        row("a line beyond 64 KiB", "#\n" + QByteArray(64 * 1024 + 1, 'a') + "\nhttps://example.org/b\n",
            {u"2! "_s + tooLong + u" | "_s + QString(200, u'a'), u"3 https://example.org/b"_s});
        row("a line of a megabyte at the end", QByteArray(1'000'000, 'a'),
            {u"1! "_s + tooLong + u" | "_s + QString(200, u'a')});
        row("a comment beyond 64 KiB is a comment",
            "#" + QByteArray(200'000, 'a') + "\nhttps://example.org/b\n", {u"2 https://example.org/b"_s});
        row("UTF-16 is told from garbage", QByteArray("\xFF\xFEh\0t\0t\0p\0\n\0", 12),
            {u"error: unreadable_list while: read list: the list is UTF-16 text; UTF-8 is needed"_s});
    }

    void reads()
    {
        QFETCH(QByteArray, list);
        QFETCH(QStringList, lines);
        QCOMPARE(linesOf(list), lines);
        // However the bytes arrive, and from a stream as well.
        for (const qint64 step : {1, 7, 65'536}) {
            Stream stream(list, step, true);
            QCOMPARE(linesOf(stream), lines);
        }
    }

    void keepsTheTextAsTyped()
    {
        QByteArray list("  Example.ORG/a#b \n");
        QBuffer buffer(&list);
        buffer.open(QIODevice::ReadOnly);
        UrlListReader reader(buffer);
        const core::Result<std::optional<ListItem>> item = reader.next();
        QVERIFY(item && item->has_value());
        const auto *entry = std::get_if<ListEntry>(&**item);
        QVERIFY(entry);
        QCOMPARE(entry->text, u"Example.ORG/a#b"_s);
        QCOMPARE(entry->url.host, u"example.org"_s);
    }

    void tellsFailureFromTheEnd()
    {
        Stream failing("https://example.org/a\nhttps://example.org/b", 16, false, Stream::End::Fails);
        QCOMPARE(linesOf(failing),
                 (QStringList{u"1 https://example.org/a"_s,
                              u"error: unreadable_list while: read list: the cable was pulled"_s}));
    }

    void tellsAFolderFromAList()
    {
        const QTemporaryDir folder;
        QFile file(folder.path());
        // Opening a folder may succeed; reading it never does.
        if (file.open(QIODevice::ReadOnly))
            QVERIFY(linesOf(file).join(u' ').startsWith(u"error: unreadable_list"_s));
        else
            QVERIFY(!file.errorString().isEmpty());
    }

    /// The list is somebody else's file: a gigabyte without a line end must not end up in memory.
    void holdsNoLongLine()
    {
        Endless endless(256LL * 1024 * 1024);
        const qint64 before = support::residentPeakBytes();
        const QStringList lines = linesOf(endless);
        QCOMPARE(lines.size(), 1);
        QVERIFY(lines.first().startsWith(u"1! "_s + tooLong));
        QVERIFY(before > 0);
        QVERIFY2(support::residentPeakBytes() - before < 8LL * 1024 * 1024,
                 qPrintable(QString::number(support::residentPeakBytes() - before)));
    }

    void readsFiles()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"list.txt"_s));
        QVERIFY(file.open(QIODevice::ReadWrite));
        for (int i = 0; i < 20'000; ++i)
            file.write("https://example.org/" + QByteArray::number(i) + (i % 2 ? "\n" : "\r\n"));
        QVERIFY(file.seek(0));
        const QStringList lines = linesOf(file);
        QCOMPARE(lines.size(), 20'000);
        QCOMPARE(lines.first(), u"1 https://example.org/0"_s);
        QCOMPARE(lines.last(), u"20000 https://example.org/19999"_s);
    }
};

QTEST_GUILESS_MAIN(TestUrlList)
#include "tst_url_list.moc"
