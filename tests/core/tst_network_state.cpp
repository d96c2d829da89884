// SPDX-License-Identifier: MIT
#include "core/network_state.h"

#include <QtTest>

using namespace ingather::core;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace
{

using Kind = NetworkOutcome::Kind;

/// A watch and its time, told in short words.
class Story
{
public:
    NetworkWatch watch;
    BootTime now = 1000s;

    /// "-a": a can't be reached; "+a": it answers; "~a": somebody answers for it; "?a:m": with a doubtful
    /// mark;
    /// "!a": 511; "z": a sleep; "w": a witness is known; a number: so many seconds pass.
    Story &tell(const QString &words)
    {
        for (const QString &word : words.split(u' ', Qt::SkipEmptyParts)) {
            const QString host = word.sliced(1).section(u':', 0, 0);
            const QString mark = word.section(u':', 1);
            switch (word[0].unicode()) {
            case u'-':
                watch.note({Kind::Unreachable, host, {}}, now);
                break;
            case u'+':
                watch.note({Kind::Answered, host, {}}, now);
                break;
            case u'~':
                watch.note({Kind::Somebody, host, {}}, now);
                break;
            case u'?':
                watch.note({Kind::Doubtful, host, mark}, now);
                break;
            case u'!':
                watch.note({Kind::Captive, host, u"511"_s}, now);
                break;
            case u'w':
                watch.hasWitness();
                break;
            case u'z':
                watch.wokeUp(now);
                break;
            default:
                now += std::chrono::seconds(word.toInt());
                watch.tick(now);
            }
        }
        return *this;
    }
    QString state() const { return networkStateName(watch.state()); }
};

} // namespace

class TestNetworkState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsWhatIsSeen_data();
    void followsWhatIsSeen();
    void whatAPortalGaveIsRefused();
    void whatWasUnderWayMetTheTrouble();
    void marksThatAreAllThereIsStayRefused();
    void triesMoreAndMoreSeldom();
    void triesAtOnceAfterASleep();
    void theSystemsWordNeedsNoCase();
    void theSystemCanTakeItsWordBack();
};

void TestNetworkState::followsWhatIsSeen_data()
{
    QTest::addColumn<QString>("story");
    QTest::addColumn<QString>("state");
    const auto row = [](const char *name, const QString &story, const QString &state) {
        QTest::newRow(name) << story << state;
    };
    row("nothing yet", {}, u"online"_s);
    row("three hosts can't be reached", u"-a -b -c"_s, u"offline"_s);
    row("two are no case", u"-a -b -a -b"_s, u"online"_s);
    row("one dead server is no dead network", u"-a -a -a -a -a -a"_s, u"online"_s);
    row("somebody answered in between", u"-a -b +d -c"_s, u"online"_s);
    row("an answer ends it at once", u"-a -b -c +a"_s, u"online"_s);
    row("any answer will do", u"-a -b -c ~d"_s, u"online"_s);
    row("dead links that are left over are no case", u"+x -a -b +x -c -d +x -a -b -c -d"_s, u"online"_s);
    row("until they answer themselves", u"+x -a -b -c +x +a +b +c -a -b -c"_s, u"offline"_s);
    row("three new ones are", u"+x -a -b +x -a -b -c -d -e"_s, u"offline"_s);
    row("it lasts, whatever the time, if somebody has answered before", u"+x -a -b -c 86400"_s, u"offline"_s);
    row("a process that never heard of anybody gives up", u"-a -b -c 60"_s, u"online"_s);
    row("and then charges those hosts", u"-a -b -c 60 -a -b -c"_s, u"online"_s);
    row("but not sooner", u"-a -b -c 59"_s, u"offline"_s);
    row("and much later if it knows of somebody", u"w -a -b -c 599"_s, u"offline"_s);
    row("but then, too", u"w -a -b -c 600"_s, u"online"_s);
    row("a sleep", u"z"_s, u"suspect"_s);
    row("an answer after a sleep", u"z +a"_s, u"online"_s);
    row("suspicion ends by itself", u"z -a 60"_s, u"online"_s);
    row("but not sooner", u"z -a 59"_s, u"suspect"_s);
    row("a sleep, and nobody is there", u"z -a -b -c"_s, u"offline"_s);
    row("failures from before a sleep don't count", u"-a -b z -c"_s, u"suspect"_s);
    row("three are sent to one place", u"?a:m ?b:m ?c:m"_s, u"portal"_s);
    row("to different places", u"?a:m ?b:n ?c:o"_s, u"online"_s);
    row("the same host thrice", u"?a:m ?a:m ?a:m"_s, u"online"_s);
    row("slowly", u"?a:m ?b:m 61 ?c:m"_s, u"online"_s);
    row("a proper answer in between", u"?a:m ?b:m +d ?c:m"_s, u"online"_s);
    row("somebody in between is none", u"?a:m ?b:m ~d ?c:m"_s, u"portal"_s);
    row("a portal lets through", u"?a:m ?b:m ?c:m +a"_s, u"online"_s);
    row("or answers otherwise", u"?a:m ?b:m ?c:m ?a:n"_s, u"online"_s);
    row("the same again is no way out", u"?a:m ?b:m ?c:m ?d:m ~a"_s, u"portal"_s);
    row("their own page, seen beside good ones, is no case",
        u"?a:m ?b:m 2 +x ?a:m ?b:m ?c:m 2 +x ?a:m ?b:m ?c:m"_s, u"online"_s);
    row("an answer that was on its way excuses nobody", u"?a:m ?b:m +x ?a:m ?b:m ?c:m"_s, u"portal"_s);
    row("a portal that comes again", u"?a:m ?b:m ?c:m +a +b +c ?a:m ?b:m ?c:m"_s, u"portal"_s);
    row("511 from three", u"!a !b !c"_s, u"portal"_s);
    row("511 holds, whatever the time", u"!a !b !c 86400"_s, u"portal"_s);
    row("511 is no way out of a dead network", u"-a -b -c !a"_s, u"offline"_s);
    row("511 from three is", u"-a -b -c !a !b !c"_s, u"portal"_s);
    row("a portal that vanishes altogether", u"!a !b !c -a -b -c"_s, u"offline"_s);
    row("pages that are all there is are given up", u"?a:m ?b:m ?c:m 600"_s, u"online"_s);
    row("but not sooner", u"?a:m ?b:m ?c:m 599"_s, u"portal"_s);
    row("and are no case again", u"?a:m ?b:m ?c:m 600 ?a:m ?b:m ?c:m"_s, u"online"_s);
}

void TestNetworkState::followsWhatIsSeen()
{
    QFETCH(QString, story);
    QTEST(Story().tell(story).state(), "state");
}

void TestNetworkState::whatAPortalGaveIsRefused()
{
    Story story;
    story.tell(u"?a:m ?b:m"_s);
    QVERIFY(!story.watch.isRefused(u"m"_s));
    story.tell(u"?c:m"_s);
    QVERIFY(story.watch.isRefused(u"m"_s));
    QVERIFY(!story.watch.isRefused(u"n"_s));
    QVERIFY(!story.watch.wasPortals(u"m"_s, story.now));
    story.tell(u"+a"_s);
    QVERIFY(!story.watch.isRefused(u"m"_s));
    // What was on its way then is still the portal's, whoever it comes from; a document may look like it
    // later.
    QVERIFY(story.watch.wasPortals(u"m"_s, story.now));
    QVERIFY(!story.watch.wasPortals(u"n"_s, story.now));
    story.tell(u"60"_s);
    QVERIFY(story.watch.wasPortals(u"m"_s, story.now));
    story.tell(u"1"_s);
    QVERIFY(!story.watch.wasPortals(u"m"_s, story.now));
}

/// Nobody knows whether it was a portal; a login page must not be filed as a document in either case.
void TestNetworkState::whatWasUnderWayMetTheTrouble()
{
    Story story;
    const BootTime before = story.now;
    QVERIFY(!story.watch.wasAwaySince(before, story.now));
    story.tell(u"-a -b -c"_s);
    QVERIFY(story.watch.wasAwaySince(story.now, story.now));
    story.tell(u"3 +a"_s);
    QVERIFY(story.watch.wasAwaySince(before, story.now));
    QVERIFY(!story.watch.wasAwaySince(story.now, story.now));
    story.tell(u"60"_s);
    QVERIFY(story.watch.wasAwaySince(before, story.now));
    story.tell(u"1"_s);
    QVERIFY(!story.watch.wasAwaySince(before, story.now));
}

void TestNetworkState::marksThatAreAllThereIsStayRefused()
{
    Story story;
    story.tell(u"?a:m ?b:m ?c:m 600"_s);
    QVERIFY(story.watch.isRefused(u"m"_s));
    story.tell(u"+x"_s);
    QVERIFY(story.watch.isRefused(u"m"_s));
}

void TestNetworkState::triesMoreAndMoreSeldom()
{
    Story story;
    QVERIFY(!story.watch.isProbeDue(story.now)); // online
    story.tell(u"+x -a -b -c"_s);
    QList<int> waits;
    for (int probe = 0; probe < 8; ++probe) {
        int waited = 0;
        for (; !story.watch.isProbeDue(story.now); ++waited)
            story.tell(u"1"_s);
        waits.append(waited);
        story.watch.probeBegan(story.now);
    }
    QCOMPARE(waits, (QList<int>{2, 2, 4, 8, 16, 32, 60, 60}));
    story.tell(u"+a +b +c -a -b -c"_s); // the next time it begins anew
    QCOMPARE(story.state(), u"offline"_s);
    QVERIFY(!story.watch.isProbeDue(story.now + 1s));
    QVERIFY(story.watch.isProbeDue(story.now + 2s));
}

void TestNetworkState::triesAtOnceAfterASleep()
{
    Story story;
    story.tell(u"z"_s);
    QVERIFY(story.watch.isProbeDue(story.now));
    story.tell(u"+x -a -b -c"_s);
    for (int probe = 0; probe < 6; ++probe)
        story.watch.probeBegan(story.now);
    QVERIFY(!story.watch.isProbeDue(story.now));
    story.tell(u"z"_s);
    QVERIFY(story.watch.isProbeDue(story.now));
    QCOMPARE(story.state(), u"offline"_s);
}

void TestNetworkState::theSystemsWordNeedsNoCase()
{
    Story story;
    story.watch.systemSays(false, story.now);
    QCOMPARE(story.state(), u"offline"_s);
    QCOMPARE(story.tell(u"86400"_s).state(), u"offline"_s); // it need not be given up: the system will say so
    QCOMPARE(story.tell(u"+a"_s).state(), u"online"_s);
}

void TestNetworkState::theSystemCanTakeItsWordBack()
{
    Story story;
    story.watch.systemSays(false, story.now);
    story.watch.systemSays(true, story.now);
    QCOMPARE(story.state(), u"suspect"_s);
    story.tell(u"+x -a -b -c"_s);
    story.watch.systemSays(true, story.now); // an interface is no proof
    QCOMPARE(story.state(), u"offline"_s);
}

QTEST_APPLESS_MAIN(TestNetworkState)
#include "tst_network_state.moc"
