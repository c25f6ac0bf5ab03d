"""How well changed products are told from changed light, camera and background.

Run: `.venv/bin/python -m benchmarks.drift.products --out docs/benchmarks/products.md`; it makes the whole page. The rendered pairs of
`pairs/` (see `pairs/scene.py`): each picture is compared with the base of its product. Limits and method were set on the products in
TUNING; of the others only sums are shown. Beside it the naive peer: 1 - SSIM of the whole pictures.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.drift.products_page import HEAD, TAIL
from brandkit.files import write_atomic
from brandkit.image.load import load_picture
from brandkit.metric import reference as metric
from brandkit.metric.reference import ReferenceReading, compare_product

PAIRS = Path(__file__).resolve().parent / "pairs"
TUNING = (
    "mug", "pot", "bottle", "jar", "caddy", "jug", "carton", "tin", "dispenser", "pouch", "boot", "can", "flask", "viewer", "sack",
)  # fmt: skip
NOT_FOUND = 9.0  # drift of a product that is not found again: a person must look
TARGETS = {"both masks": 0.95, "mask of the reference": 0.95, "cut-out reference": 0.95, "no mask": 0.90}
NAIVE = "whole-picture SSIM"
LIMITS = {"gone": metric.GONE, "aspect": metric.ASPECT, "shift": metric.SHIFT, "turn": metric.TURN, "print": metric.PRINT,
          "strokes": metric.STROKES, "color": metric.COLOR, "size": metric.SIZE}  # fmt: skip
USUAL, MARGIN = 99, 1.1  # percentile of what kept pictures read, and what a limit is above it, where limits are set anew
DRAWS = 1000  # of products, for the interval of an AUROC


class Shot(NamedTuple):
    """One picture with its mask and what was done to it."""

    product: str
    kind: str
    what: str
    rgb: NDArray[np.uint8]
    mask: NDArray[np.bool_]


class Compared(NamedTuple):
    """What the measures read of one picture."""

    product: str
    kind: str
    what: str
    readings: dict[str, ReferenceReading]
    naive: float


def load_shots(folder: Path = PAIRS, products: Iterable[str] = ()) -> list[Shot]:
    """The pictures of `index.tsv`: all, or of these products."""
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    wanted = set(products) or {row["product"] for row in rows}
    return [
        Shot(
            row["product"],
            row["kind"],
            row["what"] + (f" {row['amount']}" if row["amount"] != "0" else ""),
            load_picture(folder / row["file"]).rgb,
            load_picture(folder / row["mask"]).rgb[..., 0] > 127,
        )
        for row in rows
        if row["product"] in wanted
    ]


def auroc(changed: Sequence[float], kept: Sequence[float]) -> float:
    """Chance that a changed product reads higher than a kept one; ties count half."""
    one, two = np.array(changed)[:, None], np.array(kept)[None, :]
    return float(((one > two) + 0.5 * (one == two)).mean())


def whole_picture(shot: Shot, base: Shot) -> float:
    """1 - SSIM of the whole pictures, in grey."""
    from skimage.color import rgb2gray
    from skimage.metrics import structural_similarity

    return 1 - float(structural_similarity(rgb2gray(base.rgb), rgb2gray(shot.rgb), data_range=1.0))


def _cut_out(base: Shot) -> NDArray[np.uint8]:
    """As most kits keep a product: without its ground."""
    return np.where(base.mask[..., None], base.rgb, 255).astype(np.uint8)


MEASURES: dict[str, Callable[[Shot, Shot], ReferenceReading]] = {
    "both masks": lambda shot, base: compare_product(shot.rgb, base.rgb, base.mask, candidate_mask=shot.mask),
    "mask of the reference": lambda shot, base: compare_product(shot.rgb, base.rgb, base.mask),
    "cut-out reference": lambda shot, base: compare_product(shot.rgb, _cut_out(base), base.mask),
    "no mask": lambda shot, base: compare_product(shot.rgb, base.rgb),
}


def compare(product: str) -> list[Compared]:
    """Every picture of one product against its base, in every way."""
    import cv2

    cv2.setNumThreads(1)
    shots = load_shots(products=[product])
    base = next(shot for shot in shots if shot.kind == "base")
    return [
        Compared(
            *shot[:3], {name: measure(shot, base) for name, measure in MEASURES.items()}, whole_picture(shot, base)
        )
        for shot in shots
        if shot.kind != "base"
    ]  # fmt: skip


def products_of(folder: Path = PAIRS) -> list[str]:
    """All products, in the index's order."""
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
        return list(dict.fromkeys(row["product"] for row in csv.DictReader(file, delimiter="\t")))


def _values(reading: ReferenceReading) -> dict[str, float]:
    return {
        "shape": reading.shape / reading.shape_limit,
        "lost": reading.lost / reading.lost_limit,
        **{name: abs(getattr(reading, name)) for name in LIMITS},
    }


def limits_without(pictures: Sequence[Compared], product: str) -> dict[str, float]:
    """Limits set by rule on what the kept pictures of all other products read, in every way of comparing."""
    read = [
        _values(reading)
        for picture in pictures
        if picture.kind == "kept" and picture.product != product
        for reading in picture.readings.values()
        if reading.found
    ]
    return {name: max(1e-6, MARGIN * float(np.percentile([values[name] for values in read], USUAL))) for name in ("shape", "lost", *LIMITS)}


def drift(reading: ReferenceReading, limits: dict[str, float] | None = None) -> float:
    """The drift as the check reads it, or under other limits."""
    if not reading.found:
        return NOT_FOUND
    return reading.drift if limits is None else max(value / limits[name] for name, value in _values(reading).items())


Scored = list[tuple[str, str, float]]  # product, kind, drift


def _row(measure: str, label: str, scored: Scored) -> str:
    changed, kept = ([value for _, kind, value in scored if kind == wanted] for wanted in ("drift", "kept"))
    low, high = _interval(scored)
    target = f"{TARGETS[measure]:.2f}" if measure in TARGETS else ""
    counts = (_over(changed), _over(kept)) if measure in TARGETS else ("", "")
    return f"| {measure} | {label} | {auroc(changed, kept):.3f} | {low:.2f} to {high:.2f} | {target} | {counts[0]} | {counts[1]} |"


def _interval(scored: Scored) -> tuple[float, float]:
    """95 % interval of the AUROC, products drawn anew: pictures of one product fail together."""
    names = sorted({product for product, _, _ in scored})
    sides = {
        kind: [[value for product, k, value in scored if (product, k) == (name, kind)] for name in names] for kind in ("drift", "kept")
    }
    random = np.random.default_rng(1)
    draws = random.integers(len(names), size=(DRAWS, len(names)))
    values = [auroc(*([value for index in draw for value in parts[index]] for parts in sides.values())) for draw in draws]
    return float(np.percentile(values, 2.5)), float(np.percentile(values, 97.5))


def _over(values: Sequence[float]) -> str:
    return f"{sum(value > 1 for value in values)} of {len(values)}"


def table(pictures: Sequence[Compared]) -> str:
    """Each way of comparing on the tuning products, on each of them with limits from the others, and on the reporting products."""
    lines = ["| measure | set | AUROC | 95 % | target | changed and caught | kept and alarmed |", "|---|---|---|---|---|---|---|"]
    tuning, reporting = ([p for p in pictures if (p.product in TUNING) == wanted] for wanted in (True, False))
    anew = {product: limits_without(tuning, product) for product in {picture.product for picture in tuning}} if len(tuning) else {}
    for name in MEASURES:
        rows = {
            "tuning": [(p.product, p.kind, drift(p.readings[name])) for p in tuning],
            "each left out": [(p.product, p.kind, drift(p.readings[name], anew[p.product])) for p in tuning],
            "reporting": [(p.product, p.kind, drift(p.readings[name])) for p in reporting],
        }
        lines += [_row(name, label, scored) for label, scored in rows.items() if scored]
    for label, part in (("tuning", tuning), ("reporting", reporting)):
        lines += [_row(NAIVE, label, [(p.product, p.kind, p.naive) for p in part])] if part else []
    return "\n".join(lines) + "\n"


def every_picture(pictures: Sequence[Compared]) -> str:
    """Single drifts, of the tuning products alone."""
    lines = ["| product | what | kind | " + " | ".join(MEASURES) + " |", "|---|---|---|" + "---|" * len(MEASURES)]
    for picture in (picture for picture in pictures if picture.product in TUNING):
        drifts = " | ".join(f"{drift(picture.readings[name]):.2f}" for name in MEASURES)
        lines.append(f"| {picture.product} | {picture.what} | {picture.kind} | {drifts} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="write the page here, too")
    parser.add_argument("--tuning", action="store_true", help="the tuning products alone: what work on the measure may look at")
    parser.add_argument("--all", action="store_true", help="every picture of the tuning products, too")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (default: one for each core)")
    options = parser.parse_args(arguments)
    names, start = [name for name in products_of() if name in TUNING or not options.tuning], time.monotonic()
    pictures: list[Compared] = []
    with ProcessPoolExecutor(options.workers) as pool:
        for name, part in zip(names, pool.map(compare, names), strict=True):
            pictures += part
            print(f"{name}: {len(part)} pictures, {time.monotonic() - start:.0f} s", file=sys.stderr)
    others = [name for name in names if name not in TUNING]
    text = HEAD + table(pictures) + TAIL.format(tuning=", ".join(TUNING), reporting=", ".join(others) or "none in this run")
    text += "\n" + every_picture(pictures) if options.all else ""
    if options.out:
        write_atomic(options.out, text)
    print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
