// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"

#include <QJsonObject>
#include <QStringList>

namespace ingather::cli
{

/// The one way out: results to stdout, everything else to stderr. Every text for people is made
/// harmless for terminals here. Nothing is buffered, so that nothing is lost with the process; a reader
/// that went away (EPIPE) is noticed and the rest is dropped without a word.
class Output final
{
public:
    /// Descriptors stay the caller's.
    Output(int resultDescriptor, int messageDescriptor, bool isJson, Verbosity verbosity);
    Q_DISABLE_COPY_MOVE(Output)

    bool isJson() const { return m_isJson; }
    bool isQuiet() const { return m_verbosity == Verbosity::Quiet; }
    bool isVerbose() const { return m_verbosity == Verbosity::Verbose; }
    /// False once nobody reads stdout any more.
    bool hasReader() const { return m_hasReader; }

    /// What the command was asked for; left out with --json.
    void result(const QString &line);
    /// Good to know while it happens; left out with -q and --json.
    void news(const QString &line);
    /// One object on a line of its own; left out without --json.
    void json(const QJsonObject &object);
    /// Something to know, to stderr; left out with -q.
    void note(const QString &line);
    /// What went wrong, to stderr, always.
    void problem(const QString &line);

    /// Progress is for people: stderr is a terminal that moves its cursor, and neither -q nor -v (whose log
    /// goes the same way) was given.
    bool showsProgress() const { return m_showsProgress; }
    /// The terminal's columns and rows at this moment.
    int width() const;
    int height() const;
    /// Replaces the block of progress lines at the bottom; an empty list takes it away.
    void showProgress(const QStringList &lines);

private:
    void clearProgress();
    void writeResult(const QByteArray &bytes);
    void writeMessage(const QString &line);

    int m_resultDescriptor;
    int m_messageDescriptor;
    bool m_isJson;
    Verbosity m_verbosity;
    bool m_showsProgress;
    bool m_hasReader = true;
    QStringList m_progress; ///< as drawn
};

} // namespace ingather::cli
