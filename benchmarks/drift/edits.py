"""Which edits kept what they had to keep: real pictures that image models edited, region by region.

Run: `.venv/bin/python -m benchmarks.drift.edits --out docs/benchmarks/edits.md`. The pictures are looked for in `BRANDKIT_CORPUS`, by
default `../shared/corpus`, and nothing of them is copied. Regions and what was seen in each by eye stand in `edits.yaml`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab
from brandkit.files import write_atomic
from brandkit.image.load import load_picture
from brandkit.metric.conformal import share

CORPUS = Path(os.environ.get("BRANDKIT_CORPUS", Path(__file__).parents[3] / "shared" / "corpus")) / "gptimages"
TRUTH = Path(__file__).with_name("edits.yaml")
SIDE = 1200  # px of the long side at which pictures are compared
FEATURES, RATIO, INLIERS = 6000, 0.75, 20
BLOCK = 24  # px: pieces in which a region's drawing is compared
FLAT = 1.5  # L*: pieces with less contrast show no drawing
MOVED, STRETCHED, SAME, COLOR = 1.0, 3.0, 0.45, 6.0  # % of the long side, %, correlation, ΔE00: up to (from) which a region is kept
HEADER = "| region | asked to | moved % | stretched % | same drawing | ΔE00 | measured | by eye |"
IN_FRAME = 0.7  # of a region that must be in the edit's frame

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]


class Kept(NamedTuple):
    """How one region of the input is found again in the edit."""

    moved: float
    """% of the long side, beyond what the whole picture moved."""
    stretched: float
    """%: the larger of both axes, beyond the whole picture's."""
    same: float
    """Median correlation of its pieces' lightness, in [-1, 1]."""
    color: float
    """Median ΔE00."""
    in_frame: float

    @property
    def verdict(self) -> str:
        if self.in_frame < IN_FRAME:
            return "cut off"
        kept = self.moved <= MOVED and self.stretched <= STRETCHED and self.same >= SAME and self.color <= COLOR
        return "kept" if kept else "changed"


def register(before: Pixels, after: Pixels) -> Floats | None:
    """Homography from `before` to `after` that most SIFT features agree on; None where they agree on none."""
    import cv2

    sift = cv2.SIFT.create(nfeatures=FEATURES)
    points, features = sift.detectAndCompute(cv2.cvtColor(before, cv2.COLOR_RGB2GRAY), None)
    others, candidates = sift.detectAndCompute(cv2.cvtColor(after, cv2.COLOR_RGB2GRAY), None)
    if features is None or candidates is None:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(features, candidates, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance]
    if len(good) < INLIERS:
        return None
    cv2.setRNGSeed(1)
    here, there = np.array([points[m.queryIdx].pt for m in good]), np.array([others[m.trainIdx].pt for m in good])
    matrix, inliers = cv2.findHomography(here, there, cv2.RANSAC, 4.0)
    return None if matrix is None or int(inliers.sum()) < INLIERS else np.asarray(matrix, np.float64)


def compare_region(before: Pixels, laid: Pixels, shown: NDArray[np.bool_], box: Sequence[float]) -> Kept:
    """One region (x, y, right, bottom as shares of the picture) of an edit that was laid over its input."""
    import cv2

    height, width = before.shape[:2]
    columns, rows = slice(round(box[0] * width), round(box[2] * width)), slice(round(box[1] * height), round(box[3] * height))
    inside = shown[rows, columns]
    one, two = (_light(rgb[rows, columns]) for rgb in (before, laid))
    matrix: Floats = np.eye(2, 3)
    if inside.mean() >= IN_FRAME:
        for soft in (4.0, 1.5):  # from far to near
            matrix = _fit(one, two, inside, matrix, soft)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    fitted = cv2.warpAffine(laid[rows, columns], matrix, (one.shape[1], one.shape[0]), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    middle = np.array([one.shape[1] / 2, one.shape[0] / 2, 1.0])
    moved = 100 * float(np.linalg.norm(matrix @ middle - middle[:2])) / max(height, width)
    stretched = 100 * float(np.abs(np.linalg.svd(matrix[:, :2], compute_uv=False) - 1).max())
    gaps = delta_e_2000(srgb_to_lab(cv2.blur(before[rows, columns], (9, 9)) / 255.0), srgb_to_lab(cv2.blur(fitted, (9, 9)) / 255.0))
    return Kept(moved, stretched, _pieces(one, _light(np.asarray(fitted, np.uint8)), inside), float(np.median(gaps)), float(inside.mean()))


def _light(rgb: Pixels) -> NDArray[np.float32]:
    import cv2

    return np.asarray(cv2.cvtColor(np.ascontiguousarray(rgb, np.float32) / 255, cv2.COLOR_RGB2Lab)[..., 0], np.float32)


def _fit(one: NDArray[np.float32], two: NDArray[np.float32], inside: NDArray[np.bool_], start: Floats, soft: float) -> Floats:
    import cv2

    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 80, 1e-5)
    blurred = [cv2.GaussianBlur(picture, (0, 0), soft) for picture in (one, two)]
    try:
        _, matrix = cv2.findTransformECC(*blurred, start.astype(np.float32), cv2.MOTION_AFFINE, criteria, inside.astype(np.uint8))
    except cv2.error:  # nothing alike: it stays, and its pieces say so
        return start
    return np.asarray(matrix, np.float64)


def _pieces(one: NDArray[np.float32], two: NDArray[np.float32], inside: NDArray[np.bool_]) -> float:
    found = []
    for y in range(0, max(1, one.shape[0] - BLOCK // 2), BLOCK):
        for x in range(0, max(1, one.shape[1] - BLOCK // 2), BLOCK):
            first, second = (picture[y : y + BLOCK, x : x + BLOCK].ravel() for picture in (one, two))
            if inside[y : y + BLOCK, x : x + BLOCK].all() and first.std() > FLAT and second.std() > 0:
                found.append(float(np.corrcoef(first, second)[0, 1]))
    return float(np.median(found)) if found else 1.0


def _reduced(path: Path, side: int = SIDE, part: Sequence[float] = (0, 0, 1, 1)) -> Pixels:
    """A part of a picture with at most `side` px on its long side; a part that is smaller is enlarged."""
    import cv2

    rgb = load_picture(path).rgb
    height, width = rgb.shape[:2]
    rgb = rgb[round(part[1] * height) : round(part[3] * height), round(part[0] * width) : round(part[2] * width)]
    scale = side / max(rgb.shape[:2])
    scale = min(1.0, scale) if tuple(part) == (0, 0, 1, 1) else scale
    size = round(rgb.shape[1] * scale), round(rgb.shape[0] * scale)
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC), np.uint8)


def measure(edit: dict[str, Any]) -> list[tuple[dict[str, Any], Kept | None]]:
    """Every region of one edit; None where the two pictures have nothing in common."""
    import cv2

    before, after = (
        _reduced(CORPUS / edit["before"], edit.get("side", SIDE)),
        _reduced(CORPUS / edit["after"], part=edit.get("in", (0, 0, 1, 1))),
    )
    matrix = register(before, after)
    if matrix is None:
        return [(region, None) for region in edit["regions"]]
    flags, size = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, (before.shape[1], before.shape[0])
    laid = np.asarray(cv2.warpPerspective(after, matrix, size, flags=flags), np.uint8)
    shown = np.asarray(cv2.warpPerspective(np.ones(after.shape[:2], np.uint8), matrix, size, flags=flags) > 0)
    return [(region, compare_region(before, laid, shown, region["box"])) for region in edit["regions"]]


def report(edits: list[dict[str, Any]]) -> str:
    """The page."""
    lines, agreed, judged = [], 0, 0
    for edit in edits:
        lines += [f"\n## {edit['name']}\n", f"{edit['asked']}\n", HEADER, "|---|---|---:|---:|---:|---:|---|---|"]
        for region, kept in measure(edit):
            verdict = kept.verdict if kept else "changed"
            numbers = (
                f"{kept.moved:.1f} | {kept.stretched:.1f} | {kept.same:.2f} | {kept.color:.1f}" if kept else " | | nothing in common | "
            )
            agrees = verdict == region["says"]
            agreed, judged = agreed + agrees, judged + 1
            says = f"{region['says']}{': ' + region['why'] if region.get('why') else ''}{'' if agrees else ' **(disagrees)**'}"
            lines.append(f"| {region['name']} | {region.get('must', 'keep')} | {numbers} | {verdict} | {says} |")
    bounds = share(agreed, judged)
    head = f"Measure and eye agree on **{agreed} of {judged}** regions (95 % sure: {100 * bounds.low:.0f} to {100 * bounds.high:.0f} %)."
    return head + "\n" + "\n".join(lines) + "\n"


INTRODUCTION = """# Edits: what they kept

<!-- Made by the command below; not edited by hand. -->

    .venv/bin/python -m benchmarks.drift.edits {command}

Real pictures that image models edited. Each edit is laid over its input by the features that most of the picture agrees on, then each
region is fitted by itself. *Kept*: it moved at most {moved:g} % of the long side and stretched at most {stretched:g} % beyond the
whole picture, its pieces correlate at {same:g} or more, and its colour is within ΔE00 {color:g}. The limits were set while looking at
these same pictures, which were judged by eye once, so the count says that the measure is sane, not how often it is right elsewhere.

"""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print(f"{CORPUS}: not there; set BRANDKIT_CORPUS", file=sys.stderr)
        return 2
    command = " ".join(sys.argv[1:] if arguments is None else arguments)
    head = INTRODUCTION.format(command=command, moved=MOVED, stretched=STRETCHED, same=SAME, color=COLOR)
    text = head + report(yaml.safe_load(TRUTH.read_text(encoding="utf-8")))
    if options.out:
        write_atomic(options.out, text)
    print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
