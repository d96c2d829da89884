// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "storage/content_report.h"
#include "storage/content_sample.h"

namespace ingather::storage
{

/// Whether a PDF whose "%PDF-" stands at `start` is all there (ISO 32000-1 §7.5.5, Annexes F and H.3): it
/// ends with "startxref", an offset and "%%EOF", followed by nothing of an update that was cut. Linearised
/// files, updates, cross-reference streams and offsets that count from "%PDF-" are fine. Reads up to 64 KiB
/// from the end, or 1 MiB if something long was appended, and one window at the cross-reference. Errors: of
/// reading.
core::Result<ContentStructure> readPdfStructure(const ContentSample &sample, qsizetype start);

} // namespace ingather::storage
