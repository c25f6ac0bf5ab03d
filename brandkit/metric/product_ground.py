"""The reference as it would look where the picture was made: in its light and before its ground.

A part has the edge that its ground gives it: a cream nozzle has none on a cut-out's white, a blue carton none before a blue wall. What is
found of an outline in the picture can only be held against what could be found of it there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brandkit.color.spaces import linear_to_srgb, srgb_to_linear

Pixels = NDArray[np.uint8]
Image = NDArray[np.float32]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

MIXED = 2  # px inside an outline that also show the ground
SOFT = 0.8  # px: Gaussian over an outline, as lenses make it
BESIDE = 0.01  # of the height: beside the outline, where a part that has grown may stand, and no ground
REACH = 0.015  # of the height: how far around the ground is looked at
FEWEST = 64  # pixels that show the light; fewer show nothing
SAME = 8.0  # ΔE76 up to which it is the same ground
DARKEST = 0.003  # of white: darker shows no light


def before_ground(reference: Pixels, aligned: Image, mask: Mask, shown: Mask, height: float) -> Image | None:
    """The reference in the picture's light and before its ground, shape (h, w, 3), 0..255; None where it has that ground already.

    Args:
        reference: The reference, shape (h, w, 3), sRGB.
        aligned: The picture laid over it, same shape, 0..255.
        mask: The product in the reference.
        shown: Pixels that the picture shows.
        height: Of the product, px.
    """
    if not mask.any():
        return None
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    beside, reach = max(3, round(BESIDE * height)), max(2.0, REACH * height)
    margin = beside + round(4 * reach)
    near = np.s_[max(0, rows[0] - margin) : rows[-1] + 1 + margin, max(0, columns[0] - margin) : columns[-1] + 1 + margin]
    drawn = _drawn(reference[near], aligned[near], mask[near], shown[near], beside, reach)
    if drawn is None:
        return None
    whole = aligned.copy()
    whole[near] = drawn
    return whole


def _drawn(reference: Pixels, aligned: Image, mask: Mask, shown: Mask, beside: int, reach: float) -> Image | None:
    pure = _eroded(mask, MIXED)
    outside = shown & ~_dilated(mask, beside)
    ring = outside & _dilated(mask, 2 * beside)
    if (pure & shown).sum() < FEWEST or not ring.any():
        return None
    light = _light(reference, aligned, pure & shown)
    lit = (255 * linear_to_srgb(np.clip(srgb_to_linear(reference / 255.0) * light, 0, 1))).astype(np.float32)
    ground = _spread(aligned, outside, reach, aligned)
    if np.median(np.linalg.norm(_lab(lit[ring]) - _lab(ground[ring]), axis=1)) < SAME:
        return None
    product = np.where(pure[..., None], lit, _spread(lit, pure, float(MIXED), lit))
    share = _blurred(mask.astype(np.float32), SOFT)[..., None]
    return np.asarray(share * product + (1 - share) * ground, np.float32)


def _light(reference: Pixels, aligned: Image, inside: Mask) -> Floats:
    """How many times brighter each channel is there, shape (3,)."""
    seen, own = (np.log(srgb_to_linear(rgb[inside] / 255.0) + DARKEST) for rgb in (aligned, reference))
    return np.asarray(np.exp(np.median(seen - own, axis=0)))


def _lab(rgb: Image) -> Image:
    import cv2

    return np.asarray(cv2.cvtColor(rgb[None] / 255, cv2.COLOR_RGB2Lab)[0])


def _spread(rgb: Image, area: Mask, reach: float, other: Image) -> Image:
    """The mean of what lies nearby in an area; `other` where nothing does."""
    share = _blurred(area.astype(np.float32), reach)[..., None]
    mean = _blurred(rgb * area[..., None].astype(np.float32), reach) / np.maximum(share, 1e-4)
    return np.asarray(np.where(share > 1e-3, mean, other), np.float32)


def _blurred(picture: Image, sigma: float) -> Image:
    import cv2

    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def _dilated(mask: Mask, reach: int) -> Mask:
    import cv2

    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel) > 0)


def _eroded(mask: Mask, reach: int) -> Mask:
    return ~_dilated(~mask, reach)
