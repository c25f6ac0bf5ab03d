"""Panels and buttons: small filled rectangles on anything, with or without letters on them.

A flat mode says that some area holds one colour; whether somebody drew that area as a button is told by its outline.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from brandkit.image.region import Box
from brandkit.metric.palette import FlatColors, FlatMode, Pixels

ALIKE = 20  # 8-bit levels around a panel's colour, which its coding and its letters' rims reach
LONELY = 0.35  # `peak` of the mode of a panel; within a photograph or gradient, colours have neighbours
FILLED = 0.88  # of its box that a panel fills, letters included and rounded corners left out
PLAIN = 0.45  # of its box that shows the panel's colour between its letters
SHADED = 8.0  # 8-bit levels of standard deviation between its letters; coding makes half of it, a gradient more
LEAST_SIDE = 6  # px of the sample; smaller shapes have no outline
MOST = 0.12  # of the picture's area; larger panels are grounds, which need no outline to be seen
CLEAR = 1.4  # times as far from its colour must be what is around a panel: a gradient goes on from there
FEWEST = 0.1  # of what is looked at, twice as wide and as high as the panel, that has its colour
OUTSIDE = 0.1  # of the pixels just outside its outline that may be alike: a part of something larger has them all around
RIM = 2  # px on either side of an outline that are neither inside nor outside
LOOKED_AT = 40_000  # px in which a mode's place is looked for


class Panel(NamedTuple):
    """A panel: its box in picture pixels, its colour (sRGB, 0..255), and the share of the picture that its box covers."""

    box: Box
    rgb: tuple[float, float, float]
    share: float


def find_panel(flat: FlatColors, mode: FlatMode) -> Panel | None:
    """The largest part of a mode, where its outline is that of a panel."""
    import cv2

    place = _place(flat, mode) if mode.peak >= LONELY and mode.share < MOST else None
    if place is None:
        return None
    left, top, right, bottom = place
    crop = np.ascontiguousarray(flat.sample[top:bottom, left:right])
    near = cv2.inRange(crop, np.array(mode.rgb) - ALIKE, np.array(mode.rgb) + ALIKE)
    if np.count_nonzero(near) < FEWEST * near.size:
        return None
    closed = cv2.morphologyEx(near, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    largest = max(contours, key=cv2.contourArea)
    x, y, w, h = cv2.boundingRect(largest)
    if min(w, h) < LEAST_SIDE or cv2.contourArea(largest) < FILLED * (w - 1) * (h - 1) or not _stands_out(crop, mode, (x, y, w, h)):
        return None
    inside = (near[y + RIM : y + h - RIM, x + RIM : x + w - RIM] > 0) if min(w, h) > 3 * RIM else (near[y : y + h, x : x + w] > 0)
    pixels = crop[y + RIM : y + h - RIM, x + RIM : x + w - RIM] if min(w, h) > 3 * RIM else crop[y : y + h, x : x + w]
    if inside.mean() < PLAIN or float(pixels[inside].std(axis=0).max()) > SHADED:
        return None
    red, green, blue = pixels[inside].mean(axis=0)
    box = Box((left + x) * flat.step, (top + y) * flat.step, w * flat.step, h * flat.step)
    return Panel(box, (float(red), float(green), float(blue)), w * h / flat.labels.size)


def _place(flat: FlatColors, mode: FlatMode) -> tuple[int, int, int, int] | None:
    """Around the largest part of a mode, in pixels of the sample: left, top, right, bottom; None where it is no small part."""
    import cv2

    every = max(1, round((flat.labels.size / LOOKED_AT) ** 0.5))
    mask = (np.ascontiguousarray(flat.labels[::every, ::every]) == mode.index).view(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(mask, np.ones((3, 3), np.uint8)), connectivity=8)
    if count < 2:
        return None
    x, y, w, h, _ = (int(value) * every for value in stats[1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))])
    if w * h > 2 * MOST * flat.labels.size:
        return None
    more, (height, width) = 4 * RIM + min(w, h) // 2, flat.labels.shape
    return max(0, x - more), max(0, y - more), min(width, x + w + more), min(height, y + h + more)


def _stands_out(crop: Pixels, mode: FlatMode, place: tuple[int, int, int, int]) -> bool:
    """Whether what lies just outside a box has clearly other colours than the mode in it: a gradient has it on from there."""
    import cv2

    x, y, w, h = place
    near = cv2.inRange(crop, np.array(mode.rgb) - CLEAR * ALIKE, np.array(mode.rgb) + CLEAR * ALIKE)
    height, width = near.shape
    outer = near[max(0, y - 2 * RIM) : y + h + 2 * RIM, max(0, x - 2 * RIM) : x + w + 2 * RIM]
    inner = near[max(0, y - RIM) : y + h + RIM, max(0, x - RIM) : x + w + RIM]
    around = outer.size - inner.size
    open_sides = x >= 2 * RIM and y >= 2 * RIM and x + w <= width - 2 * RIM and y + h <= height - 2 * RIM
    return around > 0 and open_sides and int(np.count_nonzero(outer)) - int(np.count_nonzero(inner)) <= OUTSIDE * around
