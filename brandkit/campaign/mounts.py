"""Whether a folder lies on a network file system, where SQLite's write-ahead log does not hold its promise."""

from __future__ import annotations

from pathlib import Path

NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "9p", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs"}
MOUNTS = Path("/proc/self/mounts")


def network_file_system(folder: Path, *, mounts: Path = MOUNTS) -> str | None:
    """The type of the network file system that `folder` lies on; None on a local one, and where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    place = folder.resolve()
    kinds: dict[Path, str] = {}
    for line in lines:
        fields = line.split(" ")
        if len(fields) > 2:
            point = Path(fields[1].replace("\\040", " "))
            if place == point or point in place.parents:
                kinds[point] = fields[2]  # a later mount hides an earlier one at the same point
    nearest = max(kinds, key=lambda point: len(point.parts), default=None)
    return kinds[nearest] if nearest is not None and kinds[nearest] in NETWORK else None
