"""Strokes that a product's print has gained or lost: one letter changed is a bar of two or three pixels.

Correlation over a block hardly moves for it. So strokes alone are kept (what is thinner than a letter, darker or lighter than both
of its sides), which leaves out shading, highlights and the edges of labels, and each has to be found again within a pixel.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.metric.silhouette import warp

Pixels = NDArray[np.uint8]
Image = NDArray[np.float32]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

CALM = 0.6  # px: Gaussian against noise
STROKE = 1 / 25  # of the height: thicker is no stroke
FAINT = 12.0  # L*: the strongest strokes' contrast below which nothing is printed
LETTER = (0.02, 0.2)  # of the height: how tall a letter is
LETTERS = 3  # as tall as each other, side by side, that are a word; rims, rings and highlights are none
ALIKE, LEVEL, NEXT = 0.3, 0.6, 6.0  # of a letter's height: difference of heights in a word, of their middles, and how far the word reaches
INK = 0.4  # of the strongest strokes' contrast from which a pixel is ink
WINDOW = 1 / 14  # of the height: about a letter, which may sit a little elsewhere than its neighbours
REACH = 2  # px that a letter may sit elsewhere
LUMP = 3  # px: a piece of a stroke
BLURRED = (0.6, 1.7)  # times the contrast that another camera or light may give a letter
NEAR_INK = 0.06  # of a window that is ink, from which what changes in it is print


def changed_strokes(reference: Pixels, aligned: Image, inner: Mask, height: int, poses: tuple[Floats, ...]) -> float:
    """The strongest piece of a stroke that only one of two prints has, as a share of the ink's contrast, at least 0; about 1 is all of it.

    Args:
        reference: The reference, shape (h, w, 3), sRGB.
        aligned: The picture laid over it, same shape, 0..255.
        inner: Pixels that are certainly inside both products.
        height: Of the product, px.
        poses: Maps from the reference's print to the aligned picture's that are tried, shape (2, 3) each; the best counts.
    """
    rows, columns = np.nonzero(inner)
    box = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    inside = _eroded(inner)[box]
    width = max(5, round(STROKE * height)) | 1
    dark, light = (_strokes(reference.astype(np.float32)[box], width, sign) * inside for sign in (1, -1))
    sign = 1 if np.linalg.norm(dark) >= np.linalg.norm(light) else -1  # the other one is paper between lines
    own = dark if sign > 0 else light
    contrast = float(np.percentile(own[inside], 99.5)) if inside.any() else 0.0
    if contrast < FAINT:
        return 0.0
    window = max(7, round(WINDOW * height)) | 1
    print_area = _words(own > INK * contrast, window, height) & inside
    if not print_area.any():
        return 0.0
    seen = (_strokes(warp(aligned, pose, inner.shape)[box], width, sign) * inside for pose in poses)
    return min(float((_unmatched(own, other, window, contrast) * print_area).max()) for other in seen) / contrast


def _strokes(rgb: Image, width: int, sign: int) -> Image:
    """How much darker (sign 1) or lighter (-1) lines are than both of their sides, L*, at least 0; fills, shading, their edges are 0."""
    import cv2

    light = cv2.GaussianBlur(cv2.cvtColor(np.ascontiguousarray(rgb) / 255, cv2.COLOR_RGB2Lab)[..., 0], (0, 0), CALM)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    return np.asarray(cv2.morphologyEx(light, cv2.MORPH_BLACKHAT if sign > 0 else cv2.MORPH_TOPHAT, kernel), np.float32)


def _words(ink: Mask, window: int, height: int) -> Mask:
    """Around the ink of words."""
    import cv2

    _, names, boxes, middles = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    tall, (across, down) = boxes[:, cv2.CC_STAT_HEIGHT].astype(np.float64), middles.T
    letter = (tall >= LETTER[0] * height) & (tall <= LETTER[1] * height) & (boxes[:, cv2.CC_STAT_WIDTH] <= LETTER[1] * height)
    letter[0] = False  # the ground
    beside = (
        (np.abs(tall[None] - tall[:, None]) < ALIKE * tall[:, None])
        & (np.abs(down[None] - down[:, None]) < LEVEL * tall[:, None])
        & (np.abs(across[None] - across[:, None]) < NEXT * tall[:, None])
    )
    words = letter & ((beside & letter[None]).sum(axis=1) >= LETTERS)
    lines = cv2.boxFilter((ink & words[names]).astype(np.float32), cv2.CV_32F, (window, window))
    return np.asarray(lines > NEAR_INK)


class _Range(NamedTuple):
    low: Image
    high: Image

    @staticmethod
    def around(values: Image) -> _Range:
        """What a pixel's neighbours show: an edge may lie anywhere between them."""
        import cv2

        kernel = np.ones((3, 3), np.uint8)
        return _Range(np.asarray(cv2.erode(values, kernel), np.float32), np.asarray(cv2.dilate(values, kernel), np.float32))

    def outside(self, values: Image) -> Image:
        return np.asarray(np.maximum(np.maximum(values - self.high, self.low - values), 0), np.float32)


def _unmatched(own: Image, other: Image, window: int, contrast: float) -> Image:
    """How much of a stroke is not found again, L*, the letter around each pixel laid where it fits best."""
    shade = (_spread(own, window) + 0.15 * contrast) / (_spread(other, window) + 0.15 * contrast)
    other = np.asarray(other * shade.clip(*BLURRED), np.float32)
    around, lumps, least = _Range.around(own), np.zeros_like(own), np.full_like(own, np.inf)
    for step in product(range(-REACH, REACH + 1), repeat=2):
        moved = np.roll(other, step, (0, 1))
        apart = _Range.around(moved).outside(own) + around.outside(moved)
        whole = _mean(apart, window)
        lumps, least = np.where(whole < least, _mean(apart, LUMP), lumps), np.minimum(whole, least)
    return lumps


def _spread(values: Image, window: int) -> Image:
    return np.sqrt(np.maximum(_mean(values * values, window), 0))


def _mean(values: Image, window: int) -> Image:
    import cv2

    return np.asarray(cv2.boxFilter(values, cv2.CV_32F, (window, window)), np.float32)


def _eroded(inner: Mask) -> Mask:
    import cv2

    return np.asarray(cv2.erode(inner.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
