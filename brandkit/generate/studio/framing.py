"""Which part of which photograph: crops are scored by what they keep whole, what they leave calm, and how they sit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.layout import LUMA, REFERENCE_SIDE, gradient_energy
from brandkit.metric.saliency import saliency

SHARES = (0.3, 0.38, 0.46, 0.54, 0.62, 0.7, 0.78, 0.86, 0.94)  # of the frame that the subject may fill on its tighter axis
ACROSS = (0.15, 0.24, 1 / 3, 0.42, 0.5, 0.58, 2 / 3, 0.76, 0.85)  # places of the subject's middle in the frame
DOWN = (0.24, 1 / 3, 0.42, 0.5, 0.58, 2 / 3, 0.76)
CALM_STRIP = 1.1  # levels per 256th of the short side along the stretch: above, a stretched backdrop shows
CALM_STREAK = 5.0  # the same for the busiest 3 % of a strip: a cup or an edge in it
PROTECT = 0.10  # of the subject's size kept unstretched around it: its shadow
MIDDLE = (0.5, 0.5)  # where a photograph's subject is when nothing says more
STRIKING = 0.4  # of the strongest saliency: weaker places are no part of the subject
MOST_STRETCH = 8.0  # times a strip may grow; past that even paper shows that it was pulled


@dataclass(frozen=True)
class Axis:
    """One axis of a frame, in source pixels: what lies before 0 or after `size` is the smooth margin, pulled out.

    `low` and `high` bound the part that is never stretched.
    """

    start: float
    length: float
    low: float
    high: float
    size: float

    def source(self, at: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where in the photograph each place of the frame comes from; smooth, and true to scale between `low` and `high`."""
        end = self.start + self.length
        mapped = np.asarray(at, dtype=np.float64).copy()
        if self.start < 0:
            mapped = np.where(mapped < self.low, self.low - _pulled(self.low - mapped, self.low, self.low - self.start), mapped)
        if end > self.size:
            strip = self.size - self.high
            mapped = np.where(mapped > self.high, self.high + _pulled(mapped - self.high, strip, end - self.high), mapped)
        return mapped

    @property
    def pulls(self) -> tuple[float, float]:
        """How many times the strips before and after have grown, less one; 0 when untouched."""
        over = self.start + self.length - self.size
        return max(0.0, -self.start) / max(self.low, 1e-6), max(0.0, over) / max(self.size - self.high, 1e-6)


def _pulled(d: NDArray[np.float64], strip: float, grown: float) -> NDArray[np.float64]:
    """Distance into a strip for a distance into the grown strip: slope 1 at the subject, flatter toward the edge."""
    away = np.maximum(d, 0.0)
    return np.asarray(away / (1 + away * (grown / max(strip, 1e-6) - 1) / grown))


@dataclass(frozen=True)
class Frame:
    """A framing: both axes in source pixels, and its cost (lower is better)."""

    x: Axis
    y: Axis
    cost: float
    subject: Box
    """Where the subject is in the frame, in fractions of it; clipped to the frame."""

    @property
    def stretched(self) -> bool:
        return max(*self.x.pulls, *self.y.pulls) > 0


@dataclass(frozen=True)
class View:
    """What the search knows of a photograph: its size, its subject (pixels), its gradients added up, its smooth margins."""

    width: int
    height: int
    subject: Box
    focus: tuple[float, float]
    sums: NDArray[np.float64]
    """Integral of the gradient energy, shape ``(h + 1, w + 1)``."""
    smooth: tuple[bool, bool, bool, bool]
    """Whether the margins left, right, above and below the subject may be pulled out."""


def look(rgb: NDArray[np.uint8], focus: tuple[float, float] | None, subject: tuple[float, float, float, float] | None) -> View:
    """Look at a photograph once; `focus` and `subject` (x, y, w, h) are fractions.

    A missing subject is searched around the focus, and without one where the picture draws the eye; a missing focus is its middle.
    """
    energy = gradient_energy(rgb)
    height, width = rgb.shape[:2]
    given = Box(*subject) if subject and subject[2] > 0 and subject[3] > 0 else None
    box = given or (_subject(energy, focus) if focus else _striking(rgb) or _subject(energy, MIDDLE))
    focus = focus or (box.x + box.w / 2, box.y + box.h / 2)
    sums = np.zeros((energy.shape[0] + 1, energy.shape[1] + 1))
    sums[1:, 1:] = energy.cumsum(0, dtype=np.float64).cumsum(1)
    place = box.scaled(width, height)
    return View(width, height, place, (focus[0] * width, focus[1] * height), sums, _margins(rgb, energy.shape, box))


def _striking(rgb: NDArray[np.uint8]) -> Box | None:
    """The thing that draws the eye most, in fractions; None where nothing of a thing's size does."""
    import cv2

    seen = saliency(rgb)
    height, width = seen.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats((seen > STRIKING * seen.max()).astype(np.uint8))
    weights = np.bincount(labels.ravel(), seen.ravel() * (labels.ravel() > 0))
    left, top, w, h = (int(value) for value in stats[int(weights.argmax())][:4])
    if not weights.any() or not 0.01 < w * h / (width * height) < 0.6:
        return None
    return Box(left / width, top / height, w / width, h / height)


def _subject(energy: NDArray[np.float32], focus: tuple[float, float]) -> Box:
    """The busy thing at the focus, in fractions."""
    import cv2

    height, width = energy.shape
    soft = cv2.GaussianBlur(energy, (0, 0), min(height, width) / 40)
    _, labels, stats, _ = cv2.connectedComponentsWithStats((soft > soft.mean() + 0.6 * soft.std()).astype(np.uint8))
    x, y = min(width - 1, int(focus[0] * width)), min(height - 1, int(focus[1] * height))
    label = int(labels[y, x])
    left, top, w, h = (int(value) for value in stats[label][:4])
    if label and w < 0.75 * width and h < 0.85 * height and w * h > 0.01 * width * height:
        return Box(left / width, top / height, w / width, h / height)
    x0, y0 = min(max(focus[0] - 0.18, 0.0), 0.64), min(max(focus[1] - 0.18, 0.0), 0.64)
    return Box(x0, y0, 0.36, 0.36)


def _margins(rgb: NDArray[np.uint8], shape: tuple[int, ...], subject: Box) -> tuple[bool, bool, bool, bool]:
    import cv2

    height, width = shape
    small = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)
    luma = np.asarray(np.asarray(small, dtype=np.float32) @ np.array(LUMA, dtype=np.float32), dtype=np.float32)
    across = np.abs(np.diff(luma, axis=1)) * np.float32(min(shape) / REFERENCE_SIDE)
    down = np.abs(np.diff(luma, axis=0)) * np.float32(min(shape) / REFERENCE_SIDE)
    grown = Box(
        subject.x - PROTECT * subject.w, subject.y - PROTECT * subject.h, subject.w * (1 + 2 * PROTECT), subject.h * (1 + 2 * PROTECT)
    )
    left, right, top, bottom = (
        round(v * n) for v, n in ((grown.x, width), (grown.right, width), (grown.y, height), (grown.bottom, height))
    )
    strips = across[:, : max(left, 0)], across[:, min(right, width) :], down[: max(top, 0)], down[min(bottom, height) :]
    one, two, three, four = (_calm(strip) for strip in strips)
    return one, two, three, four


def _calm(strip: NDArray[np.float32]) -> bool:
    return bool(strip.size >= 64 and strip.mean() < CALM_STRIP and np.quantile(strip, 0.97) < CALM_STREAK)


def frame(view: View, width: int, height: int, zones: Sequence[Box]) -> Frame:
    """The best framing of a photograph for a `width` × `height` picture with quiet zones in fractions of it."""
    costs = [(_cost(view, x, y, width, height, zones), x, y) for x, y in _candidates(view, width / height)]
    cost, x, y = min(costs, key=lambda one: one[0])
    page = Box(x.start, y.start, x.length, y.length)
    seen = view.subject.intersection(page)
    inside = Box((seen.x - page.x) / page.w, (seen.y - page.y) / page.h, seen.w / page.w, seen.h / page.h)
    return Frame(x, y, cost, inside)


def _candidates(view: View, aspect: float) -> Iterator[tuple[Axis, Axis]]:
    subject = view.subject
    largest = min(view.height, view.width / aspect)
    heights = {max(subject.w / aspect, subject.h) / share for share in SHARES} | {largest, largest * 0.85}
    for h in sorted(heights):
        for tx in ACROSS:
            for ty in DOWN:
                x = _axis(subject.x, subject.w, view.width, h * aspect, tx, view.smooth[0], view.smooth[1])
                y = _axis(subject.y, subject.h, view.height, h, ty, view.smooth[2], view.smooth[3])
                if x and y:
                    yield x, y


def _axis(at: float, extent: float, size: float, length: float, place: float, before: bool, after: bool) -> Axis | None:
    """An axis with the subject's middle at `place`, shifted into the photograph where its margins may not be pulled."""
    low, high = max(0.0, at - PROTECT * extent), min(size, at + extent * (1 + PROTECT))
    start = at + extent / 2 - place * length
    if start < 0 and not before:
        start = 0.0
    if start + length > size and not after:
        start = size - length
    axis = Axis(start, length, low, high, size)
    if (start < -1e-6 and not before) or max(axis.pulls) > MOST_STRETCH:
        return None
    return axis


def _cost(view: View, x: Axis, y: Axis, width: int, height: int, zones: Sequence[Box]) -> float:
    subject, page = view.subject, Box(x.start, y.start, x.length, y.length)
    whole = max(subject.area, 1e-6)
    cut = 1 - subject.intersection(page).area / whole
    near = [_zone(zone.grown(0.02), page) for zone in zones]
    overlap = sum(subject.intersection(box).area for box in near) / whole
    hidden = sum(box.x < view.focus[0] < box.right and box.y < view.focus[1] < box.bottom for box in near)
    noise = [_energy(view, x, y, _zone(zone, page)) for zone in zones]
    busy = (0.12 * float(np.mean(noise)) + 0.18 * max(noise)) if noise else 0.0
    zoom = width / x.length
    soft = 0.8 * max(0.0, zoom - 1.0) + 2.5 * max(0.0, zoom - 1.7)
    pull = 0.22 * sum((*x.pulls, *y.pulls))
    share = max(subject.w / x.length, subject.h / y.length)
    wish = 0.78 if width > 2.2 * height else 0.58 if not zones else 0.5
    size = 0.9 * abs(math.log2(max(share, 1e-3) / wish))
    return 12 * cut + 7 * overlap + 2 * hidden + busy + soft + pull + size + _seat(subject, page, bool(zones))


def _seat(subject: Box, page: Box, quiet: bool) -> float:
    """What it costs that the subject is off the thirds, or close to the frame's edge."""
    tx, ty = ((subject.x + subject.w / 2 - page.x) / page.w, (subject.y + subject.h / 2 - page.y) / page.h)
    square = 0.75 < page.w / page.h < 1.34
    off_x = min(abs(tx - 1 / 3), abs(tx - 2 / 3), abs(tx - 0.5) + (0.0 if square else 0.06))
    off_y = min(abs(ty - 0.42), abs(ty - 0.5), abs(ty - 0.58))
    gaps = (subject.x - page.x, page.right - subject.right, subject.y - page.y, page.bottom - subject.bottom)
    short = min(page.w, page.h)
    touch = sum(_touch(gap / short) for gap in gaps)
    return (0.6 if quiet else 1.3) * off_x + (0.5 if quiet else 0.9) * off_y + touch


def _touch(gap: float) -> float:
    """What it costs that the subject ends near an edge of the frame; `gap` in short sides, negative where it is cut.

    A rim that just touches is worst; one that is cut is cut well inside.
    """
    near = max(0.0, 1 - gap / 0.07) if gap >= 0 else max(0.0, 1 + gap / 0.12)
    return 1.5 * near**2


def _zone(zone: Box, page: Box) -> Box:
    return Box(page.x + zone.x * page.w, page.y + zone.y * page.h, zone.w * page.w, zone.h * page.h)


def _energy(view: View, x: Axis, y: Axis, zone: Box) -> float:
    """Mean gradient energy of the photograph under a zone of the frame, in the frame's unit."""
    rows, columns = view.sums.shape[0] - 1, view.sums.shape[1] - 1
    xs = np.clip(np.rint(x.source(np.array([zone.x, zone.right])) * columns / view.width), 0, columns).astype(int)
    ys = np.clip(np.rint(y.source(np.array([zone.y, zone.bottom])) * rows / view.height), 0, rows).astype(int)
    count = (xs[1] - xs[0]) * (ys[1] - ys[0])
    if count <= 0:
        return 0.0
    total = view.sums[ys[1], xs[1]] - view.sums[ys[0], xs[1]] - view.sums[ys[1], xs[0]] + view.sums[ys[0], xs[0]]
    shorter = min(x.length, y.length) / min(view.width, view.height)
    return float(total / count) * shorter
