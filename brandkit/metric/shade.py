"""Whether a flat colour is one colour all over, as drawn grounds are, or a part of a shading, as lit walls and skies are."""

from __future__ import annotations

import numpy as np

from brandkit.metric.palette import FlatColors, FlatMode

BLOCK = 8  # px of the sample; over a square of so many, grain and the noise of coding average out, and a shading does not
ALIKE = 0.25  # 8-bit levels in each channel around the middle colour in which the squares of one colour lie
MOST = 0.5  # of the squares must: more do under grain and in JPEGs, fewer in the evenest part of a wall
FEWEST = 24  # squares that say so


def is_one_color(flat: FlatColors, mode: FlatMode) -> bool:
    """Whether the squares that a mode fills show one colour; True where it fills too few of them to tell.

    The histogram cuts a shading into modes of a few levels each, so that none of them deviates more than a drawn fill with grain does.
    """
    import cv2

    height, width = (side // BLOCK for side in flat.labels.shape)
    if not height or not width:
        return True
    used = slice(0, height * BLOCK), slice(0, width * BLOCK)
    mask = (flat.labels[used] == mode.index).view(np.uint8) * np.uint8(255)
    whole = np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA)) == 255
    if int(np.count_nonzero(whole)) < FEWEST:
        return True
    means = np.asarray(cv2.resize(flat.sample[used].astype(np.float32), (width, height), interpolation=cv2.INTER_AREA))[whole]
    off = np.abs(means - np.median(means, axis=0)).max(axis=1)
    return bool((off <= ALIKE).mean() >= MOST)
