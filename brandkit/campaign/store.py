"""The content-addressed store of a run: bytes go in once, under their hash, and are checked whenever they come out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from brandkit.errors import OutputError
from brandkit.files import sha256, write_atomic


@dataclass(frozen=True)
class Store:
    """Blobs under `root/objects/ab/<sha256>`."""

    root: Path

    def path(self, digest: str) -> Path:
        """Where the blob with this SHA-256 stands, whether or not it exists."""
        return self.root / "objects" / digest[:2] / digest

    def put(self, data: bytes) -> str:
        """Keep `data`, synced to disk before this returns, and give its SHA-256."""
        digest = sha256(data)
        if self.get(digest) is None:
            write_atomic(self.path(digest), data)
        return digest

    def get(self, digest: str) -> bytes | None:
        """The blob with this SHA-256, or None when it is missing or damaged.

        A damaged blob is moved aside to `<sha256>.corrupt`, never returned and never deleted.
        """
        path = self.path(digest)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise OutputError(f"cannot read {path}: {error.strerror}", hint="check the permissions of the run folder") from error
        if sha256(data) == digest:
            return data
        path.replace(path.with_suffix(".corrupt"))
        return None
