"""Where things stand: how far an element lies from its box, and how far from the zones it may stand in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box

Index = NDArray[np.intp]

NEARLY = 0.9995  # of the best score; the place nearest to the expected one among such places is taken
KEPT = 0.6  # of the best score that the expected place needs where the ink touches all sides of the box there
BETTER = 0.95  # of the best score above which the expected place is as good as another one
FITTING = 0.5  # of the best score that a place must have which fits better
LONE = 0.7  # of all ink in sight that a place must hold, where its sides cannot confirm it
TOUCH = 0.003  # of the ink inside that a side's strip must hold to be touched
EDGE = 0.5  # of the ink in that strip that may stand in the same strip outside: past the side of a tight box, ink ends
MARGIN = 5  # px around a box that are looked at, at least: a strip, and a pixel of rounding between it and the box
COLUMNS = {"left": 0, "center": 1, "right": 2}
ROWS = {"top": 0, "center": 1, "bottom": 2}


class Shift(NamedTuple):
    """Where the ink of a box stands: `dx`, `dy` in px from the expected place, `cover` the share of the box that is ink there."""

    dx: int
    dy: int
    cover: float
    sure: bool = True
    """False where the place cannot be told from others: ink-coloured things all around, or the same score in several places."""

    @property
    def length(self) -> float:
        return float(np.hypot(self.dx, self.dy))


def find_shift(ink: NDArray[np.generic], box: Box, reach: int) -> Shift:
    """Find where the ink that should fill `box` stands.

    The best place holds most ink inside a box of this size and least in a frame around it. It counts only where something else
    agrees: that the expected place lacks ink on a side that a box tight around its ink must have, and that the best place has
    ink on all four sides or holds nearly all the ink there is.

    Args:
        ink: How much each pixel has the element's colour, shape (H, W), 0..1 (or False, True).
        box: The box it should be in, in pixels, tight around the element.
        reach: Largest displacement looked for, in px, at least 0.

    Returns:
        The shift; (0, 0) where there is no ink at all, and where nothing speaks for another place.

    Raises:
        ValueError: `reach` is negative, or the box holds no whole pixel.
    """
    x, y, w, h = round(box.x), round(box.y), round(box.w), round(box.h)
    if reach < 0 or w < 1 or h < 1:
        raise ValueError(f"need reach >= 0 and a box of at least 1 px, got {reach} and {box!r}")
    frame = max(MARGIN, min(w, h) // 3)
    sums = _Sums(ink, Box(x, y, w, h), reach, frame)
    inside = sums.inside()
    around = (w + 2 * frame) * (h + 2 * frame) - w * h
    score = inside - (sums.inside(grow=frame) - inside) * (w * h / around)  # an even fill scores 0
    best = float(score.max())
    if best <= 0:
        return Shift(0, 0, float(inside[reach, reach] / (w * h)), bool(inside[reach, reach] == 0))
    places = np.argwhere(score >= NEARLY * best) - reach
    dy, dx = (int(value) for value in places[np.argmin((places**2).sum(axis=1))])
    here, there = (reach, reach), (reach + dy, reach + dx)
    cover = float(inside[there] / (w * h))
    if here == there or (score[here] >= KEPT * best and sums.touched(here)):
        return Shift(0, 0, float(inside[here] / (w * h)))
    lone = inside[there] >= LONE * sums.whole
    around_it = [(there[0] + down, there[1] + across) for down in (0, -1, 1) for across in (0, -1, 1)]
    sure = bool(lone or (score[here] < BETTER * best and any(map(sums.touched, filter(sums.holds, around_it)))))
    return Shift(dx, dy, cover, sure) if sure else _fitting(score, sums) or Shift(dx, dy, cover, sure)


def _fitting(score: NDArray[np.float64], sums: _Sums) -> Shift | None:
    """The best place that ink touches on all sides, where a fuller one does not fit: beside a picture with things of the same colour."""
    reach, (rows, columns) = sums.reach, np.ogrid[: len(score), : len(score)]
    fitting = np.where(sums.touches(rows, columns) & (score >= FITTING * score.max()), score, 0.0)
    there = np.unravel_index(int(np.argmax(fitting)), score.shape)
    if fitting[there] <= 0 or score[reach, reach] >= BETTER * fitting[there]:
        return None
    return Shift(int(there[1]) - reach, int(there[0]) - reach, float(sums.inside()[there] / (sums.w * sums.h)))


def fills_box(ink: NDArray[np.generic], box: Box) -> float | None:
    """Whether ink fills a box as an element fills the box that is tight around it: it reaches all four sides and ends there.

    Args:
        ink: How much each pixel has the element's colour, shape (H, W), 0..1 (or False, True); `MARGIN` px around the box count too.
            A pixel of rounding is no matter.
        box: The element's box, in pixels.

    Returns:
        The share of the box that is ink, in (0, 1]; None where the element is not here, or cannot be told from what is around it.
    """
    sums = _Sums(ink, Box(round(box.x), round(box.y), max(1, round(box.w)), max(1, round(box.h))), 1, MARGIN)
    rounded = ((1 + down, 1 + across) for down in (0, -1, 1) for across in (0, -1, 1))
    return float(sums.inside()[1, 1] / (sums.w * sums.h)) if any(map(sums.touched, rounded)) else None


class _Sums:
    """Sums of ink in boxes of one size at all places within reach, read from an integral image."""

    def __init__(self, ink: NDArray[np.generic], box: Box, reach: int, frame: int) -> None:
        import cv2

        x, y, self.w, self.h = int(box.x), int(box.y), int(box.w), int(box.h)
        self.reach, self.pad = reach, reach + frame
        canvas = np.zeros((self.h + 2 * self.pad, self.w + 2 * self.pad), np.float32)
        top, left = max(0, y - self.pad), max(0, x - self.pad)
        bottom, right = min(ink.shape[0], y + self.h + self.pad), min(ink.shape[1], x + self.w + self.pad)
        if bottom > top and right > left:
            at = slice(top - y + self.pad, bottom - y + self.pad), slice(left - x + self.pad, right - x + self.pad)
            canvas[at] = ink[top:bottom, left:right]
        self.total = np.asarray(cv2.integral(canvas))
        self.whole = float(self.total[-1, -1])
        self.strip = min(frame - 1, max(3, round(0.03 * min(self.w, self.h))))

    def inside(self, grow: int = 0) -> NDArray[np.float64]:
        """Ink inside the box grown by `grow`, shape (2 · reach + 1, 2 · reach + 1)."""
        inset, places = self.pad - self.reach - grow, 2 * self.reach + 1
        near, far_y, far_x = (slice(start, start + places) for start in (inset, inset + self.h + 2 * grow, inset + self.w + 2 * grow))
        total = self.total
        return np.asarray(total[far_y, far_x] - total[near, far_x] - total[far_y, near] + total[near, near])

    def holds(self, place: tuple[int, int]) -> bool:
        """Whether a place is within reach."""
        return all(0 <= index <= 2 * self.reach for index in place)

    def touched(self, place: tuple[int, int]) -> bool:
        """Whether ink reaches all four sides of the box at a place, and ends there."""
        return bool(self.touches(np.array(place[0]), np.array(place[1])))

    def touches(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.bool_]:
        """`touched` for all pairs of rows and columns, which broadcast together."""
        top, left = self.pad - self.reach + rows, self.pad - self.reach + columns
        bottom, right, thick = top + self.h, left + self.w, self.strip
        least = np.clip(TOUCH * self._sum(top, left, bottom, right), 0.5, thick**2)  # a full stop is enough
        pairs = (
            ((top, left, top + thick, right), (top - thick - 1, left, top - 1, right)),
            ((bottom - thick, left, bottom, right), (bottom + 1, left, bottom + 1 + thick, right)),
            ((top, left, bottom, left + thick), (top, left - thick - 1, bottom, left - 1)),
            ((top, right - thick, bottom, right), (top, right + 1, bottom, right + 1 + thick)),
        )
        sums = [(self._sum(*inner), self._sum(*outer)) for inner, outer in pairs]
        return np.asarray(np.logical_and.reduce([(inner >= least) & (outer <= EDGE * inner) for inner, outer in sums]))

    def _sum(self, top: Index, left: Index, bottom: Index, right: Index) -> NDArray[np.float64]:
        total = self.total
        return np.asarray(total[bottom, right] - total[top, right] - total[bottom, left] + total[top, left])


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
