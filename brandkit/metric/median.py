"""Medians and quantiles without NumPy's general machinery, which takes longer than the numbers: by selection, sorting and counting."""

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


def channel_medians(rgb: NDArray[np.uint8], mask: NDArray[np.bool_] | None = None) -> Medians:
    """Medians of each channel.

    Args:
        rgb: Picture, shape (H, W, C), 0..255.
        mask: Pixels that count, shape (H, W), at least one; None for all.

    Returns:
        Two arrays of shape (C,).
    """
    count = rgb.shape[0] * rgb.shape[1] if mask is None else int(np.count_nonzero(mask))
    if rgb.ndim != 3 or not count:
        raise ValueError(f"need at least one pixel of a picture of shape (H, W, C), got {count} of {rgb.shape}")
    import cv2

    image, wanted = [np.ascontiguousarray(rgb)], None if mask is None else mask.view(np.uint8)
    counts = [cv2.calcHist(image, [channel], wanted, [256], [0, 256]).reshape(-1) for channel in range(rgb.shape[2])]
    below = np.cumsum(counts, axis=1, dtype=np.float64)
    lower, upper = ((below <= rank).sum(axis=1).astype(np.float64) for rank in ((count - 1) // 2, count // 2))
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


def quantiles(values: Floats, shares: Floats) -> Floats:
    """What `np.quantile` gives for each row, by sorting: from a dozen quantiles on, selecting each of them takes four times as long.

    Args:
        values: Shape (R, N), N >= 1, no NaN.
        shares: Shape (Q,), in [0, 1].

    Returns:
        Shape (R, Q), interpolated linearly.
    """
    ordered = np.sort(np.ascontiguousarray(values), axis=1)
    at = shares * (values.shape[1] - 1)
    low = at.astype(np.intp)
    part = at - low
    below, above = ordered[:, low], ordered[:, np.minimum(low + 1, values.shape[1] - 1)]
    # From the nearer side, as NumPy does it, so that the upper end is met exactly.
    return np.asarray(np.where(part < 0.5, below + (above - below) * part, above - (above - below) * (1 - part)))
