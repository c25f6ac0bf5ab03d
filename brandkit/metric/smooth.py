"""The colours of smooth areas: drawn gradients have no flat mode, and yet one family of colours that somebody chose."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box
from brandkit.metric.palette import FlatColors

Floats = NDArray[np.float64]

BITS = 5  # bits per channel: colours that differ by less than 8 levels count together
PIXELS = 40_000  # that are looked at; shares stay right to 0.5 %
EDGE = 12.0  # 8-bit levels; a larger bend is an edge and not noise
LEAST = 2e-4  # of them; rarer colours are edges, and too few to change a share


class SmoothColors(NamedTuple):
    """Colours of smooth areas: `rgb` (N, 3) in 0..255, to ±4 levels, and the `share` (N,) of the picture's area that each covers."""

    rgb: Floats
    share: Floats


def smooth_colors(flat: FlatColors) -> SmoothColors:
    """What colours the smooth areas of a picture show, flat or shaded, and how much of its area each covers."""
    codes = _codes(flat)
    counts = np.bincount(codes[codes >= 0], minlength=1 << 3 * BITS)
    found = np.flatnonzero(counts > LEAST * codes.size)
    return SmoothColors(_colors(found), counts[found] / codes.size)


def smooth_region(flat: FlatColors, rgb: Floats) -> Box:
    """Box in picture pixels around the largest connected smooth area in some of the colours (N, 3) that `smooth_colors` gave."""
    import cv2

    codes = _codes(flat)
    chosen = np.zeros((1 << 3 * BITS) + 1, np.uint8)
    chosen[_code(rgb.astype(np.uint8))] = 1
    _, _, stats, _ = cv2.connectedComponentsWithStats(chosen[codes], connectivity=8)
    if len(stats) < 2:
        return Box(0, 0, 0, 0)
    x, y, w, h, _ = (int(value) for value in stats[1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))])
    step = _every(flat) * flat.step
    return Box(x * step, y * step, w * step, h * step)


def grain(rgb: NDArray[np.uint8], colors: Floats) -> float:
    """Standard deviation of the noise in pixels of given colours, in 8-bit levels; shading does not count.

    Args:
        rgb: Part of a picture at full size, shape (H, W, 3), sRGB, 0..255.
        colors: Those of `smooth_colors` (N, 3) to which the pixels belong.

    Returns:
        At least 0; 0 where no three neighbours show them. Drawn gradients have 0.3 of rounding, with JPEG noise up to 0.8.
    """
    chosen = np.zeros(1 << 3 * BITS, bool)
    chosen[_code(colors.astype(np.uint8))] = True
    inside = chosen[_code(rgb)]
    inside = inside[:, :-2] & inside[:, 1:-1] & inside[:, 2:]
    if not inside.any():
        return 0.0
    wide = rgb.astype(np.float32)
    bent = (wide[:, :-2] - 2 * wide[:, 1:-1] + wide[:, 2:])[inside]
    return float(np.sqrt((np.minimum(np.abs(bent), EDGE) ** 2).mean() / 6))  # 1, -2, 1 make six times the variance of noise


def _every(flat: FlatColors) -> int:
    return max(1, int((flat.labels.size / PIXELS) ** 0.5))


def _codes(flat: FlatColors) -> NDArray[np.int32]:
    """Number of each looked-at pixel's colour; -1 where it is not smooth."""
    every = _every(flat)
    return np.where(flat.smooth[::every, ::every], _code(flat.sample[::every, ::every]), -1).astype(np.int32)


def _code(rgb: NDArray[np.uint8]) -> NDArray[np.int32]:
    red, green, blue = np.moveaxis((rgb >> (8 - BITS)).astype(np.int32), -1, 0)
    return np.asarray(red << 2 * BITS | green << BITS | blue)


def _colors(codes: NDArray[np.intp]) -> Floats:
    mask = (1 << BITS) - 1
    channels = np.stack([codes >> 2 * BITS, codes >> BITS & mask, codes & mask], axis=1)
    return (channels + 0.5) * (1 << 8 - BITS) - 0.5
