// SPDX-License-Identifier: MIT
#include "core/reconcile_report.h"

namespace ingather::core
{

QString reconcileDeedName(ReconcileDeed deed)
{
    static constexpr std::array names{
        "lease_freed",      "file_registered", "file_absent",  "op_given_up",
        "removal_finished", "part_forgotten",  "part_removed", "file_missing",
        "file_changed",     "file_damaged",    "file_back",    "part_unknown",
    };
    static_assert(names.size() == allReconcileDeeds.size());
    return QString::fromLatin1(names[static_cast<std::size_t>(deed)]);
}

bool isOnlyReported(ReconcileDeed deed)
{
    switch (deed) {
    case ReconcileDeed::FileMissing:
    case ReconcileDeed::FileChanged:
    case ReconcileDeed::FileDamaged:
    case ReconcileDeed::PartUnknown:
        return true;
    default:
        return false;
    }
}

} // namespace ingather::core
