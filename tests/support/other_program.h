// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

#include <sqlite3.h>

namespace ingather::support
{

/// A connection of the C library to a ledger, as another program has it.
class OtherProgram final
{
public:
    enum class Access {
        ReadWrite,
        ReadOnly, ///< never moves anything from the log into the file
    };

    explicit OtherProgram(const QString &path, Access access = Access::ReadWrite)
    {
        const int flags =
            access == Access::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
        if (sqlite3_open_v2(path.toUtf8().constData(), &m_connection, flags, nullptr) != SQLITE_OK)
            qFatal("cannot open %ls", qUtf16Printable(path));
        sqlite3_busy_timeout(m_connection, 5000);
    }
    ~OtherProgram() { sqlite3_close(m_connection); }
    Q_DISABLE_COPY_MOVE(OtherProgram)

    /// SQLITE_OK or the error.
    int run(const QString &sql) const
    {
        return sqlite3_exec(m_connection, sql.toUtf8().constData(), nullptr, nullptr, nullptr);
    }
    /// Rows of a query, columns joined by "|". An error ends the test.
    QStringList rows(const QString &sql) const
    {
        QStringList found;
        const auto collect = [](void *list, int columns, char **values, char **) {
            QStringList row;
            for (int i = 0; i < columns; ++i)
                row.append(QString::fromUtf8(values[i] ? values[i] : "NULL"));
            static_cast<QStringList *>(list)->append(row.join(u'|'));
            return 0;
        };
        if (sqlite3_exec(m_connection, sql.toUtf8().constData(), collect, &found, nullptr) != SQLITE_OK)
            qFatal("%ls: %s", qUtf16Printable(sql), sqlite3_errmsg(m_connection));
        return found;
    }
    QString value(const QString &sql) const { return rows(sql).value(0); }
    int number(const QString &sql) const { return value(sql).toInt(); }

private:
    sqlite3 *m_connection = nullptr;
};

} // namespace ingather::support
