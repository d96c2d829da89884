// SPDX-License-Identifier: MIT
#include "platform/nonce.h"

#include <QRandomGenerator>

namespace ingather::platform
{

QString newNonce()
{
    return QString::number(QRandomGenerator::system()->generate64(), 16).rightJustified(16, u'0');
}

} // namespace ingather::platform
