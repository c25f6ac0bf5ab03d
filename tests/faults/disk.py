"""A disk that forgets what was not synced: the log of tests/faults/shim.c, replayed up to any operation.

The model is the strictest that POSIX allows. What was written to a file counts once the file is synced; that a name exists, points
elsewhere or is gone counts once its folder is synced; the two are independent. A power loss keeps what counts, and of the rest nothing,
everything, or any part: writes torn at 512 bytes, renames whose content is lost.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

SECTOR = 512  # bytes that a disk writes as one
LOST = "-shm"  # SQLite's index of the log: shared memory, made anew


class Entry(NamedTuple):
    """One operation of the log."""

    kind: str
    words: tuple[str, ...]
    data: bytes = b""


@dataclass(eq=False)
class File:
    """What is on the disk of a file, and what was done to it since it was synced."""

    durable: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Offset and bytes of a write, or size and None of a cut."""

    def synced(self) -> None:
        self.durable, self.pending = applied(self.durable, self.pending), []


class Change(NamedTuple):
    """A name that appeared (`file`; None for a folder), moved or went, in folders that are not synced yet."""

    folders: frozenset[str]
    gone: str
    path: str
    file: File | None


Choice = Callable[[int], list[bool]]
"""Which of so many unsynced operations are on the disk all the same."""


def nothing(count: int) -> list[bool]:
    return [False] * count


def everything(count: int) -> list[bool]:
    return [True] * count


def some(seed: int) -> Choice:
    """A prefix, or any selection."""
    chance = random.Random(seed)

    def choose(count: int) -> list[bool]:
        if chance.random() < 0.5:
            kept = chance.randint(0, count)
            return [index < kept for index in range(count)]
        return [chance.random() < 0.5 for _ in range(count)]

    return choose


def compile_shim(folder: Path) -> Path:
    """The shim as a library, made with the C compiler of this machine."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler, "no C compiler"
    library = folder / "shim.so"
    source = Path(__file__).with_name("shim.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl", "-lpthread"], check=True, timeout=120)
    return library


def read_log(path: Path) -> list[Entry]:
    """The operations, in order."""
    data, entries, at = path.read_bytes(), [], 0
    while at < len(data):
        end = data.index(b"\n", at)
        kind, _, rest = data[at:end].decode().partition(" ")
        at, written = end + 1, b""
        words = tuple(rest.split("\t")) if kind == "R" else tuple(rest.split(" ", 1)) if kind == "C" else (rest,)
        if kind in "WT":
            words = tuple(rest.split(" "))
        if kind == "W":
            length = int(words[2])
            written, at = data[at : at + length], at + length
        entries.append(Entry(kind, words, written))
    return entries


class Disk:
    """Replays a log; `base` exists and is durable."""

    def __init__(self, base: Path) -> None:
        self.base = str(base)
        self.names: dict[str, File] = {}
        self.inodes: dict[str, File] = {}
        self.durable: dict[str, File | None] = {}
        self.changes: list[Change] = []

    def play(self, entry: Entry) -> bool:
        """Do one operation; whether it makes anything durable."""
        kind, words = entry.kind, entry.words
        if kind == "W":
            self.inodes[words[0]].pending.append((int(words[1]), entry.data))
        elif kind == "T":
            self.inodes[words[0]].pending.append((int(words[1]), None))
        elif kind == "C":
            file = self.names[words[1]] = self.inodes[words[0]] = File()
            self._change("", words[1], file)
        elif kind == "K":
            self._change("", words[0], None)
        elif kind == "R":
            file = self.names.pop(words[0])
            self.names[words[1]] = file
            self._change(words[0], words[1], file)
        elif kind == "U":
            self.names.pop(words[0], None)
            self._change(words[0], "", None)
        elif kind == "S":
            self.inodes[words[0]].synced()
        elif kind == "D":
            for change in [change for change in self.changes if words[0] in change.folders]:
                _enter(self.durable, change)
            self.changes = [change for change in self.changes if words[0] not in change.folders]
        return kind in "SD"

    def _change(self, gone: str, path: str, file: File | None) -> None:
        folders = frozenset(os.path.dirname(name) for name in (gone, path) if name)
        self.changes.append(Change(folders, gone, path, file))

    def after_power_loss(self, to: Path, choose: Choice = nothing) -> None:
        """Write what is left of `base` into `to`."""
        names = dict(self.durable)
        for change, kept in zip(self.changes, choose(len(self.changes)), strict=True):
            if kept:
                _enter(names, change)
        to.mkdir(parents=True)
        for path, file in sorted(names.items()):
            target = to / os.path.relpath(path, self.base)
            if not target.parent.is_dir() or path.endswith(LOST):
                continue  # the folder's own name was lost
            if file is None:
                target.mkdir(exist_ok=True)
            else:
                target.write_bytes(_content(file, choose))


def _enter(names: dict[str, File | None], change: Change) -> None:
    if change.gone:
        names.pop(change.gone, None)
    if change.path:
        names[change.path] = change.file


def _content(file: File, choose: Choice) -> bytes:
    parts = list(_sectors(file.pending))
    return applied(file.durable, [part for part, kept in zip(parts, choose(len(parts)), strict=True) if kept])


def _sectors(pending: list[tuple[int, bytes | None]]) -> Iterator[tuple[int, bytes | None]]:
    for at, data in pending:
        if data is None:
            yield at, None
            continue
        start = 0
        while start < len(data):
            step = SECTOR - (at + start) % SECTOR
            yield at + start, data[start : start + step]
            start += step


def applied(content: bytes, operations: list[tuple[int, bytes | None]]) -> bytes:
    """`content` after writes and cuts; holes are zeros."""
    result = bytearray(content)
    for at, data in operations:
        if len(result) < at:
            result.extend(bytes(at - len(result)))
        if data is None:
            del result[at:]
        else:
            result[at : at + len(data)] = data
    return bytes(result)
