// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <random>

namespace ingather::support
{

/// What happens to the bytes of a database file. Each function damages `file` in place; the generator decides
/// where, so that a seed gives the same damage again.

void flipBits(QByteArray &file, int count, std::mt19937 &random);
/// Pages count from 1.
void zeroPage(QByteArray &file, int pageSize, int page);
/// At least one; never page 1, whose loss is a damage of its own.
void zeroShareOfPages(QByteArray &file, int pageSize, double share, std::mt19937 &random);
/// Random bytes over what lies there.
void overwrite(QByteArray &file, qint64 offset, qint64 count, std::mt19937 &random);
/// What a file system leaves that never wrote the end.
void truncateTo(QByteArray &file, qint64 size);

} // namespace ingather::support
