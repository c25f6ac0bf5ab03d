"""The shades between picture and copy or mark, in the brand's grounds and only as strong as the measured picture needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.resolve import Brand
from brandkit.color.contrast import relative_luminance, wcag_contrast
from brandkit.color.spaces import srgb_to_linear
from brandkit.image.region import Box
from brandkit.layout.boxes import Layout, Scrim, Slot
from brandkit.layout.colouring import colourings, hex_rgb
from brandkit.metric.mark_ground import ground_ring

if TYPE_CHECKING:
    from PIL.Image import Image

Plane = NDArray[np.float64]
LARGE = 24.0  # px; from this size text counts as large (WCAG 2.2: 18 pt)
LEVELS = {"AA": (4.5, 3.0), "AAA": (7.0, 4.5), "AA-large": (4.5, 3.0), "AAA-large": (7.0, 4.5)}  # small text, large text
MARGIN = 1.06  # above the level, for what JPEG and a reader's resampling take away
WORST = 0.985  # quantile of the picture that must still contrast: a few specks do not hide a letter
STRONGEST = 0.55  # from here on a scrim is a grey veil, and a clean panel is the better design
AROUND = 3  # px of picture around the ink that count as its ground
PLANNED = 0.08  # opacity that the planned mark may need more than another: a faint shade is no reason to leave the scheme
REACH, LEAST_REACH = 0.3, 2.0  # of the short side, and of the mark's height, over which the shade around a mark fades
FADE = 0.45  # part of the scrim's length over which it comes in
WEIGHTS = np.array([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True)
class _Need:
    box: Box
    luminance: float
    ratio: float


def shade_picture(page: Image, layout: Layout, brand: Brand, *, shown: bool) -> tuple[Image, Layout]:
    """Lay the layout's scrims over `page`, and choose the colouring of the mark that reads best there.

    Args:
        page: Ground and picture, RGB.
        layout: The layout; its scrims have no strength yet.
        brand: For the contrast its pairs promise, and its marks.
        shown: False when there is no picture, so that nothing needs shading.

    Returns:
        The page, and the layout with the scrims' strengths and the mark that is to stand there, in the same box; or, where a scrim
        would have to be stronger than `STRONGEST`, the page with a panel behind the copy and the layout that says so.
    """
    from PIL import Image as images

    if not shown or layout.picture is None:
        return page, layout
    pixels, final = _shade_copy(np.asarray(page, dtype=np.float64) / 255, layout, brand)
    if layout.mark.ground is None:  # a panel that replaced a scrim may have taken it in: it must hold there too
        pixels, final = _shade_mark(pixels, final, brand)
    noisy = pixels * 255 + _dither(pixels.shape[:2])[..., None]
    return images.fromarray(np.clip(np.rint(noisy), 0, 255).astype(np.uint8)), final


def _shade_copy(pixels: Plane, layout: Layout, brand: Brand) -> tuple[Plane, Layout]:
    """The page, sRGB in 0..1, with what its copy needs."""
    ground = hex_rgb(layout.ground)
    scrims, panel = [], None
    for scrim in layout.scrims:
        if scrim.name != "copy":
            scrims.append(scrim)
            continue
        mask = shape(scrim, layout)
        strength = _strength(pixels, ground, mask, _needs(layout, brand))
        if strength > STRONGEST:
            panel, strength = _panel(scrim, layout), 0.0
        scrims.append(replace(scrim, strength=round(strength, 3)))
        pixels = pixels + (ground - pixels) * (mask * strength)[..., None]
    final = replace(layout, scrims=tuple(scrims))
    if panel is None:
        return pixels, final
    rows, columns = panel.pixels(pixels.shape[1], pixels.shape[0])
    pixels = pixels.copy()
    pixels[rows, columns] = ground
    return pixels, _with_panel(final, panel)


def _shade_mark(pixels: Plane, layout: Layout, brand: Brand) -> tuple[Plane, Layout]:
    """The page with the shade that its mark needs, and the layout with the colouring that needs least; the planned one unless it is far."""
    tried = []
    for index, colouring in enumerate(colourings(layout, brand)):
        scrim = mark_scrim(layout, None if colouring.tint == layout.ground else colouring.tint)
        mask = shape(scrim, layout)
        strength = colouring.strength(pixels, mask)
        tried.append((strength + (PLANNED if index else 0), index, colouring, scrim, mask, strength))
        if strength == 0:
            break
    _, _, chosen, scrim, mask, strength = min(tried, key=lambda entry: entry[:2])
    pixels = pixels + (hex_rgb(chosen.tint) - pixels) * (mask * strength)[..., None]
    scrims = (*(other for other in layout.scrims if other.name != "mark"), replace(scrim, strength=round(strength, 3)))
    mark = replace(chosen.placed, ground=None) if strength else chosen.placed
    return pixels, replace(layout, scrims=scrims, mark=mark, data=_wearing(layout.data, layout.mark.name, chosen.placed.name))


def _wearing(data: dict[str, Any], planned: str, chosen: str) -> dict[str, Any]:
    """What the template is given, with the file of the chosen colouring under the name of the planned one: the same place."""
    files = {mark["name"]: mark["file"] for mark in data.get("marks", [])}
    if planned == chosen or chosen not in files:
        return data
    marks = [mark | {"file": files[chosen]} if mark["name"] == planned else mark for mark in data["marks"]]
    return data | {"marks": marks}


def mark_scrim(layout: Layout, color: str | None = None) -> Scrim:
    """The shade around the mark: into its corner, and out to where the next text stands when it has a colour of its own."""
    width, height = layout.format.width, layout.format.height
    full = ground_ring(layout.mark.box)
    reach = max(LEAST_REACH * layout.mark.box.h, REACH * min(width, height))
    if color is not None:
        gaps = [_gap(full, slot.box) for slot in layout.slots]
        reach = max(1.0, min([reach, *gaps]))
    outer = full.grown(reach)
    return Scrim("mark", outer.intersection(Box(0, 0, width, height)), "around", color=color)


def _gap(one: Box, other: Box) -> float:
    across = max(one.x - other.right, other.x - one.right, 0.0)
    down = max(one.y - other.bottom, other.y - one.bottom, 0.0)
    return float(np.hypot(across, down))


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
    if scrim.side == "around":
        return _glow(scrim.box, layout)
    boxes = [slot.box for slot in layout.slots if slot.ground is None]
    if _holds(scrim.box, layout.mark.box):
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


def _glow(reach: Box, layout: Layout) -> Plane:
    """Full behind the mark and out to the edges of the page that `reach` touches, fading evenly over the rest of it."""
    width, height = layout.format.width, layout.format.height
    full = ground_ring(layout.mark.box)
    left, right = 0.0 if reach.x <= 0 else full.x, float(width) if reach.right >= width else full.right
    top, bottom = 0.0 if reach.y <= 0 else full.y, float(height) if reach.bottom >= height else full.bottom
    fade = max(1.0, full.x - reach.x, reach.right - full.right, full.y - reach.y, reach.bottom - full.bottom)
    x, y = np.arange(width, dtype=np.float64) + 0.5, np.arange(height, dtype=np.float64) + 0.5
    across, down = np.clip(np.maximum(left - x, x - right), 0, None), np.clip(np.maximum(top - y, y - bottom), 0, None)
    return _ramp(np.hypot(across[None, :], down[:, None]), fade, 0.0)


def _holds(outer: Box, inner: Box) -> bool:
    return outer.intersection(inner).area >= 0.9 * inner.area


def _ramp(at: Plane, start: float, full: float) -> Plane:
    part = np.clip((at - start) / (full - start if full != start else 1e-6), 0, 1)
    eased: Plane = part * part * part * (part * (6 * part - 15) + 10)
    return eased


def _needs(layout: Layout, brand: Brand) -> list[_Need]:
    return [
        _Need(slot.box.grown(AROUND), relative_luminance(slot.ink), ratio_for(slot, layout, brand))
        for slot in layout.slots
        if slot.ground is None
    ]


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
