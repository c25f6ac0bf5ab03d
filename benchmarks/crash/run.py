"""Kill runs at every named step and at random moments, and count what does not hold.

Run: `.venv/bin/python -m benchmarks.crash.run --seeds 200 --out docs/benchmarks/crash.md`
Each seed is a campaign of three pictures against the loopback provider, which loses, damages or refuses a quarter of its answers; the
run is killed up to three times and run again until it is done. Every third seed goes by batch. `--light` leaves out composing. Exit 1
when anything does not hold.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks.crash.server import Server
from benchmarks.crash.trial import BATCH_POINTS, PARALLEL, POINTS, Outcome, prepare, try_once
from brandkit.files import write_atomic

Planned = tuple[int, str, bool]
"""Seed, named step of the first kill ("" for none), and whether it goes by batch."""
BY_BATCH = 3  # of so many trials at random one goes by batch


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=200, help="trials at random, beside one at each named step")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--light", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    start = time.monotonic()
    outcomes = run_trials(options.seeds, options.first, light=options.light, tell=True)
    command = f".venv/bin/python -m benchmarks.crash.run --seeds {options.seeds}{' --light' if options.light else ''}"
    text = report(outcomes, command + (f" --out {options.out}" if options.out else ""), time.monotonic() - start)
    if options.out:
        write_atomic(options.out, text)
    print(text)
    return 1 if any(outcome.broken for outcome in outcomes) else 0


def run_trials(seeds: int, first: int = 0, *, light: bool = False, tell: bool = False, workers: int = 1) -> list[Outcome]:
    """One trial at each named step of live runs and of batches, then `seeds` at random; `workers` of them at a time."""
    planned = [*((10_000 + index, point, False) for index, point in enumerate(POINTS))]
    planned += [*((20_000 + index, point, True) for index, point in enumerate(BATCH_POINTS))]
    planned += [*((seed, "", seed % BY_BATCH == BY_BATCH - 1) for seed in range(first, first + seeds))]
    if workers == 1:
        return _share(planned, light, tell)
    shares = [planned[worker::workers] for worker in range(workers)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return [outcome for done in pool.map(partial(_share, light=light), shares) for outcome in done]


def _share(planned: Sequence[Planned], light: bool, tell: bool = False) -> list[Outcome]:
    """Trials one after the other, with a provider of their own."""
    outcomes: list[Outcome] = []
    with Server() as server, tempfile.TemporaryDirectory() as folder:
        case = prepare(server, Path(folder) / "undisturbed", light=light)
        for number, (seed, point, batch) in enumerate(planned, 1):
            out = Path(folder) / f"{seed}"
            outcomes.append(try_once(case, server, out, seed, point=point, batch=batch))
            shutil.rmtree(out, ignore_errors=True)
            if tell:
                print(f"\r{number}/{len(planned)} trials", end="", file=sys.stderr, flush=True)
    return outcomes


def report(outcomes: list[Outcome], command: str, seconds: float) -> str:
    """The page."""
    kills = {batch: Counter(_place(kill) for each in outcomes if each.by_batch is batch for kill in each.kills) for batch in (False, True)}
    trials = Counter(outcome.by_batch for outcome in outcomes)
    broken = Counter(reason for outcome in outcomes for reason in outcome.broken)
    lines = [
        "# Runs that are killed\n",
        f"<!-- Made by the command below; not edited by hand. -->\n\n    {command}\n",
        f"{trials[False]} trials of a campaign with three pictures bought live, {PARALLEL} calls at once, and {trials[True]} that begin "
        f"as a batch, submit, collect and buy live as it comes; {sum(map(Counter.total, kills.values()))} kills, {seconds / 60:.0f} "
        "minutes. A quarter of the provider's answers are lost, damaged or refused as well. After every end of a run, and at the end of "
        "each trial, all of this must hold:\n",
        "- no accepted asset is lost or changed; the record passes SQLite's integrity check;",
        "- every booked answer is on disk, byte for byte; no answer that arrived is left unread;",
        "- the ledger counts every call on the provider's bill, and books none that is not on it;",
        "- requests and bills ≤ pictures + kills of live runs × calls at once + spoilt answers: no kill buys a batch twice;",
        "- spent + reserved + possibly spent ≤ the cap, read from outside every few milliseconds;",
        "- the finished record equals that of a run that nobody disturbed.\n",
        f"**Broken in {sum(bool(outcome.broken) for outcome in outcomes)} of {len(outcomes)} trials.**\n",
        *(f"- {reason}: {count}" for reason, count in broken.most_common()),
        "| killed | live | by batch |",
        "|---|---:|---:|",
        *(
            f"| {_words(place)} | {kills[False][place] or ''} | {kills[True][place] or ''} |"
            for place in sorted({*kills[False], *kills[True]}, key=_order)
        ),
        f"\nRequests: {sum(outcome.posts for outcome in outcomes)}; calls billed beyond one for each picture: "
        f"{sum(outcome.bought_again for outcome in outcomes)}, each counted in the budget.",
    ]
    return "\n".join(lines) + "\n"


PLACES = list(dict.fromkeys((*POINTS, *BATCH_POINTS)))
ANYWHERE = "at a random moment"


def _place(kill: str) -> str:
    return kill if kill[0] in "<>" else ANYWHERE


def _words(place: str) -> str:
    return place if place == ANYWHERE else f"{'before' if place[0] == '<' else 'after'} `{place[1:]}`"


def _order(place: str) -> int:
    return PLACES.index(place) if place in PLACES else len(PLACES)


if __name__ == "__main__":
    sys.exit(main())
