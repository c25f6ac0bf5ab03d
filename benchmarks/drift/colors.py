"""Colours at a wanted distance from others: drifted swatches, strangers, inks of a wanted contrast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from brandkit.color.contrast import wcag_contrast
from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import lab_to_srgb, srgb_to_lab, srgb_to_oklab
from brandkit.metric.blend import blend_distance, tint_distance

Floats = NDArray[np.float64]

GREY, EXTREME = 0.006, 2.0  # OKLab chroma, and ΔE00 from white and black, within which a colour is everybody's
APART = 7.5  # ΔE00 from a swatch (three tolerances) from which a tint of the palette is a choice and no drift
BLEND = 0.012  # OKLab; half of what is just noticeable, within which a colour is such a tint, shade or blend


def rgb_of(hex_: str) -> Floats:
    return np.array([int(hex_[i : i + 2], 16) for i in (1, 3, 5)], float)


def hex_of(rgb: Floats) -> str:
    return "#" + "".join(f"{int(value):02X}" for value in np.clip(np.rint(rgb), 0, 255))


def chroma(hex_: str) -> float:
    """OKLab chroma of a colour."""
    return float(np.hypot(*srgb_to_oklab(rgb_of(hex_) / 255)[1:]))


def drifted(rgb: Floats, delta: float, rng: np.random.Generator, palette: Sequence[str] = ()) -> Floats:
    """A colour at ΔE00 `delta` from `rgb` (0..255) in a random direction that stays inside sRGB, in whole levels.

    With a `palette` it is none that its brand may show anyway: no grey, and from `APART` on no tint, shade or blend of its colours.
    """
    start = srgb_to_lab(rgb / 255)
    best, error = rgb, np.inf
    for _ in range(48):
        direction = rng.normal(0, (0.6, 1, 1))
        direction /= np.linalg.norm(direction)
        low, high = 0.0, 60.0
        for _ in range(24):
            middle = (low + high) / 2
            made = lab_to_srgb(start + middle * direction)
            low, high = (middle, high) if float(delta_e_2000(start, srgb_to_lab(np.clip(made, 0, 1)))) < delta else (low, middle)
        made = np.rint(np.clip(lab_to_srgb(start + high * direction), 0, 1) * 255)
        off = abs(float(delta_e_2000(start, srgb_to_lab(made / 255))) - delta) + (
            delta if palette and _allowed(made, delta, palette) else 0
        )
        if off < error:
            best, error = made, off
        if off < 0.05 * delta:
            break
    return best


def _allowed(rgb: Floats, delta: float, palette: Sequence[str]) -> bool:
    """Whether a colour is everybody's, or one that the palette makes."""
    ends = delta_e_2000(srgb_to_lab(rgb / 255), srgb_to_lab(np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])))
    if chroma(hex_of(rgb)) < GREY or float(ends.min()) < EXTREME:
        return True
    return delta > APART and tint_distance(list(rgb), np.array([rgb_of(hex_) for hex_ in palette]) / 255) < BLEND


def stranger(hexes: Sequence[str], rng: np.random.Generator) -> Floats:
    """A chromatic colour that belongs to no palette of `hexes`: at least ΔE00 20 from each and 0.06 (OKLab) from their blends."""
    palette = np.array([rgb_of(hex_) for hex_ in hexes]) / 255
    lab, oklab = srgb_to_lab(palette), srgb_to_oklab(palette)
    best, score = np.array([255.0, 0, 255]), -1.0
    for _ in range(400):
        rgb = rng.integers(20, 250, 3).astype(float)
        own = srgb_to_oklab(rgb / 255)
        if float(np.hypot(own[1], own[2])) < 0.09 or not 0.35 < float(own[0]) < 0.92:
            continue
        far, blend = float(delta_e_2000(srgb_to_lab(rgb / 255), lab).min()), blend_distance(own, oklab)
        if far >= 20 and blend >= 0.06:
            return rgb
        if min(far / 20, blend / 0.06) > score:
            best, score = rgb, min(far / 20, blend / 0.06)
    return best


def ink_at(ratio: float, ink: Floats, ground: Floats) -> Floats:
    """The blend of ink and ground whose WCAG contrast with the ground is `ratio`, or the ink where it has less."""
    low, high = 0.0, 1.0
    for _ in range(24):
        part = (low + high) / 2
        contrast = wcag_contrast(tuple(ground + part * (ink - ground)), tuple(ground))
        low, high = (part, high) if contrast < ratio else (low, part)
    return np.asarray(np.rint(ground + high * (ink - ground)))
