"""Painted transparency: the grey chequers that image models draw where they were asked for an empty ground."""

from __future__ import annotations

import math

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
ROWS = 8  # every eighth row is enough to rule chequers out
MOST_PLACES = 1_000_000  # px that are asked for their neighbours; of larger pictures every second, third, …
AGREEMENT = 0.7  # mean product of neighbouring squares, 1 for perfect chequers; stripes and halves stay near 0


def checkerboard_share(rgb: NDArray[np.uint8]) -> float:
    """Share of the picture that is covered by painted grey chequers.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255.

    Returns:
        A share in [0, 1]; 0 where the two commonest greys do not alternate in both directions. Lower is better.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3:
        raise ValueError(f"rgb must have shape (H, W, 3), got {rgb.shape}")
    import cv2

    rows = _grey(rgb[::ROWS])
    histogram = np.asarray(cv2.calcHist([rows], [0], None, [256], [0, 256])).reshape(-1).astype(np.intp)
    histogram[0] = 0
    likely = [(pair, side) for pair in _pairs(histogram, rows.size) for side in _sides(_signs(rows, *pair), rgb.shape[0])]
    if not likely:
        return 0.0
    every = max(1, math.ceil(math.sqrt(rgb.shape[0] * rgb.shape[1] / MOST_PLACES)))
    grey = _grey(rgb)
    shares = (_alternation(_signs(grey, *pair), side, every) for pair, side in likely)
    return max((share for share in shares if share >= MIN_SHARE), default=0.0)


def _grey(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The level of every grey pixel, 0 for pixels with a colour, shape (H, W)."""
    import cv2

    red, green, blue = cv2.split(np.ascontiguousarray(rgb))
    low, high = cv2.min(cv2.min(red, green), blue), cv2.max(cv2.max(red, green), blue)
    return np.asarray(high, np.uint8) * (cv2.subtract(high, low) <= NEUTRAL).view(np.uint8)


def _signs(grey: NDArray[np.uint8], first: int, second: int) -> NDArray[np.int8]:
    """1 where a pixel has the lighter grey, -1 where it has the darker, else 0."""
    levels = np.arange(256)
    light, dark = np.abs(levels - first) <= WIDTH, np.abs(levels - second) <= WIDTH
    if first - second <= 2 * WIDTH:
        middle = (first + second) / 2
        light, dark = light & (levels > middle), dark & (levels <= middle)
    return (light.astype(np.int8) - dark.astype(np.int8))[grey]


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


def _sides(rows: NDArray[np.int8], height: int) -> list[int]:
    """Sides of squares, at most two, at which the two greys change most often along rows of a picture of that height."""
    wide = rows.astype(np.int16)
    fits = [side for side in SIDES if 4 * side <= min(height, rows.shape[1])]
    changes = {side: float(np.mean(wide[:, :-side] * wide[:, side:] < 0)) for side in fits}
    likely = sorted((side for side in changes if changes[side] >= MIN_SHARE / 2), key=lambda side: -changes[side])
    return likely[:2]


def _alternation(signs: NDArray[np.int8], side: int, every: int) -> float:
    """Share of the picture around which squares of one side alternate: left-right, up-down and not along the diagonal.

    Only every `every`-th place is asked, in both directions.
    """
    import cv2

    here, right = signs[:-side:every, :-side:every], signs[:-side:every, side::every]
    below, across = signs[side::every, :-side:every], signs[side::every, side::every]
    known = ((here != 0) & (right != 0) & (below != 0) & (across != 0)).astype(np.float32)
    reach = max(3, (4 * side) // every | 1)
    count = cv2.boxFilter(known, -1, (reach, reach), borderType=cv2.BORDER_CONSTANT)
    agreements = [cv2.boxFilter(sign * here * other * known, -1, (reach, reach), borderType=cv2.BORDER_CONSTANT)
                  for sign, other in ((np.float32(-1), right), (np.float32(-1), below), (np.float32(1), across))]  # fmt: skip
    weakest = np.minimum(np.minimum(agreements[0], agreements[1]), agreements[2])
    return float(np.mean((weakest >= AGREEMENT * count) & (count >= LEAST_KNOWN)))
