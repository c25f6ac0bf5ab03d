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
    return float(_to_blends(np.reshape(oklab, (1, 3)), swatches)[0])


def tint_distance(rgb: Sequence[float], swatches: Floats) -> float:
    """`tint_distances` of one colour."""
    return float(tint_distances(np.reshape(np.asarray(rgb, np.float64), (1, 3)), swatches)[0])


def tint_distances(rgb: Floats, swatches: Floats) -> Floats:
    """How far colours are from every blend of two swatches that programs make: through OKLab, and through sRGB as opacity does.

    Args:
        rgb: Colours, shape (M, 3), sRGB, 0..255.
        swatches: Shape (N, 3), sRGB, 0..1; white and black are added, which makes tints and shades.

    Returns:
        Distances in OKLab units, shape (M,), at least 0; about 0.02 is just noticeable.
    """
    colors = rgb / 255
    start, along = _segments(swatches, [[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    oklab = srgb_to_oklab(colors)
    by_opacity = np.linalg.norm(srgb_to_oklab(_nearest(colors, start, along)) - oklab[:, None], axis=2).min(axis=1)
    return np.asarray(np.minimum(by_opacity, _to_blends(oklab, srgb_to_oklab(np.reshape(swatches, (-1, 3))))))


def _to_blends(oklab: Floats, swatches: Floats) -> Floats:
    start, along = _segments(swatches, [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    return np.asarray(np.linalg.norm(oklab[:, None] - _nearest(oklab, start, along), axis=2).min(axis=1))


def _segments(swatches: Floats, ends: list[list[float]]) -> tuple[Floats, Floats]:
    """Start and direction of the segments between every two of `swatches` and `ends`."""
    points = np.vstack([np.reshape(swatches, (-1, 3)), ends])
    first, second = np.triu_indices(len(points), 1)
    return points[first], points[second] - points[first]


def _nearest(colors: Floats, start: Floats, along: Floats) -> Floats:
    """The point of each segment that is nearest to each colour, shape (M, segments, 3)."""
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    part = np.clip(((colors[:, None] - start) * along).sum(axis=2) / length, 0, 1)
    return np.asarray(start + part[..., None] * along)


def opacity_distance(rgb: Sequence[float], swatches: Floats, ground: Sequence[float]) -> float:
    """How far a colour is from every swatch as it shows on a ground at any opacity.

    Args:
        rgb: A colour, sRGB, 0..255.
        swatches: Shape (N, 3), sRGB, 0..1.
        ground: What it stands on, sRGB, 0..255.

    Returns:
        Distance in OKLab units, at least 0.
    """
    color, end = np.asarray(rgb, np.float64) / 255, np.asarray(ground, np.float64) / 255
    along = end - swatches
    part = np.clip(((color - swatches) * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-12), 0, 1)
    return float(np.linalg.norm(srgb_to_oklab(swatches + part[:, None] * along) - srgb_to_oklab(color), axis=1).min())
