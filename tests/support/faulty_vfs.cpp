// SPDX-License-Identifier: MIT
#include "support/faulty_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>

namespace ingather::support
{

namespace
{

constexpr std::size_t callKinds = static_cast<std::size_t>(FileCall::ShmLock) + 1;
constexpr const char *vfsName = "ingather-faulty";
constexpr int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL | SQLITE_OPEN_SUPER_JOURNAL;

} // namespace

class FaultyVfs::Private final
{
public:
    explicit Private(FileObserver *withObserver) : observer(withObserver) {}

    /// The code to fail with, or SQLITE_OK.
    int strike(FileCall call)
    {
        const std::lock_guard guard(mutex);
        const int n = ++counts[static_cast<std::size_t>(call)];
        const bool hits =
            isArmed && call == fault.call && (n == fault.nth || (fault.isForEver && n > fault.nth));
        hasStruck = hasStruck || hits;
        return hits ? fault.code : SQLITE_OK;
    }

    template <typename Tell>
    void tell(Tell said)
    {
        const std::lock_guard guard(mutex);
        if (observer != nullptr)
            said(*observer);
    }

    sqlite3_vfs shim{};
    sqlite3_vfs *real = nullptr;

    std::mutex mutex; // guards what follows
    FileObserver *observer;
    FileFault fault;
    bool isArmed = false;
    bool hasStruck = false;
    std::array<int, callKinds> counts{};
};

namespace
{

using Vfs = FaultyVfs::Private;

/// What SQLite takes for a file; the file below lies behind it in the same block.
struct ShimFile {
    sqlite3_file base;
    Vfs *vfs;
    QString *path;
    sqlite3_file *real;
    bool syncsFolder;
};

ShimFile &shim(sqlite3_file *file)
{
    return *reinterpret_cast<ShimFile *>(file);
}

Vfs &owner(sqlite3_vfs *vfs)
{
    return *static_cast<Vfs *>(vfs->pAppData);
}

int closeFile(sqlite3_file *file)
{
    ShimFile &self = shim(file);
    const int code = self.real->pMethods != nullptr ? self.real->pMethods->xClose(self.real) : SQLITE_OK;
    delete self.path;
    self.path = nullptr;
    return code;
}

int readFile(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset)
{
    const ShimFile &self = shim(file);
    const int code = self.vfs->strike(FileCall::Read);
    if (code == SQLITE_OK)
        return self.real->pMethods->xRead(self.real, bytes, count, offset);
    if (code == SQLITE_IOERR_SHORT_READ)
        std::memset(bytes, 0, static_cast<std::size_t>(count));
    return code;
}

int writeFile(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
    const ShimFile &self = shim(file);
    const int code = self.vfs->strike(FileCall::Write);
    const int written = code == SQLITE_OK ? count : count / 2;
    int done = SQLITE_OK;
    if (written > 0) {
        done = self.real->pMethods->xWrite(self.real, bytes, written, offset);
        if (done == SQLITE_OK) {
            self.vfs->tell([&](FileObserver &observer) {
                observer.written(*self.path, offset,
                                 QByteArrayView(static_cast<const char *>(bytes), written));
            });
        }
    }
    return code == SQLITE_OK ? done : code;
}

int truncateFile(sqlite3_file *file, sqlite3_int64 size)
{
    const ShimFile &self = shim(file);
    int code = self.vfs->strike(FileCall::Truncate);
    if (code == SQLITE_OK)
        code = self.real->pMethods->xTruncate(self.real, size);
    if (code == SQLITE_OK)
        self.vfs->tell([&](FileObserver &observer) { observer.truncated(*self.path, size); });
    return code;
}

int syncFile(sqlite3_file *file, int)
{
    ShimFile &self = shim(file);
    const int code = self.vfs->strike(FileCall::Sync);
    if (code != SQLITE_OK)
        return code;
    self.vfs->tell([&](FileObserver &observer) { observer.synced(*self.path, self.syncsFolder); });
    self.syncsFolder = false;
    return SQLITE_OK;
}

int fileSize(sqlite3_file *file, sqlite3_int64 *size)
{
    const ShimFile &self = shim(file);
    const int code = self.vfs->strike(FileCall::Size);
    return code == SQLITE_OK ? self.real->pMethods->xFileSize(self.real, size) : code;
}

int lockFile(sqlite3_file *file, int level)
{
    const ShimFile &self = shim(file);
    const int code = self.vfs->strike(FileCall::Lock);
    return code == SQLITE_OK ? self.real->pMethods->xLock(self.real, level) : code;
}

int unlockFile(sqlite3_file *file, int level)
{
    return shim(file).real->pMethods->xUnlock(shim(file).real, level);
}

int checkReservedLock(sqlite3_file *file, int *isReserved)
{
    return shim(file).real->pMethods->xCheckReservedLock(shim(file).real, isReserved);
}

int controlFile(sqlite3_file *file, int operation, void *argument)
{
    return shim(file).real->pMethods->xFileControl(shim(file).real, operation, argument);
}

int sectorSize(sqlite3_file *file)
{
    return shim(file).real->pMethods->xSectorSize(shim(file).real);
}

int deviceCharacteristics(sqlite3_file *file)
{
    return shim(file).real->pMethods->xDeviceCharacteristics(shim(file).real);
}

int mapShm(sqlite3_file *file, int page, int pageSize, int mayExtend, void volatile **mapped)
{
    const ShimFile &self = shim(file);
    const int code = self.vfs->strike(FileCall::ShmMap);
    if (code == SQLITE_OK)
        return self.real->pMethods->xShmMap(self.real, page, pageSize, mayExtend, mapped);
    *mapped = nullptr;
    return code;
}

int lockShm(sqlite3_file *file, int offset, int count, int flags)
{
    const ShimFile &self = shim(file);
    const int code = (flags & SQLITE_SHM_LOCK) != 0 ? self.vfs->strike(FileCall::ShmLock) : SQLITE_OK;
    return code == SQLITE_OK ? self.real->pMethods->xShmLock(self.real, offset, count, flags) : code;
}

void shmBarrier(sqlite3_file *file)
{
    shim(file).real->pMethods->xShmBarrier(shim(file).real);
}

int unmapShm(sqlite3_file *file, int isToBeDeleted)
{
    return shim(file).real->pMethods->xShmUnmap(shim(file).real, isToBeDeleted);
}

// Version 2: shared memory, and no mapping of the file itself, so that each read passes here.
constexpr sqlite3_io_methods methods{2,
                                     closeFile,
                                     readFile,
                                     writeFile,
                                     truncateFile,
                                     syncFile,
                                     fileSize,
                                     lockFile,
                                     unlockFile,
                                     checkReservedLock,
                                     controlFile,
                                     sectorSize,
                                     deviceCharacteristics,
                                     mapShm,
                                     lockShm,
                                     shmBarrier,
                                     unmapShm,
                                     nullptr,
                                     nullptr};

int openFile(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *outFlags)
{
    Vfs &self = owner(vfs);
    ShimFile &made = shim(file);
    made.base.pMethods = nullptr;
    const int struck = self.strike(FileCall::Open);
    if (struck != SQLITE_OK)
        return struck;
    int exists = 0;
    if (name != nullptr)
        self.real->xAccess(self.real, name, SQLITE_ACCESS_EXISTS, &exists);
    made.vfs = &self;
    made.real = reinterpret_cast<sqlite3_file *>(reinterpret_cast<char *>(file) + sizeof(ShimFile));
    made.real->pMethods = nullptr;
    const int code = self.real->xOpen(self.real, name, made.real, flags, outFlags);
    if (code != SQLITE_OK) {
        if (made.real->pMethods != nullptr)
            made.real->pMethods->xClose(made.real);
        return code;
    }
    const bool wasCreated = name != nullptr && exists == 0;
    made.path = new QString(QString::fromUtf8(name));
    made.syncsFolder = wasCreated && (flags & journals) != 0;
    made.base.pMethods = &methods;
    if (name != nullptr)
        self.tell([&](FileObserver &observer) { observer.opened(*made.path, wasCreated); });
    return SQLITE_OK;
}

int deleteFile(sqlite3_vfs *vfs, const char *name, int syncFolder)
{
    Vfs &self = owner(vfs);
    int code = self.strike(FileCall::Delete);
    if (code == SQLITE_OK)
        code = self.real->xDelete(self.real, name, 0);
    if (code == SQLITE_OK) {
        self.tell(
            [&](FileObserver &observer) { observer.removed(QString::fromUtf8(name), syncFolder != 0); });
    }
    return code;
}

int accessFile(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
    Vfs &self = owner(vfs);
    const int code = self.strike(FileCall::Access);
    return code == SQLITE_OK ? self.real->xAccess(self.real, name, flags, result) : code;
}

int fullPathname(sqlite3_vfs *vfs, const char *name, int size, char *full)
{
    return owner(vfs).real->xFullPathname(owner(vfs).real, name, size, full);
}

int sleepFor(sqlite3_vfs *vfs, int microseconds)
{
    Vfs &self = owner(vfs);
    {
        const std::lock_guard guard(self.mutex);
        if (self.isArmed && self.hasStruck)
            return microseconds;
    }
    return self.real->xSleep(self.real, microseconds);
}

} // namespace

FaultyVfs::FaultyVfs(FileObserver *observer) : d(std::make_unique<Private>(observer))
{
    static_assert(sizeof(ShimFile) % alignof(sqlite3_int64) == 0); // as SQLite aligns its files
    d->real = sqlite3_vfs_find(nullptr);
    d->shim = *d->real;
    d->shim.pNext = nullptr;
    d->shim.zName = vfsName;
    d->shim.pAppData = d.get();
    d->shim.szOsFile = static_cast<int>(sizeof(ShimFile)) + d->real->szOsFile;
    d->shim.xOpen = openFile;
    d->shim.xDelete = deleteFile;
    d->shim.xAccess = accessFile;
    d->shim.xFullPathname = fullPathname;
    d->shim.xSleep = sleepFor;
    if (sqlite3_vfs_register(&d->shim, 1) != SQLITE_OK)
        qFatal("cannot register the file layer with faults");
}

FaultyVfs::~FaultyVfs()
{
    sqlite3_vfs_unregister(&d->shim);
    sqlite3_vfs_register(d->real, 1);
}

void FaultyVfs::arm(const FileFault &fault)
{
    const std::lock_guard guard(d->mutex);
    d->fault = fault;
    d->isArmed = true;
    d->hasStruck = false;
    d->counts = {};
}

void FaultyVfs::disarm()
{
    const std::lock_guard guard(d->mutex);
    d->isArmed = false;
}

bool FaultyVfs::hasStruck() const
{
    const std::lock_guard guard(d->mutex);
    return d->hasStruck;
}

int FaultyVfs::count(FileCall call) const
{
    const std::lock_guard guard(d->mutex);
    return d->counts[static_cast<std::size_t>(call)];
}

void FaultyVfs::setObserver(FileObserver *observer)
{
    const std::lock_guard guard(d->mutex);
    d->observer = observer;
}

} // namespace ingather::support
