// SPDX-License-Identifier: MIT
#include "core/job_state.h"

#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace ingather::core;
using namespace Qt::StringLiterals;

namespace
{

/// "FROM --> TO" for each arrow of a mermaid state diagram, those from and to [*] left out.
QStringList arrowsOf(const QString &diagram)
{
    static const QRegularExpression arrow(u"^\\s*([^\\s:]+)\\s+-->\\s+([^\\s:]+)\\s*(:.*)?$"_s,
                                          QRegularExpression::MultilineOption);
    QStringList arrows;
    for (auto matches = arrow.globalMatch(diagram); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        if (match.captured(1) != u"[*]"_s && match.captured(2) != u"[*]"_s)
            arrows.append(match.captured(1) + u" --> "_s + match.captured(2));
    }
    return arrows;
}

/// States that the diagram lets a job begin in (`from` is "[*]") or end in (`to` is "[*]").
QSet<QString> boundaries(const QString &diagram, const QString &pattern)
{
    const QRegularExpression expression(pattern, QRegularExpression::MultilineOption);
    QSet<QString> states;
    for (auto matches = expression.globalMatch(diagram); matches.hasNext();)
        states.insert(matches.next().captured(1));
    return states;
}

} // namespace

/// The diagram that people read in src/README.md is the table that the program obeys.
class TestStateDiagram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void arrowsAreReadAsDrawn();
    void everyArrowIsATransition();
    void everyTransitionIsDrawnOnce();
    void jobsBeginAndEndWhereTheyShould();

private:
    QString m_diagram;
};

void TestStateDiagram::initTestCase()
{
    QFile file(QStringLiteral(INGATHER_TEST_DATA "/../../src/README.md"));
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
    const QString text = QString::fromUtf8(file.readAll());
    static const QRegularExpression block(u"```mermaid\\n(stateDiagram-v2\\n.*?)```"_s,
                                          QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch match = block.match(text);
    QVERIFY(match.hasMatch());
    QVERIFY2(!block.match(text, match.capturedEnd()).hasMatch(), "two state diagrams");
    m_diagram = match.captured(1);
}

void TestStateDiagram::arrowsAreReadAsDrawn()
{
    QCOMPARE(
        arrowsOf(u"stateDiagram-v2\n    [*] --> A: plan\n    A --> B: go\n    B --> C\n    C --> [*]\n"_s),
        (QStringList{u"A --> B"_s, u"B --> C"_s}));
}

void TestStateDiagram::everyArrowIsATransition()
{
    for (const QString &arrow : arrowsOf(m_diagram)) {
        const QStringList ends = arrow.split(u" --> "_s);
        const std::optional<JobState> from = jobStateFromName(ends[0]);
        const std::optional<JobState> to = jobStateFromName(ends[1]);
        QVERIFY2(from && to, qPrintable(arrow));
        QVERIFY2(isTransitionAllowed(*from, *to), qPrintable(arrow));
    }
}

void TestStateDiagram::everyTransitionIsDrawnOnce()
{
    const QStringList arrows = arrowsOf(m_diagram);
    for (const Transition &transition : transitions) {
        const QString arrow = jobStateName(transition.from) + u" --> "_s + jobStateName(transition.to);
        QVERIFY2(arrows.count(arrow) == 1, qPrintable(arrow));
    }
    QCOMPARE(arrows.size(), static_cast<qsizetype>(transitions.size()));
}

void TestStateDiagram::jobsBeginAndEndWhereTheyShould()
{
    QCOMPARE(boundaries(m_diagram, u"^\\s*\\[\\*\\]\\s+-->\\s+([^\\s:]+)"_s), QSet<QString>{u"PLANNED"_s});
    QSet<QString> terminal;
    for (const JobState state : allJobStates) {
        if (isTerminal(state))
            terminal.insert(jobStateName(state));
    }
    QCOMPARE(boundaries(m_diagram, u"^\\s*([^\\s:]+)\\s+-->\\s+\\[\\*\\]"_s), terminal);
}

QTEST_GUILESS_MAIN(TestStateDiagram)
#include "tst_state_diagram.moc"
