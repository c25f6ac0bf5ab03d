"""Which colouring of a mark holds on a ground: the measure by which composing chooses and the gate judges."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from brandkit.color.spaces import srgb_to_lab
from brandkit.image.region import Box
from brandkit.metric.mark_model import once

MIDDLE = 50.0  # L*; black and white contrast equally with a ground of this lightness
TELLING = 20.0  # L* by which two colourings must differ, or the middle between them says nothing
OPAQUE = 200  # alpha of a pixel that is ink
SAMPLES = 4_000  # px of the ground that are looked at
RING = 0.25  # of the mark's height: how far around it its ground is read


def ground_ring(box: Box) -> Box:
    """Where the ground of a mark in `box` is read: this box without `box` itself."""
    return box.grown(max(2.0, RING * box.h))


def ground_lightness(rgb: NDArray[np.uint8], box: Box) -> float:
    """Lightness L* in [0, 100] of the ring around a mark, in the median.

    Args:
        rgb: Picture, shape (H, W, 3), uint8, sRGB.
        box: The mark in it. One that fills the picture is its own ground.
    """
    rows, columns = ground_ring(box).pixels(rgb.shape[1], rgb.shape[0])
    ring = np.ones(rgb[rows, columns].shape[:2], bool)
    inner = box.grown(1).pixels(rgb.shape[1], rgb.shape[0])
    ring[inner[0].start - rows.start : inner[0].stop - rows.start, inner[1].start - columns.start : inner[1].stop - columns.start] = False
    part, places = rgb[rows, columns], np.flatnonzero(ring)
    if not len(places):
        part = rgb[inner]
        places = np.arange(part.shape[0] * part.shape[1])
    pixels = part[np.divmod(places[:: max(1, len(places) // SAMPLES)], part.shape[1])]
    return float(srgb_to_lab(np.median(pixels, axis=0) / 255)[0])


def ink_lightness(mark: NDArray[np.uint8]) -> float:
    """Mean L* in [0, 100] of a mark's ink; straight RGBA, shape (h, w, 4), uint8."""

    def make() -> float:
        pixels = mark[::4, ::4].reshape(-1, 4)
        solid = pixels[pixels[:, 3] > OPAQUE, :3]
        return float(srgb_to_lab(solid / 255)[:, 0].mean()) if len(solid) else MIDDLE

    return once(mark, "ink's lightness", make)


def middle_lightness(colourings: Sequence[NDArray[np.uint8]]) -> float:
    """The ground's L* on which the darkest and the lightest colouring of a mark stand out alike; each straight RGBA, uint8."""
    inks = [ink_lightness(mark) for mark in colourings]
    return (min(inks) + max(inks)) / 2 if max(inks) - min(inks) > TELLING else MIDDLE


def wrong_side(made_for: Collection[str], lightness: float, middle: float) -> float:
    """How far a ground is on the wrong side of the middle for a mark made for `light`, `dark` or both, in L*; 0 where it is right."""
    if "light" in made_for and "dark" not in made_for:
        return max(0.0, middle - lightness)
    if "dark" in made_for and "light" not in made_for:
        return max(0.0, lightness - middle)
    return 0.0
