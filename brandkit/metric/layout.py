"""How calm the places of a picture are where copy will stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brandkit.image.region import Box

REFERENCE_SIDE = 256  # px of the short side at which gradients are read: texture that a reader sees, no film grain
LUMA = (0.2126, 0.7152, 0.0722)  # Rec. 709 weights, on gamma-coded values: as bright as it looks, not as it measures


def gradient_energy(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Strength of the edges and texture at every place.

    Args:
        rgb: Picture, shape ``(H, W, 3)``, sRGB, 0..255.

    Returns:
        Shape ``(h, w)`` of the picture reduced to a short side of at most 256 px: the gradient of the luma in levels
        (0..255) for each 256th of the short side. 0 is flat; a sharp black-white edge reads about 127 on two pixels.

    Raises:
        ValueError: `rgb` is not a colour picture.
    """
    import cv2

    if rgb.ndim != 3 or rgb.shape[2] != 3 or 0 in rgb.shape:
        raise ValueError(f"a picture needs shape (H, W, 3) with H, W >= 1, got {rgb.shape}")
    height, width = rgb.shape[:2]
    scale = min(1.0, REFERENCE_SIDE / min(height, width))
    small = rgb
    if scale < 1:
        small = np.asarray(cv2.resize(rgb, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA))
    luma = np.asarray(small, dtype=np.float32) @ np.array(LUMA, dtype=np.float32)
    padded = np.pad(luma, 1, mode="edge")
    across = (padded[1:-1, 2:] - padded[1:-1, :-2]) / 2
    down = (padded[2:, 1:-1] - padded[:-2, 1:-1]) / 2
    unit = min(luma.shape) / REFERENCE_SIDE
    return np.asarray(np.hypot(across, down) * np.float32(unit), dtype=np.float32)


def busyness(rgb: NDArray[np.uint8], box: Box) -> float:
    """How much goes on inside a box: the mean gradient energy.

    Args:
        rgb: Picture, shape ``(H, W, 3)``, sRGB, 0..255.
        box: The place, in pixels of `rgb`; clipped to the picture.

    Returns:
        Luma levels for each 256th of the picture's short side, >= 0; lower is calmer. Plain ground reads 0, an
        out-of-focus backdrop below 1, linen or oak grain 3 to 6, foliage or a crowd above 10. A box outside reads 0.

    Raises:
        ValueError: `rgb` is not a colour picture.
    """
    energy = gradient_energy(rgb)
    height, width = energy.shape
    rows, columns = box.scaled(width / rgb.shape[1], height / rgb.shape[0]).pixels(width, height)
    inside = energy[rows, columns]
    return float(inside.mean()) if inside.size else 0.0
