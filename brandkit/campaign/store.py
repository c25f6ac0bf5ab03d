"""The content-addressed store of a run: bytes go in once, under their hash, and are checked whenever they come out.

Beside it stands an inbox: what a provider sent, byte for byte, from the moment it arrived until its picture is booked.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from brandkit.errors import OutputError
from brandkit.files import sha256, sync, write_atomic
from brandkit.generate.backend import Answer

ROOM = 512_000_000  # bytes that must be free before a call that costs money: some answers, pictures and assets


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
        path = self.path(digest)
        if self.get(digest) is None:
            write_atomic(path, data)
        else:  # by a run that may have been killed before it was synced
            with _reported(path):
                sync(path)
                sync(path.parent)
        return digest

    def is_empty(self) -> bool:
        """Whether it holds neither a picture nor an unread answer."""
        return not any(any(folder.rglob("*")) for folder in (self.root / "objects", self._inbox) if folder.is_dir())

    def check_space(self) -> None:
        """See that the disk has room for what is about to be paid for.

        Raises:
            OutputError: It has not; nothing was sent.
        """
        free = shutil.disk_usage(self.root).free
        if free < ROOM:
            raise OutputError(
                f"{self.root} has {free // 1_000_000} MB left, too little to receive pictures", hint="make room, or choose another --out"
            )

    def keep_answer(self, attempt: int, fingerprint: str, answer: Answer) -> None:
        """Keep an answer as it came, synced to disk before this returns, until its picture is booked."""
        head = {"headers": dict(answer.headers), "sha256": sha256(answer.body)}
        write_atomic(self._inbox / f"{fingerprint}.{attempt}", json.dumps(head, sort_keys=True).encode() + b"\n" + answer.body)

    def recover(self) -> None:
        """After a crash: finish the writing of answers that are whole, and clear away those that are not.

        Folders that a killed run made, and whose names it may not have synced, are synced.
        """
        for path in sorted(self._inbox.glob(".*.tmp")):
            with _reported(path):
                kept = path.read_bytes()
                if _answer(kept) is not None:
                    write_atomic(self._inbox / ".".join(path.name.split(".")[1:3]), kept)
                path.unlink()
        for folder in (self.root.parent, self.root, self.root / "objects"):
            if folder.is_dir():
                with _reported(folder):
                    sync(folder)

    def answers(self, fingerprint: str) -> dict[int, Answer]:
        """Answers to this request that nobody has booked, by attempt: a crash came between."""
        found = {}
        for path in sorted(self._inbox.glob(f"{fingerprint}.[0-9]*")):
            with _reported(path):
                answer = _answer(path.read_bytes())
                if answer is not None:
                    found[int(path.suffix[1:])] = answer
                elif path.suffix != ".corrupt":
                    path.replace(path.with_name(f"{path.name}.corrupt"))
        return found

    def drop_answer(self, attempt: int, fingerprint: str) -> None:
        """Forget an answer whose picture is booked."""
        path = self._inbox / f"{fingerprint}.{attempt}"
        with _reported(path):
            path.unlink(missing_ok=True)

    @property
    def _inbox(self) -> Path:
        return self.root / "inbox"

    def get(self, digest: str) -> bytes | None:
        """The blob with this SHA-256, or None when it is missing or damaged.

        A damaged blob is moved aside to `<sha256>.corrupt`, never returned and never deleted.
        """
        path = self.path(digest)
        with _reported(path):
            if not path.exists():
                return None
            data = path.read_bytes()
            if sha256(data) == digest:
                return data
            path.replace(path.with_suffix(".corrupt"))
        return None


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """What the system says against a file of the run folder, as an error of the run."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot use {path}: {error.strerror or error}", hint="check the disk and the permissions of the run folder"
        ) from error


def _answer(kept: bytes) -> Answer | None:
    """The answer in a file of the inbox; None when the file is not whole."""
    head, _, body = kept.partition(b"\n")
    try:
        told = json.loads(head)
    except ValueError:
        return None
    return Answer(body, told["headers"]) if told["sha256"] == sha256(body) else None
