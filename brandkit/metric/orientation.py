"""Edge directions of a picture, blind to which side of an edge is the brighter one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

KNEE = 0.12  # gradient (sRGB 0..1 per 8 px of Sobel weight) at which an edge counts half: grain stays below, ink above


def orientation_field(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """Double-angle edge directions, so that white on blue and blue on white give the same field.

    Args:
        rgb: sRGB in 0..1, shape (H, W, C), float32.

    Returns:
        Shape (H, W, 2): cosine and sine of twice the edge's angle, times a strength in [0, 1).

    References:
        Di Zenzo (1986), A note on the gradient of a multi-image; Granlund & Knutsson (1995) for the double angle.
    """
    import cv2

    across, down = cv2.Sobel(rgb, cv2.CV_32F, 1, 0), cv2.Sobel(rgb, cv2.CV_32F, 0, 1)
    together = np.ones((1, rgb.shape[2]), np.float32)
    cosine = cv2.transform(across * across - down * down, together).reshape(rgb.shape[:2])
    sine = 2 * cv2.transform(across * down, together).reshape(rgb.shape[:2])
    strength = np.sqrt(magnitude(cosine, sine))  # of the gradient's own order
    weight = 1 / np.maximum(strength * (strength + KNEE * rgb.shape[2] ** 0.5), 1e-6)
    return np.asarray(cv2.merge([cosine * weight, sine * weight]), np.float32)


def magnitude(across: NDArray[Any], down: NDArray[Any]) -> NDArray[np.float32]:
    """Lengths of vectors, the same on every run: those of `cv2.magnitude` differ in the last bit with where the arrays lie in memory."""
    squares = across * across
    squares += down * down
    return np.asarray(np.sqrt(squares, out=squares), np.float32)
