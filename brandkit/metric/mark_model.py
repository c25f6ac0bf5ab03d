"""A logo as the measures need it: scaled, premultiplied, with its paints and the pose that puts it into a picture."""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box

Floats = NDArray[np.float32]
Made = TypeVar("Made")

PAINT_BITS = 4  # per channel: paints closer than 16 levels count as one, as in a gradient
PAINT_SHARE = 0.03  # of the ink; smaller paints are too few pixels to read a colour from
PURE_DISTANCE = 12.0  # levels: a pixel nearer than this to its paint's mean is not a mixture
OPAQUE = 0.97  # alpha
ALIKE = 3  # times finer that a mark is drawn before it is put into whole pixels
KEPT = 192  # drawings and what was made of them, most of them of a few kB; a brand may have 64 marks
MOST_PAINTS = 10  # shades read; a gradient has hundreds


@dataclass(frozen=True)
class Pose:
    """Affine map from mark coordinates (0..1 across width and height) to picture pixels."""

    matrix: NDArray[np.float64]
    """Shape (2, 3)."""

    @staticmethod
    def of_box(box: Box, rotation: float = 0.0) -> Pose:
        """The mark filling `box`, turned by `rotation` degrees (counter-clockwise as seen) about its centre."""
        cosine, sine = math.cos(math.radians(rotation)), math.sin(math.radians(rotation))
        linear = np.array([[cosine * box.w, sine * box.h], [-sine * box.w, cosine * box.h]])
        centre = np.array([box.x + box.w / 2, box.y + box.h / 2])
        return Pose(np.column_stack([linear, centre - linear @ [0.5, 0.5]]))

    @property
    def box(self) -> Box:
        """The smallest box around the posed mark."""
        corners = self.matrix @ np.array([[0, 1, 0, 1], [0, 0, 1, 1], [1, 1, 1, 1]], float)
        low, high = corners.min(axis=1), corners.max(axis=1)
        return Box(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))

    @property
    def centre(self) -> NDArray[np.float64]:
        return np.asarray(self.matrix @ [0.5, 0.5, 1.0])


@dataclass(frozen=True)
class Frame:
    """A canvas in which the mark stands upright: `width` × `height` pixels of mark with `margin` on every side."""

    width: int
    height: int
    margin: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.height + 2 * self.margin, self.width + 2 * self.margin

    def to_mark(self) -> NDArray[np.float64]:
        """Shape (3, 3): pixel centres of the canvas to mark coordinates."""
        x, y = 1 / self.width, 1 / self.height
        return np.array([[x, 0, (0.5 - self.margin) * x], [0, y, (0.5 - self.margin) * y], [0, 0, 1.0]])


def frame_for(width: float, height: float, area: float) -> Frame:
    """The frame for a mark of `width` × `height` picture pixels, reduced so that it covers at most `area` pixels."""
    scale = min(1.0, math.sqrt(area / max(1.0, width * height)))
    w, h = max(4, round(width * scale)), max(4, round(height * scale))
    return Frame(w, h, min(32, max(8, round(0.2 * min(w, h)))))


def premultiply(mark: NDArray[np.uint8]) -> Floats:
    """Straight RGBA, shape (H, W, 4), uint8, as premultiplied floats in 0..1."""

    def make() -> Floats:
        straight = np.asarray(mark / np.float32(255), np.float32)
        straight[..., :3] *= straight[..., 3:]
        straight.setflags(write=mark.flags.writeable)
        return straight

    return once(mark, "premultiplied", make)


def fingerprint(mark: NDArray[np.uint8]) -> bytes:
    """What tells one drawing from another, so that its templates are made once for all pictures."""
    return once(mark, "fingerprint", lambda: hashlib.blake2b(mark.tobytes() + repr(mark.shape).encode(), digest_size=16).digest())


_kept: OrderedDict[tuple[int, str], tuple[NDArray[Any], Any]] = OrderedDict()


def once(mark: NDArray[Any], what: str, make: Callable[[], Made]) -> Made:
    """`make()`, kept for drawings that nobody can change: a brand's marks meet many pictures."""
    if mark.flags.writeable:
        return make()
    key = id(mark), what
    if key not in _kept:
        _kept[key] = mark, make()  # the mark is kept too, so that its id stays its own
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    made: Made = _kept[key][1]
    return made


def draw_mark(mark: Floats, frame: Frame) -> tuple[Floats, Floats]:
    """The mark in `frame`.

    Args:
        mark: Premultiplied RGBA in 0..1, shape (H, W, 4).
        frame: Where it stands.

    Returns:
        Premultiplied sRGB in 0..1, shape (h, w, 3), and alpha in 0..1, shape (h, w).
    """
    import cv2

    shrink = frame.width <= mark.shape[1]
    small = cv2.resize(mark, (frame.width, frame.height), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_CUBIC)
    m = frame.margin
    full: Floats = np.clip(cv2.copyMakeBorder(small, m, m, m, m, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0)), 0, 1).astype(np.float32)
    return full[..., :3], full[..., 3]


def sample(rgb: NDArray[np.uint8], pose: Pose, frame: Frame) -> Floats:
    """The picture as seen from the mark: where `pose` puts the mark, in `frame`.

    Returns:
        sRGB in 0..1, shape (h, w, 3). Beyond the picture's edge its outermost pixels repeat.
    """
    import cv2

    box = pose.box
    pad = 1.5 * frame.margin * max(box.w / frame.width, box.h / frame.height) + 4
    rows, columns = box.grown(pad).pixels(rgb.shape[1], rgb.shape[0])
    crop = rgb[rows, columns]
    if not crop.size:
        return np.zeros((*frame.shape, rgb.shape[2]), np.float32)
    shift = np.array([[1, 0, -columns.start], [0, 1, -rows.start]], float)
    matrix = np.vstack([pose.matrix, [0, 0, 1]])
    steps = (shift @ matrix @ frame.to_mark())[:, :3]
    factor = math.sqrt(abs(steps[0, 0] * steps[1, 1] - steps[0, 1] * steps[1, 0]))
    if factor > 1.15:  # warpAffine reads four pixels only: average first, or thin strokes flicker
        size = (max(1, round(crop.shape[1] / factor)), max(1, round(crop.shape[0] / factor)))
        fx, fy = size[0] / crop.shape[1], size[1] / crop.shape[0]
        crop = np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)
        steps = np.diag([fx, fy]) @ steps
    steps[:, 2] -= 0.5  # OpenCV counts from pixel centres
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(crop, steps, frame.shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped.astype(np.float32) / 255, np.float32)


def draw_alike(mark: Floats, pose: Pose, frame: Frame) -> tuple[Floats, Floats]:
    """`draw_mark` as a picture shows the mark at `pose`: drawn into whole pixels first and seen from the frame then.

    Strokes of about a pixel look different wherever they fall between pixels; read alike, mark and picture differ by faults only.
    """
    box = pose.box.grown(2.0 * frame.margin * max(pose.box.w / frame.width, pose.box.h / frame.height) + 8)
    left, top = math.floor(box.x), math.floor(box.y)
    here = Pose(pose.matrix - np.array([[0, 0, left], [0, 0, top]]))
    layer = in_pixels(mark, here, (math.ceil(box.right) - left, math.ceil(box.bottom) - top))
    seen = np.clip(sample(layer, here, frame), 0, 1)
    return np.ascontiguousarray(seen[..., :3]), np.ascontiguousarray(seen[..., 3])


def in_pixels(mark: Floats, pose: Pose, size: tuple[int, int]) -> NDArray[np.uint8]:
    """The mark at `pose` in a picture of `size` (width, height) as a renderer draws it: premultiplied RGBA, shape (height, width, 4)."""
    import cv2

    sides = [max(4, round(ALIKE * float(np.linalg.norm(pose.matrix[:, column])))) for column in (0, 1)]
    shrink = sides[0] <= mark.shape[1]
    fine = cv2.resize(mark, (sides[0], sides[1]), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_CUBIC)
    steps = ALIKE * pose.matrix @ np.diag([1 / sides[0], 1 / sides[1], 1.0])
    steps[:, 2] += steps[:, :2] @ [0.5, 0.5] - 0.5  # OpenCV counts from pixel centres
    placed = cv2.warpAffine(fine, steps, (ALIKE * size[0], ALIKE * size[1]), flags=cv2.INTER_LINEAR)
    return np.rint(np.clip(cv2.resize(placed, size, interpolation=cv2.INTER_AREA), 0, 1) * 255).astype(np.uint8)


def paint_masks(colour: Floats, alpha: Floats) -> list[NDArray[np.bool_]]:
    """Where each paint of the mark covers its pixels fully, largest first.

    Args:
        colour: Premultiplied sRGB in 0..1, shape (h, w, 3).
        alpha: Shape (h, w).

    Returns:
        One mask for each colour (or shade of a gradient) with at least `PAINT_SHARE` of the ink. Marks whose strokes are
        too thin for opaque pixels give the mask of everything over half opacity.
    """
    if colour.flags.writeable:
        return _paint_masks(colour, alpha)
    return once(alpha, f"paints of {id(colour)}", lambda: (colour, _paint_masks(colour, alpha)))[1]  # kept, so that its id stays its own


def _paint_masks(colour: Floats, alpha: Floats) -> list[NDArray[np.bool_]]:
    solid = alpha >= OPAQUE
    if solid.sum() < 0.15 * (alpha >= 0.5).sum() or not solid.any():
        return [alpha >= 0.5] if (alpha >= 0.5).any() else []
    rows, columns = np.nonzero(solid)
    levels = np.rint(colour[rows, columns] * 255).astype(np.int32)
    labels = (levels >> (8 - PAINT_BITS)) @ np.array([1 << 2 * PAINT_BITS, 1 << PAINT_BITS, 1])
    counts = np.bincount(labels, minlength=1 << 3 * PAINT_BITS)
    masks: list[NDArray[np.bool_]] = []
    free = np.ones(len(levels), bool)
    red, green, blue = np.asarray(levels.T, np.float32)  # one channel after the other: three times as fast
    for label in np.argsort(-counts, kind="stable")[:MOST_PAINTS]:
        if counts[label] < PAINT_SHARE * len(levels):
            break
        middle = np.median(levels[labels == label], axis=0).astype(np.float32)
        near = free & (np.abs(red - middle[0]) <= PURE_DISTANCE)
        near &= np.abs(green - middle[1]) <= PURE_DISTANCE
        near &= np.abs(blue - middle[2]) <= PURE_DISTANCE
        if near.sum() >= PAINT_SHARE * len(levels):
            free &= ~near
            mask = np.zeros(solid.shape, bool)
            mask[rows[near], columns[near]] = True
            masks.append(mask)
    return masks
