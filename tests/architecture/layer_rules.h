// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace ingather::architecture
{

/// One ingather_library(…) of src/CMakeLists.txt.
struct Library {
    QString name;
    QStringList mayUse;
    QStringList qtModules;
    QStringList links;
};

/// The libraries in the order of the file.
QList<Library> librariesOf(const QString &cmakeText);

struct Include {
    int line = 0;
    QString path; ///< empty for an include that is computed by a macro
    bool isQuoted = false;
};

/// Every #include of a C++ text that is not commented out, those in untaken branches too.
QList<Include> includesOf(const QString &sourceText);

/// The text with its comments blanked out; lines keep their numbers.
QString withoutComments(const QString &sourceText);

struct Violation {
    QString rule; ///< short name, see checkLayers()
    QString file; ///< relative to src/
    int line = 0;
    QString text;
};

struct Report {
    QList<Violation> violations;
    int fileCount = 0;
    int includeCount = 0;
};

/// Checks a source tree (`src`, with its CMakeLists.txt) against the layers of the design. Rules:
///   order      MAY_USE names lower layers only; siblings never see each other
///   folder     every folder is a declared library, none is called utils, common and the like
///   edge       an include of another layer is in the library's MAY_USE
///   face       models, gui, cli and app see of the engine only facade.h, its siblings
///              ledger_care.h and login_keeper.h, snapshots.h and settings.h
///   quoted     own headers are included as "layer/file.h"; generated ui_*.h where there are windows
///   computed   no include is computed by a macro
///   qt         a Qt header belongs to a module of the library's QT list
///   package    a header of another package belongs to the library's LINK list
///   core       core includes nothing that does input, output, threads, objects or time, and calls no clock
/// app/main.cpp and cli/main.cpp put the programs together: edge, face, qt and package let them pass.
/// `qtHeaders` is the folder that holds QtCore/, QtSql/ and so on.
Report checkLayers(const QString &src, const QString &qtHeaders);

} // namespace ingather::architecture
