"""Flat shapes as signed distances, so that every edge is antialiased exactly and every area keeps its exact colour.

A shape maps pixel coordinates to the distance from its edge in pixels, negative inside; x grows right, y grows down,
angles grow clockwise from three o'clock, in radians.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box

Plane = NDArray[np.float32]
Distance = Callable[[Plane, Plane], Plane]


@dataclass(frozen=True)
class Shape:
    """A distance function, the box in which it can be negative, and its colour as sRGB 0..255."""

    distance: Distance
    bounds: Box
    color: tuple[int, int, int]


def disc(cx: float, cy: float, radius: float) -> tuple[Distance, Box]:
    """A filled circle."""

    def distance(x: Plane, y: Plane) -> Plane:
        return np.asarray(np.hypot(x - np.float32(cx), y - np.float32(cy)) - np.float32(radius))

    return distance, Box(cx - radius, cy - radius, 2 * radius, 2 * radius)


def ring(cx: float, cy: float, radius: float, width: float) -> tuple[Distance, Box]:
    """A circle line: `radius` to the middle of the line."""

    def distance(x: Plane, y: Plane) -> Plane:
        return np.asarray(np.abs(np.hypot(x - np.float32(cx), y - np.float32(cy)) - np.float32(radius)) - np.float32(width / 2))

    outer = radius + width / 2
    return distance, Box(cx - outer, cy - outer, 2 * outer, 2 * outer)


def arc(cx: float, cy: float, radius: float, width: float, start: float, span: float, *, cap: bool = False) -> tuple[Distance, Box]:
    """A part of a circle line from angle `start` over `span` radians clockwise, with flat or round ends."""
    if span >= 2 * math.pi - 1e-6:
        return ring(cx, cy, radius, width)
    middle, half = start + span / 2, span / 2
    reach = width / 2 if cap else 0.0
    cos_m, sin_m = math.cos(middle), math.sin(middle)
    cos_h, sin_h = math.cos(half), math.sin(half)

    def distance(x: Plane, y: Plane) -> Plane:
        dx, dy = x - np.float32(cx), y - np.float32(cy)
        along = dx * np.float32(cos_m) + dy * np.float32(sin_m)
        aside = np.abs(dy * np.float32(cos_m) - dx * np.float32(sin_m))
        band = np.abs(np.hypot(along, aside) - np.float32(radius)) - np.float32(width / 2)
        beyond = aside * np.float32(cos_h) - along * np.float32(sin_h)  # distance past the end's radial line
        if not cap:
            return np.maximum(band, beyond)
        end = np.hypot(along - np.float32(radius * cos_h), aside - np.float32(radius * sin_h)) - np.float32(width / 2)
        return np.where(beyond > 0, end, band)

    outer = radius + width / 2 + reach
    return distance, Box(cx - outer, cy - outer, 2 * outer, 2 * outer)


def capsule(x0: float, y0: float, x1: float, y1: float, width: float) -> tuple[Distance, Box]:
    """A straight line with round ends."""
    length = max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-9)

    def distance(x: Plane, y: Plane) -> Plane:
        dx, dy = x - np.float32(x0), y - np.float32(y0)
        t = np.clip((dx * np.float32(x1 - x0) + dy * np.float32(y1 - y0)) / np.float32(length), 0, 1)
        return np.hypot(dx - t * np.float32(x1 - x0), dy - t * np.float32(y1 - y0)) - np.float32(width / 2)

    left, top = min(x0, x1) - width / 2, min(y0, y1) - width / 2
    return distance, Box(left, top, abs(x1 - x0) + width, abs(y1 - y0) + width)


def rectangle(box: Box) -> tuple[Distance, Box]:
    """A rectangle on whole pixels."""
    x0, y0, x1, y1 = round(box.x), round(box.y), round(box.right), round(box.bottom)

    def distance(x: Plane, y: Plane) -> Plane:
        dx = np.maximum(np.float32(x0) - x, x - np.float32(x1))
        dy = np.maximum(np.float32(y0) - y, y - np.float32(y1))
        return np.asarray(np.maximum(dx, dy))

    return distance, Box(x0, y0, max(0, x1 - x0), max(0, y1 - y0))


def clipped(shape: tuple[Distance, Box], box: Box) -> tuple[Distance, Box]:
    """The part of a shape inside a rectangle on whole pixels, e.g. a quarter circle in its tile."""
    edge, bounds = rectangle(box)

    def distance(x: Plane, y: Plane) -> Plane:
        return np.maximum(shape[0](x, y), edge(x, y))

    return distance, bounds


def joined(parts: Sequence[tuple[Distance, Box]]) -> tuple[Distance, Box]:
    """Several shapes as one, without a seam between them."""
    distances = [part[0] for part in parts]

    def distance(x: Plane, y: Plane) -> Plane:
        return reduce(np.minimum, (part(x, y) for part in distances))

    left, top = min(part[1].x for part in parts), min(part[1].y for part in parts)
    right, bottom = max(part[1].right for part in parts), max(part[1].bottom for part in parts)
    return distance, Box(left, top, right - left, bottom - top)


def hill(crest: Callable[[Plane], Plane], slope: float, bounds: Box, *, turned: bool, flipped: bool) -> tuple[Distance, Box]:
    """All below a curve.

    `crest` gives y for x; `slope` is its steepest rise, for an even edge. `turned` swaps the axes, and `flipped` takes what
    is above (or, turned, to the left).
    """
    even = np.float32(1 / math.hypot(1.0, slope * 0.7))  # 0.7: the mean of a sine's slope against its steepest
    sign = np.float32(-1 if flipped else 1)

    def distance(x: Plane, y: Plane) -> Plane:
        along, across = (y, x) if turned else (x, y)
        return (crest(along) - across) * sign * even

    return distance, bounds


def paint(canvas: NDArray[np.float32], shapes: Sequence[Shape]) -> None:
    """Paint shapes in order onto a canvas of shape ``(H, W, 3)``, sRGB 0..255, in place."""
    height, width = canvas.shape[:2]
    for shape in shapes:
        rows, columns = shape.bounds.grown(1).pixels(width, height)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            continue
        x = (np.arange(columns.start, columns.stop, dtype=np.float32) + np.float32(0.5))[None, :]
        y = (np.arange(rows.start, rows.stop, dtype=np.float32) + np.float32(0.5))[:, None]
        cover = np.clip(np.float32(0.5) - shape.distance(x, y), 0, 1)[..., None]
        part = canvas[rows, columns]
        part += (np.array(shape.color, dtype=np.float32) - part) * cover


def touches(shape: Shape, box: Box) -> bool:
    """Whether a shape may reach into a box: never a wrong no (distances grow at most one for each pixel)."""
    near = shape.bounds.grown(1).intersection(box)
    if near.area <= 0:
        return False
    columns = np.linspace(near.x, near.right, 33, dtype=np.float32)[None, :]
    rows = np.linspace(near.y, near.bottom, 33, dtype=np.float32)[:, None]
    reach = math.hypot(near.w, near.h) / 64 + 1
    return bool((shape.distance(columns, rows) < reach).any())
