// SPDX-License-Identifier: MIT
#include "architecture/layer_rules.h"

#include <QFile>
#include <QTest>

using namespace ingather::architecture;
using namespace Qt::StringLiterals;

namespace
{

const QString src = QStringLiteral(INGATHER_SOURCE_TREE);
const QString qtHeaders = QStringLiteral(INGATHER_QT_HEADERS);

} // namespace

class TestLayers final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSourceKeepsTheRules()
    {
        const Report report = checkLayers(src, qtHeaders);
        for (const Violation &violation : report.violations)
            qWarning("src/%s:%d: [%s] %s", qPrintable(violation.file), violation.line,
                     qPrintable(violation.rule), qPrintable(violation.text));
        QCOMPARE(report.violations.size(), 0);
        // A check that has seen nothing proves nothing.
        QVERIFY2(report.fileCount > 40, qPrintable(QString::number(report.fileCount)));
        QVERIFY2(report.includeCount > 100, qPrintable(QString::number(report.includeCount)));
    }

    void theHeadersOfQtAreWhereTheCheckLooks()
    {
        for (const QString &header : {u"QtCore/QString"_s, u"QtSql/QSqlQuery"_s, u"QtNetwork/QNetworkReply"_s,
                                      u"QtWidgets/QWidget"_s, u"QtGui/QIcon"_s})
            QVERIFY2(QFile::exists(qtHeaders + u'/' + header), qPrintable(header));
    }

    void theListIsThatOfTheDesign()
    {
        QFile file(src + u"/CMakeLists.txt"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QStringList names;
        for (const Library &library : librariesOf(QString::fromUtf8(file.readAll()))) {
            names += library.name;
            QVERIFY2(library.name == u"core"_s ? library.mayUse.isEmpty()
                                               : library.mayUse.contains(u"core"_s),
                     qPrintable(library.name));
            QVERIFY2(!library.qtModules.isEmpty(), qPrintable(library.name));
        }
        QCOMPARE(names.join(u' '),
                 u"core platform ledger storage transfer intake engine models gui cli app"_s);
    }
};

QTEST_APPLESS_MAIN(TestLayers)
#include "tst_layers.moc"
