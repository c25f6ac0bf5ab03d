"""Edge directions of a picture at every size that a mark may have, and of a mark to match them: computed when first needed."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.mark_blob import find_blobs
from brandkit.metric.mark_model import Floats, Frame, Made, draw_mark
from brandkit.metric.orientation import orientation_field

SHORT_SIDE = 800  # px that the shorter side of the picture has at most where edges are read first; halved until it fits
SIDE = 20.0  # px, geometric mean of a template's sides: enough to tell marks apart once finer edges are averaged
LEAST_SIDE = 6.0  # px of a template's short side; below it a long mark has no shape left
PER_OCTAVE = 5  # sizes for each doubling; a template still agrees when it is off by half a step
STRIP = 64  # rows of which edges are read at a time; a multiple of `FINER`
FINER = 2  # times finer than the level at which edges are read at least, then averaged: thin strokes keep their directions
SMALLEST = 15.0  # px, geometric mean of the smallest mark looked for
COLOR_SIDE = 320  # px of the shorter side of the largest picture in which colours are looked for
COLOR_PER_OCTAVE = 4
BLUR = 0.6  # px of a level; forgives half a step of size
BORDER = 3  # px of nothing around the picture, so that a mark that fills it is found
MARGIN = 1  # px of ground around the mark in a template
KEPT = 1024  # templates, of about 5 kB: a brand may have 64 marks, and each takes a handful
FAINT = 1e-6  # of the template's energy below which a place is empty; a contrast of one level has a thousand times as much


@dataclass(frozen=True, eq=False)
class Level:
    """Edge directions, each of their two parts of shape (H, W), with what every template that is laid over them asks for."""

    parts: Sequence[Floats]
    _energies: dict[tuple[int, int], Floats] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        return self.parts[0].shape[0], self.parts[0].shape[1]

    @cached_property
    def _squares(self) -> Floats:
        cosine, sine = self.parts
        return np.asarray(cosine * cosine + sine * sine, np.float32)

    def _energy(self, rows: int, columns: int) -> Floats:
        import cv2

        if (rows, columns) not in self._energies:
            sums = cv2.boxFilter(self._squares, -1, (columns, rows), anchor=(0, 0), normalize=False, borderType=cv2.BORDER_CONSTANT)
            height, width = self.shape[0] - rows + 1, self.shape[1] - columns + 1
            self._energies[rows, columns] = np.asarray(sums[:height, :width], np.float32)
        return self._energies[rows, columns]

    def agreement(self, wanted: Floats) -> Floats:
        """See `agreement`."""
        import cv2

        pairs = zip(self.parts, cv2.split(wanted), strict=True)  # one by one, OpenCV is up to six times as fast
        scores, sines = (np.asarray(cv2.matchTemplate(*pair, cv2.TM_CCORR), np.float32) for pair in pairs)
        energy, own = self._energy(*wanted.shape[:2]), np.float32((wanted**2).sum())
        # Where no edge is, both sums are what rounding left of them, which differs from run to run: their ratio could be anything.
        least = FAINT * own
        scores += sines
        norm = np.maximum(energy, least)
        norm *= own
        scores /= np.sqrt(norm, out=norm)
        scores[energy < least] = 0
        return np.minimum(scores, 1, out=scores)


@dataclass(frozen=True, eq=False)
class Pyramid:
    """A picture, shape (H, W, 3), uint8, sRGB, whose levels are made when they are first asked for."""

    rgb: NDArray[np.uint8]
    lossy: bool = False
    """True when the file's coding changes pixels by itself."""
    _pictures: dict[int, NDArray[np.uint8]] = field(default_factory=dict)
    _fields: dict[int, Floats] = field(default_factory=dict)
    _halves: dict[int, Floats] = field(default_factory=dict)
    _levels: dict[float, Level] = field(default_factory=dict)
    _colors: list[tuple[float, Floats]] = field(default_factory=list)
    _places: dict[tuple[int, ...], tuple[Any, Any]] = field(default_factory=dict)

    @property
    def start(self) -> int:
        """How often the picture is halved before edges are read."""
        return max(0, math.ceil(math.log2(max(1, min(self.rgb.shape[:2])) / SHORT_SIDE)))

    def level(self, scale: float) -> Level:
        """Averaged edge directions at `scale` pixels for each pixel of the picture, with a border."""
        import cv2

        if scale not in self._levels:
            rows, columns = self.rgb.shape[:2]
            size = max(1, round(columns * scale)), max(1, round(rows * scale))
            small = cv2.resize(self._source(scale), size, interpolation=cv2.INTER_AREA)
            soft = cv2.GaussianBlur(small, (0, 0), BLUR)
            padded = cv2.copyMakeBorder(soft, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_CONSTANT, value=(0, 0))
            self._levels[scale] = Level([np.asarray(part, np.float32) for part in cv2.split(padded)])
        return self._levels[scale]

    def _source(self, scale: float) -> Floats:
        halved = halvings(scale)
        return self._averaged(halved) if FINER * scale <= 2.0**-halved else self._field(halved)

    def _averaged(self, halved: int) -> Floats:
        """The field at half size, which is as fine as a level needs: whole numbers of pixels are averaged fastest."""
        import cv2

        def half(part: Floats) -> Floats:
            size = max(1, part.shape[1] // FINER), max(1, part.shape[0] // FINER)
            return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.float32)

        if halved not in self._halves:
            picture = self._picture(halved)
            rows, columns = picture.shape[0] // FINER, picture.shape[1] // FINER
            even = picture.shape[:2] == (FINER * rows, FINER * columns)
            self._halves[halved] = _stacked(map(half, _strips(picture)), rows, columns) if even else half(self._field(halved))
        return self._halves[halved]

    def _field(self, halved: int) -> Floats:
        if halved not in self._fields:
            picture = self._picture(halved)
            self._fields[halved] = _stacked(_strips(picture), *picture.shape[:2])
        return self._fields[halved]

    def _picture(self, halved: int) -> NDArray[np.uint8]:
        import cv2

        if halved == 0:
            return self.rgb
        if halved not in self._pictures:
            above = self._picture(halved - 1)
            size = max(1, above.shape[1] // 2), max(1, above.shape[0] // 2)
            self._pictures[halved] = np.asarray(cv2.resize(above, size, interpolation=cv2.INTER_AREA), np.uint8)
        return self._pictures[halved]

    def color_levels(self) -> list[tuple[float, Floats]]:
        """Scale and picture, sRGB in 0..1 for each size at which colours are looked at, largest first."""
        import cv2

        if not self._colors:
            rows, columns = self.rgb.shape[:2]
            scale, source = min(1.0, COLOR_SIDE / min(rows, columns)), None
            while scale * min(rows, columns) >= 0.8 * SIDE:
                size = max(1, round(columns * scale)), max(1, round(rows * scale))
                small = cv2.resize(self.rgb if source is None else source, size, interpolation=cv2.INTER_AREA)
                source = np.asarray(small / np.float32(255), np.float32) if source is None else source
                soft = cv2.GaussianBlur(source if not self._colors else small, (0, 0), BLUR)
                self._colors.append((scale, np.asarray(soft, np.float32)))
                scale *= 2 ** (-1 / COLOR_PER_OCTAVE)
        return self._colors

    @cached_property
    def blobs(self) -> list[Box]:
        """What stands apart in the picture, at every size down to the finest that edges are read at, and half of it."""
        side, halved, found = min(self.rgb.shape[:2]), max(0, self.start - 1), []
        while side >> halved >= SIDE:
            picture = self._picture(halved)
            found += find_blobs(picture, picture.shape[0] / self.rgb.shape[0])
            halved += 1
        return found

    def forget_edges(self) -> None:
        """Give the memory of all levels back, once every mark was looked for by its edges; they would be made again."""
        for kept in (self._fields, self._halves, self._levels):
            kept.clear()

    def once(self, marks: Sequence[Floats], make: Callable[[], Made]) -> Made:
        """`make()`, kept for the marks it is made of: two searches begin at the same places."""
        key = tuple(map(id, marks))
        if key not in self._places:
            self._places[key] = tuple(marks), make()  # the marks are kept too, so that their ids stay their own
        made: Made = self._places[key][1]
        return made

    def scales(self) -> list[float]:
        """Levels at which marks of the usual sizes are looked for, largest first."""
        first = 2.0**-self.start / FINER
        count = max(0, math.floor(PER_OCTAVE * math.log2(max(1.0, first * min(self.rgb.shape[:2]) / (0.7 * SIDE)))) + 1)
        return [first * 2 ** (-step / PER_OCTAVE) for step in range(count)]

    def fine_scales(self) -> list[float]:
        """Levels at which smaller marks are looked for, largest first."""
        first = 2.0**-self.start / FINER
        largest = min(1.0, SIDE / SMALLEST * 2 * first)
        return [largest * 2 ** (-step / PER_OCTAVE) for step in range(PER_OCTAVE) if largest * 2 ** (-step / PER_OCTAVE) > 1.05 * first]


def _strips(picture: NDArray[np.uint8]) -> Iterator[Floats]:
    """The orientation field of a picture, `STRIP` rows at a time: of all at once it would take twenty times the picture's memory."""
    rows = picture.shape[0]
    for top in range(0, rows, STRIP):
        bottom = min(rows, top + STRIP)
        above, below = max(0, top - 1), min(rows, bottom + 1)  # edges look at the rows beside them
        field = orientation_field(np.asarray(picture[above:below] / np.float32(255), np.float32))
        yield field[top - above : bottom - above]


def _stacked(strips: Iterable[Floats], rows: int, columns: int) -> Floats:
    """A field of strips, put where they belong one by one: joined at the end they would take its memory twice."""
    field, top = np.empty((rows, columns, 2), np.float32), 0
    for strip in strips:
        field[top : top + len(strip)] = strip
        top += len(strip)
    return field


def halvings(scale: float) -> int:
    """How often a picture may be halved so that it is still at least `FINER` times finer than a level at `scale`."""
    return max(0, math.floor(-math.log2(FINER * scale) + 1e-9))


@dataclass(frozen=True, eq=False)
class Template:
    """Edge directions of a mark, shape (h, w, 2), and the sides that the mark itself has in them, in pixels."""

    field: Floats
    width: float
    height: float


_templates: OrderedDict[tuple[bytes, float, float], Template] = OrderedDict()


def template_for(key: bytes, mark: Callable[[], Floats], scale: float, *, side: float = SIDE) -> Template:
    """The template for a level at `scale`.

    Args:
        key: `fingerprint` of the mark.
        mark: Gives it, premultiplied RGBA in 0..1, shape (h, w, 4), where its template is not there yet.
        scale: Of the level, pixels for each pixel of the picture.
        side: Geometric mean of the mark's sides in the level, pixels.
    """
    finer = 2.0 ** -halvings(scale) / scale  # as the level is made from what is finer, so is the template
    name = key, round(finer, 6), side
    if name not in _templates:
        _templates[name] = _template(mark(), finer, 0.0, side)
        while len(_templates) > KEPT:
            _templates.popitem(last=False)
    _templates.move_to_end(name)
    return _templates[name]


def agreement(field: Floats, wanted: Floats) -> Floats:
    """How well edge directions agree with every place of a field, in [-1, 1], shape (H - h + 1, W - w + 1); 0 where nothing is.

    Args:
        field: Edge directions, shape (H, W, 2).
        wanted: Those that are looked for, shape (h, w, 2), no larger.
    """
    import cv2

    return Level([np.asarray(part, np.float32) for part in cv2.split(field)]).agreement(wanted)


def turned_template(mark: Floats, turn: float, side: float) -> Template:
    """The template of a mark turned by `turn` degrees counter-clockwise, for levels at any scale."""
    return _template(mark, FINER * math.sqrt(2), turn, side)


def _template(mark: Floats, finer: float, turn: float, side: float) -> Template:
    import cv2

    ratio = mark.shape[1] / mark.shape[0]
    side = max(side, LEAST_SIDE * math.sqrt(max(ratio, 1 / ratio)))
    width, height = side * math.sqrt(ratio), side / math.sqrt(ratio)
    frame = Frame(max(4, round(width * finer)), max(4, round(height * finer)), max(2, math.ceil((MARGIN + 1) * finer)))
    canvas, ground = on_ground(*draw_mark(mark, frame))
    w, h = (max(3, round(length + 2 * MARGIN)) for length in (width, height))
    if turn:
        across, down = abs(math.cos(math.radians(turn))), abs(math.sin(math.radians(turn)))
        w, h = (max(3, round(length + 2 * MARGIN)) for length in (width * across + height * down, width * down + height * across))
    sides = w * finer, h * finer
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    matrix = np.array([[cosine, sine, 0], [-sine, cosine, 0]])
    middle = np.array([(canvas.shape[1] - 1) / 2, (canvas.shape[0] - 1) / 2])
    size = math.ceil(sides[0]), math.ceil(sides[1])
    matrix[:, 2] = np.array([(size[0] - 1) / 2, (size[1] - 1) / 2]) - matrix[:, :2] @ middle
    placed = cv2.warpAffine(canvas, matrix, size, flags=cv2.INTER_LINEAR, borderValue=[ground] * 3)
    small = cv2.resize(orientation_field(np.asarray(placed, np.float32)), (w, h), interpolation=cv2.INTER_AREA)
    return Template(
        np.asarray(cv2.GaussianBlur(small, (0, 0), BLUR), np.float32), width * w / (size[0] / finer), height * h / (size[1] / finer)
    )


def on_ground(colour: Floats, alpha: Floats) -> tuple[Floats, float]:
    """The mark on black or white, whichever is unlike it, and that ground."""
    inked = alpha > 0.5
    light = bool(inked.any()) and float((colour[inked] / alpha[inked][:, None]).mean()) >= 0.55
    ground = 0.0 if light else 1.0
    return np.asarray(colour + (1 - alpha[..., None]) * np.float32(ground), np.float32), ground
