"""Lines like those of a network map: a parallel bundle that turns with round corners, runs off the edge and ends in stops."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from numpy.random import Generator

from brandkit.generate.studio.inks import Rgb
from brandkit.generate.studio.room import Room
from brandkit.generate.studio.shapes import Distance, Shape, arc, capsule, disc, joined
from brandkit.image.region import Box

Point = tuple[float, float]

LINE = 0.13  # of the short side at scale 1: thickness of a line
AIR = 0.55  # gap between two lines in line widths


def lay_tracks(room: Room, free: Box, inks: list[Rgb], ground: Rgb, scale: float, rng: Generator) -> list[Shape]:
    """Lay a bundle of lines through the free rectangle.

    It enters and leaves where the rectangle meets the page's edge; with one such side only, it ends in stops inside.
    """
    count = min(len(inks), 3) if len(inks) > 1 else 2
    width = min(LINE * scale * room.unit * 1.6, min(free.w, free.h) / (count * (1 + AIR) + 2.0))
    pitch = width * (1 + AIR)
    route, ends = _route(room, free, rng, half=pitch * (count - 1) / 2 + width)
    shapes = []
    for i in range(count):
        offset = (i - (count - 1) / 2) * pitch
        path = _offset(route, offset)
        stop = ends and (i == count - 1 or rng.random() < 0.5)
        cut = float(rng.uniform(0.0, 0.22)) if ends else 0.0
        path = _shorter(path, cut)
        shapes.append(Shape(*_stroke(path, pitch * count * 0.9, offset, width), inks[i % len(inks)]))
        if stop:
            x, y = path[-1]
            shapes.append(Shape(*disc(x, y, width * 0.92), inks[i % len(inks)]))
            shapes.append(Shape(*disc(x, y, width * 0.46), ground))
    return shapes


def _route(room: Room, free: Box, rng: Generator, *, half: float) -> tuple[list[Point], bool]:
    """The bundle's middle line, from outside the page, and whether it ends inside."""
    out = half * 2.5
    left, top = free.x <= 0, free.y <= 0
    right, bottom = free.right >= room.width - 1, free.bottom >= room.height - 1
    x0, x1 = free.x + half * 1.25, free.right - half * 1.25
    y0, y1 = free.y + half * 1.25, free.bottom - half * 1.25
    if x1 < x0:
        x0 = x1 = free.x + free.w / 2
    if y1 < y0:
        y0 = y1 = free.y + free.h / 2
    u, v = float(rng.uniform(0.3, 0.7)), float(rng.uniform(0.15, 0.85))
    px, py = x0 + (x1 - x0) * u, y0 + (y1 - y0) * v
    far_left, far_top = (-out if left else x0), (-out if top else y0)
    far_right, far_bottom = (room.width + out if right else x1), (room.height + out if bottom else y1)
    wide = free.w >= free.h
    level = y0 + (y1 - y0) * float(rng.choice([0.0, 0.25])) if not top else y0 + (y1 - y0) * 0.2
    options: list[tuple[list[Point], bool]] = []
    if left and right:
        options.append(_sway(far_left, far_right, px, (y0, y1), v, half, rng))
    if top and bottom:
        path, ends = _sway(far_top, far_bottom, py, (x0, x1), u, half, rng)
        options.append(([(x, y) for y, x in path], ends))
    if right and bottom:
        options.append(([(far_right, level), (x0 + (px - x0) * 0.5, level), (x0 + (px - x0) * 0.5, far_bottom)], False))
    if left and bottom:
        options.append(([(far_left, level), (x1 - (x1 - px) * 0.5, level), (x1 - (x1 - px) * 0.5, far_bottom)], False))
    if options:
        wish = [o for o in options if _crosses(o[0]) == wide] or options
        return wish[int(rng.integers(0, len(wish)))]
    if right:
        return [(far_right, py), (x0, py)], True
    if left:
        return [(far_left, py), (x1, py)], True
    if bottom:
        return [(px, far_bottom), (px, y0)], True
    return [(px, far_top), (px, y1)], True


def _sway(
    start: float, end: float, middle: float, band: tuple[float, float], at: float, half: float, rng: Generator
) -> tuple[list[Point], bool]:
    """A run from side to side with one shift of lane at 45°; too narrow for that, a straight run that ends inside."""
    low, high = band
    rise = min(high - low, abs(end - start) * 0.3)
    if rise < half * 1.7:
        lane = low + (high - low) * at
        reach = float(rng.uniform(0.5, 0.66))
        near, far = (start, end) if rng.random() < 0.5 else (end, start)
        return [(near, lane), (near + (far - near) * reach, lane)], True
    before, after = (low, low + rise) if rng.random() < 0.5 else (low + rise, low)
    shift = (high - low - rise) * at
    return [(start, before + shift), (middle - rise / 2, before + shift), (middle + rise / 2, after + shift), (end, after + shift)], False


def _crosses(path: Sequence[Point]) -> bool:
    return abs(path[-1][0] - path[0][0]) >= abs(path[-1][1] - path[0][1])


def _offset(path: Sequence[Point], by: float) -> list[Point]:
    """A parallel of a path at a signed distance, with mitred corners."""
    normals = []
    for (ax, ay), (bx, by_) in pairwise(path):
        length = math.hypot(bx - ax, by_ - ay) or 1.0
        normals.append((-(by_ - ay) / length, (bx - ax) / length))
    moved = [(path[0][0] + by * normals[0][0], path[0][1] + by * normals[0][1])]
    for (x, y), one, two in zip(path[1:-1], normals[:-1], normals[1:], strict=True):
        share = 1 + one[0] * two[0] + one[1] * two[1]
        moved.append((x + by * (one[0] + two[0]) / share, y + by * (one[1] + two[1]) / share))
    moved.append((path[-1][0] + by * normals[-1][0], path[-1][1] + by * normals[-1][1]))
    return moved


def _shorter(path: list[Point], share: float) -> list[Point]:
    (ax, ay), (bx, by) = path[-2], path[-1]
    return [*path[:-1], (bx + (ax - bx) * share, by + (ay - by) * share)]


def _stroke(path: Sequence[Point], radius: float, offset: float, width: float) -> tuple[Distance, Box]:
    """A line along a path whose corners are rounded; parallels share the centre of their corners."""
    parts, last = [], path[0]
    for before, corner, after in zip(path, path[1:], path[2:], strict=False):
        ux, uy = _unit(before, corner)
        vx, vy = _unit(corner, after)
        turn = math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)
        room = 0.5 * min(math.dist(before, corner), math.dist(corner, after)) / math.tan(max(abs(turn), 0.01) / 2)
        bend = max(min(radius, room) - math.copysign(offset, offset * turn) if offset else min(radius, room), width * 0.5)
        reach = bend * math.tan(abs(turn) / 2)
        entry, leave = (corner[0] - ux * reach, corner[1] - uy * reach), (corner[0] + vx * reach, corner[1] + vy * reach)
        parts.append(capsule(*last, *entry, width))
        side = math.copysign(1.0, turn)
        cx, cy = entry[0] - uy * bend * side, entry[1] + ux * bend * side
        start = math.atan2(entry[1] - cy, entry[0] - cx)
        parts.append(arc(cx, cy, bend, width, start if turn > 0 else start + turn, abs(turn), cap=True))
        last = leave
    parts.append(capsule(*last, *path[-1], width))
    return joined(parts)


def _unit(a: Point, b: Point) -> Point:
    length = math.hypot(b[0] - a[0], b[1] - a[1]) or 1.0
    return (b[0] - a[0]) / length, (b[1] - a[1]) / length
