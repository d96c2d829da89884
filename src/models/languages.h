// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QString>

namespace ingather::models
{

/// Installs the translations of Qt and of Ingather for `language` ("de", "de_AT"; empty: the system's
/// languages in their order) and makes its locale the default. Translators belong to `owner`. False
/// if Ingather doesn't speak it; texts are English then.
bool speak(const QString &language, QObject *owner);

} // namespace ingather::models
