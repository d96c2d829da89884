// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "core/result.h"
#include "storage/content_report.h"
#include "storage/expected_content.h"

#include <QByteArrayView>
#include <QString>

#include <optional>

namespace ingather::storage
{

/// The last look before a file is filed: is it what was asked for, and all of it? Reads 8 KiB from the start,
/// 64 KiB (at most 1 MiB) from the end and, for a PDF, 64 KiB at its cross-reference; memory does not grow
/// with the file, and its content is not parsed further. Reading errors only; what the file is says the
/// report.
core::Result<ContentReport> judgeFile(const QString &path, ExpectedContent expected);
/// The same of an open regular file; its position is not moved.
core::Result<ContentReport> judgeDescriptor(int descriptor, ExpectedContent expected);
/// The same of bytes in memory.
ContentReport judgeBytes(QByteArrayView bytes, ExpectedContent expected);

/// Why content must not be filed: BlockedPage, ContentTruncated or WrongContent with the report's reason as
/// detail; nullopt for what is right or only unusual.
std::optional<core::Error> refusalOf(const ContentReport &report);

} // namespace ingather::storage
