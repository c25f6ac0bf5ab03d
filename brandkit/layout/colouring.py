"""Which colouring of the mark stands on a picture, and how much shade it needs there: judged by the pixels behind it."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.resolve import Brand
from brandkit.color.contrast import luminance_contrast
from brandkit.color.spaces import srgb_to_lab, srgb_to_linear
from brandkit.image.placed import place_mark
from brandkit.image.region import Box
from brandkit.image.svg import Size
from brandkit.image.vector import mark_size, render_mark
from brandkit.layout.boxes import Layout, PlacedMark
from brandkit.metric.logo import same_shape
from brandkit.metric.mark_ground import ground_lightness, ground_ring, middle_lightness, wrong_side

Plane = NDArray[np.float64]
DRAWN_AREA = 50_000  # px of a drawing that shapes and inks are compared in
SAME_BOX = 0.004  # relative, by which two drawings of a mark may differ in proportion to share a box
CONTRAST = 3.0  # WCAG 1.4.11, graphical objects
MARGIN = 1.06  # above it, for what JPEG and a reader's resampling take away
LIGHTER = 1.5  # L* beyond the middle between the colourings, likewise
WORST = 0.985  # quantile of the picture that must still contrast: a few specks do not hide a stroke
SEEN = 8.0  # ΔE76 at which a pixel of ink stands out, with room for coding
MOST_SEEN = 0.6  # of the ink that must; plates and tints may sink into the ground
AROUND = 3  # px of picture around the mark that count as its ground
WEIGHTS = np.array([0.2126, 0.7152, 0.0722])
SPOTS = 20_000  # px that are looked at for each need
STEPS = 8  # of halving: the strength is right to 0.4 %


def hex_rgb(color: str) -> Plane:
    """`#RRGGBB` as sRGB in 0..1, shape (3,)."""
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255


@dataclass(frozen=True)
class Colouring:
    """One of the brand's marks in a place, and the colour of the shade that helps it there."""

    placed: PlacedMark
    made_for: tuple[str, ...]
    middle: float
    """L* of the ground on which the darkest and the lightest colouring of this mark stand out alike."""
    ink: float
    """Relative luminance of its ink, in the median."""
    tint: str
    """`#RRGGBB`"""
    premultiplied: Plane
    """Its pixels in the page, RGBA in 0..1."""
    corner: tuple[int, int]
    """Column and row of the page where they begin."""

    def strength(self, page: Plane, mask: Plane) -> float:
        """The least opacity in [0, 1] of its tint, shaped by `mask`, with which it reads well on `page`.

        Args:
            page: sRGB in 0..1, shape (H, W, 3).
            mask: The shade's shape at full strength, (H, W), in [0, 1].

        Returns:
            0 where it reads well without, 1 where nothing is enough.
        """
        if self._reads(page, mask, 0.0):
            return 0.0
        low, high = 0.0, 1.0
        for _ in range(STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if self._reads(page, mask, middle) else (middle, high)
        return high

    def _reads(self, page: Plane, mask: Plane, strength: float) -> bool:
        """Whether it contrasts, stands on the side of the middle that it is made for, and shows most of its ink."""
        rows, columns = self._window(page)
        part = page[rows, columns] + (hex_rgb(self.tint) - page[rows, columns]) * (mask[rows, columns] * strength)[..., None]
        contrast, wrong, seen = self._ideal
        box = Box(self.placed.box.x - columns.start, self.placed.box.y - rows.start, self.placed.box.w, self.placed.box.h)
        return (
            self._contrast(part, box) >= contrast
            and self._wrong(part, box) <= wrong
            and self._seen(part, (columns.start, rows.start)) >= seen
        )

    @cached_property
    def _ideal(self) -> tuple[float, float, float]:
        """What is asked for: never more than its tint alone would give."""
        tint = hex_rgb(self.tint)
        contrast = luminance_contrast(float(srgb_to_linear(tint) @ WEIGHTS), self.ink)
        wrong = wrong_side(self.made_for, float(srgb_to_lab(tint)[0]), self._past)
        alone = np.broadcast_to(tint, (*self.premultiplied.shape[:2], 3))
        return min(CONTRAST * MARGIN, 0.98 * contrast), wrong + 0.2 * (wrong > 0), min(MOST_SEEN, 0.95 * self._seen(alone, self.corner))

    @property
    def _past(self) -> float:
        return self.middle + (LIGHTER if "light" in self.made_for else -LIGHTER)

    def _window(self, page: Plane) -> tuple[slice, slice]:
        box = ground_ring(self.placed.box).grown(AROUND)
        return box.pixels(page.shape[1], page.shape[0])

    def _contrast(self, part: Plane, box: Box) -> float:
        """Contrast with the worst of the ground, or its inverse where the ground is on the other side of the ink than the tint is."""
        rows, columns = box.grown(AROUND).pixels(part.shape[1], part.shape[0])
        step = max(1, math.isqrt(max(1, round(box.area / SPOTS))))
        light: Plane = srgb_to_linear(part[rows, columns][::step, ::step]) @ WEIGHTS
        darker = self.ink < float(srgb_to_linear(hex_rgb(self.tint)) @ WEIGHTS)
        worst = float(np.quantile(light, 1 - WORST if darker else WORST))
        ratio = luminance_contrast(worst, self.ink)
        return ratio if (worst > self.ink) == darker else 1 / ratio

    def _wrong(self, part: Plane, box: Box) -> float:
        return wrong_side(self.made_for, ground_lightness(np.rint(part * 255).clip(0, 255).astype(np.uint8), box), self._past)

    def _seen(self, part: Plane, corner: tuple[int, int]) -> float:
        """Share of its ink that stands out from `part`, which begins at `corner` of the page."""
        x, y = corner[0] - self.corner[0], corner[1] - self.corner[1]
        rows = slice(max(0, y), min(self.premultiplied.shape[0], y + part.shape[0]))
        columns = slice(max(0, x), min(self.premultiplied.shape[1], x + part.shape[1]))
        step = max(1, math.isqrt(max(1, self.premultiplied.size // 4 // SPOTS)))
        drawn = self.premultiplied[rows, columns][::step, ::step]
        ground = part[rows.start - y : rows.stop - y, columns.start - x : columns.stop - x][::step, ::step]
        inked = drawn[..., 3] > 0.02
        if not inked.any():
            return 1.0
        alpha, under = drawn[inked][:, 3:], ground[inked]
        apart = np.linalg.norm(srgb_to_lab(drawn[inked][:, :3] + (1 - alpha) * under) - srgb_to_lab(under), axis=1)
        return float(alpha[apart >= SEEN].sum() / alpha.sum())


def colourings(layout: Layout, brand: Brand) -> list[Colouring]:
    """The mark that the layout places, and then those of the same shape that are made for other grounds, in the brand's order.

    None of them needs another box: what is as large, is as far from everything else.
    """
    planned = brand.marks[layout.mark.name]
    drawn = {name: _draw(brand, name) for name in brand.marks}
    alike = [name for name in drawn if name == layout.mark.name or same_shape(drawn[layout.mark.name], drawn[name])]
    middle = middle_lightness([drawn[name] for name in alike])
    size = mark_size(brand.mark_path(layout.mark.name))
    others = [
        name for name in alike
        if not set(brand.marks[name].on) <= set(planned.on) and _fits(mark_size(brand.mark_path(name)), size)
        and float(brand.marks[name].min_width.removesuffix("px")) <= layout.mark.box.w
        and brand.marks[name].clear_space <= planned.clear_space
    ]  # fmt: skip
    return [_colouring(layout, brand, name, middle) for name in (layout.mark.name, *others)]


def _draw(brand: Brand, name: str) -> NDArray[np.uint8]:
    """The mark straight RGBA, uint8, read-only."""
    path = brand.mark_path(name)
    size = mark_size(path)
    return render_mark(path, max(24, round(math.sqrt(DRAWN_AREA * size.width / size.height))))


def _fits(one: Size, other: Size) -> bool:
    return abs(one.width * other.height / (one.height * other.width) - 1) <= SAME_BOX


def _colouring(layout: Layout, brand: Brand, name: str, middle: float) -> Colouring:
    drawn = place_mark(brand.mark_path(name), layout.mark.box)
    pixels = drawn.rgba.astype(np.float64) / 255
    solid = pixels[pixels[..., 3] > 0.78][:, :3]
    ink = float(np.median(srgb_to_linear(solid if len(solid) else np.zeros((1, 3))) @ WEIGHTS))
    pixels[..., :3] *= pixels[..., 3:]
    made_for = tuple(str(ground) for ground in brand.marks[name].on)
    tint = _tint(layout, brand, made_for, ink, middle)
    return Colouring(replace(layout.mark, name=name), made_for, middle, ink, tint, pixels, (drawn.left, drawn.top))


def _tint(layout: Layout, brand: Brand, made_for: Collection[str], ink: float, middle: float) -> str:
    """The layout's ground where the mark holds on it, else the ground of another scheme, else the ink, on which it does best."""

    def contrast(color: str) -> float:
        return luminance_contrast(float(srgb_to_linear(hex_rgb(color)) @ WEIGHTS), ink)

    if not wrong_side(made_for, _lightness(layout.ground), middle) and contrast(layout.ground) >= CONTRAST:
        return layout.ground
    colors = [brand.hex(scheme.ground) for scheme in brand.schemes.values()] + [brand.hex(brand.schemes[layout.scheme].ink)]
    right = [color for color in colors if not wrong_side(made_for, _lightness(color), middle)]
    return max(right or [layout.ground], key=contrast)


def _lightness(color: str) -> float:
    return float(srgb_to_lab(hex_rgb(color))[0])
