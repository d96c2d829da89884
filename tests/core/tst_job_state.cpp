// SPDX-License-Identifier: MIT
#include "core/job_state.h"

#include <QSet>
#include <QTest>

using namespace ingather::core;
using namespace Qt::StringLiterals;

namespace
{

// The sentence of the design, written out once more: a change of the table must be meant.
const QHash<QString, QStringList> allowed{
    {u"PLANNED"_s, {u"LEASED"_s, u"SKIPPED_DUPLICATE"_s, u"FAILED"_s}},
    {u"LEASED"_s, {u"PLANNED"_s, u"HEAD_DONE"_s, u"DEDUPED"_s, u"SKIPPED_DUPLICATE"_s, u"FAILED"_s}},
    {u"HEAD_DONE"_s, {u"RESUME_OK"_s, u"STREAMING"_s, u"DEDUPED"_s, u"SKIPPED_DUPLICATE"_s, u"FAILED"_s}},
    {u"RESUME_OK"_s, {u"STREAMING"_s, u"HEAD_DONE"_s, u"FAILED"_s}},
    {u"STREAMING"_s, {u"FINALIZED"_s, u"HEAD_DONE"_s, u"FAILED"_s}},
    {u"FINALIZED"_s, {u"INDEXED"_s, u"DEDUPED"_s, u"HEAD_DONE"_s, u"FAILED"_s}},
    {u"FAILED"_s, {u"LEASED"_s, u"PLANNED"_s}},
};

} // namespace

class TestJobState final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void transitions_data()
    {
        QTest::addColumn<JobState>("from");
        QTest::addColumn<JobState>("to");
        for (const JobState from : allJobStates) {
            for (const JobState to : allJobStates)
                QTest::addRow("%s to %s", qPrintable(jobStateName(from)), qPrintable(jobStateName(to)))
                    << from << to;
        }
    }

    void transitions()
    {
        QFETCH(JobState, from);
        QFETCH(JobState, to);
        QCOMPARE(isTransitionAllowed(from, to), allowed.value(jobStateName(from)).contains(jobStateName(to)));
    }

    void pathsAreTheShortestWithoutFailureOrEnd()
    {
        using enum JobState;
        QCOMPARE(pathBetween(Streaming, Indexed), (QList<JobState>{Finalized, Indexed}));
        QCOMPARE(pathBetween(Leased, Streaming), (QList<JobState>{HeadDone, Streaming}));
        QCOMPARE(pathBetween(Planned, Indexed),
                 (QList<JobState>{Leased, HeadDone, Streaming, Finalized, Indexed}));
        QCOMPARE(pathBetween(Finalized, HeadDone), QList<JobState>{HeadDone});
        QCOMPARE(pathBetween(Failed, HeadDone), (QList<JobState>{Leased, HeadDone}));
        QCOMPARE(pathBetween(Streaming, Streaming), QList<JobState>());
        QCOMPARE(pathBetween(Indexed, Planned), QList<JobState>());
        for (const JobState from : allJobStates) {
            for (const JobState to : allJobStates) {
                JobState before = from;
                const QList<JobState> path = pathBetween(from, to);
                for (const JobState state : path) {
                    QVERIFY(isTransitionAllowed(before, state));
                    before = state;
                }
                QVERIFY(path.isEmpty() || path.last() == to);
                QVERIFY(!path.mid(0, path.size() - 1).contains(Failed));
            }
        }
    }

    void theTableHasNoEntryTwice()
    {
        QSet<QString> seen;
        for (const Transition &transition : ingather::core::transitions)
            seen.insert(jobStateName(transition.from) + u'>' + jobStateName(transition.to));
        QCOMPARE(seen.size(), qsizetype(ingather::core::transitions.size()));
    }

    void terminalStatesHaveNoExit()
    {
        int terminal = 0;
        for (const JobState from : allJobStates) {
            if (!isTerminal(from))
                continue;
            ++terminal;
            for (const JobState to : allJobStates)
                QVERIFY2(!isTransitionAllowed(from, to), qPrintable(jobStateName(from)));
        }
        QCOMPARE(terminal, 3);
    }

    void everyOtherStateHasAWayToAnEnd()
    {
        QSet<JobState> leading{JobState::Indexed, JobState::Deduped, JobState::SkippedDuplicate};
        for (std::size_t round = 0; round < allJobStates.size(); ++round) {
            for (const Transition &transition : ingather::core::transitions) {
                if (leading.contains(transition.to))
                    leading.insert(transition.from);
            }
        }
        QCOMPARE(leading.size(), qsizetype(allJobStates.size()));
    }

    void everyUnfinishedStateCanFail()
    {
        for (const JobState from : allJobStates) {
            if (!isTerminal(from) && from != JobState::Failed)
                QVERIFY2(isTransitionAllowed(from, JobState::Failed), qPrintable(jobStateName(from)));
        }
    }

    void namesAreThoseOfSchemaOne()
    {
        QStringList names;
        for (const JobState state : allJobStates) {
            names += jobStateName(state);
            QCOMPARE(jobStateFromName(names.last()), state);
        }
        QCOMPARE(names.join(u' '), u"PLANNED LEASED HEAD_DONE RESUME_OK STREAMING FINALIZED INDEXED DEDUPED "
                                   "FAILED SKIPPED_DUPLICATE"_s);
        for (const QString &unknown : {u""_s, u"planned"_s, u"DONE"_s, u"PLANNED "_s})
            QVERIFY(!jobStateFromName(unknown));
    }

    void holdsHaveNames()
    {
        QCOMPARE(holdName(Hold::None), QString());
        QCOMPARE(holdName(Hold::Paused), u"PAUSED"_s);
        QCOMPARE(holdName(Hold::Cancelled), u"CANCELLED"_s);
        for (const Hold hold : {Hold::None, Hold::Paused, Hold::Cancelled})
            QCOMPARE(holdFromName(holdName(hold)), hold);
        QVERIFY(!holdFromName(u"paused"_s));
        QVERIFY(!holdFromName(u"NONE"_s));
    }
};

QTEST_APPLESS_MAIN(TestJobState)
#include "tst_job_state.moc"
