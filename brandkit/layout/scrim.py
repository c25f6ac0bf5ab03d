"""The scrim between picture and copy: a shaped shade in the scheme's ground, only as strong as the measured picture needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.resolve import Brand
from brandkit.color.contrast import relative_luminance, wcag_contrast
from brandkit.color.spaces import srgb_to_linear
from brandkit.image.region import Box
from brandkit.layout.boxes import Layout, Scrim, Slot

if TYPE_CHECKING:
    from PIL.Image import Image

Plane = NDArray[np.float64]
LARGE = 24.0  # px; from this size text counts as large (WCAG 2.2: 18 pt)
LEVELS = {"AA": (4.5, 3.0), "AAA": (7.0, 4.5), "AA-large": (4.5, 3.0), "AAA-large": (7.0, 4.5)}  # small text, large text
MARK_CONTRAST = 3.0  # WCAG 1.4.11, graphical objects
MARGIN = 1.06  # above the level, for what JPEG and a reader's resampling take away
WORST = 0.985  # quantile of the picture that must still contrast: a few specks do not hide a letter
STRONGEST = 0.55  # from here on a scrim is a grey veil, and a clean panel is the better design
AROUND = 3  # px of picture around the ink that count as its ground
FADE = 0.45  # part of the scrim's length over which it comes in
WEIGHTS = np.array([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True)
class _Need:
    box: Box
    luminance: float
    ratio: float


def shade_picture(page: Image, overlay: Image, layout: Layout, brand: Brand, *, shown: bool) -> tuple[Image, Layout]:
    """Lay the layout's scrims over `page`.

    Args:
        page: Ground and picture, RGB.
        overlay: Type and mark, RGBA, of the same size.
        layout: The layout; its scrims have no strength yet.
        brand: For the contrast its pairs promise.
        shown: False when there is no picture, so that nothing needs shading.

    Returns:
        The page, and the layout with the scrims' strengths; or, where a scrim would have to be stronger than `STRONGEST`, the
        page with a panel behind the copy and the layout that says so.
    """
    from PIL import Image as images

    if not layout.scrims or not shown:
        return page, layout
    pixels = np.asarray(page, dtype=np.float64) / 255
    ground = np.array([int(layout.ground[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    over = np.asarray(overlay)
    strengths, panel = [], None
    for scrim in layout.scrims:
        mask = shape(scrim, layout)
        needs = _needs(scrim, layout, brand, over)
        strength = _strength(pixels, ground, mask, needs)
        if strength > STRONGEST and scrim.name == "copy":
            panel, strength = _panel(scrim, layout), 0.0
        strengths.append(replace(scrim, strength=round(strength, 3)))
        pixels = pixels + (ground - pixels) * (mask * strength)[..., None]
    if panel is not None:
        rows, columns = panel.pixels(page.width, page.height)
        pixels[rows, columns] = ground
    final = replace(layout, scrims=tuple(strengths))
    if panel is not None:
        final = _with_panel(final, panel)
    noisy = pixels * 255 + _dither(pixels.shape[:2])[..., None]
    return images.fromarray(np.clip(np.rint(noisy), 0, 255).astype(np.uint8)), final


def _dither(shape: tuple[int, ...]) -> Plane:
    """Under half a level of fixed noise, so that a long gradient does not band."""
    rows, columns = np.indices(shape)
    noise: Plane = ((rows * 0.754877 + columns * 0.569840) % 1 - 0.5) * 0.98
    return noise


def shape(scrim: Scrim, layout: Layout) -> Plane:
    """The scrim's opacity at strength 1: shape (H, W), in [0, 1]; a smooth ramp that is full where the copy stands."""
    height, width = layout.format.height, layout.format.width
    if scrim.side == "all":
        return np.ones((height, width))
    boxes = [slot.box for slot in layout.slots if slot.ground is None] if scrim.name == "copy" else []
    if scrim.name == "mark" or _holds(scrim.box, layout.mark.box):
        boxes.append(layout.mark.box)
    box = scrim.box
    rows, columns = np.arange(height, dtype=np.float64) + 0.5, np.arange(width, dtype=np.float64) + 0.5
    if scrim.side in ("bottom", "top"):
        low = scrim.side == "bottom"
        full = min((b.y for b in boxes), default=box.y) if low else max((b.bottom for b in boxes), default=box.bottom)
        start = min(box.y, full - FADE * box.h) if low else max(box.bottom, full + FADE * box.h)
        return np.repeat(_ramp(rows, start, full)[:, None], width, axis=1)
    left = scrim.side == "left"
    full = max((b.right for b in boxes), default=box.right) if left else min((b.x for b in boxes), default=box.x)
    start = max(box.right, full + FADE * box.w) if left else min(box.x, full - FADE * box.w)
    return np.repeat(_ramp(columns, start, full)[None, :], height, axis=0)


def _holds(outer: Box, inner: Box) -> bool:
    return outer.intersection(inner).area >= 0.9 * inner.area


def _ramp(at: Plane, start: float, full: float) -> Plane:
    part = np.clip((at - start) / (full - start if full != start else 1e-6), 0, 1)
    eased: Plane = part * part * part * (part * (6 * part - 15) + 10)
    return eased


def _needs(scrim: Scrim, layout: Layout, brand: Brand, overlay: NDArray[np.uint8]) -> list[_Need]:
    needs = []
    if scrim.name == "copy":
        needs = [
            _Need(slot.box.grown(AROUND), relative_luminance(slot.ink), ratio_for(slot, layout, brand))
            for slot in layout.slots
            if slot.ground is None
        ]
    if layout.mark.ground is None and (scrim.name == "mark" or _holds(scrim.box, layout.mark.box)):
        rows, columns = layout.mark.box.pixels(layout.format.width, layout.format.height)
        drawn = overlay[rows, columns]
        solid = drawn[drawn[..., 3] > 200][:, :3] / 255.0
        if len(solid):
            needs.append(_Need(layout.mark.box.grown(AROUND), float(np.median(srgb_to_linear(solid) @ WEIGHTS)), MARK_CONTRAST))
    return needs


def ratio_for(slot: Slot, layout: Layout, brand: Brand) -> float:
    """The contrast that a text on the picture must reach: what the brand's pair promises, at least AA."""
    small, large = LEVELS["AA"]
    pairs = brand.document.palette.pairs if brand.document.palette else []
    for pair in pairs:
        if brand.hex(pair.ink) == slot.ink and brand.hex(pair.on) == layout.ground:
            small, large = LEVELS[pair.level]
    promised = large if slot.size >= LARGE else small
    return min(promised, wcag_contrast(slot.ink, layout.ground) / MARGIN)


def _strength(pixels: Plane, ground: Plane, mask: Plane, needs: Sequence[_Need]) -> float:
    """The least opacity with which every need is met; 1 when none is enough."""
    low, high = 0.0, 1.0
    spots = []
    for need in needs:
        rows, columns = need.box.pixels(pixels.shape[1], pixels.shape[0])
        if pixels[rows, columns].size:
            step = max(1, int((need.box.area / 20000) ** 0.5))
            spots.append((pixels[rows, columns][::step, ::step], mask[rows, columns][::step, ::step, None], need))
    if all(_met(spot, shade, ground, 0.0, need) for spot, shade, need in spots):
        return 0.0
    for _ in range(9):
        middle = (low + high) / 2
        if all(_met(spot, shade, ground, middle, need) for spot, shade, need in spots):
            high = middle
        else:
            low = middle
    return high


def _met(spot: Plane, shade: Plane, ground: Plane, strength: float, need: _Need) -> bool:
    light: Plane = srgb_to_linear(np.clip(spot + (ground - spot) * shade * strength, 0, 1)) @ WEIGHTS
    ground_light = float(srgb_to_linear(ground) @ WEIGHTS)
    worst = float(np.quantile(light, 1 - WORST if need.luminance < ground_light else WORST))
    bright, dark = max(worst, need.luminance), min(worst, need.luminance)
    ordered = (worst > need.luminance) == (ground_light > need.luminance)
    return ordered and (bright + 0.05) / (dark + 0.05) >= need.ratio * MARGIN


def _panel(scrim: Scrim, layout: Layout) -> Box:
    """The flat area that replaces a scrim: from the page's edge to one margin beyond the copy."""
    width, height = layout.format.width, layout.format.height
    boxes = [slot.box for slot in layout.slots if slot.ground is None]
    boxes += [panel for name, panel, _ in layout.panels if name == "cta" and _holds(scrim.box, panel)]
    if _holds(scrim.box, layout.mark.clear):
        boxes.append(layout.mark.box)
    air = 0.06 * min(width, height)
    if scrim.side == "left":
        return Box(0, 0, min(width, round(max(box.right for box in boxes) + air)), height)
    if scrim.side == "right":
        x = max(0, round(min(box.x for box in boxes) - air))
        return Box(x, 0, width - x, height)
    if scrim.side == "bottom":
        y = max(0, round(min(box.y for box in boxes) - air))
        return Box(0, y, width, height - y)
    return Box(0, 0, width, height)


def _with_panel(layout: Layout, panel: Box) -> Layout:
    slots = tuple(replace(slot, ground=layout.ground) if slot.ground is None and _holds(panel, slot.box) else slot for slot in layout.slots)
    mark = layout.mark
    if mark.ground is None and _holds(panel, mark.box):
        mark = replace(mark, ground=layout.ground)
    return replace(layout, slots=slots, mark=mark, panels=(("fallback", panel, layout.ground), *layout.panels))
