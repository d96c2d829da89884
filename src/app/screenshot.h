// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QTimer>

namespace ingather::gui
{
class MainWindow;
}

namespace ingather::app
{

/// Takes a picture of the real window for the documentation, then ends the program. The moment is
/// "progress" (a job that is being fetched has 40 % or more, or, if that was missed, all jobs have
/// ended), "ended" (all jobs have ended) or a number of milliseconds. Exit code 1 if the moment
/// doesn't come within two minutes or the picture can't be written.
class Screenshot final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Screenshot)

public:
    Screenshot(gui::MainWindow &window, const QString &file, const QString &moment,
               QObject *parent = nullptr);

private:
    void look();
    void take();

    gui::MainWindow &m_window;
    QString m_file;
    bool m_isProgressWanted;
    QTimer m_look;
};

} // namespace ingather::app
