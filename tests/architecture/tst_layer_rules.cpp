// SPDX-License-Identifier: MIT
#include "architecture/layer_rules.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace ingather::architecture;
using namespace Qt::StringLiterals;

namespace
{

const QString libraries =
    u"# ingather_library(NAME ghost MAY_USE everything)\n"
    "function(ingather_library)\n"
    "endfunction()\n"
    "ingather_library(NAME core QT Core)\n"
    "ingather_library(NAME platform MAY_USE core QT Core)\n"
    "ingather_library(NAME ledger MAY_USE core platform QT Core Sql LINK SQLite::SQLite3)\n"
    "ingather_library(NAME storage MAY_USE core platform QT Core LINK OpenSSL::Crypto ZLIB::ZLIB)\n"
    "ingather_library(NAME transfer MAY_USE core platform QT Core Network LINK QCoro6::Core)\n"
    "ingather_library(NAME intake MAY_USE core platform QT Core)\n"
    "ingather_library(NAME engine MAY_USE core platform ledger storage transfer intake\n"
    "    QT Core LINK QCoro6::Core)\n"
    "ingather_library(NAME models MAY_USE core engine QT Core)\n"
    "ingather_library(NAME gui MAY_USE core engine models QT Widgets Svg)\n"
    "ingather_library(NAME cli MAY_USE core engine models QT Core LINK CLI11::CLI11)\n"
    "ingather_library(NAME app MAY_USE core engine models gui QT Widgets Network)\n"_s;

} // namespace

class TestLayerRules final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void judges_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("rule"); // empty: allowed
        const auto row = [](const char *what, const QString &file, const QString &text,
                            const QString &rule = {}) { QTest::newRow(what) << file << text << rule; };
        row("nothing is wrong with nothing", u"core/a.h"_s, u""_s);
        row("a layer may use itself", u"core/a.cpp"_s, u"#include \"core/a.h\"\n"_s);
        // edge
        row("a layer may use what its list says", u"ledger/a.cpp"_s,
            u"#include \"platform/file_lock.h\"\n"_s);
        row("the engine may use its four", u"engine/a.cpp"_s,
            u"#include \"ledger/a.h\"\n#include \"storage/a.h\"\n#include \"transfer/a.h\"\n#include \"intake/a.h\"\n"_s);
        row("siblings never see each other", u"ledger/a.cpp"_s, u"#include \"storage/filing.h\"\n"_s,
            u"edge"_s);
        row("intake sees no ledger", u"intake/a.h"_s, u"#include \"ledger/records.h\"\n"_s, u"edge"_s);
        row("core sees nobody", u"core/a.h"_s, u"#include \"platform/file_lock.h\"\n"_s, u"edge"_s);
        row("nobody looks up", u"engine/a.cpp"_s, u"#include \"models/a.h\"\n"_s, u"edge"_s);
        row("a face sees no ledger", u"gui/a.cpp"_s, u"#include \"ledger/session.h\"\n"_s, u"edge"_s);
        row("the window sees no command line", u"gui/a.cpp"_s, u"#include \"cli/a.h\"\n"_s, u"edge"_s);
        row("angle brackets are no way round", u"ledger/a.cpp"_s, u"#include <storage/filing.h>\n"_s,
            u"edge"_s);
        row("blanks are no way round", u"ledger/a.cpp"_s, u"  #  include\t\"storage/filing.h\"\n"_s,
            u"edge"_s);
        row("an untaken branch counts", u"ledger/a.cpp"_s,
            u"#if 0\n#include \"storage/filing.h\"\n#endif\n"_s, u"edge"_s);
        row("a folder inside a layer counts with it", u"ledger/schema/a.h"_s,
            u"#include \"storage/filing.h\"\n"_s, u"edge"_s);
        row("a comment is no include", u"ledger/a.cpp"_s,
            u"// #include \"storage/filing.h\"\n/*\n#include \"storage/filing.h\"\n*/\n"_s);
        row("a comment that a string only seems to open", u"ledger/a.cpp"_s,
            u"auto a = \"/*\";\n#include \"storage/filing.h\"\nauto b = \"*/\";\n"_s, u"edge"_s);
        row("a comment that a quote only seems to open", u"ledger/a.cpp"_s,
            u"auto a = 1'000; auto b = '\"'; /* \" */\n#include \"storage/filing.h\"\n"_s, u"edge"_s);
        // programs
        row("the desktop's main may use all", u"app/main.cpp"_s,
            u"#include \"ledger/session.h\"\n#include \"engine/worker.h\"\n#include <QSqlDatabase>\n"_s);
        row("the command line's main may use all", u"cli/main.cpp"_s, u"#include \"engine/worker.h\"\n"_s);
        row("another file of the program may not", u"app/window.cpp"_s, u"#include \"ledger/session.h\"\n"_s,
            u"edge"_s);
        row("the main of another layer may not", u"gui/main.cpp"_s, u"#include \"ledger/session.h\"\n"_s,
            u"edge"_s);
        row("a main may not include by a macro either", u"cli/main.cpp"_s, u"#include HEADER\n"_s,
            u"computed"_s);
        // face
        row("a face sees facade, snapshots and settings", u"models/a.cpp"_s,
            u"#include \"engine/facade.h\"\n#include \"engine/snapshots.h\"\n#include \"engine/settings.h\"\n"
            "#include \"engine/ledger_care.h\"\n"_s);
        row("the models see nothing else of the engine", u"models/a.cpp"_s, u"#include \"engine/lane.h\"\n"_s,
            u"face"_s);
        row("the window neither", u"gui/a.cpp"_s, u"#include \"engine/lane.h\"\n"_s, u"face"_s);
        row("the command line neither", u"cli/a.cpp"_s, u"#include \"engine/log.h\"\n"_s, u"face"_s);
        row("the desktop neither", u"app/a.cpp"_s, u"#include \"engine/lane.h\"\n"_s, u"face"_s);
        row("the engine itself does", u"engine/a.cpp"_s, u"#include \"engine/lane.h\"\n"_s);
        // quoted, computed
        row("own headers have their layer", u"ledger/a.cpp"_s, u"#include \"session.h\"\n"_s, u"quoted"_s);
        row("no way up", u"ledger/a.cpp"_s, u"#include \"../storage/filing.h\"\n"_s, u"quoted"_s);
        row("forms where there are windows", u"gui/a.cpp"_s, u"#include \"ui_a.h\"\n"_s);
        row("no forms elsewhere", u"models/a.cpp"_s, u"#include \"ui_a.h\"\n"_s, u"quoted"_s);
        row("a file's own moc", u"engine/a.cpp"_s, u"#include \"a.moc\"\n"_s);
        row("no other moc", u"engine/a.cpp"_s, u"#include \"b.moc\"\n"_s, u"quoted"_s);
        row("no computed includes", u"engine/a.cpp"_s, u"#include HEADER\n"_s, u"computed"_s);
        // qt
        row("Qt Core everywhere", u"platform/a.cpp"_s, u"#include <QFile>\n#include <QtCore/QString>\n"_s);
        row("Qt Sql in the ledger", u"ledger/a.cpp"_s,
            u"#include <QSqlQuery>\n#include <QtSql/QSqlError>\n"_s);
        row("no Qt Sql in the engine", u"engine/a.cpp"_s, u"#include <QSqlQuery>\n"_s, u"qt"_s);
        row("no Qt Sql by its folder", u"engine/a.cpp"_s, u"#include <QtSql/QSqlQuery>\n"_s, u"qt"_s);
        row("no Qt Sql by its file", u"engine/a.cpp"_s, u"#include <qsqlquery.h>\n"_s, u"qt"_s);
        row("no Qt Sql as a whole", u"engine/a.cpp"_s, u"#include <QtSql>\n"_s, u"qt"_s);
        row("Qt Network in the transfer", u"transfer/a.cpp"_s, u"#include <QNetworkReply>\n"_s);
        row("Qt Network in the desktop program", u"app/a.cpp"_s, u"#include <QLocalSocket>\n"_s);
        row("no Qt Network in the window", u"gui/a.cpp"_s, u"#include <QNetworkReply>\n"_s, u"qt"_s);
        row("no Qt Network in the ledger", u"ledger/a.cpp"_s, u"#include <QHostInfo>\n"_s, u"qt"_s);
        row("widgets and what they stand on in the window", u"gui/a.cpp"_s,
            u"#include <QWidget>\n#include <QIcon>\n#include <QString>\n#include <QSvgRenderer>\n"_s);
        row("no widgets in the models", u"models/a.cpp"_s, u"#include <QWidget>\n"_s, u"qt"_s);
        row("no icons in the models", u"models/a.cpp"_s, u"#include <QIcon>\n"_s, u"qt"_s);
        row("no test library in the source", u"engine/a.cpp"_s, u"#include <QSignalSpy>\n"_s, u"qt"_s);
        // package
        row("SQLite in the ledger", u"ledger/a.cpp"_s, u"#include <sqlite3.h>\n"_s);
        row("no SQLite in the engine", u"engine/a.cpp"_s, u"#include <sqlite3.h>\n"_s, u"package"_s);
        row("OpenSSL and zlib in the storage", u"storage/a.cpp"_s,
            u"#include <openssl/evp.h>\n#include <zlib.h>\n"_s);
        row("no OpenSSL in the transfer", u"transfer/a.cpp"_s, u"#include <openssl/evp.h>\n"_s, u"package"_s);
        row("no zlib in the transfer", u"transfer/a.cpp"_s, u"#include <zlib.h>\n"_s, u"package"_s);
        row("QCoro in the engine", u"engine/a.cpp"_s, u"#include <QCoroTask>\n"_s);
        row("no QCoro in the models", u"models/a.cpp"_s, u"#include <QCoroFuture>\n"_s, u"package"_s);
        row("CLI11 on the command line", u"cli/a.cpp"_s, u"#include <CLI/CLI.hpp>\n"_s);
        row("no CLI11 in the engine", u"engine/a.cpp"_s, u"#include <CLI/App.hpp>\n"_s, u"package"_s);
        // core
        row("values and rules in core", u"core/a.cpp"_s,
            u"#include <QString>\n#include <QJsonObject>\n#include <QUrl>\n#include <chrono>\n"_s);
        row("no objects in core", u"core/a.h"_s, u"#include <QObject>\n"_s, u"core"_s);
        row("no objects in core by their folder", u"core/a.h"_s, u"#include <QtCore/QObject>\n"_s, u"core"_s);
        row("no files in core", u"core/a.cpp"_s, u"#include <QFile>\n"_s, u"core"_s);
        row("no file facts in core", u"core/a.cpp"_s, u"#include <QFileInfo>\n"_s, u"core"_s);
        row("no files of the standard library in core", u"core/a.cpp"_s, u"#include <fstream>\n"_s,
            u"core"_s);
        row("no system calls in core", u"core/a.cpp"_s, u"#include <sys/stat.h>\n"_s, u"core"_s);
        row("no threads in core", u"core/a.cpp"_s, u"#include <QThread>\n"_s, u"core"_s);
        row("no clock in core", u"core/a.cpp"_s, u"auto t = std::chrono::system_clock::now();\n"_s,
            u"core"_s);
        row("no time of day in core", u"core/a.cpp"_s, u"auto t = QDateTime::currentDateTimeUtc();\n"_s,
            u"core"_s);
        row("a clock in a comment is none", u"core/a.cpp"_s, u"// not std::chrono::system_clock\n"_s);
        row("clocks elsewhere", u"platform/a.cpp"_s, u"auto t = std::chrono::system_clock::now();\n"_s);
        row("no Qt Sql in core", u"core/a.cpp"_s, u"#include <QSqlQuery>\n"_s, u"core qt"_s);
        row("no Qt Network in core", u"core/a.cpp"_s, u"#include <QHostAddress>\n"_s, u"qt"_s);
        row("no widgets in core", u"core/a.cpp"_s, u"#include <QLabel>\n"_s, u"qt"_s);
        // folder
        row("no utils", u"utils/a.h"_s, u""_s, u"folder folder"_s);
        row("no common inside a layer", u"ledger/common/a.h"_s, u""_s, u"folder"_s);
        row("no folder that is no library", u"plugins/a.h"_s, u""_s, u"folder"_s);
    }

    void judges()
    {
        QFETCH(QString, file);
        QFETCH(QString, text);
        const Report report = reportOn(libraries, file, text);
        QStringList rules;
        for (const Violation &violation : report.violations)
            rules += violation.rule;
        rules.sort();
        QTEST(rules.join(u' '), "rule");
        QCOMPARE(report.fileCount, 1);
    }

    void judgesTheListItself_data()
    {
        QTest::addColumn<QString>("list");
        QTest::addColumn<QString>("text");
        QTest::newRow("a sibling") << u"ingather_library(NAME ledger MAY_USE core storage QT Core)"_s
                                   << u"ledger may not use storage"_s;
        QTest::newRow("a higher layer")
            << u"ingather_library(NAME core MAY_USE platform QT Core)"_s << u"core may not use platform"_s;
        QTest::newRow("itself") << u"ingather_library(NAME engine MAY_USE engine QT Core)"_s
                                << u"engine may not use engine"_s;
        QTest::newRow("a layer that does not exist")
            << u"ingather_library(NAME gui MAY_USE widgets QT Core)"_s << u"gui may not use widgets"_s;
        QTest::newRow("a library that is no layer") << u"ingather_library(NAME extras MAY_USE core QT Core)"_s
                                                    << u"extras is no layer of the design"_s;
    }

    void judgesTheListItself()
    {
        QFETCH(QString, list);
        const Report report = reportOn(list, {}, {});
        QCOMPARE(report.violations.size(), 1);
        QCOMPARE(report.violations.first().rule, u"order"_s);
        QTEST(report.violations.first().text, "text");
    }

    void namesFileAndLine()
    {
        const Report report =
            reportOn(libraries, u"ledger/a.cpp"_s, u"// first\n\n#include \"storage/filing.h\" // why\n"_s);
        QCOMPARE(report.violations.size(), 1);
        QCOMPARE(report.violations.first().file, u"ledger/a.cpp"_s);
        QCOMPARE(report.violations.first().line, 3);
        QCOMPARE(report.includeCount, 1);
    }

    void readsListsOverSeveralLines()
    {
        const QList<Library> found = librariesOf(libraries);
        QCOMPARE(found.size(), 11);
        QCOMPARE(found[6].name, u"engine"_s);
        QCOMPARE(found[6].mayUse.join(u' '), u"core platform ledger storage transfer intake"_s);
        QCOMPARE(found[6].qtModules.join(u' '), u"Core"_s);
        QCOMPARE(found[6].links.join(u' '), u"QCoro6::Core"_s);
    }

private:
    static Report reportOn(const QString &list, const QString &file, const QString &text)
    {
        const QTemporaryDir folder;
        const auto write = [&folder](const QString &name, const QString &content) {
            const QString path = folder.filePath(name);
            QDir().mkpath(path.section(u'/', 0, -2));
            QFile out(path);
            return out.open(QIODevice::WriteOnly) && out.write(content.toUtf8()) == content.toUtf8().size();
        };
        if (!write(u"CMakeLists.txt"_s, list) || (!file.isEmpty() && !write(file, text)))
            return {};
        return checkLayers(folder.path(), QStringLiteral(INGATHER_QT_HEADERS));
    }
};

QTEST_APPLESS_MAIN(TestLayerRules)
#include "tst_layer_rules.moc"
