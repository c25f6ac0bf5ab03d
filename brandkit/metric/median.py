"""Medians without NumPy's general machinery, which takes longer than the few hundred numbers: by selection, and of pixels by counting."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Medians(NamedTuple):
    """Lower and upper median of each channel, which differ where the number of pixels is even."""

    lower: Floats
    upper: Floats

    @property
    def middle(self) -> Floats:
        """The median as statistics has it: the mean of the two."""
        return (self.lower + self.upper) / 2


def channel_medians(pixels: NDArray[np.uint8]) -> Medians:
    """Medians of each channel.

    Args:
        pixels: Shape (N, C), 0..255, N >= 1.

    Returns:
        Two arrays of shape (C,).
    """
    if pixels.ndim != 2 or not len(pixels):
        raise ValueError(f"need pixels of shape (N, C) with N >= 1, got {pixels.shape}")
    import cv2

    image, channels = [np.ascontiguousarray(pixels)[None]], range(pixels.shape[1])
    counts = np.stack([cv2.calcHist(image, [channel], None, [256], [0, 256]).reshape(-1) for channel in channels])
    below = np.cumsum(counts, axis=1, dtype=np.float64)
    lower, upper = ((below <= rank).sum(axis=1).astype(np.float64) for rank in ((len(pixels) - 1) // 2, len(pixels) // 2))
    return Medians(lower, upper)


def median(values: NDArray[np.floating[Any]]) -> float:
    """What `np.median` gives.

    Args:
        values: Shape (N,), N >= 1, no NaN.
    """
    half = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, half)[half])
    part = np.partition(values, (half - 1, half))
    return float((part[half - 1] + part[half]) / 2)
