"""A paid run in a process of its own, with the shim that writes down what it does to its folder.

Arguments: the folder, and `live` or `batch`; or faults such as `ENOSPC:12`, each for a forked run in a folder of its own name, whose exit
code and last words stand in `<fault>.told` beside it.
"""

from __future__ import annotations

import ctypes
import os
import sys
import traceback
from functools import wraps
from pathlib import Path
from typing import Any

from benchmarks.crash.trial import tried_here, uncomposed
from brandkit.campaign import batch, run
from brandkit.campaign.ledger import Ledger
from brandkit.campaign.store import Store
from brandkit.errors import BrandkitError
from brandkit.generate import answer
from brandkit.generate.backends.openai import OpenAIBackend
from tests.faults.jobs import Job, job_at

PARALLEL = 2
STEPS = (
    (OpenAIBackend, "_post", "post"), (batch, "submit", "submit"), (Store, "keep_answer", "keep"), (Ledger, "keep_asset", "asset"),
)  # fmt: skip


def marked(owner: Any, name: str, mark: str) -> None:
    """Let the log tell when a step begins (<) and when it is done (>)."""
    library, original = ctypes.CDLL(None), getattr(owner, name)

    @wraps(original)
    def step(*args: Any, **options: Any) -> Any:
        library.shim_mark(f"<{mark}".encode())
        result = original(*args, **options)
        library.shim_mark(f">{mark}".encode())
        return result

    setattr(owner, name, step)


def main() -> int:
    run.finish_asset, answer.try_picture = uncomposed, tried_here
    for owner, name, mark in STEPS:
        marked(owner, name, mark)
    out, modes, job = Path(sys.argv[1]), sys.argv[2:], job_at()
    import jinja2
    import openai.resources.images

    assert jinja2 and openai  # or every forked run would import them again
    if modes == ["batch"]:
        return run_all(job, out, {"batch": True}, {"resume": True})[0]
    if modes == ["live"]:
        return run_all(job, out, {"parallel": PARALLEL})[0]
    for fault in modes:
        failing(job, out / fault, *fault.split(":"))
    return 0


def run_all(job: Job, out: Path, *runs: dict[str, Any]) -> tuple[int, str]:
    """The last run's exit code and words."""
    told = 0, ""
    for options in runs:
        try:
            job.run(out, **options)
            told = 0, ""
        except BrandkitError as error:
            told = error.exit_code, str(error)
    return told


def failing(job: Job, out: Path, name: str, at: str) -> None:
    """A run from whose `at`th operation on the disk fails."""
    library = ctypes.CDLL(None)
    library.shim_mark(f"run {out.name}".encode())
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return
    try:
        library.shim_fail(name.encode(), int(at))
        code, words = run_all(job, out, {"parallel": 1})
    except BaseException:
        code, words = 99, traceback.format_exc()
    library.shim_fail(b"none", 0)
    out.with_suffix(".told").write_text(f"{code}\n{words}")
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
