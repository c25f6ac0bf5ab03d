"""Run a stranger's template in a process of its own, with limits on its time and memory."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from brandkit.errors import LayoutError

PPI = 72.0  # one point is one pixel
MAX_SECONDS = 20  # a shipped template takes well under one
MAX_BYTES = 2 << 30  # of address space; a page of 8 megapixels takes a tenth


@dataclass(frozen=True)
class Job:
    """What Typst is asked for: files by path, inputs, and `query` or a file type."""

    sources: dict[str, bytes]
    inputs: dict[str, str]
    want: str


def perform(job: Job, fonts: Any) -> bytes:
    """Do the job in this process. The project root is a new folder with the pictures alone, so that no path leads to another file.

    Raises:
        typst.TypstError: The template is wrong.
    """
    import typst

    engine = cast(Any, typst)  # its stubs do not know that sources may come as a dict of bytes
    texts = {name: data for name, data in job.sources.items() if _is_text(data)}
    with tempfile.TemporaryDirectory(prefix="brandkit-") as root:
        for name in job.sources.keys() - texts.keys():  # Typst takes sources from memory only when they are text
            Path(root, Path(name).name).write_bytes(job.sources[name])
        common: dict[str, Any] = {"root": root, "font_paths": fonts, "ignore_system_fonts": True, "sys_inputs": job.inputs}
        common |= {"package_path": root, "package_cache_path": root}
        if job.want == "query":
            return str(engine.query(texts, "<plan>", field="value", **common)).encode()
        done = engine.compile(texts, format=job.want, ppi=PPI, timestamp=0, **common)
    return bytes(done[0] if isinstance(done, list) else done)


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def run(job: Job, font_files: Sequence[Path]) -> bytes:
    """Do the job in a process that is killed when it takes too long.

    Raises:
        LayoutError: The template is wrong, too slow or too large.
    """
    task = pickle.dumps((job, sorted({str(path.parent) for path in font_files})))
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "brandkit.layout.contained"],
            input=task,
            capture_output=True,
            timeout=MAX_SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LayoutError(f"the brand's template takes longer than {MAX_SECONDS} s", hint="look for an endless loop in it") from None
    if done.returncode != 0:
        message = done.stderr.decode(errors="replace").strip().splitlines()
        raise LayoutError(
            f"the brand's template cannot be set: {' '.join(message[-3:])[:600]}", hint="see docs/templates.md for what a template is given"
        )
    return done.stdout


def main() -> int:
    """Entry point of the process: a pickled job on stdin (from `run` alone), the answer on stdout."""
    import resource

    import typst

    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    job, folders = pickle.load(sys.stdin.buffer)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    try:
        sys.stdout.buffer.write(perform(job, fonts))
    except typst.TypstError as error:
        sys.stderr.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
