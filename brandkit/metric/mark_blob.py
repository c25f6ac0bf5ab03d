"""Places where something the size and shape of a mark stands by itself, at the picture's own resolution: small marks and smears of one."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.mark_model import Floats

EDGE = 16  # levels within a square of 3 px from which something begins there
GAP = 5  # px between parts of one mark, at the size at which it is looked for
SHORT = (5.0, 24.0)  # px of its shorter side, likewise
RATIO = 1.5  # times by which a place may be wider or narrower than the mark: melted ones change their outline
INKED = 0.1  # alpha from which a pixel of the mark is seen
MOST = 400  # places of a size; a picture with more holds a texture


def blob_places(blobs: list[Box], mark: Floats) -> list[Box]:
    """Boxes of the whole mark in its own proportions, picture pixels, around whatever is about as wide and high as its ink.

    Args:
        blobs: What stands apart in the picture, as `find_blobs` finds it at every size.
        mark: Premultiplied RGBA in 0..1, shape (h, w, 4).
    """
    ink = _ink(mark)
    return [_around(place, ink, mark.shape[1] / mark.shape[0]) for place in blobs if _alike(place, ink)]


def find_blobs(rgb: NDArray[np.uint8], scale: float) -> list[Box]:
    """What stands apart in a picture that shows each pixel of the original `scale` px wide, in the original's pixels."""
    import cv2

    red, green, blue = cv2.split(cv2.morphologyEx(rgb, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))
    edges = cv2.max(cv2.max(red, green), blue) > EDGE  # ten times as fast as over the last axis
    closed = cv2.morphologyEx(edges.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((GAP, GAP), np.uint8), borderValue=0)
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    boxes = stats[1:, :4].astype(np.float64) + np.array([1, 1, -2, -2])  # a gradient reaches a pixel beyond its edge
    short, long = boxes[:, 2:].min(axis=1), boxes[:, 2:].max(axis=1)
    kept = boxes[(short >= SHORT[0]) & (short <= SHORT[1]) & (long <= 12 * SHORT[1])]
    return [Box(*(float(value) / scale for value in box)) for box in kept[:MOST]]


def _ink(mark: Floats) -> Box:
    """The part of the mark that holds ink, in 0..1 across its height."""
    rows, columns = (np.flatnonzero((mark[..., 3] > INKED).any(axis=axis)) for axis in (1, 0))
    height = mark.shape[0]
    if not len(rows):
        return Box(0, 0, mark.shape[1] / height, 1)
    return Box(columns[0] / height, rows[0] / height, (columns[-1] + 1 - columns[0]) / height, (rows[-1] + 1 - rows[0]) / height)


def _alike(place: Box, ink: Box) -> bool:
    return 1 / RATIO < (place.w / place.h) / (ink.w / ink.h) < RATIO


def _around(place: Box, ink: Box, ratio: float) -> Box:
    scale = math.sqrt(place.area / ink.area)
    x, y = place.x + place.w / 2 - scale * (ink.x + ink.w / 2), place.y + place.h / 2 - scale * (ink.y + ink.h / 2)
    return Box(x, y, scale * ratio, scale)
