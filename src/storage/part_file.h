// SPDX-License-Identifier: MIT
#pragma once

#include "core/digest.h"
#include "core/fence.h"
#include "core/job_id.h"
#include "core/result.h"
#include "core/sha256.h"
#include "core/validators.h"
#include "platform/file_lock.h"
#include "storage/hasher.h"

#include <QByteArrayView>
#include <QList>
#include <QString>

#include <optional>

namespace ingather::storage
{

/// What the sidecar beside a part says (`<part>.json`): enough for a new ledger to adopt it.
struct PartDescription {
    core::JobId job;
    QString sourceUrl; ///< redacted of userinfo; the canonical URL
    core::Validators validators;
    friend bool operator==(const PartDescription &, const PartDescription &) = default;
};

/// From now on nobody can tell whose part that is but the ledger that names it: it may get holes, which
/// neither its name nor its size would show to a ledger that finds it. Durable on return. None there is fine.
core::Result<> withdrawSidecar(const QString &root, const QString &name);

/// `<root>/.ingather`
QString partsFolder(const QString &root);
/// `<job>.<fence>-<n>.part`: a name that no other claim can ever make.
QString partName(const core::JobId &job, core::Fence fence, int n);
/// `<job>.<fence>-<n>.copy`: the same for a copy in the making.
QString copyName(const core::JobId &job, core::Fence fence, int n);

/// The job that a part or a copy in the making is of, by its name; nullopt for any other name.
std::optional<core::JobId> jobOfPart(const QString &name);

/// When a step is durable: on its return, or only after the caller's next platform::syncVolume(), which
/// makes a whole group of small files durable at once. A file is then closed, synced, renamed and synced
/// again: a rename that reaches the disk before the bytes would leave a wrong file under a good name.
enum class Durability { OnReturn, BySyncVolume };

/// The bytes of one download while they arrive, in the destination's own file system so that filing is
/// a rename. The part is locked (flock) as long as it is open, hashed as it is written, and believed
/// only up to its durable length: what was synced by checkpoint(). Reserved space beyond that means
/// nothing. Owned by one lane, whose threads may append, checkpoint and ask for the lengths at the same time,
/// each of the two by one thread at a time; close() and the rest only when neither is under way.
class PartFile final
{
public:
    PartFile(PartFile &&) noexcept;
    PartFile &operator=(PartFile &&) noexcept;
    ~PartFile();

    /// Makes the folder if need be, the sidecar, then the part, locked; reserves `validators.size` if known.
    /// Sidecar and folder are synced before more than 1 MiB is reserved, at the first checkpoint() and when
    /// more than 1 MiB is closed. A part that is known to become smaller is worth less than that: it has its
    /// sidecar from the first checkpoint() on. Never opens what exists: FileExists. A root that is missing is
    /// VolumeAbsent: it is never made. `also`: digests beside SHA-256.
    static core::Result<PartFile> create(const QString &root, const QString &name,
                                         const PartDescription &description,
                                         const QList<core::DigestAlgorithm> &also = {});

    /// Opens an existing part and locks it (PartLocked if another holds it); re-hashes the first
    /// `durableLength` bytes and cuts off what lies beyond `keptLength` and that. PartMissing; VolumeAbsent
    /// if the whole root is; PartDamaged if it is shorter, no regular file, or has a second name (it is filed
    /// already).
    static core::Result<PartFile> resume(const QString &root, const QString &name, qint64 durableLength,
                                         const StopAsked &stopAsked = {},
                                         const QList<core::DigestAlgorithm> &also = {},
                                         qint64 keptLength = 0);

    /// Appends at length(); hashes; starts write-back every 8 MiB. Short writes are completed; an error
    /// leaves length() and the hash as they were before, and the same bytes can be appended again. After a
    /// failed checkpoint() it is refused: only resume() knows what is on the disk then.
    core::Result<> append(QByteArrayView bytes);

    /// For parts that are fetched in pieces: writes anywhere, on any thread, and does not hash.
    core::Result<> writeAt(QByteArrayView bytes, qint64 offset);
    /// Hashes what writeAt() put between length() and `end`, where there must be no gap any more; afterwards
    /// length() is `end`. Counts as appending.
    core::Result<> hashUpTo(qint64 end);

    /// Syncs the data; afterwards durableLength() is what length() was when it began.
    core::Result<> checkpoint();

    /// `size` bytes within length(). PartDamaged if the file is shorter.
    core::Result<QByteArray> read(qint64 offset, qint64 size) const;

    qint64 length() const;
    qint64 durableLength() const;
    /// Digest of the first length() bytes.
    core::Sha256 digest() const;
    /// The same by all algorithms that were asked for, SHA-256 first.
    QList<core::Digest> digests() const;
    QString path() const;
    QString name() const;

    /// Cuts reserved space (behind the last byte that was written), syncs, closes, unlocks. The file stays.
    /// With BySyncVolume nothing is synced, and durableLength() stays what it was. Closed and unlocked even
    /// if it fails.
    core::Result<> close(Durability durability = Durability::OnReturn);
    /// Closes and unlocks at once, and nothing else: for a part that is somebody else's by now.
    void letGo();

private:
    struct Private;
    explicit PartFile(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

/// The sidecar of a part; FileMissing, or PartDamaged if it can't be read as one.
core::Result<PartDescription> readSidecar(const QString &root, const QString &name);

/// Makes an older claim's part ours under a new name: a rename if its lock is free, a copy of the first
/// `durableLength` bytes if somebody (a zombie) still holds it. Sidecar included, folder synced.
core::Result<> adoptPart(const QString &root, const QString &olderName, const QString &newName,
                         qint64 durableLength);

/// Removes part and sidecar if the part's lock is free (PartLocked otherwise), then the parts folder
/// if it is empty. Nothing there is success; a root that is missing is VolumeAbsent, for the part may be
/// on it. See leftovers.h for what a crash can leave.
core::Result<> discardPart(const QString &root, const QString &name);

} // namespace ingather::storage
