"""Which part of a picture a layout shows, where the picture has another shape than its place: chosen by the picture's own pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.layout.boxes import Layout
from brandkit.metric.layout import LUMA, gradient_energy
from brandkit.metric.saliency import saliency

Plane = NDArray[np.float64]
STEPS = 32  # places along each way that a window can go
CLOSER = (1.0, 0.9, 0.8)  # of the largest window, where the picture has the pixels for less
LOST = 4.0  # cost of a subject that lies outside the window altogether
HIDDEN = 3.0  # of one that lies under copy and mark altogether
CUT = 0.5  # of an edge of the window that runs along the subject as if it were all of the picture
BUSY, LOUDEST = 0.03, 0.03  # of each level of gradient energy under copy and mark: in the mean of their boxes, and in the worst
UNEVEN = 0.006  # of each level by which the luma spreads under them: no one ink reads on light and dark
CENTRE = 1.0  # of a window at the edge of where it can go: the tie-break
ZOOM = 1.0  # of each halving of the window
MIDDLE = 0.3  # of each side: standard deviation of where photographers put their subject, about the middle
SLIVER = 0.15  # of a picture's place that a panel must leave, so that the picture is put there
AIR = 0.02  # of the short side around copy and mark that the subject keeps away from


@dataclass(frozen=True)
class _View:
    """A picture, in sums over everything above and left of each place, shape (h + 1, w + 1), by what is summed."""

    width: int
    height: int
    energy: Plane
    luma: Plane
    square: Plane
    seen: Plane


def crop_to(width: int, height: int, target_width: float, target_height: float) -> Box:
    """The largest centred crop of a `width` × `height` picture with the aspect of the target, in whole pixels."""
    if width * target_height >= height * target_width:
        w, h = max(1, min(width, round(height * target_width / target_height))), height
    else:
        w, h = width, max(1, min(height, round(width * target_height / target_width)))
    return Box((width - w) // 2, (height - h) // 2, w, h)


def choose_crop(rgb: NDArray[np.uint8], layout: Layout, *, focus: tuple[float, float] | None = None) -> Box:
    """The part of a picture that fills `layout.picture` best.

    Of the windows of the right shape the one that keeps the subject whole and out from under copy and mark, and is calm and even under
    them; the nearest to the centre of those that are alike. A declared focus wins: the window is then the one that brings it nearest to
    the middle of the room that copy and mark leave.

    Args:
        rgb: The picture, shape (H, W, 3), uint8, sRGB.
        layout: The layout, with a picture.
        focus: Where the subject is, x and y in fractions of the picture.

    Returns:
        Whole pixels of the picture, the same for the same bytes. All of a picture that has the shape already.

    Raises:
        ValueError: The layout has no picture.
    """
    if layout.picture is None:
        raise ValueError(f"the layout {layout.template!r} has no picture")
    height, width = rgb.shape[:2]
    place = _whole(layout.picture)
    largest = crop_to(width, height, place.w, place.h)
    taken = _taken(layout, place)
    if focus is not None:
        return _around((focus[0] * width, focus[1] * height), _room(taken), largest, width, height)
    windows = list(_windows(largest, place, width, height))
    if largest == Box(0, 0, width, height) or len(windows) == 1:
        return largest
    view = _view(rgb)
    return min(windows, key=lambda window: (round(_cost(view, window, largest, taken), 6), window.y, window.x))


def room_beside(place: Box, panel: Box) -> Box | None:
    """The largest part of a picture's place on one side of a panel; None where that is a sliver: then it stays where it is."""
    sides = (
        Box(place.x, place.y, max(0.0, panel.x - place.x), place.h),
        Box(panel.right, place.y, max(0.0, place.right - panel.right), place.h),
        Box(place.x, place.y, place.w, max(0.0, panel.y - place.y)),
        Box(place.x, panel.bottom, place.w, max(0.0, place.bottom - panel.bottom)),
    )
    room = max(sides, key=lambda box: box.area)
    return room if room.area >= SLIVER * place.area else None


def _whole(box: Box) -> Box:
    x, y = round(box.x), round(box.y)
    return Box(x, y, max(1, round(box.right) - x), max(1, round(box.bottom) - y))


def _taken(layout: Layout, place: Box) -> list[Box]:
    """What stands on the picture, in fractions of its place."""
    air = AIR * min(place.w, place.h)
    boxes = [slot.box.grown(air) for slot in layout.slots if slot.ground is None]
    boxes += [box.grown(air) for name, box, _ in layout.panels]
    boxes += [layout.mark.clear] if layout.mark.ground is None else []
    inside = [box.intersection(place) for box in boxes]
    moved = [Box(box.x - place.x, box.y - place.y, box.w, box.h) for box in inside if box.area > 0]
    return [box.scaled(1 / place.w, 1 / place.h) for box in moved]


def _windows(largest: Box, place: Box, width: int, height: int) -> Iterator[Box]:
    for closer in CLOSER:
        w, h = round(largest.w * closer), round(largest.h * closer)
        if closer < 1 and (w < place.w or h < place.h):
            return
        for x, y in product(_starts(width - w), _starts(height - h)):
            yield Box(x, y, w, h)


def _starts(free: int) -> list[int]:
    """Where a window that can move by `free` pixels may start: some places, and the middle."""
    return sorted({*(round(free * step / STEPS) for step in range(STEPS + 1)), free // 2} if free > 1 else {free // 2})


def _room(taken: Sequence[Box]) -> tuple[float, float]:
    """The middle of the largest rectangle that nothing stands on, in fractions of the place."""
    xs = sorted({0.0, 1.0, *(edge for box in taken for edge in (box.x, box.right))})
    ys = sorted({0.0, 1.0, *(edge for box in taken for edge in (box.y, box.bottom))})
    rectangles = (
        Box(x0, y0, x1 - x0, y1 - y0)
        for (i, x0), (j, y0) in product(enumerate(xs), enumerate(ys))
        for x1, y1 in product(xs[i + 1 :], ys[j + 1 :])
    )
    free = (box for box in rectangles if not any(box.intersection(other).area > 1e-9 for other in taken))
    best = max(free, key=lambda box: box.area, default=None)
    return (best.x + best.w / 2, best.y + best.h / 2) if best else (0.5, 0.5)


def _around(focus: tuple[float, float], room: tuple[float, float], window: Box, width: int, height: int) -> Box:
    x = min(max(0, round(focus[0] - room[0] * window.w)), width - round(window.w))
    y = min(max(0, round(focus[1] - room[1] * window.h)), height - round(window.h))
    return Box(x, y, window.w, window.h)


def _view(rgb: NDArray[np.uint8]) -> _View:
    import cv2

    energy = gradient_energy(rgb).astype(np.float64)
    size = energy.shape[1], energy.shape[0]
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.float64)
    luma = small @ np.array(LUMA)
    seen = np.clip(cv2.resize(saliency(rgb), size, interpolation=cv2.INTER_LINEAR), 0, None)
    down, across = (np.exp(-0.5 * (np.linspace(-0.5, 0.5, side) / MIDDLE) ** 2) for side in energy.shape)
    seen = (seen - seen.min()) * down[:, None] * across  # a picture in which nothing stands out has no subject
    seen /= float(seen.sum()) or 1.0
    height, width = rgb.shape[:2]
    return _View(width, height, *(_sums(plane) for plane in (energy, luma, luma**2, seen)))


def _sums(plane: Plane) -> Plane:
    return np.pad(plane, ((1, 0), (1, 0))).cumsum(0).cumsum(1)


def _sum(sums: Plane, view: _View, box: Box) -> tuple[float, int]:
    """What lies in a box of the picture's pixels, and how many places of the small picture that is."""
    rows, columns = sums.shape[0] - 1, sums.shape[1] - 1
    x0, x1 = (min(columns, max(0, round(x * columns / view.width))) for x in (box.x, box.right))
    y0, y1 = (min(rows, max(0, round(y * rows / view.height))) for y in (box.y, box.bottom))
    return float(sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]), max(0, x1 - x0) * max(0, y1 - y0)


def _cost(view: _View, window: Box, largest: Box, taken: Sequence[Box]) -> float:
    zones = [Box(window.x + box.x * window.w, window.y + box.y * window.h, box.w * window.w, box.h * window.h) for box in taken]
    lost = 1 - _sum(view.seen, view, window)[0]
    hidden = sum(_sum(view.seen, view, zone)[0] for zone in zones)
    away = np.hypot((window.x + window.w / 2) / view.width - 0.5, (window.y + window.h / 2) / view.height - 0.5)
    closer = np.log2(largest.w / window.w)
    return float(LOST * lost + HIDDEN * hidden + CUT * _cut(view, window) + _loud(view, zones, window) + 2 * CENTRE * away + ZOOM * closer)


def _cut(view: _View, window: Box) -> float:
    """How much of the subject the edges of a window run along, compared with one that is spread evenly over the picture."""
    deep = 0.03 * min(window.w, window.h)
    edges = (
        (window.x > 0, Box(window.x, window.y, deep, window.h)),
        (window.right < view.width, Box(window.right - deep, window.y, deep, window.h)),
        (window.y > 0, Box(window.x, window.y, window.w, deep)),
        (window.bottom < view.height, Box(window.x, window.bottom - deep, window.w, deep)),
    )
    cut = [_sum(view.seen, view, edge)[0] / (edge.area / (view.width * view.height)) for inside, edge in edges if inside]
    return max(cut, default=0.0)


def _loud(view: _View, zones: Sequence[Box], window: Box) -> float:
    """What it costs that the places under copy and mark are busy, or light here and dark there."""
    unit = min(window.w, window.h) / min(view.width, view.height)
    busy, spread = [], []
    for zone in zones:
        energy, count = _sum(view.energy, view, zone)
        if count:
            mean, square = _sum(view.luma, view, zone)[0] / count, _sum(view.square, view, zone)[0] / count
            busy.append(unit * energy / count)
            spread.append(max(0.0, square - mean**2) ** 0.5)
    return BUSY * float(np.mean(busy)) + LOUDEST * max(busy) + UNEVEN * max(spread) if busy else 0.0
