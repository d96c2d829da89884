// SPDX-License-Identifier: MIT
#include "engine/lease_renewal.h"

#include <QTest>

using namespace ingather;
using namespace ingather::engine;
using namespace Qt::StringLiterals;
using Verdict = LeaseRenewal::Verdict;

namespace
{

const core::JobId first{u"first"_s};
const core::JobId second{u"second"_s};
constexpr core::Fence older{1};
constexpr core::Fence newer{2};

ledger::Lease lease(const core::JobId &job, core::Fence fence)
{
    return {job, fence, u"owner"_s};
}

} // namespace

class TestLeaseRenewal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsAnsweredIsRenewedAndTheRestIsLost();
    void aClaimThatWasUnderWayIsNoneOfItsBusiness();
    void anotherFenceIsAnotherLease();
};

void TestLeaseRenewal::whatIsAnsweredIsRenewedAndTheRestIsLost()
{
    LeaseRenewal renewal;
    renewal.ask(first, older);
    renewal.ask(second, older);
    QCOMPARE(renewal.jobs().size(), 2);
    renewal.answered({lease(second, older)});
    QCOMPARE(renewal.verdict(first, older), Verdict::Lost);
    QCOMPARE(renewal.verdict(second, older), Verdict::Renewed);
}

/// Claimed before the renewal was asked for, and admitted before it was answered.
void TestLeaseRenewal::aClaimThatWasUnderWayIsNoneOfItsBusiness()
{
    LeaseRenewal renewal;
    renewal.ask(first, older);
    renewal.answered({lease(first, older)});
    QCOMPARE(renewal.verdict(second, older), Verdict::NotAsked);
}

void TestLeaseRenewal::anotherFenceIsAnotherLease()
{
    LeaseRenewal renewal;
    renewal.ask(first, older);
    renewal.ask(second, older);
    // Others have claimed the first one since; the second one has come back to us and was asked for before.
    renewal.answered({lease(first, newer), lease(second, older)});
    QCOMPARE(renewal.verdict(first, older), Verdict::Lost);
    QCOMPARE(renewal.verdict(second, newer), Verdict::NotAsked);
}

QTEST_GUILESS_MAIN(TestLeaseRenewal)
#include "tst_lease_renewal.moc"
