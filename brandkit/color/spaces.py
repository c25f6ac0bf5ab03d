"""Conversions between sRGB, CIELAB and OKLab on whole arrays, in float64.

Every function takes an array of shape `(..., 3)` and returns one of the same shape. sRGB is in [0, 1]; values outside
are converted by the odd extension of the transfer curve. CIELAB is for D65 and 2°, with L* in [0, 100]; OKLab has L in [0, 1].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from brandkit.color import matrices as mx

Floats = NDArray[np.float64]

EPSILON = 216 / 24389  # CIE 15: where the cube root of CIELAB becomes a straight line
KAPPA = 24389 / 27  # CIE 15: slope of that line
RGB_TO_XYZ = np.array(mx.SRGB_TO_XYZ).T
RGB_TO_LMS = (np.array(mx.XYZ_TO_LMS) @ np.array(mx.SRGB_TO_XYZ)).T
LMS_TO_OKLAB = np.array(mx.LMS_TO_OKLAB).T
WHITE = np.array(mx.D65_WHITE)


def _triples(values: ArrayLike, name: str) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if array.shape[-1:] != (3,):
        raise ValueError(f"{name} must have shape (..., 3), got {array.shape}")
    return array


def srgb_to_linear(rgb: ArrayLike) -> Floats:
    """Undo the sRGB transfer curve.

    Args:
        rgb: sRGB, shape `(..., 3)`, range [0, 1].

    Returns:
        Linear light, same shape and range.

    References:
        IEC 61966-2-1:1999.
    """
    array = _triples(rgb, "rgb")
    size = np.abs(array)
    return np.where(size <= 0.04045, array / 12.92, np.sign(array) * ((size + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(linear: ArrayLike) -> Floats:
    """Apply the sRGB transfer curve: the inverse of `srgb_to_linear`, same shapes and ranges."""
    array = _triples(linear, "linear")
    size = np.abs(array)
    return np.where(size <= 0.0031308, array * 12.92, np.sign(array) * (1.055 * size ** (1 / 2.4) - 0.055))


def srgb_to_lab(rgb: ArrayLike) -> Floats:
    """Convert sRGB to CIELAB.

    Args:
        rgb: sRGB, shape `(..., 3)`, range [0, 1].

    Returns:
        CIELAB (D65, 2°), same shape; L* in [0, 100].

    References:
        CIE 15:2018, equations 8.3 to 8.8.
    """
    xyz = srgb_to_linear(rgb) @ RGB_TO_XYZ / WHITE
    f = np.where(xyz > EPSILON, np.cbrt(xyz), (KAPPA * xyz + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


def lab_to_srgb(lab: ArrayLike) -> Floats:
    """Convert CIELAB (D65, 2°) to sRGB, not clipped: the inverse of `srgb_to_lab`."""
    array = _triples(lab, "lab")
    fy = (array[..., 0] + 16) / 116
    f = np.stack([fy + array[..., 1] / 500, fy, fy - array[..., 2] / 200], axis=-1)
    xyz = np.where(f**3 > EPSILON, f**3, (116 * f - 16) / KAPPA) * np.array(mx.D65_WHITE)
    return linear_to_srgb(xyz @ np.array(mx.XYZ_TO_SRGB).T)


def srgb_to_oklab(rgb: ArrayLike) -> Floats:
    """Convert sRGB to OKLab.

    Args:
        rgb: sRGB, shape `(..., 3)`, range [0, 1].

    Returns:
        OKLab, same shape; L in [0, 1], a and b about [-0.4, 0.4].

    References:
        Ottosson (2020). A perceptual color space for image processing. Matrices of CSS Color 4.
    """
    lms = srgb_to_linear(rgb) @ RGB_TO_LMS
    return np.asarray(np.cbrt(lms) @ LMS_TO_OKLAB, dtype=np.float64)


def oklab_to_srgb(oklab: ArrayLike) -> Floats:
    """Convert OKLab to sRGB, not clipped: the inverse of `srgb_to_oklab`."""
    lms = _triples(oklab, "oklab") @ np.array(mx.OKLAB_TO_LMS).T
    return linear_to_srgb(lms**3 @ (np.array(mx.XYZ_TO_SRGB) @ np.array(mx.LMS_TO_XYZ)).T)


def oklab_to_oklch(oklab: ArrayLike) -> Floats:
    """Convert OKLab to lightness, chroma and hue in degrees [0, 360); greys have hue 0."""
    array = _triples(oklab, "oklab")
    chroma = np.hypot(array[..., 1], array[..., 2])
    hue = np.where(chroma < 1e-9, 0.0, np.degrees(np.arctan2(array[..., 2], array[..., 1])) % 360)
    return np.stack([array[..., 0], chroma, hue], axis=-1)


def oklch_to_oklab(oklch: ArrayLike) -> Floats:
    """Convert lightness, chroma and hue in degrees to OKLab."""
    array = _triples(oklch, "oklch")
    angle = np.radians(array[..., 2])
    return np.stack([array[..., 0], array[..., 1] * np.cos(angle), array[..., 1] * np.sin(angle)], axis=-1)
