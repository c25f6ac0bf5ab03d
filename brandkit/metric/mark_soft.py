"""Find a mark whose edges were lost: soft, melted, outlined or cut. Slower than the search by edges, so only where that finds none."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from brandkit.metric.mark_color import color_places, share_explained, share_kept
from brandkit.metric.mark_measure import MarkReading, decompose, read_view, warped
from brandkit.metric.mark_model import Floats, Frame, Pose, frame_for, premultiply
from brandkit.metric.mark_pyramid import Pyramid
from brandkit.metric.mark_search import FINAL_AREA, KEPT, Found, is_sharp, loosely
from brandkit.metric.mark_view import View, ecc
from brandkit.metric.mark_worn import residual_around

TRIED = 3  # places that are aligned
STEPS = ((1_600, 40), (6_000, 20))  # px of the mark while it is aligned, and steps: coarse first, where detail does not mislead
SLIDE = 0.1  # of the mark's mean side that a place may lie beside the mark
SIZES = (0.92, 1.0, 1.08)  # times that a place's size may be off between two levels
PULL = 0.2  # of the share explained that an alignment must bring which is not mild
LOSS = 0.01  # of the share explained that an alignment may cost
MILD = (16.0, 12.0, 1.3)  # % of aspect, degrees and times of size that a place may be off: more is a likeness pulled into shape
BENT = (30.0, 15.0, 1.3)  # likewise for what could be nothing else
LEAST_EXPLAINED = 0.42  # share explained below which thin marks are met anywhere
BEYOND = 0.70  # share kept that no other mark reaches
TRACE = 0.33  # agreement of averaged edges that a mark must keep where its share is smaller
LOOSE = 0.57  # agreement of averaged edges from which a thin mark, that keeps little of its colours, is the mark


def find_soft(pyramid: Pyramid, variants: Sequence[NDArray[np.uint8]]) -> Found | None:
    """The place that a mark's own colours explain best, in any of its colourings; None where that may be chance.

    Args:
        pyramid: The picture.
        variants: Drawings that differ in their colours only, each straight RGBA, shape (h, w, 4), uint8.
    """
    marks = [premultiply(variant) for variant in variants]
    best: Found | None = None
    for place in color_places(pyramid, marks)[:TRIED]:
        reading = _read(pyramid, marks[place.variant], Pose.of_box(place.box))
        if reading is not None and (best is None or _rank(reading) > _rank(best.reading)):
            best = Found(reading, place.variant)
    return best if best and any(_rank(best.reading)) else None


def _rank(reading: MarkReading) -> tuple[bool, float]:
    return is_sharp(reading), reading.kept


def _read(pyramid: Pyramid, mark: Floats, start: Pose) -> MarkReading | None:
    """What is read of the mark near `start`: pulled until its edges agree, or as little as it goes; None where little is explained."""
    width, height = (float(np.linalg.norm(start.matrix[:, column])) for column in (0, 1))
    frame = frame_for(width, height, FINAL_AREA)
    for pull in (PULL, math.inf):
        pose, explained = settle(pyramid.rgb, mark, start, pull)
        if explained < LEAST_EXPLAINED:
            return None
        reading = read_view(View.of(pyramid.rgb, mark, pose, frame), pose, start)
        kept, mild = share_kept(pyramid.rgb, mark, pose), within(MILD, pose, start)
        if mild or is_sharp(reading) or (kept >= BEYOND and within(BENT, pose, start)):
            break
    loose = loosely(pyramid.rgb, mark, pose)
    if not mild:
        kept = kept if kept >= BEYOND and within(BENT, pose, start) else 0.0
    kept = _certain(kept, loose)
    reading = replace(reading, kept=kept, loose=loose)
    if kept < KEPT and not is_sharp(reading):
        return reading
    around = residual_around(pyramid.rgb, mark, pose, lossy=pyramid.lossy)
    return replace(reading, around=around.whole, spread=max(reading.spread, around.spread))


def _certain(kept: float, loose: float) -> float:
    """`kept` where it cannot be chance, else 0."""
    if kept and loose >= LOOSE:
        return max(kept, loose)
    return kept if kept >= BEYOND or (kept >= KEPT and loose >= TRACE) else 0.0


def settle(rgb: NDArray[np.uint8], mark: Floats, start: Pose, pull: float) -> tuple[Pose, float]:
    """The pose near `start` that explains most, and the share it explains."""
    pose, best = start, share_explained(rgb, mark, start)
    width, height = (float(np.linalg.norm(start.matrix[:, column])) for column in (0, 1))
    for area, steps in STEPS:
        frame = frame_for(width, height, area)
        view = View.of(rgb, mark, pose, frame)
        warp = ecc(view, steps, slide=SLIDE * math.sqrt(frame.width * frame.height) if area == STEPS[0][0] else 0)
        if warp is None:
            break
        other = warped(pose, frame, warp)
        share = share_explained(rgb, mark, other)
        if share > best + (-LOSS if within(MILD, other, start) else pull):
            pose, best = other, share
        elif area == STEPS[0][0]:
            pose, best = max(_stiffly(rgb, mark, pose, frame), key=lambda found: found[1])
    return pose, best


def _stiffly(rgb: NDArray[np.uint8], mark: Floats, pose: Pose, frame: Frame) -> Iterator[tuple[Pose, float]]:
    """`pose` and what becomes of it when the mark is moved and turned but not pulled, from several sizes; each with its share explained."""
    yield pose, share_explained(rgb, mark, pose)
    for size in SIZES:
        linear = size * pose.matrix[:, :2]
        start = Pose(np.column_stack([linear, pose.centre - linear @ [0.5, 0.5]]))
        warp = ecc(View.of(rgb, mark, start, frame), STEPS[0][1], slide=SLIDE * math.sqrt(frame.width * frame.height), stiff=True)
        if warp is not None:
            other = warped(start, frame, warp)
            yield other, share_explained(rgb, mark, other)


def within(most: tuple[float, float, float], pose: Pose, start: Pose) -> bool:
    """Whether `pose` is off `start` by less than `most`: % of aspect, degrees and times of size."""
    rotation, aspect, scale = decompose(pose, start)
    stretch, turn, size = most
    return abs(aspect) < stretch and abs(rotation) < turn and 1 / size < scale < size
