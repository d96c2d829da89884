// SPDX-License-Identifier: MIT
#include "transfer/trust.h"

#include <QFile>
#include <QSslCertificate>

namespace ingather::transfer
{

core::Result<QSslConfiguration> tlsTrust(const QString &extraCaCertificateFile)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    if (extraCaCertificateFile.isEmpty())
        return configuration;

    const QString operation = QStringLiteral("read certificate authority");
    QFile file(extraCaCertificateFile);
    if (!file.open(QIODevice::ReadOnly)) {
        return core::Error{core::ErrorCode::InvalidArgument, operation, 0,
                           QStringLiteral("%1: %2").arg(extraCaCertificateFile, file.errorString())};
    }
    const QList<QSslCertificate> extra = QSslCertificate::fromDevice(&file, QSsl::Pem);
    if (extra.isEmpty()) {
        return core::Error{core::ErrorCode::InvalidArgument, operation, 0,
                           QStringLiteral("%1: no PEM certificate in it").arg(extraCaCertificateFile)};
    }
    // Adding one certificate switches off Qt's loading of the system's on demand: name them all.
    configuration.setCaCertificates(QSslConfiguration::systemCaCertificates() + extra);
    return configuration;
}

} // namespace ingather::transfer
