"""Parts that a product has lost: where its reference shows the product, and the picture the ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brandkit.color.spaces import linear_to_srgb, srgb_to_linear

Pixels = NDArray[np.uint8]
Image = NDArray[np.float32]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

GROUND = 8.0  # ΔE76 from the ground nearby up to which a pixel is ground
PRODUCT = 10.0  # ΔE76 from what the product would show from which it is not the product
SHADE = np.linspace(-0.7, 0.5, 9)  # natural logarithm of the brightness that another light may give the product
SHADOW = np.linspace(-0.5, 0.15, 6)  # and the ground, where the product's shadow falls
RING = 0.06  # of the height: how far around the ground is looked at
SLIT = 3  # px: thinner pieces are the outline's blur
INNER = 64  # pixels that show the light; fewer show nothing


def lost_thickness(reference: Pixels, aligned: Image, mask: Mask, inner: Mask, shown: Mask, height: float) -> float:
    """Half the thickness of the thickest piece of the product that is not there, px.

    A pixel of the product is lost where the picture has the colour of the ground just outside, allowing for a shadow, and not the
    reference's, allowing for another light; and only in pieces that reach the outside.

    Args:
        reference: The reference, shape (h, w, 3), sRGB.
        aligned: The picture laid over it, same shape, 0..255.
        mask: The product in the reference.
        inner: The part of it that is certainly inside.
        shown: Pixels that the picture shows: what its edge cuts off is not lost.
        height: Of the product, px.
    """
    import cv2

    if inner.sum() < INNER:
        return 0.0
    seen, own = _calm(aligned, np.ones_like(mask)), _calm(reference.astype(np.float32), mask)
    light = np.exp(np.median(np.log(seen[inner] + 0.003) - np.log(own[inner] + 0.003), axis=0))
    outside = (cv2.dilate(mask.astype(np.uint8), np.ones((7, 7), np.uint8)) == 0) * shown.astype(np.float64)
    reach = max(3.0, RING * height)
    near = cv2.GaussianBlur(outside, (0, 0), reach)
    ground = cv2.GaussianBlur(seen * outside[..., None], (0, 0), reach) / np.maximum(near, 1e-4)[..., None]
    lost = mask & shown & (near > 0.02) & (_gap(seen, ground, SHADOW) < GROUND) & (_gap(seen, own * light, SHADE) > PRODUCT)
    _, pieces = cv2.connectedComponents((lost | ~mask).astype(np.uint8), connectivity=4)
    lost &= np.isin(pieces, np.unique(pieces[~mask]))
    thick = cv2.morphologyEx(lost.astype(np.uint8), cv2.MORPH_OPEN, np.ones((SLIT, SLIT), np.uint8))
    return float(cv2.distanceTransform(np.pad(thick, 1), cv2.DIST_L2, 5).max())


def _calm(rgb: Image, area: Mask) -> Floats:
    """Linear light without noise; what lies beside the area, as the white behind a cut-out, has no share in it."""
    import cv2

    share = cv2.GaussianBlur(area.astype(np.float32), (0, 0), 1.0)
    soft = cv2.GaussianBlur(rgb * area[..., None].astype(np.float32), (0, 0), 1.0) / np.maximum(share, 1e-3)[..., None]
    return srgb_to_linear(soft.clip(0, 255) / 255.0)


def _gap(seen: Floats, expected: Floats, shades: Floats) -> Image:
    """ΔE76 to the nearest shade of what is expected."""
    here = _lab(seen)
    return np.asarray(np.min([np.linalg.norm(here - _lab(expected * np.exp(shade)), axis=2) for shade in shades], axis=0))


def _lab(linear: Floats) -> Image:
    import cv2

    return np.asarray(cv2.cvtColor(linear_to_srgb(np.clip(linear, 0, 1)).astype(np.float32), cv2.COLOR_RGB2Lab))
