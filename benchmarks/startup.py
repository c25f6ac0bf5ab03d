"""How long `import brandkit`, `brandkit --version` and `brandkit --help` take: medians of whole processes, interleaved.

Run: `.venv/bin/python benchmarks/startup.py [--runs 15]`. A bare `python -c pass` is measured in the same run for comparison.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import brandkit": [sys.executable, "-c", "import brandkit"],
    "brandkit --version": [str(BIN / "brandkit"), "--version"],
    "brandkit --help": [str(BIN / "brandkit"), "--help"],
}


def main() -> None:
    """Print a table of medians in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for turn in range(runs + 1):
        for name, command in COMMANDS.items():
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            if turn:  # the first turn only warms the file cache
                times[name].append(1000 * (time.perf_counter() - start))
    bare = statistics.median(times["python -c pass"])
    print(f"| command | median ms of {runs} | without the interpreter |\n|---|---:|---:|")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"| `{name}` | {median:.0f} | {median - bare:.0f} |")


if __name__ == "__main__":
    main()
