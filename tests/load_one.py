"""Loads one picture under hard limits and prints what came of it as JSON: run as a process of its own by test_load_corpus.py."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

SECONDS = 5
MEMORY = 2**30  # bytes of address space on top of the interpreter and its libraries


def main(paths: list[str]) -> None:
    from PIL import Image

    from brandkit.errors import PictureError
    from brandkit.image.load import load_picture

    Image.init()
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    for path in paths:
        start = time.perf_counter()
        try:
            picture = load_picture(Path(path))
            outcome = {"ok": True, "size": [picture.width, picture.height], "mode": picture.mode, "notes": picture.notes}
        except PictureError as error:
            outcome = {"ok": False, "message": error.message, "hint": error.hint or ""}
        outcome |= {"path": path, "seconds": time.perf_counter() - start}
        outcome["peak"] = _peak()
        print(json.dumps(outcome), flush=True)


def _peak() -> int:
    """Bytes, by the kernel's own mark: `ru_maxrss` begins at the peak of the process that started this one."""
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")) * 1024


if __name__ == "__main__":
    main(sys.argv[1:])
