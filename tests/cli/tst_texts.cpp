// SPDX-License-Identifier: MIT
#include "cli/texts.h"

#include <QtTest>

using namespace ingather;
using namespace ingather::cli;

namespace
{

engine::JobSnapshot job()
{
    engine::JobSnapshot result;
    result.id = {QStringLiteral("id-1")};
    result.url = QStringLiteral("http://a/b.pdf");
    result.fileName = QStringLiteral("b.pdf");
    result.folder = QStringLiteral("/d");
    return result;
}

} // namespace

class TestTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void nothingSteersTheTerminal_data();
    void nothingSteersTheTerminal();
    void columnsAreThoseOfATerminal_data();
    void columnsAreThoseOfATerminal();
    void elidedTextFits_data();
    void elidedTextFits();
    void shellWordsAreQuoted_data();
    void shellWordsAreQuoted();
    void anEndNamesPathSizeAndVerification();
    void aFailureNamesReasonAndNextStep();
    void aHoldNamesTheWayOn();
    void aReasonNeedsNoDetail();
};

void TestTexts::nothingSteersTheTerminal_data()
{
    QTest::addColumn<QString>("raw");
    QTest::addColumn<QString>("harmless");
    const QString mark(QChar(QChar::ReplacementCharacter));
    QTest::newRow("an escape sequence")
        << QStringLiteral("a\x1b[2Jb") << u'a' + mark + QStringLiteral("[2Jb");
    QTest::newRow("a C1 control") << QString(QChar(0x9b)) << mark;
    QTest::newRow("a line break") << QStringLiteral("a\r\nb") << u'a' + mark + mark + u'b';
    QTest::newRow("a direction override") << QString(QChar(0x202e)) << mark;
    QTest::newRow("a tab") << QStringLiteral("a\tb") << QStringLiteral("a b");
    QTest::newRow("text of the world") << QStringLiteral("Größe 論文 😀") << QStringLiteral("Größe 論文 😀");
}

void TestTexts::nothingSteersTheTerminal()
{
    QFETCH(QString, raw);
    QTEST(printable(raw), "harmless");
}

void TestTexts::columnsAreThoseOfATerminal_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("count");
    QTest::newRow("ASCII") << QStringLiteral("abc") << 3;
    QTest::newRow("umlauts") << QStringLiteral("äöü") << 3;
    QTest::newRow("a combining mark takes none") << QStringLiteral("e\u0301") << 1;
    QTest::newRow("Chinese takes two each") << QStringLiteral("論文") << 4;
    QTest::newRow("beyond the first plane") << QStringLiteral("😀") << 2;
}

void TestTexts::columnsAreThoseOfATerminal()
{
    QFETCH(QString, text);
    QTEST(columns(text), "count");
}

void TestTexts::elidedTextFits_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("width");
    QTest::addColumn<QString>("shown");
    QTest::newRow("what fits stays") << QStringLiteral("paper.pdf") << 9 << QStringLiteral("paper.pdf");
    QTest::newRow("the end keeps its suffix")
        << QStringLiteral("a-long-title.pdf") << 11 << QStringLiteral("a-lo…le.pdf");
    QTest::newRow("no room at all") << QStringLiteral("abc") << 0 << QString();
    QTest::newRow("one column") << QStringLiteral("abc") << 1 << QStringLiteral("…");
    QTest::newRow("wide characters are not halved")
        << QStringLiteral("論文論文論文") << 6 << QStringLiteral("論…文");
}

void TestTexts::elidedTextFits()
{
    QFETCH(QString, text);
    QFETCH(int, width);
    const QString result = elided(text, width);
    QVERIFY(columns(result) <= width);
    QTEST(result, "shown");
}

void TestTexts::shellWordsAreQuoted_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("quoted");
    QTest::newRow("a path") << QStringLiteral("/d/l.db") << QStringLiteral("/d/l.db");
    QTest::newRow("a blank") << QStringLiteral("a b") << QStringLiteral("'a b'");
    QTest::newRow("a quote") << QStringLiteral("it's") << QStringLiteral("'it'\\''s'");
    QTest::newRow("nothing") << QString() << QStringLiteral("''");
    QTest::newRow("a substitution") << QStringLiteral("$(x)") << QStringLiteral("'$(x)'");
}

void TestTexts::shellWordsAreQuoted()
{
    QFETCH(QString, word);
    QTEST(shellQuoted(word), "quoted");
}

void TestTexts::anEndNamesPathSizeAndVerification()
{
    engine::JobSnapshot done = job();
    done.state = core::JobState::Indexed;
    done.finalPath = QStringLiteral("b (2).pdf");
    done.bytesTotal = 2048;
    done.verification = QStringLiteral("verified");
    QCOMPARE(endText(done), QStringLiteral("done: /d/b (2).pdf (2.0 KiB, SHA-256 as expected)"));
    done.state = core::JobState::Deduped;
    QVERIFY(endText(done).contains(QStringLiteral("copy held already")));
}

void TestTexts::aFailureNamesReasonAndNextStep()
{
    engine::JobSnapshot failed = job();
    failed.state = core::JobState::Failed;
    failed.doneAt = core::UnixTime{1};
    failed.attempts = 5;
    failed.errorCode = QStringLiteral("host_not_found");
    failed.errorDetail = QStringLiteral("no address for a");
    const QString text = endText(failed);
    for (const char *part : {"http://a/b.pdf", "No server with this name", "host_not_found",
                             "no address for a", "Tried: 5", "retry id-1"})
        QVERIFY2(text.contains(QString::fromLatin1(part)), qPrintable(text));
}

void TestTexts::aHoldNamesTheWayOn()
{
    engine::JobSnapshot held = job();
    held.hold = core::Hold::Paused;
    QVERIFY(endText(held).contains(QStringLiteral("resume id-1")));
    held.hold = core::Hold::Cancelled;
    QVERIFY(endText(held).contains(QStringLiteral("retry id-1")));
}

void TestTexts::aReasonNeedsNoDetail()
{
    QCOMPARE(reasonText(core::Error{core::ErrorCode::DiskFull, {}, 0, {}}),
             QStringLiteral("There is no room left on the volume (disk_full)"));
    QVERIFY(reasonText(job()).isEmpty());
}

QTEST_GUILESS_MAIN(TestTexts)
#include "tst_texts.moc"
