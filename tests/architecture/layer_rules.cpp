// SPDX-License-Identifier: MIT
#include "architecture/layer_rules.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ingather::architecture
{

namespace
{

/// From the ground up; layers of one rank are siblings.
const QHash<QString, int> ranks{
    {u"core"_s, 0},     {u"platform"_s, 1}, {u"ledger"_s, 2}, {u"storage"_s, 2},
    {u"transfer"_s, 2}, {u"intake"_s, 2},   {u"engine"_s, 3}, {u"models"_s, 4},
    {u"gui"_s, 5},      {u"cli"_s, 5},      {u"app"_s, 6},
};

const QSet<QString> faces{u"models"_s, u"gui"_s, u"cli"_s, u"app"_s};
const QSet<QString> engineForFaces{u"engine/facade.h"_s, u"engine/ledger_care.h"_s,
                                   u"engine/login_keeper.h"_s, u"engine/snapshots.h"_s,
                                   u"engine/settings.h"_s};
const QSet<QString> programs{u"app/main.cpp"_s, u"cli/main.cpp"_s};
const QSet<QString> namelessFolders{u"utils"_s,  u"util"_s, u"common"_s, u"helpers"_s,
                                    u"helper"_s, u"misc"_s, u"shared"_s, u"base"_s};

/// What a Qt module brings along.
const QHash<QString, QStringList> impliedModules{
    {u"Widgets"_s, {u"Gui"_s, u"Core"_s}},
    {u"Svg"_s, {u"Gui"_s, u"Core"_s}},
    {u"Gui"_s, {u"Core"_s}},
    {u"Sql"_s, {u"Core"_s}},
    {u"Network"_s, {u"Core"_s}},
};

struct Package {
    QRegularExpression headers;
    QString linkPrefix;
};

const QList<Package> &packages()
{
    static const QList<Package> list{
        {QRegularExpression(u"\\A(qcoro|QCoro)"_s), u"QCoro6::"_s},
        {QRegularExpression(u"\\Aopenssl/"_s), u"OpenSSL::"_s},
        {QRegularExpression(u"\\Asqlite3"_s), u"SQLite::"_s},
        {QRegularExpression(u"\\Az(lib|conf)\\.h\\z"_s), u"ZLIB::"_s},
        {QRegularExpression(u"\\ACLI/"_s), u"CLI11::"_s},
        {QRegularExpression(u"\\Aqt6keychain/"_s), u"Qt6Keychain::"_s},
    };
    return list;
}

const QRegularExpression &foreignToCore()
{
    static const QRegularExpression headers(
        u"\\A(QObject|QFile.*|QSaveFile|QTemporary.*|QDir.*|QIODevice|QBuffer|QTextStream|QDataStream|"
        u"QDateTime|"
        "QElapsedTimer|QTimer|QDeadlineTimer|QThread.*|QMutex|QReadWriteLock|QFuture.*|QPromise|QProcess.*|"
        "QSettings|"
        "QStandardPaths|QStorageInfo|QSysInfo|QCoreApplication|QEvent.*|QLoggingCategory|QLockFile|"
        "QRandomGenerator|"
        "QSql.*|QNetwork.*|QWidget.*|"
        "fstream|iostream|filesystem|thread|mutex|shared_mutex|condition_variable|future|atomic|random|"
        "cstdio|stdio\\.h|cstdlib|stdlib\\.h|ctime|time\\.h|unistd\\.h|fcntl\\.h|sys/.*|windows\\.h)\\z"_s);
    return headers;
}

const QRegularExpression &clocksAndWorld()
{
    static const QRegularExpression words(
        u"\\b(Q_OBJECT|Q_GADGET|currentDateTime\\w*|currentMSecsSinceEpoch|currentSecsSinceEpoch|getenv|"
        u"qgetenv|"
        "qEnvironmentVariable\\w*|(?:system|steady|high_resolution)_clock)\\b"_s);
    return words;
}

QString readText(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

class Check
{
public:
    Check(const QString &src, const QString &qtHeaders) : m_src(src)
    {
        for (const Library &library : librariesOf(readText(src + u"/CMakeLists.txt"_s)))
            m_libraries.insert(library.name, library);
        for (const QString &module : QDir(qtHeaders).entryList({u"Qt*"_s}, QDir::Dirs))
            m_qtModules.insert(module.mid(2), QDir(qtHeaders + u'/' + module));
    }

    Report run()
    {
        checkOrder();
        checkFolders();
        QStringList files;
        for (QDirIterator it(m_src, {u"*.h"_s, u"*.cpp"_s}, QDir::Files, QDirIterator::Subdirectories);
             it.hasNext();)
            files += QDir(m_src).relativeFilePath(it.next());
        files.sort();
        for (const QString &file : std::as_const(files))
            checkFile(file);
        return m_report;
    }

private:
    void add(const QString &rule, const QString &file, int line, const QString &text)
    {
        m_report.violations.append({rule, file, line, text});
    }

    void checkOrder()
    {
        for (const Library &library : std::as_const(m_libraries)) {
            const auto rank = ranks.constFind(library.name);
            if (rank == ranks.constEnd()) {
                add(u"order"_s, u"CMakeLists.txt"_s, 0, u"%1 is no layer of the design"_s.arg(library.name));
                continue;
            }
            for (const QString &used : library.mayUse) {
                if (ranks.value(used, 99) >= *rank)
                    add(u"order"_s, u"CMakeLists.txt"_s, 0, u"%1 may not use %2"_s.arg(library.name, used));
            }
        }
    }

    void checkFolders()
    {
        for (QDirIterator it(m_src, QDir::Dirs | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
             it.hasNext();) {
            const QString folder = QDir(m_src).relativeFilePath(it.next());
            if (namelessFolders.contains(folder.section(u'/', -1).toLower()))
                add(u"folder"_s, folder, 0, u"a name that says nothing"_s);
            if (!folder.contains(u'/') && !m_libraries.contains(folder))
                add(u"folder"_s, folder, 0, u"no ingather_library of that name"_s);
        }
    }

    void checkFile(const QString &file)
    {
        ++m_report.fileCount;
        const QString layer = file.section(u'/', 0, 0);
        const QString text = readText(m_src + u'/' + file);
        for (const Include &include : includesOf(text)) {
            ++m_report.includeCount;
            checkInclude(file, m_libraries.value(layer), include);
        }
        if (layer != u"core"_s)
            return;
        const QString code = withoutComments(text);
        for (auto it = clocksAndWorld().globalMatch(code); it.hasNext();) {
            const QRegularExpressionMatch match = it.next();
            const int line = int(QStringView(code).first(match.capturedStart()).count(u'\n')) + 1;
            add(u"core"_s, file, line, u"%1 is not for core"_s.arg(match.captured()));
        }
    }

    void checkInclude(const QString &file, const Library &library, const Include &include)
    {
        const QString &path = include.path;
        if (path.isEmpty()) {
            add(u"computed"_s, file, include.line, u"name the header"_s);
            return;
        }
        const QString target = path.section(u'/', 0, 0);
        const bool isOurs = path.contains(u'/') && ranks.contains(target);
        if (include.isQuoted && !isOurs) {
            const bool hasWindows = library.name == u"gui"_s || library.name == u"app"_s;
            const bool isForm = path.startsWith(u"ui_"_s) && path.endsWith(u".h"_s) && hasWindows;
            const bool isMoc = path == file.section(u'/', -1).section(u'.', 0, 0) + u".moc"_s;
            if (!isForm && !isMoc)
                add(u"quoted"_s, file, include.line, u"\"%1\" is not layer/file.h"_s.arg(path));
            return;
        }
        const QString name = path.startsWith(u"Qt"_s) ? path.section(u'/', -1) : path;
        if (library.name == u"core"_s && !isOurs && foreignToCore().match(name).hasMatch())
            add(u"core"_s, file, include.line, u"<%1> is not for core"_s.arg(path));
        if (programs.contains(file))
            return;
        if (isOurs) {
            if (target != library.name && !library.mayUse.contains(target))
                add(u"edge"_s, file, include.line, u"%1 may not include %2"_s.arg(library.name, path));
            else if (target == u"engine"_s && faces.contains(library.name) && !engineForFaces.contains(path))
                add(u"face"_s, file, include.line, u"%1 may not include %2"_s.arg(library.name, path));
            return;
        }
        checkForeign(file, library, include);
    }

    void checkForeign(const QString &file, const Library &library, const Include &include)
    {
        for (const Package &package : packages()) {
            if (!package.headers.match(include.path).hasMatch())
                continue;
            const bool isLinked =
                std::any_of(library.links.begin(), library.links.end(),
                            [&package](const QString &link) { return link.startsWith(package.linkPrefix); });
            if (!isLinked)
                add(u"package"_s, file, include.line,
                    u"%1 may not include <%2>"_s.arg(library.name, include.path));
            return;
        }
        const QStringList modules = modulesOf(include.path);
        if (modules.isEmpty())
            return;
        QStringList allowed = library.qtModules;
        for (const QString &module : library.qtModules)
            allowed += impliedModules.value(module);
        if (std::none_of(modules.begin(), modules.end(),
                         [&allowed](const QString &module) { return allowed.contains(module); }))
            add(u"qt"_s, file, include.line,
                u"%1 may not include <%2> of Qt %3"_s.arg(library.name, include.path, modules.join(u", "_s)));
    }

    /// The Qt modules that have a header of that name: <QSqlQuery>, <qsqlquery.h>, <QtSql/QSqlQuery>,
    /// <QtSql>.
    QStringList modulesOf(const QString &path) const
    {
        const QString folder = path.contains(u'/') ? path.section(u'/', 0, 0) : path;
        if (folder.startsWith(u"Qt"_s) && m_qtModules.contains(folder.mid(2)))
            return {folder.mid(2)};
        QStringList found;
        if (path.contains(u'/') || !(path.startsWith(u'Q') || path.startsWith(u'q')))
            return found;
        for (auto it = m_qtModules.constBegin(); it != m_qtModules.constEnd(); ++it) {
            if (it->exists(path))
                found += it.key();
        }
        return found;
    }

    QString m_src;
    QHash<QString, Library> m_libraries;
    QHash<QString, QDir> m_qtModules;
    Report m_report;
};

} // namespace

QList<Library> librariesOf(const QString &cmakeText)
{
    static const QRegularExpression comment(u"#[^\n]*"_s);
    static const QRegularExpression call(u"\\bingather_library\\s*\\(([^)]*)\\)"_s);
    static const QRegularExpression blanks(u"\\s+"_s);
    const QString text = QString(cmakeText).remove(comment);
    QList<Library> libraries;
    for (auto it = call.globalMatch(text); it.hasNext();) {
        Library library;
        QString section;
        for (const QString &word : it.next().captured(1).split(blanks, Qt::SkipEmptyParts)) {
            if (word == u"NAME"_s || word == u"MAY_USE"_s || word == u"QT"_s || word == u"LINK"_s)
                section = word;
            else if (section == u"NAME"_s)
                library.name = word;
            else if (section == u"MAY_USE"_s)
                library.mayUse += word;
            else if (section == u"QT"_s)
                library.qtModules += word;
            else if (section == u"LINK"_s)
                library.links += word;
        }
        if (!library.name.isEmpty())
            libraries += library;
    }
    return libraries;
}

QString withoutComments(const QString &sourceText)
{
    QString text = sourceText;
    enum class In { Code, String, Character, LineComment, BlockComment } in = In::Code;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        const QChar next = i + 1 < text.size() ? text[i + 1] : QChar();
        switch (in) {
        case In::Code:
            if (c == u'/' && (next == u'/' || next == u'*')) {
                in = next == u'/' ? In::LineComment : In::BlockComment;
                text[i] = text[i + 1] = u' ';
                ++i;
            } else if (c == u'"') {
                in = In::String;
            } else if (c == u'\'' && !(i > 0 && text[i - 1].isLetterOrNumber())) {
                in = In::Character; // not the separator of 1'000
            }
            break;
        case In::String:
        case In::Character:
            if (c == u'\\')
                ++i;
            else if (c == (in == In::String ? u'"' : u'\'') || c == u'\n')
                in = In::Code;
            break;
        case In::LineComment:
            if (c == u'\n')
                in = In::Code;
            else
                text[i] = u' ';
            break;
        case In::BlockComment:
            if (c == u'*' && next == u'/') {
                text[i] = text[i + 1] = u' ';
                ++i;
                in = In::Code;
            } else if (c != u'\n') {
                text[i] = u' ';
            }
            break;
        }
    }
    return text;
}

QList<Include> includesOf(const QString &sourceText)
{
    static const QRegularExpression directive(u"\\A\\s*#\\s*include(?:_next)?\\b\\s*(.*)"_s);
    static const QRegularExpression name(u"\\A([<\"])([^>\"]+)[>\"]"_s);
    QList<Include> includes;
    int line = 0;
    for (const QString &text : withoutComments(sourceText).split(u'\n')) {
        ++line;
        const QRegularExpressionMatch match = directive.match(text);
        if (!match.hasMatch())
            continue;
        const QRegularExpressionMatch header = name.match(match.captured(1));
        includes.append({line, header.captured(2).trimmed(), header.captured(1) == u"\""_s});
    }
    return includes;
}

Report checkLayers(const QString &src, const QString &qtHeaders)
{
    return Check(src, qtHeaders).run();
}

} // namespace ingather::architecture
