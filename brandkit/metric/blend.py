"""How a colour relates to a palette: the nearest swatch, and the nearest blend, tint or shade of its swatches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_oklab

Floats = NDArray[np.float64]


class Nearest(NamedTuple):
    """The swatch closest to a colour: its position in the list and its ΔE00."""

    position: int
    delta: float


def nearest_swatch(lab: Floats, swatches: Floats) -> Nearest:
    """The swatch at the smallest ΔE00.

    Args:
        lab: A colour, shape (3,), CIELAB.
        swatches: Shape (N, 3), CIELAB, N >= 1.
    """
    if swatches.ndim != 2 or not len(swatches):
        raise ValueError(f"swatches must have shape (N, 3) with N >= 1, got {swatches.shape}")
    deltas = delta_e_2000(lab, swatches)
    position = int(np.argmin(deltas))
    return Nearest(position, float(deltas[position]))


def blend_distance(oklab: Floats, swatches: Floats) -> float:
    """How far a colour is from every blend of two swatches, and from every tint and shade of one.

    Args:
        oklab: A colour, shape (3,), OKLab.
        swatches: Shape (N, 3), OKLab; white and black are added, which makes tints and shades.

    Returns:
        Distance in OKLab units to the nearest segment between two of them, at least 0; about 0.02 is just noticeable.
    """
    ends = np.vstack([np.reshape(swatches, (-1, 3)), [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]])
    first, second = np.triu_indices(len(ends), 1)
    start, along = ends[first], ends[second] - ends[first]
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    part = np.clip(((oklab - start) * along).sum(axis=1) / length, 0, 1)
    return float(np.linalg.norm(oklab - start - part[:, None] * along, axis=1).min())


def tint_distance(rgb: Sequence[float], swatches: Floats) -> float:
    """How far a colour is from every blend of two swatches that programs make: through OKLab, and through sRGB as opacity does.

    Args:
        rgb: A colour, sRGB, 0..255.
        swatches: Shape (N, 3), sRGB, 0..1; white and black are added, which makes tints and shades.

    Returns:
        Distance in OKLab units, at least 0; about 0.02 is just noticeable.
    """
    color = np.asarray(rgb, np.float64) / 255
    ends = np.vstack([np.reshape(swatches, (-1, 3)), [[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]])
    first, second = np.triu_indices(len(ends), 1)
    start, along = ends[first], ends[second] - ends[first]
    part = np.clip(((color - start) * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-12), 0, 1)
    oklab = srgb_to_oklab(color)
    by_opacity = float(np.linalg.norm(srgb_to_oklab(start + part[:, None] * along) - oklab, axis=1).min())
    return min(by_opacity, blend_distance(oklab, srgb_to_oklab(np.reshape(swatches, (-1, 3)))))
