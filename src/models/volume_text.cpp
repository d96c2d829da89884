// SPDX-License-Identifier: MIT
#include "models/volume_text.h"

namespace ingather::models
{

QString VolumeText::sentence(const engine::VolumeSnapshot &volume)
{
    QString folder = volume.root;
    if (!volume.others.isEmpty())
        folder = tr("%1 (and further folders on that volume: %2)").arg(folder).arg(volume.others.size());
    if (volume.errorCode.isEmpty())
        return tr("%1 can be written again").arg(folder);
    switch (core::errorCodeFromName(volume.errorCode).value_or(core::ErrorCode::VolumeAbsent)) {
    case core::ErrorCode::DiskFull:
        return tr("%1 is full; jobs that wait for room: %2, no attempt is counted")
            .arg(folder)
            .arg(volume.jobs);
    case core::ErrorCode::VolumeFailing:
        return tr("%1 reports errors; jobs that wait for it: %2, no attempt is counted")
            .arg(folder)
            .arg(volume.jobs);
    default:
        return tr("%1 is not there; jobs that wait for it: %2, no attempt is counted")
            .arg(folder)
            .arg(volume.jobs);
    }
}

} // namespace ingather::models
