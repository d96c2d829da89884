// SPDX-License-Identifier: MIT
#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

namespace
{

/// What changes names in a folder or fills a file by a single call.
const QRegularExpression effect(
    uR"(\b(renameNoReplace|rename|renameat|renameat2|unlink|unlinkat|link|linkat|symlink|mkdir|mkdirat|rmdir|mkpath|rmpath|removeRecursively)\()"
    uR"(|\b(FICLONE|FICLONERANGE|copy_file_range|O_CREAT|QSaveFile)\b|\bQFile::(remove|copy)\()"_s);

/// Functions with an effect and without a point of their own, each with the reason why a kill there is tried
/// all the same, or has nothing to show.
const QMap<QString, QString> exceptions{
    {u"engine/logins/login_list.cpp LoginList::change"_s,
     u"an empty folder, and a list that is replaced as a whole: of no job and no ledger"_s},
    {u"storage/file_copy.cpp fill"_s, u"fills a file that has no name of its own yet: copy.before_rename"_s},
    {u"storage/part_handover.cpp copyPart"_s, u"between the two points of its only caller, adoptPart"_s},
    {u"storage/quarantine.cpp renameToFreeName"_s, u"between the two points of quarantinePart"_s},
    {u"storage/quarantine.cpp copyToFreeName"_s, u"between the two points of quarantinePart"_s},
    {u"storage/sidecar.cpp removeSidecar"_s, u"its callers pass filing, quarantine and discard points"_s},
    {u"storage/parts_folder.cpp makePartsFolder"_s,
     u"an empty folder; part.sidecar_written or part.created comes next"_s},
    {u"storage/parts_folder.cpp createInPartsFolder"_s,
     u"its callers pass part.created, copy and adopt points"_s},
    {u"storage/parts_folder.cpp removePartsFolderIfEmpty"_s,
     u"an empty folder, made again by who needs it"_s},
};

/// Functions with effects, and whether a crash point stands in them.
struct Found {
    QMap<QString, bool> functions;
};

/// Functions are told by our layout: each ends with a '}' in the first column, and its head is the last line
/// in the first column that has a '('. Comments don't count.
void read(const QString &name, const QString &text, Found &found)
{
    static const QRegularExpression end(u"^\\};?$"_s, QRegularExpression::MultilineOption);
    static const QRegularExpression comment(u"//[^\n]*|/\\*.*?\\*/"_s,
                                            QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression head(u"^[A-Za-z][^\n(]*?([A-Za-z_:~]+)\\("_s,
                                         QRegularExpression::MultilineOption);
    QString code = text;
    code.remove(comment);
    for (const QString &block : code.split(end)) {
        if (!block.contains(effect))
            continue;
        QString function;
        for (auto heads = head.globalMatch(block); heads.hasNext();)
            function = heads.next().captured(1);
        const QString key = name + u' ' + function;
        found.functions[key] = found.functions.value(key, true) && block.contains(u"passCrashPoint("_s);
    }
}

} // namespace

/// An effect that no test can kill beside would never be tested. This finds functions of storage/ and engine/
/// that have a file effect and no crash point. It does not find a second effect in a function that has a
/// point already, nor one behind a function of platform/ that is not named above.
class TestFileEffects final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatHasNoPoint_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("found"); // "name:has a point"
        QTest::newRow("no effect") << u"return 1;"_s << QString();
        QTest::newRow("an effect with a point")
            << u"passCrashPoint(A);\n    ::unlink(name);"_s << u"a.cpp Some::place:1"_s;
        QTest::newRow("an effect without") << u"::unlink(name);"_s << u"a.cpp Some::place:0"_s;
        QTest::newRow("a rename of ours")
            << u"platform::renameNoReplace(a, b);"_s << u"a.cpp Some::place:0"_s;
        QTest::newRow("a new file") << u"open(a, O_RDWR | O_CREAT);"_s << u"a.cpp Some::place:0"_s;
        QTest::newRow("a point in a comment is none")
            << u"::rename(a, b); // passCrashPoint(A)"_s << u"a.cpp Some::place:0"_s;
        QTest::newRow("an effect in a comment is none") << u"// ::rename(a, b)"_s << QString();
    }
    void findsWhatHasNoPoint()
    {
        QFETCH(QString, body);
        QFETCH(QString, found);
        Found seen;
        read(u"a.cpp"_s,
             u"namespace x\n{\n\nResult<> Some::place(const QString &a)\n{\n    %1\n}\n\n"
             "int other()\n{\n    passCrashPoint(B);\n}\n\n} // namespace x\n"_s.arg(body),
             seen);
        QStringList list;
        for (auto it = seen.functions.cbegin(); it != seen.functions.cend(); ++it)
            list.append(it.key() + u':' + QString::number(it.value()));
        QCOMPARE(list.join(u' '), found);
    }

    void everyEffectHasItsPoint()
    {
        const QString tree = QStringLiteral(INGATHER_SOURCE_TREE);
        Found found;
        int files = 0;
        for (const QString &folder : {u"/storage"_s, u"/engine"_s}) {
            QDirIterator sources(tree + folder, {u"*.cpp"_s, u"*.h"_s}, QDir::Files,
                                 QDirIterator::Subdirectories);
            while (sources.hasNext()) {
                QFile file(sources.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                read(file.fileName().mid(tree.size() + 1), QString::fromUtf8(file.readAll()), found);
                ++files;
            }
        }
        QVERIFY(files > 20);
        QVERIFY(found.functions.value(u"storage/filing.cpp filePart"_s)); // it does see them
        QStringList wrong;
        QSet<QString> used;
        for (auto it = found.functions.cbegin(); it != found.functions.cend(); ++it) {
            if (it.value())
                continue;
            if (exceptions.contains(it.key()))
                used.insert(it.key());
            else
                wrong.append(it.key() + u": a file effect and no crash point"_s);
        }
        for (auto it = exceptions.cbegin(); it != exceptions.cend(); ++it) {
            if (!used.contains(it.key()))
                wrong.append(it.key() + u": an exception that nothing needs"_s);
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }
};

QTEST_GUILESS_MAIN(TestFileEffects)
#include "tst_file_effects.moc"
