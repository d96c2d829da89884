// SPDX-License-Identifier: MIT
#include "storage/group_sync.h"

#include "platform/descriptor.h"
#include "platform/file_system.h"

#include <algorithm>
#include <iterator>

#include <fcntl.h>

namespace ingather::storage
{

namespace
{

using core::ErrorCode;
using std::chrono::steady_clock;

/// A group that took longer than this waited for somebody else's bytes.
constexpr std::chrono::milliseconds longSync{1000};
constexpr std::chrono::seconds timeOfSingleSyncs{30};

core::Result<> syncFile(const QString &path)
{
    const core::Result<platform::Descriptor> file =
        platform::openFile(path, O_RDONLY | O_NOFOLLOW, QStringLiteral("sync file"));
    return file ? platform::syncData(file->number()) : core::Result<>(file.error());
}

} // namespace

GroupSync::Disk GroupSync::realDisk()
{
    return {platform::syncVolume, syncFile, platform::syncDirectory};
}

GroupSync::GroupSync(Disk disk) : m_disk(std::move(disk)), m_thread([this] { run(); }) {}

GroupSync::~GroupSync()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
    }
    m_asked.notify_one();
    m_thread.join();
}

void GroupSync::sync(const QString &root, QStringList files, QStringList folders, Answer answer)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(Request{root, std::move(files), std::move(folders), std::move(answer)});
    }
    m_asked.notify_one();
}

void GroupSync::run()
{
    for (Group group = nextGroup(); !group.empty(); group = nextGroup())
        serve(group);
}

GroupSync::Group GroupSync::nextGroup()
{
    std::unique_lock lock(m_mutex);
    m_asked.wait(lock, [this] { return m_isEnding || !m_waiting.empty(); });
    Group group;
    if (m_waiting.empty())
        return group;
    const QString root = m_waiting.front().root;
    const auto others = std::stable_partition(m_waiting.begin(), m_waiting.end(),
                                              [&root](const Request &one) { return one.root == root; });
    std::move(m_waiting.begin(), others, std::back_inserter(group));
    m_waiting.erase(m_waiting.begin(), others);
    return group;
}

void GroupSync::serve(const Group &group)
{
    const auto begin = steady_clock::now();
    if (group.size() == 1 || begin < m_oneByOneUntil) {
        for (const Request &request : group)
            request.answer(syncAlone(request));
        return;
    }
    const core::Result<> synced = m_disk.syncVolume(group.front().root);
    if (steady_clock::now() - begin > longSync)
        m_oneByOneUntil = steady_clock::now() + timeOfSingleSyncs;
    for (const Request &request : group)
        request.answer(synced);
}

core::Result<> GroupSync::syncAlone(const Request &request) const
{
    for (const QString &file : request.files) {
        if (core::Result<> synced = m_disk.syncFile(file); !synced)
            return synced;
    }
    for (const QString &folder : request.folders) {
        const core::Result<> synced = m_disk.syncFolder(folder);
        if (!synced && synced.error().code != ErrorCode::FileMissing)
            return synced;
    }
    return {};
}

} // namespace ingather::storage
