"""How a picture looks beside the others of its series: colour, tone and edges as numbers, and who stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brandkit.color.spaces import srgb_to_oklab

Floats = NDArray[np.float64]

SIDE = 128  # px of the long side at which pictures are compared: what is seen in a feed
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
ANGLES = 8  # bins of edge orientation over half a turn
FLOORS = {"colour": 0.03, "tone": 0.04, "edges": 0.06}  # OKLab, OKLab lightness, share: spreads that nobody sees
LEAST = 4  # pictures; of three nobody can say which one is the odd one


@dataclass(frozen=True)
class Look:
    """A picture's look: mean OKLab colour (a, b) and its spread, quantiles of lightness, share of edges by orientation."""

    colour: Floats
    tone: Floats
    edges: Floats


@dataclass(frozen=True)
class SeriesReading:
    """Robust z of one picture in its series for each family of features, at least 0; 1 is ordinary, above 6 stands out."""

    colour: float
    tone: float
    edges: float

    @property
    def worst(self) -> tuple[str, float]:
        """The family that stands out most, and its z."""
        name = max(("colour", "tone", "edges"), key=lambda family: getattr(self, family))
        return name, float(getattr(self, name))


def read_look(rgb: NDArray[np.uint8]) -> Look:
    """Read the look of a picture.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255, at least one pixel.

    Returns:
        Its look; the same for the same picture at any size, but for rounding.
    """
    import cv2

    scale = min(1.0, SIDE / max(rgb.shape[:2]))
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), dtype=np.float64) / 255
    lab = srgb_to_oklab(small)
    plane = lab[..., 1:].reshape(-1, 2)
    light = np.ascontiguousarray(lab[..., 0], dtype=np.float32)
    across, down = cv2.Sobel(light, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(light, cv2.CV_32F, 0, 1, scale=0.25)
    strength = np.hypot(across, down)
    bins = np.floor((np.arctan2(down, across) % np.pi) / np.pi * ANGLES).astype(int) % ANGLES
    edges = np.bincount(bins[strength > 0.03], minlength=ANGLES) / strength.size
    tone = np.quantile(lab[..., 0], QUANTILES)
    return Look(np.concatenate([plane.mean(axis=0), plane.std(axis=0)]), tone, np.asarray(edges, dtype=np.float64))


def read_series(looks: Sequence[Look]) -> list[SeriesReading]:
    """How far each picture stands from its series.

    Args:
        looks: One look for each picture, at least 4.

    Returns:
        One reading for each: its distance from the series' median, in robust standard deviations (median absolute deviation)
        of such distances, never finer than what is visible.

    Raises:
        ValueError: Fewer than 4 pictures.
    """
    if len(looks) < LEAST:
        raise ValueError(f"a series needs at least {LEAST} pictures, got {len(looks)}")
    columns = {name: _robust_z(np.array([getattr(look, name) for look in looks]), floor) for name, floor in FLOORS.items()}
    return [SeriesReading(*(float(columns[name][index]) for name in FLOORS)) for index in range(len(looks))]


def _robust_z(values: Floats, floor: float) -> Floats:
    distance = np.linalg.norm(values - np.median(values, axis=0), axis=1)
    middle = float(np.median(distance))
    spread = 1.4826 * float(np.median(np.abs(distance - middle)))
    return np.asarray(np.maximum(distance - middle, 0) / max(spread, floor))
