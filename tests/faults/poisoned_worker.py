"""The process that tries pictures, with a decoder that upright pictures abort, wide ones make swallow memory, strips never let go."""

from __future__ import annotations

import json
import os
import sys

from brandkit.image.load_worker import answer
from brandkit.process import serve


def poisoned(question: bytes) -> bytes:
    told = answer(question)
    size = json.loads(told)
    while size["width"] > 4 * size["height"]:
        pass
    if size["width"] > 1.5 * size["height"]:
        swallowed = []
        while True:
            swallowed.append(b"\xff" * (8 << 20))
    if size["height"] > size["width"]:
        os.abort()
    return told


if __name__ == "__main__":
    sys.exit(serve(poisoned))
