"""Time the checks as multiples of Pillow's decode of the same PNG, beside a naive stack of colorthief and scikit-image.

Run: `.venv/bin/python -m benchmarks.speed.run --rounds 7 --out docs/benchmarks/speed.md`
All candidates of a size take turns in one process; a row's multiple is the median of the rounds' own ratios, so that a machine that
slows down for a while slows both sides. Peak memory is that of a fresh process for each row. `--profile` prints where the time goes.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from benchmarks.speed.cases import CASES, Case, load_case
from brandkit.files import write_atomic

SIZES = ((1024, 1024), (1536, 1024), (3840, 2160))
FOREIGN = {"1024×1024": 4.0, "1536×1024": 4.0, "3840×2160": 1.5}
TARGETS = {"own": {"1024×1024": 2.0, "1536×1024": 2.0, "3840×2160": 1.5}, "foreign": FOREIGN, "foreign-apart": FOREIGN}
PEAK = 250  # MiB
FASTER = 15  # times as fast as the naive stack that an own asset's checks should be


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--profile", metavar="CASE")
    parser.add_argument("--size", default="1024x1024")
    parser.add_argument("--one", nargs=2, metavar=("CASE", "SIZE"), help=argparse.SUPPRESS)
    parser.add_argument("--skip-naive", action="store_true")
    options = parser.parse_args(arguments)
    if options.one:
        return _peak_of(*options.one)
    if options.profile:
        return _profile(options.profile, options.size)
    text = _report(options.rounds, naive=not options.skip_naive, command=" ".join(sys.argv[1:] if arguments is None else arguments))
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(options.out, text)
    print(text)
    return 0


def _report(rounds: int, *, naive: bool, command: str) -> str:
    import cv2

    lines = [
        "# What checking costs\n",
        f"<!-- Made by the command below; not edited by hand. -->\n\n    .venv/bin/python -m benchmarks.speed.run {command}\n",
        f"Python {platform.python_version()}, {os.cpu_count()} cores. Multiples are of Pillow decoding the same PNG into an array, in "
        f"the same round; medians of {rounds} rounds, all rows of a size taking turns. A check starts from the file's bytes, decoding "
        "included. Where OpenCV may use several threads, flat colours are read beside the first checks. "
        "Text is read in own assets only, and where the extra `ocr` is installed; those rows stand by themselves, and the same "
        "text in the same pixels is read once. "
        "The first check of a brand also draws its marks (once for each process); the rounds do not count that. Peak memory is a fresh "
        "process's, with the interpreter and all libraries.\n",
        "| picture | what | 1 thread | all threads | target | 1 thread, ms | peak MiB |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    slower = []
    for width, height in SIZES:
        names = [name for name, case in CASES.items() if (naive or name != "naive") and (not case.needs or find_spec(case.needs))]
        cases = {name: load_case(name, width, height) for name in names}
        by_threads = {}
        for threads in (1, 0):
            cv2.setNumThreads(threads or os.cpu_count() or 1)
            by_threads[threads] = _times(cases, rounds if width < 3000 else max(3, rounds // 2))
        cv2.setNumThreads(1)
        if "naive" in names:
            times = " and ".join(f"{times['naive'][0] / times['own'][0]:.1f}×" for times in by_threads.values())
            slower.append(f"{times} at {width}×{height}")
        for name in names:
            one, many = by_threads[1][name], by_threads[0][name]
            size = f"{width}×{height}"
            target = TARGETS.get(name, {}).get(size)
            multiples = f"{one[0]:.2f}× | {many[0]:.2f}× | {f'≤ {target:g}×' if target else ''}"
            lines.append(f"| {size} | {CASES[name].title} | {multiples} | {one[1]:.0f} | {_peak(name, width, height)} |")
    if slower:
        lines.append(
            "\nThe naive stack, which measures three numbers, takes so many times an own asset's checks, on one thread and on all: "
            f"{'; '.join(slower)}. Target: at least {FASTER}×."
        )
    lines.append(f"\nTarget for memory: at most {PEAK} MiB.")
    return "\n".join(lines) + "\n"


def _times(cases: dict[str, tuple[Callable[[], object], bytes]], rounds: int) -> dict[str, tuple[float, float]]:
    ratios: dict[str, list[float]] = {name: [] for name in cases}
    milliseconds: dict[str, list[float]] = {name: [] for name in cases}
    for turn in range(rounds + 1):
        for name, (run, png) in cases.items():
            before = _spent(lambda png=png: decode(png))
            spent = _spent(run)
            after = _spent(lambda png=png: decode(png))
            if turn:  # the first round warms caches
                ratios[name].append(spent / (0.5 * (before + after)))
                milliseconds[name].append(1000 * spent)
    return {name: (statistics.median(ratios[name]), statistics.median(milliseconds[name])) for name in cases}


def _spent(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def decode(png: bytes) -> object:
    """Pillow's decode into an array, the unit of every figure."""
    import numpy as np
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def _peak(name: str, width: int, height: int) -> str:
    command = [sys.executable, "-m", "benchmarks.speed.run", "--one", name, f"{width}x{height}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "–"


def _peak_of(name: str, size: str) -> int:
    """Print the peak of this process in MiB; the picture is read from a file that another process made."""
    width, height = (int(part) for part in size.split("x"))
    run, _ = load_case(name, width, height)
    run()
    print(round(_peak_kib() / 1024))
    return 0


def _peak_kib() -> int:
    """Peak memory of this process; on Linux from the kernel's own mark, because `ru_maxrss` starts at the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _profile(name: str, size: str) -> int:
    import cProfile
    import pstats

    import cv2

    cv2.setNumThreads(1)
    width, height = (int(part) for part in size.split("x"))
    run, _ = load_case(name, width, height)
    run()
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(3):
        run()
    profile.disable()
    stats = pstats.Stats(profile)
    stats.sort_stats("tottime").print_stats(28)
    stats.sort_stats("cumtime").print_stats("brandkit", 40)
    return 0


__all__ = ["CASES", "Case", "decode", "main"]

if __name__ == "__main__":
    sys.exit(main())
