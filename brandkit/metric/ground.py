"""The ground that a mark stands on, as a smooth surface fitted around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brandkit.metric.median import median

Floats = NDArray[np.float32]

SAMPLES = 600  # pixels that the fit looks at: a hundred times the unknowns; more only costs time
ROUNDS = 5  # of re-weighting; the fit stands still after four
CUTOFF = 2.5  # robust standard deviations beyond which a pixel belongs to something else

FINE = 7  # px: detail below this size tells how strongly a picture shows through a shade


@dataclass(frozen=True)
class Ground:
    """A fitted ground: `rgb` in 0..1 for every pixel, `noise` the robust deviation from it in ΔE76 (0 for flat colour)."""

    rgb: Floats
    lab: Floats
    noise: float


def fit_ground(picture: Floats, picture_lab: Floats, free: NDArray[np.bool_]) -> Ground:
    """Fit a quadratic surface for each channel to the `free` pixels, ignoring up to about 40 % of outliers.

    Args:
        picture: sRGB in 0..1, shape (h, w, 3).
        picture_lab: The same in CIELAB (D65).
        free: Pixels that may belong to the ground, shape (h, w).

    Returns:
        The surface over the whole canvas. Without free pixels it is the median colour.
    """
    import cv2

    rows, columns = np.nonzero(free)
    if len(rows) < 24:
        flat = np.broadcast_to(np.median(picture.reshape(-1, 3), axis=0), picture.shape)
        rgb = np.ascontiguousarray(flat, np.float32)
        return Ground(rgb, np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab), np.float32), 0.0)
    step = max(1, len(rows) // SAMPLES)
    rows, columns = rows[::step], columns[::step]
    values = picture[rows, columns].astype(np.float64)
    basis = _basis(rows, columns, picture.shape[:2])
    weights = _start(values)
    # Few distinct rows or columns cannot carry a curved surface: a little damping keeps it calm where nothing was seen.
    damping = np.diag([0, 1e-3, 1e-3, 1e-2, 1e-2, 1e-2]) * len(rows)
    fit = np.zeros((6, 3))
    for _ in range(ROUNDS):
        weighted = basis * weights[:, None]
        fit = np.linalg.solve(weighted.T @ basis + damping + 1e-9 * np.eye(6), weighted.T @ values)
        gap = values - basis @ fit
        error = np.sqrt(np.einsum("ij,ij->i", gap, gap))
        spread = max(1 / 255, 1.4826 * median(error))
        weights = np.where(error < CUTOFF * spread, 1.0, (CUTOFF * spread / np.maximum(error, 1e-9)) ** 4)
    rgb = _surface(fit, picture.shape[0], picture.shape[1])
    lab = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab), np.float32)
    error = np.linalg.norm(picture_lab[rows, columns] - lab[rows, columns], axis=1)
    return Ground(rgb, lab, 1.4826 * median(error))


def fit_over(picture: Floats, picture_lab: Floats, free: NDArray[np.bool_], beneath: Floats) -> Ground:
    """`fit_ground` where the picture that shows through is known: only the shade over it must be fitted.

    Args:
        picture: sRGB in 0..1, shape (h, w, 3).
        picture_lab: The same in CIELAB (D65).
        free: Pixels that may belong to the ground, shape (h, w).
        beneath: The picture without mark and shades, sRGB in 0..1, shape (h, w, 3).
    """
    import cv2

    fine = [image - cv2.blur(image, (FINE, FINE)) for image in (picture, beneath)]
    clear = cv2.erode(free.astype(np.uint8), np.ones((FINE, FINE), np.uint8)) > 0
    energy = float((fine[1][clear] ** 2).sum())
    share = float(np.clip((fine[0][clear] * fine[1][clear]).sum() / energy, 0, 1)) if energy > 1e-6 else 0.0
    shade = fit_ground(picture - share * beneath, picture_lab, free)
    rgb = np.clip(shade.rgb + share * beneath, 0, 1).astype(np.float32)
    lab = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab), np.float32)
    error = np.linalg.norm(picture_lab[free] - lab[free], axis=1)
    return Ground(rgb, lab, 1.4826 * median(error) if len(error) else 0.0)


def _surface(fit: NDArray[np.float64], height: int, width: int) -> Floats:
    import cv2

    x, y = np.linspace(-1, 1, width) if width > 1 else np.zeros(1), np.linspace(-1, 1, height) if height > 1 else np.zeros(1)
    powers = np.stack([np.ones_like(x), x, x * x])
    channels = [np.stack([c[0] + c[2] * y + c[5] * y * y, c[1] + c[4] * y, np.full_like(y, c[3])], axis=1) @ powers for c in fit.T]
    return np.asarray(cv2.merge([np.clip(channel, 0, 1).astype(np.float32) for channel in channels]), np.float32)


def _start(values: NDArray[np.float64]) -> NDArray[np.float64]:
    distance = np.linalg.norm(values - np.median(values, axis=0), axis=1)
    return np.asarray(1 / (1 + (distance / max(2 / 255, median(distance))) ** 2))


def _basis(rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, ...]) -> NDArray[np.float64]:
    x, y = 2 * columns / max(1, shape[1] - 1) - 1, 2 * rows / max(1, shape[0] - 1) - 1
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
