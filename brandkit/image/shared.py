"""Memory that this process shares with the one that decodes for it: pixels are written where they are read, not sent through a pipe.

Two pictures have room at a time: one that is checked and one that is read meanwhile. The memory is kept for the next picture, because
finding it anew costs as much as decoding; it is given out again only when no array looks into it any more. What has no room, and where
the system has no such memory (all but Linux), goes through the pipe.
"""

from __future__ import annotations

import mmap
import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

SLOTS = 2
SIZE = 1 << 25  # bytes of a slot; a picture of 3840 × 2160 takes 25 million. Only what is written to takes up memory


class Slot:
    """Room for one picture; `number` is None, and `pixels` are not to be asked for, where there is none."""

    def __init__(self, number: int | None, memory: Sequence[mmap.mmap], free: list[int]) -> None:
        self.number, self._memory, self._free = number, memory, free
        self._back: weakref.finalize[..., Pixels] | None = None

    def pixels(self, shape: tuple[int, int, int]) -> Pixels:
        """The pixels in it, read-only; it is free again with the last array that looks into it."""
        assert self.number is not None
        flat = np.frombuffer(self._memory[self.number], np.uint8, shape[0] * shape[1] * shape[2])
        self._back = weakref.finalize(flat, self._free.append, self.number)
        self._back.atexit = False
        return flat.reshape(shape)  # whose base, as that of every view of it, is `flat`

    def keep(self) -> None:
        """Never give it out again."""
        if self._back:
            self._back.detach()

    def leave(self) -> None:
        """Free it, unless its pixels were asked for."""
        if self.number is not None and not self._back:
            self._free.append(self.number)


class Slots:
    """The slots of this process. Safe in threads, and after a fork: the child starts its own."""

    def __init__(self) -> None:
        self._start()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self._retire, after_in_child=self._start)

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._files: list[int] = []
        self._memory: list[mmap.mmap] = []
        self._free: list[int] = []
        self._last: dict[int, Slot] = {}

    def files(self) -> Sequence[int]:
        """Descriptors for the process that writes; none where the system has no such memory."""
        with self._lock:
            if not self._files and hasattr(os, "memfd_create"):
                try:
                    self._files = [_new_file() for _ in range(SLOTS)]
                    self._memory = [mmap.mmap(file, SIZE, prot=mmap.PROT_READ) for file in self._files]
                except OSError:  # no memory or descriptors left: pipes need neither
                    self._files = []
                self._free[:] = range(len(self._files))
            return self._files

    @contextmanager
    def taken(self) -> Iterator[Slot]:
        """A slot into which nobody looks; it is free again afterwards, or once nobody looks at its pixels any more."""
        self.files()
        try:
            number: int | None = self._free.pop()
        except IndexError:
            number = None
        slot = Slot(number, self._memory, self._free)
        if number is not None:
            self._last[number] = slot
        try:
            yield slot
        finally:
            slot.leave()

    def _retire(self) -> None:
        """Before a fork: what is looked into now is never given out again, because the child may go on looking."""
        for slot in self._last.values():
            slot.keep()


def _new_file() -> int:
    """A file of `SIZE` in memory that can be made neither smaller, which would end its readers, nor larger."""
    import fcntl

    file = os.memfd_create("brandkit", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(file, SIZE)
    fcntl.fcntl(file, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    return file


class Desk:
    """In the process that writes: the slots that it was given."""

    def __init__(self, files: Sequence[int]) -> None:
        self._memory = [mmap.mmap(file, SIZE) for file in files]

    def room(self, slot: int | None, shape: tuple[int, int, int]) -> Pixels | None:
        """Where to write pixels; None where there is no room."""
        count = shape[0] * shape[1] * shape[2]
        if slot is None or slot >= len(self._memory) or count > SIZE:
            return None
        return np.frombuffer(self._memory[slot], np.uint8, count).reshape(shape)
