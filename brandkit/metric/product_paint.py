"""Whether what has a product's outline could be that product at all: a cheap look at its paint, before anything is compared.

An outline alone proves little: jars, cups and birds fill about the same shape once they are stretched. A thing without features of its
own is taken for the product only where its colour could be the product's in another light, and where it is no flat drawing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.color.spaces import srgb_to_lab

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

# Twice what the tuning products of benchmarks/drift/pairs show in other light, rooms and paint (12 and 12.5), and half again (.36).
LIGHTER, COLOURED, EVENER = 25.0, 25.0, 0.55
INSIDE = 4  # px from the outline, where it is no longer mixed with the ground
LEVELS = 3  # 8-bit levels around the median that are one colour; shading, grain and print are not
LOOKED_AT = 4000  # pixels that say a colour
SEARCHED = 96  # px of the long side at which the colour is looked for in a whole picture
LEAST = 0.003  # of the picture; what stands out covers more than three times as much


class Paint(NamedTuple):
    """How a thing is painted: its median colour in CIELAB, shape (3,), and how much of it has just this colour, in [0, 1]."""

    lab: Floats
    even: float


def paint_of(rgb: Pixels, mask: Mask) -> Paint:
    """The paint of what `mask`, shape (H, W) and not empty, covers in `rgb`, shape (H, W, 3), sRGB."""
    import cv2

    size = 2 * INSIDE + 1
    inner = cv2.erode(np.pad(mask, 1).astype(np.uint8), np.ones((size, size), np.uint8))[1:-1, 1:-1] > 0
    pixels = rgb[inner if inner.any() else mask]
    pixels = pixels[:: 1 + len(pixels) // LOOKED_AT]
    away = np.abs(pixels.astype(np.float64) - np.median(pixels, axis=0)).max(axis=1)
    return Paint(np.median(srgb_to_lab(pixels / 255), axis=0), float((away <= LEVELS).mean()))


def alike(found: Paint, wanted: Paint) -> bool:
    """Whether both could be one product: in another light, even in a wrong colour, but not as a drawing of something."""
    return bool(_near(found.lab, wanted.lab)) and found.even - wanted.even < EVENER


def may_show(rgb: Pixels, wanted: Paint) -> bool:
    """Whether a picture, shape (H, W, 3), has enough of such a colour anywhere that something `alike` could be in it."""
    import cv2

    scale = min(1.0, SEARCHED / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return bool(_near(srgb_to_lab(small / 255), wanted.lab).mean() > LEAST)


def _near(lab: Floats, other: Floats) -> Mask:
    apart = lab - other
    return np.asarray((np.abs(apart[..., 0]) < LIGHTER) & (np.hypot(apart[..., 1], apart[..., 2]) < COLOURED))
