"""How a picture is put together, whatever it shows: which colours border on each other, and how much changes at which size.

A house that draws with thin dark outlines, or lets pink run into yellow, does so in every picture; the shares of its colours vary.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GREYS, HUES = 3, 8  # steps of lightness of what has no hue, and of 45° of what has one: as people name colours
COLORS = GREYS + HUES
GREY = 0.04  # OKLab chroma below which a colour counts as grey
APART = 3  # px between two pixels that border: wider than the soft rim between two areas
PAIRS = COLORS * (COLORS - 1) // 2
UNSEEN = 0.01  # of all borders that count as spread over every pair: a picture with few borders says little
SIZES = (1, 2, 4, 8, 16)  # px, standard deviations of blurs; what one takes away from the one before is detail of that size
CONTRASTS = 2 * len(SIZES)
LEAST = 1e-3  # OKLab units of contrast that nobody sees


def meetings(lab: Floats) -> Floats:
    """How often each two colours border on each other: square roots of shares, shape (55,), that sum to one when squared.

    Args:
        lab: OKLab, shape (H, W, 3).
    """
    named = _named(lab)
    counts = np.zeros((COLORS, COLORS))
    for one, other in ((named[:-APART], named[APART:]), (named[:, :-APART], named[:, APART:])):
        counts += np.bincount((one * COLORS + other).ravel(), minlength=COLORS**2).reshape(COLORS, COLORS)
    pairs = (counts + counts.T)[np.triu_indices(COLORS, 1)]
    pairs += (UNSEEN * pairs.sum() + 1) / PAIRS
    root: Floats = np.sqrt(pairs / pairs.sum())
    return root


def contrasts(lab: Floats) -> Floats:
    """How much lightness, and how much colour, changes at each of `SIZES`: natural logarithms of OKLab units, shape (10,).

    Args:
        lab: OKLab, shape (H, W, 3).
    """
    import cv2

    found: list[float] = []
    sharp: NDArray[Any] = np.ascontiguousarray(lab, np.float32)
    before = sharp
    for size in SIZES:
        after = np.asarray(cv2.GaussianBlur(sharp, (0, 0), size))
        change = np.abs(before - after).astype(np.float64)
        found += [float(change[..., 0].mean()), float(np.hypot(change[..., 1], change[..., 2]).mean())]
        before = after
    return np.log(np.array(found) + LEAST)


def _named(lab: Floats) -> NDArray[np.int64]:
    light, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    grey = np.clip((light * GREYS).astype(np.int64), 0, GREYS - 1)
    hue = (np.arctan2(b, a) % (2 * np.pi) / (2 * np.pi) * HUES).astype(np.int64) % HUES
    return np.where(np.hypot(a, b) < GREY, grey, GREYS + hue)
