"""The colour that an area shows, beside the one it should show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]
Color = tuple[float, float, float]

FILL = 8.0  # 8-bit levels in each channel around a fill's colour that coding and grain reach
LOOKED_AT = 3_000  # px from which a mean is settled to a tenth of a level
SETTLED = 0.5  # of the pixels nearest to the expected colour that a fill must have around its own, or it is none


def fill_at(rgb: Pixels, lab: Sequence[float] | Floats, *, share: float) -> tuple[float, Color]:
    """How far the fill of an area is from an expected colour.

    The pixels nearest to the expected colour are always nearer than the fill is, by as much as coding and grain scatter them; so
    they only show where to look, and the mean around them is taken.

    Args:
        rgb: Pixels, shape (N, 3), sRGB, 0..255, N >= 1.
        lab: The expected colour, CIELAB.
        share: Part of the pixels in (0, 1] that must show it; copy and marks may stand on the rest.

    Returns:
        The ΔE00 of the fill, and its mean colour (0..255). Where nothing so large is even, that of `color_at`.
    """
    delta, color = color_at(rgb, lab, share=share)
    some, mean = rgb[:: 1 + len(rgb) // LOOKED_AT].astype(np.float32), np.array(color, np.float32)
    for _ in range(2):
        around = within(some, mean, FILL)
        if int(around.sum()) < SETTLED * share * len(some):
            return delta, color
        mean = some[around].mean(axis=0)
    red, green, blue = (float(value) for value in mean)
    return float(delta_e_2000(srgb_to_lab(mean.astype(np.float64) / 255), np.asarray(lab, np.float64))), (red, green, blue)


def within(pixels: NDArray[np.float32], color: NDArray[np.float32], reach: float) -> NDArray[np.bool_]:
    """Which pixels, shape (N, 3), lie within `reach` of a colour in every channel; channel by channel, which is three times as fast."""
    near = np.abs(pixels - color) <= reach
    return np.asarray(near[:, 0] & near[:, 1] & near[:, 2])


def _distinct(rgb: Pixels) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """The distinct colours of `rgb` and how often each occurs; packed into one number each, which sorts a hundred times faster."""
    wide = rgb.astype(np.uint32)
    packed, counts = np.unique(wide[:, 0] << 16 | wide[:, 1] << 8 | wide[:, 2], return_counts=True)
    return np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1).astype(np.uint8), counts


def color_at(rgb: Pixels, lab: Sequence[float] | Floats, *, share: float) -> tuple[float, tuple[float, float, float]]:
    """How well an area shows an expected colour.

    Args:
        rgb: Pixels, shape (N, 3), sRGB, 0..255, N >= 1.
        lab: The expected colour, CIELAB.
        share: Part of the pixels in (0, 1] that must show it.

    Returns:
        The ΔE00 within which that share of the pixels lies, and the mean colour (0..255) of those pixels.
    """
    if rgb.ndim != 2 or not len(rgb) or not 0 < share <= 1:
        raise ValueError(f"need pixels of shape (N, 3) and a share in (0, 1], got {rgb.shape} and {share}")
    values, counts = _distinct(rgb)
    deltas = delta_e_2000(srgb_to_lab(values / 255), np.asarray(lab, dtype=np.float64))
    order = np.argsort(deltas, kind="stable")
    reached = int(np.searchsorted(np.cumsum(counts[order]), share * len(rgb)))
    taken = order[: min(reached, len(order) - 1) + 1]
    red, green, blue = np.average(values[taken], axis=0, weights=counts[taken])
    return float(deltas[taken[-1]]), (float(red), float(green), float(blue))
