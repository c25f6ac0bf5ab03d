"""Find a logo that stands at any angle: templates turned all around, coarser ones than for upright marks, because there are many."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import NamedTuple

from brandkit.image.region import Box
from brandkit.metric.mark_model import Floats
from brandkit.metric.mark_pyramid import BORDER, SIDE, Level, Pyramid, Template, turned_template

STEP = 12  # degrees between templates; the alignment follows by itself from half of it
TURNS = tuple(map(float, range(STEP, 360, STEP)))
EVERY = 2  # level of those for upright marks that is searched
COARSER = 0.7  # of their size: 14 px of mark
LEAST = 0.55  # agreement from which a place is worth aligning; turned marks reach 0.75
LARGE_TURN = 0.05  # of agreement that a half turn must bring over none: some marks look almost the same at several angles
KEPT = 8  # marks whose templates are kept
LONG = 6.5  # times its shorter side from which a mark some degrees or sizes off hardly lies on itself any more
SLIGHT = 24.0  # degrees up to which such a mark is looked for at finer angles, as somebody sets a line at a slant,
FINER_STEP = 24.0, 2.0  # degrees between those for a mark as long as high, and at least


class Place(NamedTuple):
    """A place where a turned mark may stand: agreement, the upright mark's box, degrees counter-clockwise."""

    score: float
    box: Box
    turn: float


def turned_places(pyramid: Pyramid, key: bytes, mark: Floats) -> list[Place]:
    """The places that agree most with the mark at some angle, best first; at most one for each spot.

    Args:
        pyramid: The picture.
        key: `fingerprint` of the mark.
        mark: Premultiplied RGBA in 0..1, shape (h, w, 4).
    """
    ratio, found, turns = math.sqrt(mark.shape[1] / mark.shape[0]), [], _turns(mark)
    for level in pyramid.scales()[:: 1 if len(turns) > len(TURNS) else EVERY]:
        scale = COARSER * level
        for turn, template in zip(turns, _templates(key, mark), strict=True):
            score, x, y = _peak(pyramid.level(scale), template)
            side = math.sqrt(template.width * template.height) / scale
            w, h = side * ratio, side / ratio
            if score >= LEAST:
                found.append(Place(score - LARGE_TURN * min(turn, 360 - turn) / 180, Box(x / scale - w / 2, y / scale - h / 2, w, h), turn))
    return _apart(found)


def _turns(mark: Floats) -> tuple[float, ...]:
    """Degrees counter-clockwise at which the mark is looked for."""
    length = max(mark.shape[:2]) / min(mark.shape[:2])
    if length < LONG:
        return TURNS
    step = max(FINER_STEP[1], FINER_STEP[0] / length)
    slight = [index * step for index in range(1, int(SLIGHT / step) + 1)]
    return (*slight, *(turn for turn in TURNS if SLIGHT < turn < 360 - SLIGHT), *(360 - turn for turn in reversed(slight)))


_kept: OrderedDict[bytes, list[Template]] = OrderedDict()


def _templates(key: bytes, mark: Floats) -> list[Template]:
    if key not in _kept:
        _kept[key] = [turned_template(mark, turn, COARSER * SIDE) for turn in _turns(mark)]
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]


def _peak(level: Level, template: Template) -> tuple[float, float, float]:
    """The best agreement and the centre of the mark there, in pixels of the level without its border."""
    import cv2

    rows, columns = template.field.shape[:2]
    if rows > level.shape[0] or columns > level.shape[1]:
        return 0.0, 0.0, 0.0
    _, score, _, (x, y) = cv2.minMaxLoc(level.agreement(template.field))
    return float(score), x + columns / 2 - BORDER, y + rows / 2 - BORDER


def _apart(found: list[Place]) -> list[Place]:
    kept: list[Place] = []
    for place in sorted(found, key=lambda place: -place.score):
        x, y = place.box.x + place.box.w / 2, place.box.y + place.box.h / 2
        near = 0.4 * min(place.box.w, place.box.h)
        if all(math.hypot(x - o.box.x - o.box.w / 2, y - o.box.y - o.box.h / 2) > near for o in kept):
            kept.append(place)
    return kept
