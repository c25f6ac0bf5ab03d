"""Where things stand: how far an element lies from its box, and how far from the zones it may stand in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box

NEARLY = 0.998  # of the best score; the place nearest to the expected one among such places is taken
COLUMNS = {"left": 0, "center": 1, "right": 2}
ROWS = {"top": 0, "center": 1, "bottom": 2}


class Shift(NamedTuple):
    """Where the ink of a box stands: `dx`, `dy` in px from the expected place, `cover` the share of the box that is ink there."""

    dx: int
    dy: int
    cover: float

    @property
    def length(self) -> float:
        return float(np.hypot(self.dx, self.dy))


def find_shift(ink: NDArray[np.bool_], box: Box, reach: int) -> Shift:
    """Find where the ink that should fill `box` stands.

    The best place holds most ink inside a box of this size and least in a frame around it, which a box that is tight around
    its ink does exactly in one place, also when there is other ink scattered about.

    Args:
        ink: Pixels that have the element's colour, shape (H, W).
        box: The box it should be in, in pixels, tight around the element.
        reach: Largest displacement looked for, in px, at least 0.

    Returns:
        The shift; (0, 0) where there is no ink at all.

    Raises:
        ValueError: `reach` is negative, or the box holds no whole pixel.
    """
    import cv2

    x, y, w, h = round(box.x), round(box.y), round(box.w), round(box.h)
    if reach < 0 or w < 1 or h < 1:
        raise ValueError(f"need reach >= 0 and a box of at least 1 px, got {reach} and {box!r}")
    frame = max(2, min(w, h) // 3)
    pad = reach + frame
    canvas = np.zeros((h + 2 * pad, w + 2 * pad), np.float32)
    top, left = max(0, y - pad), max(0, x - pad)
    bottom, right = min(ink.shape[0], y + h + pad), min(ink.shape[1], x + w + pad)
    if bottom > top and right > left:
        canvas[top - y + pad : bottom - y + pad, left - x + pad : right - x + pad] = ink[top:bottom, left:right]
    total = np.asarray(cv2.integral(canvas))

    def sums(grow: int) -> NDArray[np.float64]:
        inset = frame - grow
        tall, wide, places = h + 2 * grow, w + 2 * grow, 2 * reach + 1
        rows, columns = slice(inset, inset + places), slice(inset, inset + places)
        far_rows, far_columns = slice(inset + tall, inset + tall + places), slice(inset + wide, inset + wide + places)
        return np.asarray(total[far_rows, far_columns] - total[rows, far_columns] - total[far_rows, columns] + total[rows, columns])

    inside = sums(0)
    around = (w + 2 * frame) * (h + 2 * frame) - w * h
    score = inside - (sums(frame) - inside) * (w * h / around)  # an even fill scores 0
    if score.max() <= 0:
        return Shift(0, 0, float(inside[reach, reach] / (w * h)))
    places = np.argwhere(score >= NEARLY * score.max()) - reach
    dy, dx = (int(value) for value in places[np.argmin((places**2).sum(axis=1))])
    return Shift(dx, dy, float(inside[dy + reach, dx + reach] / (w * h)))


def zone_distance(box: Box, width: int, height: int, corners: Sequence[str]) -> float:
    """How far the centre of a box lies outside the nearest of some zones.

    Args:
        box: The element, in pixels.
        width: Of the picture.
        height: Of the picture.
        corners: Zones as `top-left`, `bottom-center`, …; `center` is the middle. A zone is one ninth of the picture.

    Returns:
        Pixels, at least 0; 0 inside one of the zones.

    Raises:
        ValueError: A name that is no zone, or none at all.
    """
    if not corners:
        raise ValueError("need at least one zone")
    x, y = box.x + box.w / 2, box.y + box.h / 2
    distances = []
    for corner in corners:
        row, _, column = corner.partition("-")
        column = column or "center"
        if row not in ROWS or column not in COLUMNS:
            raise ValueError(f"{corner!r} is no zone; write e.g. 'top-left'")
        left, top = COLUMNS[column] * width / 3, ROWS[row] * height / 3
        beside = max(left - x, x - left - width / 3, 0.0)
        above = max(top - y, y - top - height / 3, 0.0)
        distances.append(float(np.hypot(beside, above)))
    return min(distances)


def zone_of(box: Box, width: int, height: int) -> str:
    """Name of the ninth of the picture that the centre of `box` lies in, as `top-left` or `center`."""
    column = list(COLUMNS)[min(2, max(0, int(3 * (box.x + box.w / 2) / width)))]
    row = list(ROWS)[min(2, max(0, int(3 * (box.y + box.h / 2) / height)))]
    if row == column == "center":
        return "center"
    return f"{'middle' if row == 'center' else row}-{column}"
