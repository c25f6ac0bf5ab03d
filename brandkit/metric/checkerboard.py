"""Painted transparency: the grey chequers that image models draw where they were asked for an empty ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDES = range(4, 65)  # px; squares that editors draw, at one to four times their usual size
NEUTRAL = 10  # 8-bit levels between the channels of a grey, with JPEG noise
MIN_SHARE = 0.05  # of the area that each of the two greys covers
MIN_STEP = 6  # 8-bit levels between the two greys
WIDTH = 9  # 8-bit levels on either side of a grey's peak that belong to it
MAX_STEP = 120  # 8-bit levels; black on white is type or a chart, not transparency
ROWS = 8  # every eighth row is enough to rule a side out
AGREEMENT = 0.7  # mean product of neighbouring squares, 1 for perfect chequers; stripes and halves stay near 0


def checkerboard_share(rgb: NDArray[np.uint8]) -> float:
    """Share of the picture that is covered by painted grey chequers.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255.

    Returns:
        A share in [0, 1]; 0 where the two commonest greys do not alternate in both directions. Lower is better.
    """
    import cv2

    if rgb.ndim != 3 or rgb.shape[2] != 3:
        raise ValueError(f"rgb must have shape (H, W, 3), got {rgb.shape}")
    red, green, blue = cv2.split(np.ascontiguousarray(rgb))
    low, high = cv2.min(cv2.min(red, green), blue), cv2.max(cv2.max(red, green), blue)
    level = np.where(cv2.subtract(high, low) <= NEUTRAL, high, 0)
    histogram = np.bincount(level.ravel(), minlength=256)
    histogram[0] = 0
    pair = _two_greys(histogram, level.size)
    if pair is None:
        return 0.0
    grey = level.astype(np.int16)
    light, dark = np.abs(grey - pair[0]) <= WIDTH, np.abs(grey - pair[1]) <= WIDTH
    if pair[0] - pair[1] <= 2 * WIDTH:
        middle = sum(pair) / 2
        light, dark = light & (grey > middle), dark & (grey <= middle)
    signs = light.astype(np.int8) - dark.astype(np.int8)
    likely = [side for side in SIDES if -_product(signs[::ROWS, :-side], signs[::ROWS, side:]) >= AGREEMENT]
    painted = any(_alternation(signs, side) >= AGREEMENT for side in likely)
    return float(np.mean(signs != 0)) if painted else 0.0


def _two_greys(histogram: NDArray[np.intp], size: int) -> tuple[int, int] | None:
    first = int(np.argmax(histogram))
    rest = histogram.copy()
    rest[max(0, first - MIN_STEP) : first + MIN_STEP + 1] = 0
    second = int(np.argmax(rest))
    if (
        min(int(histogram[max(0, peak - WIDTH) : peak + WIDTH + 1].sum()) for peak in (first, second)) < MIN_SHARE * size
        or not rest[second]
    ):
        return None
    return (max(first, second), min(first, second)) if abs(first - second) <= MAX_STEP else None


def _alternation(signs: NDArray[np.int8], side: int) -> float:
    """How well squares of one side alternate: the weakest of left-right, up-down and diagonal agreement."""
    if min(signs.shape) < 4 * side:
        return 0.0
    across = _product(signs[:, :-side], signs[:, side:])
    down = _product(signs[:-side], signs[side:])
    diagonal = _product(signs[:-side, :-side], signs[side:, side:])
    return min(-across, -down, diagonal)


def _product(one: NDArray[np.int8], two: NDArray[np.int8]) -> float:
    both = (one != 0) & (two != 0)
    return float((one * two).sum() / both.sum()) if both.any() else 0.0
