"""How long both demo campaigns take from nothing, and again with nothing changed.

Run: `.venv/bin/python benchmarks/demo.py`. Each campaign runs into a fresh temporary folder in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BRANDKIT = str(Path(sys.executable).parent / "brandkit")
CAMPAIGNS = sorted((ROOT / "brands").glob("*/campaigns/*/campaign.yaml"))


def main() -> None:
    """Print a table of assets, seconds and verdicts."""
    print("| campaign | assets | pass | review | fail | first run, s | second run, s |\n|---|---:|---:|---:|---:|---:|---:|")
    total_assets, total_first, total_second = 0, 0.0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        for campaign in CAMPAIGNS:
            name = campaign.parent.name
            out = Path(folder) / name
            seconds = [_run(campaign, out) for _ in range(2)]
            assets = json.loads((out / "run.json").read_text(encoding="utf-8"))["assets"]
            verdicts = [asset["verdict"] for asset in assets]
            counts = " | ".join(str(verdicts.count(verdict)) for verdict in ("pass", "review", "fail"))
            print(f"| {name} | {len(assets)} | {counts} | {seconds[0]:.1f} | {seconds[1]:.1f} |")
            total_assets, total_first, total_second = total_assets + len(assets), total_first + seconds[0], total_second + seconds[1]
    print(f"| all | {total_assets} | | | | {total_first:.1f} | {total_second:.1f} |")


def _run(campaign: Path, out: Path) -> float:
    start = time.perf_counter()
    command = [BRANDKIT, "run", str(campaign), "--out", str(out), "--fail-on", "fail"]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
