"""Where the eye goes in a picture: what differs in colour from the picture's borders, near and far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brandkit.color.spaces import srgb_to_lab

SIDE = 128  # px of the long side at which it is looked for: things, not texture
BORDER = 0.08  # of the short side: the strips along the edges that count as background
SOFT = 0.02  # of the long side: standard deviation of the blur that makes things of specks
FLOOR = 4.0  # ΔE76: spread of a border's colours below which they count as one, or noise would be a subject
QUIET = 0.35  # of the strongest; weaker places are background


def saliency(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How much each place draws the eye.

    Every border of the picture is a model of the background (mean and spread of its CIELAB colours); a place stands out by its Mahalanobis
    distance from all of them but the one that it is farthest from, so that a subject that leaves the picture on one side still does.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255.

    Returns:
        Shape (h, w) of the picture reduced to a long side of at most `SIDE` px; not negative, sum 1. Even where nothing stands out.

    Raises:
        ValueError: `rgb` is not a colour picture.

    References:
        Zhang, Sclaroff, Lin, Shen, Price & Mech (2015), Minimum barrier salient object detection at 80 FPS: the backgroundness cue of MB+.
    """
    import cv2

    if rgb.ndim != 3 or rgb.shape[2] != 3 or 0 in rgb.shape:
        raise ValueError(f"a picture needs shape (H, W, 3) with H, W >= 1, got {rgb.shape}")
    height, width = rgb.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    lab = srgb_to_lab(small / 255)
    deep = max(1, round(BORDER * min(size)))
    borders = (lab[:deep], lab[-deep:], lab[:, :deep], lab[:, -deep:])
    away = np.stack([_distance(lab, border.reshape(-1, 3)) for border in borders])
    seen = away.sum(axis=0) - away.max(axis=0)
    soft = cv2.GaussianBlur(seen, (0, 0), max(0.5, SOFT * max(size)))
    found = np.asarray(np.clip(soft - QUIET * float(soft.max()), 0, None), np.float64)
    total = float(found.sum())
    return found / total if total > 0 else np.full(found.shape, 1 / found.size)


def _distance(lab: NDArray[np.float64], border: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mahalanobis distance of every place from the colours of a border, shape (h, w)."""
    spread = np.cov(border, rowvar=False) if len(border) > 1 else np.zeros((3, 3))
    inverse = np.linalg.inv(spread + FLOOR**2 * np.eye(3))
    off = lab - border.mean(axis=0)
    return np.asarray(np.sqrt(np.einsum("...i,ij,...j", off, inverse, off)))
