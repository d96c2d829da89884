// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <csignal>

#include <sys/resource.h>

namespace ingather::support
{

/// While it lives, no file of this process can grow beyond `bytes`: the write that would is cut short
/// there, and the next one fails with EFBIG. A real device that gives out after N bytes.
class FileSizeLimit final
{
public:
    explicit FileSizeLimit(qint64 bytes)
    {
        m_formerHandler = std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_formerLimit);
        rlimit limit = m_formerLimit;
        limit.rlim_cur = static_cast<rlim_t>(bytes);
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
            qFatal("cannot limit the size of files");
    }
    ~FileSizeLimit()
    {
        setrlimit(RLIMIT_FSIZE, &m_formerLimit);
        std::signal(SIGXFSZ, m_formerHandler);
    }
    Q_DISABLE_COPY_MOVE(FileSizeLimit)

private:
    rlimit m_formerLimit{};
    void (*m_formerHandler)(int) = nullptr;
};

} // namespace ingather::support
