"""Patterns on a grid: a field of dots that thins out toward the copy, and a wall of quarter circles and squares."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator

from brandkit.generate.studio.inks import Rgb
from brandkit.generate.studio.room import Room
from brandkit.generate.studio.shapes import Distance, Shape, clipped, disc, rectangle
from brandkit.image.region import Box

FULLEST = 0.44  # radius of the largest dot in cells: dots stay apart
LEAST = 0.10  # of a cell: below this a dot is dust
FILLED = 0.66  # of the tiles: a third stays air
MANY = 900  # dots at most, whatever the scale asks for


def dot_grid(room: Room, free: Box, inks: list[Rgb], scale: float, rng: Generator) -> list[Shape]:
    """Dots in rows, largest at one point of the rim and smaller with the distance, a few of them in the second colour."""
    cell = max(0.32 * scale * room.unit, math.sqrt(max(free.area, 1.0) / MANY), 6.0)
    columns, rows = int(free.w // cell), int(free.h // cell)
    if columns < 1 or rows < 1:
        return []
    x0 = _start(free.x, free.right, room.width, columns * cell)
    y0 = _start(free.y, free.bottom, room.height, rows * cell)
    heart = _heart(room, free, rng)
    far = max(math.hypot(x - heart[0], y - heart[1]) for x in (free.x, free.right) for y in (free.y, free.bottom))
    dots: list[list[tuple[Distance, Box]]] = [[] for _ in inks]
    bright = {int(i) for i in rng.integers(0, columns * rows, size=max(1, columns * rows // 40))}
    for i in range(columns * rows):
        x, y = x0 + (i % columns + 0.5) * cell, y0 + (i // columns + 0.5) * cell
        fade = 1 - math.hypot(x - heart[0], y - heart[1]) / max(far, 1.0)
        radius = cell * FULLEST * fade**0.8
        if radius < cell * LEAST:
            continue
        ink = 1 % len(inks) if i in bright else 0
        dots[ink].append(disc(x, y, radius))
    return [Shape(*dot, inks[i]) for i, group in enumerate(dots) for dot in group]


def _start(low: float, high: float, side: float, used: float) -> float:
    """Where a run of cells starts: flush with the page's edge where it reaches one, else with the outer end."""
    if low <= 0 and high >= side - 1:
        return (side - used) / 2
    return low if low <= 0 else high - used


def _heart(room: Room, free: Box, rng: Generator) -> tuple[float, float]:
    """A point of the free rectangle away from the quiet zones, off its middle."""
    xs = [0.08, 0.92] if free.w >= room.width - 1 else [0.0 if free.x <= 0 else 1.0]
    ys = [0.15, 0.85] if free.h >= room.height - 1 else [0.0 if free.y <= 0 else 1.0]
    return free.x + float(rng.choice(xs)) * free.w, free.y + float(rng.choice(ys)) * free.h


def block_grid(room: Room, free: Box, inks: list[Rgb], scale: float, rng: Generator) -> list[Shape]:
    """Square tiles with a quarter, half or full circle each, flush with the edge, fewer toward the copy."""
    tile = min(scale * 0.62 * room.unit, max(free.w, free.h))
    tile = _fitting(tile, room, free)
    if tile < 0.08 * room.short or free.w < tile - 1 or free.h < tile - 1:
        return []
    whole_w, whole_h = free.w >= room.width - 1, free.h >= room.height - 1
    columns = math.ceil(free.w / tile - 0.01) if whole_w else int((free.w + 1) // tile)
    rows = math.ceil(free.h / tile - 0.01) if whole_h else int((free.h + 1) // tile)
    x0 = float(rng.choice([0.0, room.width - columns * tile])) if whole_w else _start(free.x, free.right, room.width, columns * tile)
    y0 = float(rng.choice([0.0, room.height - rows * tile])) if whole_h else _start(free.y, free.bottom, room.height, rows * tile)
    heart = _heart(room, free, rng)
    reach = math.hypot(free.w, free.h)
    places = [(x0 + i % columns * tile, y0 + i // columns * tile) for i in range(columns * rows)]
    near = [math.hypot(x + tile / 2 - heart[0], y + tile / 2 - heart[1]) / reach + float(rng.uniform(0, 0.45)) for x, y in places]
    kept = sorted(sorted(range(len(places)), key=near.__getitem__)[: max(2, math.ceil(FILLED * len(places)))])
    shapes: list[Shape] = []
    turn = int(rng.integers(0, 4))
    for x, y in (places[i] for i in kept):
        left, top, right, bottom = round(x), round(y), round(x + tile), round(y + tile)
        shapes += _tile(Box(left, top, right - left, bottom - top), inks, rng, turn)
    return shapes


def _fitting(tile: float, room: Room, free: Box) -> float:
    """The tile size nearest to the wished one that divides the side on which the free rectangle spans the page."""
    spanned = [float(side) for side, length in ((room.width, free.w), (room.height, free.h)) if length >= side - 1]
    side = min(spanned, default=min(free.w, free.h))
    return side / max(1, round(side / tile))


def _tile(box: Box, inks: list[Rgb], rng: Generator, turn: int) -> list[Shape]:
    weights = np.array([0.55**i for i in range(len(inks))])
    front = int(rng.choice(len(inks), p=weights / weights.sum()))
    quarter = (turn + int(rng.integers(0, 2)) * 2) % 4 if rng.random() < 0.8 else int(rng.integers(0, 4))
    cx, cy = box.x + box.w * (quarter in (1, 2)), box.y + box.h * (quarter in (2, 3))
    kind = rng.random()
    if kind < 0.52:
        figure = clipped(disc(cx, cy, box.w), box)
    elif kind < 0.70:
        middle = (box.x + box.w / 2, cy) if quarter % 2 else (cx, box.y + box.h / 2)
        figure = clipped(disc(*middle, box.w / 2), box)
    elif kind < 0.84:
        figure = disc(box.x + box.w / 2, box.y + box.h / 2, box.w / 2)
    else:
        figure = rectangle(box)
    shapes = [Shape(*figure, inks[front])]
    if kind < 0.52 and len(inks) > 1 and rng.random() < 0.4:
        shapes.insert(0, Shape(*rectangle(box), inks[(front + 1) % len(inks)]))
    return shapes
