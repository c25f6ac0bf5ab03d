"""The shades between picture and copy or mark, in the brand's grounds and only as strong as the measured picture needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.resolve import Brand
from brandkit.image.region import Box
from brandkit.layout.boxes import Layout, Scrim
from brandkit.layout.colouring import colourings, hex_rgb
from brandkit.layout.legible import best_help, in_look, spots_of
from brandkit.metric.mark_ground import ground_ring

if TYPE_CHECKING:
    from PIL.Image import Image

Plane = NDArray[np.float64]
PLANNED = 0.08  # opacity that the planned mark may need more than another: a faint shade is no reason to leave the scheme
REACH, LEAST_REACH = 0.3, 2.0  # of the short side, and of the mark's height, over which the shade around a mark fades
FADE = 0.45  # part of the scrim's length over which it comes in


def shade_picture(page: Image, layout: Layout, brand: Brand, *, type_alpha: NDArray[np.uint8] | None) -> tuple[Image, Layout]:
    """Make copy and mark read on the picture: by their colours, else by a scrim over it, else by a panel behind the copy.

    Args:
        page: Ground and picture, RGB.
        layout: The layout; its scrims have no strength yet.
        brand: For its colour schemes, the contrast its pairs promise, and its marks.
        type_alpha: Opacity of the type, shape (H, W), 0..255; None when there is no picture, so that nothing needs shading.

    Returns:
        The page, and the layout with the colours of the copy, the scrims' strengths and the mark that is to stand there, all in the same
        boxes; or, where no scheme reads with a scrim that looks well, the page with a panel behind the copy and the layout that says so.
    """
    from PIL import Image as images

    if type_alpha is None or layout.picture is None:
        return page, layout
    pixels, final, ground = _shade_copy(np.asarray(page, dtype=np.float64) / 255, layout, brand, type_alpha)
    if layout.mark.ground is None:  # a panel that replaced a scrim may have taken it in: it must hold there too
        pixels, final = _shade_mark(pixels, final, brand, ground)
    noisy = pixels * 255 + _dither(pixels.shape[:2])[..., None]
    return images.fromarray(np.clip(np.rint(noisy), 0, 255).astype(np.uint8)), final


def _shade_copy(pixels: Plane, layout: Layout, brand: Brand, type_alpha: NDArray[np.uint8]) -> tuple[Plane, Layout, str]:
    """The page, sRGB in 0..1, with what its copy needs, the layout with the copy's colours, and the ground of the scheme they come from."""
    copy = [scrim for scrim in layout.scrims if scrim.name == "copy"]
    masks = [shape(scrim, layout) for scrim in copy]
    spots = spots_of(pixels, type_alpha, layout, masks)
    if not spots:
        return pixels, replace(layout, scrims=tuple(replace(scrim, strength=0.0) for scrim in layout.scrims)), layout.ground
    help_ = best_help(spots, layout, brand)
    color = None if help_.look.ground == layout.ground else help_.look.ground
    if not help_.enough and copy:
        return _on_panel(pixels, layout, _panel(copy[_worst(help_.strengths)], layout))
    shaded = []
    for scrim, mask, strength in zip(copy, masks, help_.strengths, strict=False):
        pixels = _blended(pixels, hex_rgb(help_.look.ground), mask, strength)
        shaded.append(replace(scrim, strength=round(strength, 3), color=color if strength else None))
    final = replace(layout, scrims=(*shaded, *(scrim for scrim in layout.scrims if scrim.name != "copy")))
    return pixels, in_look(final, help_.look, pixels, brand), help_.look.ground


def _worst(strengths: Sequence[float]) -> int:
    return max(range(len(strengths)), key=lambda index: strengths[index])


def _blended(pixels: Plane, ground: Plane, mask: Plane, strength: float) -> Plane:
    return pixels + (ground - pixels) * (mask * strength)[..., None] if strength else pixels


def _on_panel(pixels: Plane, layout: Layout, panel: Box) -> tuple[Plane, Layout, str]:
    """The page with a panel of the layout's ground, and the layout in its planned colours."""
    rows, columns = panel.pixels(pixels.shape[1], pixels.shape[0])
    pixels = pixels.copy()
    pixels[rows, columns] = hex_rgb(layout.ground)
    final = replace(layout, scrims=tuple(replace(scrim, strength=0.0) for scrim in layout.scrims))
    return pixels, with_panel(final, panel), layout.ground


def _shade_mark(pixels: Plane, layout: Layout, brand: Brand, ground: str) -> tuple[Plane, Layout]:
    """The page with the shade that its mark needs, and the layout with the colouring that needs least; the planned one unless it is far.

    The shade has the colour of `ground`, which helps the copy, where a colouring holds on that.
    """
    tried = []
    for index, colouring in enumerate(colourings(replace(layout, ground=ground), brand)):
        scrim = mark_scrim(layout, None if colouring.tint == ground else colouring.tint)
        mask = shape(scrim, layout)
        strength = colouring.strength(pixels, mask)
        tried.append((strength + (PLANNED if index else 0), index, colouring, scrim, mask, strength))
        if strength == 0:
            break
    _, _, chosen, scrim, mask, strength = min(tried, key=lambda entry: entry[:2])
    pixels = _blended(pixels, hex_rgb(chosen.tint), mask, strength)
    color = None if chosen.tint == layout.ground or not strength else chosen.tint
    scrims = (*(other for other in layout.scrims if other.name != "mark"), replace(scrim, strength=round(strength, 3), color=color))
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


def with_panel(layout: Layout, panel: Box) -> Layout:
    """`layout` with a panel of its ground over the picture, and the copy and mark in it standing on that."""
    slots = tuple(replace(slot, ground=layout.ground) if slot.ground is None and _holds(panel, slot.box) else slot for slot in layout.slots)
    mark = layout.mark
    if mark.ground is None and _holds(panel, mark.box):
        mark = replace(mark, ground=layout.ground)
    return replace(layout, slots=slots, mark=mark, panels=(("fallback", panel, layout.ground), *layout.panels))
