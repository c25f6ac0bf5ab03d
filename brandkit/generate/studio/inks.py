"""Which of a brand's colours a pattern or gradient is drawn with."""

from __future__ import annotations

import math

import numpy as np

from brandkit.brand.resolve import Brand
from brandkit.color.parse import parse_color
from brandkit.color.spaces import srgb_to_oklab

Rgb = tuple[int, int, int]

SEEN = 0.10  # ΔE OK: flat shapes closer to their ground than this read as dirt, not as drawing
ORDER = ("primary", "accent", "secondary", "tint", "neutral", "ink", "surface")  # what draws first when the brand names no order


def rgb_of(color: str) -> Rgb:
    """A colour as sRGB 0..255."""
    return parse_color(color).rgb


def pattern_inks(brand: Brand, ground: str, accent: str) -> list[Rgb]:
    """The colours for shapes on `ground`, the heaviest first, at most five and at least one.

    They are those of `imagery.pattern.colors`, or else the palette's by role, without those that the ground or an earlier one swallows.
    """
    palette = brand.document.palette
    pattern = brand.document.imagery.pattern
    colors = palette.colors if palette else {}
    if pattern and pattern.colors:
        names = [name for name in pattern.colors if name in colors]
    else:
        names = sorted(colors, key=lambda name: (ORDER.index(colors[name].role), -_share(colors[name].share), list(colors).index(name)))
        names = [name for name in names if colors[name].role not in ("surface", "ink")] or names
    base = rgb_of(ground)
    inks: list[Rgb] = []
    for ink in (rgb_of(colors[name].value) for name in names):
        if all(apart(ink, other) >= SEEN for other in (base, *inks)):
            inks.append(ink)
    return inks[:5] or [rgb_of(accent)]


def _share(share: tuple[float, float] | None) -> float:
    return sum(share) / 2 if share else 0.0


def apart(one: Rgb, other: Rgb) -> float:
    """ΔE OK between two colours, 0 to about 1."""
    return math.dist(oklab_of(one), oklab_of(other))


def oklab_of(color: Rgb) -> tuple[float, float, float]:
    """A colour in OKLab."""
    light, green_red, blue_yellow = srgb_to_oklab(np.array(color) / 255).tolist()
    return light, green_red, blue_yellow
