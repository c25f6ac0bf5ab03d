"""How well changed products are told from changed light, camera and background: `python benchmarks/drift/products.py`.

The rendered pairs of `pairs/` (see `pairs/scene.py`): each picture is compared with the base of its product. Limits were set on
the products in TUNING; the others are reported. Beside it the naive peer: 1 - SSIM of the whole pictures.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.image.load import load_picture
from brandkit.metric.reference import ReferenceReading, compare_product

HERE = Path(__file__).resolve().parent
PAIRS = HERE / "pairs"
TUNING = {"mug", "pot", "bottle", "jar", "caddy", "jug", "carton", "tin", "dispenser"}
NOT_FOUND = 9.0  # drift of a product that is not found again: a person must look
TARGETS = {"both masks": 0.95, "mask of the reference": 0.95, "cut-out reference": 0.95, "no mask": 0.90}


class Shot(NamedTuple):
    """One picture with its mask and what was done to it."""

    product: str
    kind: str
    what: str
    rgb: NDArray[np.uint8]
    mask: NDArray[np.bool_]


def load_shots(folder: Path = PAIRS) -> list[Shot]:
    """Every picture of `index.tsv`."""
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Shot(
            row["product"],
            row["kind"],
            row["what"] + (f" {row['amount']}" if row["amount"] != "0" else ""),
            load_picture(folder / row["file"]).rgb,
            load_picture(folder / row["mask"]).rgb[..., 0] > 127,
        )
        for row in rows
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


def _drift(reading: ReferenceReading) -> float:
    return reading.drift if reading.found else NOT_FOUND


def _cut_out(base: Shot) -> NDArray[np.uint8]:
    """As most kits keep a product: without its ground."""
    return np.where(base.mask[..., None], base.rgb, 255).astype(np.uint8)


MEASURES: dict[str, Callable[[Shot, Shot], float]] = {
    "both masks": lambda shot, base: _drift(compare_product(shot.rgb, base.rgb, base.mask, candidate_mask=shot.mask)),
    "mask of the reference": lambda shot, base: _drift(compare_product(shot.rgb, base.rgb, base.mask)),
    "cut-out reference": lambda shot, base: _drift(compare_product(shot.rgb, _cut_out(base), base.mask)),
    "no mask": lambda shot, base: _drift(compare_product(shot.rgb, base.rgb)),
    "whole-picture SSIM": whole_picture,
}


def main(arguments: Sequence[str]) -> int:
    """Print the table; with `--all` every picture, too."""
    shots = load_shots()
    bases = {shot.product: shot for shot in shots if shot.kind == "base"}
    shots = [shot for shot in shots if shot.kind != "base"]
    values = {name: [measure(shot, bases[shot.product]) for shot in shots] for name, measure in MEASURES.items()}
    if "--all" in arguments:
        print("| product | what | kind | " + " | ".join(MEASURES) + " |\n|---|---|---|" + "---|" * len(MEASURES))
        for index, shot in enumerate(shots):
            print(f"| {shot.product} | {shot.what} | {shot.kind} | " + " | ".join(f"{values[name][index]:.2f}" for name in MEASURES) + " |")
        print()
    print("| measure | set | AUROC | target | changed and caught | kept and alarmed |\n|---|---|---|---|---|---|")
    for name in MEASURES:
        for label, wanted in (("tuning", True), ("reporting", False)):
            changed, kept = (
                [value for value, shot in zip(values[name], shots, strict=True) if shot.kind == kind and (shot.product in TUNING) == wanted]
                for kind in ("drift", "kept")
            )
            if not changed or not kept:
                continue
            target = f"{TARGETS[name]:.2f}" if name in TARGETS else ""
            counts = ("", "") if name not in TARGETS else (_over(changed), _over(kept))
            print(f"| {name} | {label} | {auroc(changed, kept):.3f} | {target} | {counts[0]} | {counts[1]} |")
    return 0


def _over(values: Sequence[float]) -> str:
    return f"{sum(value > 1 for value in values)} of {len(values)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
