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
GREYS = 3  # commonest greys that are paired: the chequers', and a page's or a white's
LEAST_KNOWN = 0.5  # of a window of four squares that must hold the two greys
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
    grey = level.astype(np.int16)
    shares = (_painted(_signs(grey, *pair)) for pair in _pairs(histogram, level.size))
    return max((share for share in shares if share >= MIN_SHARE), default=0.0)


def _signs(grey: NDArray[np.int16], first: int, second: int) -> NDArray[np.int8]:
    """1 where a pixel has the lighter grey, -1 where it has the darker, else 0."""
    light, dark = np.abs(grey - first) <= WIDTH, np.abs(grey - second) <= WIDTH
    if first - second <= 2 * WIDTH:
        middle = (first + second) / 2
        light, dark = light & (grey > middle), dark & (grey <= middle)
    return np.asarray(light.astype(np.int8) - dark.astype(np.int8))


def _pairs(histogram: NDArray[np.intp], size: int) -> list[tuple[int, int]]:
    """Pairs of the commonest greys, lighter first; a grey page may be commoner than the chequers on it."""
    rest, peaks = histogram.copy(), []
    for _ in range(GREYS):
        peak = int(np.argmax(rest))
        if not rest[peak] or int(histogram[max(0, peak - WIDTH) : peak + WIDTH + 1].sum()) < MIN_SHARE / 2 * size:
            break
        peaks.append(peak)
        rest[max(0, peak - MIN_STEP) : peak + MIN_STEP + 1] = 0
    pairs = [(max(one, two), min(one, two)) for index, one in enumerate(peaks) for two in peaks[index + 1 :]]
    return [pair for pair in pairs if MIN_STEP <= pair[0] - pair[1] <= MAX_STEP]


def _painted(signs: NDArray[np.int8]) -> float:
    """Share of the picture in which the two greys alternate, for the square's side at which they do most."""
    height, width = signs.shape
    rows = signs[::ROWS].astype(np.int16)
    changes = {side: float(np.mean(rows[:, :-side] * rows[:, side:] < 0)) for side in SIDES if 4 * side <= min(height, width)}
    likely = sorted((side for side in changes if changes[side] >= MIN_SHARE / 2), key=lambda side: -changes[side])
    return max((_alternation(signs, side) for side in likely[:2]), default=0.0)


def _alternation(signs: NDArray[np.int8], side: int) -> float:
    """Share of the picture around which squares of one side alternate: left-right, up-down and not along the diagonal."""
    import cv2

    here, right = signs[:-side, :-side], signs[:-side, side:]
    below, across = signs[side:, :-side], signs[side:, side:]
    known = ((here != 0) & (right != 0) & (below != 0) & (across != 0)).astype(np.float32)
    window = (4 * side + 1, 4 * side + 1)
    count = cv2.boxFilter(known, -1, window, borderType=cv2.BORDER_CONSTANT)
    agreements = [cv2.boxFilter(sign * here * other * known, -1, window, borderType=cv2.BORDER_CONSTANT)
                  for sign, other in ((np.float32(-1), right), (np.float32(-1), below), (np.float32(1), across))]  # fmt: skip
    weakest = np.minimum(np.minimum(agreements[0], agreements[1]), agreements[2])
    return float(np.mean((weakest >= AGREEMENT * count) & (count >= LEAST_KNOWN)))
