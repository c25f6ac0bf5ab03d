"""How a picture is graded: its colours as a distribution in OKLab, and how far two of them lie apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brandkit.color.spaces import srgb_to_oklab
from brandkit.metric.median import quantiles

Floats = NDArray[np.float64]

SAMPLE = 20_000  # pixels that describe a picture; more change distances by less than 0.001
QUANTILES = 64  # points of each projected distribution
COLOR = 2.0  # of OKLab's a and b against its lightness, with which distances are as people see them (ΔEOK2)
DIRECTIONS = 24  # on the half sphere; more change distances by less than 1 %


class Grade(NamedTuple):
    """A graded picture: `profile` are the quantiles of its projections, shape (DIRECTIONS, QUANTILES); the rest says it in words."""

    profile: Floats
    lightness: float
    """Mean OKLab lightness in [0, 1]."""
    contrast: float
    """Standard deviation of the lightness."""
    chroma: float
    """Mean OKLab chroma, 0 for greys."""
    hue: float
    """Mean hue in degrees, weighted by chroma."""


def read_grade(rgb: NDArray[np.uint8], mask: NDArray[np.bool_] | None = None) -> Grade:
    """Describe the colours of a picture.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255.
        mask: Pixels that count, shape (H, W); None for all.

    Returns:
        Its grade.

    Raises:
        ValueError: No pixel counts.
    """
    pixels = rgb.reshape(-1, 3) if mask is None else rgb[mask]
    if not len(pixels):
        raise ValueError("need at least one pixel")
    step = max(1, len(pixels) // SAMPLE)
    lab = srgb_to_oklab(pixels[::step].astype(np.float64) / 255)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    hue = float(np.degrees(np.arctan2(lab[:, 2].sum(), lab[:, 1].sum()))) % 360
    projected = lab * (1.0, COLOR, COLOR) @ _directions().T
    profile = quantiles(projected.T, (np.arange(QUANTILES) + 0.5) / QUANTILES)
    return Grade(profile, float(lab[:, 0].mean()), float(lab[:, 0].std()), float(chroma.mean()), hue)


def grade_distance(one: Grade, two: Grade) -> float:
    """Sliced Wasserstein distance of two grades, in OKLab with its a and b doubled.

    Returns:
        OKLab units, at least 0: the length by which all colours of one picture would have to move, in the mean, to become
        those of the other. 0.02 is just noticeable over a whole picture, 0.1 is another time of day.

    References:
        Bonneel, Rabin, Peyré, Pfister, Sliced and Radon Wasserstein barycenters of measures, 2015. Ottosson in CSS Working Group
        issue 6642, 2021: a scale of about 2 for a and b fits measured colour differences best.
    """
    # A shift by d moves each projection by |d·u|, in the mean over directions |d| / 2.
    return float(2 * np.abs(one.profile - two.profile).mean())


def _directions() -> Floats:
    """Evenly spread unit vectors on the upper half sphere (Fibonacci lattice), shape (DIRECTIONS, 3)."""
    index = np.arange(DIRECTIONS) + 0.5
    height = index / DIRECTIONS
    turn = np.pi * (1 + np.sqrt(5)) * index
    radius = np.sqrt(1 - height**2)
    return np.stack([height, radius * np.cos(turn), radius * np.sin(turn)], axis=1)
