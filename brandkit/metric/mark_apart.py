"""Find a mark among what stands apart in a picture, where no other search does: tiny ones, smears of one, and those drawn from memory."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.mark_bent import Bent, bend, controls
from brandkit.metric.mark_blob import blob_places
from brandkit.metric.mark_color import color_places, share_kept, share_smeared
from brandkit.metric.mark_common import FIGURE, common_agreement, is_proven
from brandkit.metric.mark_measure import MarkReading, read_view
from brandkit.metric.mark_model import Floats, Pose, frame_for, premultiply
from brandkit.metric.mark_pyramid import Pyramid
from brandkit.metric.mark_search import FINAL_AREA, Found, loosely
from brandkit.metric.mark_soft import MILD, settle, within
from brandkit.metric.mark_stiff import stiffly
from brandkit.metric.mark_view import View
from brandkit.metric.mark_worn import residual_around

TRIED = 5  # places that are aligned
COLORED = 4  # places found by their colours among the candidates
INSIDE = 0.6  # of a place that must lie in the picture
WORTH = 0.35  # share of a smear that the mark's smear must explain
CRISP = 0.75  # share kept and agreement of averaged edges from which it is the mark; nothing else reaches both
SMEAR = 0.90  # share kept from which it is a smear of the mark
TRACED = 0.83  # likewise where averaged edges still agree by
TRACE = 0.45
SMEAR_SIDE = 16.0  # px of the shorter side below which every smear looks alike
PROMISING = 0.45  # agreement of averaged edges from which a place is worth laying the mark over it
EDGED_NCC = 0.50  # agreement of edges of a mark that lies there, whatever was drawn around it
EDGED_SIDE = 16.0  # px of its shorter side below which edges are too few to tell
BENT_SHARE = 0.60  # share explained by the bent mark,
BENT_EDGES = 0.75  # and agreement of its edges with what it has above chance, from which somebody drew the mark anew; words reach 0.72
ABOVE_CHANCE = 0.4  # of what its edges agree better than those of the mark upside down, mirrored or in another order, or a plain figure's
LIKE_SHARE, LIKE_EDGES = 0.44, 0.60  # likewise from which something is like the mark,
LIKE_NO_OTHER = 0.25  # where its edges agree by this much better than those of the mark upside down; nothing else comes near it
BENT_SMEAR = 0.50  # share of its smear that the mark's must explain for that
BENT_SIDE = 16.0  # px of the shorter side below which strokes are too few to tell
BENT_TRIED = 3  # places at which the mark is bent
SIZES = (1.0, 0.88)  # times of a place's size; strokes that were shifted outwards make it larger
HOPELESS = 0.45  # agreement of edges at one size from which another is worth a try
DRAWN = 0.70  # what counts as kept by a mark that was drawn anew


class Place(NamedTuple):
    """A candidate: the share of its smear that the mark's explains, where, and with which colouring."""

    share: float
    box: Box
    variant: int


def find_apart(pyramid: Pyramid, variants: Sequence[NDArray[np.uint8]]) -> Found | None:
    """The mark, in any of its colourings, among what stands apart; None where nothing is it or was drawn after it.

    Args:
        pyramid: The picture.
        variants: Drawings that differ in their colours only, each straight RGBA, shape (h, w, 4), uint8.
    """
    marks = [premultiply(variant) for variant in variants]
    places = sorted(_places(pyramid, marks), key=lambda place: -place.share)
    best: Found | None = None
    for place in places[:TRIED]:
        reading = _read(pyramid, marks[place.variant], place.box)
        better = best is None or reading.kept > best.reading.kept
        if better and _holds(reading) and is_proven(reading, marks[place.variant]):
            best = Found(reading, place.variant)
    return best or next(_edged(pyramid, marks), None) or next(_anew(pyramid, marks, places), None)


def _places(pyramid: Pyramid, marks: list[Floats]) -> Iterator[Place]:
    page = Box(0, 0, pyramid.rgb.shape[1], pyramid.rgb.shape[0])
    boxes = [*blob_places(pyramid.blobs, marks[0]), *(place.box for place in color_places(pyramid, marks)[:COLORED])]
    for box in boxes:
        if box.intersection(page).area >= INSIDE * box.area:
            shares = [share_smeared(pyramid.rgb, mark, Pose.of_box(box)) for mark in marks]
            variant = int(np.argmax(shares))
            if shares[variant] >= WORTH:
                yield Place(shares[variant], box, variant)


def _read(pyramid: Pyramid, mark: Floats, box: Box) -> MarkReading:
    """What is read of the mark near `box`, with what it keeps."""
    start = Pose.of_box(box)
    settled, _ = settle(pyramid.rgb, mark, start, math.inf)
    pose = settled if within(MILD, settled, start) else start
    reading = read_view(View.of(pyramid.rgb, mark, pose, frame_for(box.w, box.h, FINAL_AREA)), pose, start)
    kept, around = share_kept(pyramid.rgb, mark, pose), residual_around(pyramid.rgb, mark, pose, lossy=pyramid.lossy)
    spread = max(reading.spread, around.spread)
    return replace(reading, kept=kept, loose=loosely(pyramid.rgb, mark, pose), around=around.whole, spread=spread)


def _holds(reading: MarkReading) -> bool:
    """True where what is kept cannot be chance."""
    crisp = reading.kept >= CRISP and reading.loose >= CRISP
    smear = reading.kept >= SMEAR or (reading.kept >= TRACED and reading.loose >= TRACE)
    return crisp or (smear and min(reading.box.w, reading.box.h) >= SMEAR_SIDE)


def _edged(pyramid: Pyramid, marks: list[Floats]) -> Iterator[Found]:
    """Readings of the places where the mark's edges run, whatever was drawn around them."""
    page = Box(0, 0, pyramid.rgb.shape[1], pyramid.rgb.shape[0])
    for box in blob_places(pyramid.blobs, marks[0]):
        if min(box.w, box.h) < EDGED_SIDE or box.intersection(page).area < INSIDE * box.area:
            continue
        if loosely(pyramid.rgb, marks[0], Pose.of_box(box)) < PROMISING:
            continue
        pose, start, frame = stiffly(pyramid.rgb, marks[0], box), Pose.of_box(box), frame_for(box.w, box.h, FINAL_AREA)
        readings = [read_view(View.of(pyramid.rgb, mark, pose, frame), pose, start) for mark in marks]
        variant = int(np.argmax([reading.ncc if reading.plain else -1 for reading in readings]))
        reading, loose = readings[variant], loosely(pyramid.rgb, marks[variant], pose)
        reading = replace(reading, kept=loose, loose=loose)
        if reading.plain and reading.ncc >= EDGED_NCC and loose >= CRISP and is_proven(reading, marks[variant]):
            yield Found(reading, variant)


def _anew(pyramid: Pyramid, marks: list[Floats], places: list[Place]) -> Iterator[Found]:
    """Readings of the places where the mark was drawn from memory, and after them of what is like it."""
    broad = [place for place in places if min(place.box.w, place.box.h) >= BENT_SIDE and place.share >= BENT_SMEAR]
    like: list[Place] = []
    for place in broad[:BENT_TRIED]:
        mark = marks[place.variant]
        bent, chance = _bend(pyramid.rgb, mark, place.box)
        above, common = _above(bent.edges, chance), common_agreement(mark).edges
        if bent.share >= BENT_SHARE and _above(bent.edges, max(chance, common)) >= BENT_EDGES:
            reading = _read(pyramid, mark, place.box)
            yield Found(replace(reading, kept=max(DRAWN, reading.kept)), place.variant)
        elif above >= LIKE_EDGES and bent.edges - chance >= LIKE_NO_OTHER and common < FIGURE:
            like.append(place)
    for place in like:
        yield Found(_read(pyramid, marks[place.variant], place.box), place.variant, likeness=True)


def _above(edges: float, chance: float) -> float:
    return edges + ABOVE_CHANCE * (edges - chance)


def _bend(rgb: NDArray[np.uint8], mark: Floats, box: Box) -> tuple[Bent, float]:
    """How well the mark fits at the better of `SIZES`, and what its edges reach there by chance; that is 1 where it is hopeless."""
    best, place = Bent(0.0, -1.0), box
    for size in SIZES:
        other = Box(box.x + box.w * (1 - size) / 2, box.y + box.h * (1 - size) / 2, box.w * size, box.h * size)
        bent = bend(rgb, mark, other)
        if bent.edges > best.edges:
            best, place = bent, other
        if best.edges < HOPELESS:
            return best, 1.0
    if best.share < LIKE_SHARE or (1 + ABOVE_CHANCE) * best.edges < LIKE_EDGES:
        return best, 1.0
    return best, max(0.0, *(bend(rgb, control, place).edges for control in controls(mark)))
