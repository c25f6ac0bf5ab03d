"""What strangeness is worth on a brand that had no say in it: weights chosen on three brands, read on the fourth.

Run: `.venv/bin/python -m benchmarks.own_weights`. Same pictures, halves and brand files as `benchmarks.own_or_other`. The usual values
are strangers' means on the three brands; the weights are the mean of the TOP best of GRID, because the best one alone fits its brands.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.drift.real import CORPUS, NAMES
from benchmarks.drift.score import auroc
from benchmarks.own_or_other import _rasters, make_kit
from brandkit.brand.load import load_brand
from brandkit.check.likeness import NOTHING, USUAL, WEIGHTS, readings
from brandkit.check.subject import Subject
from brandkit.image.load import load_picture
from brandkit.metric.likeness import look_of

REPEATS = 20
TOP = 100
GRID = np.array(list(itertools.product((0.5, 1), (0,), (0,), (1, 1.5, 2), (0.5, 1), (0.5, 1), (0.25, 0.5, 1), (1, 1.5, 2), (0, 0.5, 1))))
"""Weights of colour, hue, edges, tone, colours, greys, palette, mark and paint."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Round(NamedTuple):
    """What was read with half of a brand's pictures as examples: one row for each picture."""

    own: Floats
    others: Floats


def read(name: str) -> list[Round]:
    """All rounds of one brand."""
    import cv2

    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        make_kit(name, Path(folder) / name)
        brand = load_brand(Path(folder) / name)
        own, others = [], []
        for owner in NAMES:
            for path in _rasters(owner):
                picture = load_picture(path)
                (own if owner == name else others).append((Subject(picture, brand), look_of(picture.rgb)))
        generator, rounds = np.random.default_rng(3), []
        for order in (generator.permutation(len(own)) for _ in range(REPEATS)):
            half = len(own) // 2
            looks = [own[index][1] for index in order[:half]]
            sides = ([own[index] for index in order[half:]], others)
            rounds.append(Round(*(np.array([readings(subject, looks, look=look) for subject, look in side]) for side in sides)))
    return rounds


def score(rounds: Sequence[Round], usual: Floats, weights: Floats) -> float:
    """Mean AUROC of strangers against the held-out half."""
    sides = ([np.log(side / usual + NOTHING) @ weights for side in (entry.others, entry.own)] for entry in rounds)
    return float(np.mean([auroc(others.tolist(), own.tolist()) for others, own in sides]))


def choose(brands: Sequence[Sequence[Round]]) -> tuple[Floats, Floats]:
    """Usual values and weights from these brands alone."""
    usual = np.mean([np.mean([entry.others.mean(axis=0) for entry in rounds], axis=0) for rounds in brands], axis=0)
    means = [np.mean([score(rounds, usual, weights) for rounds in brands]) for weights in GRID]
    return usual, GRID[np.argsort(means)[-TOP:]].mean(axis=0)


def main() -> int:
    """Print the table."""
    if not CORPUS.is_dir():
        print(f"{CORPUS}: not there; set BRANDKIT_CORPUS", file=sys.stderr)
        return 2
    with ProcessPoolExecutor(2) as pool:
        read_of = dict(zip(NAMES, pool.map(read, NAMES), strict=True))
    print("| brand | chosen on the other three | weights in use |\n|---|---|---|")
    rows = []
    for name in NAMES:
        usual, weights = choose([rounds for other, rounds in read_of.items() if other != name])
        rows.append((score(read_of[name], usual, weights), score(read_of[name], USUAL, WEIGHTS)))
        print(f"| {name} | {rows[-1][0]:.3f} | {rows[-1][1]:.3f} |")
    print(f"| mean | {np.mean([row[0] for row in rows]):.3f} | {np.mean([row[1] for row in rows]):.3f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
