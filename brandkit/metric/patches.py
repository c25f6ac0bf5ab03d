"""Small even patches: dots, chips and squares, each too small to be an area of its own, that add up."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from brandkit.image.region import Box
from brandkit.metric.palette import EDGE, FlatColors, Floats
from brandkit.metric.panel import ALIKE, Panel

EVERY = 2  # px of the sample of which one is looked at for seeds
EVEN = 2.2  # 8-bit levels of deviation that grain and coding make
MOST_SEEDS = 300  # the largest ones; bounds the time on textures
DISC = 0.72  # of its box that a patch fills; a disc fills 0.79 before coding frays it
ROUND = 4  # px of the sample beyond a patch as large as it in which its outline must close


class Seeds(NamedTuple):
    """Small even spots: their colours, shape (N, 3), sRGB, 0..255, and one pixel (x, y) of the sample and the longer side of each."""

    rgb: Floats
    places: tuple[tuple[int, int, int], ...]


def patch_seeds(flat: FlatColors, most: float) -> Seeds:
    """The even spots that may be patches of less than `most` of the picture each, largest first."""
    import cv2

    mask = np.ascontiguousarray(flat.smooth[::EVERY, ::EVERY]).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    w, h, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    small = (area >= 2) & (w * h < most * mask.size) & (area >= w * h / 2)
    small[0] = False
    found = np.flatnonzero(small)
    found = found[np.argsort(-area[found], kind="stable")][:MOST_SEEDS]
    number = np.full(len(stats), -1)
    number[found] = np.arange(len(found))
    spots = number[labels.reshape(-1)]
    where = np.flatnonzero(spots >= 0)
    where = where[np.argsort(spots[where], kind="stable")]  # spot by spot, each row by row
    count = np.asarray(area[found], np.intp)
    start = np.asarray(np.cumsum(count) - count, np.intp)
    y, x = np.divmod(where, mask.shape[1])
    pixels = flat.sample[EVERY * y, EVERY * x].astype(np.float64)
    if not len(found):
        return Seeds(np.empty((0, 3)), ())
    rgb = np.add.reduceat(pixels, start) / count[:, None]
    spread = np.add.reduceat((pixels - np.repeat(rgb, count, axis=0)) ** 2, start) / count[:, None]
    even = np.flatnonzero(np.sqrt(spread).max(axis=1) <= EVEN)
    middle, side = (start + count // 2)[even], np.maximum(w, h)[found[even]]
    return Seeds(rgb[even], tuple(zip((EVERY * x[middle]).tolist(), (EVERY * y[middle]).tolist(), (EVERY * side).tolist(), strict=True)))


def patch_at(flat: FlatColors, rgb: Floats, place: tuple[int, int, int], most: float) -> Panel | None:
    """The patch around a seed, where its outline closes; None in a photograph or shading, whose colours go on beyond it."""
    import cv2

    x, y, side = place
    reach = 2 * (side + 2 * EDGE) + ROUND
    left, top = max(0, x - reach), max(0, y - reach)
    crop = np.ascontiguousarray(flat.sample[top : y + reach + 1, left : x + reach + 1])
    near = cv2.inRange(crop, rgb - ALIKE, rgb + ALIKE)
    filled = np.zeros((near.shape[0] + 2, near.shape[1] + 2), np.uint8)
    area, _, _, (i, j, w, h) = cv2.floodFill(near, filled, (x - left, y - top), 128)
    height, width = near.shape
    if i == 0 or j == 0 or i + w == width or j + h == height or area < DISC * w * h:
        return None
    share = area * (w + 1) * (h + 1) / (w * h) / flat.labels.size  # half of the rim's pixels are its own
    red, green, blue = (float(value) for value in rgb)
    box = Box((left + i) * flat.step, (top + j) * flat.step, w * flat.step, h * flat.step)
    return Panel(box, (red, green, blue), share) if share < most else None
