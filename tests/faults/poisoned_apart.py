"""The process that decodes pictures apart, with a decoder that pictures of certain widths abort, kill, starve, or never let go."""

from __future__ import annotations

import os
import signal
import sys

from brandkit.image.apart_worker import answer
from brandkit.process import Payload, serve

ABORTS, KILLS, CRASHES, STARVES, HANGS = 41, 42, 43, 44, 45  # widths in px


def poisoned(question: bytes) -> Payload:
    parts = answer(question)
    width = memoryview(parts[0]).shape[1] if isinstance(parts[0], memoryview) else 0
    if width == ABORTS:
        os.abort()
    if width in (KILLS, CRASHES):
        os.kill(os.getpid(), signal.SIGKILL if width == KILLS else signal.SIGSEGV)
    swallowed = []
    while width == STARVES:
        swallowed.append(b"\xff" * (8 << 20))
    while width == HANGS:
        pass
    return parts


if __name__ == "__main__":
    sys.exit(serve(poisoned))
