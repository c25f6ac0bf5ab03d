"""Measure the checks on assets with known faults.

Run: `.venv/bin/python -m benchmarks.drift.run --set reporting --samples 2000 --workers 2 --out docs/benchmarks/drift.md`
It goes on where it stopped: every finished base asset is a line in `out/bench/drift-SET.jsonl`; `--fresh` starts again, `--report-only`
writes the tables of what is there. `--samples` counts on-brand files, four encodings of each base asset; each is checked twice, as an own
and as a foreign one.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

from benchmarks.drift.brands.kit import brand_named
from benchmarks.drift.report import write_report
from benchmarks.drift.sample import CLEAN, Record, records
from benchmarks.drift.sets import SETS
from brandkit.files import write_atomic

WORK = Path("out/bench")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=list(SETS), default="tuning")
    parser.add_argument("--samples", type=int, default=2000, help="on-brand files, four of each base asset")
    parser.add_argument("--faults", type=int, default=2, help="fault classes put into each base asset, at all severities")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="a look: 18 base assets")
    parser.add_argument("--until", default="", help="stop at this UTC time, as 21:25, and report what is there")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--report-only", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    store = WORK / f"drift-{options.set}.jsonl"
    store.parent.mkdir(parents=True, exist_ok=True)
    if options.fresh:
        store.unlink(missing_ok=True)
    done = _load(store)
    bases = 18 if options.quick else -(-options.samples // CLEAN)
    wanted = [index for index in range(bases) if index not in done]
    if wanted and not options.report_only:
        done |= _measure(options.set, wanted, options.faults, options.workers, store, options.until)
    rows = [record for index in sorted(done) if index < bases or options.report_only for record in done[index]]
    if not rows:
        print("nothing measured yet", file=sys.stderr)
        return 1
    command = f".venv/bin/python -m benchmarks.drift.run --set {options.set} --samples {options.samples} --workers {options.workers}"
    command += f" --until {options.until}" if options.until else ""
    text = write_report(rows, SETS[options.set], command + (f" --out {options.out}" if options.out else ""))
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(options.out, text)
    else:
        print(text)
    return 0


def _load(store: Path) -> dict[int, list[Record]]:
    done: dict[int, list[Record]] = {}
    if store.exists():
        for line in store.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:
                continue  # the line that was being written when the run was stopped
            done[entry["base"]] = entry["records"]
    return done


def _measure(name: str, wanted: list[int], faults: int, workers: int, store: Path, until: str) -> dict[int, list[Record]]:
    done: dict[int, list[Record]] = {}
    start, queue = time.monotonic(), list(wanted)
    for brand in SETS[name].brands:
        brand_named(brand, WORK / "brands")  # written here, so that workers do not race for it
    with ProcessPoolExecutor(workers) as pool, store.open("a", encoding="utf-8") as file:
        running: dict[Future[list[Record]], int] = {}
        while queue or running:
            stop = bool(until) and time.strftime("%H:%M", time.gmtime()) >= until
            while queue and len(running) < workers + 1 and not stop:
                index = queue.pop(0)
                running[pool.submit(records, name, index, str(WORK / "brands"), faults)] = index
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                index = running.pop(future)
                try:
                    done[index] = future.result()
                except Exception as error:  # one asset that cannot be made must not cost the others; it is said and left out
                    print(f"\nbase {index}: {type(error).__name__}: {error}", file=sys.stderr)
                    continue
                file.write(json.dumps({"base": index, "records": done[index]}) + "\n")
                file.flush()
            spent = time.monotonic() - start
            print(f"\r{len(done)}/{len(wanted)} base assets, {spent / 60:.1f} min", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return done


if __name__ == "__main__":
    sys.exit(main())
