"""Gradients: the ground and its neighbour in OKLCH, one soft light, and grain against banding."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.resolve import Brand
from brandkit.color.spaces import oklab_to_oklch, oklab_to_srgb, oklch_to_oklab
from brandkit.generate.studio.inks import SEEN, apart, oklab_of, rgb_of
from brandkit.generate.studio.room import random
from brandkit.image.region import Box

STEPS = 2048  # colours along the gradient, as floats; finer than any screen
FAR = 0.20  # ΔE OK between the ends at most: farther, and it stops being one light on one ground
GRAIN = 1.1  # levels (0..255): enough to hide 8-bit steps, not enough to see


def draw_gradient(width: int, height: int, brand: Brand, *, ground: str, zones: tuple[Box, ...], seed: int) -> NDArray[np.uint8]:
    """A gradient from the ground to a neighbouring colour, plain under the quiet zones and away from them toward one corner.

    Args:
        width: Of the picture in pixels.
        height: Of the picture in pixels.
        brand: Its palette gives the neighbour; without one, a darker or lighter ground does.
        ground: Colour that holds under the copy, as `#RRGGBB`.
        zones: Quiet zones in fractions of the picture.
        seed: Moves the light within the free corner, and the grain.

    Returns:
        Shape ``(height, width, 3)``, sRGB.
    """
    rng = random(seed, 2)
    colors = _ramp(ground, _neighbour(brand, ground))
    light = _light(width, height, zones, float(rng.uniform(-0.12, 0.12)))
    index = light * (STEPS - 1)
    low = np.minimum(index.astype(np.int32), STEPS - 2)
    share = (index - low)[..., None].astype(np.float32)
    picture = colors[low] * (1 - share) + colors[low + 1] * share
    picture += grain(height, width, GRAIN, rng)
    return np.asarray(np.clip(picture + np.float32(0.5), 0, 255), dtype=np.uint8)


def grain(height: int, width: int, level: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Grey film grain, shape ``(height, width, 1)``, with a triangular spread of `level` 8-bit levels: it also dithers."""
    first = rng.random((height, width, 1), dtype=np.float32)
    first -= rng.random((height, width, 1), dtype=np.float32)
    first *= np.float32(level)
    return first


def _ramp(ground: str, end: NDArray[np.float64]) -> NDArray[np.float32]:
    """Colours from ground to `end` (OKLab) along the short way round in OKLCH, shape ``(STEPS, 3)``, sRGB 0..255."""
    t = np.linspace(0, 1, STEPS)[:, None]
    start = oklab_to_oklch(np.array([oklab_of(rgb_of(ground))]))[0]
    stop = oklab_to_oklch(end[None])[0]
    if start[1] < 0.03 or stop[1] < 0.03:  # a grey has no hue to turn
        lab = np.array(oklab_of(rgb_of(ground))) * (1 - t) + end * t
    else:
        turn = (stop[2] - start[2] + 180) % 360 - 180
        lab = oklch_to_oklab(start * (1 - t) + np.array([stop[0], stop[1], start[2] + turn]) * t)
    return np.asarray(np.clip(oklab_to_srgb(lab), 0, 1) * 255, dtype=np.float32)


def _neighbour(brand: Brand, ground: str) -> NDArray[np.float64]:
    """The palette colour nearest to the ground that is seen on it, brought within reach, as OKLab.

    A chromatic ground only takes neighbours in hue that are not much greyer: blue that fades to grey looks dirty. Without
    one, a lighter or darker self.
    """
    palette = brand.document.palette
    base = np.array(oklab_of(rgb_of(ground)))
    others = [rgb_of(color.value) for color in palette.colors.values()] if palette else []
    labs = [np.array(oklab_of(color)) for color in others if apart(color, rgb_of(ground)) >= SEEN]
    fit = [lab for lab in labs if _kin(base, lab)]
    target = (
        min(fit, key=lambda lab: float(np.linalg.norm(lab - base)))
        if fit
        else base * np.array([0.8 if base[0] > 0.5 else 1.25, 1.25, 1.25])
    )
    away = target - base
    return np.asarray(base + away * min(1.0, FAR / max(float(np.linalg.norm(away)), 1e-9)))


def _kin(base: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    chroma, its = float(np.hypot(*base[1:])), float(np.hypot(*other[1:]))
    if chroma < 0.05:
        return abs(float(other[0] - base[0])) < 0.35
    return its > 0.35 * chroma and float(base[1:] @ other[1:]) > 0.5 * chroma * its  # within 60° of hue


def _light(width: int, height: int, zones: tuple[Box, ...], shift: float) -> NDArray[np.float32]:
    """How far each pixel is along the gradient, 0..1: 0 over the zones, 1 at the corner farthest from them."""
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None, :]
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]
    mass = sum(zone.area for zone in zones)
    cx = sum((zone.x + zone.w / 2) * zone.area for zone in zones) / mass if mass else 0.3 + shift
    cy = sum((zone.y + zone.h / 2) * zone.area for zone in zones) / mass if mass else 0.2 - shift
    corner = max(((px, py) for px in (0.0, 1.0) for py in (0.0, 1.0)), key=lambda p: math.dist(p, (cx, cy)))
    angle = math.atan2((corner[1] - cy) * height, (corner[0] - cx) * width) + shift
    reach = abs(math.cos(angle)) * width + abs(math.sin(angle)) * height
    along = ((x - 0.5) * np.float32(width * math.cos(angle)) + (y - 0.5) * np.float32(height * math.sin(angle))) / np.float32(reach)
    along = along + np.float32(0.5)
    ends = [_along_end(zone, width, height, angle, reach) for zone in zones]
    begin = min(max(ends, default=0.0), 0.55)
    t = np.clip((along - np.float32(begin * 0.8)) / np.float32(1 - begin * 0.8), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def _along_end(zone: Box, width: int, height: int, angle: float, reach: float) -> float:
    corners = [(px, py) for px in (zone.x, zone.right) for py in (zone.y, zone.bottom)]
    return max(((px - 0.5) * width * math.cos(angle) + (py - 0.5) * height * math.sin(angle)) / reach + 0.5 for px, py in corners)
