"""The colours of strokes on flat grounds: type, rules and line drawings in pictures of which nobody says where their text is.

A stroke's rim is mixed with its ground, so the pixels on a ground spread along lines from its colour to those of its inks. Where
strokes are wide enough to show their ink unmixed, many pixels lie together at the end of such a line; only that end is an ink.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.area import within
from brandkit.metric.palette import FlatColors, FlatMode, Floats

GROUND = 0.03  # of the area that a ground has
EVEN = 2.2  # 8-bit levels by which a ground deviates with grain and JPEG noise
STROKE = 13  # px of the sample; what a ground encloses more closely is a stroke
LINE = 40  # px of the sample over which strokes reach; less is a dot
CONTRAST = 70.0  # Euclidean distance in 8-bit RGB of an ink from its ground; fainter ones are shadows and coding
TOGETHER = 8.0  # 8-bit levels in each channel around an ink
SHARE = 0.002  # of the area that shows an ink unmixed; less is fine print, whose colour coding changes
LEAST = 60  # px of the sample that show an ink unmixed
PURE = 0.22  # of the pixels at least half as far from the ground that show the ink unmixed; rims and photographs have no such heap
BEYOND = 0.04  # of those pixels that may lie beyond an ink: it is the end of its line
BLED, CODED = 0.4, 8  # of the way to its ground's colour that thin strokes go in lossy files, and steps on it
ASIDE = 25.0  # Euclidean distance in 8-bit RGB from a line that pixels of another ink have


class Ink(NamedTuple):
    """An ink: its colour and its ground's (sRGB, 0..255), the share of the picture that its strokes cover, and a box around them."""

    rgb: tuple[float, float, float]
    ground: FlatMode
    share: float
    box: Box


def read_inks(flat: FlatColors, grounds: int = 2) -> Iterator[Ink]:
    """The main ink on each of the largest drawn grounds, where strokes show one unmixed."""
    drawn = [mode for mode in flat.modes if mode.share >= GROUND and mode.deviation <= EVEN and mode.uniform > 0.6]
    for ground in drawn[:grounds]:
        places = np.flatnonzero(_strokes(flat.labels == ground.index))
        found = find_ink(flat.sample.reshape(-1, 3)[places].astype(np.float32), np.array(ground.rgb, np.float32))
        if found is None or (share := float(found.inside.sum()) / flat.labels.size) <= SHARE:
            continue
        y, x = np.divmod(places[found.inside], flat.labels.shape[1])
        if max(np.ptp(x), np.ptp(y)) < LINE:
            continue
        left, top, right, bottom = (int(value) * flat.step for value in (x.min(), y.min(), x.max() + 1, y.max() + 1))
        red, green, blue = (float(value) for value in found.color)
        yield Ink((red, green, blue), ground, share, Box(left, top, right - left, bottom - top))


class Heap(NamedTuple):
    """Where pixels lie together: their colour, and which of them do."""

    color: NDArray[np.float32]
    inside: NDArray[np.bool_]


def as_coded(swatches: Floats, ground: Floats) -> Floats:
    """What lossy files make of inks on a ground: they halve the resolution of colour, so that strokes take on some of their ground's.

    Args:
        swatches: Inks, shape (N, 3), CIELAB.
        ground: Their ground, shape (3,), CIELAB.

    Returns:
        Each ink as wide and as thin strokes show it, shape (N, CODED, 3).
    """
    coded = np.repeat(swatches[:, None], CODED, axis=1)
    coded[..., 1:] += np.linspace(0, BLED, CODED)[:, None] * (ground[1:] - coded[..., 1:])
    return coded


def _strokes(ground: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """What a ground encloses within the width of a stroke."""
    import cv2

    mask = ground.view(np.uint8)
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((STROKE, STROKE), np.uint8))
    return np.asarray(closed - mask, np.uint8)


def find_ink(pixels: NDArray[np.float32], ground: NDArray[np.float32]) -> Heap | None:
    """The ink of strokes on one ground: the end of the line from it on which most pixels lie together.

    Args:
        pixels: Strokes with their rims and as much ground as may be, shape (N, 3), sRGB, 0..255.
        ground: Their ground, shape (3,), sRGB, 0..255.

    Returns:
        Its colour and its pixels; None where no stroke shows it unmixed.
    """
    offsets = pixels - ground
    away = np.sqrt(np.einsum("ij,ij->i", offsets, offsets))
    far = pixels[away >= CONTRAST]
    if len(far) < LEAST:
        return None
    codes = (far / TOGETHER).astype(np.int32) @ np.array([1024, 32, 1])
    code = int(np.argmax(np.bincount(codes)))
    color = (np.array([code >> 10, code >> 5 & 31, code & 31], np.float32) + 0.5) * TOGETHER
    for _ in range(2):
        inside = within(pixels, color, TOGETHER)
        color = np.median(pixels[inside], axis=0).astype(np.float32)
    whole = float(np.linalg.norm(color - ground))
    reach = offsets @ ((color - ground) / max(1.0, whole))
    mine = np.sqrt(np.maximum(away**2 - reach**2, 0)) <= ASIDE
    half = int((mine & (reach >= whole / 2)).sum())
    beyond = int((mine & (reach > whole + 2 * TOGETHER)).sum())
    if int(inside.sum()) < max(LEAST, PURE * half) or beyond > BEYOND * half:
        return None
    return Heap(color, inside)
