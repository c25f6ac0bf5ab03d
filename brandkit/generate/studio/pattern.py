"""Patterns: few, big shapes in the brand's exact colours, cropped by the edge, with the quiet zones left plain."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from brandkit.brand.model import Pattern
from brandkit.brand.resolve import Brand
from brandkit.generate.studio import tiles, tracks
from brandkit.generate.studio.inks import Rgb, pattern_inks, rgb_of
from brandkit.generate.studio.room import Anchor, Room, anchors, echo, largest_free, open_room, random
from brandkit.generate.studio.shapes import Shape, arc, disc, hill, paint, ring, touches
from brandkit.image.region import Box

TURN = math.pi / 2
SMALLEST = 0.12  # of the short side: a group smaller than this is a crumb, and plain ground looks better
AIR = 1.14  # the second group keeps this far from the first, in the first's radius: shapes that nearly touch look like a slip
LINE = 0.018  # of the unit: the last colour runs along the first crest as a line, never an area
BIG = 0.7  # scale from which a brand means one big figure: two or three bands, not three or four
ECHO = 0.42  # size of the small second group against the first: clearly second, still a shape

Draw = Callable[[Room, list[Rgb], Rgb, float, Generator], list[Shape]]


def draw_pattern(
    width: int, height: int, brand: Brand, *, ground: str, accent: str, zones: tuple[Box, ...], seed: int
) -> NDArray[np.uint8]:
    """Draw the brand's pattern.

    Args:
        width: Of the picture in pixels.
        height: Of the picture in pixels.
        brand: Its `imagery.pattern` says kind, colours and scale; without one, arcs in the palette's colours.
        ground: Colour of the scheme's ground as `#RRGGBB`: what the copy stands on. Without zones it is only one of the inks.
        accent: Colour for shapes when the palette has nothing that shows on the ground.
        zones: Quiet zones in fractions of the picture: they stay plain ground.
        seed: Another seed, another composition.

    Returns:
        Shape ``(height, width, 3)``, sRGB.
    """
    pattern = brand.document.imagery.pattern or Pattern()
    room = open_room(width, height, zones)
    field, inks = rgb_of(ground), pattern_inks(brand, ground, accent)
    if not room.quiet:  # no copy on it: a picture beside copy or in a frame, which needs a ground and edges of its own to read as one
        field, inks = inks[0], inks[1:] or [field]
    rng = random(seed, 1)
    shapes = KINDS[pattern.kind](room, inks, field, pattern.scale, rng)
    strict = [zone.scaled(width, height) for zone in zones]
    kept = [shape for shape in shapes if not any(touches(shape, zone) for zone in strict)]
    canvas = np.empty((height, width, 3), dtype=np.float32)
    canvas[:] = field
    paint(canvas, kept)
    return np.asarray(canvas + np.float32(0.5), dtype=np.uint8)


def _arcs(room: Room, inks: list[Rgb], ground: Rgb, scale: float, rng: Generator) -> list[Shape]:
    places = anchors(room, rng, most=2.1 * scale * room.unit)
    if not places or places[0].reach < SMALLEST * room.short:
        return []
    first = places[0]
    beside = 0 < first.y < room.height
    bands = int(rng.integers(2, 4)) + (scale < BIG)
    shapes = _spiral(room, first, inks, rng) if beside and rng.random() < 0.4 else _fan(room, first, inks, rng, bands=bands)
    if rng.random() < 0.6:
        second = _second(room, first, rng)
        if second:
            shapes += _fan(room, second, inks[1:] + inks[:1], rng, bands=2)
    return shapes


def _second(room: Room, first: Anchor, rng: Generator) -> Anchor | None:
    return echo(room, rng, first, size=ECHO, least=max(SMALLEST * room.short, first.reach * 0.25), air=AIR)


def _fan(room: Room, at: Anchor, inks: list[Rgb], rng: Generator, *, bands: int) -> list[Shape]:
    """Concentric bands around a point on the rim; some end on the dial's axes, one end carries a node."""
    count = bands
    gap = float(rng.choice([0.0, 0.4, 0.9])) or 0.65 * (len(inks) == 1)  # bands of one colour need ground between them
    step = at.reach / (count * (1 + gap) + 0.6)
    inward = _inward(room, at)
    corner = len(inward) == 1
    shapes = []
    for i in range(count):
        radius = at.reach - step / 2 - i * step * (1 + gap)
        start, span = 0.0, 2 * TURN * 2
        if not corner and i and rng.random() < 0.6:
            start, span = (inward[0] - TURN, TURN * 2) if rng.random() < 0.5 else (inward[0], TURN * 2)
        shapes.append(Shape(*arc(at.x, at.y, radius, step, start, span), inks[i % len(inks)]))
    core = at.reach - count * step * (1 + gap)
    shapes.append(Shape(*disc(at.x, at.y, max(core, step * 0.3)), inks[count % len(inks)]))
    return shapes


def _spiral(room: Room, at: Anchor, inks: list[Rgb], rng: Generator) -> list[Shape]:
    """Half rings that grow into one another at twelve and six o'clock, from the outside to a stop inside: a dial's geometry."""
    halves = int(rng.integers(3, 5))
    reach = at.reach * 0.8
    width = reach / (halves + 1.6)
    side = 1 if rng.random() < 0.5 else -1
    x = at.x + (0.2 * at.reach if at.x <= 0 else -0.2 * at.reach if at.x >= room.width else 0.0)  # the inner end stays on the page
    y, end, stop = at.y, 1, (at.x, at.y)
    shapes = []
    for i in range(halves):
        radius = reach - width / 2 - i * width
        shapes.append(Shape(*arc(x, y, radius, width, -TURN * side, 2 * TURN), inks[0]))
        stop = (x, y + end * radius)
        y += end * width  # the next, smaller half ring meets this one at its end
        side, end = -side, -end
    return [*shapes, Shape(*disc(*stop, width), inks[1 % len(inks)])]


def _inward(room: Room, at: Anchor) -> list[float]:
    """Directions along the axes that lead from a point of the rim straight into the page (one entry in a corner: its diagonal)."""
    sides = [
        angle
        for near, angle in ((at.x <= 0, 0.0), (at.y <= 0, TURN), (at.x >= room.width, 2 * TURN), (at.y >= room.height, 3 * TURN))
        if near
    ]
    return [math.atan2(room.height / 2 - at.y, room.width / 2 - at.x)] if len(sides) == 2 else sides * 2


def _rings(room: Room, inks: list[Rgb], ground: Rgb, scale: float, rng: Generator) -> list[Shape]:
    places = anchors(room, rng, most=1.8 * scale * room.unit)
    if not places or places[0].reach < SMALLEST * room.short:
        return []
    first = places[0]
    shapes = _nest(room, first, inks if len(inks) > 1 else [*inks, ground], rng) if rng.random() < 0.5 else _target(first, inks)
    second = _second(room, first, rng)
    if second:
        shapes.append(Shape(*ring(second.x, second.y, second.reach * 0.72, second.reach * 0.5), inks[-1]))
    return shapes


def _nest(room: Room, at: Anchor, inks: list[Rgb], rng: Generator) -> list[Shape]:
    """Discs inside one another that touch in one point: crescents."""
    lean = math.atan2(room.height / 2 - at.y, room.width / 2 - at.x) + float(rng.choice([-1, 1])) * TURN / 2
    sizes = (1.0, 0.74, 0.5, 0.28)
    return [
        Shape(
            *disc(at.x + (1 - size) * at.reach * math.cos(lean), at.y + (1 - size) * at.reach * math.sin(lean), size * at.reach),
            inks[i % len(inks)],
        )
        for i, size in enumerate(sizes[: len(inks) + 1])
    ]


def _target(at: Anchor, inks: list[Rgb]) -> list[Shape]:
    """A heavy ring, air, and a full disc."""
    heavy = Shape(*ring(at.x, at.y, at.reach * 0.85, at.reach * 0.3), inks[0])
    return [heavy, Shape(*disc(at.x, at.y, at.reach * 0.46), inks[1 % len(inks)])]


def _waves(room: Room, inks: list[Rgb], ground: Rgb, scale: float, rng: Generator) -> list[Shape]:
    free = largest_free(room)
    across, down = free.w >= room.width - 1, free.h >= room.height - 1
    if not (across or down) or min(free.w, free.h) < SMALLEST * room.short or _enclosed(room, free, across, down):
        return _pool(room, inks, scale, rng)
    turned = not across or (down and room.height > room.width * 1.3)
    flipped = (free.x <= 0 and free.right < room.width - 1) if turned else (free.y <= 0 and free.bottom < room.height - 1)
    near, far = (
        (free.right, free.x)
        if turned and flipped
        else (free.x, free.right)
        if turned
        else (free.bottom, free.y)
        if flipped
        else (free.y, free.bottom)
    )
    if not room.quiet:
        near += (far - near) * 0.3
    depth, length = far - near, float(room.height if turned else room.width)
    wave = min(length, 3.4 * scale * room.short) * rng.uniform(0.9, 1.4)
    height = min(abs(depth) * 0.16, wave * 0.12)
    line, bands = (inks[-1], inks[:-1][:3]) if len(inks) > 1 else (ground, inks)
    phase, lag = rng.uniform(0, 2 * math.pi), rng.uniform(0.7, 1.3)
    rise = math.copysign(height, depth)
    steep = height * 2 * math.pi / wave
    crests = [(near + rise, height, phase, line)]
    for i, ink in enumerate(bands):
        base = near + rise + (depth - rise) * i / len(bands) + math.copysign(LINE * room.unit, depth) * (i == 0)
        crests.append((base, height * (1 - 0.12 * i), phase + lag * i, ink))
    return [
        Shape(*hill(_sine(base, swing, 2 * math.pi / wave, shift), steep, room.page, turned=turned, flipped=flipped), ink)
        for base, swing, shift, ink in crests
    ]


def _enclosed(room: Room, free: Box, across: bool, down: bool) -> bool:
    """Whether copy stands on both sides of the free band, so that no side is the shore."""
    return (not across and free.x > 0 and free.right < room.width - 1) or (not down and free.y > 0 and free.bottom < room.height - 1)


def _pool(room: Room, inks: list[Rgb], scale: float, rng: Generator) -> list[Shape]:
    """Where no side is free for a wave: one round shore in a corner."""
    places = anchors(room, rng, most=2.1 * scale * room.unit)
    if not places or places[0].reach < SMALLEST * room.short:
        return []
    at, line = places[0], LINE * room.unit
    return [Shape(*disc(at.x, at.y, at.reach), inks[-1]), Shape(*disc(at.x, at.y, at.reach - line), inks[0])]


def _sine(base: float, height: float, pitch: float, phase: float) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    return lambda along: np.float32(base) + np.float32(height) * np.sin(along * np.float32(pitch) + np.float32(phase))


def _lines(room: Room, inks: list[Rgb], ground: Rgb, scale: float, rng: Generator) -> list[Shape]:
    free = largest_free(room)
    if min(free.w, free.h) < SMALLEST * room.short:
        return []
    return tracks.lay_tracks(room, free, inks, ground, scale, rng)


def _grid(room: Room, inks: list[Rgb], ground: Rgb, scale: float, rng: Generator) -> list[Shape]:
    return tiles.dot_grid(room, largest_free(room), inks, scale, rng)


def _blocks(room: Room, inks: list[Rgb], ground: Rgb, scale: float, rng: Generator) -> list[Shape]:
    return tiles.block_grid(room, largest_free(room), inks, scale, rng)


KINDS: dict[str, Draw] = {"arcs": _arcs, "rings": _rings, "waves": _waves, "lines": _lines, "grid": _grid, "blocks": _blocks}
