"""The pose of a mark in its own proportions near a place: what is left of a mark that was cut cannot pull it out of shape."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.mark_model import Floats, Frame, Pose, draw_mark, sample
from brandkit.metric.mark_pyramid import agreement, on_ground
from brandkit.metric.orientation import orientation_field


class Look(NamedTuple):
    """How closely a place is looked at."""

    side: float
    """Geometric mean of the mark's sides, px."""
    reach: float
    """Of that side: how far the place may be off."""
    sizes: tuple[float, ...]
    """Times by which its size may be off."""


LOOKS = (
    Look(40.0, 0.2, tuple(1.02**step for step in range(-6, 7))),
    Look(120.0, 0.03, tuple(1.005**step for step in range(-3, 4))),
)
TURNED = Look(40.0, 0.2, (0.88, 0.94, 1.0, 1.06, 1.13))
OFF = (-6.0, -3.0, 0.0, 3.0, 6.0)  # degrees by which a turned template may be off
LEAST_SIDE = 10.0  # px of the mark's shorter side


def stiffly(rgb: NDArray[np.uint8], mark: Floats, box: Box) -> Pose:
    """The upright pose near `box` at which edges agree best, of several sizes.

    Args:
        rgb: Picture, shape (H, W, 3), uint8, sRGB.
        mark: Premultiplied RGBA in 0..1, shape (h, w, 4).
        box: Where it stands, nearly.
    """
    for look in LOOKS:
        box = _nearer(rgb, mark, box, look)
    return Pose.of_box(box)


def stiffly_turned(rgb: NDArray[np.uint8], mark: Floats, box: Box, turn: float) -> tuple[Box, float]:
    """The upright mark's box and its angle near `box` and `turn` (degrees counter-clockwise) at which edges agree best.

    A long mark that is a few degrees off touches itself with its middle only, and no alignment follows from there.
    """
    found = [(*_best_near(rgb, mark, box, TURNED, turn + off), turn + off) for off in OFF]
    _, nearer, angle = max(found, key=lambda entry: entry[0])
    return nearer, angle


def _nearer(rgb: NDArray[np.uint8], mark: Floats, box: Box, look: Look) -> Box:
    return _best_near(rgb, mark, box, look, 0.0)[1]


def _best_near(rgb: NDArray[np.uint8], mark: Floats, box: Box, look: Look, turn: float) -> tuple[float, Box]:
    """The best agreement near `box` at an angle, and the upright mark's box there."""
    import cv2

    scale = max(look.side / math.sqrt(box.area), LEAST_SIDE / min(box.w, box.h))
    width, height = scale * box.w, scale * box.h
    margin = math.ceil(look.reach * math.sqrt(width * height) + (look.sizes[-1] - 1) * max(width, height) / 2) + 2
    outer = Frame(max(4, round(width)), max(4, round(height)), margin)
    fx, fy = outer.width / box.w, outer.height / box.h
    field, best, found = orientation_field(sample(rgb, Pose.of_box(box, turn), outer)), -1.0, box
    for size in look.sizes:
        frame = Frame(max(4, round(size * outer.width)), max(4, round(size * outer.height)), 2)
        wanted = orientation_field(on_ground(*draw_mark(mark, frame))[0])
        _, score, _, (x, y) = cv2.minMaxLoc(agreement(field, wanted))
        if score > best:  # templates have whole pixels; the mark keeps its proportions
            off = (x + 2 + frame.width / 2 - margin) / fx - box.w / 2, (y + 2 + frame.height / 2 - margin) / fy - box.h / 2
            best, found = score, _moved(box, size, off, turn)
    return best, found


def _moved(box: Box, size: float, off: tuple[float, float], turn: float) -> Box:
    """`box` at `size` times its size, its centre moved by `off` across and down as seen from the turned mark."""
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    x, y = box.x + box.w / 2 + cosine * off[0] + sine * off[1], box.y + box.h / 2 - sine * off[0] + cosine * off[1]
    return Box(x - size * box.w / 2, y - size * box.h / 2, size * box.w, size * box.h)
