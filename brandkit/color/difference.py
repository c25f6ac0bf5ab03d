"""How different two colours look."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def _pair(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.shape[-1:] != (3,) or two.shape[-1:] != (3,):
        raise ValueError(f"both colours must have shape (..., 3), got {one.shape} and {two.shape}")
    return one, two


def delta_e_2000(lab1: ArrayLike, lab2: ArrayLike) -> Floats:
    """CIEDE2000 with kL = kC = kH = 1.

    Not a metric: the triangle inequality fails, and it jumps where hues are opposite. Never use it inside a solver.

    Args:
        lab1: CIELAB, shape `(..., 3)`, L* in [0, 100].
        lab2: CIELAB, broadcastable against `lab1`.

    Returns:
        ΔE00, shape of the broadcast without its last axis; about 1 is just noticeable, 0 is equal.

    References:
        Sharma, Wu, Dalal (2005). The CIEDE2000 color-difference formula: implementation notes, supplementary test data,
        and mathematical observations. Color Research and Application 30(1). Equation numbers below are theirs.
    """
    one, two = _pair(lab1, lab2)
    c1, h1, c2, h2 = _chroma_and_hue(one, two)
    delta_l = two[..., 0] - one[..., 0]  # (8)
    delta_c = c2 - c1  # (9)
    grey = c1 * c2 == 0
    turn = h2 - h1
    turn = np.where(turn > 180, turn - 360, np.where(turn < -180, turn + 360, turn))
    delta_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(np.where(grey, 0.0, turn) / 2))  # (10), (11)
    mean_l = (one[..., 0] + two[..., 0]) / 2  # (12)
    mean_c = (c1 + c2) / 2  # (13)
    s_l, s_c, s_h, r_t = _weights_2000(mean_l, mean_c, _mean_hue(h1, h2, grey))
    l_term, c_term, h_term = delta_l / s_l, delta_c / s_c, delta_h / s_h
    square = l_term**2 + c_term**2 + h_term**2 + r_t * c_term * h_term  # (22)
    return np.asarray(np.sqrt(np.maximum(square, 0)), dtype=np.float64)


def _mean_hue(h1: Floats, h2: Floats, grey: NDArray[np.bool_]) -> Floats:
    """Of two hues in degrees, on the shorter arc between them; their sum where one colour has no hue."""
    total = h1 + h2
    far = np.abs(h1 - h2) > 180
    return np.where(grey, total, np.where(~far, total / 2, np.where(total < 360, (total + 360) / 2, (total - 360) / 2)))  # (14)


def _weights_2000(mean_l: Floats, mean_c: Floats, mean_h: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """S_L, S_C, S_H and R_T."""
    t = (
        1
        - 0.17 * np.cos(np.radians(mean_h - 30))
        + 0.24 * np.cos(np.radians(2 * mean_h))
        + 0.32 * np.cos(np.radians(3 * mean_h + 6))
        - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    )  # (15)
    delta_theta = 30 * np.exp(-(((mean_h - 275) / 25) ** 2))  # (16)
    r_c = 2 * np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7))  # (17)
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)  # (18)
    s_c = 1 + 0.045 * mean_c  # (19)
    s_h = 1 + 0.015 * mean_c * t  # (20)
    return s_l, s_c, s_h, -np.sin(np.radians(2 * delta_theta)) * r_c  # (21)


def _chroma_and_hue(one: Floats, two: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    mean = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(two[..., 1], two[..., 2])) / 2  # (2), (3)
    g = 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25.0**7)))  # (4)
    a1, a2 = (1 + g) * one[..., 1], (1 + g) * two[..., 1]  # (5)
    c1, c2 = np.hypot(a1, one[..., 2]), np.hypot(a2, two[..., 2])  # (6)
    h1 = np.degrees(np.arctan2(one[..., 2], a1)) % 360  # (7); arctan2(0, 0) is 0, as the paper asks
    h2 = np.degrees(np.arctan2(two[..., 2], a2)) % 360
    return c1, h1, c2, h2
