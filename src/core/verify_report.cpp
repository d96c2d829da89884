// SPDX-License-Identifier: MIT
#include "core/verify_report.h"

namespace ingather::core
{

QString fileOutcomeName(FileOutcome outcome)
{
    switch (outcome) {
    case FileOutcome::Verified:
        return QStringLiteral("verified");
    case FileOutcome::Fits:
        return QStringLiteral("fits");
    case FileOutcome::Unknown:
        return QStringLiteral("unknown");
    case FileOutcome::Missing:
        return QStringLiteral("missing");
    case FileOutcome::Changed:
        return QStringLiteral("changed");
    case FileOutcome::Damaged:
        return QStringLiteral("damaged");
    }
    Q_UNREACHABLE();
}

void VerifyReport::add(const VerifiedFile &file)
{
    ++checked;
    switch (file.outcome) {
    case FileOutcome::Verified:
        ++verified;
        return;
    case FileOutcome::Fits:
        ++fits;
        return;
    case FileOutcome::Unknown:
        ++unknown;
        break;
    case FileOutcome::Missing:
    case FileOutcome::Changed:
    case FileOutcome::Damaged:
        ++wrong;
        break;
    }
    if (items.size() < mostItems)
        items.append(file);
}

} // namespace ingather::core
