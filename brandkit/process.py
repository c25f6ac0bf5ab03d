"""Work on strangers' files in a process of its own, so that nothing in them can take this one down, whatever it does to a library.

One helper of a kind serves a process: it starts with the first question, and ends with the process or when it has nothing to do for a
while. A question that takes too much time or memory kills the helper, which is started again for the next one. Safe in threads (one
question at a time) and after a fork (the child starts its own).
"""

from __future__ import annotations

import atexit
import os
import select
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from brandkit.errors import UnfinishedError

MAX_MEMORY = 512 << 20  # bytes of address space of a helper
MAX_SECONDS = 3  # of processor time for one question, and up to one more, as the system counts whole ones
IDLE_SECONDS = 30  # without a question, after which a helper ends; many workers would otherwise keep many helpers
WALL_SECONDS = 30  # for one question on a machine that is busy with other things; MAX_SECONDS is what it really may take

OUT_OF_TIME = -24  # exit code after SIGXCPU
OUT_OF_MEMORY = (-6, -9)  # after SIGABRT, with which Rust ends, and SIGKILL, with which the system does

Payload = bytes | Sequence[bytes | memoryview]
"""An answer, in one piece or in several that follow each other."""

_QUESTION = struct.Struct(">I")  # bytes that follow
_ANSWER = struct.Struct(">BI")  # kind, bytes that follow
_GIVEN, _REFUSED, _BROKEN = 0, 1, 2


class Refused(Exception):
    """The library refused the file, in its own words."""


class Killed(Exception):
    """The helper ran out of time or memory, or broke; the message says which."""


@dataclass
class _Running:
    process: subprocess.Popen[bytes]
    served: int = 0
    late: bool = False

    def ask(self, question: bytes, wall: float) -> tuple[int, bytes]:
        timer = threading.Timer(wall, self._stop)
        timer.start()
        try:
            self._write(_QUESTION.pack(len(question)), question)
            kind, length = _ANSWER.unpack(self._read(_ANSWER.size))
            payload = self._read(length)
        finally:
            timer.cancel()
        self.served += 1
        return kind, payload

    def _stop(self) -> None:
        self.late = True
        self.process.kill()

    def _write(self, *parts: bytes) -> None:
        if self.process.stdin is None:
            raise EOFError
        for part in parts:
            self.process.stdin.write(part)
        self.process.stdin.flush()

    def _read(self, length: int) -> bytes:
        data = self.process.stdout.read(length) if self.process.stdout else b""
        if len(data) < length:
            raise EOFError
        return data

    def end(self) -> int:
        """Stop the process; its exit code, negative for the signal that killed it."""
        self.process.kill()
        code = self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:
                pass  # what was not sent is not wanted any more
        return code


class Helper:
    """Answers questions in a process that runs `module`, whose `main` calls `serve`.

    Args:
        module: Run with `python -m`.
        seconds: Of processor time for one question.
        memory: Bytes of address space.
        tries: How often a question must end a helper before it counts as its fault; each further try is in a fresh helper.
        idle: Seconds without a question after which it ends.
        files: Gives the descriptors that it inherits; it is told their numbers.
    """

    def __init__(
        self,
        module: str,
        *,
        seconds: int = MAX_SECONDS,
        memory: int = MAX_MEMORY,
        tries: int = 1,
        idle: int = IDLE_SECONDS,
        files: Callable[[], Sequence[int]] = tuple,
    ) -> None:
        self.module, self.seconds, self.memory, self.tries, self.files = module, seconds, memory, tries, files
        self.wall, self.idle = max(WALL_SECONDS, 2 * seconds), idle
        self.running: _Running | None = None
        self._inherited: list[_Running | None] = []  # of a forked process: kept, so that nothing touches the parent's pipes
        self._lock = threading.Lock()
        atexit.register(self.end)
        if hasattr(os, "register_at_fork"):  # Windows has no forks, and no limits to set either
            os.register_at_fork(after_in_child=self._forget)

    def start(self) -> None:
        """Start it, where it does not run, so that the first question need not wait for that.

        Raises:
            UnfinishedError: The system does not start it.
        """
        with self._lock:
            self.running = self.running or self._start()

    def ask(self, question: bytes) -> bytes:
        """The helper's answer.

        Raises:
            Refused: What the helper's library says against the file.
            Killed: It ran out of time or memory, or broke.
            UnfinishedError: The system does not start it.
        """
        with self._lock:
            for left in reversed(range(self.tries)):
                try:
                    kind, payload = self._ask(question, last=not left)
                    break
                except Killed:
                    if not left:
                        raise
        if kind == _GIVEN:
            return payload
        raise Refused(payload.decode(errors="replace"))

    def _ask(self, question: bytes, *, last: bool) -> tuple[int, bytes]:
        """Ask; where it is the last try, once more when a helper that had served others ended, as their leftovers may be the cause."""
        while True:
            running = self.running = self.running or self._start()
            try:
                kind, payload = running.ask(question, self.wall)
            except (OSError, EOFError):
                code = self.end()
                if not last or not running.served or running.late or code == OUT_OF_TIME:
                    raise Killed(self._cause(code, running.late)) from None
                continue
            except BaseException:  # an interrupt between question and answer: the next answer would be the wrong one
                self.end()
                raise
            if kind == _BROKEN:
                self.end()
                raise Killed(payload.decode(errors="replace"))
            return kind, payload

    def _start(self) -> _Running:
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": os.pathsep.join(os.path.abspath(entry) for entry in sys.path),
            "MALLOC_ARENA_MAX": "1",  # address space that is reserved for each thread would count against the limit
            "RAYON_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",  # numpy's
        }
        files = self.files()
        try:
            return _Running(subprocess.Popen(
                [sys.executable, "-P", "-m", self.module, *map(str, (self.seconds, self.memory, self.idle, *files))], pass_fds=files,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd=os.path.abspath(os.sep),
                start_new_session=True,  # Ctrl-C is this process's to handle
            ))  # fmt: skip
        except OSError as error:
            message = f"a helper process cannot be started: {error.strerror or error}"
            raise UnfinishedError(message, hint="free memory or processes, and run the same command again") from None

    def _cause(self, code: int, late: bool) -> str:
        if late or code == OUT_OF_TIME:
            return f"it takes longer than {self.wall if late else self.seconds} s"
        if code in OUT_OF_MEMORY:
            return f"it needs more than {self.memory >> 20} MiB, or crashes the library that reads it"
        return f"the library that reads it failed (exit code {code})"

    def end(self) -> int:
        """Stop the helper if it runs; its exit code."""
        running, self.running = self.running, None
        return running.end() if running else 0

    def _forget(self) -> None:
        """In a forked child: the helper, and perhaps the lock, are the parent's."""
        self._inherited.append(self.running)
        self._lock, self.running = threading.Lock(), None


def serve(answer: Callable[[bytes], Payload]) -> int:
    """In the helper: lower the limits, then answer until stdin closes.

    Args:
        answer: Takes a question and gives its answer. An `Exception` is told as what its library says against the file; after anything
            worse (a panic of Rust code, which is no `Exception`) or a lack of memory the helper is not used again.
    """
    seconds, memory, idle = (int(word) for word in sys.argv[1:4])
    if sys.platform != "win32":
        _limit(memory)
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while _asked(idle) and (head := stdin.read(_QUESTION.size)):
        question = stdin.read(_QUESTION.unpack(head)[0])
        if sys.platform != "win32":
            _allow_time(seconds)
        kind = _GIVEN
        try:
            payload = answer(question)
            parts = [payload] if isinstance(payload, bytes) else [memoryview(part).cast("B") for part in payload]
        except BaseException as error:
            kind = _REFUSED if isinstance(error, Exception) and not isinstance(error, MemoryError) else _BROKEN
            parts = [_words(error)]
        stdout.write(_ANSWER.pack(kind, sum(map(len, parts))))
        for part in parts:
            stdout.write(part)
        stdout.flush()
    return 0


def _asked(idle: int) -> bool:
    """Whether a question (or the end of all questions) comes within `idle` seconds."""
    return sys.platform == "win32" or bool(select.select([sys.stdin], [], [], idle)[0])


def _words(error: BaseException) -> bytes:
    if isinstance(error, MemoryError):
        return b"it needs too much memory"
    return (str(error).splitlines() or [type(error).__name__])[0][:400].encode(errors="replace")


def _limit(memory: int) -> None:
    import resource

    if sys.platform == "linux":  # elsewhere shared libraries alone count for more address space than any file
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _allow_time(seconds: int) -> None:
    """Move the limit on processor time, which counts from the start of the process, ahead of what is used up."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))
