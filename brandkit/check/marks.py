"""Which of the brand's marks a picture shows, and where: read once for all logo checks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.resolve import Brand
from brandkit.image.placed import place_mark
from brandkit.image.region import Box
from brandkit.image.vector import mark_size, render_mark
from brandkit.metric.logo import (
    MarkReading,
    better_of,
    build_pyramid,
    find_askew,
    find_mark,
    find_soft,
    find_upright,
    is_clear,
    is_odd,
    measure_drawn,
    same_shape,
)

if TYPE_CHECKING:
    from brandkit.check.subject import Subject

DRAWN_AREA = 50_000  # px of a rendering that measures start from
MOST_SHAPES = 6  # different shapes looked for in a foreign picture; further marks are variants in practice
SURE_NCC = 0.60  # agreement from which a mark found by searching is certain; other brands' pictures stay below
LIKELY_NCC = 0.50  # agreement from which a person should look whether it is the mark; nothing below resembles it
LOCKUP_BONUS = 0.10  # agreement that a lockup may lack against the symbol it contains


@dataclass(frozen=True)
class Sighting:
    """A mark in a picture: `name` is the brand's, `sure` is false where it may be something else."""

    name: str
    reading: MarkReading
    drawn: NDArray[np.uint8]
    sure: bool

    @property
    def box(self) -> Box:
        return self.reading.box

    @property
    def worn(self) -> bool:
        """True where its edges are gone, so that it was found by what its colours leave of it."""
        return self.reading.kept > 0 and self.reading.ncc < SURE_NCC

    @property
    def likely(self) -> bool:
        """True from a resemblance on that a person should look at."""
        return self.sure or (self.reading.found and self.reading.ncc >= LIKELY_NCC and not is_odd(self.reading))


def draw(brand: Brand, name: str) -> NDArray[np.uint8]:
    """The mark at the size that measures start from, straight RGBA, read-only."""
    path = brand.mark_path(name)
    state = path.stat()
    return _drawn(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=32)
def _drawn(path: Path, changed: int, length: int) -> NDArray[np.uint8]:
    size = mark_size(path)
    return render_mark(path, max(24, round(math.sqrt(DRAWN_AREA * size.width / size.height))))


def sight(subject: Subject) -> Sighting | None:
    """The mark of a laid-out picture read in its box, or the best of all marks found in a foreign one.

    None where nothing in a foreign picture resembles a mark.
    """
    if subject.layout is not None:
        placed = subject.layout.mark
        drawn = draw(subject.brand, placed.name)
        exact = place_mark(subject.brand.mark_path(placed.name), placed.box)
        corner = exact.left, exact.top
        reading = measure_drawn(subject.rgb, exact.rgba, corner, placed.box, drawn, lossy=subject.lossy, beneath=subject.beneath)
        return Sighting(placed.name, reading, drawn, reading.found)
    return _search(subject)


def search_displaced(subject: Subject, sighting: Sighting) -> Sighting | None:
    """Where a mark that is not in its box stands instead; None when it is nowhere."""
    reading = find_mark(subject.rgb, sighting.drawn, pyramid=build_pyramid(subject.rgb, lossy=subject.lossy))
    return Sighting(sighting.name, reading, sighting.drawn, True) if reading is not None and is_clear(reading) else None


def _search(subject: Subject) -> Sighting | None:
    drawn = {name: draw(subject.brand, name) for name in subject.brand.marks}
    shapes: list[list[str]] = []
    for name, pixels in drawn.items():
        family = next((group for group in shapes if same_shape(drawn[group[0]], pixels)), None)
        if family is None:
            shapes.append([name])
        else:
            family.append(name)
    pyramid, families = (
        build_pyramid(subject.rgb, lossy=subject.lossy),
        [[drawn[name] for name in family] for family in shapes[:MOST_SHAPES]],
    )
    found = [find_upright(pyramid, family) for family in families]
    if not any(entry is not None and is_clear(entry.reading) for entry in found):
        found = [better_of(entry, find_askew(pyramid, family)) for entry, family in zip(found, families, strict=True)]
    if not any(entry is not None and is_clear(entry.reading) for entry in found):
        soft = [find_soft(pyramid, family) for family in families]
        found = [other or entry for entry, other in zip(found, soft, strict=True)]
    best: tuple[float, Sighting] | None = None
    for names, entry in zip(shapes, found, strict=False):
        if entry is not None:
            name = names[entry.variant]
            best = _better(best, Sighting(name, entry.reading, drawn[name], is_clear(entry.reading)))
    return best[1] if best else None


def _better(best: tuple[float, Sighting] | None, other: Sighting) -> tuple[float, Sighting]:
    score = other.reading.ncc - min(1.0, other.reading.residual) + other.reading.kept + (1.0 if other.sure else 0.0)
    if best is not None and _holds(other.box, best[1].box):
        score += LOCKUP_BONUS
    elif best is not None and _holds(best[1].box, other.box):
        score -= LOCKUP_BONUS
    return (score, other) if best is None or score > best[0] else best


def _holds(outer: Box, inner: Box) -> bool:
    return inner.area > 0 and outer.area > 1.3 * inner.area and outer.intersection(inner).area > 0.8 * inner.area
