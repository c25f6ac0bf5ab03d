"""Where a pattern may stand: the room that the quiet zones leave."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.random import PCG64, Generator

from brandkit.image.region import Box

PAD = 0.035  # of the short side between a quiet zone and the first shape; less and copy looks crowded
CELLS = 40  # cells on the long side when looking for the largest free rectangle
LONELY = 1.35  # reaches between a small group and the copy: closer, and it reads as a stray mark of the copy
RIM = 28  # candidate centres on each side of the canvas


@dataclass(frozen=True)
class Anchor:
    """A centre on the rim or in the corner of the canvas, and how far shapes around it may reach, in pixels."""

    x: float
    y: float
    reach: float
    shown: float
    """Share of the canvas that the full disc would cover."""

    def wider(self, by: float) -> Anchor:
        """The same centre with its reach multiplied."""
        return Anchor(self.x, self.y, self.reach * by, self.shown)


@dataclass(frozen=True)
class Room:
    """A canvas with the boxes that stay plain, in pixels."""

    width: int
    height: int
    quiet: tuple[Box, ...]

    @property
    def short(self) -> int:
        return min(self.width, self.height)

    @property
    def unit(self) -> float:
        """What element sizes are a share of: the short side, and more in strips, where few big shapes need more than it."""
        return max(self.short, min(1.8 * self.short, 0.55 * math.sqrt(self.width * self.height)))

    @property
    def page(self) -> Box:
        return Box(0, 0, self.width, self.height)


def random(seed: int, *salt: int) -> Generator:
    """The generator of a seed: the same numbers on every machine."""
    return Generator(PCG64([abs(seed) & (2**63 - 1), *salt]))


def open_room(width: int, height: int, zones: tuple[Box, ...]) -> Room:
    """The room of a canvas whose quiet zones are given in fractions of it."""
    pad = PAD * min(width, height)
    page = Box(0, 0, width, height)
    boxes = (page.intersection(zone.scaled(width, height).grown(pad)) for zone in zones)
    return Room(width, height, tuple(box for box in boxes if box.area > 0))


def anchors(room: Room, rng: Generator, *, most: float, taken: tuple[Anchor, ...] = ()) -> list[Anchor]:
    """Centres on the rim for shapes of radius `most` pixels or less, the roomiest first, with a little chance."""
    ts = np.linspace(0, 1, RIM)
    rim = [(x * room.width, y * room.height) for t in ts for x, y in ((t, 0.0), (t, 1.0), (0.0, t), (1.0, t))]
    found = []
    for x, y in sorted(set(rim)):
        reach = min([most, *(_gap(x, y, box) for box in room.quiet), *(math.hypot(x - a.x, y - a.y) - a.reach for a in taken)])
        if reach <= 0:
            continue
        shown = _shown(room, x, y, reach)
        corner = 1.15 if x in (0, room.width) and y in (0, room.height) else 1.0
        found.append((shown * corner * rng.uniform(0.72, 1.0), Anchor(x, y, reach, shown)))
    return [anchor for _, anchor in sorted(found, key=lambda item: -item[0])]


def echo(room: Room, rng: Generator, first: Anchor, *, size: float, least: float, air: float) -> Anchor | None:
    """A second, smaller centre that keeps clear of the first group and well clear of the copy; None when none is worth it.

    `size` and `air` are in reaches of the first, `least` is the smallest worthwhile reach in pixels.
    """
    for anchor in anchors(room, rng, most=size * first.reach, taken=(first.wider(air),)):
        if anchor.reach >= least and all(_gap(anchor.x, anchor.y, box) >= LONELY * anchor.reach for box in room.quiet):
            return anchor
    return None


def _gap(x: float, y: float, box: Box) -> float:
    return math.hypot(max(box.x - x, 0.0, x - box.right), max(box.y - y, 0.0, y - box.bottom))


def _shown(room: Room, x: float, y: float, reach: float) -> float:
    xs = (np.arange(24) + 0.5) / 24 * room.width
    ys = (np.arange(24) + 0.5) / 24 * room.height
    return float((np.hypot(xs[None, :] - x, ys[:, None] - y) < reach).mean())


def largest_free(room: Room) -> Box:
    """The largest rectangle that meets no quiet zone; the whole page when there is none. Empty boxes have area 0."""
    if not room.quiet:
        return room.page
    step = max(room.width, room.height) / CELLS
    columns, rows = max(1, math.ceil(room.width / step)), max(1, math.ceil(room.height / step))
    fx, fy = room.width / columns, room.height / rows
    free = np.ones((rows, columns), dtype=bool)
    for box in room.quiet:
        ys, xs = box.scaled(1 / fx, 1 / fy).pixels(columns, rows)
        free[ys, xs] = False
    best, area = (0, 0, 0, 0), 0
    depth = np.zeros(columns, dtype=int)
    for row in range(rows):
        depth = np.where(free[row], depth + 1, 0)
        for left in range(columns):
            lowest = rows + 1
            for right in range(left, columns):
                lowest = min(lowest, int(depth[right]))
                if not lowest:
                    break
                if lowest * (right - left + 1) > area:
                    area, best = lowest * (right - left + 1), (left, row - lowest + 1, right - left + 1, lowest)
    return Box(best[0] * fx, best[1] * fy, best[2] * fx, best[3] * fy)
