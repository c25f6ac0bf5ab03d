"""Draw cleaned SVGs in a process of their own, so that no drawing can take this one down, however it breaks the renderer.

One worker serves a process; it starts with the first drawing and ends with the process. A drawing that runs out of time or memory kills
the worker, which is started again for the next one. Safe in threads (one drawing at a time) and after a fork (the child starts its own).
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
from typing import NamedTuple

from brandkit.errors import PictureError
from brandkit.image.svg_worker import ANSWER, DRAWN, REQUEST

MAX_SECONDS = 3  # of processor time for one drawing, and up to one more; a mark takes 0.02 s, an illustration of 4 megapixels 0.5 s
MAX_MEMORY = 512 << 20  # bytes of address space; a mark of 4 megapixels takes 130 MiB of it
WALL_SECONDS = 15  # for one drawing on a machine that is busy with other things; MAX_SECONDS is what it really may take
SIMPLER = "simplify the drawing: fewer points, filters and transparent layers; or save it as a PNG"


class _Answer(NamedTuple):
    kind: int
    payload: bytes


class _Died(Exception):
    """The worker ended without an answer."""


class _Worker:
    def __init__(self) -> None:
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "MALLOC_ARENA_MAX": "1",  # address space that is reserved for each thread would count against the limit
            "RAYON_NUM_THREADS": "1",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "brandkit.image.svg_worker", str(MAX_SECONDS), str(MAX_MEMORY)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd="/",
            start_new_session=True,  # Ctrl-C is this process's to handle
        )  # fmt: skip
        self.served = 0
        self.late = False

    def ask(self, svg: bytes, width: int, height: int) -> _Answer:
        """The worker's answer.

        Raises:
            _Died: It ended, or was killed for taking too long.
        """
        timer = threading.Timer(WALL_SECONDS, self._stop)
        timer.start()
        try:
            if self.process.stdin is None or self.process.stdout is None:
                raise _Died
            self.process.stdin.write(REQUEST.pack(width, height, len(svg)) + svg)
            self.process.stdin.flush()
            head = self.process.stdout.read(ANSWER.size)
            if len(head) < ANSWER.size:
                raise _Died
            kind, length = ANSWER.unpack(head)
            payload = self.process.stdout.read(length)
            if len(payload) < length:
                raise _Died
        except OSError:
            raise _Died from None
        finally:
            timer.cancel()
        self.served += 1
        return _Answer(kind, payload)

    def _stop(self) -> None:
        self.late = True
        self.process.kill()

    def end(self) -> int:
        """Stop the process; its exit code, negative for the signal that killed it."""
        self.process.kill()
        code = self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:
                    pass  # what was not sent is not wanted any more
        return code


_lock = threading.Lock()
_worker: _Worker | None = None
_inherited: list[_Worker | None] = []  # of a forked process: kept, so that nothing touches the parent's pipes


def draw_svg(svg: bytes, name: str, width: int, height: int) -> bytes:
    """Draw a cleaned SVG stretched to `width` × `height` pixels on nothing.

    Args:
        svg: From `clean_svg`.
        name: How messages call the file.
        width: Pixels, >= 1.
        height: As `width`.

    Returns:
        A PNG.

    Raises:
        PictureError: The renderer refuses it, fails on it, or takes more than `MAX_SECONDS` or `MAX_MEMORY`.
    """
    with _lock:
        answer = _ask(svg, name, width, height)
    if answer.kind == DRAWN:
        return answer.payload
    reason = answer.payload.decode(errors="replace")
    raise PictureError(f"{name}: cannot be drawn: {reason}", hint="export the SVG again as plain SVG")


def _ask(svg: bytes, name: str, width: int, height: int) -> _Answer:
    """Ask the worker; once more when one that had served others ran out of memory, as their leftovers may have been the cause."""
    global _worker
    while True:
        worker = _worker = _worker or _Worker()
        try:
            return worker.ask(svg, width, height)
        except _Died:
            code = _end()
            if not worker.served or worker.late or code == -signal.SIGXCPU:
                raise PictureError(f"{name}: cannot be drawn: {_cause(code, worker.late)}", hint=SIMPLER) from None
        except BaseException:  # an interrupt between question and answer: the next answer would be the wrong one
            _end()
            raise


def _cause(code: int, late: bool) -> str:
    if late or code == -signal.SIGXCPU:
        return f"it takes longer than {WALL_SECONDS if late else MAX_SECONDS} s"
    if code in (-signal.SIGABRT, -signal.SIGKILL):
        return f"it needs more than {MAX_MEMORY >> 20} MiB"
    return f"the renderer failed (exit code {code})"


def _end() -> int:
    global _worker
    worker, _worker = _worker, None
    return worker.end() if worker else 0


def _forget() -> None:
    """In a forked child: the worker, and perhaps the lock, are the parent's."""
    global _lock, _worker
    _inherited.append(_worker)
    _lock, _worker = threading.Lock(), None


atexit.register(_end)
os.register_at_fork(after_in_child=_forget)
