"""The process that decodes pictures apart, with a decoder that pictures of certain widths abort, kill, starve, or never let go."""

from __future__ import annotations

import os
import signal
import struct
import sys
from functools import partial

from brandkit.image.apart_worker import answer
from brandkit.image.shared import Desk
from brandkit.process import Payload, serve

ABORTS, KILLS, CRASHES, STARVES, HANGS = 41, 42, 43, 44, 45  # widths in px


def poisoned(desk: Desk, question: bytes) -> Payload:
    parts = answer(desk, question)
    width = struct.unpack_from(">I", question, question.index(b"\n") + 1 + 16)[0]  # in the header of a PNG
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
    sys.exit(serve(partial(poisoned, Desk([int(word) for word in sys.argv[4:]]))))
