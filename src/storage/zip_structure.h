// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "storage/content_report.h"
#include "storage/content_sample.h"

namespace ingather::storage
{

/// Whether a zip archive is all there (APPNOTE 6.3 §4.3): its end record lies within the last 65,557 bytes,
/// and the directory that it speaks of ends where the record, or that of zip64, begins. Errors: of reading.
core::Result<ContentStructure> readZipStructure(const ContentSample &sample);

} // namespace ingather::storage
