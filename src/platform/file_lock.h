// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QString>

#include <chrono>

namespace ingather::platform
{

/// An exclusive flock(2) on a file. The lock belongs to the open file description, so two FileLock
/// objects exclude each other even inside one process. Released by release(), the destructor, or the
/// end of the process.
class FileLock final
{
public:
    FileLock() = default;
    FileLock(FileLock &&other) noexcept;
    FileLock &operator=(FileLock &&other) noexcept;
    ~FileLock();

    /// Opens (creating it, mode 0600, if `create`) without locking. Errors: errno mapped, see file_system.h.
    static core::Result<FileLock> open(const QString &path, bool create);
    /// Takes over an open descriptor that the caller keeps owning (no close on destruction).
    static FileLock borrow(int descriptor);

    /// Blocks in flock(LOCK_EX), no polling; false after `patience` without the lock. Who waits comes before
    /// whoever asks later. A thread-directed timer interrupts the wait, so other threads are not disturbed.
    core::Result<bool> acquire(std::chrono::milliseconds patience);
    /// Takes the lock if it is free at once.
    core::Result<bool> tryAcquire();
    void release();

    bool isOpen() const { return m_descriptor >= 0; }
    bool isHeld() const { return m_held; }
    int descriptor() const { return m_descriptor; }

private:
    int m_descriptor = -1;
    bool m_owned = false;
    bool m_held = false;
};

} // namespace ingather::platform
