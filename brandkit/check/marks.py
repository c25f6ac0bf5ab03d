"""Which of the brand's marks a picture shows, and where: read once for all logo checks."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    Found,
    MarkReading,
    Pyramid,
    better_of,
    build_pyramid,
    chance_agreement,
    find_apart,
    find_askew,
    find_mark,
    find_soft,
    find_upright,
    is_clear,
    is_odd,
    is_proven,
    is_sharp,
    may_be_meant,
    measure_drawn,
    premultiply,
    promise,
    same_shape,
)

if TYPE_CHECKING:
    from brandkit.check.subject import Subject

DRAWN_AREA = 50_000  # px of a rendering that measures start from
DRAWN = 128  # drawings that are kept, of 200 kB each: two brands with as many marks as a file may name
BRANDS = 4  # whose marks are kept in groups of one shape
DRAWN_SPREAD = 0.06  # of its width by which it may be wider, so that whole pixels have its own proportions
MOST_SHAPES = 6  # different shapes that are looked for closely in a foreign picture, the most promising at a first glance
SURE_NCC = 0.60  # agreement from which a mark found by searching is certain; other brands' pictures stay below
LIKELY_NCC = 0.50  # agreement from which a person should look whether it is the mark; nothing below resembles it
ALIKE_LOOSE = 0.68  # agreement of averaged edges from which an odd pose is looked at as well, where it is off by no more than
ALIKE_ASPECT, ALIKE_TURN = 20.0, 25.0  # % of aspect and degrees; of other marks and pictures none came near it
TINY = 32.0  # px of the shorter side below which an eye or a button agrees as well, unless it agrees better than chance
ODD_ENOUGH = 0.80  # agreement of edges from which not even an odd pose is chance, however small
TIE = 0.03  # unexplained share of ink by which two marks explain a place equally well
LOCKUP_GRACE = 0.10  # by which a lock-up may explain it worse than the symbol that it contains: it shows more that may be wrong
MORE_INK = 1.2  # times the ink of another mark from which a mark shows something that the other has not
TRIFLE = 0.001  # of agreement; as fine as it is stored
FAR = 100.0  # ΔE00 of paints that weighs as much as not agreeing at all
SAME_PLACE = 0.5  # of the smaller mark's box that lies in the other's, from which both are found in one place


@dataclass(frozen=True)
class Sighting:
    """A mark in a picture: `name` is the brand's, `sure` is false where it may be something else."""

    name: str
    reading: MarkReading
    drawn: NDArray[np.uint8]
    sure: bool
    chance: float = 0.0
    """The agreement that the best of all places tried reaches by chance for a mark of this size; 0 where it was not searched for."""

    likeness: bool = False
    """True where it was drawn after the mark, though not surely after this one."""

    plain: bool = False
    """True where any disc, box or triangle in other colours would agree as well."""

    @property
    def box(self) -> Box:
        return self.reading.box

    @property
    def agreement(self) -> float:
        """How well what was found agrees with the mark, in [0, 1]: from `SURE_NCC` on exactly where it is sure.

        What no person need look at stays at `LIKELY_NCC` or below.
        """
        if self.sure:
            return max(SURE_NCC, self.reading.ncc, self.reading.kept)
        if self.likely:
            return min(max(self.reading.ncc, LIKELY_NCC + TRIFLE), SURE_NCC - TRIFLE)
        return max(0.0, min(self.reading.ncc, LIKELY_NCC))

    @property
    def worn(self) -> bool:
        """True where its edges are gone, so that it was found by what its colours leave of it."""
        return self.reading.kept > 0 and self.reading.ncc < SURE_NCC

    @property
    def likely(self) -> bool:
        """True from a resemblance on that a person should look at."""
        tiny = min(self.box.w, self.box.h) < TINY and self.reading.ncc < self.chance
        resembles = self.reading.found and self.reading.ncc >= LIKELY_NCC and not tiny
        return self.sure or self.likeness or (resembles and not self.plain and (not is_odd(self.reading) or self._alike))

    @property
    def _alike(self) -> bool:
        """True where averaged edges agree as those of no other mark do, although the place is off the mark's own proportions."""
        reading = self.reading
        near = abs(reading.aspect_error) <= ALIKE_ASPECT and abs(reading.rotation) <= ALIKE_TURN
        return near and reading.loose >= ALIKE_LOOSE and reading.ncc >= self.chance


def draw(brand: Brand, name: str) -> NDArray[np.uint8]:
    """The mark at the size that measures start from, straight RGBA, read-only."""
    path = brand.mark_path(name)
    state = path.stat()
    return _drawn(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=DRAWN)
def _drawn(path: Path, changed: int, length: int) -> NDArray[np.uint8]:
    size = mark_size(path)
    ratio = size.height / size.width
    least = max(24, round(math.sqrt(DRAWN_AREA / ratio)))
    widths = range(least, least + max(1, round(DRAWN_SPREAD * least)))  # whole pixels must not pull what all marks are measured by
    return render_mark(path, min(widths, key=lambda width: abs(max(1, round(width * ratio)) / (width * ratio) - 1)))


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
    if reading is None or not is_clear(reading) or not is_proven(reading, premultiply(sighting.drawn)):
        return None
    return Sighting(sighting.name, reading, sighting.drawn, True)


@dataclass(frozen=True)
class _Family:
    """Marks of one shape, by name and drawing, in a picture of `area` px in which `tried` shapes are looked for."""

    names: list[str]
    drawings: list[NDArray[np.uint8]]
    area: int
    tried: int

    def chance(self, entry: Found) -> float:
        return chance_agreement(math.sqrt(entry.reading.box.area), self.area, self.tried)

    def certain(self, entry: Found | None) -> bool:
        if entry is None or not is_certain(entry.reading, self.chance(entry)):
            return False
        return is_proven(entry.reading, premultiply(self.drawings[entry.variant]))

    def sighting(self, entry: Found, *, sure: bool) -> Sighting:
        drawn = self.drawings[entry.variant]
        made = Sighting(self.names[entry.variant], entry.reading, drawn, sure, self.chance(entry), entry.likeness)
        return replace(made, plain=not sure and made.likely and not may_be_meant(entry.reading, premultiply(drawn)))


def _search(subject: Subject) -> Sighting | None:
    pyramid = build_pyramid(subject.rgb, lossy=subject.lossy)
    families = _families(subject, pyramid)
    found = [find_upright(pyramid, family.drawings) for family in families]

    def settled(entries: Sequence[Found | None]) -> bool:
        return any(family.certain(entry) for family, entry in zip(families, entries, strict=True))

    if not settled(found):
        found = [better_of(entry, find_askew(pyramid, family.drawings)) for entry, family in zip(found, families, strict=True)]
    pyramid.forget_edges()
    if not settled(found):
        soft = [find_soft(pyramid, family.drawings) for family in families]
        found = [other or entry for entry, other in zip(found, soft, strict=True)]
    done = settled(found)
    apart = [None if done else find_apart(pyramid, family.drawings) for family in families]
    sightings = []
    for family, entry, other in zip(families, found, apart, strict=True):
        best = other or entry
        if best is not None:
            sightings.append(family.sighting(best, sure=family.certain(best) or (best is other and not best.likeness)))
    return choose(sightings)


def _families(subject: Subject, pyramid: Pyramid) -> list[_Family]:
    """The brand's marks by their shapes, those shapes that are looked for closely."""
    drawn = {name: draw(subject.brand, name) for name in subject.brand.marks}
    shapes = _shapes(drawn)
    area, tried = subject.width * subject.height, len(shapes)
    return [_Family(names, [drawn[name] for name in names], area, tried) for names in _likeliest(pyramid, shapes, drawn)]


_grouped: OrderedDict[tuple[tuple[str, int], ...], tuple[dict[str, NDArray[np.uint8]], list[list[str]]]] = OrderedDict()


def _shapes(drawn: dict[str, NDArray[np.uint8]]) -> list[list[str]]:
    """The names of marks that differ in their colours only, together; told once for the pictures of a brand."""
    key = tuple((name, id(pixels)) for name, pixels in drawn.items())
    if key not in _grouped:
        shapes: list[list[str]] = []
        for name, pixels in drawn.items():
            family = next((group for group in shapes if same_shape(drawn[group[0]], pixels)), None)
            if family is None:
                shapes.append([name])
            else:
                family.append(name)
        _grouped[key] = drawn, shapes  # the drawings are kept too, so that their ids stay their own
        while len(_grouped) > BRANDS:
            _grouped.popitem(last=False)
    return _grouped[key][1]


def _likeliest(pyramid: Pyramid, shapes: list[list[str]], drawn: dict[str, NDArray[np.uint8]]) -> list[list[str]]:
    """The shapes of which most is seen somewhere before anything is aligned, in the brand's order."""
    if len(shapes) <= MOST_SHAPES:
        return shapes
    promises = [promise(pyramid, drawn[family[0]]) for family in shapes]
    kept = sorted(range(len(shapes)), key=lambda index: -promises[index])[:MOST_SHAPES]
    return [shapes[index] for index in sorted(kept)]


def is_certain(reading: MarkReading, chance: float) -> bool:
    """True where it is the mark: by its edges, or where it agrees better than the best of all places tried would by chance."""
    sharp = is_sharp(reading) and (not is_odd(reading) or reading.ncc >= ODD_ENOUGH)
    return is_clear(reading) and (sharp or max(reading.ncc, reading.kept) >= chance)


def choose(found: Sequence[Sighting]) -> Sighting | None:
    """The mark that explains what is seen best, out of one sighting for each shape; None of none.

    Marks that are certain by their edges go before those that are by their colours or as a whole, and these before likenesses. Of marks
    that were found in one place, which share strokes, the one stands there that leaves the least of itself unseen or different; where
    that is about the same, the one with more ink, which contains the others; and of as much ink, the one whose shape and paints agree.
    """
    best = max(found, key=lambda entry: (*_rank(entry), _likeness(entry)), default=None)
    if best is None or not best.sure:
        return best
    place = [entry for entry in found if _rank(entry) == _rank(best) and _overlaps(entry.box, best.box)]
    beaten = [sum(_beaten(entry, other) for other in place) for entry in place]
    equal = [entry for entry, count in zip(place, beaten, strict=True) if count == min(beaten)]
    most = max(map(_ink, equal))
    return max(
        (entry for entry in equal if _ink(entry) * MORE_INK >= most), key=lambda entry: _likeness(entry) - entry.reading.delta_e / FAR
    )


def _rank(sighting: Sighting) -> tuple[bool, bool, bool]:
    return sighting.sure, sighting.likely, is_sharp(sighting.reading)


def _likeness(sighting: Sighting) -> float:
    reading = sighting.reading
    return reading.ncc - min(1.0, reading.residual) + reading.kept


def _beaten(sighting: Sighting, other: Sighting) -> bool:
    """True where the other mark explains the place so much better that this one's further ink does not make up for it."""
    grace = LOCKUP_GRACE if _holds(sighting.box, other.box) else TIE
    return unexplained(sighting.reading) > unexplained(other.reading) + (grace if _ink(sighting) > _ink(other) else TIE)


def unexplained(reading: MarkReading) -> float:
    """Share of the mark's ink that the picture does not show: sunk into the ground, or different; the least of its softness instead."""
    return min(1 - reading.visible * (1 - min(1.0, reading.residual)), 1 - reading.kept)


def _ink(sighting: Sighting) -> float:
    """Picture pixels that the mark covers."""
    return float(sighting.drawn[..., 3].mean()) / 255 * sighting.box.area


def _overlaps(first: Box, second: Box) -> bool:
    return first.intersection(second).area > SAME_PLACE * min(first.area, second.area)


def _holds(outer: Box, inner: Box) -> bool:
    return inner.area > 0 and outer.area > 1.3 * inner.area and outer.intersection(inner).area > 0.8 * inner.area
