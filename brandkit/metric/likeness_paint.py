"""The flat colours that a picture is painted with, and whether approved pictures are painted with them, too.

A house's drawings share exact fills that no palette lists: the orange of a mascot, the violet of a poster. Photographs have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FLAT = 0.012  # OKLab units by which a channel may vary over 3 × 3 pixels: a fill, not shading
CHROMA = 0.035  # OKLab chroma below which everybody paints
CELL = 0.02  # OKLab units: pixels that close are one paint
LEAST = 0.002  # of the picture that a paint covers; less is dust
MOST = 24  # paints that are kept, the largest
SAME = 0.03  # OKLab units up to which two paints are one
UNITS = 1000  # steps of an OKLab unit in which paints are written down
SHARES = 10_000  # and of a share
LENGTH = 8 * MOST  # bytes of packed paints


class Paints(NamedTuple):
    """Flat colours of a picture, the largest first."""

    colors: Floats
    """OKLab, shape (N, 3)."""
    shares: Floats
    """Of the picture, shape (N,), in 0..1."""


def paints_of(lab: Floats) -> Paints:
    """The flat colours of a picture.

    Args:
        lab: OKLab, shape (H, W, 3).
    """
    import cv2

    small = np.ascontiguousarray(lab, np.float32)
    kernel = np.ones((3, 3), np.uint8)
    flat = (cv2.dilate(small, kernel) - cv2.erode(small, kernel)).max(axis=2) < FLAT
    points = lab[flat & (np.hypot(lab[..., 1], lab[..., 2]) >= CHROMA)]
    if not len(points):
        return Paints(np.zeros((0, 3)), np.zeros(0))
    cells = np.round(points / CELL).astype(np.int64) @ np.array([1_000_000, 1000, 1])
    _, index, counts = np.unique(cells, return_inverse=True, return_counts=True)
    colors = np.stack([np.bincount(index.ravel(), points[:, axis]) / counts for axis in range(3)], axis=1)
    shares = counts / flat.size
    order = [at for at in np.argsort(-shares, kind="stable")[:MOST] if shares[at] >= LEAST]
    return _rounded(Paints(colors[order], shares[order]))


def new_paint(paints: Paints, examples: Sequence[Paints]) -> float:
    """Share of the picture's flat colour that no example is painted with: 0 all known, 1 all new; 0.5, no evidence, without any."""
    if not len(paints.shares):
        return 0.5
    known = np.vstack([example.colors for example in examples]) if examples else np.zeros((0, 3))
    if not len(known):
        return 1.0
    nearest = np.linalg.norm(paints.colors[:, None] - known[None], axis=2).min(axis=1)
    return float(paints.shares[nearest > SAME].sum() / paints.shares.sum())


def packed(paints: Paints) -> bytes:
    """Paints in `LENGTH` bytes."""
    rows = np.zeros((MOST, 4), "<i2")
    rows[: len(paints.shares), :3] = np.round(UNITS * paints.colors)
    rows[: len(paints.shares), 3] = np.round(SHARES * paints.shares)
    return rows.tobytes()


def unpacked(data: bytes) -> Paints:
    """The paints that `packed` wrote."""
    rows = np.frombuffer(data, "<i2").reshape(MOST, 4)
    rows = rows[rows[:, 3] > 0]
    return Paints(rows[:, :3] / UNITS, rows[:, 3] / SHARES)


def _rounded(paints: Paints) -> Paints:
    """As they are written down: a picture reads the same today and from its calibration."""
    return Paints(np.round(UNITS * paints.colors) / UNITS, np.round(SHARES * paints.shares) / SHARES)
